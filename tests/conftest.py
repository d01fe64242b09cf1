"""What tests of several modules start from: the stub as it is shipped, a folder to write files into, the command."""

import logging
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import dedent

import pytest
from flask.testing import FlaskClient

from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.process import COMMAND, ENVIRONMENT, SECONDS, Serve, Serving


@pytest.fixture(scope="session")
def client() -> FlaskClient:
    """A client of the stub with all its defaults."""
    return create_app().test_client()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, text: str) -> Path:
        file = tmp_path / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text), encoding="utf-8")
        return tmp_path / "files"

    return write_file


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts the command in an empty folder, on a port of its own, and gives it back once it shows its URL."""
    if os.name == "nt":
        pytest.skip("Windows ends other processes without a signal")
    with ExitStack() as stack:

        def start(*options: str, command: tuple[str, ...] = COMMAND, **variables: str) -> Serving:
            process = subprocess.Popen(
                [*command, "serve", *options],
                cwd=tmp_path,
                # At one address, so that nothing depends on whether the machine has IPv6.
                env={**ENVIRONMENT, "MOCKSERVER_HOST": "127.0.0.1", "MOCKSERVER_PORT": "0", **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding=variables.get("PYTHONIOENCODING", "utf-8"),
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            watch = threading.Timer(SECONDS, process.kill)
            stack.callback(watch.cancel)
            watch.start()
            assert process.stdout is not None
            return Serving(process, process.stdout.readline())

        yield start


ENDS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@pytest.fixture
def handlers_of_before() -> Iterator[None]:
    """The command, run in this process, sets handlers of signals and loggers: they are put back."""
    signals = {number: signal.getsignal(number) for number in ENDS}
    loggers = {name: list(logging.getLogger(name).handlers) for name in ("mockserver", "waitress", "_granian")}
    yield
    for number, handler in signals.items():
        signal.signal(number, handler)
    for name, handlers in loggers.items():
        logging.getLogger(name).handlers[:] = handlers


class _ListHandler(logging.Handler):
    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__()
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What the stub logs, wherever a command line has sent it to."""
    records: list[logging.LogRecord] = []
    handler = _ListHandler(records)
    logger = logging.getLogger("mockserver")
    logger.addHandler(handler)
    yield records
    logger.removeHandler(handler)
