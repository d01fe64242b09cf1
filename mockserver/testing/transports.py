"""How a test reaches the addresses of a stub: over HTTP, or in process without a socket."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from urllib.parse import unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

_SECONDS: Final = 30.0


class StubError(Exception):
    """A stub cannot be asked, or refuses; the text says why, for people."""


class Answered(NamedTuple):
    """The status, the body and the headers of an answer."""

    status: int
    body: bytes
    headers: Sequence[tuple[str, str]] = ()

    def read(self) -> object:
        """Return the JSON value of the body."""
        return json.loads(self.body)


class Transport(Protocol):
    """Sends requests to a stub."""

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Send a request, and return its answer.

        Raises:
            StubError: There is no answer.
        """

    def close(self) -> None:
        """Close the connection, if there is one."""


class HttpTransport:
    """Sends requests over one connection, which is kept.

    Args:
        url: The root URL of the stub, such as `http://localhost:8080`.

    Raises:
        StubError: The URL is none of HTTP.
    """

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise StubError(f"{url!r} is no URL of a stub. Write one such as http://localhost:8080.")
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._url = url
        self._path = parts.path.rstrip("/")
        self._connection = connect(host, port, timeout=_SECONDS)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answered:
        """Send a request; once more on a new connection if the stub has closed the kept one."""
        is_new = self._connection.sock is None
        try:
            self._connection.request(method, self._path + target, body or None, dict(headers))
            response = self._connection.getresponse()
            return Answered(response.status, response.read(), response.getheaders())
        except (OSError, HTTPException) as error:
            self._connection.close()
            if is_new:
                raise StubError(f"No stub answers at {self._url}: {error}.") from None
        return self.send(method, target, headers, body)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class WsgiTransport:
    """Calls an application in this process."""

    def __init__(self, app: WSGIApplication) -> None:
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
        return Answered(int(status[:3]), content, sent)

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
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return environ
