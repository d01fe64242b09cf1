"""Connections: clients that pipeline, shut down or leave, and answers that are cut or come in pieces."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from waitress.parser import HTTPRequestParser

from mockserver.http.effects import CUT_KEY, CUTS, WAIT_KEY
from mockserver.server.channel import Channel
from mockserver.server.kept_heads import KeptHeads
from mockserver.server.limits import LINGER_BYTES, Limits
from mockserver.server.refusals import Refuser
from mockserver.server.serving import Server
from tests.support.applications import (
    BIG,
    GET,
    HALF,
    LAST,
    Gate,
    Pieces,
    answer,
    answered,
    cut_by_path,
    echo,
    is_idle,
    list_messages,
    listen,
    plain,
    refused,
)
from tests.support.serving import connect, hear, is_refused, running, send, write_request
from tests.support.waiting import SECONDS, has_come

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
TOO_LONG = POST + b"Content-Length: 9000000\r\n\r\n"

LEAVING = [b"\0\0\0\0\0\0\0\0", b"\x01\0\0\0\0\0\0\0"]
"""How a client leaves, as the value of SO_LINGER: by a close in good order, or by a reset."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(echo, limits=Limits(max_body=40)) as server:
        yield server


@pytest.fixture(scope="module")
def cutting() -> Iterator[Server]:
    with running(cut_by_path) as server:
        yield server


