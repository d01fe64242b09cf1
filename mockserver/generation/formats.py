"""Texts in the formats of JSON Schema and of OpenAPI's registry, also of a length that a schema asks for."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from uuid import UUID

from mockserver.checks.formats import RANGES
from mockserver.checks.keywords import find_types
from mockserver.generation.draws import WORDS

if TYPE_CHECKING:
    from mockserver.generation.draws import Draw
    from mockserver.generation.randomness import Randomness


def offer_formatted(draw: Draw) -> Iterator[str]:
    """Yield texts in the format of the schema: an ordinary one, others of the lengths that it allows, then more."""
    if _KEYWORDS.isdisjoint(draw.schema):
        return
    for keyword in ("x-mock-format", "format", "contentEncoding"):
        made = _find(draw.schema.get(keyword, ""))
        if made is not None and "string" in find_types(draw.schema):
            ordinary = made.ordinary(draw)
            yield ordinary
            for length in _list_lengths(len(ordinary), draw):
                yield from filter(None, [made.sized(draw, length)])
            yield from (made.ordinary(draw) for _ in range(_TRIES))


def fill_format(name: str, random: Randomness, length: int) -> str | None:
    """Return a text in the format with exactly that length; None if there is none, or if the format is unknown."""
    found = _find(name)
    return None if found is None else found.sized(random, length)


def _find(name: str) -> _Format | None:
    return _FORMATS.get(name) or _NUMBERS.get(name)


def _list_lengths(ordinary: int, draw: Draw) -> Sequence[int]:
    """Return lengths to try where an ordinary text is too long or too short: those next to the limit."""
    least, most = draw.schema.get("minLength", 0), draw.limit
    if ordinary > most:
        return range(most, max(least, most - _STEPS) - 1, -1)
    if ordinary < least <= MOST_UNITS:
        return range(least, min(most, least + _STEPS) + 1)
    return ()


@dataclass(frozen=True, slots=True)
class _Format:
    """How texts of a format are made: an ordinary one from a draw, and one of a given length, if there is one."""

    ordinary: Callable[[Draw], str]
    sized: Callable[[Randomness, int], str | None]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A text of words with a `joint` between them, which stand between a `start` and an `end`."""

    start: str = ""
    end: str = ""
    joint: str = "-"
    longest: int = 2**20

    def fill(self, random: Randomness, length: int) -> str | None:
        """Return the text of that length; None if its words would be shorter or longer than they may be."""
        room = length - len(self.start) - len(self.end)
        if not 0 < room <= self.longest:
            return None
        words = self.joint.join(random.choice(WORDS) for _ in range(3)) + self.joint
        text = (words * (room // len(words) + 1))[:room]
        return f"{self.start}{text[:-1] + 'x' if text[-1] in self.joint else text}{self.end}"


def _stretched(*stretches: _Stretch, shorter: Mapping[int, str] | None = None) -> _Format:
    """Return a format of words: one word in the first stretch, or a length for which there is one of the stretches.

    `shorter` has texts of lengths that no stretch has.
    """
    first = stretches[0]

    def size(random: Randomness, length: int) -> str | None:
        filled = (each.fill(random, length) for each in stretches)
        return next((text for text in filled if text is not None), (shorter or {}).get(length))

    return _Format(lambda draw: f"{first.start}{draw.pick_word()}{first.end}", size)


def _fixed(ordinary: Callable[[Draw], str], *samples: str) -> _Format:
    """Return a format of few lengths, with a sample of each."""
    by_length = {len(sample): sample for sample in samples}
    return _Format(ordinary, lambda _, length: by_length.get(length))


def _clock(draw: Draw) -> str:
    seconds = draw.below(24 * 60 * 60)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _moment(draw: Draw) -> str:
    clock = _clock(draw)
    return f"{draw.pick_day()}T{clock}{draw.style.utc_offset}"


def _local_moment(draw: Draw) -> str:
    clock = _clock(draw)
    return f"{draw.pick_day()}T{clock}"


def _size_moment(whole: str, end: str, random: Randomness, length: int) -> str | None:
    """Return a moment of that length: `whole` seconds, decimals that do not end in 0, and the `end`."""
    decimals = length - len(whole) - len(end) - 1
    if decimals == -1:
        return whole + end
    digits = "".join(random.choice("123456789") for _ in range(decimals))
    return f"{whole}.{digits}{end}" if decimals > 0 else None


def _size_duration(random: Randomness, length: int) -> str | None:
    days = "".join(random.choice("123456789") for _ in range(length - 2))
    return f"P{days}D" if days else None


def _spread(random: Randomness, total: int, parts: int, most: int) -> list[int] | None:
    """Return sizes of that many parts, each from 1 to `most`, with that total; None if there are none."""
    if not parts <= total <= parts * most:
        return None
    sizes = [1] * parts
    for _ in range(total - parts):
        sizes[random.choice([at for at, size in enumerate(sizes) if size < most])] += 1
    return sizes


_OCTETS: Final[Mapping[int, tuple[int, int]]] = MappingProxyType({1: (0, 9), 2: (10, 99), 3: (100, 255)})


def _size_ipv4(random: Randomness, length: int) -> str | None:
    sizes = _spread(random, length - 3, 4, 3)
    return None if sizes is None else ".".join(str(random.randint(*_OCTETS[size])) for size in sizes)


def _size_ipv6(random: Randomness, length: int) -> str | None:
    """Return an address of that length: behind `::` with few groups, or with all eight."""
    groups = 8 if length > _LONGEST_SHORT else -(-(length - 1) // 5)
    start = "" if groups == 8 else "::"
    sizes = _spread(random, length - len(start) - (groups - 1), groups, 4) if groups > 0 else None
    if sizes is None:
        return "::" if length == len("::") else None
    return start + ":".join(f"{random.randint(16 ** (size - 1), 16**size - 1):x}" for size in sizes)


def _write_base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _write_base64url(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _size_encoded(write: Callable[[str], str], frame: str, random: Randomness, length: int) -> str | None:
    """Return encoded words of that length, between two of the `frame`."""
    inner = length - 2 * len(frame)
    words = _Stretch().fill(random, inner * 3 // 4) or ""
    text = f"{frame}{write(words)}{frame}"
    return text if len(text) == length else None


def _http_date(draw: Draw) -> str:
    clock, day = _clock(draw), draw.pick_day()
    return f"{_DAYS[day.weekday()]}, {day.day:02} {_MONTHS[day.month - 1]} {day.year} {clock} GMT"


def _number(name: str, draw: Draw) -> str:
    if name in RANGES:
        return str(draw.randint(1, min(_SMALL, RANGES[name][1])))
    return f"{draw.randint(1, _SMALL)}.{draw.randint(1, 9)}"


def _size_number(name: str, random: Randomness, length: int) -> str | None:
    most = len(str(RANGES[name][1])) - 1 if name in RANGES else _DECIMAL_DIGITS
    return "".join(random.choice("123456789") for _ in range(length)) if 0 < length <= most else None


_KEYWORDS: Final = frozenset(("x-mock-format", "format", "contentEncoding"))
_TRIES: Final = 16
"""Ordinary texts that are tried where a pattern refuses some."""

_STEPS: Final = 4
"""Lengths beside a limit that are tried: encoded bytes have every fourth, and seconds have no empty decimals."""

MOST_UNITS: Final = 2**20
"""Characters of a generated text."""

_LONGEST_SHORT: Final = 36
"""Characters of an address with seven groups behind `::`."""

_SMALL: Final = 9999
_DECIMAL_DIGITS: Final = 28
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UUID: Final = "00000000-0000-4000-8000-000000000000"

_ADDRESS: Final = _stretched(
    _Stretch(end="@example.com", joint=".", longest=64),
    _Stretch(end="@a.bc", joint=".", longest=64),
    _Stretch("user@", ".example.com", ".", 241),
    _Stretch(f"{'x' * 64}@", ".example.com", ".", 241),
)
_HOST: Final = _stretched(_Stretch(end=".example.com", joint=".", longest=241), _Stretch(longest=63))
_LINK: Final = _stretched(_Stretch("https://example.com/"), _Stretch("http://a.bc/"), _Stretch("a:"))
_REFERENCE: Final = _stretched(_Stretch("/"), _Stretch(), shorter=MappingProxyType({0: ""}))
_BASE64: Final = _Format(lambda draw: _write_base64(draw.pick_word()), partial(_size_encoded, _write_base64, ""))
_MOMENT: Final = _Format(_moment, partial(_size_moment, "2001-02-03T04:05:06", "Z"))

_FORMATS: Final[Mapping[str, _Format]] = MappingProxyType(
    {
        "dotnet-date-time": _MOMENT,
        "date-time": _MOMENT,
        "date-time-local": _Format(_local_moment, partial(_size_moment, "2001-02-03T04:05:06", "")),
        "date": _fixed(lambda draw: str(draw.pick_day()), "2001-02-03"),
        "time": _Format(lambda draw: _clock(draw) + draw.style.utc_offset, partial(_size_moment, "04:05:06", "Z")),
        "time-local": _Format(_clock, partial(_size_moment, "04:05:06", "")),
        "duration": _Format(lambda draw: f"P{draw.randint(1, 30)}D", _size_duration),
        **dict.fromkeys(("email", "idn-email"), _ADDRESS),
        **dict.fromkeys(("hostname", "idn-hostname"), _HOST),
        "ipv4": _Format(lambda draw: f"192.0.2.{draw.randint(1, 254)}", _size_ipv4),
        "ipv6": _Format(lambda draw: f"2001:db8::{draw.randint(1, 0xFFFF):x}", _size_ipv6),
        **dict.fromkeys(("uri", "iri"), _LINK),
        **dict.fromkeys(("uri-reference", "iri-reference"), _REFERENCE),
        "uri-template": _stretched(_Stretch("/", "/{id}"), _Stretch(), shorter=MappingProxyType({0: ""})),
        "uuid": _fixed(lambda draw: str(UUID(int=draw.below(2**128), version=4)), _UUID),
        "json-pointer": _stretched(_Stretch("/"), shorter=MappingProxyType({0: "", 1: "/"})),
        "relative-json-pointer": _stretched(_Stretch("0/"), shorter=MappingProxyType({1: "0", 2: "0#"})),
        "regex": _stretched(_Stretch("^", "$"), _Stretch()),
        **dict.fromkeys(("byte", "base64"), _BASE64),
        "base64url": _Format(
            lambda draw: _write_base64url(draw.pick_word()), partial(_size_encoded, _write_base64url, "")
        ),
        "char": _fixed(lambda draw: draw.pick_word()[0], "a"),
        "html": _stretched(_Stretch("<p>", "</p>", " "), _Stretch(joint=" ")),
        "http-date": _fixed(_http_date, "Sat, 03 Feb 2001 04:05:06 GMT"),
        "media-range": _stretched(_Stretch("application/"), _Stretch("a/")),
        "sf-string": _stretched(_Stretch('"', '"'), shorter=MappingProxyType({2: '""'})),
        "sf-token": _stretched(_Stretch()),
        "sf-binary": _Format(
            lambda draw: f":{_write_base64(draw.pick_word())}:", partial(_size_encoded, _write_base64, ":")
        ),
        "sf-boolean": _fixed(lambda draw: f"?{draw.randint(0, 1)}", "?1"),
    }
)
_NUMBERS: Final[Mapping[str, _Format]] = MappingProxyType(
    {
        name: _Format(partial(_number, name), partial(_size_number, name))
        for name in (*RANGES, "decimal", "decimal128", "float", "double", "sf-decimal")
    }
)
