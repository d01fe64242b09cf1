"""Granian as the server: what is as with waitress, and what is not."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from mockserver import create_app
from mockserver.documents.problems import StartError
from mockserver.http.effects import WAIT_KEY
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES, Exchange
from mockserver.server.limits import Limits
from tests.support.applications import Known, answer, echo, plain
from tests.support.serving import ask, connect, hear, ipv6, is_refused, running, send, write_request
from tests.support.waiting import SECONDS

pytest.importorskip("granian")

from mockserver.server.fast_serving import FastServer, _Scheduler

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CLOSE = "Connection: close"


def receive(app: WSGIApplication, *requests: bytes, limits: Limits | None = None) -> tuple[bytes, bytes]:
    """Return the status line and the body of the answers over one connection."""
    with running(app, limits=limits, kind=FastServer) as server:
        head, _, body = send(server, *requests).partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body


def show(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with what the query names of the environment."""
    return answer(start_response, repr(environ.get(environ["QUERY_STRING"])).encode())


def read(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the length that is told, and the body."""
    return answer(start_response, environ.get("CONTENT_LENGTH", "").encode() + b":" + environ["wsgi.input"].read())


def fail(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    raise ValueError(environ["PATH_INFO"])


@pytest.mark.parametrize(
    ("method", "target", "told"),
    [
        ("GET", "/a%2Fb//%C3%A9;x?q=%2F", "GET /a%2Fb//%C3%A9;x?q=%2F"),
        ("get", "/", "get /"),
        ("OPTIONS", "*", "OPTIONS *"),
        ("GET", "/a?", "GET /a"),
        # What differs from waitress.
        ("GET", "http://h.example/a?b", "GET /a?b"),
        ("GET", "/a?b#c", "GET /a?b"),
    ],
)
def test_target_arrives_as_it_is(method: str, target: str, told: str) -> None:
    assert receive(echo, write_request(target, CLOSE, method=method)) == (b"HTTP/1.1 200 OK", told.encode())


@pytest.mark.parametrize(
    ("key", "fields", "value"),
    [
        ("PATH_INFO", (), "/a/b"),
        ("HTTP_HOST", (), "x"),
        ("SERVER_PROTOCOL", (), "HTTP/1.1"),
        ("HTTP_A", ("a: 1", "A: 2"), "1, 2"),
        ("HTTP_A", ("A: \xe9",), "\xe9"),
        ("HTTP_X_A", ("X_A: 1",), None),
        ("CONTENT_TYPE", ("Content-Type: text/json",), "text/json"),
        (HEADER_LINES, ("A: 1", "X_A: 2", "a: 3"), {"a": ("1", "3"), "x_a": ("2",)}),
        (HEADER_FIELDS, ("X-A: 1",), b"host: x\r\nconnection: close\r\nx-a: 1\r\n"),
        ("HTTP_SECRET", (), None),
        ("REMOTE_ADDR", (), "127.0.0.1"),
    ],
)
def test_environment_is_that_of_the_request(
    key: str, fields: tuple[str, ...], value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "HTTP_SECRET", "of the process")
    request = write_request(f"//a%2Fb?{key}", CLOSE, *fields).decode().encode("latin-1")

    assert receive(show, request)[1].decode() == repr(value)


@pytest.mark.parametrize(
    ("fields", "sent", "told"),
    [
        (("Content-Length: 4",), b"body", b"4:body"),
        (("Transfer-Encoding: chunked",), b"2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", b"4:body"),
        (("Content-Length: 0",), b"", b"0:"),
        ((), b"", b":"),
    ],
)
def test_body_arrives(fields: tuple[str, ...], sent: bytes, told: bytes) -> None:
    assert receive(read, write_request("/", CLOSE, *fields, method="POST"), sent) == (b"HTTP/1.1 200 OK", told)


LIMITS = Limits(max_target=40, max_headers=100, max_body=4)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (write_request("/" + "x" * 39, CLOSE), 200),
        (write_request("/" + "x" * 40, CLOSE), 414),
        (write_request("/", CLOSE, "A: " + "x" * 100), 431),
        (write_request("/", CLOSE, "Content-Length: 5", method="POST"), 413),
        (write_request("/", CLOSE, "Transfer-Encoding: chunked") + b"5\r\nabcde\r\n0\r\n\r\n", 413),
        (write_request("/", CLOSE, "Host: y"), 400),
        (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\n\r\n", 200),
    ],
)
def test_limits_are_kept(sent: bytes, status: int) -> None:
    line, body = receive(plain, sent, limits=LIMITS)

    assert line.split()[1] == str(status).encode()
    assert body.startswith(b"answered" if status == 200 else b'{"Message":"')


@pytest.mark.parametrize("sent", [b"G(T / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\0", b"GET / HTTP/9.9\r\n\r\n"])
def test_what_is_no_request_gets_an_empty_400(sent: bytes) -> None:
    assert receive(plain, sent) == (b"HTTP/1.1 400 Bad Request", b"")


def test_errors_of_the_application_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    def complain(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.errors"].write("odd\n")
        return answer(start_response)

    receive(complain, write_request("/", CLOSE))

    assert [(each.name, each.getMessage()) for each in caplog.records if each.name == "mockserver"] == [
        ("mockserver", "odd")
    ]


def test_refused_request_is_told() -> None:
    told: list[Exchange] = []

    with running(plain, limits=LIMITS, observe=told.append, kind=FastServer) as server:
        ask(server, "/" + "x" * 40)

    assert [(each.reply.status, each.request.method, each.request.header("host")) for each in told] == [
        (414, "GET", server.url.removeprefix("http://"))
    ]


def test_failing_application_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    line, body = receive(fail, write_request("/", CLOSE))

    assert (line, body) == (b"HTTP/1.1 500 Internal Server Error", b'{"Message":"An error has occurred."}')
    assert [each.message for each in caplog.records if each.name == "mockserver"] == ["The application failed."]


@pytest.mark.parametrize("method", ["HEAD", "hEAD"])
def test_head_is_head_in_any_letters(method: str) -> None:
    with running(create_app(), kind=FastServer) as server:
        assert ask(server, "/__mock/openapi.json", method=method).status == 200


def test_client_that_leaves_before_its_body_gets_nothing() -> None:
    asked: list[str] = []

    def note(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked.append(environ["PATH_INFO"])
        return answer(start_response)

    with running(note, kind=FastServer) as server:
        with closing(connect(server)) as connection:
            connection.sendall(write_request("/lost", "Content-Length: 4", method="POST") + b"bo")
        ask(server, "/other")

    assert asked == ["/other"]


def recall(environ: WSGIEnvironment) -> Known | None:
    """Know one path, but for the loop, which nobody should wake for that; note that the server has asked."""
    path = environ["PATH_INFO"]
    environ["test.asked"] = path
    if path == "/mistake":
        raise LookupError
    return Known() if path == "/known" and threading.current_thread().name != "loop" else None


def tell(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer what `recall` has noted in the environment."""
    return answer(start_response, environ.get("test.asked", "not asked").encode())


@pytest.fixture(scope="module")
def knowing() -> Iterator[FastServer]:
    with running(tell, kind=FastServer, recall=recall) as server:
        yield server


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (write_request("/known", CLOSE), b"known"),
        (write_request("/known") + write_request("/other", CLOSE), b"/other"),
        (write_request("/other") + write_request("/known", CLOSE), b"known"),
        (write_request("/mistake", CLOSE), b"not asked"),
        (write_request("/known", CLOSE, "Content-Length: 1", method="POST") + b"x", b"not asked"),
        (write_request("/known", CLOSE, "Host: y"), b'{"Message":"The request is malformed: Host is given twice."}'),
        (b"GET /known HTTP/1.0\r\n\r\n", b"known"),
    ],
)
def test_known_answer_does_not_ask_the_application(sent: bytes, body: bytes, knowing: FastServer) -> None:
    assert send(knowing, sent).rpartition(b"\r\n\r\n")[2] == body


