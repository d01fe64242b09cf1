"""Answers of the server itself, to pages of other origins and to what browsers ask before."""

from __future__ import annotations

import pytest
from waitress.adjustments import Adjustments

from mockserver.http.headers import Headers
from mockserver.server.limits import Limits
from mockserver.server.parser import Parser
from mockserver.server.refusals import refuse
from tests.support.applications import LAST, answered, echo
from tests.support.serving import running, send, write_request

ORIGIN = "http://localhost:3000"
FROM = f"Origin: {ORIGIN}"
SHARED = (
    ("Vary", "Origin"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Access-Control-Allow-Origin", ORIGIN),
    ("Access-Control-Allow-Credentials", "true"),
    ("Access-Control-Expose-Headers", "X-Mock-Source"),
)
EMBEDDED = SHARED[:2]
ANYONE = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "X-Mock-Source"))
ALLOWED = (
    ("Access-Control-Allow-Methods", "PUT"),
    ("Access-Control-Allow-Headers", "x-a, x-b"),
    ("Access-Control-Max-Age", "7200"),
    ("X-Mock-Source", "preflight"),
)
ASKED = ("Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x-a, x-b")
OWN = (("Content-Type", "application/json; charset=utf-8"), ("X-Mock-Source", "server"))
LONG = "/" + "x" * 400
WIDE = "A: " + "x" * 1000
LIMITS = Limits(max_target=400, max_headers=1000, max_body=400)


def parse(sent: bytes) -> Parser:
    parser = Parser(LIMITS, Adjustments(max_request_body_size=LIMITS.max_body + 1))
    parser.received(sent)
    return parser


@pytest.mark.parametrize(
    ("sent", "status", "shared"),
    [
        (write_request(LONG), 414, ()),
        (write_request(LONG, FROM), 414, SHARED),
        (write_request(LONG, f"oRIGIN:\t{ORIGIN} "), 414, SHARED),
        (write_request(LONG, "Origin: two words"), 414, EMBEDDED),
        (write_request(LONG, "Sec-Fetch-Site: cross-site"), 414, EMBEDDED),
        (write_request("/", FROM, WIDE), 431, SHARED),
        (write_request("/", WIDE, FROM), 431, SHARED),
        (write_request("/", FROM, "Content-Length: 500", method="POST"), 413, SHARED),
        (write_request("/", FROM, "Content-Length: x", method="POST"), 400, SHARED),
        (write_request("/", FROM, "Host: x"), 400, SHARED),
        (write_request("/", FROM, "?"), 400, SHARED),
        (write_request("/", FROM, "Transfer-Encoding: gzip"), 501, SHARED),
        (write_request("/", FROM, version="3.0"), 505, SHARED),
        # Of a head that goes on, a page may have sent the rest.
        (write_request(LONG)[:-2], 414, ANYONE),
        (write_request("/", WIDE)[:-2], 431, ANYONE),
        (write_request(LONG, FROM)[:-2], 414, SHARED),
        (b"<html>", 400, ()),
        (write_request("/")[:-4] + b"\n", 400, ()),
    ],
)
def test_page_reads_why_its_request_was_refused(sent: bytes, status: int, shared: Headers) -> None:
    parser = parse(sent)

    open_reply, closed_reply = refuse(parser, shares=True), refuse(parser, shares=False)

    assert (closed_reply.status, closed_reply.headers) == (status, OWN)
    assert (open_reply.status, open_reply.body) == (status, closed_reply.body)
    assert sorted(open_reply.headers) == sorted(OWN + shared)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (write_request(LONG, FROM, *ASKED, method="OPTIONS"), 204),
        (write_request("/", WIDE, FROM, *ASKED, method="OPTIONS"), 204),
        (write_request("/", FROM, *ASKED, "Content-Length: 500", method="OPTIONS"), 204),
        (write_request(LONG, FROM, *ASKED), 414),
        (write_request(LONG, FROM, method="OPTIONS"), 414),
        (write_request("/", FROM, *ASKED, "?", method="OPTIONS"), 400),
    ],
)
def test_preflight_of_what_is_too_long_is_answered(sent: bytes, status: int) -> None:
    reply = refuse(parse(sent), shares=True)

    expected = (*ALLOWED, *SHARED) if status == 204 else (*OWN, *SHARED)
    assert (reply.status, sorted(reply.headers), bool(reply.body)) == (status, sorted(expected), status != 204)


def test_answer_to_a_preflight_has_no_content() -> None:
    with running(echo, limits=LIMITS) as server:
        lines = send(server, write_request(LONG, FROM, *ASKED, method="OPTIONS"), LAST).decode().split("\r\n")

    assert (lines[0], lines[-2:]) == ("HTTP/1.0 204 No Content", ["", ""])
    assert sorted(lines[1:-2]) == sorted(["Connection: close", *(": ".join(pair) for pair in (*ALLOWED, *SHARED))])


@pytest.mark.parametrize("size", [9000, 60_000])
def test_page_is_known_by_default_limits(size: int) -> None:
    with running(echo) as server:
        received = send(server, write_request("/" + "x" * size, FROM))

    assert f"Access-Control-Allow-Origin: {ORIGIN}\r\n".encode() in received


def test_server_without_sharing_refuses_as_before() -> None:
    with running(echo, limits=LIMITS, cors=False) as server:
        received = send(server, write_request(LONG, FROM))

        assert received.startswith(b"HTTP/1.0 414 URI Too Long\r\n")
        assert b"Access-Control" not in received
        assert send(server, LAST) == answered(b"GET /", is_last=True)
