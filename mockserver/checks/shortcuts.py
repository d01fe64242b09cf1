"""Shortcuts of the check: one test for each field, which most right values pass.

What passes, marshmallow accepts. What does not may be right too: marshmallow decides, and tells what is wrong.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from marshmallow import ValidationError, fields, validate

from mockserver.checks.fields import DotNetDateTime, Flag, Int32, Text, Units

Test: TypeAlias = Callable[[Any], bool]
_Field: TypeAlias = fields.Field[Any]
_Validator: TypeAlias = Callable[[Any], Any]


class MemberCheck(NamedTuple):
    """The check of a member: a shortcut, and marshmallow's own way, which raises ValidationError."""

    passes: Test
    deserialize: Callable[..., object]


def make_checks(fields_by_name: Mapping[str, _Field]) -> dict[str, MemberCheck]:
    """Return the checks of members by name."""
    return {name: MemberCheck(make_shortcut(field), field.deserialize) for name, field in fields_by_name.items()}


def make_shortcut(field: _Field) -> Test:
    """Return the shortcut of a field. Nothing passes that of an unknown class, such as a user's subclass."""
    kind = _KINDS.get(type(field))
    if kind is None or any(getattr(field, each, ()) for each in ("pre_load", "post_load")):
        return _refuse
    limits = [each for each in field.validators if kind.is_limit(each)]
    others = [each for each in field.validators if not kind.is_limit(each)]
    test = _validate(kind.make(field, limits), others) if others else kind.make(field, limits)
    return (lambda value: value is None or test(value)) if field.allow_none else test


def _refuse(_: object) -> bool:
    return False


def _validate(test: Test, validators: Iterable[_Validator]) -> Test:
    def test_all(value: object) -> bool:
        if not test(value):
            return False
        try:
            for each in validators:
                each(value)
        except ValidationError:
            return False
        return True

    return test_all


def _shorten_text(_: _Field, limits: Iterable[Any]) -> Test:
    most = min((each.max for each in limits), default=sys.maxsize)
    # In ASCII each character is one unit, and none is a surrogate.
    return lambda value: type(value) is str and len(value) <= most and value.isascii()


def _shorten_moment(_: _Field, __: Iterable[Any]) -> Test:
    read = DotNetDateTime.FORM.fullmatch

    def test(value: object) -> bool:
        form = read(value) if type(value) is str else None
        return form is not None and form[3] <= _IN_EVERY_MONTH

    return test


def _shorten_integer(_: _Field, limits: Iterable[Any]) -> Test:
    least = max((each.min for each in limits), default=-math.inf)
    most = min((each.max for each in limits), default=math.inf)
    return lambda value: type(value) is int and least <= value <= most


def _shorten_flag(_: _Field, __: Iterable[Any]) -> Test:
    return lambda value: type(value) is bool


def _shorten_map(field: fields.Dict, _: Iterable[Any]) -> Test:
    parts = (field.key_field, field.value_field)
    test_key, test_value = (_refuse if each is None else make_shortcut(each) for each in parts)
    return lambda value: type(value) is dict and all(map(test_key, value)) and all(map(test_value, value.values()))


def _is_range(validator: object) -> bool:
    """Return whether it is a range that has both ends."""
    if type(validator) is not validate.Range or None in (validator.min, validator.max):
        return False
    return validator.min_inclusive and validator.max_inclusive


@dataclass(frozen=True, slots=True)
class _Kind:
    """How the shortcut of a class of fields is made, and which validators are a part of it."""

    make: Callable[[Any, Iterable[Any]], Test]
    is_limit: Callable[[object], bool] = _refuse


_KINDS: Final[Mapping[type, _Kind]] = MappingProxyType(
    {
        Text: _Kind(_shorten_text, lambda validator: type(validator) is Units),
        DotNetDateTime: _Kind(_shorten_moment),
        Int32: _Kind(_shorten_integer, _is_range),
        Flag: _Kind(_shorten_flag),
        fields.Dict: _Kind(_shorten_map),
    }
)
"""The shortcuts of fields, by their exact classes."""

_IN_EVERY_MONTH: Final = "28"