@pytest.mark.parametrize("is_known", [True, False])
def test_request_after_the_end_of_the_loop_is_dropped(*, is_known: bool) -> None:
    gateway: Any = SimpleNamespace(recall=lambda _scope, _send: is_known)
    loop = asyncio.new_event_loop()
    loop.close()
    begun: list[object] = []
    watcher = SimpleNamespace(scope={}, proto=SimpleNamespace(send=None), taskref=begun.append)

    _Scheduler(loop, gateway, None, None, None)._take(watcher)

    assert begun == []


class Slow:
    """An application that sends half of its answer, waits long, and sends the rest."""

    def __init__(self) -> None:
        self.has_waited = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Length", "4")])
        yield b"ha"
        for seconds in (SECONDS, SECONDS) if environ["PATH_INFO"] == "/long" else (0.01, 0.01):
            environ[WAIT_KEY](seconds)
        self.has_waited.set()
        yield b"lf"


def test_what_was_made_before_a_wait_is_sent_then() -> None:
    slow = Slow()

    with running(slow, kind=FastServer, finish_seconds=0) as server, closing(connect(server)) as connection:
        connection.sendall(write_request("/long"))
        received = b""
        while not received.endswith(b"ha"):
            received += connection.recv(1000)
        assert not slow.has_waited.is_set()


