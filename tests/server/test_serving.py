"""The server alone: where it listens, how many it serves at once, and how it ends."""

from __future__ import annotations

import errno
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from mockserver.documents.problems import StartError
from mockserver.server import serving
from mockserver.server.limits import Limits
from mockserver.server.serving import FINISH_SECONDS, Server, describe_failure

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SECONDS = 20.0
"""What a test waits for at the most."""

BIG = b"x" * 8_000_000
HALF = b"GET / HTTP/1.1\r\nHost: x\r\n"


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def answer(start_response: StartResponse, body: bytes = b"answered") -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def plain(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    return answer(start_response)


class Big:
    """An application with an answer that no buffer of a socket holds; tells when all of it was taken."""

    def __init__(self) -> None:
        self.taken = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        yield from answer(start_response, BIG)
        self.taken.set()


class Gate:
    """An application whose requests wait at a gate."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.entered.set()
        assert self.opened.wait(SECONDS)
        return answer(start_response)


@contextmanager
def running(app: WSGIApplication, host: str = "127.0.0.1", limits: Limits | None = None) -> Iterator[Server]:
    server = Server(app, host, limits=limits)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(SECONDS)
        assert not thread.is_alive()


def connect(server: Server) -> socket.socket:
    url = urlsplit(server.url)
    return socket.create_connection((url.hostname, url.port), timeout=SECONDS)


def ask(connection: socket.socket) -> None:
    connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")


def read_body(connection: socket.socket) -> bytes:
    response = HTTPResponse(connection)
    response.begin()
    return response.read()


def is_refused(server: Server) -> bool:
    """Wait until it takes no new connections, which is when it has begun to end."""
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        try:
            connect(server).close()
        except OSError:
            return True
    return False


def have_threads_ended() -> bool:
    """Whether every thread that answers for a server ends by itself."""
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("waitress")]
    for thread in threads:
        thread.join(SECONDS)
    return not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("0.0.0.0", "127.0.0.1"),
        ("0", "127.0.0.1"),
        ("", "127.0.0.1"),
        pytest.param("::1", "[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 here")),
        pytest.param("::", "[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 here")),
    ],
)
def test_url_leads_to_the_server(host: str, shown: str) -> None:
    with running(plain, host) as server:
        url = re.sub(r"\d+$", "PORT", server.url)
        with closing(HTTPConnection(server.url.removeprefix("http://"), timeout=SECONDS)) as client:
            client.request("GET", "/")
            body = client.getresponse().read()

    assert (url, body) == (f"http://{shown}:PORT", b"answered")


@pytest.mark.skipif(not (has_ipv6() and socket.has_dualstack_ipv6()), reason="there is no IPv6 here")
def test_every_ipv6_address_is_every_ipv4_address_too() -> None:
    with (
        running(plain, "::") as server,
        closing(socket.create_connection(("127.0.0.1", urlsplit(server.url).port))) as c,
    ):
        ask(c)

        assert read_body(c) == b"answered"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "http://127.0.0.1", "[::1]", "two words", "..", "a" * 64])
def test_unknown_host_is_refused(host: str) -> None:
    with pytest.raises(StartError) as caught:
        Server(plain, host)

    assert str(caught.value) == f"The host {host!r} is not known. Use an address of this machine: 127.0.0.1."


def test_foreign_address_is_refused() -> None:
    with pytest.raises(StartError) as caught:
        Server(plain, "192.0.2.1")

    assert str(caught.value) == "192.0.2.1 is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has."


def test_taken_port_is_refused() -> None:
    with closing(Server(plain)) as server, pytest.raises(StartError) as caught:
        Server(plain, port=int(server.url.rpartition(":")[2]))

    port = server.url.rpartition(":")[2]
    remedy = "Stop what uses it, or choose another (0 finds a free one)."
    assert str(caught.value) == f"Port {port} of 127.0.0.1 is taken. {remedy}"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (errno.EADDRINUSE, "Port 80 of a{b} is taken. Stop what uses it, or choose another (0 finds a free one)."),
        (errno.EACCES, "Port 80 of a{b} is not allowed. Choose one above 1023 (0 finds a free one)."),
        (errno.EPERM, "Port 80 of a{b} is not allowed. Choose one above 1023 (0 finds a free one)."),
        (errno.EADDRNOTAVAIL, "a{b} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has."),
        (errno.EAFNOSUPPORT, "Port 80 of a{b} cannot be used: odd. Choose another host or port."),
    ],
)
def test_failure_to_listen_is_explained(code: int, text: str) -> None:
    described = describe_failure("a{b}", 80, OSError(code, "odd"))

    assert described == text


def test_application_gets_the_raw_target_and_all_headers() -> None:
    seen: list[tuple[str, str]] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        seen.append((environ["REQUEST_URI"], environ["HTTP_X_FORWARDED_FOR"]))
        return answer(start_response)

    with running(app) as server, closing(HTTPConnection(server.url.removeprefix("http://"), timeout=SECONDS)) as client:
        client.request("GET", "//a%2Fb?%zz", headers={"X-Forwarded-For": "192.0.2.7"})
        names = sorted(client.getresponse().headers)

    assert (seen, names) == ([("//a%2Fb?%zz", "192.0.2.7")], ["Content-Length", "Content-Type", "Date"])


def test_client_that_breaks_off_harms_nobody(capfd: pytest.CaptureFixture[str]) -> None:
    with running(Big()) as server:
        with closing(connect(server)) as broken:
            ask(broken)
            broken.recv(1)
            broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        with closing(connect(server)) as other:
            ask(other)
            body = read_body(other)

    assert (body == BIG, capfd.readouterr()) == (True, ("", ""))


def test_application_error_is_logged_and_answered(caplog: pytest.LogCaptureFixture) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ValueError("odd")

    with running(app) as server, closing(connect(server)) as connection:
        ask(connection)
        body = read_body(connection)

    assert body == b'{"Message":"An error has occurred."}'
    assert [record.getMessage() for record in caplog.records] == ["Exception while serving /"]


def test_request_being_answered_is_finished_at_the_end() -> None:
    gate = Gate()

    with running(gate) as server, closing(connect(server)) as connection:
        ask(connection)
        assert gate.entered.wait(SECONDS)
        server.stop()
        assert is_refused(server)
        gate.opened.set()

        assert read_body(connection) == b"answered"


def test_request_that_has_half_arrived_is_finished_at_the_end() -> None:
    with running(plain) as server, closing(connect(server)) as connection, closing(connect(server)) as other:
        connection.sendall(HALF)
        ask(other)
        read_body(other)
        server.stop()
        assert is_refused(server)
        connection.sendall(b"\r\n")

        assert read_body(connection) == b"answered"


def test_answer_that_is_half_read_is_finished_at_the_end() -> None:
    app = Big()

    with running(app) as server, closing(connect(server)) as connection, closing(connect(server)) as other:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        ask(connection)
        response = HTTPResponse(connection)
        response.begin()
        assert app.taken.wait(SECONDS)
        ask(other)
        read_body(other)
        server.stop()
        assert is_refused(server)

        assert response.read() == BIG


def test_request_sent_together_with_the_word_to_stop_is_answered() -> None:
    server = Server(plain)

    with closing(connect(server)) as connection:
        ask(connection)
        server.stop()
        server.run()

        assert read_body(connection) == b"answered"


def test_request_that_never_ends_is_cut_after_a_while() -> None:
    gate = Gate()
    server = Server(gate)
    thread = threading.Thread(target=server.run)
    thread.start()

    with closing(connect(server)) as connection:
        ask(connection)
        assert gate.entered.wait(SECONDS)
        stopped = monotonic()
        server.stop()
        received = connection.recv(1)
        thread.join(SECONDS)
        seconds = monotonic() - stopped
        gate.opened.set()

    assert received == b""
    assert FINISH_SECONDS <= seconds < FINISH_SECONDS + 1


def test_idle_connections_are_closed_at_once_at_the_end() -> None:
    with running(plain) as server, closing(connect(server)) as silent, closing(connect(server)) as kept:
        ask(kept)
        read_body(kept)
        stopped = monotonic()
        server.stop()

        assert (silent.recv(1), kept.recv(1)) == (b"", b"")
        assert monotonic() - stopped < FINISH_SECONDS / 2


def test_nothing_is_left_of_a_server_that_has_ended() -> None:
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


def test_word_to_stop_may_take_longer_than_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "FINISH_SECONDS", SECONDS)
    server = Server(plain)
    thread = threading.Thread(target=server.run)
    pull = server._server.pull_trigger

    def pull_slowly() -> None:
        pull()
        assert is_refused(server)
        thread.join(0.1)  # The loop, which was awake already, has come to its end where nothing holds it.
        pull()

    monkeypatch.setattr(server._server, "pull_trigger", pull_slowly)
    thread.start()

    server.stop()

    thread.join(SECONDS)
    assert not thread.is_alive()
