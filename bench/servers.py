"""Servers as processes of their own: started, asked, measured and ended."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

POLL_SECONDS: Final = 0.001
START_SECONDS: Final = 60
TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers. `started` are the seconds from its start to its first answer."""

    process: int
    port: int
    started: float

    def ask(self, target: str) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of one answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", target)
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    @property
    def megabytes(self) -> float:
        """Resident memory, of the process and of those that it has started."""
        return sum(map(_read_megabytes, _list_family(self.process)))

    @property
    def cpu_seconds(self) -> float:
        """CPU time so far, in user and system mode, of the process and of those that it has started."""
        return sum(map(_read_cpu_seconds, _list_family(self.process)))


def _list_family(process: int) -> list[int]:
    """The process and all that it has started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return [process, *(each for child in children for each in _list_family(int(child)))]


def _read_cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _read_megabytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmRSS:\s+([0-9]+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


@contextmanager
def serve_stub(first: str, *options: str, core: int | None = None) -> Iterator[Running]:
    """The stub with its defaults, quiet, started and asked for the target *first*."""
    port = _find_port()
    command = [sys.executable, "-m", "mockserver", "serve", "--quiet", "--port", str(port), *options]
    with _serve(command, port, first, b"", core) as running:
        yield running


@contextmanager
def serve_command(command: Sequence[str], first: str, core: int | None, folder: Path) -> Iterator[Running]:
    """Any server, started in a *folder*; `{port}` in its command is its port."""
    port = _find_port()
    with _serve([each.format(port=port) for each in command], port, first, b"", core, folder) as running:
        yield running


Answer = tuple[int, list[tuple[str, str]], bytes]
"""Status, headers and body."""


@contextmanager
def serve_bare(like: Answer, first: str, core: int | None) -> Iterator[Running]:
    """The bare Flask app, which sends the answer that it is *like*."""
    with _serve_like(like, first, core, "bench.bare") as running:
        yield running


@contextmanager
def serve_constant(like: Answer, first: str, core: int | None, server: str) -> Iterator[Running]:
    """A constant WSGI app on waitress or granian, which sends the answer that it is *like*."""
    with _serve_like(like, first, core, "bench.references", server) as running:
        yield running


@contextmanager
def _serve_like(like: Answer, first: str, core: int | None, *module: str) -> Iterator[Running]:
    status, headers, body = like
    left_out = ("content-length", "date", "server")
    own = [pair for pair in headers if pair[0].lower() not in left_out]
    answer = json.dumps({"status": status, "headers": own, "body": body.decode()}).encode()
    port = _find_port()
    with _serve([sys.executable, "-m", *module, str(port)], port, first, answer, core) as running:
        yield running


def run_python(arguments: Sequence[str], core: int | None = None) -> str:
    """What a Python process prints."""
    return subprocess.run(
        [*pin(core), sys.executable, *arguments], env=_environment(), check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def pin(core: int | None) -> list[str]:
    """The beginning of a command that keeps a process on one core; nothing where there is but one."""
    return [] if core is None else ["taskset", "-c", str(core)]


@contextmanager
def _serve(
    arguments: Sequence[str], port: int, first: str, given: bytes, core: int | None, folder: Path | None = None
) -> Iterator[Running]:
    started = perf_counter()
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    command = [*pin(core), *arguments]
    with subprocess.Popen(command, cwd=folder, env=_environment(), stdin=pipe, stdout=nowhere) as process:
        try:
            assert process.stdin is not None
            process.stdin.write(given)
            process.stdin.close()
            _wait_for_answer(Running(process.pid, port, 0), process, first)
            yield Running(process.pid, port, perf_counter() - started)
        finally:
            process.send_signal(signal.SIGTERM)


def _wait_for_answer(server: Running, process: subprocess.Popen[bytes], first: str) -> None:
    deadline = perf_counter() + START_SECONDS
    while perf_counter() < deadline and process.poll() is None:
        with suppress(ConnectionError):
            status, _, body = server.ask(first)
            if status != 200 or b'"CustomerId":' not in body:
                raise SystemExit(f"The first answer to {first} is {status} {body[:80]!r}. That is not a customer.")
            return
        sleep(POLL_SECONDS)
    raise SystemExit("A server that was started gives no answer. Run `mockserver serve` to see why.")


def _environment() -> dict[str, str]:
    """The environment without settings of the stub, and in which Python keeps compiled modules, as it usually does."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")}
    return {name: value for name, value in others.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
