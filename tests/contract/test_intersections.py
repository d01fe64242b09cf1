"""The intersection of two schemas takes what a validator takes under both, and nothing else."""

from __future__ import annotations

from itertools import product
from typing import Any

import jsonschema_rs
import pytest

from mockserver.checks.fitting import fits
from mockserver.contract.intersections import intersect
from mockserver.documents.numbers import WrittenNumber

HUGE = WrittenNumber("1e400")
LONG = WrittenNumber("0.12345678901234567890")

SCHEMAS: tuple[dict[str, Any] | bool, ...] = (
    *(True, False, {}, {"type": "string"}, {"type": ["integer", "null"]}, {"type": "number"}, {"type": "object"}),
    *({"const": 6}, {"const": "ab"}, {"enum": [6, "ab", True, None]}, {"enum": [1, "abc", {"a": 1}]}),
    *({"minimum": 2, "exclusiveMaximum": 9}, {"exclusiveMinimum": 3, "maximum": 12}, {"multipleOf": 4}),
    *({"multipleOf": 6}, {"multipleOf": 0.75}, {"minLength": 2}, {"maxLength": 2}, {"minLength": 1, "maxLength": 3}),
    *({"pattern": "^a"}, {"pattern": "b$"}, {"format": "date"}, {"format": "ipv4"}),
    *({"items": {"type": "integer"}}, {"items": {"minimum": 2}, "minItems": 1}, {"prefixItems": [{"const": 6}]}),
    *({"prefixItems": [True], "items": False}, {"uniqueItems": True, "maxItems": 2}, {"uniqueItems": False}),
    *({"contains": {"const": 6}}, {"contains": {"const": 7}, "maxContains": 1}),
    *({"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"minimum": 2}, "b": {}}, "required": ["a"]}),
    *({"properties": {"b": True}, "additionalProperties": False}, {"additionalProperties": {"type": "integer"}}),
    *({"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": False}, {"required": ["b"]}),
    *({"minProperties": 1}, {"maxProperties": 1}, {"propertyNames": {"maxLength": 1}}),
    *({"dependentRequired": {"a": ["b"]}}, {"dependentRequired": {"b": ["c"]}}),
    *({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"oneOf": [{"type": "integer"}, {"minimum": 7}]}),
    *({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"not": {"const": 6}}, {"not": {"type": "null"}}),
    *({"if": {"type": "integer"}, "then": {"minimum": 7}}, {"if": {"type": "string"}, "then": {"minLength": 3}}),
    {"allOf": [{"type": "integer"}, {"maximum": 7}]},
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, 1.5, 3, 6, 7, 8, 12, 24, -3, "", "a", "ab", "abc", "b", "2020-01-31", "192.0.2.1"),
    *([], [1], [6], [6, 7], [6, 6], [7, 7], ["a"], [6, "a"], {}, {"a": 1}, {"a": 6}, {"b": 1}, {"a": 6, "b": 1}),
    *({"a": "x"}, {"ab": 1}, {"c": 1}, {"a": 6, "b": 1, "c": 1}, {"b": "x", "c": 2}),
)
PAIRS = [*product(SCHEMAS, SCHEMAS)]


def test_value_fits_an_intersection_if_it_fits_both() -> None:
    validators = [jsonschema_rs.Draft202012Validator(each, validate_formats=True) for each in SCHEMAS]
    valid = [[validator.is_valid(value) for value in VALUES] for validator in validators]
    expected = [
        [first and second for first, second in zip(*verdicts, strict=True)] for verdicts in product(valid, valid)
    ]

    joined = [intersect(*pair) for pair in PAIRS]

    wrong = [
        (pair, value)
        for pair, one, verdicts in zip(PAIRS, joined, expected, strict=True)
        for value, verdict in zip(VALUES, verdicts, strict=True)
        if fits(value, one) is not verdict
    ]
    assert wrong == []


def test_intersection_leaves_both_schemas_alone() -> None:
    before = repr(PAIRS)

    for pair in PAIRS:
        intersect(*pair)

    assert repr(PAIRS) == before


@pytest.mark.parametrize(
    ("base", "own", "joined"),
    [
        ({"maxLength": 3}, {"maxLength": 50}, {"maxLength": 3}),
        ({"type": "number"}, {"type": ["integer", "null"]}, {"type": "integer"}),
        ({"type": ["integer", "null"]}, {"type": ["number", "null"]}, {"type": ["integer", "null"]}),
        ({"type": "string"}, {"type": "integer"}, {"type": []}),
        ({"multipleOf": 4}, {"multipleOf": 6}, {"multipleOf": 12}),
        ({"multipleOf": 0.5}, {"multipleOf": 0.2}, {"multipleOf": 1}),
        ({"multipleOf": 0.5}, {"multipleOf": 0.75}, {"multipleOf": 1.5}),
        ({"multipleOf": WrittenNumber("0.10")}, {"multipleOf": 0.04}, {"multipleOf": 0.2}),
        ({"multipleOf": HUGE}, {"multipleOf": WrittenNumber("0.10")}, {"multipleOf": HUGE}),
        ({"multipleOf": LONG}, {"multipleOf": WrittenNumber("0.012345678901234567890")}, {"multipleOf": LONG}),
        ({"minimum": WrittenNumber("0.10")}, {"minimum": 0.1}, {"minimum": 0.1}),
        ({"maximum": HUGE}, {"maximum": 5}, {"maximum": 5}),
        ({"required": ["a"]}, {"required": ["b", "a"]}, {"required": ["a", "b"]}),
        ({"properties": {"a": {}}}, {"properties": {"b": {}}}, {"properties": {"a": {}, "b": {}}}),
        ({"pattern": "a"}, {"pattern": "b"}, {"pattern": "b", "allOf": [{"pattern": "a"}]}),
        ({"pattern": "a"}, {"pattern": "a"}, {"pattern": "a"}),
        # What is said for people is that of the nearer schema.
        ({"title": "A", "x-a": 1, "default": 1}, {"title": "B", "x-a": 2}, {"title": "B", "x-a": 2, "default": 1}),
        ({"examples": [1, 2]}, {"examples": [3, 1]}, {"examples": [3, 1, 2]}),
        ({"writeOnly": True}, {"writeOnly": False}, {"writeOnly": True}),
    ],
)
def test_keywords_of_both_become_one(base: dict[str, Any], own: dict[str, Any], joined: dict[str, Any]) -> None:
    assert intersect(base, own) == joined
