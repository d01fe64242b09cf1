"""The named edge cases: each gives its values, and never one that the schema refuses."""

from __future__ import annotations

import json
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema_rs
import pytest

from mockserver.checks.judging import Schemas
from mockserver.contract.openapi import load_contract
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.edges import EDGES, give_members, list_edges
from mockserver.generation.generator import Generator
from mockserver.schemas import SHIPPED

CONTRACT = load_contract(Path(__file__).parents[2] / "openapi.yaml")
CUSTOMER: Any = json.loads(json.dumps(CONTRACT.components["Customer"], default=dict))
ERROR: Any = json.loads(json.dumps(CONTRACT.components["HttpError"], default=dict))
VALIDATORS = {
    "Customer": jsonschema_rs.Draft202012Validator(CUSTOMER),
    "HttpError": jsonschema_rs.Draft202012Validator(ERROR),
}
GENERATOR = Generator(seed="edges")
TEXTS = ("non-latin", "right-to-left", "emoji", "control-characters", "html")
MOMENTS = ("dob-utc", "dob-offset", "dob-unspecified", "leap-day", "year-1", "year-9999")
ALL = (
    *("all-null", "empty-strings", "max-lengths", "min-numbers", "max-numbers", "empty-map", "huge-map"),
    *TEXTS,
    *MOMENTS,
)
LIMITED = {name: member["maxLength"] for name, member in CUSTOMER["properties"].items() if "maxLength" in member}


def give(name: str, member: object) -> Any:
    """Return what an edge case gives a member with that schema."""
    return give_members(name, {"type": "object", "properties": {"Unheard": member}}).get("Unheard", "left out")


def count_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


# The shipped contract


def test_edge_cases_have_an_order_and_a_sentence() -> None:
    assert tuple(EDGES) == ALL
    assert all(edge.about.startswith("every ") and not edge.about.endswith(".") for edge in EDGES.values())
    assert len({edge.about for edge in EDGES.values()}) == len(EDGES)


@pytest.mark.parametrize("identity", ["42", "100200300", "", "דנה 😀"])
@pytest.mark.parametrize("name", ALL)
def test_record_of_an_edge_case_is_valid(name: str, identity: str) -> None:
    given = {**give_members(name, CUSTOMER), "PersonalId": identity}

    record = GENERATOR.generate("Customer", Blueprint(CUSTOMER), {"PersonalId": identity}, given)

    assert list(record) == list(CUSTOMER["properties"])
    assert {key: record[key] for key in given} == given
    assert Schemas(SHIPPED).find_body_breaches("Customer", json.dumps(record)) == ()
    assert VALIDATORS["Customer"].is_valid(record)


@pytest.mark.parametrize("name", list_edges(ERROR))
def test_edge_cases_of_another_component_are_valid(name: str) -> None:
    record = GENERATOR.generate("HttpError", Blueprint(ERROR), {}, give_members(name, ERROR))

    assert Schemas(SHIPPED).find_breaches("HttpError", record) == ()
    assert VALIDATORS["HttpError"].is_valid(record)


def test_component_has_the_edge_cases_that_apply() -> None:
    assert list_edges(CUSTOMER) == ALL
    assert list_edges(ERROR) == ("all-null", "empty-strings", "empty-map", "huge-map", *TEXTS)


def test_frozen_schema_is_read_alike() -> None:
    loaded = CONTRACT.components["Customer"]

    assert [give_members(name, loaded) for name in ALL] == [give_members(name, CUSTOMER) for name in ALL]
    assert give_members("html", MappingProxyType(CUSTOMER)) == give_members("html", CUSTOMER)


def test_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError, match="all-nul"):
        give_members("all-nul", CUSTOMER)


def test_every_member_that_may_be_is_null() -> None:
    stays = {"CustomerId", "NotificationConsent", "IsActive"}

    assert give_members("all-null", CUSTOMER) == dict.fromkeys(
        name for name in CUSTOMER["properties"] if name not in stays
    )


def test_every_text_that_may_be_is_empty() -> None:
    texts = dict.fromkeys((*LIMITED, "PersonalIdTypeExtRef"), "")

    assert give_members("empty-strings", CUSTOMER) == {**texts, "CustomProperties": {"Key": ""}}


