"""What several keywords of a schema say together."""

from __future__ import annotations

from math import inf
from typing import Any

import pytest

from mockserver.checks.keywords import find_bounds, find_branches, find_types, to_schema


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


def test_branch_is_merged_with_its_schema() -> None:
    schema = {"maxLength": 5, "oneOf": [{"type": "string"}, {"maxLength": 3}], "anyOf": [True]}

    assert list(find_branches(schema)) == [{"maxLength": 5, "type": "string"}, {"maxLength": 3}, {"maxLength": 5}]
    assert list(find_branches({"type": "string"})) == []


@pytest.mark.parametrize(
    ("schema", "bounds"),
    [
        ({}, (-inf, inf)),
        ({"minimum": 1, "maximum": 2.5}, (1, 2.5)),
        ({"exclusiveMinimum": 1, "minimum": 0, "exclusiveMaximum": 2}, (1, 2)),
        ({"format": "int32", "maximum": 2**40}, (-(2**31), 2**31 - 1)),
        ({"format": "int64", "minimum": 0}, (0, 2**63 - 1)),
        ({"format": "unheard-of"}, (-inf, inf)),
    ],
)
def test_bounds_are_the_narrowest(schema: dict[str, Any], bounds: tuple[float, float]) -> None:
    assert find_bounds(schema) == bounds


@pytest.mark.parametrize("rule", [True, False, None])
def test_other_rule_becomes_an_empty_schema(rule: object) -> None:
    assert to_schema(rule) == {}
