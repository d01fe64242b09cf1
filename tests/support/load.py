"""Many clients at once against `mockserver serve` in a process of its own, each answer held against the right one."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from flask.testing import FlaskClient

from mockserver import create_app

SECONDS = 60.0
"""What a start or an answer may take at the most."""

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MOCKSERVER_")}

KNOWN = (
    "/API/Customers/100200300?idType=1",
    "/Customers/100200303",
    "/API/Customers/not-found",
    "/API/Customers/server-error",
    "/Customers/7?idType=abc",
    "/Customers/7?idType=",
    "/Nowhere/1",
    "/__mock/health",
)
"""Targets whose answer is always at hand: fixtures and errors."""


@dataclass(frozen=True)
class Answer:
    """What is compared."""

    status: int
    content_type: str | None
    source: str | None
    body: bytes


@dataclass(frozen=True)
class Served:
    """A running `mockserver serve`."""

    process: int
    url: str

    def measure_memory(self) -> int | None:
        """The bytes of it that are in memory (RSS); None where there is no /proc."""
        path = Path(f"/proc/{self.process}/statm")
        return int(path.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if path.exists() else None


def list_targets(start: int, stop: int) -> list[str]:
    """A mix: of four targets one is at hand, one is generated and was asked before, two are ever new."""
    kinds = (
        lambda number: KNOWN[number // 4 % len(KNOWN)],
        lambda number: f"/API/Customers/again-{number // 4 % 40}",
        lambda number: f"/API/Customers/new-{number}?idType=2",
        lambda number: f"/Customers/new-{number}?idTypeExtRef=ref-{number}",
    )
    return [kinds[number % 4](number) for number in range(start, stop)]


@contextmanager
def serve() -> Iterator[Served]:
    """Serve the shipped fixtures, and wait for the line with the URL."""
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Served(process.pid, process.stdout.readline().split()[-1])
        finally:
            process.terminate()


def find_wrong_answers(url: str, targets: Sequence[str], connections: int) -> list[str]:
    """Ask for *targets* over so many *connections* at once, and list those whose answer is not the right one."""
    start = threading.Barrier(connections, timeout=SECONDS)
    shares = [targets[number::connections] for number in range(connections)]
    client = create_app().test_client()
    with ThreadPoolExecutor(connections) as pool:
        given = list(pool.map(lambda share: _ask(url, share, start), shares))
    return [
        f"{target}: {answer}"
        for share, answers in zip(shares, given, strict=True)
        for target, answer in zip(share, answers, strict=True)
        if answer != expect(client, url, target)
    ]


def _ask(url: str, targets: Sequence[str], start: threading.Barrier) -> list[Answer | str]:
    """The answer to each of *targets*, one after the other over one connection; or the error."""
    answers: list[Answer | str] = []
    with closing(HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)) as connection:
        connection.connect()
        start.wait()
        for target in targets:
            try:
                connection.request("GET", target)
                got = connection.getresponse()
                given = (got.status, got.getheader("Content-Type"), got.getheader("X-Mock-Source"), got.read())
                answers.append(Answer(*given))
            except OSError as error:
                answers.append(repr(error))
    return answers


def expect(client: FlaskClient, url: str, target: str) -> Answer:
    """The answer of an application in this process."""
    response = client.get(target, base_url=url)
    headers = response.headers
    return Answer(response.status_code, headers.get("Content-Type"), headers.get("X-Mock-Source"), response.data)
