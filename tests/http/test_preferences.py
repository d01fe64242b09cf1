"""Preferences: how a Prefer header, a query and a session's defaults are read, and what is said to be applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.nodes import Scalar
from mockserver.http.effects import FAULTS, Effect
from mockserver.http.preferences import (
    KEYS,
    NO_PREFERENCES,
    PreferenceError,
    Preferences,
    find_near_key,
    list_ignored,
    read_defaults,
    read_header,
    read_preferences,
    split_twins,
    write_applied,
)
from mockserver.vendors.aspnet.binding import read_query
from tests.support.calls import count_calls

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=500)


# The header


@pytest.mark.parametrize(
    ("header", "read"),
    [
        # A token, or a quoted string with escapes.
        *(("code=404", {"code": "404"}), ('code="404"', {"code": "404"}), ('seed=""', {"seed": ""})),
        ('example="a, b; c=d"', {"example": "a, b; c=d"}),
        (r'example="a \"b\" \\ \c"', {"example": r'a "b" \ c'}),
        ("seed=!#$%&'*+.^_`|~-", {"seed": "!#$%&'*+.^_`|~-"}),
        *(("seed=", {}), ("seed", {"seed": ""}), ('seed="\t \xff"', {"seed": "\t \xff"})),
        # Several, and blanks.
        ("code=404, delay=1.5,fault=reset", {"code": "404", "delay": "1.5", "fault": "reset"}),
        (" \tcode \t= \t404 \t, seed = 7\t", {"code": "404", "seed": "7"}),
        *((",, ,code=404,,\t,", {"code": "404"}), ("", {}), (" ", {})),
        # Keys ignore case, values do not; the first of a repeated key wins.
        ("CODE=404, Example=Found", {"code": "404", "example": "Found"}),
        *((f"{key}=404, code=500", {"code": "404"}) for key in ("code", "Code")),
        ("seed, seed=7", {"seed": ""}),
        # Parameters are skipped, and never mistaken for preferences.
        *((each, {"code": "404"}) for each in ('code=404; seed=7; delay="1, code=500"', "code=404;;;")),
        ("code=404 ; ; x ; y = z , seed=7", {"code": "404", "seed": "7"}),
        *(("code; seed=7", {"code": ""}), ("respond-async; code=404", {})),
        # Preferences of others.
        ("respond-async, wait=10, code=404, return=minimal", {"code": "404"}),
        ("codes=404, __code=500, x-seed=7", {}),
        # A malformed element is not the first of its key.
        *((f"{each}, code=500", {"code": "500"}) for each in ("code=4 4", 'code="4"4', "code==4")),
        # A quote that is not closed reaches to the end.
        *((f'seed=7, code="{each}', {"seed": "7"}) for each in ("", "404", "404\\", '404\\"', "404, delay=1")),
        ('seed=7, "', {"seed": "7"}),
    ],
)
def test_header_is_read_by_rfc_7240(header: str, read: Mapping[str, str]) -> None:
    assert read_header(header) == read


@pytest.mark.parametrize(
    "malformed",
    [
        *("code 404", "code=404 500", "code==404", "=404", "code=4/4", "code={404}", '"code"=404', 'code="404"x'),
        *('code=x"404"', 'code=4"0,4"', "code:404", "code=404; =x", "code=404; x=", "code=404; x y", 'code=404; "x"'),
        *("code=\xfc", "c\xf6de=404"),
    ],
)
def test_malformed_element_is_dropped_alone(malformed: str) -> None:
    assert read_header(f"seed=7, {malformed}, delay=1") == {"seed": "7", "delay": "1"}


TOKEN_CHARACTERS = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Scanner:
    """The grammar of RFC 7240, section 2, one character after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> bool:
        found = self.peek() == wanted
        self.at += found
        return found

    def skip_blanks(self) -> None:
        while self.peek() and self.peek() in " \t":
            self.at += 1

    def token(self) -> str | None:
        start = self.at
        while self.peek() in TOKEN_CHARACTERS:
            self.at += 1
        return self.text[start : self.at] or None

    def word(self) -> str | None:
        if not self.take('"'):
            return self.token()
        found = ""
        while self.peek() not in ('"', ""):
            self.take("\\")
            found += self.peek()
            self.at += 1
        return found if self.take('"') else None

    def pair(self) -> tuple[str, str] | None:
        name = self.token()
        self.skip_blanks()
        value = ""
        if name is not None and self.take("="):
            self.skip_blanks()
            word = self.word()
            if word is None:
                return None
            value = word
        return None if name is None else (name, value)

    def element(self) -> tuple[str, str] | None:
        self.skip_blanks()
        found = self.pair()
        self.skip_blanks()
        while found is not None and self.take(";"):
            self.skip_blanks()
            if self.peek() not in (";", "") and self.pair() is None:
                return None
            self.skip_blanks()
        return found if not self.peek() else None


