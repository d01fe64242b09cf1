"""The stub in this process: when its server starts, and what it refuses."""

from __future__ import annotations

import threading
from contextlib import closing

from mockserver.http.messages import Exchange
from mockserver.server.limits import Limits
from mockserver.testing.running_stub import RunningStub
from mockserver.testing.transports import HttpTransport, WsgiTransport


def test_limits_are_kept() -> None:
    stub = RunningStub({}, Limits(max_target=100))
    with closing(HttpTransport(stub.url)) as transport:
        status = transport.send("GET", f"/API/Customers/{'4' * 100}", {"Connection": "close"}, b"").status
    stub.stop()

    assert status == 414


def test_server_is_started_once() -> None:
    stub = RunningStub({})
    urls = {stub.url, stub.url}
    stub.stop()

    assert len(urls) == 1


def test_stub_without_a_server_stops() -> None:
    stub = RunningStub({"prefix": "/own"})

    stub.stop()

    assert (stub.root, stub.prefix) == ("/API", "/own")


TARGET = "/API/Customers/42"


def test_known_answer_wakes_no_thread() -> None:
    stub = RunningStub({})
    before = set(threading.enumerate())
    host = {"Host": stub.url.removeprefix("http://")}
    with closing(WsgiTransport(stub.app)) as inside, closing(HttpTransport(stub.url)) as outside:
        first = inside.send("GET", TARGET, host, b"")
        second = outside.send("GET", TARGET, {"Connection": "close"}, b"")
        started = {each.name for each in set(threading.enumerate()) - before}
    stub.stop()

    assert (second.body, started) == (first.body, {"mockserver"})


def test_observer_may_ask_the_stub() -> None:
    asked: list[int] = []

    def observe(_: Exchange) -> None:
        with closing(HttpTransport(stub.url)) as transport:
            asked.append(transport.send("GET", "/__mock/health", {"Connection": "close"}, b"").status)

    stub = RunningStub({"observe": observe})
    with closing(HttpTransport(stub.url)) as transport:
        statuses = [transport.send("GET", TARGET, {}, b"").status for _ in range(2)]
    stub.stop()

    assert (statuses, asked) == ([200, 200], [200, 200])
