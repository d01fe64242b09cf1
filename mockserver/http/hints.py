"""Hints: what people are told of a request beside its answer, one sentence each, in X-Mock-Hint and on the terminal."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from mockserver.http.headers import Headers, keep_printable

Hints = tuple[str, ...]
"""Sentences of plain text. They repeat names of a request if those are plain, and none of its values."""

PREFIX: Final = "x-mock-"
"""How the names of the stub's own headers begin, in lower case."""

SESSION: Final = "x-mock-session"
"""The request header that names a session."""

_LONGEST: Final = 600
"""The most characters of the header."""

_NAMED: Final = 3
"""How many names of a kind are told, each by a sentence."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,24}")
"""A name that may be repeated: it needs no escape, and is too short for a key or a token."""


def write_hints(hints: Hints) -> str:
    """Return the hints as one line of printable ASCII, cut if it is too long."""
    line = keep_printable(" ".join(hints))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 4]} ..."


def hint_headers(headers: Headers, known: frozenset[str] = frozenset()) -> Hints:
    """Return hints for request headers that look like the stub's own; it reads `SESSION` and the `known` ones."""
    names = dict.fromkeys(name for name, _ in headers if is_own(name))
    strays = (name for name in names if name != SESSION and name not in known)
    return tuple(
        f"The stub ignores {_name('the request header', name.title(), PREFIX.title())}; it reads {SESSION.title()}."
        for name in islice(strays, _NAMED)
    )


def is_own(name: str) -> bool:
    """Return whether the name of a header, in lower case, begins as those of the stub; `_` counts as `-`."""
    return name.replace("_", "-").startswith(PREFIX)


def _name(noun: str, name: str, start: str) -> str:
    """Return the noun with the name, or with the start of the name if it may not be repeated."""
    return f"{noun} {name}" if _PLAIN.fullmatch(name) else f"{noun} that begins with {start}"
