"""The server alone: what it never touches, and how it ends."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from http.client import HTTPResponse
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from mockserver.server.endpoint import FINISH_SECONDS
from mockserver.server.serving import Server
from tests.support.applications import BIG, GET, HALF, LAST, Gate, answer, answered, plain
from tests.support.serving import connect, hear, is_refused, running, send
from tests.support.waiting import SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def test_path_never_reaches_the_file_system() -> None:
    program = """if True:
        import sys
        from mockserver import create_app
        client = create_app().test_client()
        paths = ["/%s/../../etc/passwd", "/%s/..%%2f..%%2fetc%%2fpasswd", "/%s/%%2e%%2e/openapi.yaml", "/%s/C:%%5C%%00"]
        targets = [path % root for path in paths for root in ("API/Customers", "Customers", "__mock", "static", "..")]
        def ask():
            return sorted({client.get(each, environ_overrides={"REQUEST_URI": each}).status_code for each in targets})
        ask()
        opened = []
        sys.addaudithook(lambda event, about: opened.append(about) if event.startswith(("open", "os.")) else None)
        print(ask(), opened)
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=SECONDS)

    assert (done.stdout, done.stderr) == ("[200, 404] []\n", "")


# How it ends


def start(server: Server) -> threading.Thread:
    thread = threading.Thread(target=server.run)
    thread.start()
    return thread


def have_threads_ended() -> bool:
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("waitress")]
    for thread in threads:
        thread.join(SECONDS)
    return not any(thread.is_alive() for thread in threads)


def test_request_in_progress_is_finished() -> None:
    gate = Gate()

    with running(gate) as server, closing(connect(server)) as connection:
        connection.sendall(GET)
        assert gate.entered.wait(SECONDS)
        server.stop()
        assert is_refused(server)
        gate.opened.set()

        assert hear(connection) == answered()


def test_half_arrived_request_is_finished() -> None:
    with running(plain) as server, closing(connect(server)) as connection:
        connection.sendall(HALF)
        send(server, LAST)
        server.stop()
        assert is_refused(server)
        connection.sendall(b"\r\n")

        assert hear(connection) == answered()


def test_half_read_answer_is_finished() -> None:
    taken = threading.Event()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        yield from answer(start_response, BIG)
        taken.set()

    with running(app) as server, closing(connect(server)) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        connection.sendall(GET)
        response = HTTPResponse(connection)
        response.begin()
        assert taken.wait(SECONDS)
        send(server, LAST)
        server.stop()
        assert is_refused(server)

        assert response.read() == BIG


def test_request_sent_together_with_the_stop_is_answered() -> None:
    server = Server(plain)

    with closing(connect(server)) as connection:
        connection.sendall(GET)
        server.stop()
        server.run()

        assert hear(connection) == answered()


def test_request_that_hangs_is_cut_after_a_while() -> None:
    gate = Gate()
    server = Server(gate, finish_seconds=0.5)
    thread = start(server)

    with closing(connect(server)) as connection:
        connection.sendall(GET)
        assert gate.entered.wait(SECONDS)
        stopped = monotonic()
        server.stop()
        received = hear(connection)
        thread.join(SECONDS)
        seconds = monotonic() - stopped
        gate.opened.set()

    assert received == b""
    assert 0.5 <= seconds < 1.5


def test_idle_connections_are_closed_at_once() -> None:
    with running(plain) as server, closing(connect(server)) as silent, closing(connect(server)) as kept:
        kept.sendall(GET)
        kept.recv(1)
        stopped = monotonic()
        server.stop()

        assert (hear(silent), hear(kept)) == (b"", answered()[1:])
        assert monotonic() - stopped < FINISH_SECONDS / 2


def test_nothing_is_left_after_the_end() -> None:
    with running(plain) as server:
        port = int(server.url.rpartition(":")[2])
    server.stop()
    server.close()

    assert server.is_stopping
    assert have_threads_ended()
    Server(plain, port=port).close()


def test_server_that_never_ran_is_closed() -> None:
    server = Server(plain)

    server.close()

    assert is_refused(server)
    assert have_threads_ended()


def test_stop_before_the_start_ends_it() -> None:
    server = Server(plain)
    actions: list[Callable[[], None]] = [server.stop, server.stop, server.run]

    for action in actions:
        action()

    assert is_refused(server)


@pytest.mark.parametrize("finish_seconds", [0, SECONDS])
def test_slow_stop_finds_the_trigger_open(finish_seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(plain, finish_seconds=finish_seconds)
    pull = server._servers[0].pull_trigger

    def pull_slowly() -> None:
        pull()
        assert is_refused(server)
        thread.join(0.1)  # The loop is awake already; it would end here if it did not wait for the second pull.
        pull()

    monkeypatch.setattr(server._servers[0], "pull_trigger", pull_slowly)
    thread = start(server)

    server.stop()

    thread.join(SECONDS)
    assert not thread.is_alive()
