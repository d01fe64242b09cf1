"""One request as bytes: waitress' parser, which refuses a bad request before all of it has arrived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from waitress.parser import HTTPRequestParser, ParsingError, get_header_lines
from waitress.utilities import BadRequest, Error, RequestHeaderFieldsTooLarge

from mockserver.server.host_header import find_host_problem
from mockserver.server.kept_heads import KeptHead, KeptHeads
from mockserver.server.limits import Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class _TargetTooLong(BadRequest):
    code = 414
    reason = "URI Too Long"


class _VersionNotSupported(BadRequest):
    code = 505
    reason = "HTTP Version Not Supported"


METHOD: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?: |\Z)")
"""How a request begins, as far as it has arrived."""

_BARE_NEWLINE: Final = re.compile(rb"(?<!\r)\n")
_VERSION: Final = re.compile(rb" HTTP/([0-9]+)(?:\.([0-9]+))?[ \t]*\Z")
"""The version at the end of a request line; a request of HTTP/0.9 has none."""

_LATER: Final = re.compile(rb" HTTP/1\.[2-9]")

_CODED: Final = re.compile(rb"(?im)^transfer-encoding:")

_END: Final = b"\r\n\r\n"
"""The end of a head."""

_LINE_ENDS: Final = (b"\r\n\r", b"\r\n", b"\r")
"""What a head may end with before its last byte arrives."""

_READ: Final = (
    *("head", "method", "fields", "header_lines", "headers", "first_line", "request_uri", "command", "version"),
    *("proxy_scheme", "proxy_netloc", "path", "query", "fragment", "url_scheme", "connection_close"),
    *("expect_continue", "content_length"),
)
"""The attributes that hold what was read of a head."""

_NO_LINES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({})


class Parser(HTTPRequestParser):
    """Reads one request; refuses it as soon as it is too long or cannot be HTTP.

    Attributes:
        limits: The limits of the server.
        head: What has arrived of the request line and the headers, once they are refused or read.
        fields: The lines of all headers as they were sent, once they are read.
        method: The method as it was sent.
        header_lines: The lines of each header that was sent more than once, or whose name has an underscore, by its
            lower-case name. Waitress leaves out the latter, which CGI cannot tell from those with a hyphen.
        environ: The WSGI environment, once it was made.
        kept: What was read of an equal head before, if that is kept.
    """

    head = fields = b""
    path = ""  # Waitress logs the path, also of a request that it could not parse.
    method = ""
    header_lines = _NO_LINES
    environ: Any = None
    kept: KeptHead | None = None
    error: Any  # The type stubs of waitress allow None only.
    headers: Any  # And they allow no change.

    def __init__(self, limits: Limits, heads: KeptHeads, adj: Any) -> None:  # noqa: ANN401 - the stubs have no type for it
        super().__init__(adj)
        self.limits = limits
        self._heads = heads

    def received(self, data: bytes) -> int:
        """Take the next bytes; return how many of them belong to this request."""
        arrived = (self.header_plus + data).lstrip() if self.body_rcv is None else b""
        error = self._find_error(arrived)
        if error is not None:
            self.head = _cut_head(arrived)
            self.error = error
            self.completed = True
            return len(data)
        taken = super().received(data)
        if self.error is not None:
            self.expect_continue = False  # Waitress would ask for the body of a request that it has refused.
            self.head = _cut_head(arrived) or self.head  # Waitress parses another head in place of one too long.
        return taken

    def _find_error(self, arrived: bytes) -> Error | None:
        """Judge the part of the head that has arrived. Waitress judges the whole head, and so finds the rest."""
        head, end, _ = arrived.partition(_END)
        if not end:
            head = _cut_line_end(head)
        line, _, fields = head.partition(b"\r\n")
        rest = line.partition(b" ")[2]
        if len(rest.rpartition(b" ")[0] or rest) > self.limits.max_target:
            return _TargetTooLong("")
        if len(fields) > self.limits.max_headers:
            return RequestHeaderFieldsTooLarge("")
        is_line = b"\r\n" in arrived
        version = _VERSION.search(line) if is_line else None
        if version is not None and version[1] != b"1":
            return _VersionNotSupported("")
        # Waitress would wait for an end that may never come: of TLS, or of lines that end in a bare LF.
        if head and not end and (not METHOD.match(head) or (is_line and b" " not in line)):
            return BadRequest("Start line is invalid")
        return BadRequest("Bare LF found in HTTP message") if not end and _BARE_NEWLINE.search(head) else None

    @property
    def has_whole_head(self) -> bool:
        """Whether `head` is all of it."""
        return self.head.endswith(_END)

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the headers, unless an equal head is kept."""
        self.kept = self._heads.find(header_plus)
        if self.kept is None:
            self._read_head(header_plus)
        else:
            vars(self).update(self.kept.attributes)

    def keep(self, environ: WSGIEnvironment) -> None:
        """Keep what was read of this head, which has no body, with the environment that was made of it."""
        self._heads.keep(self.head, KeptHead(environ, {name: getattr(self, name) for name in _READ}))

    def _read_head(self, header_plus: bytes) -> None:
        """Read the request line and the headers.

        Waitress refuses methods in lower case and targets with bytes beyond ASCII, so it is given the method in upper
        case and the bytes escaped; it knows no version of HTTP/1 after HTTP/1.1, which stands for them (RFC 9110,
        section 2.5). It joins the lines of a header, so they are kept here. Python raises ValueError for a bad
        authority and for a number of thousands of digits. After `Expect: 100-continue` waitress would wait for ever
        for a body that is not announced.
        """
        self.head = header_plus
        line, end, fields = header_plus.partition(b"\r\n")
        method, blank, rest = line.partition(b" ")
        self.method = method.decode("latin-1")
        try:
            super().parse_header(method.upper() + blank + _lower_version(_escape(rest)) + end + fields)
        except ValueError:
            raise ParsingError("Target or Content-Length is invalid") from None
        self.fields = fields
        if fields.count(b"\r\n") - 1 != len(self.headers):  # The last line is blank.
            self.header_lines = _find_lines(fields)
        self._check_host()
        self._check_coding(fields)
        if not self.chunked and not self.content_length:
            self.expect_continue = False

    def _check_host(self) -> None:
        host = self.headers.get("HOST")
        lines = self.header_lines.get("host") or (() if host is None else (host,))
        problem = find_host_problem(lines, self.version)
        if problem is not None:
            raise ParsingError(problem)

    def _check_coding(self, fields: bytes) -> None:
        """Refuse a transfer coding that HTTP/1.0 lacks; close the connection if there is a length beside it.

        Others on the way may have read the other one of the two (RFC 9112, section 6.1).
        """
        if b"transfer-encoding" not in fields.lower() or not _CODED.search(fields):
            return
        if self.version != "1.1":
            raise ParsingError("Transfer-Encoding needs HTTP/1.1")
        if "CONTENT_LENGTH" in self.headers:
            self.headers["CONNECTION"] = "close"


