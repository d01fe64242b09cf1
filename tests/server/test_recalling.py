"""Known answers: the loop sends them, in the order of the requests, and waits for nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

from mockserver.http.effects import CUT_KEY, WAIT_KEY
from mockserver.http.messages import HEAD_READING
from mockserver.server.serving import Server
from tests.support.applications import GET, Known, answer, answered
from tests.support.serving import connect, running, send, write_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KNOWN, LAST_KNOWN = write_request("/known"), write_request("/known", "Connection: close")
OTHER, LAST_OTHER = write_request("/other"), write_request("/other", "Connection: close")
KEPT = write_request("/kept")
BIG = 200_000


def recall(environ: WSGIEnvironment) -> Known | None:
    """Know two paths; note that the loop has asked."""
    path = environ["PATH_INFO"]
    environ["test.asked"] = threading.current_thread().name == "loop"
    if path == "/mistake":
        raise LookupError
    if path == "/kept":
        environ[HEAD_READING] = ()
    return {"/known": Known(), "/kept": Known((b"again",)), "/big": Known((b"known" * (BIG // 5),))}.get(path)


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer in a thread, what is known too: behind an answer of a thread the loop is not asked."""
    path, is_in_loop = environ["PATH_INFO"], threading.current_thread().name == "loop"
    if path == "/cut":
        environ[CUT_KEY]("close-mid-body")
    is_wrong = is_in_loop or (path == "/known" and "test.asked" in environ)
    return answer(start_response, b"wrong" if is_wrong else path[1:].encode())


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(app, recall=recall) as server:
        yield server


@pytest.mark.parametrize(
    ("requests", "bodies"),
    [
        ([LAST_KNOWN], [b"known"]),
        ([LAST_OTHER], [b"other"]),
        ([KNOWN, KNOWN, LAST_KNOWN], [b"known"] * 3),
        ([KNOWN, OTHER, KNOWN, OTHER, LAST_KNOWN], [b"known", b"other", b"known", b"other", b"known"]),
        ([write_request("/mistake"), LAST_KNOWN], [b"mistake", b"known"]),
        ([KEPT, KEPT, OTHER, KEPT, KEPT, LAST_OTHER], [b"again", b"again", b"other", b"kept", b"kept", b"other"]),
    ],
)
def test_answers_come_in_the_order_of_requests(requests: list[bytes], bodies: list[bytes], server: Server) -> None:
    expected = [answered(each, is_last=at == len(bodies)) for at, each in enumerate(bodies, start=1)]

    assert send(server, *requests) == b"".join(expected)


def test_connection_is_kept_between_known_answers(server: Server) -> None:
    with connect(server) as connection:
        for _ in range(3):
            connection.sendall(KNOWN)
            assert connection.recv(65536).endswith(b"\r\n\r\nknown")


def test_client_that_does_not_read_holds_up_nobody(server: Server) -> None:
    with connect(server) as connection:
        connection.sendall(write_request("/big") * 200)

        assert send(server, LAST_KNOWN) == answered(b"known", is_last=True)


def test_malformed_request_behind_a_known_answer_is_refused(server: Server) -> None:
    received = send(server, KNOWN, b"nonsense\r\n\r\n")

    assert received.startswith(answered(b"known") + b"HTTP/1.0 400 ")


def test_fault_cuts_the_answer_of_the_application(server: Server) -> None:
    assert send(server, write_request("/cut")) == answered(b"c", 3)


def test_stop_comes_between_known_answers() -> None:
    with running(app, recall=recall) as server:
        assert send(server, KNOWN, LAST_KNOWN).count(b"known") == 2


def test_unknown_request_gets_the_answer_of_the_application(server: Server) -> None:
    assert send(server, GET, LAST_OTHER) == answered(b"") + answered(b"other", is_last=True)


def test_kept_environment_is_of_its_own_connection() -> None:
    places: list[tuple[str, str, object]] = []

    def note(environ: WSGIEnvironment) -> Known:
        waiter = environ[WAIT_KEY].__self__
        places.append((environ["REMOTE_ADDR"], environ["REMOTE_PORT"], waiter))
        environ[HEAD_READING] = ()
        return Known()

    with running(app, recall=note) as server:
        ports = [ask_from_a_port(server) for _ in range(3)]

    assert [(address, port) for address, port, _ in places] == [("127.0.0.1", str(port)) for port in ports]
    assert len({id(waiter) for _, _, waiter in places}) == 3


def ask_from_a_port(server: Server) -> int:
    """Ask over a connection of its own; return its port."""
    with connect(server) as connection:
        connection.sendall(LAST_KNOWN)
        assert connection.recv(65536).endswith(b"known")
        return int(connection.getsockname()[1])
