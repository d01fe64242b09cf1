"""Requests, replies and their headers."""

import pytest

from mockserver.http.headers import Headers
from mockserver.http.messages import Reply, Request
from tests.support.exchanges import make_exchange

SENT: Headers = (("Content-Type", "text/json"), ("X-A", "1"), ("x-a", "2"))


def test_request_joins_the_lines_of_a_header() -> None:
    request = Request("GET", "/", headers=(("accept", "text/json"), ("accept", "*/*")))

    assert (request.header("accept"), request.header("content-type")) == ("text/json, */*", None)
    assert (request.header_lines("accept"), request.header_lines("content-type")) == (("text/json", "*/*"), ())


def test_request_is_to_localhost_by_default() -> None:
    request = Request("GET", "/API/Customers/a%20b?idType=1")

    assert (request.scheme, request.host, request.headers) == ("http", "localhost", ())


@pytest.mark.parametrize(
    ("name", "value"), [("content-type", "text/json"), ("CONTENT-TYPE", "text/json"), ("X-A", "1"), ("X-B", None)]
)
def test_reply_gives_the_first_header_of_a_name(name: str, value: str | None) -> None:
    assert Reply(200, SENT).header(name) == value


@pytest.mark.parametrize(
    ("headers", "result"),
    [
        *(((), SENT), ((("X-B", "3"),), (*SENT, ("X-B", "3")))),
        ((("X-a", "3"),), (SENT[0], ("X-a", "3"))),
        ((("X-A", "3"), ("X-A", "4")), (SENT[0], ("X-A", "3"), ("X-A", "4"))),
    ],
)
def test_added_headers_replace_those_of_the_same_name(headers: Headers, result: Headers) -> None:
    reply = Reply(200, SENT, b"{}")

    assert (reply.with_headers(headers), reply) == (Reply(200, result, b"{}"), Reply(200, SENT, b"{}"))


def test_equal_exchanges_are_equal() -> None:
    first, second = (make_exchange(source="framework") for _ in range(2))

    assert (first == second, first.session, first.fault) == (True, None, None)
