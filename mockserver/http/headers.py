"""Headers: names with a special meaning, and how values are written and read."""

from __future__ import annotations

import re
from email.message import Message
from functools import lru_cache
from typing import Final
from urllib.parse import quote

Headers = tuple[tuple[str, str], ...]
"""Names and values, one pair for each header line, in the order of the lines."""

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The form of the names of headers and methods (RFC 9110, section 5.6.2)."""

HOST: Final = re.compile(
    r"""(?x) (?: \[ (?: [0-9A-Fa-f:.]+ (?: %[0-9A-Za-z._~%-]+ )? | v[0-9A-Fa-f]+\.[!$&'()*+,;=:0-9A-Za-z._~-]+ ) \]
    | (?: [!$&'()*+,;=0-9A-Za-z._~-] | %[0-9A-Fa-f]{2} )* ) (?: :[0-9]* )?"""
)
"""The value of Host (RFC 9110, section 7.2): a name, an address, or nothing; then a port."""

HOP_BY_HOP: Final = frozenset(
    (
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "trailers",
        "transfer-encoding",
        "upgrade",
    )
)
"""Headers of a connection, which are not part of an answer (RFC 9110, section 7.6.1; RFC 2616, section 13.5.1)."""

OWN_HEADERS: Final = frozenset(
    ("content-length", "preference-applied", "x-mock-breach", "x-mock-hint", "x-mock-source", "x-mock-stale")
)
"""Headers that the stub writes itself."""

BODILESS_STATUSES: Final = (204, 205, 304)
"""Statuses whose answers never have a body in HTTP."""

UNMARKED_KEYS: Final = ("CONTENT_TYPE", "CONTENT_LENGTH")
"""The keys of request headers, in CGI and so in WSGI, that do not begin with HTTP_."""

PRINTABLE: Final = "".join(map(chr, range(0x20, 0x7F)))
"""Printable ASCII: the characters that any header may contain."""


@lru_cache(maxsize=256)
def find_key(name: str) -> str:
    """Return the key of a request header in CGI and so in WSGI."""
    key = name.upper().replace("-", "_")
    return key if key in UNMARKED_KEYS else f"HTTP_{key}"


def is_declarable(name: str) -> bool:
    """Return whether a contract decides if a header is sent, rather than the body, the connection or the stub."""
    folded = name.lower()
    is_written = is_framing(name) or folded in OWN_HEADERS or folded in ("content-type", "date")
    return not is_written and not folded.startswith("access-control-")


def is_framing(name: str) -> bool:
    """Return whether a header says how the body was encoded on its way, which the stub never does."""
    return name.lower() in HOP_BY_HOP or name.lower() == "content-encoding"


@lru_cache(maxsize=256)
def to_header(text: str) -> str:
    """Return text as the value of a header, percent-encoded but for letters, digits and plain punctuation."""
    return quote(text, safe=" /:.,+-_~@()", errors="replace")


def keep_printable(text: str) -> str:
    """Return the value of a header, with the characters percent-encoded that a header cannot contain."""
    return quote(text, safe=PRINTABLE, errors="replace")


def add_vary(headers: Headers, name: str) -> Headers:
    """Return `headers` with one Vary header, in which `name` stands last unless it was there."""
    names = [part for key, value in headers if key.lower() == "vary" for part in split_list(value)]
    is_said = {"*", name.lower()} & {each.lower() for each in names}
    others = tuple(pair for pair in headers if pair[0].lower() != "vary")
    return (*others, ("Vary", ", ".join(names if is_said else [*names, name])))


def split_list(value: str) -> list[str]:
    """Return the parts of a value that is a list."""
    return [part.strip(" \t") for part in value.split(",") if part.strip(" \t")]


@lru_cache(maxsize=64)
def read_content_type(value: str) -> tuple[str, str]:
    """Return the media type and the charset of a Content-Type header; the default charset is UTF-8."""
    header = Message()
    header["Content-Type"] = value
    return header.get_content_type(), header.get_content_charset("utf-8")
