"""What a client may send over a connection, and how it is refused: the channel, parser and tasks of waitress."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

from mockserver.aspnet.faults import describe_error
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.negotiation import join_accept_lines

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONNECTIONS: Final = 1000 if os.name == "posix" else 500
"""Waitress stops accepting at its limit, and its default of 100 is what a handful of browsers hold open.

Windows has only `select`, which fails with more than 512 sockets.
"""

ROOM: Final = 1024
"""Bytes of a request's head beside target and headers: method, version, ends of lines."""

LINGER_BYTES: Final = 64 * 2**20
"""How much of what a refused client still sends is read and dropped, so that it comes to read why."""

REFUSALS: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "The request is malformed: {finding}.",
        413: "The body is longer than {limits.max_body} bytes. Send less, or raise --max-body.",
        414: "The target is longer than {limits.max_target} bytes. Send less, or raise --max-target.",
        431: "The headers are longer than {limits.max_headers} bytes. Send less, or raise --max-headers.",
        500: str(describe_error()["Message"]),
        501: "The transfer coding is unknown. Send the body chunked, or with its length.",
    }
)
"""What is said of a request that no application sees, by the status."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a server takes: requests answered at once, connections held, and bytes of one request."""

    threads: int = 128
    connections: int = CONNECTIONS
    max_target: int = 8 * 1024
    max_headers: int = 64 * 1024
    max_body: int = 1024 * 1024


class _TargetTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


_BEGINNING: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?: |\Z)")
_ACCEPT: Final = re.compile(rb"(?mi)^accept:([^\r\n]*)")
_BARE_NEWLINE: Final = re.compile(rb"(?<!\r)\n")


class _Parser(HTTPRequestParser):
    """Reads one request; refuses as soon as it can be told that it is too long or no HTTP."""

    path = ""  # Waitress logs it, and sets it only where a request can be parsed.
    method = ""
    error: Any  # What waitress' types leave open, here and below, or close too far.

    def __init__(self, limits: Limits, adj: Any) -> None:  # noqa: ANN401 - waitress' own, which it does not type
        super().__init__(adj)
        self.limits = limits

    def received(self, data: bytes) -> int:
        """Take the next bytes, and tell how many of them are of this request."""
        fault = self._find_fault((self.header_plus + data).lstrip()) if self.body_rcv is None else None
        if fault is not None:
            self.error = fault
            self.completed = True
            return len(data)
        taken = super().received(data)
        if self.error is not None:
            # Waitress would ask for the body that it has refused.
            self.expect_continue = False
        return taken

    def _find_fault(self, arrived: bytes) -> Error | None:
        """What is wrong with the head that has arrived, all or a part; the rest is for waitress to find."""
        head, end, _ = arrived.partition(b"\r\n\r\n")
        line, _, fields = head.partition(b"\r\n")
        rest = line.partition(b" ")[2]
        if len(rest.rpartition(b" ")[0] or rest) > self.limits.max_target:
            return _TargetTooLong("")
        if len(fields) > self.limits.max_headers:
            return RequestHeaderFieldsTooLarge("")
        # Waitress would wait for the end of what may never have one: TLS, or lines that end in a bare LF.
        if head and not end and not _BEGINNING.match(head):
            return BadRequest("Start line is invalid")
        return BadRequest("Bare LF found in HTTP message") if not end and _BARE_NEWLINE.search(head) else None

    def parse_header(self, header_plus: bytes) -> None:
        """Take the request line and the headers.

        Waitress refuses methods that are not in upper case and bytes in the target that are no ASCII, and waits for a
        body after `Expect: 100-continue` for ever where none is announced. It joins the lines of a header, and Web API
        judges each Accept line by itself. A ValueError is what a bad authority or thousands of digits raise in Python.
        """
        line, end, fields = header_plus.partition(b"\r\n")
        method, blank, rest = line.partition(b" ")
        self.method = method.decode("latin-1")
        try:
            super().parse_header(method.upper() + blank + _escape(rest) + end + fields)
        except ValueError:
            raise ParsingError("Target or Content-Length is invalid") from None
        accepted = [value.decode("latin-1").strip() for value in _ACCEPT.findall(fields)]
        if len(accepted) > 1:
            self.headers = {**self.headers, "ACCEPT": join_accept_lines(accepted)}
        if not self.chunked and not self.content_length:
            self.expect_continue = False


def _escape(target: bytes) -> bytes:
    """The target with the bytes escaped that are no ASCII: some clients send them as they stand."""
    return (
        target if target.isascii() else b"".join(b"%%%02X" % each if each > 0x7F else b"%c" % each for each in target)
    )


class _Answering(WSGITask):
    """Has the application answer, with the method as it was sent; but for HEAD, which decides about the body."""

    request: Any

    def get_environment(self) -> WSGIEnvironment:
        environ = super().get_environment()
        if self.request.command != "HEAD":
            environ["REQUEST_METHOD"] = self.request.method
        return environ


class _Refusing(ErrorTask):
    """Answers a request that no application sees, as JSON like every other error, and closes the connection."""

    request: Any
    channel: Any
    response_headers: Any

    def execute(self) -> None:
        error = self.request.error
        # What waitress quotes of the request is left out.
        finding = error.body.partition(' "')[0]
        text = REFUSALS[error.code].format(limits=self.request.limits, finding=finding)
        body = format_json({"Message": text}).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers += [("Content-Type", "application/json; charset=utf-8"), ("X-Mock-Source", "server")]
        self.request.headers = {}  # An HTTP/1.0 client that asks to keep the connection would be told both.
        self.set_close_on_finish()
        self.content_length = len(body)
        self.channel.is_refusing = True
        self.write(body)


class Channel(HTTPChannel):
    """A connection. One that is refused is closed on our side, and read until the client closes its own.

    To close it at once would reset it while the client still sends, and the client would lose the answer.
    """

    parser_class: Any
    task_class = _Answering
    error_task_class = _Refusing
    is_refusing = False
    _is_lingering = False
    _dropped = 0

    def __init__(self, limits: Limits, *place: Any, **settings: Any) -> None:  # noqa: ANN401 - passed on to waitress
        super().__init__(*place, **settings)
        self.parser_class = partial(_Parser, limits)

    def readable(self) -> bool:
        """Whether more is to be read."""
        return self._is_lingering or super().readable()

    def received(self, data: bytes) -> bool:
        """Take the next bytes; those behind a refused request are dropped."""
        if not self._is_lingering:
            return super().received(data)
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self.handle_close()
        return False

    def handle_close(self) -> None:
        """Close the connection, or begin to where the client may still be sending."""
        if self.is_refusing and self.connected and not self.total_outbufs_len:
            self._stop_sending()
        else:
            super().handle_close()

    def cut(self) -> None:
        """Close the connection at once, whatever is still to be sent or read."""
        self.is_refusing = False
        self.handle_close()

    def _stop_sending(self) -> None:
        self.is_refusing = self.will_close = False
        self._is_lingering = True
        self.request = None  # What came behind the refused request and looks like another.
        with suppress(OSError):  # A client that is gone is noticed by the next turn of the loop.
            cast("socket.socket", self.socket).shutdown(socket.SHUT_WR)