def split_at_commas(text: str) -> list[str]:
    parts = [""]
    is_quoted = is_escaped = False
    for character in text:
        if character == "," and not is_quoted:
            parts.append("")
            continue
        if character == '"' and not is_escaped:
            is_quoted = not is_quoted
        is_escaped = is_quoted and character == "\\" and not is_escaped
        parts[-1] += character
    return parts


def read_naively(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in split_at_commas(header):
        pair = Scanner(part).element()
        if pair is not None and pair[0].lower() in KEYS:
            found.setdefault(pair[0].lower(), pair[1])
    return found


PIECES = st.sampled_from([*KEYS, *(each.upper() for each in KEYS), *'=;,"\\ \t%', "404", "x", '"a, b"', "\xe9"])


@repeatable
@given(st.lists(PIECES, max_size=30).map("".join))
def test_header_is_read_as_by_a_plain_scanner(header: str) -> None:
    assert read_header(header) == read_naively(header)


HOSTILE = (
    *('"\\', '"', 'code="', ",", ";", "a=b;", 'a="b";', " ", "=", "code", "code=404,", " , \t", "\\", "a ,", "a = ;"),
)


# A search that begins anew at each character would not come to its end here.
@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("start", ["", 'seed="', "seed=7;", "seed"])
def test_hostile_header_is_read_to_its_end(start: str, unit: str) -> None:
    header = start + unit * (256 * 1024 // len(unit))

    assert set(read_header(header)) <= {"code", "seed"}


@pytest.mark.parametrize("unit", HOSTILE)
def test_parsing_steps_grow_linearly_with_the_header(unit: str) -> None:
    once, twice = (unit * (size // len(unit)) for size in (32 * 1024, 64 * 1024))

    steps = [count_calls(lambda header=header: read_header(header)) for header in (once, twice)]  # type: ignore[misc]  # bound at once

    assert steps[1] <= 2 * steps[0] + 10


@pytest.mark.parametrize(
    ("header", "ignored"),
    [
        *(("", []), ("code=404", []), ("status=404, code=404, Foo", ["status", "foo"])),
        *((each, ["code"]) for each in ("code=", "code=404 1", "code:404", 'Code="404', "code==404", "code; x=")),
        *((each, ["status"]) for each in ("status", "\tstatus 404", "status/x", "status;code=404")),
        *((each, []) for each in (",, ,", '"code"=404', "=404", "\xfcode=404")),
    ],
)
def test_names_of_ignored_preferences_are_listed(header: str, ignored: list[str]) -> None:
    assert list(list_ignored(header)) == ignored


# The query


@pytest.mark.parametrize(
    ("query", "twins", "left"),
    [
        *((f"__code{rest}", {"code": "404"}, []) for rest in ("=404", "=404&__code=500", "[]=404")),
        *((each, {"code": "404"}, []) for each in ("__CODE=404&__Code=500", "%5f_c%6Fde=%34%30%34")),
        ("a=b&__code=404&c=d&__seed=7", {"code": "404", "seed": "7"}, ["a", "c"]),
        *(("__example=a+b%20c%2Bd", {"example": "a b c+d"}, []), ("__example=%D7%A9", {"example": "ש"}, [])),
        *(("__code", {"code": ""}, []), ("__code=&__code=404", {"code": ""}, [])),
        ("__cb=404&__=1&__x=2", {}, ["__cb", "__", "__x"]),
        ("code=404&_code=404&_status=404", {}, ["code", "_code", "_status"]),
        *(
            ("__code[=404", {}, []),
            ("", {}, []),
            ("&".join(f"__{key}=x" for key in KEYS), dict.fromkeys(KEYS, "x"), []),
        ),
    ],
)
def test_twins_are_taken_out_of_the_query(query: str, twins: Mapping[str, str], left: list[str]) -> None:
    texts, rest = split_twins(read_query(query, ignore_unclosed=True))

    assert (texts, list(rest)) == (twins, left)


def misspell(word: str) -> Iterator[str]:
    """Each word with one letter more, one less, one that is wrong, or two that are swapped."""
    for at in range(len(word)):
        start, letter, rest = word[:at], word[at], word[at + 1 :]
        yield from (start + rest, f"{start}q{rest}", f"{start}q{letter}{rest}", f"{start}{rest[:1]}{letter}{rest[1:]}")
    yield f"{word}q"


@pytest.mark.parametrize("key", [*KEYS, "status"])
def test_misspelt_twin_is_refused(key: str) -> None:
    for word in {f"_{key}", "status", *misspell(key)} - {key}:
        with pytest.raises(PreferenceError) as caught:
            split_twins({"a": ["1"], f"__{word}": ["404"]})

        near = "code" if "status" in (key, word) else key
        listed = "__code, __example, __dynamic, __seed, __edge, __delay, __fault"
        assert str(caught.value) == f"'__{word}' is not a preference; did you mean '__{near}'? There are {listed}."


@pytest.mark.parametrize("name", ["status", "Status", "status_code", "status-code", "statusCode", "statuses"])
def test_status_is_taken_for_a_misspelt_code(name: str) -> None:
    assert find_near_key(name) == "code"


OTHERS = (
    *("", "_", "x", "cb", "ts", "t", "v", "cache", "nocache", "callback", "typename", "timestamp", "date", "debug"),
    *("record", "order", "page", "type", "session", "user", "value", "delta time", "x" * 9999),
)


@pytest.mark.parametrize("name", OTHERS)
def test_other_name_is_no_misspelt_preference(name: str) -> None:
    assert find_near_key(name) is None


def test_first_names_alone_are_compared() -> None:
    names = [f"__x{number}" for number in range(19)]

    assert split_twins({name: ["1"] for name in (*names, "__x", "__status")})[0] == {}
    with pytest.raises(PreferenceError):
        split_twins({name: ["1"] for name in (*names, "__status")})


@pytest.mark.parametrize("name", ["__status", "__Status"])
def test_parameter_that_is_called_like_a_misspelt_twin_stays(name: str) -> None:
    assert split_twins({"__status": ["404"]}, [name]) == ({}, {"__status": ["404"]})


@pytest.mark.parametrize("name", ["__code", "__Code"])
def test_parameter_that_is_called_like_a_twin_stays(name: str) -> None:
    query = {"__code": ["404"], "__seed": ["7"]}

    texts, rest = split_twins(query, [name])

    assert (texts, rest) == ({"seed": "7"}, {"__code": ["404"]})
    assert query == {"__code": ["404"], "__seed": ["7"]}


# What keys may say


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        *(("code", str(code), code) for code in (200, 404, 599)),
        *((key, text, text) for key in ("example", "seed", "edge") for text in ("found", " ", "ש", "any text", "7")),
        *(
            ("dynamic", "true", True),
            ("dynamic", "TRUE", True),
            ("dynamic", "false", False),
            ("dynamic", "False", False),
        ),
        *(("delay", "0", 0.0), ("delay", "1.5", 1.5), ("delay", "60", 60.0), ("delay", "60.000", 60.0)),
        *(("delay", "007.", 7.0), ("delay", "0.30000000000000004", 0.30000000000000004), ("delay", "1e-05", 0.00001)),
        ("delay", "0" * 5000 + "1", 1.0),
        *(("fault", fault, fault) for fault in FAULTS),
    ],
)
def test_text_is_read_as_its_key_wants_it(key: str, text: str, value: Scalar) -> None:
    read = read_preferences({key: text}, "{}")

    assert read == Preferences(**{key: value})  # type: ignore[arg-type]  # by the rows
    assert type(getattr(read, key)) is type(value)


REMEDIES = {
    "code": "Write a status from 200 to 599.",
    "dynamic": "Write true or false.",
    "delay": "Write seconds from 0 to 60.",
    "fault": "Write one of reset, empty, close-mid-body, dribble.",
    **dict.fromkeys(("example", "seed", "edge"), "Write a value, or leave it out."),
}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        *(("code", text) for text in ("", "0", "99", "100", "199", "600", "1000", "0404", "404.0", "+404", "-404")),
        *(("code", text) for text in (" 404", "404 ", "4e2", "abc", "40\u0664", "٤٠٤", "true", "\n", "2\u00b2\u00b2")),
        *(("dynamic", text) for text in ("", "1", "0", "yes", "tru", " true", "null", "ﬀ")),
        *(("delay", text) for text in ("", "-1", "-0", "+1", "60.1", "61", "1e3", "1e999", "1s", " 1", "1,5", "1_0")),
        *(("delay", text) for text in ("nan", "inf", "infinity", ".", "0x1", "٣", "9" * 5000)),
        *(("fault", text) for text in ("", "Reset", "resets", "none", "close", "a\r\nb\u2028" + "x" * 1000)),
        *((key, "") for key in ("example", "seed", "edge")),
    ],
)
@pytest.mark.parametrize("place", ["Prefer: {}", "__{}", "{}"])
def test_invalid_text_is_refused(key: str, text: str, place: str) -> None:
    with pytest.raises(PreferenceError) as caught:
        read_preferences({"seed": "7", key: text}, place)

    message = str(caught.value)
    assert message == f"{place.format(key)} is {text[:80]!r}. {REMEDIES[key]}"
    assert message.splitlines() == [message]


