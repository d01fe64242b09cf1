"""Values by a schema alone: each is made, or is a gap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest

from mockserver.checks.fitting import fits
from mockserver.documents.numbers import Number, WrittenNumber
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator, find_gaps

GENERATOR = Generator(seed="golden")


def make_member(schema: object, number: int = 0, name: str = "Unheard") -> Any:
    owner = {"type": "object", "properties": {name: schema}}
    return GENERATOR.generate("Odd", Blueprint(owner), {"number": number}, {}).get(name, "left out")


# Odd schemas

ODD_SCHEMAS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Any", {}),
    ("Const", {"const": {"a": [1, True]}}),
    ("Enum", {"type": ["string", "null"], "enum": [None, "a", "b"]}),
    ("Digits", {"type": "string", "pattern": "^[0-9]+$", "examples": ["1", "22"]}),
    ("Short", {"type": "string", "maxLength": 1}),
    ("Empty", {"type": "string", "maxLength": 0}),
    ("Long", {"type": "string", "minLength": 300, "maxLength": 301}),
    ("Exact", {"type": "string", "minLength": 7, "maxLength": 7}),
    ("Moment", {"type": "string", "format": "date-time"}),
    ("Day", {"type": "string", "format": "date"}),
    ("Address", {"type": "string", "format": "email", "maxLength": 40}),
    ("Id", {"type": "string", "format": "uuid"}),
    ("Link", {"type": ["null", "string"], "format": "uri"}),
    ("Unknown", {"type": "string", "format": "unheard-of"}),
    ("Word", {"type": "string", "default": "word"}),
    ("Int", {"type": "integer", "format": "int32"}),
    ("Int", {"type": "integer", "format": "int64", "minimum": 2**53 + 1, "maximum": 2**53 + 1}),
    ("Int", {"type": "integer", "format": "int32", "minimum": 2**31 - 2}),
    ("Int", {"type": "integer", "minimum": -20, "maximum": -10}),
    ("Int", {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 2}),
    ("Int", {"type": "integer", "exclusiveMinimum": 9999}),
    ("Int", {"type": "integer", "exclusiveMaximum": 1}),
    ("Int", {"type": "integer", "multipleOf": 7, "minimum": 1, "maximum": 8}),
    ("Number", {"type": "number"}),
    ("Number", {"type": "number", "minimum": 0.001, "maximum": 0.002}),
    ("Number", {"type": "number", "multipleOf": 0.01}),
    ("Number", {"type": "number", "multipleOf": 5}),
    ("Number", {"type": "number", "multipleOf": 10**400}),
    ("Flag", {"type": "boolean"}),
    ("Nothing", {"type": "null"}),
    ("Either", {"type": ["integer", "string"]}),
    (
        "Either",
        {"oneOf": [{"type": "null"}, {"type": "object", "additionalProperties": {"type": "integer"}}]},
    ),
    ("Either", {"anyOf": [{"type": "null"}, True, {"type": "boolean"}]}),
    ("List", {"type": "array"}),
    ("List", {"type": "array", "items": {"type": "string"}, "minItems": 4, "maxItems": 5}),
    ("List", {"items": {"enum": [1, 2, 3]}, "type": "array", "uniqueItems": True, "minItems": 3}),
    ("List", {"type": "array", "items": {"type": "integer"}, "uniqueItems": False}),
    ("Map", {"type": "object", "additionalProperties": {"type": ["string", "null"]}}),
    ("Map", {"type": "object", "additionalProperties": False}),
    ("Person", {"properties": {"Sex": {"type": "integer"}, "Inner": {"properties": {"DOB": {}}}}}),
    ("Person", {"type": "object", "required": ["Kind"], "properties": {"Gap": {"not": {}}}}),
    ("Person", {"properties": {"A": {}, "B": False}, "additionalProperties": False}),
    ("Person", {"properties": {"A": {}, "B": {}, "C": {}}, "oneOf": [{"required": ["A"]}, {"required": ["B"]}]}),
    ("Person", {"properties": {"A": {}, "B": {}}, "anyOf": [{"required": ["A"]}, {"required": ["B"]}]}),
    ("Person", {"properties": {"A": {}, "B": {}}, "not": {"required": ["B"]}}),
    ("Person", {"properties": {"A": {}, "B": {}, "C": {}}, "required": ["B"], "maxProperties": 1}),
    ("Map", {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}}),
    ("Map", {"type": "object", "maxProperties": 1, "additionalProperties": {"type": "integer"}}),
    ("List", {"type": "array", "items": False}),
    ("List", {"type": "array", "prefixItems": [{"type": "integer"}, {"const": 1}], "items": False, "maxItems": 2}),
    ("List", {"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}, "minItems": 2}),
    ("Text", {"type": "string", "not": {"const": "a"}}),
    ("Text", {"type": "string", "allOf": [{"pattern": "^a"}], "pattern": "b$", "examples": ["a", "b", "ab"]}),
    ("Text", {"type": "string", "unevaluatedItems": False, "examples": ["a", "b"]}),
    # Members that are known by name, with schemas that their values do not fit
    ("Sex", {"type": "string"}),
    ("Sex", {"type": "integer", "minimum": 5}),
    ("Sex", {"enum": [True]}),
    ("Notes", {"type": "integer"}),
    ("Email", {"type": "string", "maxLength": 12}),
    ("Email", {"type": "string", "format": "email", "maxLength": 18}),
    ("FirstName", {"type": "string", "minLength": 60}),
    ("CustomerId", {"type": "integer", "maximum": 100}),
    ("DOB", {"type": "string", "format": "date"}),
    ("DOB", {"type": "string", "maxLength": 10}),
    ("CustomProperties", {"type": "object", "additionalProperties": {"type": "integer"}}),
    ("CustomProperties", {"type": "array"}),
    ("IsActive", {"type": "string", "enum": ["Y", "N"]}),
)


@pytest.mark.parametrize(("name", "schema"), ODD_SCHEMAS)
def test_values_fit_odd_schemas(name: str, schema: dict[str, Any]) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    values = [make_member(schema, number, name) for number in range(60)]

    assert "left out" not in values
    assert [value for value in values if not validator.is_valid(value)] == []


@pytest.mark.parametrize(
    ("schema", "python_type"),
    [
        ({"type": ["null", "integer"]}, int),
        ({"type": ["string", "null"]}, str),
        ({"oneOf": [{"type": "null"}, {"type": "array"}]}, list),
        ({"items": {"type": "integer"}}, list),
        ({"properties": {"A": {}}}, dict),
        ({"enum": [None, 1.5]}, float),
    ],
)
def test_value_is_preferred_to_null(schema: dict[str, Any], python_type: type) -> None:
    assert {type(make_member(schema, number)) for number in range(20)} == {python_type}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number", "minimum": WrittenNumber("0.10"), "maximum": WrittenNumber("0.20")},
        {"type": "number", "multipleOf": WrittenNumber("0.10"), "maximum": WrittenNumber("1e400")},
        {"type": "integer", "multipleOf": WrittenNumber("1e400")},
        {"type": "integer", "multipleOf": WrittenNumber("5.0"), "minimum": 1},
        {"type": "number", "multipleOf": WrittenNumber("1e-400")},
        {"enum": [WrittenNumber("1.10"), WrittenNumber("1e400")]},
    ],
)
def test_values_fit_written_numbers(schema: dict[str, Any]) -> None:
    values = [make_member(schema, number) for number in range(60)]

    assert "left out" not in values
    assert [value for value in values if not fits(value, schema)] == []


@pytest.mark.parametrize("bound", [10**400, WrittenNumber("1e400")])
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_nothing_is_made_beyond_floats(kind: str, bound: Number) -> None:
    below = -bound if isinstance(bound, int) else WrittenNumber(f"-{bound}")

    for schema in ({"minimum": bound}, {"maximum": below}, {"minimum": bound, "maximum": bound}):
        assert make_member({"type": kind, **schema}) == "left out"


def test_only_multiple_within_reach_is_zero() -> None:
    assert make_member({"type": "integer", "multipleOf": 10**400}) == 0


def test_moment_has_the_dotnet_form_and_offset() -> None:
    moment = make_member({"type": "string", "x-mock-format": "dotnet-date-time"})

    assert datetime.fromisoformat(moment).isoformat() == moment
    assert moment.endswith("+10:00")


def test_inner_members_are_independent_and_coherent() -> None:
    inner = {"properties": {"LastName": {"type": "string"}, "Email": {"type": "string"}}}

    person = make_member(inner)
    wider = make_member({"properties": {"Added": {}, **inner["properties"]}})

    assert person["LastName"].lower() in person["Email"]
    assert wider == {"Added": wider["Added"], **person}


# Gaps


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$"}),
        ("Code", {"type": ["string", "null"], "pattern": "^[A-Z]{3}$"}),
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["wrong"]}),
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$", "x-mock-format": "unheard-of"}),
        ("Code", {"type": "string", "pattern": r"^(.)\1$"}),
        ("ExtRef", {"type": "string", "pattern": "^ERP-[0-9]+$"}),
        ("Count", {"type": "integer", "minimum": 3, "maximum": 2}),
        ("Count", {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2}),
        ("Text", {"type": "string", "minLength": 3, "maxLength": 2}),
        ("Kind", {"type": "integer", "enum": ["one"]}),
        ("Kind", {"type": "file"}),
        ("Other", {"$ref": "#/components/schemas/Other"}),
        ("Inner", {"type": "object", "required": ["A"], "properties": {"A": {"not": {}}}}),
        ("Pair", {"type": "array", "minItems": 2, "items": {"const": 1}, "uniqueItems": True}),
        ("Pair", {"type": "array", "minItems": 1, "items": False}),
        ("Pair", {"type": "object", "required": ["A"], "additionalProperties": False}),
        ("Pair", {"oneOf": [False]}),
        ("Text", {"allOf": [{"const": "a"}], "const": "b"}),
        ("Unheard", {"type": "integer", "multipleOf": 10**400, "minimum": 1}),
    ],
)
def test_impossible_member_is_a_gap(name: str, schema: dict[str, Any]) -> None:
    gaps = find_gaps({"type": "object", "properties": {"Fine": {"type": "string"}, name: schema}})

    assert gaps == (name,)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["wrong", "ABC"]}),
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$", "default": "ABC"}),
        ("Code", {"type": "string", "pattern": r"^\p{Lu}+$", "examples": ["abc", "ABC"]}),
        ("Code", {"type": "string", "pattern": r"^(.)\1$", "examples": ["aa"]}),
        ("Code", {"type": "string", "pattern": "^[A-Z]{3}$", "enum": ["ABC", "no"]}),
        ("Day", {"type": "string", "pattern": "^[12]", "x-mock-format": "dotnet-date-time"}),
        ("ExtRef", {"type": "string", "pattern": "^CRM-[0-9]{6}$"}),
        ("TelNumber1", {"type": "string", "pattern": "^[-+().0-9]+$"}),
        ("Code", {"type": "string", "allOf": [{"pattern": "^[A-Z]{3}$"}], "examples": ["ABC"]}),
        ("Kind", {"enum": [None]}),
        ("Kind", {"type": "null"}),
    ],
)
def test_possible_member_is_made(name: str, schema: dict[str, Any]) -> None:
    value = make_member(schema, name=name)

    assert find_gaps({"properties": {name: schema}}) == ()
    assert jsonschema_rs.is_valid(schema, value)


def test_member_that_nothing_fits_is_left_out() -> None:
    schema = {"properties": {"A": False, "B": {"type": "integer"}}}

    assert find_gaps(schema) == ()
    assert list(GENERATOR.generate("Odd", Blueprint(schema), {}, {})) == ["B"]
    assert find_gaps({**schema, "required": ["A"]}) == ("A",)


def test_required_member_needs_no_declaration() -> None:
    schema: dict[str, Any] = {"properties": {}, "required": ["A"]}

    assert find_gaps(schema) == ()
    assert list(GENERATOR.generate("Odd", Blueprint(schema), {}, {})) == ["A"]
    assert find_gaps({**schema, "additionalProperties": False}) == ("A",)


CAT = {"properties": {"Kind": {"const": "cat"}, "Lives": {"type": "integer"}}, "required": ["Kind"]}
DOG = {"properties": {"Kind": {"const": "dog"}, "Tricks": {"type": "array"}}, "required": ["Kind"]}
ONE_OF_TWO = {"properties": {"A": {}, "B": {}, "C": {}}, "oneOf": [{"required": ["A"]}, {"required": ["B"]}]}


@pytest.mark.parametrize(
    ("schema", "given", "members"),
    [
        (ONE_OF_TWO, {}, ["A", "C"]),
        (ONE_OF_TWO, {"B": 1}, ["B", "C"]),
        (ONE_OF_TWO, {"A": 1, "B": 1}, ["A", "B", "C"]),
        ({"oneOf": [CAT, DOG]}, {}, ["Kind", "Lives"]),
        ({"oneOf": [CAT, DOG]}, {"Kind": "dog"}, ["Kind", "Tricks"]),
        ({"anyOf": [{"oneOf": [False, DOG]}, CAT]}, {}, ["Kind", "Tricks"]),
        ({"properties": {"A": {}, "B": {}}, "required": ["A"], "maxProperties": 1}, {}, ["A"]),
        ({"properties": {"A": {}}, "if": {"required": ["A"]}, "then": {"required": ["B"]}}, {}, ["A", "B"]),
        ({"properties": {"A": {}}, "if": {"required": ["B"]}, "else": {"required": ["C"]}}, {}, ["A", "B"]),
        ({"properties": {"A": {}}, "if": False, "else": {"required": ["C"]}}, {}, ["A", "C"]),
    ],
)
def test_record_has_members_that_fit_together(
    schema: dict[str, Any], given: dict[str, object], members: list[str]
) -> None:
    record = GENERATOR.generate("Odd", Blueprint(schema), {}, given)

    assert sorted(record) == members
    assert (find_gaps(schema), jsonschema_rs.is_valid(schema, record)) == ((), given.keys() != {"A", "B"})


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"A": {}}, "required": ["A"], "maxProperties": 0},
        {"properties": {"A": {}}, "required": ["A"], "not": {"required": ["A"]}},
        {"oneOf": [CAT, CAT]},
        {"properties": {"A": {}}, "minProperties": 2},
    ],
)
def test_members_that_never_fit_together_are_a_gap(schema: dict[str, Any]) -> None:
    assert find_gaps(schema) == ("",)


def test_gap_is_null_or_left_out() -> None:
    assert make_member({"type": ["string", "null"], "pattern": "^[A-Z]$"}) is None
    assert make_member({"type": "string", "pattern": "^[A-Z]$"}) == "left out"
