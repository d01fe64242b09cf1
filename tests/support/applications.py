"""WSGI applications that tests of the server serve, their answers as bytes, and what a server holds meanwhile."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest

from mockserver.http.effects import CUT_KEY, CUTS
from mockserver.http.headers import Headers
from mockserver.server.serving import Server
from tests.support.serving import send, write_request
from tests.support.waiting import SECONDS, has_come

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BIG = b"x" * 8_000_000
"""A body that no buffer of a socket holds."""

HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"
"""A request that still lacks its last line."""

GET = write_request("/")
LAST = write_request("/", "Connection: close")


def answer(start_response: StartResponse, body: bytes = b"answered") -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


class Known(NamedTuple):
    """An answer that the server knows without the application."""

    body: tuple[bytes, ...] = (b"known",)
    status: str = "200 OK"

    @property
    def headers(self) -> Headers:
        return (("Content-Type", "text/plain"), ("Content-Length", str(sum(map(len, self.body)))))


def answered(body: bytes = b"answered", length: int | None = None, *, is_last: bool = False) -> bytes:
    """Return a good answer without its date; `length` is announced in place of that of the body."""
    close = "Connection: close\r\n" if is_last else ""
    length = len(body) if length is None else length
    return f"HTTP/1.1 200 OK\r\n{close}Content-Length: {length}\r\nContent-Type: text/plain\r\n\r\n".encode() + body


def refused(status: str, message: str, version: str = "1.1") -> bytes:
    """Return the error of the server itself, without its date."""
    body = json.dumps({"Message": message}, separators=(",", ":"))
    head = (
        f"HTTP/{version} {status}",
        "Connection: close",
        f"Content-Length: {len(body)}",
        "Content-Type: application/json; charset=utf-8",
        "X-Mock-Source: server",
    )
    return "\r\n".join((*head, "", body)).encode()


def plain(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return answer(start_response)


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the method and the target."""
    return answer(start_response, f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}".encode())


def cut_by_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the query, or with a big body under /big; cut as the path says."""
    name = environ["PATH_INFO"].removeprefix("/")
    if name in CUTS:
        environ[CUT_KEY](name)
    return answer(start_response, BIG if name == "big" else environ["QUERY_STRING"].encode())


class Gate:
    """An application whose requests wait at a gate, each with a cut under way if there is a `fault`."""

    def __init__(self, fault: str | None = None) -> None:
        self.fault = fault
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.fault is not None:
            environ[CUT_KEY](self.fault)
        self.entered.set()
        assert self.opened.wait(SECONDS)
        return answer(start_response)


class Pieces:
    """An application that sends bytes one by one with a pause after each; it notes when it is closed."""

    def __init__(self, length: int, pause: Callable[[], object]) -> None:
        self.length = length
        self.pause = pause
        self.given = 0
        self.closed = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(self.length))])
        return self

    def __iter__(self) -> Iterator[bytes]:
        while self.given < self.length:
            self.given += 1
            yield b"x"
            self.pause()

    def close(self) -> None:
        self.closed.set()


def is_idle(server: Server, connections: int = 0) -> bool:
    """Wait until the server holds so many connections and no others, and answers no request."""
    dispatcher = server._servers[0].task_dispatcher

    def is_left_alone() -> bool:
        send(server, LAST)  # The loop turns.
        sockets = len(server._sockets) - 2 * len(server._servers)  # One listens, one wakes the loop.
        return (len(server._list_channels()), sockets, dispatcher.active_count) == (connections, connections, 0)

    return has_come(is_left_alone)


def listen(caplog: pytest.LogCaptureFixture) -> None:
    """Capture the warnings of waitress, which a server silences when it is created."""
    for name in ("waitress", "mockserver"):
        caplog.set_level(logging.WARNING, name)


def list_messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged, but not that threads took long to end, which depends on the load of the machine."""
    return [each for each in caplog.messages if not each.endswith("thread(s) still running")]
