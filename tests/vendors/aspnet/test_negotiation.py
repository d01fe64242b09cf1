"""Which media type and charset is chosen. Most rows were recorded from the framework."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.vendors.aspnet.negotiation import accepts_any, choose_charset, choose_media_type

JSON = "application/json"
TEXT = "text/json"
OFFERED = (JSON, TEXT)

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
MANY = ", ".join(f"application/x-{number}" for number in range(100))


def choose(accept: str | None, content_type: str | None = None, offered: tuple[str, ...] = OFFERED) -> str:
    return choose_media_type(() if accept is None else (accept,), content_type, offered)


ASKED_FOR_JSON = (
    *(None, "", "*/*", "application/json", "application/*", "APPLICATION/JSON", "  application/json  "),
    *("application / json", BROWSER, "application/json, text/javascript, */*; q=0.01", "text/html, */*;q=0.1"),
    *("application/json, text/plain, */*", "image/avif,image/webp,image/*,*/*;q=0.8"),
    "application/graphql-response+json, application/json;q=0.9",
    # The highest quality wins.
    *("application/json, text/json", "application/json;q=0.5, text/json;q=0.5", "*/*;q=0.9, text/json;q=0.1"),
    *("text/json ; q = 0.5 , application/json ; q = 0.6", "text/json;q=0.1,application/json;q=0.9"),
    *("*/*;q=0.5, application/json;q=0.1", "text/*;q=0.3, */*;q=0.9", "text/json;Q=0.1, application/json;q=0.2"),
    "text/json;q=0., application/json;q=0.1",
    # Then the more precise range, then the first.
    *("*/*, application/json", "*/*;q=1, application/*;q=1", "application/*, text/*"),
    # Quality 0 is passed over, and is no veto.
    *("*/*;q=0", "application/json;q=0", "application/json;q=0.0", "text/json;q=0"),
    *("application/json;q=0, text/json;q=0", "application/json;q=0, */*", "application/json;q=0, application/*"),
    *("text/json;q=0, */*", "text/json;q=0, */*;q=0.1", "*/*;q=0, application/json"),
    # Other parameters do not matter.
    *("application/json; charset=utf-16", "application/json;odata=verbose"),
    *("text/json;ext=1;q=0.5, application/json;q=0.6", 'text/json;a="";q=0.1, application/json;q=0.5'),
)
ASKED_FOR_TEXT = (
    *("text/json", "text/*", "TEXT/JSON", "text\t/\tjson", "text/plain, text/*;q=0.5", f"{MANY}, text/json"),
    *("application/json;q=0.5, text/json", "text/json, application/json", "text/json;q=2, application/json"),
    *("text/json;Q=0.3, application/json;q=0.2", "text/json;q=0.1234, application/json;q=0.1233"),
    *("text/json;q=0.0001, application/json;q=0.00001", "text/json,\tapplication/json;q=0.1"),
    *("text/json;q=0.1, text/json;q=0.9, application/json;q=0.5", "application/*;q=0.4, text/*;q=0.6"),
    *("application/*;q=0.9, text/json;q=1.0", "application/json;q=.4, text/json;q=.5"),
    *("*/*, text/*", "*/*, text/json", "application/*, text/json", "application/*;q=0.2, text/json;q=0.2"),
    *("text/*, application/*", "text/*;q=0.5, application/*;q=0.5"),
    *("text/json;q=0, text/*", "*/*;q=0, text/json;q=0.1"),
    *("text/json;version=1", "text/json;version", "text/json;q=0.5;ext=1"),
    *("text/json;q=abc;q=0.1, application/json;q=0.5", "text/json;q, application/json;q=0.5"),
    *('text/json;a="b"', 'text/json;a="b, c"', 'text/json;a="\\"", application/json;q=0.5'),
    'text/json;a=";q=0.1", application/json;q=0.5',
    # A quality that is no plain number counts as 1.
    *(f"application/json;q=0.9, text/json;q={each}" for each in ("-1", "abc", "1e-9", "+0.1", '"0.1"', "0.1.1", ".")),
    *(f"application/json;q=0.9, text/json;q={each}" for each in ("0x", "inf", "nan")),
    # Empty elements are ignored.
    *(",,text/json,,", ", text/json", "text/json,", "\t,text/json , ,"),
)


@pytest.mark.parametrize(
    ("accept", "media_type"), [*((each, JSON) for each in ASKED_FOR_JSON), *((each, TEXT) for each in ASKED_FOR_TEXT)]
)
def test_media_type_is_the_one_asked_for(accept: str | None, media_type: str) -> None:
    assert choose(accept) == media_type


NOT_OFFERED = (
    *("application/xml", "text/xml", "text/html", "image/png", "text/plain", "text/csv", "*/json", "text/jso*"),
    *("application/hal+json", "application/problem+json", "application/bson", "application/json5", "tex/*", "text/x*"),
    *("application/x-ndjson", "application/x-www-form-urlencoded", "application/octet-stream", "aplication/json"),
    *("application/xml;q=0.9, text/xml;q=0.8", "*/*;q=0", "text/json;q=0"),
)


@pytest.mark.parametrize("accept", NOT_OFFERED)
def test_first_type_stands_for_what_is_not_offered(accept: str) -> None:
    assert (choose(accept), accepts_any((accept,), None, OFFERED)) == (JSON, False)


@pytest.mark.parametrize(
    "malformed",
    [
        *("*", "json", "garbage", "/", "text/", "/json", "text//json", "text/json/x", "text/json text/json"),
        *("<text/json>", '"text/json"', "text/json;", "text/json;;q=1", "text/json;q=", "text/json;=1"),
        *("text/json;q=0.5;", "text/json q=1", 'text/json;a="b', 'text/json;a="b\\', 'text/json;a="b"c'),
        *("text/json;a=b c", "text\xa0/json", "tëxt/json"),
    ],
)
@pytest.mark.parametrize("accept", ["{}", "text/json, {}", "{}, text/json", "text/json;q=0.1, {}, text/json"])
def test_malformed_element_voids_its_line(malformed: str, accept: str) -> None:
    assert choose(accept.format(malformed)) == JSON


@pytest.mark.parametrize(
    ("content_type", "accept", "media_type"),
    [
        *(("text/json", accept, TEXT) for accept in (None, "", "application/xml", "text/json;q=0", "garbage")),
        *(("text/json", accept, JSON) for accept in ("*/*", "application/json;q=0.1")),
        *((each, None, TEXT) for each in ("TEXT/JSON; charset=utf-8", " text / json ", "text/*")),
        *((each, None, JSON) for each in ("application/json", "application/xml", "*/*", "", "garbage", '"text/json"')),
        *((each, None, JSON) for each in ("text/json;", "text/json, text/json", "text/")),
        ("application/json", "text/json", TEXT),
    ],
)
def test_request_type_decides_if_accept_does_not(content_type: str, accept: str | None, media_type: str) -> None:
    assert choose(accept, content_type) == media_type


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/*", "application/*"])
def test_only_type_offered_is_always_chosen(accept: str | None) -> None:
    assert choose(accept, None, (TEXT,)) == TEXT


@pytest.mark.parametrize(
    ("lines", "media_type", "is_accepted"),
    [
        *(((), JSON, True), (("garbage", ""), JSON, True), (("application/xml", "text/json"), TEXT, True)),
        (("garbage", "text/json;q=0.5, */*;q=0.1"), TEXT, True),
        (("text/json, garbage", "application/xml"), JSON, False),
        (("application/json;q=0.1", "text/json"), TEXT, True),
    ],
)
def test_accept_lines_are_judged_one_by_one(lines: tuple[str, ...], media_type: str, is_accepted: bool) -> None:
    assert choose_media_type(lines, None, OFFERED) == media_type
    assert accepts_any(lines, None, OFFERED) == is_accepted


# The charset

OWN_UTF_16 = "text/json; charset=utf-16"


@pytest.mark.parametrize(
    ("accept_charset", "content_type", "charset"),
    [
        *((each, None, "utf-16") for each in ("utf-16", "UTF-16", " utf-16 ; q=0.1", "latin-1, utf-16", ",utf-16,")),
        *((each, None, "utf-16") for each in ("utf-8;q=0.5, utf-16", "utf-16, utf-8", "utf-16, *", "*;q=0, utf-16")),
        *((each, None, "utf-8") for each in (None, "", "utf-8", "latin-1", "utf-16;q=0", "utf-8, utf-16", "*, utf-16")),
        *((each, None, "utf-8") for each in ("utf-16;q=0.5, utf-8", "utf-16, (", "utf-16 utf-16", "utf-32", "utf16")),
        # The request's own charset decides if Accept-Charset does not.
        *((each, OWN_UTF_16, "utf-16") for each in (None, "latin-1", "utf-8;q=0", "*;q=0", "(")),
        *((each, OWN_UTF_16, "utf-8") for each in ("utf-8", "*")),
        *((None, each, "utf-16") for each in ('a/b; a=b; CHARSET="UTF-16"', "a/b;charset=utf-16;charset=utf-8")),
        *((None, each, "utf-8") for each in ("a/b;charset=klingon", "a/b", "a/b;charset", "charset=utf-16", "")),
    ],
)
def test_charset_is_the_one_asked_for(accept_charset: str | None, content_type: str | None, charset: str) -> None:
    assert choose_charset(accept_charset, content_type) == charset


# Anything at all

HEADERS = st.none() | st.text() | st.text(alphabet='aqjsontex/*;=,".01 \t\\')


@given(accept=HEADERS, content_type=HEADERS)
def test_any_headers_choose_one_of_the_offered_types(accept: str | None, content_type: str | None) -> None:
    assert choose(accept, content_type) in OFFERED
    assert choose_charset(accept, content_type) in ("utf-8", "utf-16")


@given(accept=st.text(alphabet='aqjsontex/*;=,".01 \t\\'))
def test_anything_before_a_malformed_element_is_void(accept: str) -> None:
    assert choose(f"{accept},(", TEXT) == TEXT


@pytest.mark.parametrize(
    "accept",
    [
        *("a/b" + " " * 100_000 + "(", " " * 100_000 + "(", "a" * 100_000, "a/" + "b" * 100_000 + "("),
        *("a/b;c" + " " * 100_000 + "(", "a/b;c=" + " " * 100_000 + "(", "a/b;" * 33_000),
        *("a/b" + ";c" * 50_000 + "(", "a/b" + ";q = 1 " * 14_000 + "(", 'a/b;c="' + '\\"' * 50_000),
        *('a/b;c="' * 14_000, '"' * 100_000, "a/b;q=" + "9" * 100_000, "a/b;q=0." + "0" * 100_000 + "1"),
        *("," * 100_000, "a/b," * 25_000),
    ],
    ids=lambda accept: f"{accept[:8]}...{accept[-3:]}",
)
def test_very_long_header_is_read_once(accept: str) -> None:
    assert (choose(accept, accept), choose_charset(accept, accept)) == (JSON, "utf-8")
