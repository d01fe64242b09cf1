"""Dates, as Json.NET writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.vendors.aspnet.dates import FRIENDLY_FORMATS

format_date_time = FRIENDLY_FORMATS["dotnet-date-time"]

NO_DATES = (
    *("", "12.03.1984", "12/03/1984", "1984-3-12", "84-03-12", "1984-03", "19840312", "1984-03-12 2pm", "-1984-03-12"),
    *("1984-03-12  14:30", "1984-03-12 14", "1984-03-12 14:3", "1984-03-12 14:30.5", "1984-03-12 14:30:15."),
    *("1984-03-12 14:30:15.12345678", "1984-03-12 14:30 +10:00", "1984-03-12 14:30+1000", "1984-03-12 14:30 UTC"),
    *("١٩٨٤-٠٣-١٢", "yesterday", " not a date ", "1984-03-12" + " " * 100_000 + "x", "0" * 100_000),
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *(("1984-03-12", "1984-03-12T00:00:00"), ("1984-03-12 14:30", "1984-03-12T14:30:00")),
        *(("1984-03-12 14:30:15", "1984-03-12T14:30:15"), ("1984-03-12T14:30", "1984-03-12T14:30:00")),
        *(("1984-03-12t14:30:15z", "1984-03-12T14:30:15Z"), ("1984-03-12Z", "1984-03-12T00:00:00Z")),
        ("1984-03-12+10:00", "1984-03-12T00:00:00+10:00"),
        ("1984-03-12 14:30-03:30", "1984-03-12T14:30:00-03:30"),
        ("  1984-03-12\n", "1984-03-12T00:00:00"),
        ("2026-04-05T04:15:57.2773368+10:00", "2026-04-05T04:15:57.2773368+10:00"),
        ("2026-04-05T04:15:57.2500000Z", "2026-04-05T04:15:57.25Z"),
        ("2026-04-05T04:15:57.0000001", "2026-04-05T04:15:57.0000001"),
        ("2026-04-05 04:15:57.000", "2026-04-05T04:15:57"),
        *(("0001-01-01", "0001-01-01T00:00:00"), ("2026-02-30", "2026-02-30T00:00:00")),
        ("9999-12-31T23:59:59.9999999", "9999-12-31T23:59:59.9999999"),
        # Other text is left for the check to refuse.
        *((text, text) for text in NO_DATES),
    ],
    ids=lambda text: str(text)[:40],
)
def test_date_in_common_form_becomes_wire_form(text: str, written: str) -> None:
    assert format_date_time(text) == written


@given(text=st.text() | st.from_regex(r"\s?[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ][0-9:.]{4,16})?([Zz]|\+[0-9:]{5})?\s?"))
def test_date_that_was_written_stays(text: str) -> None:
    written = format_date_time(text)

    assert format_date_time(written) == written