def test_longest_texts_have_the_greatest_length() -> None:
    members: dict[str, Any] = give_members("max-lengths", CUSTOMER)

    assert {name: count_units(text) for name, text in members.items()} == LIMITED
    assert [text for text in members.values() if text != text.strip()] == []


@pytest.mark.parametrize(("name", "number", "sex"), [("min-numbers", -2147483648, 0), ("max-numbers", 2147483647, 2)])
def test_numbers_are_at_their_bounds(name: str, number: int, sex: int) -> None:
    assert give_members(name, CUSTOMER) == {"CustomerId": number, "PersonalIdTypeId": number, "Sex": sex}


def test_maps_are_empty_or_huge() -> None:
    huge: Any = give_members("huge-map", CUSTOMER)["CustomProperties"]

    assert give_members("empty-map", CUSTOMER) == {"CustomProperties": {}}
    assert len(huge) == 1000
    assert [*huge.items()][::999] == [("Key 0001", "Value 0001"), ("Key 1000", "Value 1000")]


@pytest.mark.parametrize("name", TEXTS)
def test_sample_is_in_every_text(name: str) -> None:
    members: Any = give_members(name, CUSTOMER)

    whole = members["PersonalIdTypeExtRef"]
    assert set(members) == {*LIMITED, "PersonalIdTypeExtRef", "CustomProperties"}
    assert members["CustomProperties"] == {whole: whole}
    assert [member for member in LIMITED if not whole.startswith(members[member])] == []
    assert [member for member in LIMITED if count_units(members[member]) < min(24, LIMITED[member])] == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("non-latin", ("\U00020bb7", "Ω", "Ж", "ส", "한", "न", "ひ")),
        ("right-to-left", ("ש", "م", "123", "abc")),
        (
            "emoji",
            ("👨\u200d👩\u200d👧\u200d👦", "\U0001f1e6\U0001f1fa", "👍\U0001f3fd", "👋\U0001f3ff", "😀", "\ufe0f"),
        ),
        ("control-characters", (*map(chr, range(0x20)), "\x7f", "\x85", "\u2028", "\u2029", "\ufeff")),
        ("html", ("<script>alert(1)</script>", '"', "'", "&", "&lt;", "<b")),
    ],
)
def test_sample_has_the_characters_of_its_name(name: str, parts: tuple[str, ...]) -> None:
    text = give(name, {"type": "string"})

    assert [part for part in parts if part not in text] == []
    assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("dob-utc", "1984-03-12T00:00:00Z"),
        ("dob-offset", "1984-03-12T00:00:00+10:00"),
        ("dob-unspecified", "1984-03-12T00:00:00"),
        ("leap-day", "2000-02-29T00:00:00"),
        ("year-1", "0001-01-01T00:00:00"),
        ("year-9999", "9999-12-31T23:59:59.9999999"),
    ],
)
def test_moment_has_the_form_of_dotnet(name: str, moment: str) -> None:
    assert give_members(name, CUSTOMER) == {"DOB": moment}


# Other schemas