def test_wait_ends_when_the_client_leaves() -> None:
    slow = Slow()

    with running(slow, kind=FastServer) as server:
        with closing(connect(server)) as connection:
            connection.sendall(write_request("/long"))
            connection.recv(1000)
        assert slow.has_waited.wait(SECONDS / 2)


def test_answer_that_waits_is_whole() -> None:
    assert receive(Slow(), write_request("/short", CLOSE)) == (b"HTTP/1.1 200 OK", b"half")


def test_requests_wait_side_by_side() -> None:
    both = threading.Barrier(2)

    def meet(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        both.wait(SECONDS)
        return answer(start_response)

    with running(meet, kind=FastServer) as server, closing(connect(server)) as first:
        first.sendall(write_request("/", CLOSE))
        assert ask(server, "/").status == 200
        assert hear(first).endswith(b"answered")


def test_open_request_is_finished_after_a_stop() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def hold(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun.set()
        may_end.wait(SECONDS)
        return answer(start_response)

    with running(hold, kind=FastServer, finish_seconds=SECONDS) as server, closing(connect(server)) as connection:
        connection.sendall(write_request("/", CLOSE))
        begun.wait(SECONDS)
        server.stop()
        assert is_refused(server)
        may_end.set()
        assert hear(connection).endswith(b"answered")
        assert server.is_stopping


def test_stop_before_the_run_ends_it() -> None:
    server = FastServer(plain)
    server.stop()

    server.run()

    assert is_refused(server)


@ipv6
def test_localhost_is_served_on_both_addresses() -> None:
    with running(plain, "localhost", kind=FastServer) as server:
        port = int(server.url.rpartition(":")[2])
        for host in ("127.0.0.1", "::1"):
            with socket.create_connection((host, port), SECONDS) as connection:
                connection.sendall(write_request("/", CLOSE))
                assert hear(connection).endswith(b"answered")


def test_taken_port_is_an_error() -> None:
    with running(plain, kind=FastServer) as server:
        port = int(server.url.rpartition(":")[2])
        with pytest.raises(StartError, match=f"Port {port} of 127.0.0.1 is taken."):
            FastServer(plain, port=port)


@pytest.mark.parametrize("fault", ["reset", "empty", "close-mid-body"])
def test_cut_is_a_501(fault: str) -> None:
    with running(create_app(), kind=FastServer) as server:
        got = ask(server, f"/API/Customers/7?__fault={fault}")

    message = (
        f"The fault {fault} cuts the connection, which this server cannot do. Use mockserver serve --server waitress."
    )
    assert (got.status, got.read()) == (501, {"Message": message})


def test_sessions_are_kept_apart() -> None:
    with running(create_app(), kind=FastServer) as server:
        put = ask(server, "/__mock/defaults", {"X-Mock-Session": "a"}, "PUT", {"code": 404})
        statuses = [ask(server, "/API/Customers/7", {"X-Mock-Session": name}).status for name in ("a", "b")]

    assert (put.status, statuses) == (200, [404, 200])
