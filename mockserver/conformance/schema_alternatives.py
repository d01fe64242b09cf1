"""A schema as its alternatives: the branches of `oneOf` and `anyOf`, each with its types, and null apart from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from mockserver.checks.fitting import fits
from mockserver.checks.keywords import to_schema
from mockserver.conformance.schema_keywords import list_allowed
from mockserver.contract.intersections import Schema, intersect


@dataclass(frozen=True, slots=True)
class Part:
    """One alternative of a schema without null; `types` are those it allows, `steps` lead to it."""

    schema: Schema
    types: frozenset[str]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A schema as its alternatives, and whether one of them allows null."""

    allows_null: bool
    parts: tuple[Part, ...]


def split_schema(schema: Schema) -> Split:
    """Split a schema at `oneOf` or `anyOf`; `type: [string, "null"]` and an alternative for null are then the same."""
    allows_null, parts = False, []
    found = list(islice(_iter_alternatives(schema, ()), _MOST_ALTERNATIVES + 1))
    for steps, each in found if len(found) <= _MOST_ALTERNATIVES else [((), schema)]:
        types, allowed = _expand(each), list_allowed(each)
        allows_null |= "null" in types and (allowed is None or None in allowed)
        left = None if allowed is None else [value for value in allowed if value is not None]
        if types - {"null"} and left != []:
            kept = each if left is None or "const" in each else {**each, "enum": left}
            parts.append(Part(kept, types - {"null"}, steps))
    return Split(allows_null, tuple(parts))


def _iter_alternatives(schema: Schema, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    keyword = next((each for each in ("oneOf", "anyOf") if each in schema), None)
    if keyword is None:
        yield steps, schema
        return
    for number, branch in enumerate(schema[keyword]):
        joined = to_schema(intersect(_without(schema, keyword), branch))
        yield from _iter_alternatives(joined, (*steps, keyword, str(number)))


def _without(schema: Schema, keyword: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != keyword}


def _expand(schema: Schema) -> frozenset[str]:
    """Return the types that a schema allows; a number may be an integer."""
    kinds = schema.get("type", _TYPES)
    listed = frozenset((kinds,) if isinstance(kinds, str) else kinds)
    named = listed | {"integer"} if "number" in listed else listed
    allowed = list_allowed(schema)
    return named if allowed is None else named & {_find_type(value) for value in allowed}


def _find_type(value: object) -> str:
    return next(kind for kind in _TYPES if fits(value, {"type": kind}))


def divide(part: Part) -> Iterator[Part]:
    """Yield an alternative once for each of its types."""
    kinds = part.types - {"integer"} if "number" in part.types else part.types
    for kind in sorted(kinds):
        schema = {**part.schema, "type": kind}
        yield replace(part, schema=schema, types=_expand(schema))


_MOST_ALTERNATIVES: Final = 1_000
"""So many alternatives are told apart; with more of them, `oneOf` and `anyOf` are compared as a whole."""

_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
"""All types; an integer is found before it is taken for a number."""
