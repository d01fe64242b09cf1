"""The named edge cases: valid but extreme records, derived from a schema and one table of sample texts."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from hashlib import blake2b
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mockserver.checks.fitting import cut, fits
from mockserver.checks.keywords import find_bounds, find_branches, find_types, to_schema
from mockserver.generation.draws import MOST_ITEMS
from mockserver.generation.formats import MOST_UNITS, fill_format
from mockserver.generation.randomness import Randomness

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from mockserver.contract.intersections import Schema


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge case: a sentence `about` it, and the values that it offers for a schema, best first.

    It applies to schemas of its `types`, or to any schema if it names none. In a map such a value stands under `key`.
    """

    about: str
    types: Collection[str]
    offer: Callable[[Schema], Iterable[object]]
    key: str = "Key"


def list_edges(schema: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of the edge cases that apply to an object schema, in the order of `EDGES`."""
    return tuple(name for name in EDGES if give_members(name, schema))


def give_members(name: str, schema: Mapping[str, object]) -> dict[str, object]:
    """Return the members of an object schema to which the edge case `name` applies, in the schema's order.

    Every value fits its member; a member without a fitting value is left out. If the edge case applies to something
    inside an array or an object, the array has one such item, and the object has such members together with plain
    values for the others that it requires. Raises KeyError for an unknown name.
    """
    return _find_members(EDGES[name], schema)


def _find_members(edge: Edge, schema: Schema) -> dict[str, object]:
    rules = schema.get("properties", {})
    return {name: value for name, rule in rules.items() for value in _first_fitting(rule, _offer(edge, rule))}


def _first_fitting(rule: Schema | bool, candidates: Iterable[object]) -> Iterator[object]:
    """Yield the first value that fits, if any; null would be a value."""
    return islice((value for value in candidates if fits(value, rule)), 1)


def _offer(edge: Edge, rule: object) -> Iterator[object]:
    """Yield values of the edge case: for the schema itself, for its items and members, for its branches."""
    schema = to_schema(rule)
    types = find_types(schema)
    if not edge.types or not set(edge.types).isdisjoint(types):
        yield from edge.offer(schema)
    for kind in types:
        yield from _INSIDE[kind](edge, schema) if kind in _INSIDE else ()
    for branch in find_branches(schema):
        yield from _offer(edge, branch)


def _array_of(edge: Edge, schema: Schema) -> Iterator[list[object]]:
    items = schema.get("items", {})
    for item in _first_fitting(items, _offer(edge, items)):
        yield from _repeat(item, max(1, schema.get("minItems", 0)))


def _repeat(item: object, times: int) -> Iterator[list[object]]:
    """Yield a list of that item, unless it would have too many values."""
    if _weigh(item) * times <= MOST_ITEMS:
        yield [item] * times


def _weigh(value: object) -> int:
    """Return how many values there are in a value, itself counted."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_weigh, parts))


def _object_of(edge: Edge, schema: Schema) -> Iterator[dict[str, object]]:
    members = _find_members(edge, schema)
    if _is_map(schema):
        values = schema["additionalProperties"]
        for value in _first_fitting(values, _offer(edge, values)):
            members[edge.key] = value
    if members:
        yield _complete(members, schema)


def _is_map(schema: Schema) -> bool:
    return schema.get("additionalProperties", False) is not False and not schema.get("required")


def _complete(members: Mapping[str, object], schema: Schema) -> dict[str, object]:
    """Return the members together with plain values for the other required ones, in the schema's order."""
    rules = schema.get("properties", {})
    required = {name: rules.get(name, {}) for name in schema.get("required", ())}
    plain = {name: value for name, rule in required.items() for value in _find_plain(rule)}
    found = {**plain, **members}
    return {name: found[name] for name in dict.fromkeys((*rules, *found)) if name in found}


def _find_plain(rule: Schema | bool) -> Iterator[object]:
    """Yield an ordinary value, if one can be found."""
    return _first_fitting(rule, _offer_plain(to_schema(rule)))


def _offer_plain(schema: Schema) -> Iterator[object]:
    yield from (*schema.get("examples", ()), *schema.get("enum", ()))
    yield from (schema[keyword] for keyword in ("const", "default") if keyword in schema)
    for kind in find_types(schema):
        yield from _PLAIN[kind](schema) if kind in _PLAIN else ()
    for branch in find_branches(schema):
        yield from _offer_plain(branch)


def _plain_array(schema: Schema) -> Iterator[list[object]]:
    yield []
    for item in _find_plain(schema.get("items", {})):
        yield from _repeat(item, schema.get("minItems", 0))


def _spell(name: str, schema: Schema) -> Iterator[str]:
    """Yield the samples of that name, repeated and cut to fit, without those that become empty."""
    for sample in _SAMPLES[name]:
        repeats = min(schema.get("minLength", 0), MOST_UNITS) // len(sample) + 1
        yield from filter(None, [cut(sample * repeats, schema.get("maxLength", sys.maxsize))])


def _longest(schema: Schema) -> Iterator[str]:
    """Yield texts of exactly the greatest length in UTF-16 code units: each letter here is one unit."""
    limit = schema.get("maxLength", sys.maxsize)
    if limit <= MOST_UNITS:
        formatted = _fill_format(schema, int(limit))
        yield from _fill(int(limit)) if formatted is None else (formatted,)


def _fill_format(schema: Schema, length: int) -> str | None:
    return fill_format(schema.get("format", ""), Randomness(blake2b(str(length).encode())), length)


def _fill(limit: int) -> Iterator[str]:
    for sample in _SAMPLES["max-lengths"]:
        yield (sample * (limit // len(sample) + 1))[:limit].rstrip().ljust(limit, ".")


def _plain_formatted(schema: Schema) -> Iterator[str]:
    """Yield texts in the format of the schema, short ones first."""
    least = schema.get("minLength", 0)
    for length in range(least, least + _LONGEST_PLAIN if least <= MOST_UNITS else least):
        yield from filter(None, [_fill_format(schema, length)])


def _date(name: str, schema: Schema) -> Iterable[str]:
    """Return the samples of that name if the schema is of a date, or of a date and time."""
    is_date = schema.get("x-mock-format") in _DATES or schema.get("format") in _DATES
    return _SAMPLES[name] if is_date else ()


def _at_bound(inward: int, schema: Schema) -> Iterator[float]:
    """Yield the number at a bound, and the one next to it, which is for an exclusive bound.

    `inward` is the direction from the bound to the other numbers: 1 from the least, -1 from the greatest.
    """
    bound = find_bounds(schema)[inward < 0]
    step = _find_step(schema)
    if math.isinf(bound):
        return
    if step is None:
        yield from (bound, math.nextafter(bound, inward * math.inf))
    else:
        count = math.ceil(inward * Fraction(str(bound)) / step)
        yield from (_to_number(inward * step * each) for each in (count, count + 1))


def _find_step(schema: Schema) -> Fraction | None:
    """Return the number of which all allowed ones are multiples, or None if any number is allowed."""
    if "number" not in find_types(schema):
        return Fraction(Fraction(str(schema.get("multipleOf", 1))).numerator)
    return Fraction(str(schema["multipleOf"])) if "multipleOf" in schema else None


def _to_number(number: Fraction) -> float:
    return number.numerator if number.denominator == 1 else float(number)


def _empty_map(schema: Schema) -> Iterator[dict[str, object]]:
    if _is_map(schema):
        yield {}


def _huge_map(schema: Schema) -> Iterator[dict[str, object]]:
    if _is_map(schema):
        numbers = [f"{number:04}" for number in range(1, _ENTRIES + 1)]
        yield {f"Key {number}": f"Value {number}" for number in numbers}
        for value in _find_plain(schema["additionalProperties"]):
            yield {f"Key {number}": value for number in numbers}


def _text_edge(about: str, name: str) -> Edge:
    return Edge(about, ("string",), partial(_spell, name), key=_SAMPLES[name][0])


def _date_edge(about: str, name: str) -> Edge:
    return Edge(about, ("string",), partial(_date, name))


_ENTRIES: Final = 1000


# Any format has a shorter text.
_LONGEST_PLAIN: Final = 40
_DATES: Final = ("dotnet-date-time", "date-time", "date")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


# By the name of the edge case, in several forms where one may not fit. The most telling characters come first, since
# a text may be cut: the shortest member of the shipped contract has 25 UTF-16 code units.
_SAMPLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "max-lengths": ("As long as it may be. ", _LETTERS, _LETTERS.upper(), "1234567890"),
        # The first letter is a surrogate pair.
        "non-latin": ("𠮷野家 Ωμέγα Жизнь สวัสดี 한국어 नमस्ते ქართული አማርኛ ひらがな",),
        "right-to-left": ("שלום (123), مرحبا! abc דנה فاطمة الزهراء, 50% עברית",),
        # A family of four joined into one, a flag, two tones of skin, a single pair, a sign made emoji, a keycap.
        "emoji": ("👨‍👩‍👧‍👦🇦🇺👍🏽👋🏿😀❤️🏳️‍🌈1️⃣",),
        # Byte order mark, separators of lines and paragraphs, next line and delete; then U+0000 to U+001F.
        "control-characters": ("".join(map(chr, (0xFEFF, 0x2028, 0x2029, 0x85, 0x7F, *range(0x20)))),),
        "html": ("<script>alert(1)</script><b title=\"O'Hara\">R&D &lt;&amp;&#39; 'x'</b><!--",),
        "dob-utc": ("1984-03-12T00:00:00Z",),
        "dob-offset": ("1984-03-12T00:00:00+10:00",),
        "dob-unspecified": ("1984-03-12T00:00:00",),
        "leap-day": ("2000-02-29T00:00:00", "2000-02-29T00:00:00Z", "2000-02-29"),
        "year-1": ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0001-01-01"),
        "year-9999": ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999Z", "9999-12-31"),
        "plain": (
            *("Sample", "1984-03-12T00:00:00Z", "1984-03-12", "sample@example.com", "https://example.com/"),
            *("00000000-0000-4000-8000-000000000000", "0", "a", "A"),
        ),
    }
)
_INSIDE: Final[Mapping[str, Callable[[Edge, Schema], Iterator[object]]]] = MappingProxyType(
    {"array": _array_of, "object": _object_of}
)
_PLAIN: Final[Mapping[str, Callable[[Schema], Iterable[object]]]] = MappingProxyType(
    {
        "string": lambda schema: chain(_spell("plain", schema), _plain_formatted(schema)),
        "integer": lambda schema: chain((1, 0), _at_bound(1, schema), _at_bound(-1, schema)),
        "number": lambda schema: chain((1, 0), _at_bound(1, schema), _at_bound(-1, schema)),
        "boolean": lambda _: (False,),
        "array": _plain_array,
        "object": lambda schema: (_complete({}, schema),),
        "null": lambda _: (None,),
    }
)

EDGES: Final[Mapping[str, Edge]] = MappingProxyType(
    {
        "all-null": Edge("every member that may be null is null", (), lambda _: (None,)),
        "empty-strings": Edge("every text that may be empty is empty", ("string",), lambda _: ("",)),
        "max-lengths": Edge("every text that has a greatest length has that length", ("string",), _longest),
        "min-numbers": Edge("every number with a lower bound is at it", ("integer", "number"), partial(_at_bound, 1)),
        "max-numbers": Edge("every number with an upper bound is at it", ("integer", "number"), partial(_at_bound, -1)),
        "empty-map": Edge("every map has no entries", ("object",), _empty_map),
        "huge-map": Edge("every map has 1,000 entries", ("object",), _huge_map),
        "non-latin": _text_edge("every text is in scripts other than Latin", "non-latin"),
        "right-to-left": _text_edge("every text runs from right to left, with parts that do not", "right-to-left"),
        "emoji": _text_edge("every text is emoji, most of several code points", "emoji"),
        "control-characters": _text_edge("every text is control characters and separators", "control-characters"),
        "html": _text_edge("every text has a script, other markup, quotes and entities", "html"),
        "dob-utc": _date_edge("every date with a time is in UTC and ends in Z", "dob-utc"),
        "dob-offset": _date_edge("every date with a time has an offset from UTC", "dob-offset"),
        "dob-unspecified": _date_edge("every date with a time has no time zone", "dob-unspecified"),
        "leap-day": _date_edge("every date is 29 February", "leap-day"),
        "year-1": _date_edge("every date is the first day of the year 1", "year-1"),
        "year-9999": _date_edge("every date is the last moment of the year 9999", "year-9999"),
    }
)
"""The edge cases by name."""
