"""What a client may send over a connection, and how it is refused or cut: waitress' channel, parser and tasks."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask, Task, WSGITask
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

from mockserver.aspnet.faults import describe_error
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.negotiation import join_accept_lines
from mockserver.effects import CUT_KEY, CUTS, Cut

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

CONNECTIONS: Final = 1000 if os.name == "posix" else 500
"""Waitress stops accepting at its limit, and its default of 100 is what a handful of browsers hold open.

Windows has only `select`, which fails with more than 512 sockets.
"""

ROOM: Final = 1024
"""Bytes of a request's head beside target and headers: method, version, ends of lines."""

LINGER_BYTES: Final = 64 * 2**20
"""How much of what a client still sends behind its last answer is read and dropped, so that it comes to read that."""

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


@dataclass(frozen=True, slots=True)
class _Ending:
    """What a cut comes to: whether head and half of the body are sent, and whether the connection is reset."""

    sends_half: bool = False
    resets: bool = False


_ENDINGS: Final[Mapping[str, _Ending]] = MappingProxyType(
    {"reset": _Ending(resets=True), "empty": _Ending(), "close-mid-body": _Ending(sends_half=True)}
)
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER is on, for no time at all.


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


class _Sending(Task):
    """Tells the channel how long its answer will be: a cut may send half of it."""

    channel: Any

    def build_response_header(self) -> bytes:
        head = super().build_response_header()
        self.channel.expect(len(head), self.content_length or 0)
        return head


class _Answering(_Sending, WSGITask):
    """Has the application answer, with the method as it was sent; but for HEAD, which decides about the body."""

    request: Any

    def get_environment(self) -> WSGIEnvironment:
        environ = super().get_environment()
        if self.request.command != "HEAD":
            environ["REQUEST_METHOD"] = self.request.method
        cut: Cut = self._cut
        environ[CUT_KEY] = cut
        # Waitress sends a file that is wrapped with this as a whole, which leaves no half to cut off.
        environ.pop("wsgi.file_wrapper", None)
        return environ

    def _cut(self, name: str) -> None:
        self.channel.cut(name)
        # Not waitress' setter: the head is to say the same as without the cut.
        self.close_on_finish = True


class _Refusing(_Sending, ErrorTask):
    """Answers a request that no application sees, as JSON like every other error, and closes the connection."""

    request: Any
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
        self.channel.is_to_linger = True
        self.write(body)


class Channel(HTTPChannel):
    """A connection. One that is refused, or cut in good order, is closed on our side, and read until the client closes.

    To close it at once would reset it while the client still sends, and the client would lose what was sent.
    """

    parser_class: Any
    task_class = _Answering
    error_task_class = _Refusing
    is_to_linger = False
    _is_lingering = False
    _dropped = 0
    _ending: _Ending | None = None
    _is_to_reset = False
    _sendable = 0

    def __init__(self, limits: Limits, *place: Any, **settings: Any) -> None:  # noqa: ANN401 - passed on to waitress
        super().__init__(*place, **settings)
        self.parser_class = partial(_Parser, limits)

    def readable(self) -> bool:
        """Whether more is to be read."""
        return self._is_lingering or super().readable()

    def received(self, data: bytes) -> bool:
        """Take the next bytes; those behind the last request are dropped."""
        if not self._is_lingering:
            return super().received(data)
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self.handle_close()
        return False

    def handle_close(self) -> None:
        """Close the connection, or begin to where the client may still be sending."""
        may_linger = self.is_to_linger and not self._is_to_reset
        if may_linger and self.connected and not self.total_outbufs_len:
            self._stop_sending()
        else:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once, whatever is still to be sent or read."""
        if self._is_to_reset and self.connected:
            with suppress(OSError):  # Some systems refuse it once the client is gone.
                cast("socket.socket", self.socket).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        super().handle_close()

    def cut(self, name: str) -> None:
        """Let the answer that is being made be the last, and cut it in one of the ways of `CUTS`.

        Called by the thread that answers; the loop closes the connection when that thread is done.
        """
        if name not in _ENDINGS:
            raise ValueError(f"{name!r} is no way to cut a connection. Use one of {', '.join(CUTS)}.")
        self._ending = _ENDINGS[name]
        self._is_to_reset = self._ending.resets
        self.is_to_linger = True

    def expect(self, head: int, body: int) -> None:
        """Be told how many bytes the head and the body have that are about to be written."""
        if self._ending and self._ending.sends_half:
            self._sendable = head + body // 2

    def write_soon(self, data: bytes) -> int:
        """Take what is to be sent; what a cut leaves out is dropped here, where the task does not miss it and warn."""
        if self._ending is None:
            return super().write_soon(data)
        self._sendable -= super().write_soon(data[: self._sendable])
        return len(data)

    def _stop_sending(self) -> None:
        self.is_to_linger = self.will_close = False
        self._is_lingering = True
        self.request = None  # What came behind the last request and looks like another.
        with suppress(OSError):  # A client that is gone is noticed by the next turn of the loop.
            cast("socket.socket", self.socket).shutdown(socket.SHUT_WR)