def test_without_texts_there_are_no_preferences() -> None:
    assert read_preferences({}, "{}") is read_defaults({}) is NO_PREFERENCES
    assert NO_PREFERENCES.effect == Effect()


# Defaults


@pytest.mark.parametrize(
    ("members", "read"),
    [
        *((each, Preferences(code=404)) for each in ({"code": 404}, {"code": "404"}, {"CODE": 404, "code": 500})),
        ({"dynamic": True, "delay": 2, "seed": 7}, Preferences(dynamic=True, delay=2.0, seed="7")),
        ({"dynamic": "false", "delay": 0.30000000000000004}, Preferences(dynamic=False, delay=0.30000000000000004)),
        ({"delay": 0.00001, "seed": True}, Preferences(delay=0.00001, seed="true")),
        ({"example": "a", "edge": "b", "fault": "reset"}, Preferences(example="a", edge="b", fault="reset")),
    ],
)
def test_defaults_are_values_by_key(members: Mapping[str, Scalar], read: Preferences) -> None:
    assert read_defaults(members) == read


ALL_KEYS = "Write one of code, example, dynamic, seed, edge, delay, fault."


@pytest.mark.parametrize(
    ("members", "message"),
    [
        *(({"code": 99}, f"code is '99'. {REMEDIES['code']}"), ({"code": None}, f"code is ''. {REMEDIES['code']}")),
        ({"code": 404.0}, f"code is '404.0'. {REMEDIES['code']}"),
        ({"CODE": True}, f"code is 'true'. {REMEDIES['code']}"),
        ({"dynamic": 1}, f"dynamic is '1'. {REMEDIES['dynamic']}"),
        ({"delay": -1}, f"delay is '-1'. {REMEDIES['delay']}"),
        ({"seed": ""}, f"seed is ''. {REMEDIES['seed']}"),
        *(({each: 404}, f"{each!r} is not a preference; did you mean 'code'?") for each in ("cod", "__code", "status")),
        *(({each: True}, f"{each!r} is not a preference. {ALL_KEYS}") for each in ("respond-async", "")),
    ],
)
def test_invalid_default_is_refused(members: Mapping[str, Scalar], message: str) -> None:
    with pytest.raises(PreferenceError) as caught:
        read_defaults(members)

    assert str(caught.value) == message


