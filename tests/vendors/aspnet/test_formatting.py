"""The text of values, as Json.NET writes it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.vendors.aspnet.dates import FRIENDLY_FORMATS, format_date_time


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('"', r"\""),
        ("\\", r"\\"),
        ("\b\f\n\r\t", r"\b\f\n\r\t"),
        ("\0\x01\x0b\x1f", r"\u0000\u0001\u000b\u001f"),
        ("\x85\u2028\u2029", r"\u0085\u2028\u2029"),
        ("/<>&'", "/<>&'"),
        ("\x7f\x80\x84\x86\xa0\ufeff", "\x7f\x80\x84\x86\xa0\ufeff"),
        ("Zoë שלום 日本 😀", "Zoë שלום 日本 😀"),
        ("\u200e\u200d\ufffd\ue000", "\u200e\u200d\ufffd\ue000"),
        (r"\u0085", r"\\u0085"),
    ],
)
def test_only_what_json_net_escapes_is_escaped_in_values_and_keys(text: str, written: str) -> None:
    assert write_json({text: [text]}) == f'{{"{written}":["{written}"]}}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1, "-1"),
        (2147483647, "2147483647"),
        (1.5, "1.5"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ([1, [None, {"a": []}]], '[1,[null,{"a":[]}]]'),
        ({"b": 1, "a": 2, "": 3, "$type": 4}, '{"b":1,"a":2,"":3,"$type":4}'),
    ],
)
def test_values_are_written_without_blanks_and_members_in_their_order(value: Json, written: str) -> None:
    assert write_json(value) == written


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(value=JSON)
def test_what_is_written_reads_back_as_the_same_value(value: Json) -> None:
    assert json.loads(write_json(value)) == value


@given(text=st.text(alphabet=st.characters(categories=["Cc", "Zl", "Zp", "Lu"])))
def test_no_character_that_ends_a_line_is_written_as_it_is(text: str) -> None:
    written = write_json(text)

    assert written.splitlines() == [written]


@pytest.mark.parametrize(
    ("friendly", "written"),
    [
        ("1984-03-12", "1984-03-12T00:00:00"),
        ("1984-03-12 14:30", "1984-03-12T14:30:00"),
        ("1984-03-12 14:30:15", "1984-03-12T14:30:15"),
        ("1984-03-12T14:30", "1984-03-12T14:30:00"),
        ("1984-03-12t14:30:15z", "1984-03-12T14:30:15Z"),
        ("1984-03-12Z", "1984-03-12T00:00:00Z"),
        ("1984-03-12+10:00", "1984-03-12T00:00:00+10:00"),
        ("1984-03-12 14:30-03:30", "1984-03-12T14:30:00-03:30"),
        ("  1984-03-12\n", "1984-03-12T00:00:00"),
        ("2026-04-05T04:15:57.2773368+10:00", "2026-04-05T04:15:57.2773368+10:00"),
        ("2026-04-05T04:15:57.2500000Z", "2026-04-05T04:15:57.25Z"),
        ("2026-04-05T04:15:57.0000001", "2026-04-05T04:15:57.0000001"),
        ("2026-04-05 04:15:57.000", "2026-04-05T04:15:57"),
        ("0001-01-01", "0001-01-01T00:00:00"),
        ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999"),
        ("2026-02-30", "2026-02-30T00:00:00"),
    ],
)
def test_a_date_as_people_write_it_becomes_the_one_that_is_sent(friendly: str, written: str) -> None:
    assert format_date_time(friendly) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.03.1984",
        "12/03/1984",
        "1984-3-12",
        "84-03-12",
        "1984-03",
        "19840312",
        "1984-03-12 2pm",
        "1984-03-12  14:30",
        "1984-03-12 14",
        "1984-03-12 14:3",
        "1984-03-12 14:30.5",
        "1984-03-12 14:30:15.",
        "1984-03-12 14:30:15.12345678",
        "1984-03-12 14:30 +10:00",
        "1984-03-12 14:30+1000",
        "1984-03-12 14:30 UTC",
        "-1984-03-12",
        "١٩٨٤-٠٣-١٢",
        "yesterday",
        " not a date ",
    ],
)
def test_what_has_not_the_form_of_a_date_is_left_for_the_check(text: str) -> None:
    assert format_date_time(text) == text


@given(text=st.text() | st.from_regex(r"\s?[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]{4,16})?([Zz]|\+[0-9:]{5})?\s?"))
def test_a_date_that_was_written_stays_as_it_is(text: str) -> None:
    written = format_date_time(text)

    assert format_date_time(written) == written


def test_the_format_that_contracts_name_is_known() -> None:
    assert dict(FRIENDLY_FORMATS) == {"dotnet-date-time": format_date_time}


@pytest.mark.parametrize("text", ["1984-03-12" + " " * 100_000 + "x", "0" * 100_000, "\u2028" * 100_000, '"' * 100_000])
def test_long_text_is_written(text: str) -> None:
    assert format_date_time(text) == text
    assert json.loads(write_json(text)) == text
