"""The command in a process of its own, where its signals and streams are real, and in this one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from inspect import signature
from pathlib import Path
from time import monotonic
from typing import Any

from click.testing import CliRunner

from mockserver.commands.main import main

SECONDS = 60.0
"""What a test waits for at the most."""

COMMAND = (sys.executable, "-m", "mockserver")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "PYTHON"))}


def with_hangup(handler: str) -> tuple[str, ...]:
    """Return the command with SIG_DFL or SIG_IGN for SIGHUP: whoever runs the tests may have said `nohup`."""
    handle = f"signal.signal(signal.SIGHUP, signal.{handler})"
    return (sys.executable, "-c", f"import os, signal, sys; {handle}; os.execv(sys.argv[1], sys.argv[1:])", *COMMAND)


def connect(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def is_refused(url: str) -> bool:
    """Wait until the server takes no new connections, which is when it has begun to end."""
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        try:
            connect(url).close()
        except OSError:
            return True
    return False


@dataclass
class Serving:
    """A running `mockserver serve`, from the line with its URL on."""

    process: subprocess.Popen[str]
    start: str

    @property
    def url(self) -> str:
        return self.start.split()[-1]

    def get(self, target: str) -> tuple[int, str]:
        """Status and X-Mock-Source of the answer."""
        with closing(HTTPConnection(self.url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request("GET", target)
            answer = client.getresponse()
            answer.read()
            return answer.status, answer.headers["X-Mock-Source"] or ""

    def connect(self) -> socket.socket:
        return connect(self.url)

    def is_refused(self) -> bool:
        return is_refused(self.url)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, and what it wrote after the first line and to standard error."""
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str, str]:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        code = self.process.wait(SECONDS)
        return code, self.process.stdout.read(), self.process.stderr.read()


Serve = Callable[..., Serving]


def run(*arguments: str, folder: Path, command: tuple[str, ...] = COMMAND) -> tuple[int, str, str]:
    """Run the command to its end in a process of its own: exit code, output, errors."""
    done = subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )
    return done.returncode, done.stdout, done.stderr


# Click before 8.2 mixes the two streams unless it is told not to.
SEPARATE: dict[str, Any] = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}


def invoke(*arguments: str, **variables: str) -> tuple[int, str, str]:
    """Run the command to its end in this process."""
    result = CliRunner(**SEPARATE).invoke(main, list(arguments), env={"MOCKSERVER_PORT": "0", **variables})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr
