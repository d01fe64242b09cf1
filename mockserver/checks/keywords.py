"""What several keywords of a schema say together: its types, its branches and the bounds of its numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from mockserver.checks.formats import RANGES
from mockserver.contract.intersections import Schema, intersect
from mockserver.documents.numbers import Number, WrittenNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def find_types(schema: Schema) -> list[str]:
    """Return the types that a schema allows; if it names none, the type that its keywords imply."""
    of_format = "integer" if schema.get("format") in RANGES else "string"
    implied = next((kind for keyword, kind in _IMPLIED_TYPES if keyword in schema), of_format)
    kinds = schema.get("type", implied)
    return [kinds] if isinstance(kinds, str) else list(kinds)


def find_branches(schema: Schema) -> Iterator[Schema]:
    """Yield each branch of `oneOf`, `anyOf` and `if`, joined with the other keywords of the schema.

    A branch of `oneOf` is without optional members that another one requires, since both would fit them.
    """
    if _BRANCHING.isdisjoint(schema):
        return
    rest = {key: rule for key, rule in schema.items() if key not in _BRANCHING}
    for branch in schema.get("oneOf", ()):
        joined = to_schema(intersect(rest, branch))
        yield _leave_out(joined, schema["oneOf"])
    for branch in schema.get("anyOf", ()):
        yield to_schema(intersect(rest, branch))
    if "if" in schema:
        yield to_schema(intersect(intersect(rest, schema["if"]), schema.get("then", True)))
        yield to_schema(intersect(rest, schema.get("else", True)))


def _leave_out(schema: Schema, branches: Iterable[Schema | bool]) -> Schema:
    required = {name for each in branches for name in to_schema(each).get("required", ())}
    left_out = required.difference(schema.get("required", ())) & schema.get("properties", {}).keys()
    if not left_out:
        return schema
    members = {name: rule for name, rule in schema["properties"].items() if name not in left_out}
    return {**schema, "properties": members}


def list_written(schema: Schema) -> list[Any]:
    """Return the values that the schema itself gives."""
    single = [schema[keyword] for keyword in ("const", "default") if keyword in schema]
    return [*schema.get("examples", ()), *schema.get("enum", ()), *single]


def find_bounds(schema: Schema) -> tuple[float, float]:
    """Return the least and the greatest number, also by the format; infinite if there is no bound.

    An exclusive bound is returned as if it were inclusive.
    """
    least, most = RANGES.get(schema.get("format", ""), (-math.inf, math.inf))
    lower = [to_calculable(schema[key]) for key in ("minimum", "exclusiveMinimum") if key in schema]
    upper = [to_calculable(schema[key]) for key in ("maximum", "exclusiveMaximum") if key in schema]
    return max([least, *lower]), min([most, *upper])


def to_calculable(number: Number) -> float:
    """Return a number of a schema to calculate with: rounded to a `float` if need be, infinite beyond its range."""
    if isinstance(number, int) and abs(number) > sys.float_info.max:
        return math.inf if number > 0 else -math.inf
    return float(number) if isinstance(number, WrittenNumber) else number


def to_schema(rule: object) -> Schema:
    """Return a schema as a mapping; `true` and a missing schema become an empty one, `false` one that nothing fits."""
    if rule is False:
        return _NOTHING
    return rule if isinstance(rule, Mapping) else {}


_NOTHING: Final[Schema] = MappingProxyType({"enum": ()})
_BRANCHING: Final = frozenset(("oneOf", "anyOf", "if", "then", "else"))


_IMPLIED_TYPES: Final = (("properties", "object"), ("additionalProperties", "object"), ("items", "array"))
