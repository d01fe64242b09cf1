"""How a test reaches the addresses of a stub: over HTTP, or in process without a socket."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

from mockserver.documents.problems import StartError
from mockserver.http.headers import find_key

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_SECONDS: Final = 30.0

_Request = tuple[str, str, bytes | None, dict[str, str]]
"""Method, target, body and headers."""


class StubError(StartError):
    """A stub cannot be asked, or refuses; the text says why, for people."""


class Answered(NamedTuple):
    """The status, the body, the headers and the reason phrase of an answer."""

    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = ()
    reason: str = ""

    def read(self) -> object:
        """Return the JSON value of the body."""
        return json.loads(self.body)


class Transport(Protocol):
    """Sends requests to a stub."""

    @property
    def url(self) -> str:
        """The root URL of the stub, without a last slash."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Send a request, and return its answer.

        Raises:
            StubError: There is no answer.
        """

    def close(self) -> None:
        """Close the connection, if there is one."""


class HttpTransport:
    """Sends requests over connections; several threads may use it at once.

    Args:
        url: The root URL of the stub, such as `http://localhost:8080`.
        keeps: Whether connections are kept for later requests, which are sent twice where the stub has closed one.

    Raises:
        StubError: The URL is none of HTTP.
    """

    def __init__(self, url: str, *, keeps: bool = False) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise StubError(f"{url!r} is no URL of a stub. Write one such as http://localhost:8080.")
        connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.url: Final = url.rstrip("/")
        self._path = parts.path.rstrip("/")
        self._connect = partial(connection, host, port, timeout=_SECONDS)
        self._keeps = keeps
        self._kept: list[HTTPConnection] = []

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Send a request; once more on a new connection if the stub has closed the kept one."""
        request = (method, self._path + target, body or None, dict(headers))
        try:
            return self._ask_kept(request) or self._ask(self._connect(), request)
        except (OSError, HTTPException) as error:
            raise StubError(f"No stub answers at {self.url}: {error}. Start one with mockserver serve.") from None
        except ValueError as error:
            raise StubError(f"The request cannot be sent: {error}.") from None

    def close(self) -> None:
        """Close the kept connections."""
        while self._kept:
            self._kept.pop().close()

    def _ask_kept(self, request: _Request) -> Answered | None:
        """Return the answer over a kept connection; None if there is none, or the stub has closed it."""
        try:
            return self._ask(self._kept.pop(), request)
        except (IndexError, ConnectionError):
            return None

    def _ask(self, connection: HTTPConnection, request: _Request) -> Answered:
        with ExitStack() as stack:
            stack.callback(connection.close)
            connection.request(*request)
            response = connection.getresponse()
            answered = Answered(response.status, response.read(), response.getheaders(), response.reason)
            if self._keeps:
                stack.pop_all()
                self._kept.append(connection)
        return answered


class WsgiTransport:
    """Calls an application in this process."""

    def __init__(self, app: WSGIApplication) -> None:
        self.url: Final = "http://localhost"
        self._app = app

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Call the application as a server on this machine does."""
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: object = None, /) -> object:
            started.append((status, headers))
            return None

        result = self._app(make_environ(method, target, headers.items(), body), start)  # type: ignore[arg-type]
        try:
            content = b"".join(result)
        finally:
            getattr(result, "close", lambda: None)()
        status, sent = started[-1]
        return Answered(int(status[:3]), content, sent, status[4:])

    def close(self) -> None:
        """There is nothing to close."""


def make_environ(method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, object]:
    """Return the WSGI environment of a request from this machine."""
    path, _, query = target.partition("?")
    environ: dict[str, object] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": target,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in headers:
        environ[find_key(name)] = value
    return environ
