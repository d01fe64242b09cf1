"""Pages of other origins: who may ask, what they may read, and what a client may not put into headers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import pytest
from flask.testing import FlaskClient

from mockserver.http.cors import answer_preflight, share_answer
from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source
from mockserver.server.serving import Server
from mockserver.web.app import create_app
from tests.support.serving import running, send, write_request

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


def expose(*names: str) -> dict[str, str]:
    return {"Access-Control-Expose-Headers": ", ".join(names)} if names else {}


# Preflights, as values

ORIGIN, METHOD = {"origin": PAGE}, {"access-control-request-method": "PUT"}


def allow(**headers: str) -> dict[str, str]:
    return {f"Access-Control-Allow-{name.replace('_', '-')}": value for name, value in headers.items()}


@pytest.mark.parametrize(
    ("key", "sent", "headers"),
    [
        *(("method", method, allow(Methods=method)) for method in ("PUT", "get", "M-SEARCH*")),
        *(("origin", origin, {}) for origin in ("null", "file://", "http://[::1]:3000")),
        *(("headers", names, {}) for names in ("", " , ", "\r\n")),
        ("headers", "a", allow(Headers="a")),
        ("headers", "authorization,x-b,\tC , ,d", allow(Headers="authorization, x-b, C, d")),
        ("headers", "a,b\r\nX: y,c d,ü,(e),\x00,f:g,h", allow(Headers="a, h")),
        *(("private-network", "true", allow(Private_Network="true")), ("private-network", "false", {})),
    ],
)
def test_preflight_is_allowed_as_asked(key: str, sent: str, headers: dict[str, str]) -> None:
    own = {"origin" if key == "origin" else f"access-control-request-{key}": sent}

    reply = answer_preflight(Request("OPTIONS", "/any", headers=tuple((ORIGIN | METHOD | own).items())))

    assert reply is not None
    assert (reply.status, dict(reply.headers), reply.body) == (204, ALLOWED | headers, b"")


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        *((method, ORIGIN | METHOD) for method in ("GET", "options")),
        *(("OPTIONS", asked) for asked in ({}, ORIGIN, METHOD)),
        *(("OPTIONS", METHOD | {"origin": origin}) for origin in ("", f"{PAGE}\n")),
        *(
            ("OPTIONS", ORIGIN | {"access-control-request-method": method})
            for method in ("", "A B", "GET\n", "GET\r\nX: y", "GÉT")
        ),
    ],
)
def test_other_request_is_left_alone(method: str, asked: dict[str, str]) -> None:
    assert answer_preflight(Request(method, "/", headers=tuple(asked.items()))) is None


# Sharing, as values


@pytest.mark.parametrize(
    ("headers", "exposed"),
    [
        ((), []),
        ((("Content-Type", "a/b"), ("cache-control", "x"), ("Pragma", "y"), ("Expires", "-1")), []),
        ((("Content-Length", "1"), ("Last-Modified", "x"), ("Content-Language", "he"), ("Set-Cookie", "a=b")), []),
        ((("X-Mock-Source", "generated"), ("Content-Type", "a/b"), ("allow", "GET")), ["X-Mock-Source", "allow"]),
        ((("Link", "a"), ("Link", "b"), ("ETag", "c"), ("Retry-After", "1")), ["Link", "ETag", "Retry-After"]),
    ],
)
def test_script_may_read_every_header_of_an_answer(headers: Headers, exposed: list[str]) -> None:
    shared = share_answer(PAGE, headers)

    assert shared[: len(headers)] == headers
    assert dict(shared[len(headers) :]) == SHARED | expose(*exposed)


def test_vary_names_the_origin_beside_other_names() -> None:
    assert dict(share_answer(PAGE, (("vary", "Accept"),))) == SHARED | {"Vary": "Accept, Origin"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access-control-allow-origin", "https://other.example"),
        ("Access-Control-Allow-Credentials", "false"),
        ("Access-Control-Expose-Headers", "X-Own"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_answer_keeps_its_own_headers_of_sharing(name: str, value: str) -> None:
    others = {each: given for each, given in SHARED.items() if each.lower() != name.lower()}

    assert dict(share_answer(PAGE, ((name, value),))) == {name: value, **others}


@pytest.mark.parametrize(
    "origin", [None, "", "a b", "a, b", f"{PAGE}\r\nX: y", f"{PAGE}\n", "http://é", "\x00", "\x7f"]
)
def test_answer_to_no_origin_may_only_be_embedded(origin: str | None) -> None:
    shared = share_answer(origin, (("X-Mock-Source", "generated"),))

    bare = (("Vary", "Origin"), ("Cross-Origin-Resource-Policy", "cross-origin"))
    assert shared == (("X-Mock-Source", "generated"), *bare)


# In process


@pytest.mark.parametrize(
    ("method", "target", "status", "exposed", "vary"),
    [
        ("GET", "/API/Customers/100200300", 200, ["X-Mock-Source"], "Prefer"),
        ("GET", "/Customers/42", 200, ["X-Mock-Source"], "Prefer"),
        ("HEAD", "/Customers/42", 405, ["Allow", "X-Mock-Source", "X-Mock-Hint"], ""),
        ("GET", "/Customers/42?idType=abc", 400, ["X-Mock-Source"], "Prefer"),
        ("GET", "/Customers/not-found", 404, ["X-Mock-Source"], "Prefer"),
        ("GET", "/nowhere", 404, ["X-Mock-Source", "X-Mock-Hint"], ""),
        ("BREW", "/Customers/42", 405, ["Allow", "X-Mock-Source", "X-Mock-Hint"], ""),
        ("GET", "/Customers/server-error", 500, ["X-Mock-Source"], "Prefer"),
        *(("GET", target, 200, [], "") for target in ("/__mock/health", "/__mock/openapi.yaml")),
        ("POST", "/__mock/health", 405, ["Allow"], ""),
    ],
)
def test_every_answer_is_shared_and_otherwise_the_same(
    client: FlaskClient, method: str, target: str, status: int, exposed: list[str], vary: str
) -> None:
    origins = (PAGE, "null", "file://")

    shared = [client.open(target, method=method, headers={"Origin": origin}) for origin in origins]
    plain = client.open(target, method=method)

    assert (plain.status_code, sharing_of(plain.headers)) == (status, {"Vary": vary} if vary else {})
    for origin, response in zip(origins, shared, strict=True):
        kept, before = (
            [pair for pair in each.headers.to_wsgi_list() if not is_ours(pair[0])] for each in (response, plain)
        )
        assert (response.status, response.data, kept) == (plain.status, plain.data, before)
        own = {"Access-Control-Allow-Origin": origin, "Vary": f"{vary}, Origin".removeprefix(", ")}
        assert sharing_of(response.headers) == SHARED | own | expose(*exposed)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_image_of_another_page_may_be_embedded(client: FlaskClient, site: str) -> None:
    response = client.get("/Customers/42", headers={"Sec-Fetch-Site": site})

    assert sharing_of(response.headers) == {"Vary": "Prefer, Origin", "Cross-Origin-Resource-Policy": "cross-origin"}


def test_exception_can_be_read(logged: list[logging.LogRecord]) -> None:
    app = create_app()
    app.add_url_rule("/mistake", view_func=lambda: str(1 // 0))

    response = app.test_client().get("/mistake", headers={"Origin": PAGE})

    assert (response.status_code, sharing_of(response.headers), len(logged)) == (500, SHARED, 1)


@pytest.mark.parametrize(
    ("own", "status", "changed", "logs"),
    [
        ("Content-Type: a/b", 500, {"Vary": "Prefer, Origin"} | expose("X-Mock-Source", "X-Mock-Breach"), 1),
        (
            "Access-Control-Allow-Origin: https://other.example, Vary: Accept, X-Own: 1",
            200,
            {"Access-Control-Allow-Origin": "https://other.example", "Vary": "Accept, Prefer, Origin"}
            | expose("X-Own", "X-Mock-Source"),
            0,
        ),
    ],
)
def test_breach_is_readable_and_answers_may_forbid_it(
    logged: list[logging.LogRecord], own: str, status: int, changed: dict[str, str], logs: int
) -> None:
    client = create_app().test_client()
    answer = f"{{name: a, operation: getCustomer, reply: {{headers: {{{own}}}}}}}"
    added = client.post("/__mock/answers", data=answer, content_type="application/yaml")

    response = client.get("/Customers/1", headers={"Origin": PAGE})

    assert added.status_code == 201
    assert (response.status_code, sharing_of(response.headers), len(logged)) == (status, SHARED | changed, logs)


@pytest.mark.parametrize("target", ["/API/Customers/1", "/nowhere", "/", "/__mock/health", "/__mock/openapi.yaml"])
def test_preflight_is_answered_for_every_path(client: FlaskClient, target: str) -> None:
    response = client.options(target, headers=ASKED)

    assert (response.status_code, response.data) == (204, b"")
    assert dict(response.headers) == ALLOWED | SHARED | expose("X-Mock-Source")


@pytest.mark.parametrize("headers", [{}, {"Origin": PAGE}, {"Access-Control-Request-Method": "GET"}])
def test_other_options_are_405(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.options("/API/Customers/1", headers=headers)

    body = b"""{"Message":"The requested resource does not support http method 'OPTIONS'."}"""
    assert (response.status_code, response.headers["Allow"], response.data) == (405, "GET", body)
    assert ("Access-Control-Allow-Origin" in response.headers) is ("Origin" in headers)


def test_observer_is_told_of_preflights() -> None:
    told: list[Exchange] = []
    client = create_app(observe=told.append).test_client()

    client.options("/Customers/1?x", headers=ASKED)

    assert [(each.request.target, each.reply, each.source) for each in told] == [
        ("/Customers/1?x", Reply(204, tuple(ALLOWED.items())), Source("preflight"))
    ]


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("target", ["/Customers/42", "/nowhere", "/__mock/health"])
def test_sharing_can_be_turned_off(target: str, method: str) -> None:
    client = create_app(cors=False).test_client()

    response = client.open(target, method=method, headers={**ASKED, "Sec-Fetch-Site": "cross-site"})

    plain = client.open(target, method=method)
    assert (response.status, response.data) == (plain.status, plain.data)
    assert response.headers.to_wsgi_list() == plain.headers.to_wsgi_list()
    assert sharing_of(response.headers).keys() <= {"Vary"}


# Over the socket


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(create_app()) as running_server:
        yield running_server


def ask(server: Server, target: str, *fields: str, method: str = "GET") -> tuple[int, list[str], str]:
    """Return status, header lines but for the date, and body; each character of a field is a byte."""
    request = write_request(target, "Connection: close", method=method).decode().removesuffix("\r\n")
    sent = "".join((request, *(f"{field}\r\n" for field in fields), "\r\n"))
    head, _, body = send(server, sent.encode("latin-1")).decode().partition("\r\n\r\n")
    status, *headers = head.split("\r\n")
    return int(status.split()[1]), sorted(headers), body


GET_FROM = ("Origin: http://a", "Access-Control-Request-Method: GET")


def test_preflight_has_no_body_over_a_socket(server: Server) -> None:
    names = ("Access-Control-Request-Headers: x-a,x-b", "Access-Control-Request-Private-Network: true")

    answer = ask(server, "/API/Customers/1", *GET_FROM, *names, method="OPTIONS")

    headers = {
        **allow(Credentials="true", Headers="x-a, x-b", Methods="GET", Origin="http://a", Private_Network="true"),
        **expose("X-Mock-Source"),
        "Access-Control-Max-Age": "7200",
        "Connection": "close",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Origin",
        "X-Mock-Source": "preflight",
    }
    assert answer == (204, sorted(f"{name}: {value}" for name, value in headers.items()), "")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        *((origin, 404) for origin in ("http://\xe9", "http://a http://b", "", "http://a\r\nOrigin: http://b")),
        *((origin, 400) for origin in ("http://a\x0bX: y", "\x1b[31mred", "http://a\rX: y", "http://a\nX: y")),
    ],
)
def test_invalid_origin_is_not_echoed(server: Server, origin: str, status: int) -> None:
    answer = ask(server, "/Customers/not-found", f"Origin: {origin}")

    assert (answer[0], [line for line in answer[1] if line.startswith(("Access-Control-", "X:"))]) == (status, [])


@pytest.mark.parametrize(
    ("lines", "allowed"),
    [
        (("a,b c,\xff,d",), "a, d"),
        (("a", "b"), "a, b"),
        ((",".join(["x"] * 1000),), ", ".join(["x"] * 1000)),
    ],
)
def test_only_names_of_headers_are_given_back(server: Server, lines: tuple[str, ...], allowed: str) -> None:
    fields = (f"Access-Control-Request-Headers: {line}" for line in lines)

    status, headers, _ = ask(server, "/", *GET_FROM, *fields, method="OPTIONS")

    given = [line for line in headers if "Allow-Headers" in line]
    assert (status, given) == (204, [f"Access-Control-Allow-Headers: {allowed}"])
