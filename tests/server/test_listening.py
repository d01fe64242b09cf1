"""Where a server listens: on each address of its host, with one port, and what it tells of the others."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import pytest

from mockserver.documents.problems import StartError
from mockserver.server import listening
from mockserver.server.listening import listen
from mockserver.server.serving import Server
from tests.support.applications import LAST, answered, is_idle, plain
from tests.support.serving import has_ipv6, hear, ipv6, running, send

V4, V6 = "127.0.0.1", "::1"
Create = Callable[..., socket.socket]
CREATE: Create = socket.create_server


@contextmanager
def listens(host: str, port: int = 0) -> Iterator[listening.Listening]:
    found = listen(host, port)
    try:
        yield found
    finally:
        for each in found.sockets:
            each.close()


def list_places(found: listening.Listening) -> list[tuple[str, int]]:
    return [each.getsockname()[:2] for each in found.sockets]


def fail_at(address: str, number: int, times: int = 999) -> Create:
    """Return `create_server` that fails for an address the first times."""
    left = [times]

    def create(place: tuple[str, int], **options: bool) -> socket.socket:
        if place[0] == address and left[0]:
            left[0] -= 1
            raise OSError(number, os.strerror(number))
        return CREATE(place, **options)

    return create


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
            (host, f"host: {host!r} is not known. Use localhost, or an address of this machine.")
            for host in ("127.0.0.1:8080", "http://127.0.0.1", "[::1]", "two words", "..", "a" * 64)
        ),
        ("192.0.2.1", "host: '192.0.2.1' is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has."),
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


# Several addresses


@ipv6
@pytest.mark.parametrize("host", ["localhost", "LocalHost"])
def test_localhost_is_both_addresses_with_one_port(host: str) -> None:
    with listens(host) as found:
        port = urlsplit(found.url).port

        assert found.url == f"http://{host}:{port}"
        assert (list_places(found), found.remarks) == ([(V4, port), (V6, port)], ())


@ipv6
def test_requests_to_both_addresses_are_answered() -> None:
    with running(plain, "localhost") as server:
        for address in (V4, V6):
            with socket.create_connection((address, urlsplit(server.url).port)) as client:
                client.sendall(LAST)

                assert hear(client) == answered(is_last=True)
        assert is_idle(server)


@pytest.mark.parametrize("address", [V4, pytest.param(V6, marks=ipv6)])
def test_explicit_address_stays_alone(address: str) -> None:
    with listens(address) as found:
        assert list_places(found) == [(address, urlsplit(found.url).port)]


def test_name_with_several_addresses_is_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in ("127.0.0.1", "127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)

    with listens("here.example") as found:
        port = urlsplit(found.url).port

        assert found.url == f"http://here.example:{port}"
        assert list_places(found) == [("127.0.0.1", port), ("127.0.0.2", port)]


@pytest.mark.parametrize("number", [errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EACCES])
def test_machine_without_ipv6_is_a_note(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_server", fail_at(V6, number))

    with listens("localhost") as found:
        port = urlsplit(found.url).port

        finding = f"::1 cannot be listened on: {os.strerror(number)}"
        remedy = f"Give http://127.0.0.1:{port} to clients that try that address alone."
        assert (found.url, found.remarks) == (f"http://localhost:{port}", (f"{finding}. {remedy}",))
        assert list_places(found) == [(V4, port)]


@ipv6
def test_port_that_is_taken_on_ipv6_is_a_note() -> None:
    with listens(V6) as other:
        port = urlsplit(other.url).port or 0

        with listens("localhost", port) as found:
            remedy = f"Use http://127.0.0.1:{port}, or give another --port."
            assert found.url == f"http://127.0.0.1:{port}"
            assert found.remarks == (f"Port {port} of ::1 is taken by another program. {remedy}",)
            assert list_places(found) == [(V4, port)]


@ipv6
def test_port_that_is_taken_on_ipv4_is_refused() -> None:
    with listens(V4) as other:
        port = urlsplit(other.url).port or 0

        with pytest.raises(StartError, match=f"^Port {port} of localhost is taken"):
            listen("localhost", port)
        with listens(V6, port) as found:  # Nothing of the failed start is left.
            assert found.remarks == ()


@ipv6
def test_free_port_is_free_at_both_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_server", fail_at(V6, errno.EADDRINUSE, times=3))

    with listens("localhost") as found:
        port = urlsplit(found.url).port

        assert (list_places(found), found.remarks) == ([(V4, port), (V6, port)], ())


def test_search_for_a_common_port_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_server", fail_at(V6, errno.EADDRINUSE))

    with listens("localhost") as found:
        port = urlsplit(found.url).port

        assert (found.url, len(found.remarks), list_places(found)) == (f"http://127.0.0.1:{port}", 1, [(V4, port)])
