"""What JSON Schema allows as the value of a keyword, and what is said of anything else."""

import pytest

from tests.support.contracts import find_problems, read_things


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
        ("{uniqueItems: 1}", "18:67: uniqueItems is not true or false. Write true or false."),
        ("{writeOnly: 'no'}", "18:65: writeOnly is not true or false. Write true or false."),
        ("{minProperties: a}", f"18:69: minProperties {WHOLE}"),
        ("{not: [a]}", "18:59: not is not a schema. Write a schema."),
        ("{dependentRequired: {a: b}}", "18:77: An entry of dependentRequired is not a list. Write a list."),
        ("{prefixItems: {}}", "18:67: prefixItems is not a list. Write a list."),
        ("{allOf: [{minLength: a}, {minLength: 3}]}", f"18:74: minLength {WHOLE}"),
        ("{allOf: [{type: 5}, {type: string}]}", f"18:69: {TYPES}"),
        ("{allOf: [{required: a}, {required: [b]}]}", "18:73: required is not a list. Write a list."),
        ("{required: [Key, 5]}", "18:70: An entry of required is not text. Write text."),
        ("{$ref: '#/info/title'}", "2:15: The target of #/info/title is not a schema. Write a schema."),
        ("{$ref: '#/x'}", "18:60: $ref '#/x' leads nowhere. Point at a component of this file."),
        ("{items: {$ref: '#/components/schemas/Thing'}}", f"18:68: {LOOP}"),
    ],
)
def test_problem_of_a_schema(schema: str, problem: str) -> None:
    assert find_problems("{type: integer}}", f"{schema}}}") == [problem]
