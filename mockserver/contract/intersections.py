"""Two schemas as one: what fits the result fits both, as with `allOf` and keywords beside a `$ref`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import lcm
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from mockserver.documents.json_text import to_key
from mockserver.documents.nodes import Json
from mockserver.documents.numbers import Number, WrittenNumber

Schema: TypeAlias = Mapping[str, Any]
"""A JSON Schema as a mapping."""


def intersect(base: Schema | bool, own: Schema | bool) -> dict[str, Json] | bool:
    """Return a schema that a value fits if it fits both; descriptions and the like are those of `own`.

    Keywords that cannot be joined stand under `allOf`.
    """
    if isinstance(base, bool):
        return base and (own if isinstance(own, bool) else dict(own))
    if isinstance(own, bool):
        return own and dict(base)
    rest: dict[str, Json] = {}
    joined = {**base, **own}
    for keyword in base.keys() & own.keys():
        if keyword in _JOINS:
            joined[keyword] = _JOINS[keyword](base[keyword], own[keyword])
        elif keyword in _KEPT_APART and to_key(base[keyword]) != to_key(own[keyword]):
            rest[keyword] = base[keyword]
    for group in _GROUPS:
        _join_group(group, base, own, joined, rest)
    return {**joined, "allOf": [*joined.get("allOf", ()), rest]} if rest else joined


def _join_group(group: _Group, base: Schema, own: Schema, joined: dict[str, Any], rest: dict[str, Json]) -> None:
    """Join keywords that have a meaning only together, or keep those of the base apart."""
    sides = [{key: side[key] for key in group.keywords if key in side} for side in (base, own)]
    if not all(sides) or to_key(sides[0]) == to_key(sides[1]):
        return
    for key in group.keywords:
        joined.pop(key, None)
    if group.join is None or any(group.obstacle in side for side in sides):
        joined |= sides[1]
        rest |= sides[0]
    else:
        joined |= group.join(*sides)


def _join_objects(base: Schema, own: Schema) -> dict[str, Json]:
    """Join members: one that only one side names is, for the other side, one of the additional ones."""
    sides = (base, own)
    others = [side.get("additionalProperties", True) for side in sides]
    named = [side.get("properties", {}) for side in sides]
    joined: dict[str, Json] = {
        name: intersect(named[0].get(name, others[0]), named[1].get(name, others[1]))
        for name in dict.fromkeys((*named[0], *named[1]))
    }
    additional = intersect(*others)
    return {"properties": joined, **({} if additional is True else {"additionalProperties": additional})}


def _join_items(base: Schema, own: Schema) -> dict[str, Json]:
    return {"items": intersect(base["items"], own["items"])}


def _join_types(base: str | list[str], own: str | list[str]) -> Json:
    """Return the types that both allow; an integer is a number too."""
    first, second = ([each] if isinstance(each, str) else each for each in (base, own))
    both = [kind for kind in first if kind in second or (kind == "integer" and "number" in second)]
    both += [kind for kind in second if kind == "integer" and "number" in first and kind not in both]
    return both[0] if len(both) == 1 else [*both]


def _join_enums(base: list[Json], own: list[Json]) -> list[Json]:
    known = {to_key(value) for value in base}
    return [value for value in own if to_key(value) in known]


def _join_lists(base: list[Json], own: list[Json]) -> list[Json]:
    """Return the values of both lists, each once: those of the base first."""
    return list({to_key(value): value for value in (*base, *own)}.values())


def _join_steps(base: Number, own: Number) -> Number:
    """Return the least number of which both are divisors; no digit is lost."""
    first, second = Fraction(str(base)), Fraction(str(own))
    scale = lcm(first.denominator, second.denominator)
    step = Fraction(lcm(int(first * scale), int(second * scale)), scale)
    if step.denominator == 1:
        return step.numerator
    places = next(each for each in count(1) if (step * 10**each).denominator == 1)
    return WrittenNumber(f"{step * 10**places}e-{places}").plain


@dataclass(frozen=True, slots=True)
class _Group:
    """Keywords that have a meaning only together, and how two sides are joined: not where one has the `obstacle`."""

    keywords: tuple[str, ...]
    join: Callable[[Schema, Schema], dict[str, Json]] | None = None
    obstacle: str = ""


_GROUPS: Final = (
    _Group(("properties", "additionalProperties", "patternProperties"), _join_objects, obstacle="patternProperties"),
    _Group(("items", "prefixItems"), _join_items, obstacle="prefixItems"),
    _Group(("contains", "minContains", "maxContains")),
    _Group(("if", "then", "else")),
)

_JOINS: Final[Mapping[str, Callable[[Any, Any], Json]]] = MappingProxyType(
    {
        "type": _join_types,
        "enum": _join_enums,
        "multipleOf": _join_steps,
        **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
        **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
        **dict.fromkeys(("required", "allOf"), _join_lists),
        "examples": lambda base, own: _join_lists(own, base),
        **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly"), lambda base, own: base or own),
    }
)
"""Keywords whose two values become one."""

_KEPT_APART: Final = frozenset(
    (
        *("const", "pattern", "format", "x-mock-format", "oneOf", "anyOf", "not", "propertyNames", "dependentRequired"),
        "contentEncoding",
        *("dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
    )
)
"""Keywords of which both values have to hold; all others say nothing about values."""
