"""Reads the request that somebody asks about: its method, target and headers, as the query of an address has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from mockserver.http.headers import TOKEN
from mockserver.http.hints import SESSION
from mockserver.http.messages import Request
from mockserver.insight.filters import FilterError, read_names

_NAMES: Final = ("target", "method", "session")
_SHOWN: Final = 80
_TARGET: Final = re.compile(r"(?:/|https?://)[!-~]*")


class AskedAbout(NamedTuple):
    """A request that somebody asks about, and the session that it would be in; None if none is named."""

    request: Request
    session: str | None


def read_asked(pairs: Iterable[tuple[str, str]], scheme: str, host: str) -> AskedAbout:
    """Return the request that a query describes; it would come to this host.

    Raises:
        FilterError: A name is unknown, or a value cannot be part of a request.
    """
    given = list(pairs)
    headers = tuple(_read_header(value) for name, value in given if name == "header")
    named = read_names((pair for pair in given if pair[0] != "header"), (*_NAMES, "header"))
    target, method = named.get("target", ""), named.get("method", "GET")
    if not _TARGET.fullmatch(target):
        raise FilterError(f"target is {target[:_SHOWN]!r}. Write a path with its query: /things/42?colour=blue.")
    if not TOKEN.fullmatch(method):
        raise FilterError(f"method is {method[:_SHOWN]!r}. Write one such as GET.")
    own = next((value for name, value in headers if name == SESSION), None)
    return AskedAbout(Request(method, target, scheme, host, headers), named.get("session") or own)


def _read_header(line: str) -> tuple[str, str]:
    name, mark, value = line.partition(":")
    if not mark or not TOKEN.fullmatch(name) or not value.isprintable():
        raise FilterError(f"header is {line[:_SHOWN]!r}. Write its name and value: X-Tenant: acme.")
    return name.lower(), value.strip(" ")
