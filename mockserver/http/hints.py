"""Hints: what people are told of a request beside its answer, one sentence each, in X-Mock-Hint and on the terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mockserver.documents.wording import end_sentence
from mockserver.http.headers import Headers, keep_printable
from mockserver.http.preferences import KEYS, TWIN, find_near_key, list_ignored

Hints = tuple[str, ...]
"""Sentences of plain text. They repeat no secret, and names and paths of a request only if those are plain."""

PREFIX: Final = "x-mock-"
"""How the names of the stub's own headers begin, in lower case."""

SESSION: Final = "x-mock-session"
"""The request header that names a session."""

_REGISTERED: Final = frozenset(
    {
        # RFC 7240, RFC 8144 and RFC 8674, which IANA lists.
        *("handling", "respond-async", "return", "wait", "depth-noroot", "safe"),
        # OData 4.01, section 8.2.8, which has them with and without `odata.`.
        *("allow-entityreferences", "callback", "continue-on-error", "include-annotations", "maxpagesize"),
        *("omit-values", "track-changes"),
    }
)
"""Preferences of others, which are no mistake."""

_LONGEST: Final = 600
"""The most characters of the header."""

_NAMED: Final = 3
"""How many names of a kind are told, each by a sentence."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,24}")
"""The form of `is_plain`."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What would have answered a request that differed a little.

    Attributes:
        kind: `route`, `answer` or `record`.
        name: The method and path of the route, the name of the answer, the key of a session's record.
        place: Where the answer or the record stands.
        differences: How the request differs, a phrase each, without secrets.
        hint: The same as a sentence.
    """

    kind: str
    name: str | None
    place: str | None
    differences: tuple[str, ...]
    hint: str

    def __str__(self) -> str:
        named = " ".join(part for part in (self.kind, self.name, self.place) if part)
        return f"{named}: {'; '.join(self.differences)}"

    def show(self) -> dict[str, object]:
        """Return it as JSON."""
        shown: dict[str, object] = {"kind": self.kind, "name": self.name, "place": self.place}
        return {**shown, "differences": self.differences, "hint": self.hint}


MOST_NEAR: Final = 20
"""How many near misses of a request are listed, the nearest first."""


def write_hints(hints: Hints) -> str:
    """Return the hints as one line of printable ASCII, cut if it is too long."""
    line = keep_printable(" ".join(hints))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 4]} ..."


def measure_near_misses(misses: Iterable[NearMiss]) -> int:
    """Return the characters of near misses."""
    return sum(len(each.hint) + sum(map(len, each.differences)) for each in misses)


def hint_headers(headers: Headers, known: frozenset[str] = frozenset()) -> Hints:
    """Return hints for request headers that look like the stub's own; it reads `SESSION` and the `known` ones."""
    names = dict.fromkeys(name for name, _ in headers if is_own(name))
    strays = (name for name in names if name != SESSION and name not in known)
    return tuple(
        f"The stub ignores {_name('the request header', name.title(), PREFIX.title())}; it reads {SESSION.title()}."
        for name in islice(strays, _NAMED)
    )


def hint_query(names: Iterable[str], parameters: Iterable[str]) -> Hints:
    """Return hints for query keys that look like preferences; the `parameters` are those of the operation."""
    begun = [name for name in names if name.startswith("_")]
    own = {name.lower() for name in parameters} if begun else ()
    strays = (name for name in begun if name.lower() not in own)
    return tuple(islice(filter(None, map(_hint_key, strays)), _NAMED))


def _hint_key(name: str) -> str | None:
    key = name[1:].lower()
    if key in KEYS:
        return f"The stub ignores the query parameter _{key}; write {TWIN}{key}, with two underscores."
    if not name.startswith(TWIN):
        return None
    listed = ", ".join(TWIN + each for each in KEYS)
    return f"The stub ignores {_name('the query parameter', name, TWIN)}; it reads {listed}."


def hint_prefer(value: str) -> Hints:
    """Return hints for preferences in a Prefer header that are ignored, without those that others have."""
    names = (name for name in dict.fromkeys(list_ignored(value)) if "." not in name and name not in _REGISTERED)
    return tuple(map(_hint_preference, islice(names, _NAMED)))


def _hint_preference(name: str) -> str:
    if name in KEYS:
        return f"The stub cannot read the preference {name}; write {name}=VALUE."
    near = find_near_key(name)
    remedy = f"it reads {', '.join(KEYS)}" if near is None else f"did you mean {near}?"
    return end_sentence(f"The stub ignores {_name('the preference', name)}; {remedy}")


def is_own(name: str) -> bool:
    """Return whether the name of a header, in lower case, begins as those of the stub; `_` counts as `-`."""
    return name.replace("_", "-").startswith(PREFIX)


def is_plain(text: str) -> bool:
    """Return whether text of a request may be repeated: it needs no escape, and is too short for a key or a token."""
    return _PLAIN.fullmatch(text) is not None


def _name(noun: str, name: str, start: str = "") -> str:
    """Return the noun with the name, or with the start of the name if it may not be repeated."""
    if is_plain(name):
        return f"{noun} {name}"
    return f"{noun} that begins with {start}" if start else f"{noun} with a long or odd name"
