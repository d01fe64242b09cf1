"""Preferences: how a Prefer header (RFC 7240), its twins in the query and a session's defaults choose an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import quote

from mockserver.documents.nodes import Scalar, write_scalar
from mockserver.documents.wording import find_nearest
from mockserver.http.effects import FAULTS, LONGEST_DELAY, Effect
from mockserver.http.headers import PRINTABLE

TWIN: Final = "__"
"""The prefix of a preference in the query, as in `?__code=404`."""

STATUSES: Final = range(200, 600)
"""The statuses that an answer can have."""


class PreferenceError(ValueError):
    """An invalid preference; the text is a message for people on one line."""


class Preferences(NamedTuple):
    """The choices of a request or a session; None if it leaves one open.

    Attributes:
        code: The status of the answer.
        example: The name of an example of the contract, or of an answer.
        dynamic: True for a generated record, False for one of the fixtures.
        seed: The seed of generated members.
        edge: The name of an edge case.
        delay: The delay of the answer, in seconds.
        fault: A fault of the connection, one of `FAULTS`.
    """

    code: int | None = None
    example: str | None = None
    dynamic: bool | None = None
    seed: str | None = None
    edge: str | None = None
    delay: float | None = None
    fault: str | None = None

    @property
    def effect(self) -> Effect:
        """What happens to the answer while it is sent."""
        return Effect(self.delay, self.fault)

    @property
    def chooses(self) -> bool:
        """Whether they choose which answer is given."""
        # Spelled out, as every request asks this.
        return not (self.code is None and self.example is None and self.dynamic is None and self.edge is None)

    def over(self, defaults: Preferences) -> Preferences:
        """Return these preferences of a request, filled up from a session's `defaults`.

        A request that chooses its answer replaces the session's choice as a whole; seed, delay and fault stay.
        """
        if defaults is NO_PREFERENCES:
            return self
        return self.fill(defaults._replace(**dict.fromkeys(_CHOICES)) if self.chooses else defaults)

    def fill(self, other: Preferences) -> Preferences:
        """Return these preferences, and the `other` ones for the keys that these leave open."""
        if self is NO_PREFERENCES or other is NO_PREFERENCES:
            return other if self is NO_PREFERENCES else self
        given = {key: getattr(other, key) for key in KEYS if getattr(self, key) is None}
        return self._replace(**given)


_CHOICES: Final = ("code", "example", "dynamic", "edge")
"""The preferences that choose which answer is given."""

KEYS: Final = Preferences._fields

NO_PREFERENCES: Final = Preferences()
"""The preferences of most requests, which choose nothing; compare with `is`."""


# Possessive quantifiers, so that a long malformed header is read only once. They stand behind single characters only:
# possessive groups do not work before Python 3.11.5.
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_BLANK: Final = r"[ \t]*+"
_PAIR: Final = rf"{_WORD}{_BLANK}(?:={_BLANK}(?:{_WORD}|{_QUOTED}))?"
_ELEMENT: Final = re.compile(
    rf"{_BLANK}({_WORD}){_BLANK}(?:={_BLANK}({_WORD}|{_QUOTED}))?(?:{_BLANK};{_BLANK}(?:{_PAIR})?)*{_BLANK}"
)


# A quoted string that is not closed reaches to the end.
_BETWEEN_COMMAS: Final = re.compile(r'(?:[^",]++|"(?:[^"\\]|\\.)*(?:"|\\?\Z))+')
_START: Final = re.compile(rf"{_BLANK}({_WORD})")
_ESCAPED: Final = re.compile(r"\\(.)")
_NUMBER: Final = re.compile(r"[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")


def read_header(value: str) -> dict[str, str]:
    """Return the values in a Prefer header by key, the first of each; malformed and unknown preferences are ignored."""
    found: dict[str, str] = {}
    for key, text in _read_elements(value):
        if text is not None and key in KEYS:
            found.setdefault(key, text)
    return found


def list_ignored(value: str) -> Iterator[str]:
    """Yield the names, in lower case, of the preferences in a Prefer header that are malformed or unknown."""
    return (key for key, text in _read_elements(value) if text is None or key not in KEYS)


def _read_elements(value: str) -> Iterator[tuple[str, str | None]]:
    """Yield the name in lower case and the text of each element; None for the text of a malformed one."""
    for part in _BETWEEN_COMMAS.findall(value):
        element = _ELEMENT.fullmatch(part)
        start = element or _START.match(part)
        if start is not None:
            yield start[1].lower(), None if element is None else _unquote(element[2] or "")


def _unquote(word: str) -> str:
    return _ESCAPED.sub(r"\1", word[1:-1]) if word.startswith('"') else word


def split_twins(
    query: Mapping[str, Sequence[str]], parameters: Iterable[str] = ()
) -> tuple[dict[str, str], Mapping[str, Sequence[str]]]:
    """Split a decoded query into the values of the twins, by preference, and the rest.

    The names of twins ignore case. A name that is also one of the `parameters` of the contract stays a parameter.

    Raises:
        PreferenceError: A name misspells that of a twin.
    """
    names = {name: name.lower() for name in query if name.startswith(TWIN)}
    own = {name.lower() for name in parameters} if names else ()
    keys = {name: folded[len(TWIN) :] for name, folded in names.items() if folded not in own}
    twins = {name: key for name, key in keys.items() if key in KEYS}
    for name, key in islice(keys.items(), _COMPARED):
        if name not in twins:
            _refuse_near(name, key)
    if not twins:
        return {}, query
    texts: dict[str, str] = {}
    for name, key in twins.items():
        texts.setdefault(key, query[name][0])
    return texts, {name: values for name, values in query.items() if name not in twins}


def _refuse_near(name: str, key: str) -> None:
    near = find_near_key(key)
    if near is not None:
        finding = f"{name[:80]!r} is not a preference; did you mean '{TWIN}{near}'?"
        raise PreferenceError(f"{finding} There are {', '.join(TWIN + each for each in KEYS)}.")


_HABITS: Final = MappingProxyType({"status": "code", "status_code": "code"})
"""Names that people write for a preference out of habit."""

_LIKENESS: Final = 0.75
"""How like a preference a misspelt one is, from 0 to 1: with one wrong letter of four, or with two swapped."""

_COMPARED: Final = 20
"""How many names of a query are compared with the preferences."""


def find_near_key(name: str) -> str | None:
    """Return the preference that a name misspells, or stands for out of habit; None if there is none."""
    near = find_nearest(name, (*KEYS, *_HABITS), _LIKENESS)
    return None if near is None else _HABITS.get(near, near)


def read_preferences(texts: Mapping[str, str], place: str) -> Preferences:
    """Read values by key; errors name a key by its `place`, such as `Prefer: {}`.

    Raises:
        PreferenceError: A value is invalid.
    """
    if not texts:
        return NO_PREFERENCES
    try:
        return Preferences(**{key: _READERS[key](text) for key, text in texts.items()})  # type: ignore[arg-type]  # by the table
    except _WrongTextError as error:
        raise PreferenceError(f"{place.format(error.key)} is {error.text[:80]!r}. {error.remedy}") from None


def read_defaults(members: Mapping[str, Scalar]) -> Preferences:
    """Read a session's defaults: JSON values by key.

    Raises:
        PreferenceError: A key is unknown, or its value is invalid.
    """
    texts: dict[str, str] = {}
    for name, value in members.items():
        key = name.lower()
        if key not in KEYS:
            near = find_near_key(name)
            remedy = f". Write one of {', '.join(KEYS)}." if near is None else f"; did you mean {near!r}?"
            raise PreferenceError(f"{name[:80]!r} is not a preference{remedy}")
        texts.setdefault(key, write_scalar(value))
    return read_preferences(texts, "{}")


class _WrongTextError(Exception):
    def __init__(self, key: str, text: str, remedy: str) -> None:
        super().__init__(remedy)
        self.key, self.text, self.remedy = key, text, remedy


def _read_code(text: str) -> int:
    if not re.fullmatch(r"[0-9]{3}", text) or int(text) not in STATUSES:
        raise _WrongTextError("code", text, f"Write a status from {STATUSES[0]} to {STATUSES[-1]}.")
    return int(text)


def _read_dynamic(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise _WrongTextError("dynamic", text, "Write true or false.")
    return text.lower() == "true"


def _read_delay(text: str) -> float:
    if not _NUMBER.fullmatch(text) or float(text) > LONGEST_DELAY:
        raise _WrongTextError("delay", text, f"Write seconds from 0 to {LONGEST_DELAY:g}.")
    return float(text)


def _read_fault(text: str) -> str:
    if text not in FAULTS:
        raise _WrongTextError("fault", text, f"Write one of {', '.join(FAULTS)}.")
    return text


def _read_text(key: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not text:
            raise _WrongTextError(key, text, "Write a value, or leave it out.")
        return text

    return read


_READERS: Final[Mapping[str, Callable[[str], int | float | bool | str]]] = MappingProxyType(
    {
        "code": _read_code,
        "example": _read_text("example"),
        "dynamic": _read_dynamic,
        "seed": _read_text("seed"),
        "edge": _read_text("edge"),
        "delay": _read_delay,
        "fault": _read_fault,
    }
)


def write_applied(preferences: Preferences, keys: Iterable[str]) -> str:
    """Return the value of Preference-Applied: the given preferences among `keys`, in the order of `KEYS`."""
    honoured = set(keys)
    pairs = ((key, getattr(preferences, key)) for key in KEYS if key in honoured)
    return ", ".join(f"{key}={_write_word(value)}" for key, value in pairs if value is not None)


def _write_word(value: Scalar) -> str:
    """Return a word that reads as `value`, percent-encoded if it has characters that a header cannot contain."""
    text = write_scalar(value).removesuffix(".0") if isinstance(value, float) else write_scalar(value)
    if re.fullmatch(_WORD, text):
        return text
    if not set(text) <= set(PRINTABLE):
        text = quote(text, safe=PRINTABLE.replace("%", ""), errors="replace")
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
