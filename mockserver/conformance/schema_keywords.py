"""What a changed keyword of a schema does to the values that the schema allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from mockserver.checks.fitting import fits
from mockserver.checks.formats import RANGES
from mockserver.checks.keywords import to_calculable
from mockserver.contract.intersections import Schema
from mockserver.contract.schema_forms import restricts
from mockserver.documents.json_text import to_key
from mockserver.documents.wording import show


class Effect(Enum):
    """What a change does to the allowed values."""

    NARROWED = "narrowed"
    """Values that were allowed are no longer allowed."""
    WIDENED = "widened"
    """Values are allowed that were not."""
    CHANGED = "changed"
    """Both, or it cannot be told."""
    EXTENDED = "extended"
    """There is more to know, and who does not know it goes on as before."""
    REDUCED = "reduced"
    """There is less to know, which nobody could rely on."""
    ALTERED = "altered"
    """The same values are allowed, and a missing one stands for another."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two schemas.

    Attributes:
        rule: What differs, such as `enum-narrowed`.
        effect: What that does to the allowed values.
        steps: The way to it from the schema: keys and indexes.
        text: The difference in words, without a full stop.
        is_removed: Whether it stands in the old schema only.
    """

    rule: str
    effect: Effect
    steps: tuple[str, ...]
    text: str
    is_removed: bool = False


def compare_keywords(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield the differences of keywords that restrict values and whose own values are no schemas to enter."""
    yield from _compare_values(old, new)
    for is_lower in (True, False):
        yield from _compare_bounds(old, new, is_lower=is_lower)
    for keyword in filter(_COMPARED.__contains__, dict.fromkeys((*old, *new))):
        yield from _compare_one(keyword, _COMPARED[keyword], old, new)
    for keyword in sorted(filter(_is_opaque, old.keys() | new.keys())):
        yield from _compare_one(keyword, _compare_presence, old, new)


def list_allowed(schema: Schema) -> list[Any] | None:
    """Return the values that `enum`, `const` and the types leave; None if neither `enum` nor `const` is there."""
    if not schema.keys() & {"enum", "const"}:
        return None
    values = schema.get("enum", [schema.get("const")])
    if "const" in schema:
        values = [value for value in values if to_key(value) == to_key(schema["const"])]
    rules = {key: schema[key] for key in ("type",) if key in schema}
    return [value for value in values if fits(value, rules)]


