"""What a server takes: the largest requests, and how many at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from tests.support.applications import GET, HALF, LAST, answer, answered, echo, plain
from tests.support.serving import connect, hear, running, send, write_request
from tests.support.waiting import SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(echo, limits=Limits(max_target=40, max_headers=100, max_body=40)) as server:
        yield server


def post(*fields: str, body: bytes = b"") -> bytes:
    return write_request("/", "Connection: close", *fields, method="POST") + body


def chunk(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (write_request("/" + "x" * 39, "Connection: close"), 200),
        (write_request("/" + "x" * 40, "Connection: close"), 414),
        (write_request("/", "Connection: close", "A: " + "x" * 69), 200),
        (write_request("/", "Connection: close", "A: " + "x" * 70), 431),
        (write_request("/", "Connection: close", method="x" * 2000), 431),
        (post("Content-Length: 40", body=b"x" * 40), 200),
        (post("Content-Length: 41"), 413),
        (post("Content-Length: 41", body=b"x" * 41), 413),
        (post("Content-Length: 41", "Expect: 100-continue"), 413),
        (post("Content-Length: 99999999"), 413),
        (post(CHUNKED, body=chunk(b"x" * 20)), 200),
        (post(CHUNKED, body=b"29\r\n" + b"x" * 41), 413),
    ],
)
def test_longer_request_is_refused(sent: bytes, status: int, server: Server) -> None:
    assert send(server, sent).partition(b"\r\n")[0].split()[1] == str(status).encode()


def test_defaults_suit_browsers_and_the_system() -> None:
    assert Limits() == Limits(128, 1000 if os.name == "posix" else 500, 2**13, 2**16, 2**20)


def test_idle_and_half_sent_connections_leave_room() -> None:
    with running(plain) as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(server))) for _ in range(200)]
        for connection in connections[:50]:
            connection.sendall(HALF)

        assert send(server, LAST) == answered(is_last=True)
        for connection in connections[50:]:
            connection.sendall(HALF)
        for connection in connections:
            connection.sendall(b"Connection: close\r\n\r\n")
        assert [hear(each) for each in connections] == [answered(is_last=True)] * 200


def test_hundred_waiting_requests_leave_room() -> None:
    meeting = threading.Barrier(101, timeout=SECONDS)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/wait":
            meeting.wait()
        return answer(start_response)

    with running(app) as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(server))) for _ in range(100)]
        for connection in connections:
            connection.sendall(write_request("/wait", "Connection: close"))
        other = send(server, LAST)
        meeting.wait()

        assert [other, *map(hear, connections)] == [answered(is_last=True)] * 101


def test_connection_beyond_the_limit_waits() -> None:
    with running(plain, limits=Limits(threads=1, connections=2)) as server, ExitStack() as stack:
        first, second, third = (stack.enter_context(closing(connect(server))) for _ in range(3))
        for connection in (first, second):
            connection.sendall(GET)
            connection.recv(1)
        third.sendall(LAST)
        third.settimeout(0.2)
        with pytest.raises(TimeoutError):
            third.recv(1)
        first.close()
        third.settimeout(SECONDS)

        assert hear(third) == answered(is_last=True)
