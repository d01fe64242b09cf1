"""What lets a page of another origin ask and read: cross-origin sharing, as the Fetch standard has it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from mockserver.http.headers import TOKEN, Headers, add_vary, split_list
from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source

PREFLIGHT_HEADERS: Final = (
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-request-private-network",
)
"""The request headers that a preflight is known and answered by."""

MAX_AGE: Final = 7200
"""Seconds that a browser may keep a preflight's answer; Chromium keeps none for longer."""

SOURCE: Final = Source("preflight")
"""Where the answer to a preflight came from."""

READABLE: Final = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
"""Response headers that a script may read without being told so."""

UNREADABLE: Final = frozenset({"set-cookie", "set-cookie2", "vary"})
"""Those that it may never read, and the one that concerns caches alone."""

_ORIGIN: Final = re.compile(r"[!-~]+")


def answer_preflight(request: Request) -> Reply | None:
    """Return the reply that allows what a preflight asks for, whatever it is; None if `request` is not a preflight.

    `request` has the `PREFLIGHT_HEADERS` that were sent. Names that are no tokens of HTTP are not given back.
    """
    method = request.header("access-control-request-method") or ""
    is_preflight = request.method == "OPTIONS" and _is_origin(request.header("origin")) and TOKEN.fullmatch(method)
    if not is_preflight:
        return None
    asked = split_list(request.header("access-control-request-headers") or "")
    names = ", ".join(name for name in asked if TOKEN.fullmatch(name))
    is_private = request.header("access-control-request-private-network") == "true"
    headers = (
        ("Access-Control-Allow-Methods", method),
        ("Access-Control-Allow-Headers", names),
        ("Access-Control-Allow-Private-Network", "true" if is_private else ""),
        ("Access-Control-Max-Age", str(MAX_AGE)),
        ("X-Mock-Source", str(SOURCE)),
    )
    return Reply(204, tuple(pair for pair in headers if pair[1]))


def share_answer(origin: str | None, headers: Headers) -> Headers:
    """Return the headers of an answer with those added that let pages of `origin` read it, with credentials.

    Without an origin, which an image or a script of another page comes without, the answer may be embedded. What
    the answer says itself it keeps saying: a fixture may forbid what is allowed here.
    """
    shared: Headers = (("Cross-Origin-Resource-Policy", "cross-origin"),)
    if origin is not None and _is_origin(origin):
        shared += (
            ("Access-Control-Allow-Origin", origin),
            ("Access-Control-Allow-Credentials", "true"),
            ("Access-Control-Expose-Headers", ", ".join(_list_exposed(headers))),
        )
    given = {name.lower() for name, _ in headers}
    added = tuple((name, value) for name, value in shared if value and name.lower() not in given)
    return (*add_vary(headers, "Origin"), *added)


def _is_origin(text: str | None) -> bool:
    """Return whether an origin can be echoed: printable ASCII, such as `null`, `file://` or `http://[::1]:3000`."""
    return text is not None and _ORIGIN.fullmatch(text) is not None


def _list_exposed(headers: Headers) -> Iterable[str]:
    """Return the headers that a script can read only if they are listed; `*` does not work with credentials."""
    return dict.fromkeys(name for name, _ in headers if not _is_hidden(name.lower()))


def _is_hidden(name: str) -> bool:
    return name in READABLE or name in UNREADABLE or name.startswith(("access-control-", "cross-origin-"))
