"""Hints: how they are written, and the request headers that look like the stub's own."""

from __future__ import annotations

import pytest

from mockserver.http.hints import Hints, hint_headers, write_hints


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
