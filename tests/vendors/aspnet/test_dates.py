"""Dates and times, as people write them and as Json.NET does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.vendors.aspnet.dates import FRIENDLY_FORMATS, format_date_time


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


@pytest.mark.parametrize("text", ["1984-03-12" + " " * 100_000 + "x", "0" * 100_000])
def test_long_text_stays_as_it_is(text: str) -> None:
    assert format_date_time(text) == text
