"""Answers by the application and by the server itself, as bytes of a connection."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from mockserver.http.effects import CUT_KEY
from mockserver.http.messages import HEADER_LINES
from mockserver.server.channel import Channel
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from tests.support.applications import GET, LAST, answer, answered, echo, refused
from tests.support.serving import hear, ipv6, running, send, write_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(echo, limits=Limits(max_target=40, max_headers=100, max_body=40)) as server:
        yield server


# By the server


MALFORMED = refused("400 Bad Request", "The request is malformed: Malformed header line.", "1.0")
OLD = refused("400 Bad Request", "The request is malformed: Invalid header.", "1.0")
LONG_BODY = refused("413 Request Entity Too Large", "The body is longer than 40 bytes. Send less, or raise --max-body.")
LONG_TARGET = refused(
    "414 URI Too Long", "The target is longer than 40 bytes. Send less, or raise --max-target.", "1.0"
)
LONG_HEADERS = refused(
    "431 Request Header Fields Too Large",
    "The headers are longer than 100 bytes. Send less, or raise --max-headers.",
    "1.0",
)
UNKNOWN_VERSION = refused("505 HTTP Version Not Supported", "The version of HTTP is unknown. Use HTTP/1.1.", "1.0")
NO_HOST = refused("400 Bad Request", "The request is malformed: Host is missing.")
OLD_CODING = refused("400 Bad Request", "The request is malformed: Transfer-Encoding needs HTTP/1.1.", "1.0")
UNKNOWN_CODING = refused(
    "501 Not Implemented", "The transfer coding is unknown. Send the body chunked, or with its length."
)


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", MALFORMED),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n?\r\n\r\n", OLD),
        (POST + b"Content-Length: 41\r\n\r\n", LONG_BODY),
        (write_request("/" + "x" * 40), LONG_TARGET),
        (write_request("/", "A: " + "x" * 100), LONG_HEADERS),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", UNKNOWN_CODING),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", UNKNOWN_VERSION),
        (b"GET / HTTP/1.1\r\n\r\n", NO_HOST),
        (b"POST / HTTP/1.0\r\nConnection: keep-alive\r\n" + CHUNKED + GET, OLD_CODING),
    ],
)
def test_refusal_says_why_in_json_and_closes(sent: bytes, received: bytes, server: Server) -> None:
    assert send(server, sent) == received


@pytest.mark.parametrize("has_length", [True, False])
def test_body_of_one_piece_has_its_length(has_length: bool) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length = [("Content-Length", "8")] if has_length else []
        start_response("200 OK", [("Content-Type", "text/plain"), *length])
        return [b"answered"]

    with running(app) as server:
        assert send(server, LAST) == answered(is_last=True)


def test_body_of_unknown_length_is_chunked() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        yield from (b"answ", b"ered")

    with running(app) as server:
        received = send(server, LAST)

    head, _, body = received.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head.split(b"\r\n")
    assert body == b"4\r\nansw\r\n4\r\nered\r\n0\r\n\r\n"


def test_application_error_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ValueError("odd")

    with running(app) as server:
        assert send(server, GET) == refused("500 Internal Server Error", "An error has occurred.")

    assert [record.getMessage() for record in caplog.records] == ["Exception while serving /"]


# By the application


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ([("ETag", '"a"'), ("WWW-Authenticate", "Basic"), ("X-AspNet-Version", "4")], None),
        ([("x-lower", "1"), ("X-UPPER", "2"), ("dNT", "3")], [("dNT", "3"), ("x-lower", "1"), ("X-UPPER", "2")]),
        ([("Server", "Microsoft-IIS/10.0")], None),
        ([("server", "a"), ("via", "1.1 b"), ("Via", "1.1 c")], None),
        ([("Set-Cookie", "a=b"), ("set-cookie", "c=d")], None),
        ([("date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("ETag", "b")], None),
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "204 No Content"])
def test_headers_are_sent_as_they_were_written(
    status: str, written: list[tuple[str, str]], sent: list[tuple[str, str]] | None
) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, [*written, ("content-length", "0")])
        return []

    with running(app) as server:
        head = send(server, LAST).decode().split("\r\n")

    length = [] if status.startswith("204") else ["content-length: 0"]
    assert (head[0], sorted(head[1:-2])) == (
        f"HTTP/1.1 {status}",
        sorted(["Connection: close", *length, *(f"{name}: {value}" for name, value in sent or written)]),
    )
    assert [line for line in head[1:-2] if line not in ("Connection: close", *length)] == [
        f"{name}: {value}" for name, value in sent or written
    ]


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.0\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/1.0\r\nHost:\r\n\r\n"])
@pytest.mark.parametrize(
    ("host", "family", "to", "name"),
    [
        ("127.0.0.1", socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", socket.AF_INET, "127.0.0.1", "127.0.0.1"),
        pytest.param("::1", socket.AF_INET6, "::1", "[::1]", marks=ipv6),
        pytest.param("::", socket.AF_INET, "127.0.0.1", "127.0.0.1", marks=ipv6),
    ],
)
def test_request_without_host_names_the_receiving_address(
    host: str, family: int, to: str, name: str, sent: bytes
) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return answer(start_response, f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}".encode())

    with running(app, host) as server, closing(socket.socket(family)) as connection:
        port = urlsplit(server.url).port
        connection.connect((to, port))
        connection.sendall(sent)

        assert hear(connection).endswith(f"\r\n\r\n{name}:{port}".encode())


FORWARDED = {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}
LINES = {"HTTP_ACCEPT": "a, b, c", HEADER_LINES: {"accept": ("a, b", "c")}}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (write_request("//a%2Fb?%zz"), {"REQUEST_URI": "//a%2Fb?%zz", "REQUEST_METHOD": "GET"}),
        (write_request("/", "X-Forwarded-For: 192.0.2.7"), {**FORWARDED, HEADER_LINES: {}}),
        (write_request("/", "Accept: a, b", "accept: c"), LINES),
        (write_request("/", "api_key: a"), {"HTTP_API_KEY": None, HEADER_LINES: {"api_key": ("a",)}}),
        (write_request("/", method="pUT"), {"REQUEST_METHOD": "pUT"}),
        (write_request("/", method="head"), {"REQUEST_METHOD": "HEAD"}),
        (GET, {"wsgi.file_wrapper": None}),
    ],
)
def test_application_sees_what_was_sent(sent: bytes, expected: dict[str, object]) -> None:
    seen: list[WSGIEnvironment] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ)
        return answer(start_response)

    with running(app) as server:
        send(server, sent.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    assert [{key: each.get(key) for key in expected} for each in seen] == [expected]
    assert callable(seen[0][CUT_KEY])


@pytest.mark.parametrize(
    ("sent", "target", "accept"),
    [
        (b"GET /Customers/42 HTTP/1.0\r\nAccept: text/json\r\nAccept: garbage", "/Customers/42", "text/json"),
        (b"GET /Customers/42 HTTP/1.0\r\nAccept: text/json, garbage", "/Customers/42", "*/*"),
        ("GET /Customers/דנה HTTP/1.0".encode(), "/Customers/דנה", "*/*"),
    ],
)
def test_stub_understands_rough_requests(sent: bytes, target: str, accept: str, client: FlaskClient) -> None:
    plain = client.get(target, headers={"Accept": accept})

    with running(client.application) as server:
        head, _, body = send(server, sent + b"\r\n\r\n").partition(b"\r\n\r\n")

    assert body == plain.data
    assert f"Content-Type: {plain.headers['Content-Type']}" in head.decode().split("\r\n")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b"GET / HTTP/1.0\r\n\r\n", ["close"]),
        (b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["Keep-Alive", "close"]),
        (b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["Keep-Alive", "close"]),
        (b"GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", ["close"]),
        (b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n", ["close"]),
        (b"GET /\r\n\r\n", ["close"]),
        (POST + b"Content-Length: 3\r\n" + CHUNKED + b"0\r\n\r\n" + GET, ["close"]),
        (POST + CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: x\r\n\r\n") + b"0\r\n\r\n" + GET, ["close"]),
        (POST + CHUNKED + b"0\r\n\r\n" + LAST, ["close"]),
    ],
)
def test_connection_is_kept_as_client_and_version_wish(sent: bytes, kept: list[str], server: Server) -> None:
    lines = send(server, sent).decode().split("\r\n")

    assert [line.removeprefix("Connection: ") for line in lines if line.startswith("Connection")] == kept


@pytest.mark.parametrize(
    ("headers", "pieces", "written"),
    [
        ([("Content-Length", "4")], [b"body"], 1),
        ([], [b"body"], 1),
        ([("Content-Length", "4")], [b"bo", b"dy"], 3),
    ],
)
def test_whole_body_is_sent_with_its_head(
    headers: list[tuple[str, str]], pieces: list[bytes], written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[bytes] = []
    write_soon = Channel.write_soon

    def note(channel: Channel, data: bytes) -> int:
        writes.append(data)
        return write_soon(channel, data)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return pieces

    monkeypatch.setattr(Channel, "write_soon", note)
    with running(app) as server:
        received = send(server, GET, LAST)

    head = b"HTTP/1.1 200 OK\r\n%sContent-Length: 4\r\n\r\nbody"
    assert received == head % b"" + head % b"Connection: close\r\n"
    assert len(writes) == 2 * written
