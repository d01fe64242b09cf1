"""Blueprints: what a schema alone decides, found once."""

from __future__ import annotations

import pytest

from mockserver.generation.blueprints import Blueprint


@pytest.mark.parametrize("schema", [True, None, "odd"])
def test_other_schema_becomes_an_empty_one(schema: object) -> None:
    assert Blueprint(schema).schema == {}


def test_nothing_fits_false() -> None:
    assert not any(map(Blueprint(rule=False).fits, (None, 1, "", [], {})))


def test_member_has_its_own_schema_or_that_of_others() -> None:
    blueprint = Blueprint({"properties": {"a": {"maxLength": 3}, "b": False}, "additionalProperties": {"maxLength": 5}})

    assert [blueprint.member(name).limit for name in ("a", "other")] == [3, 5]
    assert not blueprint.member("b").fits(None)


def test_item_has_its_own_schema_or_that_of_others() -> None:
    blueprint = Blueprint({"prefixItems": [{"maxLength": 1}, {"maxLength": 2}], "items": {"maxLength": 3}})

    assert [blueprint.item(number).limit for number in range(4)] == [1, 2, 3, 3]


def test_parts_are_made_once() -> None:
    blueprint = Blueprint({"properties": {"a": {}}, "oneOf": [{"required": ["a"]}], "items": {}})

    assert blueprint.member("a") is blueprint.member("a")
    assert blueprint.item(0) is blueprint.item(1)
    assert blueprint.branches is blueprint.branches


def test_declared_names_come_before_required_ones() -> None:
    assert Blueprint({"required": ["c", "a"], "properties": {"a": {}, "b": {}}}).names == ("a", "b", "c")


def test_optional_members_can_be_left_out() -> None:
    blueprint = Blueprint({"required": ["a"], "properties": {"a": {"maxLength": 1}, "b": {}}})

    assert blueprint.required_alone.schema == {"required": ["a"], "properties": {"a": {"maxLength": 1}}}
