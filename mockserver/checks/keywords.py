"""What several keywords of a schema say together: its types, its branches and the bounds of its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mockserver.checks.formats import RANGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mockserver.checks.fitting import Schema


def find_types(schema: Schema) -> list[str]:
    """Return the types that a schema allows; if it names none, the type that its keywords imply."""
    of_format = "integer" if schema.get("format") in RANGES else "string"
    implied = next((kind for keyword, kind in _IMPLIED_TYPES if keyword in schema), of_format)
    kinds = schema.get("type", implied)
    return [kinds] if isinstance(kinds, str) else list(kinds)


def find_branches(schema: Schema) -> Iterator[Schema]:
    """Yield each branch of `oneOf` and `anyOf`, merged with the other keywords of the schema."""
    rest = {key: rule for key, rule in schema.items() if key not in ("oneOf", "anyOf")}
    for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield {**rest, **to_schema(branch)}


def find_bounds(schema: Schema) -> tuple[float, float]:
    """Return the least and the greatest number, also by the format; infinite if there is no bound.

    An exclusive bound is returned as if it were inclusive.
    """
    least, most = RANGES.get(schema.get("format", ""), (-math.inf, math.inf))
    low = max(least, schema.get("minimum", least), schema.get("exclusiveMinimum", least))
    high = min(most, schema.get("maximum", most), schema.get("exclusiveMaximum", most))
    return low, high


def to_schema(rule: object) -> Schema:
    """Return a schema as a mapping; `true`, `false` and a missing schema become an empty one."""
    return rule if isinstance(rule, Mapping) else {}


_IMPLIED_TYPES: Final = (("properties", "object"), ("additionalProperties", "object"), ("items", "array"))