# Together

ALL = Preferences(code=404, example="a", dynamic=True, seed="7", edge="b", delay=1.0, fault="reset")


@pytest.mark.parametrize(
    ("own", "other", "together"),
    [
        *((NO_PREFERENCES, NO_PREFERENCES, NO_PREFERENCES), (ALL, NO_PREFERENCES, ALL), (NO_PREFERENCES, ALL, ALL)),
        (Preferences(code=500), ALL, ALL._replace(code=500)),
        (Preferences(dynamic=False, delay=0.0), ALL, ALL._replace(dynamic=False, delay=0.0)),
    ],
)
def test_other_preferences_fill_what_is_left_open(own: Preferences, other: Preferences, together: Preferences) -> None:
    assert own.fill(other) == together


@pytest.mark.parametrize(
    ("own", "chooses"),
    [
        *((NO_PREFERENCES, False), (Preferences(seed="1"), False), (Preferences(delay=0.0, fault="empty"), False)),
        *((Preferences(code=500), True), (Preferences(example="c"), True), (Preferences(edge="e", seed="1"), True)),
        *((Preferences(dynamic=True), True), (Preferences(dynamic=False), True)),
    ],
)
def test_choice_of_request_replaces_that_of_session(own: Preferences, chooses: bool) -> None:
    kept = Preferences(seed="7", delay=1.0, fault="reset") if chooses else ALL

    assert (own.chooses, own.over(ALL)) == (chooses, own.fill(kept))


