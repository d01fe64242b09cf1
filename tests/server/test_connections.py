"""Rough clients, over raw sockets: what is refused and how, and what is right although it is unusual."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, cast

import pytest

from mockserver import create_app
from mockserver.http.effects import CUT_KEY, CUTS
from mockserver.server.limits import LINGER_BYTES, Limits
from mockserver.server.serving import OWN_SOCKETS, Server
from tests.server.test_serving import BIG, SECONDS, Gate, answer, connect, is_refused, plain, read_body, running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SMALL = Limits(max_target=40, max_headers=100, max_body=40)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"

TARGET = "The target is longer than 40 bytes. Send less, or raise --max-target."
HEADERS = "The headers are longer than 100 bytes. Send less, or raise --max-headers."
BODY = "The body is longer than 40 bytes. Send less, or raise --max-body."


def malformed(finding: str) -> str:
    return f"The request is malformed: {finding}."


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Method and target."""
    return answer(start_response, f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}".encode())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(echo, limits=SMALL) as server:
        yield server


def receive(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def talk(server: Server, *parts: bytes, is_half_closed: bool = False) -> list[tuple[int, str]]:
    """Send each part by itself, and give status and body of every answer until the server closes."""
    with closing(connect(server)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
        if is_half_closed:
            connection.shutdown(socket.SHUT_WR)
        return list(read_answers(receive(connection)))


class Received:
    """What http.client takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self.file = BytesIO(data)

    def makefile(self, _mode: str) -> BytesIO:
        return self.file


def read_answers(data: bytes) -> Iterator[tuple[int, str]]:
    while data:
        source = Received(data)
        response = HTTPResponse(cast("socket.socket", source))
        response.begin()
        length = int(response.headers.get("Content-Length", "0"))
        rest = data.partition(b"\r\n\r\n")[2]
        yield response.status, rest[:length].decode()
        data = rest[length:]


# Refused


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        (b"GET /" + b"x" * 40 + b" HTTP/1.1\r\n\r\n", 414, TARGET),
        (b"GET /" + b"x" * 40, 414, TARGET),
        (b"GET /" + b"x" * 100_000, 414, TARGET),
        (b"HEAD /" + b"x" * 40 + b" HTTP/1.1\r\n\r\n", 414, TARGET),
        (HEAD + b"A: " + b"x" * 100 + b"\r\n\r\n", 431, HEADERS),
        (HEAD + b"A: " + b"x" * 100_000, 431, HEADERS),
        (HEAD + b"A: b\r\n" * 100, 431, HEADERS),
        (b"x" * 2000, 431, HEADERS),
        (POST + b"Content-Length: 41\r\n\r\n", 413, BODY),
        (POST + b"Content-Length: 41\r\n\r\n" + b"x" * 41, 413, BODY),
        (POST + b"Content-Length: 41\r\nExpect: 100-continue\r\n\r\n", 413, BODY),
        (POST + CHUNKED + b"29\r\n" + b"x" * 41, 413, BODY),
        (HEAD + b"Content-Length: 99999999\r\n\r\n", 413, BODY),
        (b"GET\r\n\r\n", 400, malformed("Start line is invalid")),
        (b"GET / HTTP/1.1 \xff\r\n\r\n", 400, malformed("Start line is invalid")),
        (b"GET / b HTTP/1.1\r\n\r\n", 400, malformed("Start line is invalid")),
        (b"G(T / HTTP/1.1\r\n\r\n", 400, malformed("Start line is invalid")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, malformed("Start line is invalid")),
        (b"<html>", 400, malformed("Start line is invalid")),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400, malformed("Bare LF found in HTTP message")),
        (b"GET / HTTP/1.1\r\nHost: x\n\n", 400, malformed("Bare LF found in HTTP message")),
        (b"GET / HTTP/1.1\r\nHost: x\ny\r\n\r\n", 400, malformed("Bare CR or LF found in header line")),
        (b"GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", 400, malformed("Bare CR or LF found in header line")),
        (b"GET /\rx HTTP/1.1\r\n\r\n", 400, malformed("Bare CR or LF found in HTTP message")),
        (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, malformed("Malformed header line")),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", 400, malformed("Invalid header")),
        (b"GET / HTTP/1.1\r\nA: \x1b[31m\r\n\r\n", 400, malformed("Invalid header")),
        (b"GET / HTTP/1.1\r\nA: \0\r\n\r\n", 400, malformed("Invalid header")),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400, malformed("Content-Length is invalid")),
        (HEAD + b"Content-Length: 1, 1\r\n\r\n", 400, malformed("Content-Length is invalid")),
        (b"GET http://[/ HTTP/1.1\r\n\r\n", 400, malformed("Target or Content-Length is invalid")),
        (POST + CHUNKED + b"z\r\n", 400, malformed("Invalid chunk size")),
        (POST + CHUNKED + b"1;\x01\r\n", 400, malformed("Invalid chunk extension")),
        (POST + CHUNKED + b"1\r\nabc", 400, malformed("Chunk not properly terminated")),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\nA\r\n\r\n", 400, malformed("Invalid header")),
        (
            POST + b"Transfer-Encoding: gzip\r\n\r\n",
            501,
            "The transfer coding is unknown. Send the body chunked, or with its length.",
        ),
    ],
)
def test_refused_request_is_told_why(sent: bytes, status: int, message: str, server: Server) -> None:
    answers = talk(server, sent)

    assert [(status, json.loads(body)) for status, body in answers] == [(status, {"Message": message})]


def test_number_with_more_digits_than_python_reads_is_refused() -> None:
    with running(plain) as server:
        answers = talk(server, HEAD + b"Content-Length: " + b"1" * 5000 + b"\r\n\r\n")

    assert answers == [
        (400, json.dumps({"Message": malformed("Target or Content-Length is invalid")}, separators=(",", ":")))
    ]


def test_refusal_has_the_headers_of_an_error_and_closes(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n?\r\n\r\n")
        head = receive(connection).partition(b"\r\n\r\n")[0].decode().split("\r\n")

    assert [line for line in head if not line.startswith("Date: ")] == [
        "HTTP/1.0 400 Bad Request",
        "Connection: close",
        "Content-Length: 55",
        "Content-Type: application/json; charset=utf-8",
        "X-Mock-Source: server",
    ]


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"GET /" + b"x" * 39 + b" HTTP/1.1\r\n", "GET /" + "x" * 39),
        (b"GET / HTTP/1.1\r\nA: " + b"x" * 78 + b"\r\n", "GET /"),
        (b"POST / HTTP/1.1\r\nContent-Length: 40\r\n", "POST /"),
    ],
)
def test_request_that_just_fits_is_answered(sent: bytes, body: str, server: Server) -> None:
    answers = talk(server, sent + b"Connection: close\r\n\r\n" + b"x" * 40)

    assert answers == [(200, body)]


def test_target_that_just_fits_is_answered_however_it_arrives(server: Server) -> None:
    whole = b"GET /" + b"x" * 39 + b" HTTP/1.1\r\nConnection: close\r\n\r\n"

    answers = talk(server, *(bytes([byte]) for byte in whole))

    assert answers == [(200, "GET /" + "x" * 39)]


def test_client_that_goes_on_sending_still_reads_why_it_was_refused(server: Server) -> None:
    answers = talk(server, POST + b"Content-Length: 9000000\r\n\r\n", b"x" * 9_000_000)

    assert answers == [(413, json.dumps({"Message": BODY}, separators=(",", ":")))]


def test_client_that_never_stops_sending_is_cut_off(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(POST + b"Content-Length: 9000000\r\n\r\n")
        receive(connection)
        with pytest.raises(ConnectionError):
            connection.sendall(b"x" * LINGER_BYTES * 2)


def test_refused_client_that_is_gone_harms_nobody(server: Server, capfd: pytest.CaptureFixture[str]) -> None:
    for _ in range(50):
        with closing(connect(server)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.sendall(b"?\r\n\r\n" + b"x" * 100_000)

    assert talk(server, HEAD + b"Connection: close\r\n\r\n") == [(200, "GET /")]
    assert capfd.readouterr() == ("", "")


def test_server_ends_while_a_refused_client_is_still_there() -> None:
    with running(plain) as server, closing(connect(server)) as connection:
        connection.sendall(b"?\r\n\r\nGET / HTTP")
        receive(connection)

        server.stop()

    assert server.is_stopping


# Unusual, and right


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 4\r\n\r\nbody",
        CHUNKED + b"4\r\nbody\r\n0\r\n\r\n",
        CHUNKED + b"1;a=b\r\nb\r\n3\r\nody\r\n0\r\nTrailer: x\r\n\r\n",
        b"Expect: 100-continue\r\n\r\n",
        b"Expect: something\r\n\r\n",
    ],
)
def test_body_of_a_get_is_read_and_ignored(rest: bytes, server: Server) -> None:
    answers = talk(server, HEAD + rest, HEAD + b"Connection: close\r\n\r\n")

    assert answers == [(200, "GET /"), (200, "GET /")]


def test_body_that_is_announced_is_asked_for(server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(POST + b"Content-Length: 4\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n")
        asked = connection.recv(25)
        connection.sendall(b"body")

        assert (asked, list(read_answers(receive(connection)))) == (b"HTTP/1.1 100 Continue\r\n\r\n", [(200, "POST /")])


def test_pipelined_requests_are_answered_in_their_order(server: Server) -> None:
    requests = [b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n" % number for number in range(999)]

    answers = talk(server, b"".join(requests) + HEAD + b"Connection: close\r\n\r\n")

    assert answers == [*((200, f"GET /{number}") for number in range(999)), (200, "GET /")]


def test_blank_lines_between_requests_are_skipped(server: Server) -> None:
    answers = talk(server, b"\r\n" + HEAD + b"\r\n\r\n\r\n", b"\r\n\r\n", HEAD + b"Connection: close\r\n\r\n")

    assert answers == [(200, "GET /"), (200, "GET /")]


def test_request_that_arrives_by_the_byte_is_answered(server: Server) -> None:
    whole = HEAD + b"Connection: close\r\n\r\n"

    assert talk(server, *(bytes([byte]) for byte in whole)) == [(200, "GET /")]


@pytest.mark.parametrize("requests", [1, 2, 300])
def test_client_that_has_shut_its_sending_side_gets_its_answers(requests: int, server: Server) -> None:
    for _ in range(20):
        assert talk(server, (HEAD + b"\r\n") * requests, is_half_closed=True) == [(200, "GET /")] * requests


def test_client_that_shuts_its_sending_side_while_it_is_answered_gets_its_answer() -> None:
    gate = Gate()

    with running(gate) as server, closing(connect(server)) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert gate.entered.wait(SECONDS)
        connection.shutdown(socket.SHUT_WR)
        assert talk(server, is_half_closed=True) == []  # The loop has turned: it could have seen both ends.
        gate.opened.set()

        assert list(read_answers(receive(connection))) == [(200, "answered")]


def test_half_a_request_of_a_client_that_sends_no_more_is_dropped(server: Server) -> None:
    assert talk(server, HEAD, is_half_closed=True) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", ["close"]),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["Keep-Alive", "close"]),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["Keep-Alive", "close"]),
        (b"GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["close"]),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", ["close"]),
        (b"GET /\r\n\r\n", ["close"]),
    ],
)
def test_connection_is_kept_as_the_client_and_its_version_wish(sent: bytes, kept: list[str], server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(sent)
        received = receive(connection).decode()

    assert [line.removeprefix("Connection: ") for line in received.split("\r\n") if "Connection" in line] == kept


@pytest.mark.parametrize(("sent", "seen"), [(b"get", "get"), (b"Get", "Get"), (b"pUT", "pUT"), (b"*", "*")])
def test_method_reaches_the_application_as_it_was_sent(sent: bytes, seen: str, server: Server) -> None:
    answers = talk(server, sent + b" / HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert answers == [(200, f"{seen} /")]


def test_head_in_any_case_has_no_body() -> None:
    seen: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ["REQUEST_METHOD"])
        return answer(start_response)

    with running(app) as server:
        talk(server, b"head / HTTP/1.1\r\nConnection: close\r\n\r\n")

    assert seen == ["HEAD"]


def test_path_never_reaches_the_file_system() -> None:
    program = """if True:
        import sys
        from mockserver import create_app
        client = create_app().test_client()
        paths = ["/%s/../../etc/passwd", "/%s/..%%2f..%%2fetc%%2fpasswd", "/%s/%%2e%%2e/openapi.yaml", "/%s/C:%%5C%%00"]
        targets = [path % root for path in paths for root in ("API/Customers", "Customers", "__mock", "static", "..")]
        def ask():
            return sorted({client.get(each, environ_overrides={"REQUEST_URI": each}).status_code for each in targets})
        ask()
        opened = []
        sys.addaudithook(lambda event, about: opened.append(about) if event.startswith(("open", "os.")) else None)
        print(ask(), opened)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS)

    assert (done.stdout, done.stderr) == ("[200, 404] []\n", "")


# Many


def test_idle_and_half_sent_connections_leave_room_for_a_request() -> None:
    with running(plain) as server, ExitStack() as stack:
        idle = [stack.enter_context(closing(connect(server))) for _ in range(150)]
        half_sent = [stack.enter_context(closing(connect(server))) for _ in range(50)]
        for connection in half_sent:
            connection.sendall(HEAD)

        assert talk(server, HEAD + b"Connection: close\r\n\r\n") == [(200, "answered")]
        for connection in idle:
            connection.sendall(HEAD)
        for connection in idle + half_sent:
            connection.sendall(b"Connection: close\r\n\r\n")
        assert [list(read_answers(receive(each))) for each in idle + half_sent] == [[(200, "answered")]] * 200


def test_hundred_requests_that_wait_leave_room_for_another() -> None:
    meeting = threading.Barrier(101, timeout=SECONDS)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/wait":
            meeting.wait()
        return answer(start_response)

    with running(app) as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(server))) for _ in range(100)]
        for connection in connections:
            connection.sendall(b"GET /wait HTTP/1.1\r\nConnection: close\r\n\r\n")
        other = talk(server, HEAD + b"Connection: close\r\n\r\n")
        meeting.wait()

        assert other == [(200, "answered")]
        assert [list(read_answers(receive(each))) for each in connections] == [[(200, "answered")]] * 100


