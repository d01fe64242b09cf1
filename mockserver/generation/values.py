"""Values made for a schema: by its keywords alone, or as the members of a record, which also have names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from mockserver.checks.fitting import cut, distinct
from mockserver.checks.formats import RANGES
from mockserver.checks.keywords import find_bounds, find_types, to_calculable
from mockserver.generation.draws import NOTHING, WORDS
from mockserver.generation.formats import MOST_UNITS, offer_formatted
from mockserver.generation.members import make_member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from mockserver.contract.intersections import Schema
    from mockserver.generation.draws import Draw


class NewRecord:
    """An object in the making: its given members, and those made so far."""

    __slots__ = ("_blueprint", "_draw", "_given", "_known")

    def __init__(self, draw: Draw, given: Mapping[str, object]) -> None:
        self._draw = draw
        self._blueprint = draw.blueprint
        self._given = given
        self._known: dict[str, object] = dict(given)

    def to_dict(self) -> dict[str, object]:
        """Return all members, without those for which no value can be made."""
        names = dict.fromkeys((*self._blueprint.names, *self._given))
        return _without_gaps({name: self._member(name) for name in names})

    def can_make(self, name: str) -> bool:
        """Return whether a value for the member can be made, or it can be left out."""
        schema = self._blueprint.schema
        if schema.get("properties", {}).get(name) is False and name not in schema.get("required", ()):
            return True
        draw = self._draw.child(name, self._blueprint.member(name))
        # Values by name come last, since they may import Faker.
        return _value(draw) is not NOTHING or make_member(name, draw, self._member) is not NOTHING

    def _member(self, name: str) -> object:
        """Return a member, also one that only other members have to fit and the schema does not have."""
        if name in self._known:
            return self._known[name]
        draw = self._draw.child(name, self._blueprint.member(name))
        value = make_member(name, draw, self._member)
        if value is NOTHING:
            value = _first_fitting(chain(_generic(draw), [None]), draw)
        self._known[name] = value
        return value


def make_record(draw: Draw, given: Mapping[str, object]) -> dict[str, object]:
    """Return an object with the given members and others that fit the schema, all of it if that can be."""
    whole = draw.blueprint
    if whole.has_joint_rules:
        for draft in _vary(draw):
            record = NewRecord(draft, given).to_dict()
            if draft.blueprint.fits(record) and whole.fits(record):
                return record
    return NewRecord(draw, given).to_dict()


def _vary(draw: Draw) -> Iterator[Draw]:
    """Yield the draw under each branch of its schema, then with all members, then with the required ones alone."""
    for branch in draw.blueprint.branches:
        yield from _vary(draw.narrowed(branch))
    yield draw
    yield draw.narrowed(draw.blueprint.required_alone)


def _without_gaps(members: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in members.items() if value is not NOTHING}


def _first_fitting(candidates: Iterable[object], draw: Draw) -> object:
    fits = draw.blueprint.fits
    for value in candidates:
        if fits(value):
            return value
    return NOTHING


def _generic(draw: Draw) -> Iterator[object]:
    """Yield values that the schema alone suggests, best first."""
    for step in _STEPS:
        yield from step(draw)


def _from_const(draw: Draw) -> Iterator[object]:
    if "const" in draw.schema:
        yield draw.schema["const"]


def _from_enum(draw: Draw) -> Iterator[object]:
    values = draw.schema.get("enum", [])
    values = [value for value in values if value is not None] or values
    yield from draw.sample(values, len(values))


def _from_branches(draw: Draw) -> Iterator[object]:
    for branch in draw.blueprint.branches:
        yield from (value for value in _generic(draw.narrowed(branch)) if value is not None)


def _from_type(draw: Draw) -> Iterator[object]:
    kinds = find_types(draw.schema)
    for kind in [kind for kind in kinds if kind != "null"] or kinds:
        yield from _MAKERS[kind](draw) if kind in _MAKERS else ()


def _from_examples(draw: Draw) -> Iterator[object]:
    examples = draw.schema.get("examples", [])
    yield from draw.sample(examples, len(examples))
    if "default" in draw.schema:
        yield draw.schema["default"]


def _texts(draw: Draw) -> Iterator[str]:
    if "pattern" in draw.schema or draw.schema.get("minLength", 0) > MOST_UNITS:
        return  # Words would match it by luck only: an example is needed.
    text = " ".join(draw.pick_word() for _ in range(3))
    repeats = draw.schema.get("minLength", 0) // len(text) + 1
    text = cut(" ".join([text] * repeats), draw.limit)
    yield text.rstrip()
    yield text


def _integers(draw: Draw) -> Iterator[int]:
    step = to_calculable(draw.schema.get("multipleOf", 1))
    if not 0 < step < math.inf:
        yield 0  # The one multiple within reach.
        return
    for low, high in _ranges(draw.schema):
        first, last = int(-(-low // step)), int(high // step)
        if first <= last:
            yield from (int(count * step) for count in (draw.randint(first, last), first, first + 1))


def _numbers(draw: Draw) -> Iterator[float]:
    for low, high in () if draw.schema.get("format") in RANGES else _ranges(draw.schema):
        value = draw.uniform(low, high)
        yield from (round(value, 2), value)
    yield from _integers(draw)


def _ranges(schema: Schema) -> Iterator[tuple[float, float]]:
    """Yield the ranges to draw a number from: small and positive numbers first, then those next to a bound."""
    low, high = find_bounds(schema)
    if math.inf in (low, -high):
        return
    if max(low, 1) <= min(high, _SMALL):
        yield max(low, 1), min(high, _SMALL)
    end = min(high, _SMALL)
    yield (low, min(high, low + _SMALL)) if low > -math.inf else (end - _SMALL, end)


_PATIENCE: Final = 1000
"""Equal items in a row after which a list of different ones ends: there are hardly any others."""


def _arrays(draw: Draw) -> Iterator[list[object]]:
    least = draw.schema.get("minItems", 0)
    if not draw.take_room(least):
        return
    count = draw.randint(least, max(least, min(draw.schema.get("maxItems", 3), least + 3)))
    items = (_value(draw.child(str(number), draw.blueprint.item(number))) for number in range(count * 8))
    made = (item for item in items if item is not NOTHING)
    yield list(islice(distinct(made, _PATIENCE) if draw.schema.get("uniqueItems") else made, count))


def _objects(draw: Draw) -> Iterator[dict[str, object]]:
    members = make_record(draw, {})
    count = max(draw.randint(0, 3), draw.schema.get("minProperties", 0))
    keys = draw.sample(WORDS, min(count, draw.schema.get("maxProperties", count), len(WORDS)))
    if isinstance(draw.schema.get("additionalProperties"), Mapping) and not members:
        members = _without_gaps({key: _value(draw.child(key, draw.blueprint.others)) for key in keys})
    yield members


def _value(draw: Draw) -> object:
    """Return a value by its schema alone; `NOTHING` if none fits."""
    return _first_fitting(_generic(draw), draw)


_SMALL: Final = 9999
_STEPS: Final = (_from_const, _from_enum, _from_branches, offer_formatted, _from_type, _from_examples)
_MAKERS: Final[Mapping[str, Callable[[Draw], Iterable[object]]]] = MappingProxyType(
    {
        "string": _texts,
        "integer": _integers,
        "number": _numbers,
        "boolean": lambda draw: [draw.random() < 0.5],
        "array": _arrays,
        "object": _objects,
        "null": lambda _: [None],
    }
)
