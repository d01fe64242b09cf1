"""Transports: over one kept connection or in process, and what they say where nobody answers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from flask import Flask, request

from mockserver.testing.transports import Answered, HttpTransport, StubError, WsgiTransport
from tests.support.serving import running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


@pytest.fixture
def app() -> Flask:
    echo = Flask(__name__)

    @echo.route("/a/<name>", methods=["GET", "POST"])
    def answer(name: str) -> tuple[str, int]:
        seen = [request.method, name, request.query_string.decode(), request.data.decode(), request.headers["X-Own"]]
        return " ".join((*seen, request.environ.get("REMOTE_PORT", ""))), 201

    return echo


def test_request_is_the_same_in_process(app: Flask) -> None:
    answered = WsgiTransport(app).send("POST", "/a/b%20c?d=%65", {"X-Own": "1", "Content-Type": "x/y"}, b"body")

    assert answered[:2] == (201, b"POST b c d=%65 body 1 ")
    assert dict(answered.headers)["Content-Type"] == "text/html; charset=utf-8"


def test_connection_is_kept(app: Flask) -> None:
    with running(app) as server, closing(HttpTransport(server.url, keeps=True)) as transport:
        answered = [transport.send("GET", "/a/b", {"X-Own": "1"}, b"") for _ in range(2)]

    assert [each.body.split()[:3] for each in answered] == [[b"GET", b"b", b"1"]] * 2
    assert len({each.body for each in answered}) == 1
    assert ("Content-Type", "text/html; charset=utf-8") in answered[0].headers


def test_connection_is_closed_unless_kept(app: Flask) -> None:
    with running(app) as server:
        transport = HttpTransport(server.url)
        answered = [transport.send("GET", "/a/b", {"X-Own": "1"}, b"") for _ in range(2)]

    assert (transport._kept, [each.status for each in answered]) == ([], [201] * 2)


def test_threads_share_a_transport(app: Flask) -> None:
    with (
        running(app) as server,
        closing(HttpTransport(server.url, keeps=True)) as transport,
        ThreadPoolExecutor(8) as pool,
    ):
        answered = pool.map(lambda name: transport.send("GET", f"/a/{name}", {"X-Own": "1"}, b""), range(100))

        assert [each.body.split()[1] for each in answered] == [str(name).encode() for name in range(100)]


def test_closed_connection_is_opened_again(app: Flask) -> None:
    with running(app) as server, closing(HttpTransport(server.url, keeps=True)) as transport:
        answered = [transport.send("GET", "/a/b", {"X-Own": "1", "Connection": "close"}, b"") for _ in range(2)]
        near, far = socket.socketpair()
        far.close()
        transport._kept[0].sock = near
        answered.append(transport.send("GET", "/a/b", {"X-Own": "1"}, b""))

    assert [each.status for each in answered] == [201] * 3


@pytest.mark.parametrize("url", ["", "nowhere", "ftp://h", "http://", "http://h:x", "http://[::1"])
def test_wrong_url_is_told(url: str) -> None:
    with pytest.raises(StubError, match="is no URL of a stub"):
        HttpTransport(url)


def test_stub_that_is_not_there_is_told() -> None:
    with pytest.raises(StubError, match=r"No stub answers at https?://127\.0\.0\.1:1: "):
        HttpTransport("https://127.0.0.1:1").send("GET", "/", {}, b"")


def test_body_is_closed_in_process() -> None:
    closed: list[bool] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            return iter((b"a", b"b"))

        def close(self) -> None:
            closed.append(True)

    def app(_: WSGIEnvironment, start: StartResponse) -> Body:
        start("404 Not Found", [])
        return Body()

    assert (WsgiTransport(app).send("GET", "/", {}, b""), closed) == (Answered(404, b"ab", [], "Not Found"), [True])
