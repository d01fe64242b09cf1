"""Requests, replies and exchanges, as plain values without Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mockserver.documents.nodes import Scalar
from mockserver.http.headers import Headers
from mockserver.http.hints import Hints, NearMiss
from mockserver.http.sources import Source

HEADER_LINES: Final = "mockserver.header_lines"
"""The key of the WSGI environment under which a server gives what the environment cannot say of headers.

The value is a mapping from the lower-case name of each header that was sent more than once, or whose name has an
underscore, to the tuple of its lines.
"""


HEADER_FIELDS: Final = "mockserver.header_fields"
"""The key of the WSGI environment under which a server gives the lines of all headers: the bytes that were sent."""

HEAD_READING: Final = "mockserver.head_reading"
"""The key of the WSGI environment for what the application has read of a head that has no secret.

A server may keep an environment that has it, and give it to the application again for an equal request without a body.
"""


class Request(NamedTuple):
    """A request as it arrived.

    `target` is the raw request target (`/API/Customers/a%20b?idType=1`), nothing decoded; `host` is the Host
    header; `headers` holds, under lower-case names, those that can change an answer: one pair for each line. `body`
    is empty if the vendor does not read bodies.
    """

    method: str
    target: str
    scheme: str = "http"
    host: str = "localhost"
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the value of a header (`name` in lower case), its lines joined by commas; None if it was not sent."""
        lines = [value for key, value in self.headers if key == name]
        return ", ".join(lines) if lines else None

    def header_lines(self, name: str) -> tuple[str, ...]:
        """Return the lines of a header (`name` in lower case) in their order."""
        return tuple(value for key, value in self.headers if key == name)


class Reply(NamedTuple):
    """A status, headers and the bytes of a body; without a Content-Type there is no content."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header (`name` in any case); None if there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def with_headers(self, headers: Headers) -> Reply:
        """Return the reply with `headers` added; they replace those of the same names."""
        new = {name.lower() for name, _ in headers}
        kept = [pair for pair in self.headers if pair[0].lower() not in new]
        return Reply(self.status, (*kept, *headers), self.body)


class Exchange(NamedTuple):
    """A request for the API and its reply, as the journal holds them and observers are told of them.

    Attributes:
        at: When the request came, in seconds since 1970 (UTC).
        seconds: How long it took until the reply was ready to be sent.
        request: The request with all its headers under the names that were sent, and the first part of its body.
            Secrets are replaced by digests.
        size: The bytes of the whole body of the request.
        reply: The reply, with the first part of its body.
        source: Where the reply came from.
        session: The name of the session; None for the default one.
        fault: The fault of the connection that was asked for.
        hints: What people are told of the request.
        operation: The operationId, if an operation was found.
        arguments: What the operation was asked for, secrets replaced; empty without an operation.
        near_misses: What would have answered the request if it differed a little, the nearest first.
        reply_size: The bytes of the whole body of the reply.
    """

    at: float
    seconds: float
    request: Request
    size: int
    reply: Reply
    source: Source
    session: str | None = None
    fault: str | None = None
    hints: Hints = ()
    operation: str | None = None
    arguments: Mapping[str, Scalar] = MappingProxyType({})
    near_misses: tuple[NearMiss, ...] = ()
    reply_size: int = 0


Observer = Callable[[Exchange], None]
"""Is told of every exchange, in the thread that answers it."""
