"""Which media type is chosen. The first tables were recorded from the framework."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.vendors.aspnet.negotiation import accepts_any, choose_media_type

JSON = "application/json"
TEXT = "text/json"
OFFERED = (JSON, TEXT)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
MANY = ", ".join(f"application/x-{number}" for number in range(100))


def choose(accept: str | None, content_type: str | None, offered: tuple[str, ...]) -> str:
    return choose_media_type(() if accept is None else (accept,), content_type, offered)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/json", TEXT),
        ("application/*", JSON),
        ("text/*", TEXT),
        ("APPLICATION/JSON", JSON),
        ("TEXT/JSON", TEXT),
        ("  application/json  ", JSON),
        ("application / json", JSON),
        ("text\t/\tjson", TEXT),
        (BROWSER, JSON),
        ("application/json, text/javascript, */*; q=0.01", JSON),
        ("application/json, text/plain, */*", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("image/avif,image/webp,image/*,*/*;q=0.8", JSON),
        ("application/graphql-response+json, application/json;q=0.9", JSON),
        ("text/plain, text/*;q=0.5", TEXT),
        (f"{MANY}, text/json", TEXT),
    ],
)
def test_the_media_type_is_the_one_asked_for(accept: str | None, media_type: str) -> None:
    assert choose(accept, None, OFFERED) == media_type


@pytest.mark.parametrize(
    "accept",
    [
        "application/xml",
        "text/xml",
        "text/html",
        "image/png",
        "text/plain",
        "text/csv",
        "*/json",
        "application/hal+json",
        "application/problem+json",
        "application/bson",
        "application/json5",
        "application/x-ndjson",
        "application/x-www-form-urlencoded",
        "application/octet-stream",
        "application/xml;q=0.9, text/xml;q=0.8",
        "aplication/json",
        "text/jso*",
        "tex/*",
        "text/x*",
    ],
)
def test_what_is_not_offered_gets_the_first_type(accept: str) -> None:
    assert choose(accept, None, OFFERED) == JSON


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json;q=0.5, text/json", TEXT),
        ("text/json, application/json", TEXT),
        ("application/json, text/json", JSON),
        ("application/json;q=0.5, text/json;q=0.5", JSON),
        ("text/json;Q=0.3, application/json;q=0.2", TEXT),
        ("text/json;q=0.1234, application/json;q=0.1233", TEXT),
        ("text/json;q=0.0001, application/json;q=0.00001", TEXT),
        ("text/json ; q = 0.5 , application/json ; q = 0.6", JSON),
        ("text/json,\tapplication/json;q=0.1", TEXT),
        ("text/json;q=0.1, text/json;q=0.9, application/json;q=0.5", TEXT),
        ("text/json;q=0.1,application/json;q=0.9", JSON),
        ("application/*;q=0.4, text/*;q=0.6", TEXT),
        ("application/*;q=0.9, text/json;q=1.0", TEXT),
        ("*/*;q=0.9, text/json;q=0.1", JSON),
        ("*/*;q=0.5, application/json;q=0.1", JSON),
        ("text/*;q=0.3, */*;q=0.9", JSON),
        ("text/json;q=2, application/json", TEXT),
        ("text/json;Q=0.1, application/json;q=0.2", JSON),
        ("application/json;q=.4, text/json;q=.5", TEXT),
        ("text/json;q=0., application/json;q=0.1", JSON),
    ],
)
def test_the_highest_quality_wins(accept: str, media_type: str) -> None:
    assert choose(accept, None, OFFERED) == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*, text/*", TEXT),
        ("*/*, text/json", TEXT),
        ("*/*, application/json", JSON),
        ("*/*;q=1, application/*;q=1", JSON),
        ("application/*, text/json", TEXT),
        ("application/*;q=0.2, text/json;q=0.2", TEXT),
        ("application/*, text/*", JSON),
        ("text/*, application/*", TEXT),
        ("text/*;q=0.5, application/*;q=0.5", TEXT),
    ],
)
def test_of_equal_quality_the_more_precise_range_wins_then_the_first(accept: str, media_type: str) -> None:
    assert choose(accept, None, OFFERED) == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*;q=0", JSON),
        ("application/json;q=0", JSON),
        ("application/json;q=0.0", JSON),
        ("text/json;q=0", JSON),
        ("application/json;q=0, text/json;q=0", JSON),
        ("application/json;q=0, */*", JSON),
        ("application/json;q=0, application/*", JSON),
        ("text/json;q=0, */*", JSON),
        ("text/json;q=0, */*;q=0.1", JSON),
        ("text/json;q=0, text/*", TEXT),
        ("*/*;q=0, application/json", JSON),
        ("*/*;q=0, text/json;q=0.1", TEXT),
    ],
)
def test_quality_zero_is_passed_over_and_is_no_veto(accept: str, media_type: str) -> None:
    assert choose(accept, None, OFFERED) == media_type


@pytest.mark.parametrize(
    "quality",
    ["-1", "abc", "1e-9", "+0.1", '"0.1"', "0.1.1", ".", "0x", "inf", "nan"],
)
def test_a_quality_that_is_no_plain_number_counts_as_one(quality: str) -> None:
    assert choose(f"application/json;q=0.9, text/json;q={quality}", None, OFFERED) == TEXT


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json; charset=utf-16", JSON),
        ("application/json;odata=verbose", JSON),
        ("text/json;version=1", TEXT),
        ("text/json;version", TEXT),
        ("text/json;q=0.5;ext=1", TEXT),
        ("text/json;ext=1;q=0.5, application/json;q=0.6", JSON),
        ("text/json;q=abc;q=0.1, application/json;q=0.5", TEXT),
        ("text/json;q, application/json;q=0.5", TEXT),
        ('text/json;a="b"', TEXT),
        ('text/json;a="b, c"', TEXT),
        ('text/json;a="\\"", application/json;q=0.5', TEXT),
        ('text/json;a=";q=0.1", application/json;q=0.5', TEXT),
        ('text/json;a="";q=0.1, application/json;q=0.5', JSON),
    ],
)
def test_parameters_other_than_the_quality_do_not_matter(accept: str, media_type: str) -> None:
    assert choose(accept, None, OFFERED) == media_type


@pytest.mark.parametrize(
    "malformed",
    [
        "*",
        "json",
        "garbage",
        "/",
        "text/",
        "/json",
        "text//json",
        "text/json/x",
        "text/json text/json",
        "<text/json>",
        '"text/json"',
        "text/json;",
        "text/json;;q=1",
        "text/json;q=",
        "text/json;=1",
        "text/json;q=0.5;",
        "text/json q=1",
        'text/json;a="b',
        'text/json;a="b\\',
        'text/json;a="b"c',
        "text/json;a=b c",
        "text\xa0/json",
        "tëxt/json",
    ],
)
@pytest.mark.parametrize("accept", ["{}", "text/json, {}", "{}, text/json", "text/json;q=0.1, {}, text/json"])
def test_one_malformed_element_voids_the_header(malformed: str, accept: str) -> None:
    assert choose(accept.format(malformed), None, OFFERED) == JSON


@pytest.mark.parametrize("accept", [",,text/json,,", ", text/json", "text/json,", "\t,text/json , ,"])
def test_empty_elements_are_no_fault(accept: str) -> None:
    assert choose(accept, None, OFFERED) == TEXT


@pytest.mark.parametrize(
    ("content_type", "accept", "media_type"),
    [
        ("text/json", None, TEXT),
        ("text/json", "", TEXT),
        ("text/json", "application/xml", TEXT),
        ("text/json", "text/json;q=0", TEXT),
        ("text/json", "garbage", TEXT),
        ("text/json", "*/*", JSON),
        ("text/json", "application/json;q=0.1", JSON),
        ("application/json", None, JSON),
        ("application/xml", None, JSON),
        ("TEXT/JSON; charset=utf-8", None, TEXT),
        (" text / json ", None, TEXT),
        ("text/*", None, TEXT),
        ("*/*", None, JSON),
        ("application/json", "text/json", TEXT),
    ],
)
def test_the_type_of_the_request_decides_where_accept_does_not(
    content_type: str, accept: str | None, media_type: str
) -> None:
    assert choose(accept, content_type, OFFERED) == media_type


@pytest.mark.parametrize("content_type", ["", "garbage", '"text/json"', "text/json;", "text/json, text/json", "text/"])
def test_a_malformed_type_of_the_request_is_none(content_type: str) -> None:
    assert choose(None, content_type, OFFERED) == JSON


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [(None, TEXT), ("*/*", TEXT), ("application/json", TEXT), ("text/*", TEXT), ("application/*", TEXT)],
)
def test_the_only_type_offered_is_always_chosen(accept: str | None, media_type: str) -> None:
    assert choose(accept, None, (TEXT,)) == media_type


# Text of the kind that these headers are made of, and any other.
HEADERS = st.none() | st.text() | st.text(alphabet='aqjsontex/*;=,".01 \t\\')


@given(accept=HEADERS, content_type=HEADERS)
def test_any_headers_choose_one_of_the_offered_types(accept: str | None, content_type: str | None) -> None:
    assert choose(accept, content_type, OFFERED) in OFFERED


@given(accept=st.text(alphabet='aqjsontex/*;=,".01 \t\\'))
def test_whatever_stands_before_a_malformed_element_is_void(accept: str) -> None:
    assert choose(f"{accept},(", TEXT, OFFERED) == TEXT


@pytest.mark.parametrize(
    "accept",
    [
        "a/b" + " " * 100_000 + "(",
        " " * 100_000 + "(",
        "a" * 100_000,
        "a/" + "b" * 100_000 + "(",
        "a/b;c" + " " * 100_000 + "(",
        "a/b;c=" + " " * 100_000 + "(",
        "a/b;" * 33_000,
        "a/b" + ";c" * 50_000 + "(",
        "a/b" + ";q = 1 " * 14_000 + "(",
        'a/b;c="' + '\\"' * 50_000,
        'a/b;c="' * 14_000,
        '"' * 100_000,
        "a/b;q=" + "9" * 100_000,
        "a/b;q=0." + "0" * 100_000 + "1",
        "," * 100_000,
        "a/b," * 25_000,
    ],
    ids=lambda accept: f"{accept[:8]}...{accept[-3:]}",
)
def test_a_header_as_long_as_a_server_takes_is_read_once(accept: str) -> None:
    assert choose(accept, accept, OFFERED) == JSON


@pytest.mark.parametrize(
    ("lines", "media_type", "is_accepted"),
    [
        ((), JSON, True),
        (("application/xml", "text/json"), TEXT, True),
        (("garbage", "text/json;q=0.5, */*;q=0.1"), TEXT, True),
        (("text/json, garbage", "application/xml"), JSON, False),
        (("application/json;q=0.1", "text/json"), TEXT, True),
        (("garbage", ""), JSON, True),
    ],
)
def test_accept_lines_are_judged_one_by_one(lines: tuple[str, ...], media_type: str, is_accepted: bool) -> None:
    assert choose_media_type(lines, None, OFFERED) == media_type
    assert accepts_any(lines, None, OFFERED) == is_accepted
