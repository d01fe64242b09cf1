"""Another process: a stub of the same settings in a Python that orders its sets otherwise, to be compared with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from mockserver.documents.problems import StartError
from mockserver.http.messages import Request
from mockserver.testing.transports import WsgiTransport
from mockserver.web.app import create_app

if TYPE_CHECKING:
    from mockserver.selftest.cases import Answers


def ask_other_process(settings: Mapping[str, Any], requests: Sequence[Request], hash_seed: int) -> Answers:
    """Return the answers of a stub in a new process with this `PYTHONHASHSEED`.

    Raises:
        StartError: The process fails.
    """
    sent = [[each.method, each.target, dict(each.headers)] for each in requests]
    done = subprocess.run(  # noqa: S603 - this module, with no arguments of others
        [sys.executable, "-m", __name__],
        input=json.dumps({"settings": dict(settings), "requests": sent}),
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason is given"])[-1]
        raise StartError(f"Another process of Python cannot serve these settings: {last}.")
    return cast("Answers", json.loads(done.stdout))


def answer_all(given: Mapping[str, Any]) -> Answers:
    """Return the answers of a stub with the `settings` to the `requests`, in their order."""
    transport = WsgiTransport(create_app(**given["settings"]))
    answers = (transport.send(method, target, headers, b"") for method, target, headers in given["requests"])
    return [[each.status, [list(pair) for pair in each.headers], each.body.hex()] for each in answers]


if __name__ == "__main__":
    json.dump(answer_all(json.load(sys.stdin)), sys.stdout)