# What was applied


@pytest.mark.parametrize(
    ("preferences", "keys", "written"),
    [
        *((NO_PREFERENCES, KEYS, ""), (ALL, (), ""), (ALL, ("fault", "code", "fault"), "code=404, fault=reset")),
        (ALL, KEYS, "code=404, example=a, dynamic=true, seed=7, edge=b, delay=1, fault=reset"),
        *((Preferences(code=404), KEYS, "code=404"), (Preferences(dynamic=False), KEYS, "dynamic=false")),
        *((Preferences(delay=0.0), KEYS, "delay=0"), (Preferences(delay=1.5), KEYS, "delay=1.5")),
        *((Preferences(delay=12.3456789), KEYS, "delay=12.3456789"), (Preferences(delay=0.00001), KEYS, "delay=1e-05")),
        *((Preferences(seed="a b"), KEYS, 'seed="a b"'), (Preferences(seed="a,b=c;d"), KEYS, 'seed="a,b=c;d"')),
        *((Preferences(seed=r'a"b\c'), KEYS, r'seed="a\"b\\c"'), (Preferences(seed="100%"), KEYS, "seed=100%")),
        *((Preferences(seed="100 %"), KEYS, 'seed="100 %"'), (Preferences(seed="\r\n"), KEYS, 'seed="%0D%0A"')),
        (Preferences(example='"é" 100%'), KEYS, r'example="\"%C3%A9\" 100%25"'),
        (Preferences(example="\ud800"), KEYS, 'example="?"'),
    ],
)
def test_applied_preferences_are_written_in_key_order(
    preferences: Preferences, keys: tuple[str, ...], written: str
) -> None:
    assert write_applied(preferences, keys) == written


PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1)
SOME = st.builds(
    Preferences,
    code=st.none() | st.integers(200, 599),
    example=st.none() | PRINTABLE,
    dynamic=st.none() | st.booleans(),
    seed=st.none() | PRINTABLE,
    edge=st.none() | PRINTABLE,
    delay=st.none() | st.floats(0, 60).map(abs),
    fault=st.none() | st.sampled_from(FAULTS),
)


@repeatable
@given(SOME)
def test_applied_preferences_read_as_what_was_asked_for(preferences: Preferences) -> None:
    assert read_preferences(read_header(write_applied(preferences, KEYS)), "{}") == preferences


@repeatable
@given(st.text(min_size=1))
def test_applied_preferences_are_plain_ascii_on_one_line(text: str) -> None:
    written = write_applied(Preferences(example=text), KEYS)

    assert (written.isascii(), written.isprintable(), list(read_header(written))) == (True, True, ["example"])
