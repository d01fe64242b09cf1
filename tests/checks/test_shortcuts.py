"""Shortcuts: what passes, marshmallow accepts; usual values pass."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError, fields, validate

from mockserver.checks.fields import DotNetDateTime, Flag, Int32, Text, flag, int32, integer, nullable_text
from mockserver.checks.shortcuts import make_shortcut


def refuse_x(value: object) -> None:
    if value == "x":
        raise ValidationError("no x")


class OwnText(Text):
    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        raise ValidationError(f"never {value}")


class ProcessedText(Text):
    def __init__(self) -> None:
        super().__init__()
        self.pre_load = [lambda value: f"{value} "]


VALUES: tuple[object, ...] = (
    *(None, True, False, 0, 1, 2, 3, -1, 9, 10, 2**31 - 1, 2**31, -(2**31) - 1, 10**400, 1.0, float("nan")),
    *("", "x", "four", "fives", "é", "éééé", "😀😀", "😀😀😀", "\ud800", "1", b"x", [], ["x"], ("x",)),
    *({}, {"a": "x"}, {"a": None}, {"a": 1}, {"é": "x"}, {"\ud800": "x"}, {"a": "four", "b": "fives"}, {1: "x"}),
    *(
        "2001-02-03T04:05:06",
        "2001-02-28T04:05:06Z",
        "2001-02-29T04:05:06",
        "2001-02-31T04:05:06",
        "2004-02-29T00:00:00",
    ),
    *(
        "2001-02-03T04:05:06\n",
        "2001-02-03T04:05:06.10",
        "2001-02-03",
        "0000-01-01T00:00:00",
        "2001-01-01T00:00:00+14:01",
    ),
)

# (field, what has to pass)
ROWS: tuple[tuple[fields.Field[Any], tuple[object, ...]], ...] = (
    (Text(), ("", "x", "fives")),
    (nullable_text("", 4), (None, "", "four")),
    (nullable_text(""), (None, "fives")),
    (Text(validate=refuse_x), ("", "four")),
    (Text(validate=[refuse_x, validate.Length(max=4)]), ("", "four")),
    (Text(validate=refuse_x, allow_none=True), (None, "four")),
    (DotNetDateTime(), ("2001-02-03T04:05:06", "2001-02-28T04:05:06Z")),
    (DotNetDateTime(allow_none=True, validate=validate.Length(max=19)), (None, "2001-02-03T04:05:06")),
    (int32(""), (0, 2**31 - 1)),
    (integer(0, 2, null=True), (None, 0, 2)),
    (Int32(), (0, 10**400)),
    (Int32(validate=validate.Range(min=1)), (1, 2**31)),
    (Int32(validate=validate.Range(max=1)), (1, -1)),
    (Int32(validate=validate.Range(0, 2, min_inclusive=False, max_inclusive=False)), (1,)),
    (Int32(validate=[validate.Range(0, 9), validate.Range(2, 12), validate.OneOf([3, 9])]), (3, 9)),
    (flag(""), (True, False)),
    (Flag(allow_none=True), (None, True)),
    (fields.Dict(keys=Text(), values=nullable_text("", 4)), ({}, {"a": "x"}, {"a": None})),
    (fields.Dict(keys=Text(), values=Text(), validate=validate.Length(max=1)), ({}, {"a": "x"})),
    (fields.Dict(keys=Text(), values=fields.List(Text())), ({},)),
    (fields.Dict(keys=Text()), ({},)),
    (fields.Dict(values=Text(), allow_none=True), (None, {})),
)


def is_accepted(field: fields.Field[Any], value: object) -> bool:
    try:
        field.deserialize(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(("field", "usual"), ROWS)
def test_what_passes_is_accepted(field: fields.Field[Any], usual: tuple[object, ...]) -> None:
    passed = [value for value in VALUES if make_shortcut(field)(value)]

    assert [value for value in passed if not is_accepted(field, value)] == []
    assert [value for value in usual if value not in passed] == []


@pytest.mark.parametrize("field", [OwnText(), ProcessedText(), fields.String(), fields.List(Text()), fields.Raw()])
def test_nothing_passes_where_a_class_decides(field: fields.Field[Any]) -> None:
    assert [value for value in VALUES if make_shortcut(field)(value)] == []
