"""Clients of requests and httpx that reach a stub in this process."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import httpx
import pytest
import requests
from flask import Flask, Response, request

from mockserver.testing.mock_api import MockAppApi, StubPlace
from mockserver.testing.requests_adapter import WsgiAdapter
from mockserver.testing.transports import WsgiTransport
from mockserver.web.app import create_app


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """A session whose server tells what it got."""
    echo = Flask(__name__)

    @echo.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> Response:
        told = Response(f"{request.method}|{request.full_path}|{request.host}|{request.data.decode()}", 201)
        told.headers["X-Own"] = ",".join(f"{name}={value}" for name, value in request.headers if name.startswith("X-"))
        told.set_cookie("seen", "1")
        return told

    with requests.Session() as opened:
        opened.mount("http://localhost", WsgiAdapter(echo))
        yield opened


def test_request_arrives_as_it_is_sent(session: requests.Session) -> None:
    answer = session.post("http://localhost:81/a%20b", params={"c": "ד"}, data=b"body", headers={"X-A": b"1"})

    assert (answer.status_code, answer.reason, answer.url) == (201, "CREATED", "http://localhost:81/a%20b?c=%D7%93")
    assert answer.text == "POST|/a b?c=%D7%93|localhost:81|body"
    assert answer.headers["x-own"] == "X-A=1"
    assert (answer.cookies["seen"], session.cookies["seen"]) == ("1", "1")


@pytest.mark.parametrize("body", ["ab", b"ab", BytesIO(b"ab"), iter(("a", b"b")), None])
def test_body_is_sent_as_a_whole(body: Any, session: requests.Session) -> None:
    answer = session.post("http://localhost/a", data=body)

    assert answer.text.rpartition("|")[2] == ("ab" if body else "")


def _make_api() -> MockAppApi:
    app = create_app()
    return MockAppApi(app, StubPlace(WsgiTransport(app), "/API"), "a")


def test_httpx_reaches_the_application() -> None:
    api = _make_api()
    api.answer("getCustomer", when={"id": "a b"}, status=404)
    with httpx.Client(transport=httpx.WSGITransport(app=api.app), base_url=api.url) as client:
        statuses = [client.get(f"/Customers/{each}").status_code for each in ("a%20b", "43")]
        client.put(f"{api.url.partition('/s/')[0]}/defaults", json={"code": 503}, headers={"X-Mock-Session": "a"})
        statuses.append(client.get("/Customers/43").status_code)

    assert statuses == [404, 200, 503]
    api.verify("getCustomer", exactly=3)


def test_stub_is_managed_in_process() -> None:
    api = _make_api()
    api.answer("getCustomer", when={"id": "42"}, status=404)
    with requests.Session() as session:
        session.mount("http://localhost", WsgiAdapter(api.app))
        statuses = [session.get(f"{api.url}/Customers/{each}").status_code for each in (42, 43)]
        with session.get(f"{api.url}/Customers/1", stream=True) as streamed:
            chunks = list(streamed.iter_lines())
        health = session.get("http://localhost/__mock/health").json()

    assert (statuses, len(chunks), health["roots"][0]) == ([404, 200], 1, "/API")
    api.verify("getCustomer", arguments={"id": "42"}, exactly=1)
