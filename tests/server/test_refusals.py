"""Answers of the server itself, to pages of other origins and to what browsers ask before."""

from __future__ import annotations

from logging import LogRecord

import pytest
from waitress.adjustments import Adjustments

from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange
from mockserver.http.sources import Source
from mockserver.server.kept_heads import KeptHeads
from mockserver.server.limits import Limits
from mockserver.server.parser import Parser
from mockserver.server.refusals import Refuser, read_refused, refuse
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
    parser = Parser(
        LIMITS, KeptHeads(), Adjustments(max_request_body_size=LIMITS.max_body + 1, max_request_header_size=2424)
    )
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

    refused = read_refused(parser)
    open_reply, closed_reply = refuse(refused, 0, shares=True).reply, refuse(refused, 0, shares=False).reply

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
    reply = refuse(read_refused(parse(sent)), 0, shares=True).reply

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


# What is told


BARE = "The request is malformed: Bare LF found in HTTP message."
LONG_TARGET = "The target is longer than 400 bytes. Send less, or raise --max-target."
LONG_HEADERS = "The headers are longer than 1000 bytes. Send less, or raise --max-headers."
LONG_BODY = "The body is longer than 400 bytes. Send less, or raise --max-body."
START = "The request is malformed: Start line is invalid."


@pytest.mark.parametrize(
    ("sent", "method", "target", "status", "why"),
    [
        (write_request("/a?b", "Host: x"), "GET", "/a?b", 400, "The request is malformed: Host is given twice."),
        (write_request(LONG), "GET", LONG, 414, LONG_TARGET),
        (b"GET " + LONG.encode(), "GET", LONG, 414, LONG_TARGET),
        (write_request("/a", WIDE), "GET", "/a", 431, LONG_HEADERS),
        (b"X" * 9999, "X" * 9999, "", 431, LONG_HEADERS),
        (write_request("/a", "Content-Length: 500", method="pOST"), "pOST", "/a", 413, LONG_BODY),
        (b"GET /a HTTP/1.1\nHost: x\n\n", "GET", "/a", 400, BARE),
        (b"GET /a\n", "GET", "/a", 400, BARE),
        (b"GET /a b HTTP/1.1\r\n\r\n", "GET", "/a b", 400, START),
        (write_request("/\x1b[2J", "?"), "GET", "/\x1b[2J", 400, "The request is malformed: Invalid header."),
        (write_request("/a", version="3.0"), "GET", "/a", 505, "The version of HTTP is unknown. Use HTTP/1.1."),
    ],
    ids=range(11),
)
@pytest.mark.parametrize("shares", [False, True])
def test_refused_request_is_told(
    shares: bool, sent: bytes, method: str, target: str, status: int, why: str, logged: list[LogRecord]
) -> None:
    told: list[Exchange] = []
    refuser = Refuser("http://localhost:1", told.append, shares=shares)

    reply = refuser.refuse(parse(sent), "::1", 7.5)

    (exchange,) = told
    assert (exchange.request.method, exchange.request.target) == (method, target)
    assert (exchange.reply, reply.status, exchange.source) == (reply, status, Source("server", f"refused: {why}"))
    assert logged == []


def test_answered_preflight_is_told_as_one() -> None:
    parser = parse(write_request(LONG, FROM, *ASKED, method="OPTIONS"))

    exchange = refuse(read_refused(parser), 0, shares=True)

    assert (exchange.reply.status, str(exchange.source)) == (204, "preflight")


TLS = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
PLAIN = "the stub speaks plain HTTP: use http://localhost:1"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (TLS, f"spoke TLS; {PLAIN}"),
        (TLS + b" " + b"x" * 500, f"spoke TLS; {PLAIN}"),
        (b"\x16", f"spoke TLS; {PLAIN}"),
        (
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "spoke HTTP/2 from the start; the stub speaks HTTP/1.1: let the client use that",
        ),
        (b"\x05\x01\x00", rf"sent '\x05\x01\x00', which begins no request; {PLAIN}"),
        (b"\x1b[2J\r\n\xe9", rf"sent '\x1b[2J\r\n\xe9', which begins no request; {PLAIN}"),
        (b"<html>", f"sent '<html>', which begins no request; {PLAIN}"),
        (b"PING\r\n", rf"sent 'PING\r\n', which begins no request; {PLAIN}"),
        (b"?" * 17, f"sent '{'?' * 16}'..., which begins no request; {PLAIN}"),
    ],
)
def test_stranger_is_logged_in_one_line(sent: bytes, told: str, logged: list[LogRecord]) -> None:
    exchanges: list[Exchange] = []
    refuser = Refuser("http://localhost:1", exchanges.append, shares=True)

    refuser.refuse(parse(sent), "::1", 7.5)

    assert ([each.getMessage() for each in logged], exchanges) == ([f"::1 {told}"], [])


def test_server_tells_of_refusals_but_not_of_others(logged: list[LogRecord]) -> None:
    told: list[Exchange] = []

    with running(echo, observe=told.append) as server:
        send(server, LAST)
        send(server, b"GET /a HTTP/1.1\r\n\r\n")
        send(server, TLS)

    assert [(each.request.target, each.reply.status) for each in told] == [("/a", 400)]
    assert [each.getMessage() for each in logged] == [
        f"127.0.0.1 spoke TLS; the stub speaks plain HTTP: use {server.url}"
    ]