def _compare_values(old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = list_allowed(old), list_allowed(new)
    if before is None or after is None:
        if after is not None:
            yield _make("enum", Effect.NARROWED, _step(new), f"allows only {_list(after)}, was open")
        elif before is not None:
            yield _make("enum", Effect.WIDENED, _step(old), f"is open, allowed only {_list(before)}", is_removed=True)
        return
    gone, come = _subtract(before, after), _subtract(after, before)
    if gone:
        yield _make("enum", Effect.NARROWED, _step(new), f"no longer allows {_list(gone)}")
    if come:
        yield _make("enum", Effect.WIDENED, _step(new), f"also allows {_list(come)}")


def _step(schema: Schema) -> str:
    return "const" if "const" in schema else "enum"


def _list(values: list[Any]) -> str:
    shown = [*map(show, values[:_SHOWN]), *(["..."] if len(values) > _SHOWN else [])]
    return ", ".join(shown) or "nothing"


def _subtract(values: list[Any], others: list[Any]) -> list[Any]:
    known = set(map(to_key, others))
    return [value for value in values if to_key(value) not in known]


def _compare_bounds(old: Schema, new: Schema, *, is_lower: bool) -> Iterator[Difference]:
    """Compare the least or the greatest numbers, which may be exclusive or those of a format."""
    sign = 1 if is_lower else -1
    before, after = (_find_bound(each, sign) for each in (old, new))
    if before.rank != after.rank:
        effect = Effect.NARROWED if after.rank > before.rank else Effect.WIDENED
        name = "minimum" if is_lower else "maximum"
        is_removed = not after.keyword
        keyword = after.keyword or before.keyword
        yield _make(
            "bound", effect, keyword, f"has {after.show(name)}, had {before.text or 'none'}", is_removed=is_removed
        )


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bound of numbers; one with a higher `rank` leaves fewer numbers. Without a keyword there is none."""

    rank: tuple[float, bool]
    keyword: str = ""
    text: str = ""

    def show(self, name: str) -> str:
        """Return the bound with its name."""
        return f"the {name} {self.text}" if self.text else f"no {name}"


def _find_bound(schema: Schema, sign: int) -> _Bound:
    inclusive, exclusive = ("minimum", "exclusiveMinimum") if sign > 0 else ("maximum", "exclusiveMaximum")
    found = [_Bound((-math.inf, False))]
    limits = RANGES.get(schema.get("format", ""))
    if limits is not None:
        limit = limits[0 if sign > 0 else 1]
        found.append(_Bound((sign * limit, False), "format", show(limit)))
    is_whole = schema.get("type") == "integer"
    for keyword in (inclusive, exclusive):
        if keyword in schema:
            is_exclusive = keyword == exclusive
            rank = (sign * to_calculable(schema[keyword]), is_exclusive)
            words = f"{show(schema[keyword])}{' (exclusive)' if is_exclusive else ''}"
            found.append(_Bound(_round(rank) if is_whole else rank, keyword, words))
    return max(found, key=lambda bound: bound.rank)


def _round(rank: tuple[float, bool]) -> tuple[float, bool]:
    """Return the rank of the first integer that a bound allows."""
    limit, is_exclusive = rank
    if math.isinf(limit):
        return rank
    return (math.floor(limit) + 1 if is_exclusive else math.ceil(limit)), False


_Compare = Callable[[Any, Any], Effect]
"""Says what two different values of a keyword do; None stands for a missing one."""


def _compare_one(keyword: str, compare: _Compare, old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = (_read(schema, keyword) for schema in (old, new))
    if to_key(before) != to_key(after):
        is_removed = after is None
        has = f"no {keyword}" if is_removed else f"{keyword} {show(after)}"
        text = f"has {has}, had {'none' if before is None else show(before)}"
        yield _make(keyword, compare(before, after), keyword, text, is_removed=is_removed and keyword not in new)


def _read(schema: Schema, keyword: str) -> object:
    """Return the value of a keyword; None if it says nothing."""
    value = schema.get(keyword)
    is_idle = value == _IDLE.get(keyword) or (keyword == "format" and value in RANGES)
    return None if is_idle else value


def _compare_presence(before: object, after: object) -> Effect:
    if before is None:
        return Effect.NARROWED
    return Effect.WIDENED if after is None else Effect.CHANGED


def _compare_least(before: float | None, after: float | None, *, missing: float = 0) -> Effect:
    limits = [missing if each is None else each for each in (before, after)]
    return Effect.NARROWED if limits[1] > limits[0] else Effect.WIDENED


def _compare_most(before: float | None, after: float | None) -> Effect:
    limits = [math.inf if each is None else each for each in (before, after)]
    return Effect.NARROWED if limits[1] < limits[0] else Effect.WIDENED


def _compare_steps(before: float | None, after: float | None) -> Effect:
    if before is None or after is None:
        return _compare_presence(before, after)
    ratio = Fraction(str(after)) / Fraction(str(before))
    if ratio.denominator == 1:
        return Effect.NARROWED
    return Effect.WIDENED if ratio.numerator == 1 else Effect.CHANGED


def _is_opaque(keyword: str) -> bool:
    return keyword not in _ENTERED and (restricts(keyword) or keyword in _UNREAD)


def _make(what: str, effect: Effect, step: str, text: str, *, is_removed: bool = False) -> Difference:
    return Difference(f"{what}-{effect.value}", effect, (step,), text, is_removed)


_SHOWN: Final = 8
"""Values of an `enum` that a text lists."""

_COMPARED: Final[Mapping[str, _Compare]] = MappingProxyType(
    {
        **dict.fromkeys(("minLength", "minItems", "minProperties"), _compare_least),
        **dict.fromkeys(("maxLength", "maxItems", "maxProperties", "maxContains"), _compare_most),
        **dict.fromkeys(("pattern", "format", "x-mock-format", "uniqueItems"), _compare_presence),
        **dict.fromkeys(("contentEncoding", "contentMediaType", "contentSchema"), _compare_presence),
        "minContains": partial(_compare_least, missing=1),
        "multipleOf": _compare_steps,
        "default": lambda _before, _after: Effect.ALTERED,
    }
)
"""Keywords that are compared by value, each with what its change does."""

_IDLE: Final[Mapping[str, object]] = MappingProxyType(
    {
        **dict.fromkeys(("minLength", "minItems", "minProperties"), 0),
        "minContains": 1,
        "uniqueItems": False,
        "pattern": ".*",
    }
)
"""Values that say the same as a missing keyword."""

_ENTERED: Final = frozenset(
    (
        *_COMPARED,
        *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("properties", "required", "additionalProperties", "items", "prefixItems"),
    )
)
"""Keywords that are compared above or in `schema_changes`; all others are compared as a whole."""

_UNREAD: Final = frozenset(("unevaluatedItems", "unevaluatedProperties", "$dynamicRef"))
"""Keywords that restrict values beside those whose form is checked."""