def _cut_head(arrived: bytes) -> bytes:
    """Return what has arrived without a body."""
    head, end, _ = arrived.partition(_END)
    return head + end


def _cut_line_end(head: bytes) -> bytes:
    """Return the head without a line end that has only half arrived, which would count as content."""
    return next((head.removesuffix(each) for each in _LINE_ENDS if head.endswith(each)), head)


def _lower_version(rest: bytes) -> bytes:
    """Return target and version, with HTTP/1.1 in place of a later version of HTTP/1."""
    target, blank, version = rest.rpartition(b" ")
    return target + b" HTTP/1.1" if _LATER.fullmatch(blank + version) else rest


def _escape(target: bytes) -> bytes:
    """Return the target with its bytes beyond ASCII escaped, which some clients send as they are."""
    return (
        target if target.isascii() else b"".join(b"%%%02X" % each if each > 0x7F else b"%c" % each for each in target)
    )


def _find_lines(fields: bytes) -> dict[str, tuple[str, ...]]:
    """Return the values of each header that was sent more than once, or whose name has an underscore."""
    values: dict[str, list[str]] = {}
    for line in get_header_lines(fields):
        name, _, value = line.decode("latin-1").partition(":")
        values.setdefault(name.lower(), []).append(value.strip(" \t"))
    return {name: tuple(each) for name, each in values.items() if len(each) > 1 or "_" in name}