def test_connection_beyond_the_limit_waits_until_another_ends() -> None:
    with running(plain, limits=Limits(threads=1, connections=2)) as server, ExitStack() as stack:
        first, second, third = (stack.enter_context(closing(connect(server))) for _ in range(3))
        for connection in (first, second):
            connection.sendall(HEAD + b"\r\n")
            connection.recv(1)
        third.sendall(HEAD + b"Connection: close\r\n\r\n")
        third.settimeout(0.2)
        with pytest.raises(TimeoutError):
            third.recv(1)
        first.close()
        third.settimeout(SECONDS)

        assert list(read_answers(receive(third))) == [(200, "answered")]


@pytest.mark.parametrize(
    ("lines", "media_type"),
    [
        ((b"Accept: text/json", b"Accept: garbage garbage"), "text/json; charset=utf-8"),
        ((b"Accept: garbage", b"accept: text/json;q=0.5"), "text/json; charset=utf-8"),
        ((b"Accept: text/json, garbage garbage",), "application/json; charset=utf-8"),
        ((b"Accept: garbage garbage", b"Accept:"), "application/json; charset=utf-8"),
    ],
)
def test_accept_lines_are_judged_one_by_one(lines: tuple[bytes, ...], media_type: str) -> None:
    with running(create_app()) as stub, connect(stub) as connection:
        connection.sendall(b"\r\n".join((b"GET /Customers/42 HTTP/1.0", *lines, b"", b"")))

        head = receive(connection).partition(b"\r\n\r\n")[0].decode()

    assert f"Content-Type: {media_type}" in head.split("\r\n")


