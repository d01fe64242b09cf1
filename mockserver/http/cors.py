"""Cross-origin resource sharing, as the Fetch standard defines it: what pages of other origins may ask and read."""

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
"""The request headers that make a preflight, or change the answer to it."""

_MAX_AGE: Final = 7200
"""How many seconds a browser may cache the answer to a preflight: the most that Chromium accepts."""

SOURCE: Final = Source("preflight")
"""The source of the answer to a preflight."""

_READABLE: Final = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
"""Response headers that a script can always read."""

_HIDDEN: Final = frozenset({"set-cookie", "set-cookie2", "vary"})
"""Response headers that a script can never read, and the one that only caches need."""

_ORIGIN: Final = re.compile(r"[!-~]+")


def answer_preflight(request: Request) -> Reply | None:
    """Return the answer that allows all that a preflight asks for; None if `request` is not a preflight.

    `request` has the `PREFLIGHT_HEADERS` that were sent. Invalid header names are left out of the answer.
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
        ("Access-Control-Max-Age", str(_MAX_AGE)),
        ("X-Mock-Source", str(SOURCE)),
    )
    return Reply(204, tuple(pair for pair in headers if pair[1]))


def share_answer(origin: str | None, headers: Headers) -> Headers:
    """Return the headers of an answer, with those that let pages of `origin` read it with credentials.

    Requests for images and scripts of other pages have no origin; their answers may be embedded. Headers of sharing
    that the answer already has stay, so that a fixture may forbid what is allowed here.
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
    """Return whether the text can be echoed: `null`, `file://` and `http://[::1]:3000` can, blanks cannot."""
    return text is not None and _ORIGIN.fullmatch(text) is not None


def _list_exposed(headers: Headers) -> Iterable[str]:
    """Return the headers that a script can read only if they are listed; `*` does not work with credentials."""
    return dict.fromkeys(name for name, _ in headers if not _needs_no_mention(name.lower()))


def _needs_no_mention(name: str) -> bool:
    return name in _READABLE or name in _HIDDEN or name.startswith(("access-control-", "cross-origin-"))
