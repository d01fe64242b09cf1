"""A transport adapter of requests, which reaches a stub in this process without a socket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from email.message import Message
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

from mockserver.testing.transports import Answered, WsgiTransport

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication


class WsgiAdapter(HTTPAdapter):
    """Sends the requests of a session to an application: `session.mount("http://localhost", WsgiAdapter(app))`.

    Timeouts, certificates and proxies mean nothing to it, as there is no connection.
    """

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._transport = WsgiTransport(app)

    def send(self, request: PreparedRequest, *_: object, **__: object) -> Response:
        """Return the answer of the application."""
        answered = self._transport.send(
            str(request.method), request.path_url, _read_headers(request), _read_body(request.body)
        )
        return self.build_response(request, _make_response(answered))


def _read_headers(request: PreparedRequest) -> Mapping[str, str]:
    """Return the headers of a request as a server gets them. A body is sent as a whole."""
    pairs = (
        (name, value.decode("latin-1") if isinstance(value, bytes) else value)
        for name, value in request.headers.items()
        if name.lower() != "transfer-encoding"
    )
    return {"Host": urlsplit(str(request.url)).netloc, **dict(pairs)}


def _read_body(body: Any) -> bytes:  # noqa: ANN401 - requests takes all of these
    """Return the bytes of a text, a file, or parts."""
    whole = body.read() if hasattr(body, "read") else body or b""
    parts = (whole,) if isinstance(whole, str | bytes) else whole
    return b"".join(part.encode() if isinstance(part, str) else part for part in parts)


def _make_response(answered: Answered) -> HTTPResponse:
    return HTTPResponse(
        BytesIO(answered.body),
        HTTPHeaderDict(answered.headers),
        answered.status,
        reason=answered.reason,
        preload_content=False,
        original_response=cast("Any", _Head(answered.headers)),
    )


class _Head:
    """The headers of an answer in the form in which requests looks for cookies."""

    def __init__(self, headers: Iterable[tuple[str, str]]) -> None:
        self.msg = Message()
        for name, value in headers:
            self.msg[name] = value

    def isclosed(self) -> bool:
        """There is nothing to close."""
        return True

    def close(self) -> None:
        """There is nothing to close."""
