"""Requests as bytes: which are refused as soon as possible, and how unusual ones are read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from waitress.adjustments import Adjustments

from mockserver.http.messages import HEAD_READING, HEADER_FIELDS
from mockserver.server.kept_heads import KeptHeads
from mockserver.server.limits import Limits
from mockserver.server.parser import Parser

SMALL = Limits(max_target=40, max_headers=100)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def parse(*parts: bytes, limits: Limits = SMALL) -> Parser:
    """Return the parser after it has received each part; it must not be completed before the last."""
    parser = Parser(limits, KeptHeads(), Adjustments())
    for part in parts:
        assert not parser.completed
        rest = part
        while rest and not parser.completed:
            rest = rest[parser.received(rest) :]
    return parser


def split(sent: bytes) -> list[bytes]:
    return [bytes([byte]) for byte in sent]


HOST = b"GET / HTTP/1.1\r\nHost: %s\r\n"
HOSTS = [
    *(b"", b":80", b"x", b"x:", b"x:8080", b"A-b.c_d~", b"127.0.0.1:1", b"[::1]", b"[::1]:80", b"[fe80::1%25eth0]:80"),
    *(b"[v1.a:b]", b"a%20b", b"x,y;z=1!$&'()*+"),
]
"""Values of Host that are valid."""

BAD_HOSTS = [
    *(b"a b", b"a b/c", b"a/b", b"/", b"a@b", b"http://x", b"x:y", b"x:80:80", b"::1", b"[::1", b"::1]", b"[::1]x"),
    *(b"[]", b"[x]", b"a%2", b"a%zz", b"x?", b"x#", b"x\\y", b'"x"', b"<x>", b"{x}", b"x|y", b"x^y", b"x`y", b"a, b"),
    *(b"\xd7\x93", b"x\xff", b"a\tb", b"a\r\n b"),
]

OLD_CODING = "Transfer-Encoding needs HTTP/1.1"
CODINGS = [(b"Transfer-Encoding", b"chunked"), (b"TRANSFER-ENCODING", b"gzip"), (b"transfer-encoding", b"")]
START = "Start line is invalid"
LENGTH = "Content-Length is invalid"
NUMBER = "Target or Content-Length is invalid"
BARE_LF = "Bare LF found in HTTP message"
BARE_LINE = "Bare CR or LF found in header line"


@pytest.mark.parametrize(
    ("sent", "code", "finding"),
    [
        (b"GET /" + b"x" * 40 + b" HTTP/1.1\r\n\r\n", 414, ""),
        (b"GET /" + b"x" * 40, 414, ""),
        (b"\r\nGET /" + b"x" * 40, 414, ""),
        (b"GET /" + b"x" * 100_000, 414, ""),
        (b"HEAD /" + b"x" * 40 + b" HTTP/1.1\r\n\r\n", 414, ""),
        (HEAD + b"A: " + b"x" * 100 + b"\r\n\r\n", 431, ""),
        (HEAD + b"A: " + b"x" * 100_000, 431, ""),
        (HEAD + b"A: b\r\n" * 100, 431, ""),
        (HEAD + b"A: " + b"x" * 89 + b"\r\n\r\n", 431, ""),
        (b"GET\r\n\r\n", 400, START),
        (b"GET / HTTP/1.1 \xff\r\n\r\n", 400, START),
        (b"GET / b HTTP/1.1\r\n\r\n", 400, START),
        (b"G(T / HTTP/1.1\r\n\r\n", 400, START),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, START),
        (b"<html>", 400, START),
        (b"SSH-2.0-OpenSSH_9.6\r\n", 400, START),
        (b"PING\r\n", 400, START),
        (b"GET / HTTP/1.1\nHost: x\n\n", 400, BARE_LF),
        (b"GET / HTTP/1.1\r\nHost: x\n\n", 400, BARE_LF),
        (b"GET / HTTP/1.1\r\nHost: x\ny\r\n\r\n", 400, BARE_LINE),
        (b"GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", 400, BARE_LINE),
        (b"GET /\rx HTTP/1.1\r\n\r\n", 400, "Bare CR or LF found in HTTP message"),
        (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400, "Malformed header line"),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", 400, "Invalid header"),
        (b"GET / HTTP/1.1\r\nA: \x1b[31m\r\n\r\n", 400, "Invalid header"),
        (b"GET / HTTP/1.1\r\nA: \0\r\n\r\n", 400, "Invalid header"),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400, LENGTH),
        (HEAD + b"Content-Length: 1, 1\r\n\r\n", 400, LENGTH),
        (b"GET http://[/ HTTP/1.1\r\n\r\n", 400, NUMBER),
        (POST + CHUNKED + b"z\r\n", 400, "Invalid chunk size"),
        (POST + CHUNKED + b"1;\x01\r\n", 400, "Invalid chunk extension"),
        (POST + CHUNKED + b"1\r\nabc", 400, "Chunk not properly terminated"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host is missing"),
        (b"GET http://x/ HTTP/1.1\r\n\r\n", 400, "Host is missing"),
        (b"GET / HTTP/1.2\r\nX-Host: x\r\n\r\n", 400, "Host is missing"),
        *((HEAD + b"%s\r\n\r\n" % line, 400, "Host is given twice") for line in (b"Host: x", b"host: y", b"HOST:")),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n", 400, "Host is given twice"),
        *((HOST % host + b"\r\n", 400, "Host is invalid") for host in BAD_HOSTS),
        (b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400, "Host is invalid"),
        *((b"POST / HTTP/1.0\r\n%s: %s\r\n\r\n" % each, 400, OLD_CODING) for each in CODINGS),
        (b"POST /\r\nTransfer-Encoding: chunked\r\n\r\n", 400, OLD_CODING),
        *((b"GET / HTTP/%s\r\n" % version, 505, "") for version in (b"2.0", b"3.7", b"0.9", b"2", b"11.1", b"9.9 ")),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, ""),
        (b"PRI * HTTP/2.0\r\n", 505, ""),
        (b"GET / HTTP/1\r\n\r\n", 400, START),
        (b"GET / HTTP/1.x\r\n\r\n", 400, START),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501, "Transfer-Encoding requested is not supported."),
    ],
)
def test_bad_request_is_refused_without_waiting(sent: bytes, code: int, finding: str) -> None:
    parser = parse(sent)

    assert (parser.error.code, parser.error.body.partition(' "')[0]) == (code, finding)
    assert parser.completed


def test_number_beyond_python_is_refused() -> None:
    parser = parse(HEAD + b"Content-Length: " + b"1" * 5000 + b"\r\n\r\n", limits=Limits())

    assert (parser.error.code, parser.error.body) == (400, NUMBER)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (HEAD, {"command": "GET", "method": "GET", "request_uri": "/", "path": "/"}),
        (b"\r\n" + HEAD, {"request_uri": "/"}),
        (b"get / HTTP/1.1\r\nHost: x\r\n", {"command": "GET", "method": "get"}),
        (b"pUT / HTTP/1.1\r\nHost: x\r\n", {"command": "PUT", "method": "pUT"}),
        (b"* / HTTP/1.1\r\nHost: x\r\n", {"command": "*", "method": "*"}),
        (b"GET /" + b"x" * 39 + b" HTTP/1.1\r\nHost: x\r\n", {"request_uri": "/" + "x" * 39}),
        *(
            (HEAD + b"A: " + b"x" * size + b"\r\n", {"headers": {"HOST": "x", "A": "x" * size}})
            for size in range(85, 89)
        ),
        (
            b"GET /\xd7\x93?\xff HTTP/1.1\r\nHost: x\r\n",
            {"request_uri": "/%D7%93?%FF", "path": "/\xd7\x93", "query": "%FF"},
        ),
        (HEAD + b"A: b\r\n", {"headers": {"HOST": "x", "A": "b"}, "header_lines": {}}),
        (HEAD + b"A: 1\r\nb: 2\r\na:3\t\r\n", {"header_lines": {"a": ("1", "3")}}),
        (HEAD + b"A: 1\r\n 2\r\na:\r\n", {"header_lines": {"a": ("1 2", "")}}),
        (HEAD + b"A_b: 1\r\nA: \xe9\r\n c\r\n", {"headers": {"HOST": "x", "A": "\xe9 c"}}),
        (HEAD + b"A_b: 1\r\nA-b: 2\r\n", {"headers": {"HOST": "x", "A_B": "2"}, "header_lines": {"a_b": ("1",)}}),
        (HEAD + b"A_B: 1\r\na_b:\r\n", {"headers": {"HOST": "x"}, "header_lines": {"a_b": ("1", "")}}),
        (HEAD + b"Expect: 100-continue\r\n", {"expect_continue": False}),
        (HEAD + b"Expect: something\r\n", {"expect_continue": False}),
        *((HOST % host, {"headers": {"HOST": host.decode()}}) for host in HOSTS),
        *((b"GET / HTTP/1.%d\r\nHost: x\r\n" % minor, {"version": "1.1"}) for minor in range(1, 10)),
        (b"GET / HTTP/1.0\r\n", {"version": "1.0", "headers": {}}),
        (b"GET /\r\n", {"version": "", "headers": {}}),
        (b"GET /?HTTP/2.0 HTTP/1.0\r\n", {"version": "1.0", "request_uri": "/?HTTP/2.0"}),
        (b"GET / HTTP/1.2\r\nHost: x\r\nConnection: close\r\n", {"connection_close": True}),
    ],
)
def test_request_is_read_alike_by_the_byte(sent: bytes, read: Mapping[str, object]) -> None:
    for parser in (parse(sent + b"\r\n"), parse(*split(sent + b"\r\n"))):
        assert (parser.error, parser.completed) == (None, True)
        assert {name: getattr(parser, name) for name in read} == read


@pytest.mark.parametrize("expect", [b"", b"Expect: 100-continue\r\n"])
@pytest.mark.parametrize(
    "rest", [b"Content-Length: 4\r\n\r\nbody", CHUNKED + b"1;a=b\r\nb\r\n3\r\nody\r\n0\r\nTrailer: x\r\n\r\n"]
)
def test_body_is_read_with_its_length_or_chunked(rest: bytes, expect: bytes) -> None:
    for parser in (parse(POST + expect + rest), parse(*split(POST + expect + rest))):
        assert (parser.error, parser.completed, parser.get_body_stream().read()) == (None, True, b"body")
        assert parser.expect_continue == bool(expect)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /a%20b?c=d#e HTTP/1.1\r\nHost: x\r\nAccept: a\r\nX-A: 1\r\nX-A: 2\r\nX_B: 3\r\n\r\n",
        b"get http://h.example/a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"GET /\xff HTTP/1.2\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
    ],
)
def test_kept_head_leaves_nothing_out(head: bytes) -> None:
    heads = KeptHeads()
    read, restored = (Parser(Limits(), heads, Adjustments()) for _ in range(2))

    taken = read.received(head)
    read.keep({"REQUEST_URI": "", HEADER_FIELDS: b"", HEAD_READING: ()})

    assert restored.received(head) == taken
    kept = restored.kept
    assert kept is not None
    assert {**vars(restored), "kept": None, "adj": read.adj} == {**kept.attributes, **vars(read)}
