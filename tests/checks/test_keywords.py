"""What several keywords of a schema say together."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from mockserver.checks.fitting import fits
from mockserver.checks.keywords import find_bounds, find_branches, find_types, list_written, to_schema
from mockserver.documents.numbers import WrittenNumber


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"type": "integer"}, ["integer"]),
        ({"type": ["string", "null"]}, ["string", "null"]),
        ({"properties": {}}, ["object"]),
        ({"additionalProperties": {}}, ["object"]),
        ({"items": {}}, ["array"]),
        ({}, ["string"]),
    ],
)
def test_types_are_named_or_implied(schema: dict[str, Any], types: list[str]) -> None:
    assert find_types(schema) == types


A, B = {"required": ["a"]}, {"required": ["b"]}
MEMBERS: dict[str, Any] = {"properties": {"a": {}, "b": {}, "c": {}}}


def leave(*names: str) -> dict[str, Any]:
    return {"properties": {name: {} for name in names}}


@pytest.mark.parametrize(
    ("schema", "branches"),
    [
        ({"type": "string"}, []),
        ({"maxLength": 5, "oneOf": [{"type": "string"}]}, [{"maxLength": 5, "type": "string"}]),
        ({"maxLength": 5, "oneOf": [{"maxLength": 3}, {"maxLength": 9}]}, [{"maxLength": 3}, {"maxLength": 5}]),
        ({"maxLength": 5, "anyOf": [True, {"pattern": "a"}]}, [{"maxLength": 5}, {"maxLength": 5, "pattern": "a"}]),
        ({"oneOf": [False]}, [{"enum": ()}]),
        ({**MEMBERS, "oneOf": [A, B]}, [leave("a", "c") | A, leave("b", "c") | B]),
        ({**MEMBERS, "anyOf": [A, B]}, [MEMBERS | A, MEMBERS | B]),
        ({**MEMBERS, "required": ["b"], "oneOf": [A, {}]}, [MEMBERS | {"required": ["b", "a"]}, leave("b", "c") | B]),
        ({"if": A, "then": {"minProperties": 2}}, [A | {"minProperties": 2}, {}]),
        ({"if": A, "else": B, **MEMBERS}, [MEMBERS | A, MEMBERS | B]),
    ],
)
def test_branches_are_joined_with_their_schema(schema: dict[str, Any], branches: list[object]) -> None:
    assert list(find_branches(schema)) == branches


def test_written_values_are_those_of_the_schema() -> None:
    schema = {"examples": [1, 2], "enum": [3], "const": 4, "default": None, "minimum": 5}

    assert list_written(schema) == [1, 2, 3, 4, None]
    assert list_written({"minimum": 5}) == []


@pytest.mark.parametrize(
    ("schema", "bounds"),
    [
        ({}, (-inf, inf)),
        ({"minimum": 1, "maximum": 2.5}, (1, 2.5)),
        ({"exclusiveMinimum": 1, "minimum": 0, "exclusiveMaximum": 2}, (1, 2)),
        ({"format": "int32", "maximum": 2**40}, (-(2**31), 2**31 - 1)),
        ({"format": "int64", "minimum": 0}, (0, 2**63 - 1)),
        ({"format": "unheard-of"}, (-inf, inf)),
        ({"minimum": WrittenNumber("0.10"), "maximum": WrittenNumber("2.50")}, (0.1, 2.5)),
        ({"minimum": WrittenNumber("-1e400"), "exclusiveMaximum": WrittenNumber("1e400")}, (-inf, inf)),
        ({"minimum": -(10**400), "maximum": 10**400}, (-inf, inf)),
        ({"minimum": 2**60 + 1}, (2**60 + 1, inf)),
    ],
)
def test_bounds_are_the_narrowest(schema: dict[str, Any], bounds: tuple[float, float]) -> None:
    assert find_bounds(schema) == bounds


@pytest.mark.parametrize("rule", [True, None, {}])
def test_rule_without_keywords_becomes_an_empty_schema(rule: object) -> None:
    assert to_schema(rule) == {}


def test_false_becomes_a_schema_that_nothing_fits() -> None:
    values: list[Any] = [None, 1, "a", {}, []]
    rule = False

    assert [fits(value, to_schema(rule)) for value in values] == [False] * 5