LINK = {"type": "string", "format": "uri", "maxLength": 40}
ADDRESS = {"type": "string", "format": "email", "maxLength": 40}
MOMENT = {"type": "string", "format": "date-time"}
DAY = {"type": ["string", "null"], "format": "date"}
WORDS = {"type": "object", "additionalProperties": {"type": "string"}}
INNER = {
    "type": "object",
    "required": ["Id", "Born", "Tags", "Deep"],
    "properties": {
        "Id": {"type": "integer"},
        "Name": {"type": "string", "maxLength": 3},
        "Born": MOMENT,
        "Tags": {"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 1},
        "Deep": {"type": "object", "required": ["Flag"], "properties": {"Flag": {"type": "boolean"}}},
        "Other": {"type": "boolean"},
    },
}
PLAIN_INNER = {"Id": 1, "Born": "1984-03-12T00:00:00Z", "Tags": ["x"], "Deep": {"Flag": False}}

ROWS: tuple[tuple[str, object, object], ...] = (
    # (edge case, schema of a member, what it gets)
    ("all-null", {"oneOf": [{"type": "string"}, {"type": "null"}]}, None),
    ("all-null", {"enum": ["a", None]}, None),
    ("all-null", {"enum": ["a", "b"]}, "left out"),
    ("all-null", {"type": "array", "items": DAY}, [None]),
    ("all-null", True, None),
    ("all-null", False, "left out"),
    ("empty-strings", {"type": "string", "minLength": 1}, "left out"),
    ("empty-strings", {"type": ["integer", "string"]}, ""),
    ("empty-strings", {"anyOf": [{"type": "null"}, {"type": "string"}]}, ""),
    ("empty-strings", {"const": "a"}, "left out"),
    ("empty-strings", {"type": "string", "pattern": "^[0-9]*$"}, ""),
    ("empty-strings", MOMENT, "left out"),
    ("empty-strings", {"type": "integer"}, "left out"),
    ("max-lengths", {"type": "string"}, "left out"),
    ("max-lengths", {"type": "string", "maxLength": 0}, ""),
    ("max-lengths", {"type": "string", "maxLength": 3}, "As."),
    ("max-lengths", {"type": "string", "maxLength": 2**31 - 1}, "left out"),
    ("max-lengths", {"type": "string", "maxLength": 4, "pattern": "^[0-9]+$"}, "1234"),
    ("max-lengths", {"type": "string", "maxLength": 4, "pattern": "^[A-Z]+$"}, "ABCD"),
    ("max-lengths", {"type": "string", "maxLength": 4, "pattern": "^\\S+$"}, "abcd"),
    ("max-lengths", {"type": "string", "maxLength": 4, "enum": ["a", "b"]}, "left out"),
    ("max-lengths", {"type": "string", "maxLength": 10, "format": "date"}, "2001-02-03"),
    ("max-lengths", {"type": "string", "maxLength": 11, "format": "date"}, "left out"),
    ("max-lengths", LINK, "https://example.com/window-harbour-silve"),
    ("max-lengths", {**LINK, "maxLength": 20}, "http://a.bc/paper-ce"),
    ("max-lengths", ADDRESS, "window.harbour.silver.window@example.com"),
    ("max-lengths", {**ADDRESS, "maxLength": 12}, "windowx@a.bc"),
    ("max-lengths", {**ADDRESS, "maxLength": 5}, "left out"),
    ("max-lengths", {**ADDRESS, "maxLength": 319}, "left out"),
    ("max-lengths", {"type": "array", "items": {"maxLength": 2}}, ["As"]),
    ("max-lengths", {"type": "object", "additionalProperties": {"maxLength": 2}}, {"Key": "As"}),
    ("min-numbers", {"type": "integer"}, "left out"),
    ("min-numbers", {"type": "integer", "minimum": 5}, 5),
    ("max-numbers", {"type": "integer", "minimum": 5}, "left out"),
    ("min-numbers", {"type": "integer", "format": "int64"}, -(2**63)),
    ("max-numbers", {"type": ["integer", "null"], "format": "int64"}, 2**63 - 1),
    ("max-numbers", {"type": "integer", "format": "int32", "maximum": 2**40}, 2**31 - 1),
    ("min-numbers", {"type": "integer", "exclusiveMinimum": 5}, 6),
    ("max-numbers", {"type": "integer", "exclusiveMaximum": 5}, 4),
    ("min-numbers", {"type": "integer", "minimum": 1.5}, 2),
    ("max-numbers", {"type": "integer", "maximum": -1.5}, -2),
    ("min-numbers", {"type": "integer", "minimum": -20, "multipleOf": 7}, -14),
    ("max-numbers", {"type": "integer", "exclusiveMaximum": 21, "multipleOf": 7}, 14),
    ("max-numbers", {"type": "integer", "maximum": 10, "multipleOf": 1.5}, 9),
    ("max-numbers", {"type": "integer", "format": "int64", "multipleOf": 10}, 9223372036854775800),
    ("min-numbers", {"type": "number", "minimum": 0.5}, 0.5),
    ("max-numbers", {"type": "number", "exclusiveMaximum": 1}, 0.9999999999999999),
    ("min-numbers", {"type": "number", "exclusiveMinimum": 1}, 1.0000000000000002),
    ("max-numbers", {"type": "number", "maximum": 0.999, "multipleOf": 0.01}, 0.99),
    ("max-numbers", {"type": "number", "exclusiveMaximum": 100, "multipleOf": 0.01}, 99.99),
    ("max-numbers", {"type": "number", "maximum": 2.5, "multipleOf": 0.5}, 2.5),
    ("min-numbers", {"type": "integer", "minimum": 0, "enum": [5, 7]}, "left out"),
    ("min-numbers", {"type": "integer", "minimum": 0, "enum": [0, 2]}, 0),
    ("min-numbers", {"type": "integer", "minimum": 3, "maximum": 2}, "left out"),
    ("max-numbers", {"anyOf": [{"type": "null"}, {"type": "integer", "maximum": 7}]}, 7),
    ("max-numbers", {"type": "array", "items": {"type": "integer", "maximum": 7}, "minItems": 2}, [7, 7]),
    ("max-numbers", {"type": "object", "additionalProperties": {"type": "number", "maximum": 7}}, {"Key": 7}),
    ("empty-map", WORDS, {}),
    ("empty-map", {**WORDS, "required": ["a"]}, "left out"),
    ("empty-map", {"type": "object", "additionalProperties": False}, "left out"),
    ("empty-map", {"type": "object"}, "left out"),
    ("empty-map", {"additionalProperties": True}, {}),
    ("empty-map", {"type": "array", "items": WORDS}, [{}]),
    ("empty-map", {"type": "string"}, "left out"),
    ("huge-map", {"additionalProperties": False}, "left out"),
    ("huge-map", {"additionalProperties": {"type": "string", "not": {}}}, "left out"),
    ("huge-map", {"additionalProperties": {"type": "array", "items": False, "minItems": 1}}, "left out"),
    ("huge-map", {"additionalProperties": {"type": "array", "items": {"type": "null"}, "minItems": 10**9}}, "left out"),
    ("huge-map", {"type": "integer"}, "left out"),
    ("non-latin", {"type": "string", "maxLength": 1}, "left out"),
    ("emoji", {"type": "string", "maxLength": 3}, "👨\u200d"),
    ("html", {"type": "string", "maxLength": 8}, "<script>"),
    ("html", ADDRESS, "left out"),
    ("html", {"type": "string", "pattern": "^[0-9]+$"}, "left out"),
    ("html", {"properties": {"a": {"type": "integer"}}}, "left out"),
    ("html", {"type": "array", "items": {"maxLength": 8}, "minItems": 2, "uniqueItems": True}, "left out"),
    ("html", {"type": "string", "enum": ["a"]}, "left out"),
    ("html", {"maxLength": 8, "allOf": [{}]}, "<script>"),
    ("html", {"maxLength": 8, "allOf": [{"pattern": "^[0-9]+$"}]}, "left out"),
    ("html", {**INNER, "required": ["Absent", "Id"]}, {"Id": 1, "Name": "<sc", "Absent": "Sample"}),
    ("html", INNER, {"Id": 1, "Name": "<sc", **PLAIN_INNER}),
    ("html", {"type": "array", "items": INNER}, [{"Id": 1, "Name": "<sc", **PLAIN_INNER}]),
    ("empty-strings", {**INNER, "required": ["Gap"]}, {"Name": "", "Gap": "Sample"}),
    ("empty-strings", {**INNER, "required": ["Gap"], "additionalProperties": False}, "left out"),
    ("dob-utc", MOMENT, "1984-03-12T00:00:00Z"),
    ("dob-offset", MOMENT, "1984-03-12T00:00:00+10:00"),
    ("dob-unspecified", MOMENT, "left out"),
    ("leap-day", MOMENT, "2000-02-29T00:00:00Z"),
    ("year-1", MOMENT, "0001-01-01T00:00:00Z"),
    ("year-9999", MOMENT, "9999-12-31T23:59:59.9999999Z"),
    ("dob-utc", DAY, "left out"),
    ("dob-unspecified", DAY, "left out"),
    ("leap-day", DAY, "2000-02-29"),
    ("year-1", DAY, "0001-01-01"),
    ("year-9999", DAY, "9999-12-31"),
    ("leap-day", {"oneOf": [DAY, {"type": "boolean"}]}, "2000-02-29"),
    ("leap-day", {"type": "array", "items": DAY}, ["2000-02-29"]),
    ("leap-day", {"type": "object", "additionalProperties": DAY}, {"Key": "2000-02-29"}),
    ("leap-day", INNER, {**PLAIN_INNER, "Born": "2000-02-29T00:00:00Z"}),
    ("leap-day", {"type": "string"}, "left out"),
    ("leap-day", {"const": "2000-02-29"}, "left out"),
)


@pytest.mark.parametrize(("name", "schema", "expected"), ROWS)
def test_other_schemas_get_fitting_values(name: str, schema: Any, expected: object) -> None:
    given = give(name, schema)

    assert given == expected
    assert list(given) == list(expected) if isinstance(expected, dict) else True
    assert given == "left out" or jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(given)


def test_addresses_of_every_length_are_valid() -> None:
    is_address = jsonschema_rs.Draft202012Validator(ADDRESS | {"maxLength": 318}, validate_formats=True).is_valid

    given = [give("max-lengths", {**ADDRESS, "maxLength": limit}) for limit in range(6, 319)]

    assert [len(address) for address in given] == list(range(6, 319))
    assert [address for address in given if not is_address(address)] == []


def test_sample_is_repeated_for_a_least_length() -> None:
    text = give("html", {"type": "string"})

    assert give("html", {"type": "string", "minLength": 300, "maxLength": 310}) == (text * 9)[:310]
    assert give("html", {"type": "string", "minLength": 2**40, "maxLength": 2**41}) == "left out"


@pytest.mark.parametrize(
    ("values", "value"),
    [
        (True, "Value 0001"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 50}, 50),
        ({"type": "number", "exclusiveMaximum": -1, "multipleOf": 0.5}, -1.5),
        ({"type": "boolean"}, False),
        ({"type": "null"}, None),
        ({"type": "string", "maxLength": 3}, "Sam"),
        ({"type": "string", "format": "uuid"}, "00000000-0000-4000-8000-000000000000"),
        ({"type": "string", "format": "uri"}, "https://example.com/"),
        ({"type": "string", "format": "email"}, "sample@example.com"),
        ({"type": "string", "pattern": "^[0-9]+$", "minLength": 3}, "0000"),
        ({"type": "string", "pattern": "^x+$", "examples": ["y", "xx"]}, "xx"),
        ({"type": "integer", "default": 7}, 7),
        ({"const": [1]}, [1]),
        (DAY, "1984-03-12"),
        ({"type": "array", "items": {"type": "integer"}}, []),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"oneOf": [{"type": "integer"}, {"type": "null"}]}, 1),
        (WORDS, {}),
        (INNER, PLAIN_INNER),
    ],
)
def test_huge_map_has_1000_fitting_values(values: object, value: object) -> None:
    schema = {"type": "object", "additionalProperties": values}

    given = give("huge-map", schema)

    assert (len(given), given["Key 0001"]) == (1000, value)
    assert jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(given)


@pytest.mark.parametrize(
    ("member", "names"),
    [
        ({"type": "boolean"}, ()),
        ({"type": ["boolean", "null"]}, ("all-null",)),
        ({"type": "integer"}, ()),
        ({"type": "integer", "minimum": 0}, ("min-numbers",)),
        ({"type": "string"}, ("empty-strings", *TEXTS)),
        (MOMENT, tuple(name for name in MOMENTS if name != "dob-unspecified")),
        ({"type": "string", "x-mock-format": "dotnet-date-time"}, MOMENTS),
        ({"type": "object", "additionalProperties": {"type": "boolean"}}, ("empty-map", "huge-map")),
        ({"type": "unheard-of"}, ()),
    ],
)
def test_schema_has_the_edge_cases_that_apply(member: object, names: tuple[str, ...]) -> None:
    assert list_edges({"type": "object", "properties": {"Unheard": member}}) == names


def test_schema_without_members_has_no_edge_cases() -> None:
    assert list_edges({"type": "object"}) == ()
