"""The server alone: where it listens, and how it ends."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from http.client import HTTPResponse
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mockserver.documents.problems import StartError
from mockserver.server.serving import FINISH_SECONDS, Server
from tests.support.applications import BIG, GET, HALF, LAST, Gate, answer, answered, plain
from tests.support.serving import connect, has_ipv6, hear, ipv6, is_refused, running, send
from tests.support.waiting import SECONDS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


# Where it listens


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("0", "127.0.0.1"),
        ("", "127.0.0.1"),
        pytest.param("::1", "[::1]", marks=ipv6),
        pytest.param("::", "[::1]", marks=ipv6),
    ],
)
def test_url_leads_to_the_server(host: str, shown: str) -> None:
    with running(plain, host) as server:
        received = send(server, LAST)

    assert server.url.rpartition(":")[0] == f"http://{shown}"
    assert received == answered(is_last=True)


@pytest.mark.skipif(not (has_ipv6() and socket.has_dualstack_ipv6()), reason="there is no IPv6 here")
def test_every_ipv6_address_includes_every_ipv4_address() -> None:
    with running(plain, "::") as server, socket.create_connection(("127.0.0.1", urlsplit(server.url).port)) as client:
        client.sendall(LAST)

        assert hear(client) == answered(is_last=True)


@pytest.mark.parametrize(
    ("host", "message"),
    [
        *(
            (host, f"The host {host!r} is not known. Use an address of this machine: 127.0.0.1.")
            for host in ("127.0.0.1:8080", "http://127.0.0.1", "[::1]", "two words", "..", "a" * 64)
        ),
        ("192.0.2.1", "192.0.2.1 is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has."),
    ],
)
def test_unknown_or_foreign_host_is_refused(host: str, message: str) -> None:
    with pytest.raises(StartError) as caught:
        Server(plain, host)

    assert str(caught.value) == message


def test_taken_port_is_refused() -> None:
    with closing(Server(plain)) as server, pytest.raises(StartError) as caught:
        Server(plain, port=int(server.url.rpartition(":")[2]))

    port = server.url.rpartition(":")[2]
    remedy = "Stop what uses it, or give another --port (0 finds one)."
    assert str(caught.value) == f"Port {port} of 127.0.0.1 is taken. {remedy}"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (errno.EACCES, "Port 80 of localhost is not allowed. Give a --port above 1023 (0 finds a free one)."),
        (errno.EPERM, "Port 80 of localhost is not allowed. Give a --port above 1023 (0 finds a free one)."),
        (errno.EAFNOSUPPORT, "Port 80 of localhost cannot be used: odd {0}. Choose another host or port."),
    ],
)
def test_failure_to_listen_is_explained(code: int, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> socket.socket:
        raise OSError(code, "odd {0}")

    monkeypatch.setattr(socket, "create_server", fail)
    with pytest.raises(StartError) as caught:
        Server(plain, "localhost", 80)

    assert str(caught.value) == message


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


def test_slow_stop_finds_the_trigger_open(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(plain, finish_seconds=SECONDS)
    pull = server._server.pull_trigger

    def pull_slowly() -> None:
        pull()
        assert is_refused(server)
        thread.join(0.1)  # The loop is awake already; it would end here if it did not wait for the second pull.
        pull()

    monkeypatch.setattr(server._server, "pull_trigger", pull_slowly)
    thread = start(server)

    server.stop()

    thread.join(SECONDS)
    assert not thread.is_alive()
