"""What all code of a process shares, and a stub that is used from several threads without changing any of it.

`python -m tests.support.process_state FOLDER` prints what is changed, in a process of its own: Faker and other parts
are imported late, and whatever their import changes counts.
"""

from __future__ import annotations

import decimal
import gc
import locale
import logging
import os
import random
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from flask import Flask

from mockserver import create_app
from mockserver.stub.current import Current

_THREADS: Final = 6
_ROUNDS: Final = 2

RECORDS: Final = "schema: Customer\nrecords:\n" + "".join(f"  - {{PersonalId: 'r{n}', Notes: x}}\n" for n in range(50))
ANSWER: Final = (
    '{{"name": "{0}", "operation": "getCustomer", "when": {{"id": {{"matches": "{0}[a-z]++"}}}}, "reply": {1}}}'
)


def take_state() -> Mapping[str, object]:
    """Return what the whole process shares, by name."""
    context, faker = decimal.getcontext(), sys.modules.get("faker.generator")
    return {
        **({} if faker is None else {"random numbers of Faker": faker.random.getstate()}),
        "filters of warnings": [*warnings.filters],
        "how warnings are shown": warnings.showwarning,
        "locale": locale.setlocale(locale.LC_ALL),
        "random numbers": random.getstate(),
        "recursion limit": sys.getrecursionlimit(),
        "digits of integers": sys.get_int_max_str_digits(),
        "switch interval": sys.getswitchinterval(),
        "hooks": (sys.excepthook, sys.unraisablehook, threading.excepthook, sys.gettrace(), sys.getprofile()),
        "streams": (sys.stdin, sys.stdout, sys.stderr),
        "handlers of signals": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "logging": {name: _describe(logging.getLogger(name)) for name in ("", "mockserver", "waitress", "werkzeug")},
        "logging as a whole": (logging.root.manager.disable, logging.getLoggerClass(), logging.raiseExceptions),
        "environment": dict(os.environ),
        "working folder": os.getcwd(),  # noqa: PTH109 - what others would see
        "path of modules": [*sys.path],
        "timeout of sockets": socket.getdefaulttimeout(),
        "decimal context": (str(context), str(decimal.DefaultContext)),
        "garbage collector": (
            gc.isenabled(),
            gc.get_threshold(),
            gc.get_debug(),
            gc.get_freeze_count(),
            [*gc.callbacks],
        ),
        "stack of threads": threading.stack_size(),
        "time zone": (time.tzname, time.timezone),
    }


def _describe(logger: logging.Logger) -> object:
    return logger.level, logger.propagate, logger.disabled, [*logger.handlers], [*logger.filters]


def list_changes(before: Mapping[str, object]) -> list[str]:
    """Return the names of what has changed since."""
    after = take_state()
    return [name for name in before if before[name] != after[name]]


def use_stub(folder: Path) -> list[str]:
    """Make a stub, use and reload it from several threads, and return what was ever seen to be changed."""
    fixtures = folder / "fixtures"
    fixtures.mkdir()
    (fixtures / "a.yaml").write_text(RECORDS, encoding="utf-8")
    before = take_state()
    app = create_app(fixtures=fixtures)
    app.test_client().get("/API/Customers/generated")
    found = list_changes(before)
    before = take_state()
    with ThreadPoolExecutor(_THREADS) as pool:
        users = [pool.submit(_use, app, str(number), fixtures) for number in range(_THREADS)]
        while not all(each.done() for each in users):
            found += list_changes(before)
        found += [name for each in users for name in each.result()]
    return sorted({*found, *list_changes(before)})


def _use(app: Flask, name: str, fixtures: Path) -> list[str]:
    before = take_state()
    client, current = app.test_client(), app.extensions["mockserver"]
    assert isinstance(current, Current)
    own = {"X-Mock-Session": name}
    for number in range(_ROUNDS):
        statuses = [
            client.post("/__mock/answers", data=ANSWER.format(f"a{number}", '{"body": {"x": 1.10}}'), headers=own),
            client.post("/__mock/answers", data=ANSWER.format("b", '{"status": 503}'), headers=own),
            client.post("/__mock/answers", data="when: {id: {matches: '[[a-z]'}}", headers=own),
            client.put("/__mock/defaults", data='{"seed": 1.10}', headers=own),
            client.get("/API/Customers/bxyz", headers=own),
            client.get(f"/API/Customers/{name}{number}"),
            client.get(f"/API/Customers/r{number}?__edge=html"),
            client.get("/API/Customers/1?idType=x"),
            client.get("/__mock/"),
            client.get("/__mock/openapi.yaml"),
            client.post("/__mock/reset", headers=own),
        ]
        seen = [each.status_code for each in statuses]
        assert seen == [400, 201, 400, 200, 503, 200, 200, 400, 200, 200, 204], seen
        (fixtures / f"{name}.yaml").write_text(RECORDS.replace("'r", f"'{name}-{number}-"), encoding="utf-8")
        current.reload()
    return list_changes(before)


if __name__ == "__main__":
    sys.stdout.write(f"{use_stub(Path(sys.argv[1]))}\n")
