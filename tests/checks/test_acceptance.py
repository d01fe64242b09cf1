"""Acceptance: the same verdicts as marshmallow's, whatever a class does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
import pytest
from marshmallow import ValidationError, fields, validate

from mockserver.checks.acceptance import Acceptance
from mockserver.checks.fields import Text, nullable_text
from mockserver.checks.judging import Schemas
from mockserver.checks.messages import name_to_field
from mockserver.checks.shortcuts import make_checks


class Plain(marshmallow.Schema):
    Name = nullable_text("A name.", 5)
    Age = fields.Integer(validate=validate.Range(0, 9), data_key="age")


class Lenient(Plain):
    class Meta(Plain.Meta):
        unknown = marshmallow.EXCLUDE


class Outer(marshmallow.Schema):
    Name = fields.Nested(Plain, required=True)
    Many = fields.List(fields.Nested(Plain))


class ValidatesName(Plain):
    @marshmallow.validates("Name")
    def refuse_x(self, value: str, **_: object) -> None:
        if value == "x":
            raise ValidationError("x is no name")


class ValidatesSchema(Plain):
    @marshmallow.validates_schema
    def refuse_age(self, data: Mapping[str, object], **_: object) -> None:
        if "Age" in data:
            raise ValidationError("no ages")


class PreLoads(Plain):
    @marshmallow.pre_load
    def cut(self, data: object, **_: object) -> object:
        return {"Name": str(data.get("Name"))[:5]} if isinstance(data, dict) else data


class ValidatesAll(Plain):
    def validate(self, *_: object, **__: object) -> dict[str, list[str]]:
        return {"Name": ["never"]}


class IsPartial(Plain):
    def __init__(self) -> None:
        super().__init__(partial=True)


class IsMany(Plain):
    def __init__(self) -> None:
        super().__init__(many=True)


class Processing(marshmallow.Schema):
    Name = Text(validate=validate.Length(2))

    def on_bind_field(self, _: str, field_obj: fields.Field[Any]) -> None:
        field_obj.pre_load = [lambda value: value.strip() if isinstance(value, str) else value]
        field_obj.post_load = []


USUAL = (Plain, Lenient, Outer, Processing)
UNUSUAL = (ValidatesName, ValidatesSchema, PreLoads, ValidatesAll, IsPartial, IsMany)
VALUES: tuple[object, ...] = (
    *({"Name": "x"}, {"Name": "Dana", "age": 3}, {"Name": None}, {"Name": "x", "age": None}, {}, {"Name": " "}),
    *(
        {"Name": "Daniel"},
        {"Name": 1},
        {"Name": "Dana", "age": 30},
        {"Name": "Dana", "Age": 3},
        {"Name": "x", "More": 1},
    ),
    *(None, [], [{"Name": "x"}], "x", {"Name": {"Name": "x"}}, {"Name": {"Name": "x"}, "Many": [{"Name": "Daniel"}]}),
)


@pytest.mark.parametrize("kind", [*USUAL, *UNUSUAL])
@pytest.mark.parametrize("value", VALUES)
def test_verdict_is_that_of_marshmallow(kind: type[marshmallow.Schema], value: Any) -> None:
    breaches = Schemas({"Kind": kind}).find_breaches("Kind", value)

    assert bool(breaches) == bool(kind().validate(value))


@pytest.mark.parametrize(
    ("kind", "is_asked"), [*((each, True) for each in USUAL), *((each, False) for each in UNUSUAL)]
)
def test_fields_alone_decide_in_usual_classes(kind: type[marshmallow.Schema], is_asked: bool) -> None:
    schema = kind()

    assert (Acceptance.of(schema, make_checks(name_to_field(schema))) is not None) == is_asked
