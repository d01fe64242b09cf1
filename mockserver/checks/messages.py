"""Marshmallow's messages as breaches of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from marshmallow import Schema, fields, missing
from marshmallow.exceptions import SCHEMA

from mockserver.checks.breaches import Breach, Measured
from mockserver.documents.wording import show, show_name, suggest_nearest, to_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """A value in a body by its path, and its judge: a schema, a field, or names for an unknown member."""

    path: tuple[str, ...]
    value: object
    judge: object


def errors_to_breaches(errors: object, place: JudgedValue) -> Iterator[Breach]:
    """Walk marshmallow's messages: dicts by name or index, lists and texts, nested at will."""
    if isinstance(errors, Mapping):
        for key in sort_keys(errors, place):
            yield from errors_to_breaches(entry_to_errors(errors[key], place.judge), enter(place, key))
    elif isinstance(errors, list):
        for error in errors:
            yield from errors_to_breaches(error, place)
    else:
        yield message_to_breach(errors, place)


def sort_keys(errors: Mapping[str | int, object], place: JudgedValue) -> list[str | int]:
    """Order what concerns the whole value first, then declared members, then others as they are given."""
    given = place.value if isinstance(place.value, Mapping) else ()
    names = dict.fromkeys([*name_to_field(place.judge), *given])
    rank: dict[str | int, int] = {name: index for index, name in enumerate(names)}
    return sorted(errors, key=lambda key: rank.get(key, -1))


def entry_to_errors(entry: object, judge: object) -> object:
    """Join the messages about an entry's name and value, which a dictionary field keeps apart."""
    if isinstance(judge, fields.Mapping) and isinstance(entry, Mapping):
        return list(entry.values())
    return entry


def enter(place: JudgedValue, key: str | int) -> JudgedValue:
    """Step to a member or item, or stay where the messages are about the whole object."""
    is_member = isinstance(place.value, Mapping) and key in place.value
    if key == SCHEMA and isinstance(place.judge, Schema) and not is_member:
        return place
    path = (*place.path, show_name(key))
    return JudgedValue(path, value_below(place.value, key), judge_below(place.judge, key))


def value_below(value: object, key: str | int) -> object:
    """Give the member or item, or `missing`; a value without parts stands for itself."""
    try:
        return value[key]  # type: ignore[index]  # what has no parts raises TypeError
    except LookupError:
        return missing
    except TypeError:
        return value


def judge_below(judge: object, key: str | int) -> object:
    """Give what judges the member or item; for an unknown member the names that it might have had."""
    below: object = None
    if isinstance(judge, Schema):
        known = name_to_field(judge)
        # An index where a schema is expected: the schema stands for each item of a list.
        below = judge if isinstance(key, int) else known.get(key) or tuple(known)
    elif isinstance(judge, fields.Mapping):
        below = judge.value_field
    elif isinstance(judge, fields.List):
        below = judge.inner
    return below.schema if isinstance(below, fields.Nested) else below


def name_to_field(judge: object) -> dict[str, fields.Field[Any]]:
    """Give the fields of a schema by their names in JSON; nothing for what is no schema."""
    known = judge.load_fields if isinstance(judge, Schema) else {}
    return {name if field.data_key is None else field.data_key: field for name, field in known.items()}


RULES = MappingProxyType(
    {
        "Missing data for required field.": "the contract requires it",
        "Field may not be null.": "the contract does not allow null",
        "Invalid input type.": "the contract wants an object",
        "Not a valid mapping type.": "the contract wants an object",
        "Not a valid list.": "the contract wants a list",
        "Unknown field.": "the contract has no such member",
    }
)
"""Our words for those of marshmallow's that the shipped schemas leave as they are."""


def message_to_breach(message: object, place: JudgedValue) -> Breach:
    """Put a message, marshmallow's or that of a user's own validator, in our form."""
    rule = RULES.get(str(message)) or to_phrase(str(message))
    if isinstance(place.judge, tuple):
        rule += suggest_nearest(place.path[-1], place.judge)
    value = None if place.value is missing else show(place.value)
    if isinstance(message, Measured):
        value = f"{value} ({message.size})"
    return Breach(".".join(place.path), rule, value)
