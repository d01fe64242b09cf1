"""The WSGI environment of a request, made from the scope of ASGI, as waitress makes it."""

from __future__ import annotations

import io
import logging
from collections.abc import Hashable, Iterable, Mapping, MutableMapping
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from mockserver.http.headers import Headers, find_key
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Scope = MutableMapping[str, Any]
"""What ASGI tells of a request."""

_Lines = Iterable[tuple[bytes, bytes]]

_SETTLED: Final = "transfer-encoding"
"""The header that has no meaning any more when the application sees the request."""

_LOG: Final = logging.getLogger("mockserver")


class _Errors(io.TextIOBase):
    """Logs what an application writes to `wsgi.errors`."""

    def write(self, text: str, /) -> int:
        _LOG.error("%s", text.rstrip())
        return len(text)


_ERRORS: Final = _Errors()


def read_target(scope: Scope) -> str:
    """Return the path of a request and its query, nothing decoded."""
    query = scope["query_string"]
    target: bytes = scope["raw_path"] + b"?" + query if query else scope["raw_path"]
    return target.decode("latin-1")


def identify(scope: Scope) -> Hashable:
    """Return all that the environment of a request without a body depends on, but for its client."""
    line = scope["method"], scope["raw_path"], scope["query_string"], scope["http_version"]
    return *line, scope["scheme"], scope["server"], tuple(scope["headers"])


def renew(kept: WSGIEnvironment, client: tuple[str, str]) -> WSGIEnvironment:
    """Return the environment of a request from another client, which is otherwise equal and has no body."""
    return {**kept, "REMOTE_ADDR": client[0], "REMOTE_PORT": client[1], "wsgi.input": BytesIO()}


class Framing(NamedTuple):
    """What the headers of a request say of its frame.

    Attributes:
        size: Their bytes, line ends included.
        hosts: The lines of Host.
        length: The length of the body; 0 if it is chunked.
        has_body: Whether there is a body, or may be one.
    """

    size: int
    hosts: tuple[str, ...]
    length: int
    has_body: bool


def read_framing(scope: Scope) -> Framing:
    """Return what the headers say of the frame; granian has checked the length."""
    size, length, has_body = 0, 0, False
    hosts: list[str] = []
    for name, value in scope["headers"]:
        size += len(name) + len(value) + len(": \r\n")
        if name == b"host":
            hosts.append(value.decode("latin-1"))
        elif name == b"content-length":
            length, has_body = int(value), True
        elif name == b"transfer-encoding":
            has_body = True
    return Framing(size, tuple(hosts), length, has_body)


def read_headers(scope: Scope) -> Headers:
    """Return the headers, their names in lower case."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])


def hide_missing_host(scope: Scope) -> Scope:
    """Return the scope without an empty Host, which granian adds to a request that has none."""
    headers = scope["headers"]
    if (b"host", b"") not in headers:
        return scope
    return {**scope, "headers": [pair for pair in headers if pair != (b"host", b"")]}


def make_environ(scope: Scope, body: IO[bytes], size: int) -> WSGIEnvironment:
    """Return the environment of a request with a body of this size. Nothing of it comes from that of the process."""
    server, client = scope["server"], scope["client"]
    fields: list[tuple[bytes, bytes]] = scope["headers"]
    path = unquote_to_bytes(scope["raw_path"]).decode("latin-1")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "HEAD" if scope["method"].upper() == "HEAD" else scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": f"/{path.lstrip('/')}" if path.startswith("/") else path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REQUEST_URI": read_target(scope),
        "SERVER_NAME": f"[{server[0]}]" if ":" in server[0] else server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": "HTTP/1.1" if scope["http_version"] == "1.1" else "HTTP/1.0",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": _ERRORS,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        HEADER_FIELDS: b"".join(b"%s: %s\r\n" % pair for pair in fields),
    }
    environ[HEADER_LINES] = _add_headers(environ, fields)
    if size:
        environ["CONTENT_LENGTH"] = str(size)
    return environ


def _add_headers(environ: WSGIEnvironment, fields: _Lines) -> Mapping[str, tuple[str, ...]]:
    """Add the headers; return the lines of those that were sent more than once or have an underscore in their name."""
    lines: dict[str, list[str]] = {}
    for field, value in fields:
        lines.setdefault(field.decode("latin-1"), []).append(value.decode("latin-1").strip(" \t"))
    for name, values in lines.items():
        if "_" not in name and name != _SETTLED:
            environ[find_key(name)] = ", ".join(values)
    return {name: tuple(each) for name, each in lines.items() if len(each) > 1 or "_" in name}
