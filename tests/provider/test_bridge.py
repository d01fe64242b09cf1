"""The bridge from a fuzzer to a provider: what it passes on, and where it ends."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from werkzeug.test import Client as Caller

from mockserver.http.messages import Reply
from mockserver.provider.addresses import read_address
from mockserver.provider.bridge import Bridge, EndedError
from mockserver.provider.client import LIMITS, SAFE_METHODS, Client
from tests.support.providers import make_json, providing, write_reply


def make_bridge(url: str, budget: int = 9, methods: tuple[str, ...] = SAFE_METHODS) -> Bridge:
    client = Client(read_address(f"{url}/API"), limits=replace(LIMITS, bytes=100), sleep=lambda _: None)
    return Bridge(client, methods, (302,), budget)


def echo(target: str, head: bytes) -> Iterable[bytes]:
    lines = head.decode().split("\r\n")[1:-1]
    text = json.dumps([target, [line for line in lines if line.startswith(("X-", "Content"))]])
    return [write_reply(make_json(202, text))]


def test_request_and_answer_are_passed_on() -> None:
    with providing(echo) as url:
        bridge = make_bridge(url, methods=("POST",))
        response = Caller(bridge).post(
            "/API/a%2Fb", query_string="c=d%20e", data=b"abc", content_type="text/plain", headers={"X-A": "1"}
        )

    assert (response.status, response.mimetype) == ("202 Accepted", "application/json")
    target, lines = json.loads(response.data)
    assert target == "/API/a%2Fb?c=d%20e"
    assert sorted(lines) == ["Content-Length: 3", "Content-Type: text/plain", "X-A: 1"]


def test_query_in_the_raw_target_is_kept() -> None:
    with providing(echo) as url:
        response = Caller(make_bridge(url)).get("/API/a?b=%20")

    assert json.loads(response.data)[0] == "/API/a?b=%20"


def test_unknown_status_and_connection_headers_are_passed_on() -> None:
    sent = b"HTTP/1.1 599 What\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\n\r\n0\r\n\r\n"
    with providing(lambda _target, _head: [sent]) as url:
        response = Caller(make_bridge(url)).get("/API/")

    assert response.status_code == 599
    assert list(response.headers) == [("X-A", "1")]


def test_declared_redirect_is_an_answer() -> None:
    with providing(lambda _target, _head: [write_reply(Reply(302, (("Location", "/a"),)))]) as url:
        assert Caller(make_bridge(url)).get("/API/").status_code == 302


def test_other_method_is_not_sent() -> None:
    bridge = make_bridge("http://127.0.0.1:1")

    with pytest.raises(ConnectionError) as caught:
        Caller(bridge).delete("/API/")

    assert str(caught.value) == "DELETE is not sent unless --method DELETE allows it."


def test_budget_is_kept() -> None:
    with providing(echo) as url:
        bridge = make_bridge(url, budget=2)
        caller = Caller(bridge)
        assert [caller.get("/API/").status_code for _ in range(2)] == [202, 202]
        assert not bridge.has_ended
        with pytest.raises(EndedError):
            caller.get("/API/")

    assert (bridge.has_ended, bridge.reason) == (True, None)


def test_unreachable_provider_ends_it() -> None:
    with providing(echo) as url:
        bridge = make_bridge(url)

    with pytest.raises(EndedError):
        Caller(bridge).get("/API/")

    assert bridge.has_ended
    assert bridge.reason is not None
    assert bridge.reason.startswith(f"{url}/API cannot be reached: ")


def test_answer_that_is_none_is_told() -> None:
    answer = write_reply(Reply(200, (), bytes(101)))
    with providing(lambda _target, _head: [answer]) as url, pytest.raises(ConnectionError) as caught:
        Caller(make_bridge(url)).get("/API/a?b")

    assert str(caught.value) == "The answer to GET /a?b is larger than 100 bytes."
