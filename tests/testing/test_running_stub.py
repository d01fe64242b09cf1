"""The stub in this process: when its server starts, and what it refuses."""

from __future__ import annotations

import threading
from contextlib import closing

from mockserver.server.limits import Limits
from mockserver.testing.running_stub import RunningStub
from mockserver.testing.transports import HttpTransport


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


def test_known_answer_wakes_no_thread() -> None:
    threads: list[str] = []
    stub = RunningStub({"observe": lambda _: threads.append(threading.current_thread().name)})
    with closing(HttpTransport(stub.url)) as transport:
        for _ in range(2):
            transport.send("GET", "/API/Customers/42", {"Connection": "close"}, b"")
    stub.stop()

    assert [name == "mockserver" for name in threads] == [False, True]
