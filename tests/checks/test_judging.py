"""Schemas by component: bodies, values and members, of any depth."""

from __future__ import annotations

from collections.abc import Mapping

import marshmallow
import pytest
from marshmallow import fields

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas, is_schema_class
from mockserver.documents.numbers import WrittenNumber

DEEP = "the contract wants nothing nested as deep as this"
ONCE = ("the contract allows it once", "given twice")


class PeriodSchema(marshmallow.Schema):
    First = fields.Integer(required=True, strict=True)
    Last = fields.Integer(required=True, strict=True)
    Inside = fields.Nested("PeriodSchema", allow_none=True)

    @marshmallow.validates_schema
    def check_order(self, data: Mapping[str, int], **_: object) -> None:
        if data["First"] > data["Last"]:
            raise marshmallow.ValidationError("First is not behind Last")


class OpenSchema(PeriodSchema):
    class Meta(marshmallow.Schema.Meta):
        unknown = marshmallow.INCLUDE


class BrokenSchema(marshmallow.Schema):
    name = fields.String(validate=lambda _: 1 / 0)


SCHEMAS = Schemas({"Period": PeriodSchema, "Open": OpenSchema, "Broken": BrokenSchema})


def nest(depth: int) -> object:
    value: object = None
    for _ in range(depth):
        value = {"Inside": value}
    return value


def test_components_are_known_by_name() -> None:
    assert ("Period" in SCHEMAS, "Branch" in SCHEMAS) == (True, False)
    with pytest.raises(KeyError, match="Branch"):
        SCHEMAS.find_breaches("Branch", {})


@pytest.mark.parametrize(
    ("given", "verdict"), [(PeriodSchema, True), (PeriodSchema(), False), (dict, False), (None, False)]
)
def test_only_a_marshmallow_class_is_a_schema_class(given: object, verdict: bool) -> None:
    assert is_schema_class(given) is verdict


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "null"), (True, "true"), (1, "1"), (1.5, "1.5"), ("Sex", "'Sex'"), ([], "[]"), (["\ud800"], '["\\ud800"]')],
)
def test_body_wants_an_object(value: object, shown: str) -> None:
    assert SCHEMAS.find_breaches("Period", value) == (Breach("", "the contract wants an object", shown),)


def test_rule_between_members_waits_for_all() -> None:
    shown = '{"First": 2, "Last": 1}'

    assert SCHEMAS.find_member_breaches("Period", {"Last": 1}) == ()
    assert SCHEMAS.find_breaches("Period", {"First": 2, "Last": 1}) == (Breach("", "first is not behind Last", shown),)


def test_given_members_are_checked_alone() -> None:
    breaches = SCHEMAS.find_member_breaches("Period", {"Colour": "red", "First": "x"})

    assert breaches == (
        Breach("First", "not a valid integer", "'x'"),
        Breach("Colour", "the contract has no such member", "'red'"),
    )
    assert SCHEMAS.find_member_breaches("Period", {}) == ()
    assert SCHEMAS.find_member_breaches("Open", {"Colour": "red"}) == ()


def test_value_nested_too_deep_is_a_breach() -> None:
    shown = ('{"Inside": ' * 6)[:59] + "…"

    assert SCHEMAS.find_breaches("Period", nest(2000)) == (Breach("", DEEP, shown),)
    assert SCHEMAS.find_member_breaches("Period", {"Inside": nest(2000)}) == (Breach("Inside", DEEP, shown),)


def test_written_numbers_are_judged_by_value() -> None:
    for find in (SCHEMAS.find_breaches, SCHEMAS.find_member_breaches):
        assert find("Period", {"First": WrittenNumber("-0"), "Last": 1}) == ()
        assert [str(each) for each in find("Period", {"First": [WrittenNumber("1.10")], "Last": 1})] == [
            "First is [1.1], not a valid integer"
        ]


def test_deep_value_of_a_scalar_is_judged() -> None:
    breaches = SCHEMAS.find_member_breaches("Period", {"First": nest(100_000)})

    assert [(breach.member, breach.rule) for breach in breaches] == [("First", "not a valid integer")]


@pytest.mark.parametrize(
    ("text", "breaches"),
    [
        ('{"First": 1, "Last": 2}', ()),
        ("{} x", (Breach("", "the contract wants JSON: extra data: line 1 column 4 (char 3)", "'{} x'"),)),
        pytest.param("[" * 100_000, (Breach("", DEEP, f"'{'[' * 59}…'"),), id="deep"),
        (
            '{"First": [1, {"a": 1, "a": 2}], "Last": 2, "Last": 3}',
            (
                Breach("Last", *ONCE),
                Breach("First.1.a", *ONCE),
                Breach("First", "not a valid integer", '[1, {"a": 2}]'),
            ),
        ),
    ],
)
def test_body_is_read_strictly(text: str, breaches: tuple[Breach, ...]) -> None:
    assert SCHEMAS.find_body_breaches("Period", text) == breaches


def test_error_in_a_schema_is_no_breach() -> None:
    with pytest.raises(ZeroDivisionError):
        SCHEMAS.find_breaches("Broken", {"name": "x"})
