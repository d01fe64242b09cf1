"""Pages of other origins: who may ask, what they may read, and what a client may not put into headers."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from mockserver.http.cors import answer_preflight, share_answer
from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source
from mockserver.server.serving import Server
from mockserver.web.app import create_app

Write = Callable[[str, str], Path]

PAGE = "http://localhost:3000"
SHARED = {
    "Vary": "Origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": PAGE,
    "Access-Control-Allow-Credentials": "true",
}
"""On every answer to a script of the page."""

ASKED = {"Origin": PAGE, "Access-Control-Request-Method": "PUT"}
ALLOWED = {"Access-Control-Allow-Methods": "PUT", "Access-Control-Max-Age": "7200", "X-Mock-Source": "preflight"}


def is_ours(name: str) -> bool:
    return name == "Vary" or name.startswith(("Access-Control-", "Cross-Origin-"))


def sharing_of(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in headers if is_ours(name)}


# Preflights, as values


@pytest.mark.parametrize(
    ("asked", "headers"),
    [
        ({}, ()),
        ({"access-control-request-method": "get"}, (("Access-Control-Allow-Methods", "get"),)),
        ({"access-control-request-method": "M-SEARCH*"}, (("Access-Control-Allow-Methods", "M-SEARCH*"),)),
        ({"origin": "null"}, ()),
        ({"origin": "file://"}, ()),
        ({"origin": "http://[::1]:3000"}, ()),
        ({"access-control-request-headers": ""}, ()),
        ({"access-control-request-headers": " , "}, ()),
        ({"access-control-request-headers": "a"}, (("Access-Control-Allow-Headers", "a"),)),
        (
            {"access-control-request-headers": "authorization,x-b,\tC , ,d"},
            (("Access-Control-Allow-Headers", "authorization, x-b, C, d"),),
        ),
        (
            {"access-control-request-headers": "a,b\r\nX: y,c d,ü,(e),\x00,f:g,h"},
            (("Access-Control-Allow-Headers", "a, h"),),
        ),
        ({"access-control-request-headers": "\r\n"}, ()),
        ({"access-control-request-private-network": "true"}, (("Access-Control-Allow-Private-Network", "true"),)),
        ({"access-control-request-private-network": "false"}, ()),
    ],
)
def test_preflight_is_allowed_as_asked(asked: dict[str, str], headers: Headers) -> None:
    request = Request(
        "OPTIONS", "/any", headers=tuple(({"origin": PAGE, "access-control-request-method": "PUT"} | asked).items())
    )

    reply = answer_preflight(request)

    expected = {**ALLOWED, **dict(headers)}
    assert reply is not None
    assert (reply.status, dict(reply.headers), reply.body) == (204, expected, b"")


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        ("GET", {"origin": PAGE, "access-control-request-method": "PUT"}),
        ("options", {"origin": PAGE, "access-control-request-method": "PUT"}),
        ("OPTIONS", {}),
        ("OPTIONS", {"origin": PAGE}),
        ("OPTIONS", {"access-control-request-method": "PUT"}),
        ("OPTIONS", {"origin": PAGE, "access-control-request-method": ""}),
        ("OPTIONS", {"origin": PAGE, "access-control-request-method": "A B"}),
        ("OPTIONS", {"origin": PAGE, "access-control-request-method": "GET\n"}),
        ("OPTIONS", {"origin": PAGE, "access-control-request-method": "GET\r\nX: y"}),
        ("OPTIONS", {"origin": PAGE, "access-control-request-method": "GÉT"}),
        ("OPTIONS", {"origin": "", "access-control-request-method": "PUT"}),
        ("OPTIONS", {"origin": f"{PAGE}\n", "access-control-request-method": "PUT"}),
    ],
)
def test_request_that_is_no_preflight_is_left_alone(method: str, asked: dict[str, str]) -> None:
    assert answer_preflight(Request(method, "/", headers=tuple(asked.items()))) is None


# Sharing, as values


@pytest.mark.parametrize(
    ("headers", "exposed"),
    [
        ((), None),
        ((("Content-Type", "a/b"), ("cache-control", "x"), ("Pragma", "y"), ("Expires", "-1")), None),
        ((("Content-Length", "1"), ("Last-Modified", "x"), ("Content-Language", "he"), ("Set-Cookie", "a=b")), None),
        ((("X-Mock-Source", "generated"), ("Content-Type", "a/b"), ("allow", "GET")), "X-Mock-Source, allow"),
        ((("Link", "a"), ("Link", "b"), ("ETag", "c"), ("Retry-After", "1")), "Link, ETag, Retry-After"),
    ],
)
def test_script_may_read_every_header_that_an_answer_has(headers: Headers, exposed: str | None) -> None:
    shared = share_answer(PAGE, headers)

    more = {"Access-Control-Expose-Headers": exposed} if exposed else {}
    assert shared[: len(headers)] == headers
    assert dict(shared[len(headers) :]) == SHARED | more


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ([], "Origin"),
        (["Accept"], "Accept, Origin"),
        (["Accept, Accept-Charset"], "Accept, Accept-Charset, Origin"),
        (["Accept,", " Cookie"], "Accept, Cookie, Origin"),
        (["accept, origin"], "accept, origin"),
        (["*"], "*"),
        ([""], "Origin"),
    ],
)
def test_cache_is_told_that_an_answer_is_for_its_origin(given: list[str], sent: str) -> None:
    shared = share_answer(PAGE, tuple(("vary", value) for value in given))

    assert [value for name, value in shared if name.lower() == "vary"] == [sent]


@pytest.mark.parametrize(
    "own",
    [
        ("access-control-allow-origin", "https://other.example"),
        ("Access-Control-Allow-Credentials", "false"),
        ("Access-Control-Expose-Headers", "X-Own"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_answer_keeps_what_it_says_of_its_sharing(own: tuple[str, str]) -> None:
    shared = share_answer(PAGE, (own,))

    others = {name: value for name, value in SHARED.items() if name.lower() != own[0].lower()}
    assert dict(shared) == {own[0]: own[1], **others}


@pytest.mark.parametrize(
    "origin", [None, "", "a b", "a, b", f"{PAGE}\r\nX: y", f"{PAGE}\n", "http://é", "\x00", "\x7f"]
)
def test_answer_to_no_origin_may_be_embedded_and_not_read(origin: str | None) -> None:
    shared = share_answer(origin, (("X-Mock-Source", "generated"),))

    assert shared == (
        ("X-Mock-Source", "generated"),
        ("Vary", "Origin"),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    )


# In process

KINDS = {
    "record": ("GET", "/API/Customers/100200300", 200, "X-Mock-Source"),
    "generated": ("GET", "/Customers/42", 200, "X-Mock-Source"),
    "head": ("HEAD", "/Customers/42", 405, "Allow, X-Mock-Source"),
    "bad argument": ("GET", "/Customers/42?idType=abc", 400, "X-Mock-Source"),
    "nobody": ("GET", "/Customers/not-found", 404, "X-Mock-Source"),
    "no route": ("GET", "/nowhere", 404, "X-Mock-Source"),
    "wrong method": ("BREW", "/Customers/42", 405, "Allow, X-Mock-Source"),
    "error": ("GET", "/Customers/server-error", 500, "X-Mock-Source"),
    "health": ("GET", "/__mock/health", 200, None),
    "document": ("GET", "/__mock/openapi.yaml", 200, None),
    "wrong method of a page": ("POST", "/__mock/health", 405, "Allow"),
}
"""Method, target, status and the headers that are exposed."""


@pytest.mark.parametrize("origin", [PAGE, "null", "file://"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_can_be_read(client: FlaskClient, kind: str, origin: str) -> None:
    method, target, status, exposed = KINDS[kind]

    response = client.open(target, method=method, headers={"Origin": origin})

    more = {"Access-Control-Expose-Headers": exposed} if exposed else {}
    assert response.status_code == status
    assert sharing_of(response.headers) == SHARED | more | {"Access-Control-Allow-Origin": origin}


@pytest.mark.parametrize("kind", KINDS)
def test_sharing_changes_nothing_else(client: FlaskClient, kind: str) -> None:
    method, target, *_ = KINDS[kind]

    shared = client.open(target, method=method, headers={"Origin": PAGE})

    plain = client.open(target, method=method)
    kept = [pair for pair in shared.headers.to_wsgi_list() if not is_ours(pair[0])]
    assert (shared.status, shared.data, kept) == (plain.status, plain.data, plain.headers.to_wsgi_list())


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_image_of_another_page_may_be_embedded(client: FlaskClient, site: str) -> None:
    response = client.get("/Customers/42", headers={"Sec-Fetch-Site": site})

    assert sharing_of(response.headers) == {"Vary": "Origin", "Cross-Origin-Resource-Policy": "cross-origin"}


def test_exception_can_be_read(logged: list[logging.LogRecord]) -> None:
    app = create_app()
    app.add_url_rule("/mistake", view_func=lambda: str(1 // 0))

    response = app.test_client().get("/mistake", headers={"Origin": PAGE})

    assert (response.status_code, sharing_of(response.headers)) == (500, SHARED)
    assert len(logged) == 1


def test_breach_can_be_read(write: Write, logged: list[logging.LogRecord]) -> None:
    fixtures = write("a.yaml", "answers: [{name: a, operation: getCustomer, reply: {headers: {Content-Type: a/b}}}]")

    response = create_app(fixtures=fixtures).test_client().get("/Customers/1", headers={"Origin": PAGE})

    exposed = {"Access-Control-Expose-Headers": "X-Mock-Source, X-Mock-Breach"}
    assert (response.status_code, sharing_of(response.headers)) == (500, SHARED | exposed)
    assert len(logged) == 1


def test_fixture_may_forbid_what_the_stub_allows(write: Write) -> None:
    reply = "{headers: {Access-Control-Allow-Origin: https://other.example, Vary: Accept, X-Own: 1}}"
    fixtures = write("a.yaml", f"answers: [{{name: a, operation: getCustomer, reply: {reply}}}]")

    response = create_app(fixtures=fixtures).test_client().get("/Customers/1", headers={"Origin": PAGE})

    assert sharing_of(response.headers) == SHARED | {
        "Access-Control-Allow-Origin": "https://other.example",
        "Access-Control-Expose-Headers": "X-Own, X-Mock-Source",
        "Vary": "Accept, Origin",
    }


@pytest.mark.parametrize("target", ["/API/Customers/1", "/nowhere", "/", "/__mock/health", "/__mock/openapi.yaml"])
def test_preflight_is_answered_for_every_path(client: FlaskClient, target: str) -> None:
    response = client.options(target, headers=ASKED)

    assert (response.status_code, response.data) == (204, b"")
    assert dict(response.headers) == ALLOWED | SHARED | {"Access-Control-Expose-Headers": "X-Mock-Source"}


@pytest.mark.parametrize("headers", [{}, {"Origin": PAGE}, {"Access-Control-Request-Method": "GET"}])
def test_options_that_is_no_preflight_is_405(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.options("/API/Customers/1", headers=headers)

    body = b"""{"Message":"The requested resource does not support http method 'OPTIONS'."}"""
    assert (response.status_code, response.headers["Allow"], response.data) == (405, "GET", body)
    assert ("Access-Control-Allow-Origin" in response.headers) is ("Origin" in headers)


def test_observer_is_told_of_preflights() -> None:
    told: list[tuple[Exchange, float]] = []
    client = create_app(observe=lambda *exchange: told.append(exchange)).test_client()

    client.options("/Customers/1?x", headers=ASKED)

    asked = (("origin", PAGE), ("access-control-request-method", "PUT"))
    request = Request("OPTIONS", "/Customers/1?x", headers=asked)
    reply = Reply(204, tuple(ALLOWED.items()))
    assert [exchange for exchange, _ in told] == [Exchange(request, reply, Source("preflight"))]
    assert 0 < told[0][1] < 10


@pytest.mark.parametrize("kind", KINDS)
def test_answer_to_no_browser_is_bare(client: FlaskClient, kind: str) -> None:
    method, target, *_ = KINDS[kind]

    assert sharing_of(client.open(target, method=method).headers) == {}


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("target", ["/Customers/42", "/nowhere", "/__mock/health"])
def test_sharing_can_be_turned_off(target: str, method: str) -> None:
    client = create_app(cors=False).test_client()

    response = client.open(target, method=method, headers={**ASKED, "Sec-Fetch-Site": "cross-site"})

    plain = client.open(target, method=method)
    assert (response.status, response.data) == (plain.status, plain.data)
    assert response.headers.to_wsgi_list() == plain.headers.to_wsgi_list()
    assert sharing_of(response.headers) == {}


# Over the socket


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The root URL of a server of the shipped stub."""
    server = Server(create_app())
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.url
    server.stop()
    thread.join()


