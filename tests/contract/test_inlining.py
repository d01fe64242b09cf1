"""Schemas written out: references followed, and what holds together joined."""

import pytest

from mockserver.documents.nodes import Json
from tests.support.contracts import find_problems, read_things

NAME = {"type": "string", "maxLength": 5}
SHORT = {"type": "string", "maxLength": 3}
LOW = {"maxLength": 3}
B: dict[str, Json] = {"properties": {"b": {}}}
ONLY_B = {"properties": {"b": {"writeOnly": False}}, "required": ["b"]}
THING = "    Thing: {properties"
OTHERS = """\
    Name: {type: string, maxLength: 5}
    Alias: {$ref: '#/components/schemas/Name', title: B}
    Any: true
    List: {allOf: [{$ref: '#/components/schemas/Name'}]}
    Secret: {type: string, writeOnly: true}
"""


@pytest.mark.parametrize(
    ("schema", "inlined"),
    [
        ("{$ref: '#/components/schemas/Name'}", NAME),
        ("{$ref: '#/components/schemas/Name', maxLength: 3}", {"type": "string", "maxLength": 3}),
        ("{$ref: '#/components/schemas/Alias'}", {**NAME, "title": "B"}),
        ("{$ref: '#/components/schemas/Name', maxLength: 50}", NAME),
        ("{$ref: '#/components/schemas/Alias', title: C, minLength: 1}", {**NAME, "title": "C", "minLength": 1}),
        ("{$ref: '#/components/schemas/Any', maxLength: 3}", {"maxLength": 3}),
        ("{allOf: [{$ref: '#/components/schemas/Name'}, {}]}", NAME),
        ("{allOf: [{$ref: '#/components/schemas/Name'}], examples: [ab]}", {**NAME, "examples": ["ab"]}),
        ("{allOf: [{$ref: '#/components/schemas/Name'}, {maxLength: 3}], type: [string, 'null']}", SHORT),
        ("{allOf: [{$ref: '#/components/schemas/List'}, true]}", NAME),
        ("{oneOf: [{$ref: '#/components/schemas/Name'}, {allOf: [{maxLength: 3}, {}]}]}", {"oneOf": [NAME, LOW]}),
        ("{properties: {a: {$ref: '#/components/schemas/Any'}}}", {"properties": {"a": {}}}),
        ("{patternProperties: {'^a': {$ref: '#/components/schemas/Name'}}}", {"patternProperties": {"^a": NAME}}),
        ("{not: {$ref: '#/components/schemas/Name'}, contains: false}", {"not": NAME, "contains": False}),
        ("{$ref: '#/components/schemas/List/allOf/0'}", NAME),
        # Values are no schemas.
        ("{const: {$ref: a, allOf: [b]}}", {"const": {"$ref": "a", "allOf": ["b"]}}),
        ("{enum: [{$ref: a}], default: {example: 1}}", {"enum": [{"$ref": "a"}], "default": {"example": 1}}),
        ("{properties: {allOf: {maxLength: 3}, $ref: {}}}", {"properties": {"allOf": LOW, "$ref": {}}}),
        # One list of examples
        ("{example: a}", {"examples": ["a"]}),
        ("{example: a, examples: [b]}", {"examples": ["a", "b"]}),
        ("{allOf: [{example: a}], example: b}", {"examples": ["b", "a"]}),
        # Members that only requests have
        ("{properties: {a: {writeOnly: true}, b: {writeOnly: false}}, required: [a, b]}", ONLY_B),
        ("{allOf: [{properties: {a: {writeOnly: true}, b: {}}}], required: [a]}", {**B, "required": []}),
        ("{properties: {a: {$ref: '#/components/schemas/Secret'}}}", {"properties": {}}),
        # What is not evaluated
        ("{properties: {b: {}}, unevaluatedProperties: false}", {**B, "additionalProperties": False}),
        ("{allOf: [{properties: {b: {}}}], unevaluatedProperties: false}", {**B, "additionalProperties": False}),
        ("{additionalProperties: true, unevaluatedProperties: false}", {"additionalProperties": True}),
        ("{prefixItems: [true], unevaluatedItems: false}", {"prefixItems": [True], "items": False}),
        ("{oneOf: [{}], unevaluatedProperties: false}", {"oneOf": [{}], "unevaluatedProperties": False}),
    ],
)
def test_schema_is_written_out(schema: str, inlined: Json) -> None:
    contract = read_things(THING, f"{OTHERS}    Own: {schema}\n{THING}")

    assert contract.components["Own"] == inlined


def write_chain(length: int, schema: str) -> str:
    """Components of which each refers to the next by `schema`, in which `@` stands for the reference."""
    schemas = [schema.replace("@", f"{{$ref: '#/components/schemas/C{number + 1}'}}") for number in range(length)]
    return "".join(f"    C{number}: {each}\n" for number, each in enumerate([*schemas, "{}"])) + THING


@pytest.mark.parametrize(
    ("length", "schema", "place"),
    [(51, "{items: @}", "68:18"), (60, "{allOf: [@]}", "68:19"), (20, "{properties: {a: @, b: @}}", "37:10")],
)
def test_references_that_stand_for_too_much_are_refused(length: int, schema: str, place: str) -> None:
    found = find_problems(THING, write_chain(length, schema))

    assert found == [f"{place}: The references stand for over 100,000 values or 100 levels. Use fewer of them."]


@pytest.mark.parametrize(("length", "schema", "levels"), [(50, "{items: @}", 50), (40, "@", 0)])
def test_references_within_the_limits_are_replaced(length: int, schema: str, levels: int) -> None:
    contract = read_things(THING, write_chain(length, schema))

    assert str(contract.components["C0"]).count("items") == levels
