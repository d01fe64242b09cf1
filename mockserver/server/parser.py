"""The reading of one request: waitress' parser, which refuses as soon as it can be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

from mockserver.server.limits import Limits
from mockserver.vendors.aspnet.negotiation import join_accept_lines

if TYPE_CHECKING:
    pass


class _TargetTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


_BEGINNING: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?: |\Z)")


_ACCEPT: Final = re.compile(rb"(?mi)^accept:([^\r\n]*)")


_BARE_NEWLINE: Final = re.compile(rb"(?<!\r)\n")


class Parser(HTTPRequestParser):
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
