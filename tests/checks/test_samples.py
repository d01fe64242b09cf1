"""A contract's examples and defaults against its own schemas, and what is said of those that do not fit."""

from __future__ import annotations

import pytest
from marshmallow import Schema, fields, validate

from mockserver.checks.judging import Schemas
from mockserver.checks.samples import find_sample_problems
from tests.support.contracts import THINGS, read
from tests.support.yaml_files import list_lines


class ThingSchema(Schema):
    Key = fields.String(required=True)
    Kind = fields.Integer(strict=True, validate=validate.Range(0, 2, error="the contract allows {min} to {max}"))


CHANGE = "Change the example or the contract."
REF = "schema: {$ref: '#/components/schemas/Thing'}"
HEADERS = '"200": {headers: {X-A: %s}, '

ROWS: list[tuple[str, str, list[str], list[str]]] = [
    # Bodies and headers are sent.
    (REF, f"{REF}, example: {{Key: a, Kind: 64}}", ["15:116: Kind is 64, the contract allows 0 to 2."], []),
    (
        REF,
        f"{REF}, examples: {{a: {{value: {{Kind: 1, Colour: red}}}}}}",
        [
            "15:114: Key is missing, the contract requires it.",
            "15:132: Colour is 'red', the contract has no such member.",
        ],
        [],
    ),
    (REF, f"{REF}, example: {{Key: a, Kind: 1}}", [], []),
    (
        '"200": {',
        HEADERS % "{schema: {type: integer, maximum: 9}, example: 12}",
        ["15:79: The example is 12, and its schema has maximum: 9."],
        [],
    ),
    (
        '"200": {',
        HEADERS % "{schema: {type: integer, default: a, examples: [5, b]}}",
        [
            "15:66: The default is 'a', and its schema has type: 'integer'.",
            "15:83: The example is 'b', and its schema has type: 'integer'.",
        ],
        [],
    ),
    ('"200": {', HEADERS % "{schema: true, example: 12}", [], []),
    # All others are passed over.
    (
        "Key: {type: string}",
        "Key: {type: string, maxLength: 2, pattern: '^a', example: bcd, default: ab}",
        [],
        [
            "18:84: The example is 'bcd', and its schema has maxLength: 2.",
            "18:84: The example is 'bcd', and its schema has pattern: '^a'.",
        ],
    ),
    (
        "Thing: {",
        "Thing: {example: {Key: 5, Kind: [], Other: x}, additionalProperties: false, required: [Key, Name], ",
        [],
        [
            "18:28: Key of the example is 5, and its schema has type: 'string'.",
            "18:37: Kind of the example is [], and its schema has type: 'integer'.",
            "18:48: Other of the example is 'x', and its schema allows no value.",
        ],
    ),
    (
        "Thing: {",
        "Thing: {examples: [{Key: a}], required: [Key, Name], ",
        [],
        ['18:24: The example is {"Key": "a"}, and its schema has required: ["Key", "Name"].'],
    ),
    (
        "Kind: {type: integer}",
        "Kind: {default: [[1, a], 2, {b: c}], items: {items: {type: integer}, additionalProperties: {maxLength: 0}}}",
        [],
        [
            "18:68: item 2 of item 1 of the default is 'a', and its schema has type: 'integer'.",
            "18:79: b of item 3 of the default is 'c', and its schema has maxLength: 0.",
        ],
    ),
    (
        "Kind: {type: integer}",
        "Kind: {default: [1], prefixItems: [{type: string}]}",
        [],
        ['18:63: The default is [1], and its schema has prefixItems: [{"type": "string"}].'],
    ),
    (
        "Kind: {type: integer}",
        "Kind: {default: {a: 1}, patternProperties: {a: {type: string}}, additionalProperties: false}",
        [],
        ['18:63: The default is {"a": 1}, and its schema has patternProperties: {"a": {"type": "string"}}.'],
    ),
    ("Kind: {type: integer}", "Kind: {items: false, default: []}", [], []),
    (
        "schema: {type: string}",
        "schema: {type: string, enum: [a, b]}, example: c",
        [],
        ['9:95: The example is \'c\', and its schema has enum: ["a", "b"].'],
    ),
]


@pytest.mark.parametrize(("old", "new", "sent", "others"), ROWS, ids=[row[1][:60] for row in ROWS])
def test_sample_that_does_not_fit_is_named(old: str, new: str, sent: list[str], others: list[str]) -> None:
    assert old in THINGS
    contract = read(THINGS.replace(old, new, 1))

    found = find_sample_problems(contract, Schemas({"Thing": ThingSchema}))

    assert [list_lines(each) for each in found] == [[f"{line} {CHANGE}" for line in lines] for lines in (sent, others)]


def test_body_of_unused_response_is_held_against_its_schema() -> None:
    unused = (
        f"components:\n  responses: {{No: {{content: {{text/json: {{{REF.replace('Thing', 'Word')}, example: 5}}}}}}}}"
    )
    text = THINGS.replace("components:", unused).replace("  schemas:\n", "  schemas:\n    Word: {type: string}\n")

    sent, others = find_sample_problems(read(text), Schemas({"Thing": ThingSchema}))

    assert [line.partition(": ")[2] for line in list_lines(sent)] == [
        f"The example is 5, and its schema has type: 'string'. {CHANGE}"
    ]
    assert others == []
