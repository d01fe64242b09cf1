"""A server in a thread of this process, and requests to it: through a client, or written byte by byte."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from mockserver.http.messages import Observer
from mockserver.server.endpoint import FINISH_SECONDS, Endpoint
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from tests.support.waiting import SECONDS, has_come

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def has_ipv6() -> bool:
    """Return whether this machine has an IPv6 address of its own."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="there is no IPv6 here")


@contextmanager
def running(
    app: WSGIApplication,
    host: str = "127.0.0.1",
    limits: Limits | None = None,
    finish_seconds: float = FINISH_SECONDS,
    *,
    cors: bool = True,
    observe: Observer | None = None,
    kind: Callable[..., Any] = Server,
    **given: object,
) -> Iterator[Any]:
    """Serve an application on a port of its own, from a thread called `loop`; the `kind` takes what else is `given`."""
    server = kind(app, host, limits=limits, finish_seconds=finish_seconds, cors=cors, observe=observe, **given)
    thread = threading.Thread(target=server.run, name="loop")
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(SECONDS)
        assert not thread.is_alive()


def connect(server: Endpoint) -> socket.socket:
    url = urlsplit(server.url)
    return socket.create_connection((url.hostname, url.port), timeout=SECONDS)


def is_refused(server: Endpoint) -> bool:
    """Wait until the server takes no new connections, which is when it has begun to end."""

    def is_closed() -> bool:
        try:
            connect(server).close()
        except OSError:
            return True
        return False

    return has_come(is_closed)


@dataclass(frozen=True)
class Got:
    """An answer as a client has it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read(self) -> Any:
        """Return the JSON value of the body; None for an empty body."""
        return json.loads(self.body) if self.body else None


def ask(
    server: Endpoint,
    target: str,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    body: object = None,
    *,
    barrier: threading.Barrier | None = None,
) -> Got:
    """Send one request over a connection of its own, at the `barrier` if there is one; the Date is left out.

    A body that is neither None nor bytes is sent as JSON.
    """
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)) as connection:
        if barrier is not None:
            connection.connect()
            barrier.wait()
        connection.request(method, target, content, dict(headers or {}))
        response = connection.getresponse()
        shown = {name: value for name, value in response.getheaders() if name != "Date"}
        return Got(response.status, shown, response.read())


def write_request(target: str, *fields: str, method: str = "GET", version: str = "1.1") -> bytes:
    """Return a request without a body as it is sent."""
    return "\r\n".join((f"{method} {target} HTTP/{version}", "Host: x", *fields, "", "")).encode()


def send(server: Endpoint, *requests: bytes) -> bytes:
    """Send bytes over one connection; return all that comes until the server closes it."""
    with closing(connect(server)) as connection:
        connection.sendall(b"".join(requests))
        return hear(connection)


def hear(connection: socket.socket) -> bytes:
    """Return all that comes, without the Date, until the other side closes; `reset` if it resets."""
    try:
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    except ConnectionResetError:
        return b"reset"
    return b"\r\n".join(line for line in received.split(b"\r\n") if not line.startswith(b"Date: "))
