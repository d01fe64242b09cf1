"""The schemas of components: how references in them are replaced, and what JSON Schema does not allow."""

import pytest

from mockserver.documents.nodes import Json
from tests.support.contracts import find_problems, read_things

NAME = {"type": "string", "maxLength": 5}
THING = "    Thing: {properties"
OTHERS = """\
    Name: {type: string, maxLength: 5}
    Alias: {$ref: '#/components/schemas/Name', title: B}
    Any: true
    List: {allOf: [{$ref: '#/components/schemas/Name'}]}
"""


@pytest.mark.parametrize(
    ("schema", "inlined"),
    [
        ("{$ref: '#/components/schemas/Name'}", NAME),
        ("{$ref: '#/components/schemas/Name', maxLength: 3}", {"type": "string", "maxLength": 3}),
        ("{$ref: '#/components/schemas/Alias'}", {**NAME, "title": "B"}),
        ("{allOf: [{$ref: '#/components/schemas/Name'}, {}]}", {"allOf": [NAME, {}]}),
        ("{properties: {a: {$ref: '#/components/schemas/Any'}}}", {"properties": {"a": True}}),
        ("{$ref: '#/components/schemas/List/allOf/0'}", NAME),
    ],
)
def test_schema_reference_is_replaced_by_its_target(schema: str, inlined: Json) -> None:
    contract = read_things(THING, f"{OTHERS}    Own: {schema}\n{THING}")

    assert contract.components["Own"] == inlined


@pytest.mark.parametrize(
    "schema",
    [
        "{type: [integer, 'null'], enum: [a, {}], examples: [{type: 5}], items: true}",
        "{minimum: 0, multipleOf: 0.5, maxLength: 0, patternProperties: {x: true}, not: {}, x-mock: 1}",
        "{type: string, x-mock-format: dotnet-date-time}",
        "{properties: {type: {type: string}}, additionalProperties: {type: 'null'}}",
    ],
)
def test_keywords_of_json_schema_are_no_problem(schema: str) -> None:
    assert "Kind" in str(read_things("{type: integer}}", f"{schema}}}").components["Thing"])


BESIDE = "It is taken to match the values that stand beside it (examples, enum, const, default) and no others."


@pytest.mark.parametrize(
    ("schema", "finding"),
    [
        (
            r"{type: integer, pattern: '(.)\1'}",
            r"18:78: {}: ECMAScript has no \1, or it refers to a group, at position 3",
        ),
        ("{items: {pattern: 'a++'}}", "18:71: {}: ECMAScript has no ++ at position 1"),
        ("{anyOf: [{pattern: 'a{99999}'}]}", "18:72: {}: it is too large"),
    ],
)
def test_pattern_that_cannot_be_read_is_a_warning(schema: str, finding: str) -> None:
    contract = read_things("{type: integer}}", f"{schema}}}")

    told = f"f.yaml:{finding.replace('{}', 'This pattern cannot be read')}. {BESIDE}"
    assert list(map(str, contract.warnings)) == [told]


TYPE = "An entry of type is not a type. Write a type."
TYPES = "type is not a type or a list of types. Write a type or a list of types."
WHOLE = "is not a whole number from 0. Write a whole number from 0."
POSITIVE = "multipleOf is not a number over 0. Write a number over 0."
LOOP = "#/components/schemas/Thing contains itself, which is not supported. Write out the levels that you need."


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ("{type: intger}", f"18:60: {TYPES}"),
        ("{type: [string, nul]}", f"18:69: {TYPE}"),
        ("{type: [[string]]}", f"18:61: {TYPE}"),
        ("{maxLength: '50'}", f"18:65: maxLength {WHOLE}"),
        ("{minItems: -1}", f"18:64: minItems {WHOLE}"),
        ("{maxItems: 1.0}", f"18:64: maxItems {WHOLE}"),
        ("{minLength: true}", f"18:65: minLength {WHOLE}"),
        ("{minimum: 0, exclusiveMinimum: true}", "18:84: exclusiveMinimum is not a number. Write a number."),
        ("{multipleOf: 0}", f"18:66: {POSITIVE}"),
        ("{multipleOf: -0.5}", f"18:66: {POSITIVE}"),
        ("{pattern: [a]}", "18:63: pattern is not text. Write text."),
        ("{enum: a}", "18:60: enum is not a list. Write a list."),
        ("{items: [{}]}", "18:61: items is not a schema. Write a schema."),
        ("{properties: []}", "18:66: properties is not a mapping. Write a mapping."),
        ("{oneOf: [{}, string]}", "18:66: An entry of oneOf is not a schema. Write a schema."),
        ("integer", "18:53: An entry of properties is not a schema. Write a schema."),
        ("{properties: {Kind: {enum: {}}}}", "18:80: enum is not a list. Write a list."),
        ("{required: [Key, 5]}", "18:70: An entry of required is not text. Write text."),
        ("{$ref: '#/info/title'}", "2:15: The target of #/info/title is not a schema. Write a schema."),
        ("{$ref: '#/x'}", "18:60: $ref '#/x' leads nowhere. Point at a component of this file."),
        ("{items: {$ref: '#/components/schemas/Thing'}}", f"18:68: {LOOP}"),
    ],
)
def test_problem_of_a_schema(schema: str, problem: str) -> None:
    assert find_problems("{type: integer}}", f"{schema}}}") == [problem]


def test_component_is_a_schema() -> None:
    found = find_problems(THING, f"    Other: object\n{THING}")

    assert found == ["18:12: The component Other is not a schema. Write a schema."]


def write_chain(length: int, schema: str) -> str:
    """Components of which each refers to the next by `schema`, in which `@` stands for the reference."""
    schemas = [schema.replace("@", f"{{$ref: '#/components/schemas/C{number + 1}'}}") for number in range(length)]
    return "".join(f"    C{number}: {each}\n" for number, each in enumerate([*schemas, "{}"])) + THING


@pytest.mark.parametrize(
    ("length", "schema", "place"),
    [(51, "{items: @}", "68:18"), (40, "{allOf: [@]}", "51:19"), (20, "{a: @, b: @}", "37:10")],
)
def test_references_that_stand_for_too_much_are_refused(length: int, schema: str, place: str) -> None:
    found = find_problems(THING, write_chain(length, schema))

    assert found == [f"{place}: The references stand for over 100,000 values or 100 levels. Use fewer of them."]


@pytest.mark.parametrize(("length", "schema", "levels"), [(50, "{items: @}", 50), (40, "@", 0)])
def test_references_within_the_limits_are_replaced(length: int, schema: str, levels: int) -> None:
    contract = read_things(THING, write_chain(length, schema))

    assert str(contract.components["C0"]).count("items") == levels
