"""What differs between the schemas of values that are sent as text: in a URL or in a header."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.conformance.schema_changes import compare_schemas
from mockserver.conformance.schema_keywords import Difference
from mockserver.contract.intersections import Schema
from mockserver.contract.schema_forms import restricts


def compare_texts(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield the differences; where one schema allows any text, numbers and booleans of the other one are text too."""
    yield from compare_schemas(_admit(old, new), _admit(new, old))


def _admit(schema: Schema, other: Schema) -> Schema:
    """Return a schema of any text as one that also allows the type of the other schema."""
    is_any_text = schema.get("type") == "string" and not any(restricts(each) for each in schema if each != "type")
    if is_any_text and other.get("type") in ("integer", "number", "boolean"):
        return {**schema, "type": ["string", other["type"]]}
    return schema