def leave(connection: socket.socket, linger: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


# Several requests


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    requests = [write_request(f"/{number}") + b"\r\n" * (number % 3) for number in range(999)]
    bodies = (HALF + b"Content-Length: 4\r\n\r\nbody", HALF + b"Expect: 100-continue\r\n\r\n")

    received = send(server, *requests, *bodies, LAST)

    expected = b"".join(answered(f"GET /{number}".encode()) for number in range(999))
    assert received == expected + answered(b"GET /") * 2 + answered(b"GET /", is_last=True)


def test_announced_body_is_asked_for(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(POST + b"Content-Length: 4\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n")
        asked = connection.recv(25)
        connection.sendall(b"body")

        assert asked + hear(connection) == b"HTTP/1.1 100 Continue\r\n\r\n" + answered(b"POST /", is_last=True)


# Clients that send no more


def send_and_shut(server: Server, sent: bytes) -> bytes:
    with closing(connect(server)) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return hear(connection)


@pytest.mark.parametrize(("requests", "rest"), [(1, b""), (2, b""), (300, b""), (0, HALF), (1, HALF)])
def test_client_that_sends_no_more_gets_its_answers(requests: int, rest: bytes, server: Server) -> None:
    for _ in range(20):
        assert send_and_shut(server, GET * requests + rest) == answered(b"GET /") * requests


def test_client_that_shuts_meanwhile_gets_its_answer() -> None:
    gate = Gate()

    with running(gate) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        assert gate.entered.wait(SECONDS)
        connection.shutdown(socket.SHUT_WR)
        assert send_and_shut(server, b"") == b""  # The loop has turned: it could have seen both ends.
        gate.opened.set()

        assert hear(connection) == answered()


# Waits


class Waiting:
    """An application that waits before each answer, and notes when a wait begins and ends."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.begun = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.begun.release()
        environ[WAIT_KEY](self.seconds)
        self.ended.release()
        return answer(start_response)


@pytest.mark.parametrize("meanwhile", [b"", GET, GET * 3, HALF, GET + HALF, POST + b"Content-Length: 4\r\n\r\nbo"])
@pytest.mark.parametrize("is_shut_before", [False, True])
def test_wait_ends_where_the_client_sends_no_more(is_shut_before: bool, meanwhile: bytes) -> None:
    app = Waiting()

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        if not is_shut_before:
            assert app.begun.acquire(timeout=SECONDS)
        connection.sendall(meanwhile)
        connection.shutdown(socket.SHUT_WR)

        assert hear(connection) == answered() * (1 + meanwhile.count(GET))


@pytest.mark.parametrize("linger", LEAVING)
def test_wait_ends_where_the_client_leaves(linger: bytes, caplog: pytest.LogCaptureFixture) -> None:
    app = Waiting()

    with running(app) as server:
        listen(caplog)
        connection = connect(server)
        connection.sendall(GET)
        assert app.begun.acquire(timeout=SECONDS)
        leave(connection, linger)

        assert app.ended.acquire(timeout=SECONDS / 2)
        assert has_come(lambda: not server._servers[0].active_channels)

    assert list_messages(caplog) == []


def test_connection_outlives_a_read_of_nothing() -> None:
    here, there = socket.socketpair()
    with closing(there), running(plain) as server:
        refuser = Refuser(server.url, None, shares=False)
        channel = Channel(
            Limits(), refuser, KeptHeads(), server._servers[0], here, ("", 0), server._servers[0].adj, map={}
        )
        channel.requests = [HTTPRequestParser(server._servers[0].adj)]

        channel.handle_read()
        outlives = channel.connected
        there.close()
        channel.handle_read()
        channel.abort()
        begun = monotonic()
        channel.wait(SECONDS)

    assert outlives
    assert monotonic() - begun < SECONDS / 2


@pytest.mark.parametrize("more", [0, 1, 40])
def test_connected_client_waits_the_given_time(more: int) -> None:
    app = Waiting(0.02)

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        assert app.begun.acquire(timeout=SECONDS)
        begun = monotonic()
        connection.sendall(GET * more + LAST)
        received = hear(connection)
        lasted = monotonic() - begun

    assert received == answered() * (1 + more) + answered(is_last=True)
    assert lasted >= 0.02 * (1 + more)


# Refused clients


def test_refused_client_that_goes_on_sending_reads_why(server: Server) -> None:
    assert b"The body is longer than 40 bytes." in send(server, TOO_LONG, b"x" * 9_000_000)


def test_refused_client_that_never_stops_is_cut_off(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(TOO_LONG)
        hear(connection)
        with pytest.raises(ConnectionError):
            connection.sendall(b"x" * LINGER_BYTES * 2)


def test_refused_clients_that_leave_harm_nobody(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    for linger in LEAVING * 25:
        connection = connect(server)
        connection.sendall(b"?\r\n\r\n" + b"x" * 100_000)
        leave(connection, linger)

    assert send(server, LAST) == answered(b"GET /", is_last=True)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("sent", [b"?\r\n\r\n", *(write_request(f"/{name}") for name in CUTS)])
def test_lingering_client_does_not_hold_up_the_end(sent: bytes) -> None:
    with running(cut_by_path, finish_seconds=2 * SECONDS) as server, closing(connect(server)) as connection:
        connection.sendall(sent + HALF)
        hear(connection)

        server.stop()

        assert has_come(lambda: not server._sockets)


def test_client_that_leaves_harms_nobody(cutting: Server, capfd: pytest.CaptureFixture[str]) -> None:
    connection = connect(cutting)
    connection.sendall(write_request("/big"))
    connection.recv(1)
    leave(connection, LEAVING[1])

    assert send(cutting, write_request("/big", "Connection: close")) == answered(BIG, is_last=True)
    assert capfd.readouterr() == ("", "")


# Cut answers


@pytest.mark.parametrize(
    ("target", "received"),
    [
        ("/reset?12345", b"reset"),
        ("/reset", b"reset"),
        ("/empty?12345", b""),
        ("/empty", b""),
        ("/close-mid-body?12345", answered(b"12", 5)),
        ("/close-mid-body?1234", answered(b"12", 4)),
        ("/close-mid-body?12", answered(b"1", 2)),
        ("/close-mid-body?1", answered(b"", 1)),
        ("/close-mid-body", answered(b"")),
    ],
)
def test_answer_is_cut_as_the_application_asks(
    target: str, received: bytes, cutting: Server, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)

    assert send(cutting, write_request(target)) == received
    assert is_idle(cutting)
    assert list_messages(caplog) == []


def test_nothing_comes_before_a_reset(cutting: Server) -> None:
    with closing(connect(cutting)) as connection:
        connection.sendall(write_request("/reset?12345"))

        with pytest.raises(ConnectionResetError):
            connection.recv(1)


@pytest.mark.parametrize(
    ("before", "version", "field"),
    [(3, "1.1", "A: b"), (3, "1.0", "Connection: keep-alive"), (0, "1.1", "Connection: close"), (0, "1.0", "A: b")],
)
@pytest.mark.parametrize(("name", "end"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", b"12")])
def test_answers_before_a_cut_are_whole(
    name: str, end: bytes, before: int, version: str, field: str, cutting: Server
) -> None:
    bodies = []

    with closing(connect(cutting)) as connection:
        for _ in range(before):
            connection.sendall(write_request("/?before", field, version=version))
            response = HTTPResponse(connection)
            response.begin()
            bodies.append(response.read())
        connection.sendall(write_request(f"/{name}?12345", field, version=version))
        bodies.append(hear(connection).rpartition(b"\r\n\r\n")[2])

    assert bodies == [b"before"] * before + [end]


@pytest.mark.parametrize("behind", [1, 999])
@pytest.mark.parametrize(
    ("name", "received"),
    [("reset", b"reset"), ("empty", answered(b"")), ("close-mid-body", answered(b"") + answered(b"12", 5))],
)
def test_requests_after_a_cut_are_dropped(name: str, received: bytes, behind: int) -> None:
    seen: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        return cut_by_path(environ, start_response)

    with running(app) as server:
        requests = (write_request("/before"), write_request(f"/{name}?12345"), write_request("/behind") * behind)
        assert send(server, *requests) == received
        assert is_idle(server)

    assert seen[:2] == ["/before", f"/{name}"]
    assert "/behind" not in seen


@pytest.mark.parametrize(("name", "rest"), [("empty", b""), ("close-mid-body", answered(b"12", 5))])
def test_answer_in_flight_arrives_before_a_cut(name: str, rest: bytes) -> None:
    is_cut = threading.Event()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/big":
            is_cut.set()
        return cut_by_path(environ, start_response)

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(write_request("/big") + write_request(f"/{name}?12345"))
        assert is_cut.wait(SECONDS)

        assert hear(connection) == answered(BIG) + rest


def giving(*pieces: bytes | Exception, length: int = 8) -> WSGIApplication:
    """An application that sends these pieces, or raises, of a body with this length."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(length))])
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    return app


def give_file(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    answer(start_response)
    wrap: Callable[[BytesIO], Iterable[bytes]] = environ.get("wsgi.file_wrapper", iter)
    return wrap(BytesIO(b"answered"))


def call_write(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "8")])(b"answered")
    return []


FAILED = refused("500 Internal Server Error", "An error has occurred.")


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize(
    ("app", "method", "half", "logged"),
    [
        (plain, "GET", answered(b"answ", 8), 0),
        (giving(b"a", b"", b"ns", b"we", b"r", b"ed"), "GET", answered(b"answ", 8), 0),
        (giving(BIG, length=len(BIG)), "GET", answered(BIG[: len(BIG) // 2], len(BIG)), 0),
        (give_file, "GET", answered(b"answ", 8), 0),
        (call_write, "GET", answered(b"answ", 8), 0),
        (giving(), "HEAD", answered(b"", 8), 0),
        (giving(ValueError("odd")), "GET", FAILED[:-18], 1),
        (giving(b"1", ValueError("odd")), "GET", answered(b"1", 8), 1),
    ],
)
def test_answer_is_cut_however_it_is_given(
    app: WSGIApplication, method: str, half: bytes, logged: int, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    def cut(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[CUT_KEY](name)
        return app(environ, start_response)

    with running(cut) as server:
        listen(caplog)
        received = send(server, write_request("/", method=method))

    assert received == {"reset": b"reset", "empty": b"", "close-mid-body": half}[name]
    assert list_messages(caplog) == ["Exception while serving /"] * logged


def test_cut_may_come_with_the_head() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        yield from answer(lambda *head: [environ[CUT_KEY]("close-mid-body"), start_response(*head)][1])

    with running(app) as server:
        assert send(server, GET) == answered(b"answ", 8)


def test_unknown_cut_raises_and_cuts_nothing() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with pytest.raises(ValueError, match="does not name") as caught:
            environ[CUT_KEY]("close")
        return answer(start_response, str(caught.value).encode())

    text = b"'close' does not name a way to cut a connection. Use one of reset, empty, close-mid-body."
    with running(app) as server:
        assert send(server, GET, LAST) == answered(text) + answered(text, is_last=True)


@pytest.mark.parametrize("name", CUTS)
def test_nothing_is_left_of_cut_connections(name: str, cutting: Server, caplog: pytest.LogCaptureFixture) -> None:
    def count_files() -> int:
        return len(list(Path("/dev/fd").iterdir())) if os.name == "posix" else 0

    listen(caplog)
    with closing(connect(cutting)) as other:
        other.sendall(write_request("/big"))
        response = HTTPResponse(other)
        response.begin()
        assert is_idle(cutting, connections=1)
        before = count_files()
        for _ in range(50):
            send(cutting, write_request("/?before"), write_request(f"/{name}?12345"), write_request("/?behind"))

        assert response.read() == BIG
        assert is_idle(cutting, connections=1)
        assert count_files() <= before

    assert list_messages(caplog) == []


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize("linger", LEAVING)
def test_cut_of_a_client_that_left_harms_nobody(linger: bytes, name: str, caplog: pytest.LogCaptureFixture) -> None:
    gate = Gate(name)

    with running(gate) as server:
        listen(caplog)
        connection = connect(server)
        connection.sendall(GET)
        assert gate.entered.wait(SECONDS)
        leave(connection, linger)
        gate.opened.set()

        assert is_idle(server)

    assert list_messages(caplog) == []


@pytest.mark.parametrize(
    ("name", "finish_seconds", "received"),
    [
        *(("reset", seconds, b"reset") for seconds in (0, SECONDS)),
        *(("empty", seconds, b"") for seconds in (0, SECONDS)),
        ("close-mid-body", 0, b""),
        ("close-mid-body", SECONDS, answered(b"answ", 8)),
    ],
)
def test_cut_under_way_is_made_at_the_end(name: str, finish_seconds: float, received: bytes) -> None:
    gate = Gate(name)

    with running(gate, finish_seconds=finish_seconds) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        assert gate.entered.wait(SECONDS)
        server.stop()
        assert is_refused(server)
        if finish_seconds:
            gate.opened.set()
        got = hear(connection)
        gate.opened.set()

    assert got == received


# Answers in pieces


def test_every_piece_is_sent_at_once() -> None:
    taken = threading.Semaphore(0)
    app = Pieces(5, lambda: taken.acquire(timeout=SECONDS))
    given = []

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        response = HTTPResponse(connection)
        response.begin()
        for _ in range(5):
            response.read(1)
            given.append(app.given)
            taken.release()
        assert app.closed.wait(SECONDS)

    assert given == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("linger", [*LEAVING, None])
def test_client_or_server_that_leaves_ends_the_pieces(linger: bytes | None, caplog: pytest.LogCaptureFixture) -> None:
    is_over = threading.Event()
    app = Pieces(1_000_000, lambda: is_over.wait(0.01))

    with running(app, finish_seconds=0) as server:
        listen(caplog)
        connection = connect(server)
        connection.sendall(GET)
        connection.recv(1)
        if linger is None:
            server.stop()
        else:
            leave(connection, linger)
        is_closed = app.closed.wait(SECONDS)
        is_over.set()
        connection.close()

    assert (is_closed, app.given < app.length) == (True, True)
    assert list_messages(caplog) == []
