"""Hints: how they are written, and what of a request looks like a header or a preference of the stub."""

from __future__ import annotations

import pytest

from mockserver.http.hints import (
    Hints,
    NearMiss,
    hint_headers,
    hint_prefer,
    hint_query,
    measure_near_misses,
    write_hints,
)


@pytest.mark.parametrize(
    ("hints", "line"),
    [
        *(((), ""), (("One.",), "One."), (("One.", "Two."), "One. Two.")),
        (("It serves /שם\r\nX: y\x7f.",), "It serves /%D7%A9%D7%9D%0D%0AX: y%7F."),
        *(
            (("x" * 600,), "x" * 600),
            (("x" * 601,), "x" * 596 + " ..."),
            (("é" * 300,), ("%C3%A9" * 100)[:596] + " ..."),
        ),
    ],
)
def test_hints_are_one_short_printable_line(hints: Hints, line: str) -> None:
    assert write_hints(hints) == line


def ignore(header: str) -> str:
    return f"The stub ignores the request header {header}; it reads X-Mock-Session."


BEGINNING = ignore("that begins with X-Mock-")


@pytest.mark.parametrize(
    ("names", "hints"),
    [
        (["x-mock-sesion"], [ignore("X-Mock-Sesion")]),
        (["x-mock-source", "x-mock-"], [ignore("X-Mock-Source"), ignore("X-Mock-")]),
        *((["x_mock_session"], [ignore("X_Mock_Session")]), (["x-mock_session"], [ignore("X-Mock_Session")])),
        *(([name], []) for name in ("x-mock-session", "x-mock-known", "x-mocks", "x-mock", "mock-session", "accept")),
        # A name is repeated only if it needs no escape, and is too short for a secret.
        (["x-mock-abcdefghijklmnopq"], [ignore("X-Mock-Abcdefghijklmnopq")]),
        *(([f"x-mock-{name}"], [BEGINNING]) for name in ("abcdefghijklmnopqr", "a=b", "a'b", "\xe9", "x" * 9999)),
        # Three of them are enough, each name once.
        (["x-mock-a", "x-mock-a", "x-mock-b"], [ignore("X-Mock-A"), ignore("X-Mock-B")]),
        ([f"x-mock-{number}" for number in range(9)], [ignore(f"X-Mock-{number}") for number in range(3)]),
    ],
)
def test_header_like_the_stubs_own_is_told(names: list[str], hints: list[str]) -> None:
    headers = tuple((name, "s3cret") for name in names)

    assert list(hint_headers(headers, frozenset({"x-mock-known"}))) == hints


TWINS = "__code, __example, __dynamic, __seed, __edge, __delay, __fault"


def ignore_key(name: str) -> str:
    return f"The stub ignores the query parameter {name}; it reads {TWINS}."


@pytest.mark.parametrize(
    ("names", "hints"),
    [
        (["__cb"], [ignore_key("__cb")]),
        (["a", "__", "__x-1.y", "code", "_", "_cb", "x__cb"], [ignore_key("__"), ignore_key("__x-1.y")]),
        *(
            ([name], ["The stub ignores the query parameter _code; write __code, with two underscores."])
            for name in ("_code", "_CODE")
        ),
        *(([name], []) for name in ("__own", "__OWN", "_edge", "_status", "code", "__Own")),
        *(([f"__{name}"], [ignore_key("that begins with __")]) for name in ("a b", "é", "a\r\nX: y", "x" * 23)),
        ([f"__{number}" for number in range(9)], [ignore_key(f"__{number}") for number in range(3)]),
    ],
)
def test_query_key_like_a_preference_is_told(names: list[str], hints: list[str]) -> None:
    assert list(hint_query(names, ["id", "__Own", "_edge"])) == hints


READ = "it reads code, example, dynamic, seed, edge, delay, fault."


@pytest.mark.parametrize(
    ("header", "hints"),
    [
        ("status=404", ["The stub ignores the preference status; did you mean code?"]),
        ("exampel=found, delay=1", ["The stub ignores the preference exampel; did you mean example?"]),
        ("count=exact", [f"The stub ignores the preference count; {READ}"]),
        *((each, ["The stub cannot read the preference code; write code=VALUE."]) for each in ("code=", "Code 404")),
        # Of others, in any form.
        *((each, []) for each in ("return=minimal", "respond-async, wait=10", "Handling=strict", "wait 10", "safe")),
        *((each, []) for each in ("odata.maxpagesize=5", "x.y", "depth-noroot", "maxpagesize=5", "", "code=404")),
        # No name that may be a secret, and three at most.
        ("x" * 25, [f"The stub ignores the preference with a long or odd name; {READ}"]),
        ("a|b=secret", [f"The stub ignores the preference with a long or odd name; {READ}"]),
        ("a, b=1, a=2, c, d", [f"The stub ignores the preference {name}; {READ}" for name in "abc"]),
    ],
)
def test_ignored_preference_is_told(header: str, hints: list[str]) -> None:
    assert list(hint_prefer(header)) == hints


def test_near_miss_is_shown_and_measured() -> None:
    miss = NearMiss("answer", "locked", "a.yaml:4", ("id is 1, wanted 2", "b"), "Answer locked wants id 2.")

    assert str(miss) == "answer locked a.yaml:4: id is 1, wanted 2; b"
    assert miss.show() == {
        "kind": "answer",
        "name": "locked",
        "place": "a.yaml:4",
        "differences": ("id is 1, wanted 2", "b"),
        "hint": "Answer locked wants id 2.",
    }
    assert measure_near_misses([miss, miss]) == 2 * (25 + 18)