def test_target_with_bytes_that_are_not_ascii_means_their_escapes() -> None:
    with running(create_app()) as stub, connect(stub) as connection:
        connection.sendall("GET /Customers/דנה HTTP/1.0\r\n\r\n".encode())

        body = receive(connection).partition(b"\r\n\r\n")[2]

    assert body == create_app().test_client().get("/Customers/דנה").data


# Cut


@pytest.fixture(scope="module")
def cutting() -> Iterator[Server]:
    with running(cut_by_path) as server:
        yield server


def cut_by_path(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the query, cut as the path says; under /big with what no buffer of a socket holds."""
    name = environ["PATH_INFO"].removeprefix("/")
    if name in CUTS:
        environ[CUT_KEY](name)
    return answer(start_response, BIG if name == "big" else environ["QUERY_STRING"].encode())


def get(target: str, *fields: str, version: str = "1.1") -> bytes:
    return "\r\n".join((f"GET {target} HTTP/{version}", "Host: x", *fields, "", "")).encode()


def head(length: int) -> bytes:
    """The head of a good answer, but for its date."""
    return f"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nContent-Type: text/plain\r\n\r\n".encode()


def hear(connection: socket.socket) -> bytes:
    """All that comes, but for the date, until the other side closes, or `reset` where it resets."""
    try:
        received = receive(connection)
    except ConnectionResetError:
        return b"reset"
    return b"\r\n".join(line for line in received.split(b"\r\n") if not line.startswith(b"Date: "))


def send(server: Server, *requests: bytes) -> bytes:
    with closing(connect(server)) as connection:
        connection.sendall(b"".join(requests))
        return hear(connection)


def listen(caplog: pytest.LogCaptureFixture) -> None:
    """Note what waitress would say if it were let; a server that starts makes it silent."""
    for name in ("waitress", "mockserver"):
        caplog.set_level(logging.WARNING, name)


def is_idle(server: Server, connections: int = 0) -> bool:
    """Whether it comes to hold so many connections and no others, and to answer no request."""
    inner = server._server
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        talk(server, is_half_closed=True)  # The loop turns.
        held = (len(inner.active_channels), len(server._sockets) - OWN_SOCKETS, inner.task_dispatcher.active_count)
        if held == (connections, connections, 0):
            return True
    return False


@pytest.mark.parametrize(
    ("target", "received"),
    [
        ("/reset?12345", b"reset"),
        ("/reset", b"reset"),
        ("/empty?12345", b""),
        ("/empty", b""),
        ("/close-mid-body?12345", head(5) + b"12"),
        ("/close-mid-body?1234", head(4) + b"12"),
        ("/close-mid-body?12", head(2) + b"1"),
        ("/close-mid-body?1", head(1)),
        ("/close-mid-body", head(0)),
    ],
)
def test_answer_is_cut_as_the_application_says(
    target: str, received: bytes, cutting: Server, caplog: pytest.LogCaptureFixture
) -> None:
    listen(caplog)

    assert send(cutting, get(target)) == received
    assert is_idle(cutting)
    assert caplog.record_tuples == []


def test_reset_is_the_first_that_a_client_sees(cutting: Server) -> None:
    with closing(connect(cutting)) as connection:
        connection.sendall(get("/reset?12345"))

        with pytest.raises(ConnectionResetError):
            connection.recv(1)


@pytest.mark.parametrize(("version", "fields"), [("1.1", ()), ("1.0", ("Connection: keep-alive",))])
@pytest.mark.parametrize(("name", "body"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", b"12")])
def test_answers_before_a_cut_are_intact(
    name: str, body: bytes, version: str, fields: tuple[str, ...], cutting: Server
) -> None:
    bodies = []

    with closing(connect(cutting)) as connection:
        for _ in range(3):
            connection.sendall(get("/?before", *fields, version=version))
            bodies.append(read_body(connection))
        connection.sendall(get(f"/{name}?12345", *fields, version=version))
        bodies.append(hear(connection).rpartition(b"\r\n\r\n")[2])

    assert bodies == [b"before", b"before", b"before", body]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize(("name", "body"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", b"12")])
def test_only_answer_of_a_connection_is_cut(name: str, body: bytes, version: str, cutting: Server) -> None:
    received = send(cutting, get(f"/{name}?12345", "Connection: close", version=version))

    assert received.rpartition(b"\r\n\r\n")[2] == body


@pytest.mark.parametrize("requests", [1, 999])
@pytest.mark.parametrize(("name", "received"), [("empty", b""), ("close-mid-body", head(5) + b"12")])
def test_requests_behind_a_cut_are_not_answered(name: str, received: bytes, requests: int, cutting: Server) -> None:
    assert send(cutting, get(f"/{name}?12345"), get("/?behind") * requests) == received


@pytest.mark.parametrize("name", CUTS)
def test_requests_behind_a_cut_do_not_reach_the_application(name: str) -> None:
    seen: list[str] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        return cut_by_path(environ, start_response)

    with running(app) as server:
        send(server, get("/before"), get(f"/{name}"), get("/behind") * 9)
        assert is_idle(server)

    assert seen == ["/before", f"/{name}"]


@pytest.mark.parametrize(("name", "rest"), [("empty", b""), ("close-mid-body", head(5) + b"12")])
def test_answer_that_is_still_being_sent_arrives_before_the_cut(name: str, rest: bytes) -> None:
    is_cut = threading.Event()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/big":
            is_cut.set()
        return cut_by_path(environ, start_response)

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(get("/big") + get(f"/{name}?12345"))
        assert is_cut.wait(SECONDS)

        assert hear(connection) == head(len(BIG)) + BIG + rest


def test_half_of_a_body_that_no_buffer_holds_arrives() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[CUT_KEY]("close-mid-body")
        return answer(start_response, BIG)

    with running(app) as server:
        assert send(server, get("/")) == head(len(BIG)) + BIG[: len(BIG) // 2]


def fail_before_the_head(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    cut_by_path(environ, start_response)
    raise ValueError("odd")


def fail_amid_the_body(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    cut_by_path(environ, start_response)
    yield b"1"
    raise ValueError("odd")


@pytest.mark.parametrize(
    ("app", "name", "line", "body"),
    [
        (fail_before_the_head, "reset", b"reset", b""),
        (fail_before_the_head, "empty", b"", b""),
        (
            fail_before_the_head,
            "close-mid-body",
            b"HTTP/1.1 500 Internal Server Error",
            b'{"Message":"An err',
        ),
        (fail_amid_the_body, "reset", b"reset", b""),
        (fail_amid_the_body, "empty", b"", b""),
        (fail_amid_the_body, "close-mid-body", b"HTTP/1.1 200 OK", b"1"),
    ],
)
def test_cut_of_an_application_that_fails_holds(
    app: WSGIApplication, name: str, line: bytes, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with running(app) as server:
        listen(caplog)
        received = send(server, get(f"/{name}?12345"), get("/behind"))
        assert is_idle(server)

    assert (received.partition(b"\r\n")[0], received.partition(b"\r\n\r\n")[2]) == (line, body)
    assert [record.getMessage() for record in caplog.records] == [f"Exception while serving /{name}"]


def in_pieces(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    answer(start_response)
    return [b"a", b"", b"ns", b"we", b"r", b"ed"]


def as_a_file(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    answer(start_response)
    wrap: Callable[[BytesIO], Iterable[bytes]] = environ.get("wsgi.file_wrapper", iter)
    return wrap(BytesIO(b"answered"))


def through_write(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    write = start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "8")])
    write(b"answered")
    return []


@pytest.mark.parametrize(("name", "received"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", b"answ")])
@pytest.mark.parametrize("app", [plain, in_pieces, as_a_file, through_write])
def test_answer_is_cut_however_it_is_given(
    app: WSGIApplication, name: str, received: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    def cut(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[CUT_KEY](name)
        return app(environ, start_response)

    with running(cut) as server:
        listen(caplog)
        assert send(server, get("/")).removeprefix(head(8)) == received

    assert caplog.record_tuples == []


def test_cut_may_come_when_the_head_is_made() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def cut_and_start(status: str, fields: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            environ[CUT_KEY]("close-mid-body")
            return start_response(status, fields)

        return answer(cut_and_start)

    with running(app) as server:
        assert send(server, get("/")) == head(8) + b"answ"


def test_half_of_an_answer_without_a_body_is_its_head(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[CUT_KEY]("close-mid-body")
        answer(start_response)
        return []

    with running(app) as server:
        listen(caplog)
        assert send(server, b"HEAD / HTTP/1.1\r\n\r\n") == head(8)

    assert caplog.record_tuples == []


def test_unknown_cut_is_an_error_and_cuts_nothing() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with pytest.raises(ValueError, match="does not name") as caught:
            environ[CUT_KEY]("close")
        return answer(start_response, str(caught.value).encode())

    with running(app) as server:
        answers = talk(server, get("/") + get("/", "Connection: close"))

    assert answers == [(200, "'close' does not name a way to cut a connection. Use one of reset, empty, close-mid-body.")] * 2


@pytest.mark.parametrize("name", CUTS)
def test_nothing_is_left_of_fifty_cut_connections(name: str, cutting: Server, caplog: pytest.LogCaptureFixture) -> None:
    listen(caplog)

    with closing(connect(cutting)) as other:
        for _ in range(50):
            send(cutting, get("/?before"), get(f"/{name}?12345"), get("/?behind"))
        other.sendall(get("/?other"))

        assert read_body(other) == b"other"
        assert is_idle(cutting, connections=1)

    assert caplog.record_tuples == []


@pytest.mark.skipif(os.name != "posix", reason="open files are not listed here")
@pytest.mark.parametrize("name", CUTS)
def test_cut_connections_leave_no_file_open(name: str, cutting: Server) -> None:
    def count_files() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    assert is_idle(cutting)
    before = count_files()

    for _ in range(50):
        send(cutting, get(f"/{name}?12345"))

    assert is_idle(cutting)
    assert count_files() <= before


@pytest.mark.parametrize("name", CUTS)
def test_cuts_do_not_disturb_an_answer_that_is_being_read(name: str, cutting: Server) -> None:
    with closing(connect(cutting)) as connection:
        connection.sendall(get("/big"))
        response = HTTPResponse(connection)
        response.begin()
        for _ in range(20):
            send(cutting, get(f"/{name}?12345"))

        assert response.read() == BIG


@pytest.mark.parametrize("name", CUTS)
@pytest.mark.parametrize("linger", [b"\0\0\0\0\0\0\0\0", b"\x01\0\0\0\0\0\0\0"])
def test_client_that_is_gone_before_it_is_cut_harms_nobody(
    linger: bytes, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    gate = Gate()

    with running(cut_at(gate, name)) as server:
        listen(caplog)
        with closing(connect(server)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.sendall(get("/"))
            assert gate.entered.wait(SECONDS)
        gate.opened.set()

        assert is_idle(server)

    assert caplog.record_tuples == []


def cut_at(gate: Gate, name: str) -> WSGIApplication:
    """An application that calls for the cut, and then waits at the gate."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[CUT_KEY](name)
        return gate(environ, start_response)

    return app


@pytest.mark.parametrize(
    ("name", "received"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", head(8) + b"answ")]
)
def test_cut_that_is_under_way_is_made_at_the_end(name: str, received: bytes) -> None:
    gate = Gate()

    with running(cut_at(gate, name)) as server, closing(connect(server)) as connection:
        connection.sendall(get("/"))
        assert gate.entered.wait(SECONDS)
        server.stop()
        assert is_refused(server)
        gate.opened.set()

        assert hear(connection) == received


@pytest.mark.parametrize(("name", "received"), [("reset", b"reset"), ("empty", b""), ("close-mid-body", b"")])
def test_cut_of_an_application_that_hangs_does_not_hold_up_the_end(
    name: str, received: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.server.serving.FINISH_SECONDS", 0.0)
    gate = Gate()

    with running(cut_at(gate, name)) as server, closing(connect(server)) as connection:
        connection.sendall(get("/"))
        assert gate.entered.wait(SECONDS)
        server.stop()
        got = hear(connection)
        gate.opened.set()

    assert got == received


@pytest.mark.parametrize("name", CUTS)
def test_server_ends_while_a_cut_client_is_still_there(name: str) -> None:
    with running(cut_by_path) as server, closing(connect(server)) as connection:
        connection.sendall(get(f"/{name}") + HEAD)
        hear(connection)

        server.stop()

    assert server.is_stopping


# In pieces


class Pieces:
    """An application whose answer comes by the byte, with a pause behind each; tells when it is closed."""

    def __init__(self, pieces: int, pause: Callable[[], object]) -> None:
        self.length = pieces
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


def test_every_piece_of_an_answer_is_sent_at_once() -> None:
    taken = threading.Semaphore(0)
    app = Pieces(5, lambda: taken.acquire(timeout=SECONDS))
    given = []

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(get("/"))
        response = HTTPResponse(connection)
        response.begin()
        for _ in range(5):
            response.read(1)
            given.append(app.given)
            taken.release()
        assert app.closed.wait(SECONDS)

    assert given == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("linger", [b"\0\0\0\0\0\0\0\0", b"\x01\0\0\0\0\0\0\0"])
def test_client_that_hangs_up_ends_an_answer_in_pieces(linger: bytes, caplog: pytest.LogCaptureFixture) -> None:
    is_over = threading.Event()
    app = Pieces(1_000_000, lambda: is_over.wait(0.01))

    with running(app) as server:
        listen(caplog)
        with closing(connect(server)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.sendall(get("/"))
            connection.recv(1)
        is_closed = app.closed.wait(SECONDS)
        is_over.set()

        assert is_closed
        assert is_idle(server)

    assert app.given < app.length
    assert caplog.record_tuples == []


def test_end_of_the_server_ends_an_answer_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.server.serving.FINISH_SECONDS", 0.0)
    is_over = threading.Event()
    app = Pieces(1_000_000, lambda: is_over.wait(0.01))

    with running(app) as server, closing(connect(server)) as connection:
        connection.sendall(get("/"))
        connection.recv(1)
        server.stop()
        is_closed = app.closed.wait(SECONDS)
        is_over.set()

    assert is_closed