def ask(url: str, *lines: bytes) -> tuple[int, list[bytes], bytes]:
    """Status, header lines but for the date, and body of the answer to a request as it is written here."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(b"\r\n".join([*lines, b"Host: x", b"Connection: close", b"", b""]))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.split(b"\r\n")
    return int(status.split()[1]), sorted(line for line in headers if not line.startswith(b"Date:")), body


def test_preflight_has_no_body_over_a_socket(url: str) -> None:
    asked = [b"Access-Control-Request-Headers: x-a,x-b", b"Access-Control-Request-Private-Network: true"]

    answer = ask(
        url, b"OPTIONS /API/Customers/1 HTTP/1.1", b"Origin: null", b"Access-Control-Request-Method: GET", *asked
    )

    headers = [
        b"Access-Control-Allow-Credentials: true",
        b"Access-Control-Allow-Headers: x-a, x-b",
        b"Access-Control-Allow-Methods: GET",
        b"Access-Control-Allow-Origin: null",
        b"Access-Control-Allow-Private-Network: true",
        b"Access-Control-Expose-Headers: X-Mock-Source",
        b"Access-Control-Max-Age: 7200",
        b"Connection: close",
        b"Cross-Origin-Resource-Policy: cross-origin",
        b"Vary: Origin",
        b"X-Mock-Source: preflight",
    ]
    assert answer == (204, headers, b"")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (b"http://\xe9", 404),
        (b"http://a http://b", 404),
        (b"", 404),
        (b"http://a\x0bX: y", 400),
        (b"\x1b[31mred", 400),
        (b"http://a\rX: y", 400),
        (b"http://a\nX: y", 400),
    ],
)
def test_origin_that_is_none_is_not_echoed(url: str, origin: bytes, status: int) -> None:
    answer = ask(url, b"GET /Customers/not-found HTTP/1.1", b"Origin: " + origin)

    assert (answer[0], [line for line in answer[1] if line.startswith((b"Access-Control-", b"X:"))]) == (status, [])


def test_origin_that_is_sent_twice_is_not_echoed(url: str) -> None:
    status, headers, _ = ask(url, b"GET /Customers/not-found HTTP/1.1", b"Origin: http://a", b"Origin: http://b")

    assert status == 404
    assert [line for line in headers if line.startswith(b"Access-Control-")] == []


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        ((b"Access-Control-Request-Headers: a,b c,\xff,d",), b"a, d"),
        ((b"Access-Control-Request-Headers: a", b"Access-Control-Request-Headers: b"), b"a, b"),
        ((b"Access-Control-Request-Headers: " + b",".join([b"x"] * 1000),), b", ".join([b"x"] * 1000)),
    ],
)
def test_only_names_of_headers_are_given_back(url: str, lines: tuple[bytes, ...], allowed: bytes) -> None:
    status, headers, _ = ask(
        url, b"OPTIONS / HTTP/1.1", b"Origin: http://a", b"Access-Control-Request-Method: GET", *lines
    )

    assert status == 204
    assert [line for line in headers if b"Allow-Headers" in line] == [b"Access-Control-Allow-Headers: " + allowed]
