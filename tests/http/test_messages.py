"""Requests, replies and their headers."""

import pytest

from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source

SENT: Headers = (("Content-Type", "text/json"), ("X-A", "1"), ("x-a", "2"))


def test_request_gives_a_header_by_its_lower_case_name() -> None:
    request = Request("GET", "/", headers=(("accept", "text/json"), ("accept", "*/*")))

    assert (request.header("accept"), request.header("content-type")) == ("text/json, */*", None)
    assert (request.header_lines("accept"), request.header_lines("content-type")) == (("text/json", "*/*"), ())


def test_request_is_to_localhost_by_default() -> None:
    request = Request("GET", "/API/Customers/a%20b?idType=1")

    assert (request.scheme, request.host, request.headers) == ("http", "localhost", ())


HEADERS = [("content-type", "text/json"), ("CONTENT-TYPE", "text/json"), ("X-A", "1"), ("X-B", None)]


@pytest.mark.parametrize(("name", "value"), HEADERS)
def test_reply_gives_the_first_header_of_a_name_in_any_case(name: str, value: str | None) -> None:
    assert Reply(200, SENT).header(name) == value


ADDED: list[tuple[Headers, Headers]] = [
    ((), SENT),
    ((("X-B", "3"),), (*SENT, ("X-B", "3"))),
    ((("X-a", "3"),), (("Content-Type", "text/json"), ("X-a", "3"))),
    ((("X-A", "3"), ("X-A", "4")), (("Content-Type", "text/json"), ("X-A", "3"), ("X-A", "4"))),
]


@pytest.mark.parametrize(("headers", "result"), ADDED)
def test_added_headers_take_the_place_of_those_of_the_same_name(headers: Headers, result: Headers) -> None:
    reply = Reply(200, SENT, b"{}")

    assert reply.with_headers(headers) == Reply(200, result, b"{}")
    assert reply == Reply(200, SENT, b"{}")


def test_exchanges_of_equal_parts_are_equal_and_can_be_kept() -> None:
    first, second = (Exchange(Request("GET", "/"), Reply(404), Source("framework")) for _ in range(2))

    assert len({first, second}) == 1
