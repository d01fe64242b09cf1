"""The fields of strict JSON: each rule by the values around it."""

from __future__ import annotations

import pytest
from marshmallow import Schema, fields

from mockserver.checks.fields import DotNetDateTime, Text, flag, int32, integer, nullable_text
from mockserver.checks.judging import Schemas

INT32 = "the contract allows -2147483648 to 2147483647"
INTEGER = "the contract wants an integer"
NO_NULL = "the contract does not allow null"
TEXT = "the contract wants a string"
TRUTH = "the contract wants true or false"
SURROGATE = "the contract wants text without lone surrogates"
UNITS = "the contract allows at most 30 UTF-16 units"
FORM = (
    "the contract wants yyyy-MM-ddTHH:mm:ss, then at most 7 decimals of which the last is not 0, "
    "then Z, an offset of at most 14:00 or nothing"
)
DAY = "the contract wants a day that the calendar has"


class FieldsSchema(Schema):
    short = nullable_text("", 30)
    long = nullable_text("")
    must = Text()
    moment = DotNetDateTime(allow_none=True)
    sex = integer(0, 2, null=True)
    number = int32("")
    any_number = int32("", null=True)
    truth = flag("")
    map = fields.Dict(keys=Text(), values=Text(allow_none=True), allow_none=True)


SCHEMAS = Schemas({"Fields": FieldsSchema})


def find_sentences(member: str, value: object) -> list[str]:
    return [str(breach) for breach in SCHEMAS.find_member_breaches("Fields", {member: value})]


@pytest.mark.parametrize(
    ("member", "values"),
    [
        ("short", (None, "", "x" * 30, "😀" * 15, "é" * 30)),
        ("long", (None, "x" * 5000)),
        ("must", ("",)),
        ("sex", (None, 0, 1, 2)),
        ("number", (0, 2**31 - 1, -(2**31))),
        ("any_number", (None, 2**31 - 1)),
        ("truth", (True, False)),
        ("map", (None, {}, {"": "", "vip": None, "branch": "x" * 5000})),
        ("moment", (None, "1984-03-12T00:00:00", "1984-03-12T00:00:00Z", "1984-03-12T00:00:00+10:00")),
        ("moment", ("1984-03-12T23:59:59.1234567-14:00", "1984-03-12T00:00:00.1+14:00")),
        ("moment", ("1984-03-12T00:00:00.0000001-00:30", "2024-02-29T00:00:00", "2000-02-29T00:00:00")),
        ("moment", ("0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999")),
    ],
)
def test_value_is_accepted(member: str, values: tuple[object, ...]) -> None:
    assert [find_sentences(member, value) for value in values] == [[]] * len(values)


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("short", 1, f"short is 1, {TEXT}"),
        ("short", False, f"short is false, {TEXT}"),
        ("short", b"1", f"""short is "b'1'", {TEXT}"""),
        ("short", "\ud800", f"short is '\\ud800', {SURROGATE}"),
        ("short", "x" * 31, f"short is '{'x' * 31}' (31 units), {UNITS}"),
        ("short", "é" * 31, f"short is '{'é' * 31}' (31 units), {UNITS}"),
        ("short", "😀" * 16, f"short is '{'😀' * 16}' (32 units), {UNITS}"),
        ("long", [], f"long is [], {TEXT}"),
        ("must", None, f"must is null, {NO_NULL}"),
        ("must", {"a": None}, f'must is {{"a": null}}, {TEXT}'),
        ("number", None, f"number is null, {NO_NULL}"),
        ("number", 2**31, f"number is 2147483648, {INT32}"),
        ("number", -(2**31) - 1, f"number is -2147483649, {INT32}"),
        ("number", 1.0, f"number is 1.0, {INTEGER}"),
        ("number", True, f"number is true, {INTEGER}"),
        ("number", "1", f"number is '1', {INTEGER}"),
        ("number", float("nan"), f"number is NaN, {INTEGER}"),
        pytest.param("number", 10**5000, f"number is a number of thousands of digits, {INT32}", id="digits"),
        ("any_number", 2**31, f"any_number is 2147483648, {INT32}"),
        ("any_number", "", f"any_number is '', {INTEGER}"),
        ("sex", 3, "sex is 3, the contract allows 0 to 2"),
        ("sex", -1, "sex is -1, the contract allows 0 to 2"),
        ("sex", True, f"sex is true, {INTEGER}"),
        ("truth", None, f"truth is null, {NO_NULL}"),
        ("truth", 1, f"truth is 1, {TRUTH}"),
        ("truth", "yes", f"truth is 'yes', {TRUTH}"),
        ("map", "", "map is '', the contract wants an object"),
        ("map", [], "map is [], the contract wants an object"),
        ("map", {"vip": 1}, f"map.vip is 1, {TEXT}"),
        ("map", {"vip": True}, f"map.vip is true, {TEXT}"),
        ("map", {"vip": {"a": "b"}}, f'map.vip is {{"a": "b"}}, {TEXT}'),
        ("map", {"": []}, f"map.'' is [], {TEXT}"),
        ("map", {"_schema": 1}, f"map._schema is 1, {TEXT}"),
        ("map", {"vip": "\udfff"}, f"map.vip is '\\udfff', {SURROGATE}"),
        ("map", {"\ud800": "x"}, f"map.\\ud800 is 'x', {SURROGATE}"),
        ("moment", 0, f"moment is 0, {TEXT}"),
    ],
)
def test_value_is_refused(member: str, value: object, sentence: str) -> None:
    assert find_sentences(member, value) == [sentence]


@pytest.mark.parametrize(
    ("texts", "rule"),
    [
        (("", "1984-03-12", "1984-03-12 00:00:00", "1984-3-12T00:00:00", "1984-W11-1T00:00:00"), FORM),
        (("1984-03-12T00:00", "1984-03-12T00:00:00z", "1984-03-12T00:00:00\n", "1984-03-12T00:00:00."), FORM),
        (("1984-03-12T00:00:00.0", "1984-03-12T00:00:00.120", "1984-03-12T00:00:00.12345678"), FORM),
        (("1984-03-12T00:00:00+14:01", "1984-03-12T00:00:00-15:00", "1984-03-12T00:00:00+1000"), FORM),
        (("1984-03-12T24:00:00", "1984-03-12T00:60:00", "1984-03-12T00:00:60", "1984-13-12T00:00:00"), FORM),
        (("0000-01-01T00:00:00", "10000-01-01T00:00:00", "1984-03-\u0661\u0662T00:00:00"), FORM),
        (("2024-02-30T00:00:00", "2023-02-29T00:00:00", "1900-02-29T00:00:00", "2024-04-31T00:00:00"), DAY),
    ],
)
def test_moment_is_refused(texts: tuple[str, ...], rule: str) -> None:
    assert [find_sentences("moment", text) for text in texts] == [[f"moment is {text!r}, {rule}"] for text in texts]
