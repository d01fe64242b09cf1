"""The formats of texts and numbers, judged as JSON Schema's validators judge them where they know a format."""

from __future__ import annotations

import jsonschema_rs
import pytest

from mockserver.checks.formats import RANGES, has_format

LONG = "a" * 50_000

ROWS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    # (format, texts that have it, texts that do not)
    ("date-time", ("2020-01-31T23:59:59Z", "2020-02-29t00:00:00.123456789+10:00"), ("2020-01-31T23:59:59", "2020")),
    ("date-time", (), ("2021-02-29T00:00:00Z", "2020-01-31T23:59:59+24:00", "2020-01-31T24:00:00Z", "")),
    ("date", ("2020-02-29",), ("2021-02-29", "2020-13-01", "2020-1-1", "20200101", "")),
    ("time", ("23:59:59Z", "00:00:00.5+10:00"), ("23:59:59", "24:00:00Z", "1:00:00Z", "")),
    (
        "duration",
        ("P1D", "P1Y2M3DT4H5M6S", "PT5M", "P2W", "P1DT1S"),
        ("P", "PT", "P1DT", "1D", "P2S", "P1W2D", "P1D1Y"),
    ),
    ("email", ("a@b.cd", "a@b.c.d"), ("a", "a@b@c.de", "a@ b.cd", "")),
    ("idn-email", ("ü@bücher.example",), ("a", "")),
    ("hostname", ("a", "a-b.example.com", "A1.b2"), ("-a", "a-", "a..b", "a b", "", "a" * 64, "a." * 127 + "a")),
    ("idn-hostname", ("bücher.example", "a"), ("", "a..b", "ü" * 64)),
    ("ipv4", ("192.0.2.1", "0.0.0.0"), ("192.0.2", "192.0.2.256", "192.0.2.01", "a", "")),
    ("ipv6", ("::", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1"), ("1::2::3", "g::", "::1%eth0", ":", "")),
    ("uri", ("https://example.com/a?b#c", "urn:a", "a:%20"), ("example", "/a", "a:%2", "a:b c", "a:ü", "")),
    ("uri-reference", ("/a", "a", "", "#b", "https://example.com"), ("a b", "\\a", "ü")),
    ("iri", ("https://bücher.example/ü", "a:b"), ("/a", "a:b c", "")),
    ("iri-reference", ("/ü", "", "a"), ("a b", "\\a")),
    ("uri-template", ("/a/{id}", "{+a,b*}{?c:3}", "", "a"), ("/{", "/a}", "{a b}", "{}")),
    ("uuid", ("01234567-89ab-cdef-ABCD-0123456789ab",), ("01234567", "0123456789abcdefabcd0123456789ab", "")),
    ("json-pointer", ("", "/", "/a~0~1/b"), ("a", "/a~", "/a~2")),
    ("relative-json-pointer", ("0", "1/a", "0#"), ("", "/a", "01", "0##")),
)

OTHERS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    # Formats that only OpenAPI's registry has
    ("dotnet-date-time", ("2020-01-31T23:59:59", "2020-01-31T23:59:59.5Z"), ("2020-01-31T23:59:59.50", "2020")),
    ("date-time-local", ("2020-02-29T00:00:00",), ("2021-02-29T00:00:00", "2020-01-31T23:59:59Z")),
    ("time-local", ("23:59:59", "23:59:59.5"), ("23:59:59Z", "")),
    ("byte", ("", "YQ==", "YWI=", "YWJj", "+/+/"), ("YQ", "YQ=", "-_-_", "Y Q=")),
    ("base64url", ("", "YQ", "YQ==", "YWI", "-_-_"), ("Y", "+/+/", "YQ=")),
    ("char", ("a", "😀", "\n"), ("", "ab")),
    ("http-date", ("Sun, 06 Nov 1994 08:49:37 GMT",), ("1994-11-06", "Sun, 6 Nov 1994 08:49:37 GMT", "")),
    ("media-range", ("*/*", "text/*", 'text/a; q=0.5;b="c d"'), ("text", "text/", "a b/c", "")),
    ("sf-string", ('""', '"a b"', '"a\\"b"'), ("a", '"a', '"ü"', "")),
    ("sf-token", ("a", "*a/b:c"), ("1", "", "a b")),
    ("sf-binary", ("::", ":YQ==:"), ("YQ==", ":", "")),
    ("sf-boolean", ("?0", "?1"), ("?2", "1", "")),
    ("decimal", ("1", "-1.50", "1e5"), ("", "a", "1.", ".5")),
    ("int64", ("-1", "12"), ("1.5", "", "a")),
    *((name, ("anything", ""), ()) for name in ("unheard-of", "password", "binary", "commonmark", "html", "int32")),
)


def list_verdicts(fitting: tuple[str, ...], other: tuple[str, ...]) -> list[tuple[str, bool]]:
    return [*((text, True) for text in fitting), *((text, False) for text in other)]


@pytest.mark.parametrize(("name", "fitting", "other"), [*ROWS, *OTHERS])
def test_text_has_its_format_or_not(name: str, fitting: tuple[str, ...], other: tuple[str, ...]) -> None:
    expected = list_verdicts(fitting, other)

    assert [(text, has_format(text, name)) for text, _ in expected] == expected


@pytest.mark.parametrize(("name", "fitting", "other"), ROWS)
def test_verdict_on_a_format_is_that_of_a_validator(
    name: str, fitting: tuple[str, ...], other: tuple[str, ...]
) -> None:
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)

    assert [text for text in fitting if not validator.is_valid(text)] == []
    assert [text for text in other if validator.is_valid(text)] == []


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        *(("int8", -128, 127), ("uint8", 0, 255), ("int16", -(2**15), 2**15 - 1), ("uint16", 0, 2**16 - 1)),
        *(("int32", -(2**31), 2**31 - 1), ("uint32", 0, 2**32 - 1), ("int64", -(2**63), 2**63 - 1)),
        *(("uint64", 0, 2**64 - 1), ("double-int", -(2**53) + 1, 2**53 - 1), ("sf-integer", 1 - 10**15, 10**15 - 1)),
    ],
)
def test_integer_has_the_range_of_its_format(name: str, least: int, most: int) -> None:
    values = (least - 1, least, 1, 1.0, 1.5, most, most + 1)

    assert [has_format(value, name) for value in values] == [False, True, True, True, False, True, False]


@pytest.mark.parametrize("name", ["float", "double", "decimal", "date", "unheard-of"])
def test_other_format_takes_any_number(name: str) -> None:
    assert [has_format(value, name) for value in (0, -1.5, 10**30)] == [True] * 3


@pytest.mark.parametrize("name", [name for name, _, _ in (*ROWS, *OTHERS)])
@pytest.mark.parametrize("text", [LONG, f"a:{LONG} ", f"{LONG}@{'.' * 50_000} ", "/~0" * 20_000 + "~", "{a,a" * 20_000])
def test_long_text_is_judged_in_linear_time(name: str, text: str) -> None:
    assert has_format(text, name) in (True, False)


def test_every_range_is_of_whole_numbers() -> None:
    assert all(least < most for least, most in RANGES.values())
