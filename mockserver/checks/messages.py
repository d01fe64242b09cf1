"""Marshmallow's messages as breaches of the contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, fields, missing
from marshmallow.exceptions import SCHEMA

from mockserver.checks.breaches import Breach, Measured
from mockserver.documents.wording import show, show_name, suggest_nearest, to_phrase

if TYPE_CHECKING:
    from collections.abc import Iterator


_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Missing data for required field.": "the contract requires it",
        "Field may not be null.": "the contract does not allow null",
        "Invalid input type.": "the contract wants an object",
        "Not a valid mapping type.": "the contract wants an object",
        "Not a valid list.": "the contract wants a list",
        "Unknown field.": "the contract has no such member",
    }
)
"""Our words for marshmallow's messages that the shipped schemas do not replace themselves."""


_COMPARED: Final = 100
"""Members of one object that may get a suggestion: comparing names takes long, and no list shows more problems."""


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """A value in a body, with its path and its judge: a schema, a field, or the known names for an unknown member."""

    path: tuple[str, ...]
    value: object
    judge: object


def errors_to_breaches(errors: object, place: JudgedValue) -> Iterator[Breach]:
    """Yield a breach for each of marshmallow's messages, which are nested in dicts by name or index and in lists."""
    if isinstance(errors, Mapping):
        for number, key in enumerate(_sort_keys(errors, place)):
            below = _enter(place, key)
            if number >= _COMPARED and isinstance(below.judge, tuple):
                below = replace(below, judge=())
            yield from errors_to_breaches(_entry_to_errors(errors[key], place.judge), below)
    elif isinstance(errors, list):
        for error in errors:
            yield from errors_to_breaches(error, place)
    else:
        yield _message_to_breach(errors, place)


def _sort_keys(errors: Mapping[str | int, object], place: JudgedValue) -> list[str | int]:
    """Order messages about the whole value first, then declared members, then others as they are given."""
    given = place.value if isinstance(place.value, Mapping) else ()
    names = dict.fromkeys([*name_to_field(place.judge), *given])
    rank: dict[str | int, int] = {name: index for index, name in enumerate(names)}
    return sorted(errors, key=lambda key: rank.get(key, -1))


def _entry_to_errors(entry: object, judge: object) -> object:
    """Join the messages about an entry's name and about its value, which a dictionary field keeps apart."""
    if isinstance(judge, fields.Mapping) and isinstance(entry, Mapping):
        return list(entry.values())
    return entry


def _enter(place: JudgedValue, key: str | int) -> JudgedValue:
    """Return the place of a member or item, or the same place for messages about the whole object."""
    is_member = isinstance(place.value, Mapping) and key in place.value
    if key == SCHEMA and isinstance(place.judge, Schema) and not is_member:
        return place
    path = (*place.path, show_name(key))
    return JudgedValue(path, _value_below(place.value, key), _judge_below(place.judge, key))


def _value_below(value: object, key: str | int) -> object:
    """Return the member or item, or `missing`; a value without parts stands for itself."""
    try:
        return value[key]  # type: ignore[index]  # what has no parts raises TypeError
    except LookupError:
        return missing
    except TypeError:
        return value


def _judge_below(judge: object, key: str | int) -> object:
    """Return what judges the member or item; for an unknown member the names of the known members."""
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
    """Return the fields of a schema by their names in JSON; a judge that is not a schema has none."""
    known = judge.load_fields if isinstance(judge, Schema) else {}
    return {name if field.data_key is None else field.data_key: field for name, field in known.items()}


def _message_to_breach(message: object, place: JudgedValue) -> Breach:
    """Return the breach for a message of marshmallow or of a user's own validator."""
    rule = _RULES.get(str(message)) or to_phrase(str(message))
    if isinstance(place.judge, tuple):
        rule += suggest_nearest(place.path[-1], place.judge)
    value = None if place.value is missing else show(place.value)
    if isinstance(message, Measured):
        value = f"{value} ({message.size})"
    return Breach(".".join(place.path), rule, value)
