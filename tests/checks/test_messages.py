"""Marshmallow's messages as breaches, for every way in which schemas nest."""

from __future__ import annotations

from collections.abc import Mapping

import marshmallow
import pytest
from marshmallow import fields

from mockserver.checks.judging import Schemas


class StreetSchema(marshmallow.Schema):
    """A user's class of marshmallow's own fields."""

    value = fields.Integer(required=True)
    site = fields.URL()

    @marshmallow.validates_schema(skip_on_field_errors=False)
    def refuse_seven(self, data: Mapping[str, object], **_: object) -> None:
        if data.get("value") == 7:
            raise marshmallow.ValidationError("Seven is taken.")


class BranchSchema(marshmallow.Schema):
    """Every way in which marshmallow nests, a name of its own in JSON, and members of one direction."""

    id = fields.Integer(dump_only=True)
    password = fields.String(load_only=True)
    kind = fields.String(data_key="Kind", validate=marshmallow.validate.OneOf(["main", "side"]))
    street = fields.Nested(StreetSchema)
    streets = fields.List(fields.Nested(StreetSchema))
    others = fields.Nested(StreetSchema, many=True)
    named = fields.Dict(
        keys=fields.String(validate=marshmallow.validate.Length(max=3)), values=fields.Nested(StreetSchema)
    )
    plucked = fields.Pluck(StreetSchema, "value")
    pair = fields.Tuple((fields.Integer(), fields.String()))


SCHEMAS = Schemas({"Branch": BranchSchema})
UNKNOWN = "the contract has no such member"
REQUIRED = "the contract requires it"


@pytest.mark.parametrize(
    ("value", "sentences"),
    [
        ({}, []),
        ({"id": "x"}, ["id is 'x', not a valid integer"]),
        ({"password": "x"}, [f"password is 'x', {UNKNOWN}"]),
        ({"Kind": "west"}, ["Kind is 'west', must be one of: main, side"]),
        ({"kind": "main"}, [f"kind is 'main', {UNKNOWN}; did you mean 'Kind'?"]),
        ({"Colour": 1}, [f"Colour is 1, {UNKNOWN}"]),
        ({"_schema": 1}, [f"_schema is 1, {UNKNOWN}"]),
        ({"": 1}, [f"'' is 1, {UNKNOWN}"]),
        ({"\ud800\x1b": 1}, [f"\\ud800\\x1b is 1, {UNKNOWN}"]),
        ({"street": None}, ["street is null, the contract does not allow null"]),
        ({"street": 3}, ["street is 3, the contract wants an object"]),
        ({"street": {"value": 7}}, ['street is {"value": 7}, seven is taken']),
        (
            {"street": {"value": 7, "site": "x"}},
            ['street is {"value": 7, "site": "x"}, seven is taken', "street.site is 'x', not a valid URL"],
        ),
        ({"street": {}}, [f"street.value is missing, {REQUIRED}"]),
        ({"street": {"value": 1, "site": "x"}}, ["street.site is 'x', not a valid URL"]),
        ({"street": {"value": 1, "Site": "x"}}, [f"street.Site is 'x', {UNKNOWN}; did you mean 'site'?"]),
        ({"streets": "x"}, ["streets is 'x', the contract wants a list"]),
        ({"streets": [{"value": 1}, {"value": "x"}]}, ["streets.1.value is 'x', not a valid integer"]),
        ({"others": [{"value": 1}, {"value": "x"}]}, ["others.1.value is 'x', not a valid integer"]),
        ({"others": [{"value": 1, "Site": 2}]}, [f"others.0.Site is 2, {UNKNOWN}; did you mean 'site'?"]),
        ({"named": []}, ["named is [], the contract wants an object"]),
        ({"named": {"a": {"value": "x"}}}, ["named.a.value is 'x', not a valid integer"]),
        (
            {"named": {"long": {"value": "x"}}},
            [
                'named.long is {"value": "x"}, longer than maximum length 3',
                "named.long.value is 'x', not a valid integer",
            ],
        ),
        ({"plucked": "x"}, ["plucked.value is 'x', not a valid integer"]),
        ({"pair": ["x", "y"]}, ["pair.0 is 'x', not a valid integer"]),
        (
            {"Zoo": 1, "Ant": 2, "street": {"b": 1, "a": 2, "site": 3}, "Kind": 4},
            [
                "Kind is 4, not a valid string",
                f"street.value is missing, {REQUIRED}",
                "street.site is 3, not a valid URL",
                f"street.b is 1, {UNKNOWN}",
                f"street.a is 2, {UNKNOWN}",
                f"Zoo is 1, {UNKNOWN}",
                f"Ant is 2, {UNKNOWN}",
            ],
        ),
    ],
)
def test_messages_become_sentences_in_order(value: object, sentences: list[str]) -> None:
    assert [str(breach) for breach in SCHEMAS.find_breaches("Branch", value)] == sentences
