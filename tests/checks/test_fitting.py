"""Whether a value fits: as a JSON Schema validator says, except where .NET counts differently."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from mockserver.checks.fitting import Fitting, cut, distinct, fits
from mockserver.documents.numbers import NUMBER, WrittenNumber, read_number

ROWS: tuple[tuple[dict[str, Any], tuple[object, ...], tuple[object, ...]], ...] = (
    # (schema, values that fit, values that do not)
    ({}, (None, 1, "", [], {}), ()),
    ({"title": "Nothing to check"}, (None, 1), ()),
    ({"type": "integer"}, (0, -1, 10**30), (True, 1.5, "1", None)),
    ({"type": "number"}, (0, 1.5), (True, "1")),
    ({"type": ["string", "null"]}, ("", None), (0, False, [])),
    ({"const": {"a": [1], "b": 2}}, ({"b": 2, "a": [1]},), ({"a": [True], "b": 2}, None)),
    ({"enum": [1, "a", None]}, (1, "a", None), (True, "b")),
    ({"oneOf": [{"type": "integer"}, {"minimum": 5}]}, (1, 5.5), (7, 1.5)),
    ({"anyOf": [{"type": "integer"}, False, {"type": "null"}]}, (1, None), ("", 1.5)),
    ({"anyOf": [True]}, (1, None), ()),
    ({"minLength": 2}, ("ab", 1, None), ("a", "")),
    ({"maxLength": 2}, ("ab", "", 333), ("abc",)),
    ({"pattern": "^[0-9]+$"}, ("1", 1), ("", "a", "\u0661")),
    ({"format": "date"}, ("2020-01-31", 1), ("2020-13-01", "2020-1-1", "")),
    ({"format": "unheard-of"}, ("", 1), ()),
    ({"contentEncoding": "base64"}, ("YQ==", "", 1), ()),
    ({"contentEncoding": "quoted-printable"}, ("a=3D", 1), ()),
    ({"minimum": 3}, (3, 3.5, "a"), (2, 2.9)),
    ({"maximum": 3}, (3, -1.5, "a"), (4, 3.1)),
    ({"exclusiveMinimum": 3}, (4, 3.1, "a"), (3, 2)),
    ({"exclusiveMaximum": 3}, (2, 2.9, "a"), (3, 4)),
    ({"multipleOf": 0.01}, (0.07, 1, 4.35, "a"), (0.001,)),
    ({"minItems": 1}, ([None], "a"), ([],)),
    ({"maxItems": 1}, ([], [None], "ab"), ([1, 2],)),
    ({"items": {"type": "integer"}}, ([], [1, 2], "a"), ([1, "a"],)),
    ({"items": False}, ([],), ([1],)),
    ({"uniqueItems": True}, ([], [1, True, "1", {"a": 1}, {"a": 2}]), ([{"a": 1, "b": 2}, {"b": 2, "a": 1}],)),
    ({"uniqueItems": False}, ([1, 1],), ()),
    ({"required": ["a"]}, ({"a": None}, []), ({}, {"b": 1})),
    ({"properties": {"a": {"type": "null"}}}, ({}, {"a": None, "b": 1}, []), ({"a": 1},)),
    (
        {"properties": {"a": {}}, "additionalProperties": {"type": "null"}},
        ({}, {"a": 1, "b": None}, []),
        ({"b": 1},),
    ),
    ({"additionalProperties": False}, ({}, []), ({"a": None},)),
    ({"allOf": [{"type": "integer"}, {"minimum": 5}, True]}, (5,), (4, 5.5)),
    ({"allOf": [False]}, (), (1, None)),
    ({"not": {"type": "integer"}}, ("1", None), (1,)),
    ({"not": True}, (), (1,)),
    ({"if": {"type": "integer"}, "then": {"minimum": 5}, "else": {"maxLength": 1}}, (5, "a", None), (4, "ab")),
    ({"if": {"type": "integer"}}, (1, "a"), ()),
    (
        {"prefixItems": [{"type": "integer"}, {"type": "null"}], "items": False},
        ([], [1], [1, None]),
        (["a"], [1, None, 1]),
    ),
    ({"contains": {"const": 1}}, ([1], [1, 1, 2], "a"), ([], [2])),
    ({"contains": {"const": 1}, "minContains": 0, "maxContains": 1}, ([], [1, 2]), ([1, 1],)),
    ({"minProperties": 1}, ({"a": 1}, []), ({},)),
    ({"maxProperties": 1}, ({"a": 1}, {}), ({"a": 1, "b": 2},)),
    ({"propertyNames": {"maxLength": 1}}, ({"a": 1}, {}), ({"ab": 1},)),
    ({"dependentRequired": {"a": ["b"]}}, ({}, {"b": 1}, {"a": 1, "b": 1}), ({"a": 1},)),
    ({"dependentSchemas": {"a": {"maxProperties": 1}}}, ({"a": 1}, {"b": 1, "c": 1}), ({"a": 1, "b": 1},)),
    (
        {"properties": {"a": True}, "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": False},
        ({"a": "", "x1": 1}, {}),
        ({"x1": ""}, {"b": 1}),
    ),
)


@pytest.mark.parametrize(("schema", "fitting", "other"), ROWS)
def test_verdict_is_that_of_a_validator(
    schema: dict[str, Any], fitting: tuple[object, ...], other: tuple[object, ...]
) -> None:
    expected = [*((value, True) for value in fitting), *((value, False) for value in other)]
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)

    assert [(value, fits(value, schema)) for value, _ in expected] == expected
    assert [(value, validator.is_valid(value)) for value, _ in expected] == expected


@pytest.mark.parametrize(("schema", "fitting", "other"), ROWS)
def test_prepared_schema_judges_alike(
    schema: dict[str, Any], fitting: tuple[object, ...], other: tuple[object, ...]
) -> None:
    ready = Fitting(schema)

    verdicts = [ready.fits(value) for _ in range(2) for value in (*fitting, *other)]

    assert verdicts == [*[True] * len(fitting), *[False] * len(other)] * 2


def test_content_encoding_is_held_to() -> None:
    assert not fits("a", {"contentEncoding": "base64"})


def test_true_takes_all_and_false_nothing() -> None:
    assert [fits(None, schema) for schema in (True, False)] == [True, False]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("1984-03-12T00:00:00", True),
        ("1984-03-12T00:00:00Z", True),
        ("1984-03-12T23:59:59.1234567-13:59", True),
        ("1984-03-12T00:00:00.10", False),
        ("1984-03-12T00:00:00.12345678", False),
        ("1984-03-12T24:00:00", False),
        ("1984-03-12T00:00:00+14:01", False),
        ("1984-03-12", False),
    ],
)
def test_dotnet_moment_has_its_form(text: str, verdict: bool) -> None:
    assert fits(text, {"x-mock-format": "dotnet-date-time"}) is verdict


def test_length_counts_utf_16_units() -> None:
    assert fits("a😀", {"maxLength": 3})
    assert not fits("a😀", {"maxLength": 2})


def test_values_beside_an_unreadable_pattern_fit_it() -> None:
    schema = {"pattern": r"^(.)\1$", "examples": ["aa"], "default": "bb"}

    assert [fits(text, schema) for text in ("aa", "bb", "dd")] == [True, True, False]
    assert [fits(text, {"pattern": r"^(.)\1$", "enum": ["aa"]}) for text in ("aa", "dd")] == [True, False]
    assert [fits(text, {"pattern": r"^(.)\1$", "const": "aa"}) for text in ("aa", "dd")] == [True, False]


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"pattern": "^([A-Z]+)+$"}, f"{'A' * 5000}1"),
        ({"pattern": "^(([a-z])+.)+[A-Z]([a-z])+$"}, "a" * 5000),
        ({"format": "email"}, f"a@{'.' * 50_000} "),
        ({"format": "email"}, "a" * 50_000),
        ({"format": "uri"}, "a" * 50_000),
    ],
)
def test_text_with_very_many_possible_matches_is_judged(schema: dict[str, Any], text: str) -> None:
    assert not fits(text, schema)


@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef", "unevaluatedItems", "unevaluatedProperties"])
def test_only_written_values_fit_an_unknown_keyword(keyword: str) -> None:
    schema = {keyword: {}, "examples": [1], "enum": [1, 2, 3], "default": 3}

    assert [fits(value, schema) for value in (1, 2, 3, 4)] == [True, True, True, False]
    assert not fits(None, {keyword: {}})


def test_first_of_equal_values_is_kept() -> None:
    values = [1, True, {"a": 1, "b": 2}, 1, {"b": 2, "a": 1}, "1"]

    assert list(distinct(values)) == [1, True, {"a": 1, "b": 2}, "1"]


def test_search_for_other_values_ends() -> None:
    assert list(distinct(iter([1, 2, 1, 1, 3, 3, 3, 3, 4]), patience=3)) == [1, 2, 3]


def test_each_value_is_written_once_to_be_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []
    dumps = json.dumps

    def write(value: object, **options: Any) -> str:
        written.append(value)
        return dumps(value, **options)

    monkeypatch.setattr(json, "dumps", write)

    assert list(distinct(range(1000))) == list(range(1000))
    assert fits(list(range(1000)), {"uniqueItems": True})
    assert not fits(0, {"enum": list(range(1, 1001))})
    assert len(written) == 1000 + 1000 + 1001


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("abc", 3, "abc"),
        ("abc", 2, "ab"),
        ("a😀b", 3, "a😀"),
        ("a😀b", 2, "a"),
        ("😀", 1, ""),
        ("abc", 0, ""),
    ],
)
def test_text_is_cut_between_characters(text: str, limit: int, kept: str) -> None:
    assert cut(text, limit) == kept


EXACT = WrittenNumber("0.12345678901234567890")
HUGE = WrittenNumber("1e400")


@pytest.mark.parametrize(
    ("schema", "text", "does_fit"),
    [
        ({"type": "number"}, "1.10", True),
        ({"type": "integer"}, "-0", True),
        ({"type": "integer"}, "1E2", False),
        ({"type": "integer"}, "1e400", False),
        ({"minimum": 0.1}, "0.10", True),
        ({"maximum": 0.1}, "0.10", True),
        ({"exclusiveMinimum": 0.1}, "0.10", False),
        ({"exclusiveMinimum": 0.1}, "0.10000000000000000001", True),
        ({"maximum": 0.1}, "0.10000000000000000001", False),
        ({"maximum": WrittenNumber("0.10000000000000000001")}, "0.10000000000000000001", True),
        ({"exclusiveMaximum": WrittenNumber("0.10000000000000000001")}, "0.1", True),
        ({"exclusiveMaximum": HUGE}, "1e399", True),
        ({"multipleOf": 0.01}, "1.10", True),
        ({"multipleOf": 0.01}, "1.10000000000000000001", False),
        ({"multipleOf": WrittenNumber("0.010")}, "1.1", True),
        ({"const": 1.1}, "1.10", True),
        ({"const": WrittenNumber("1.10")}, "1.1", True),
        ({"enum": [1]}, "1.0", True),
        ({"enum": [1.0]}, "1", True),
        ({"const": 0}, "-0.0", True),
        ({"const": True}, "1.0", False),
        ({"const": 10**300}, "1e300", True),
        ({"const": 10**400}, "1e400", True),
        ({"const": 2}, "2.5", False),
        ({"enum": [EXACT]}, "0.1234567890123456789", True),
        ({"enum": [EXACT]}, "0.12345678901234568", False),
        ({"enum": [[EXACT, HUGE]]}, "1e400", False),
    ],
)
def test_written_number_is_judged_by_its_value(schema: dict[str, Any], text: str, does_fit: bool) -> None:
    match = NUMBER.fullmatch(text)
    assert match is not None

    assert fits(read_number(match), schema) == does_fit


def test_equal_written_numbers_are_not_unique() -> None:
    assert not fits([WrittenNumber("1.10"), 1.1], {"uniqueItems": True})
    assert not fits([{"a": [1]}, {"a": [1.0]}], {"uniqueItems": True})
    assert not fits([HUGE, WrittenNumber("10e399")], {"uniqueItems": True})
    assert fits([HUGE, EXACT, "1e400", 0.12345678901234568], {"uniqueItems": True})
