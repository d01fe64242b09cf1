"""Rough clients, over raw sockets: what is refused and how, and what is right although it is unusual."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from http.client import HTTPResponse
from io import BytesIO
from typing import TYPE_CHECKING, cast

import pytest

from mockserver import create_app
from mockserver.connections import LINGER_BYTES, Limits
from mockserver.serving import Server
from tests.test_serving import SECONDS, Gate, answer, connect, plain, running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

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
