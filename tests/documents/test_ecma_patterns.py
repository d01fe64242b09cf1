"""Patterns of a contract are read as ECMAScript reads them, which is not always what Python's `re` would say."""

from __future__ import annotations

import jsonschema_rs
import pytest

from mockserver.documents.ecma_patterns import find_ecma_pattern, read_ecma_pattern
from mockserver.documents.patterns import PatternError

ROWS = [
    # (pattern, texts that have a match, texts that have none)
    ("^[A-Z]{3}$", ("ABC",), ("ABCD", "ABC\n")),
    ("b", ("abc",), ("ac",)),
    (r"^\d\w$", ("1_",), ("٣_", "1é")),
    (r"^\D\W$", ("٣é",), ("1é", "٣_")),
    (r"^\s\S$", ("\ufeffa", "\u2003é"), ("a\u2003", "\x1ca")),
    (r"^[\s]$", ("\u3000",), ("\x85",)),
    (r"^[\S]$", ("\x85", "🚀"), ("\u3000", "\ufeff")),
    (r"^[^\s\d]$", ("a",), (" ", "1")),
    ("^.$", ("a", "\x85", "🚀"), ("\n", "\r")),
    (r"^\cA\0\x41\u0042\u{1f680}\ud83d\ude80$", ("\x01\0AB🚀🚀",), ("",)),
    (r"^\/\-\.\<\>$", ("/-.<>",), ("",)),
    (r"^[\/\-\]\[\b]$", ("/", "-", "]", "[", "\b"), ("\\", "b")),
    (r"^[\w-.]+@[.-\d]$", ("a-b.c@-",), ("a b",)),
    (r"^[a-c.-]$", ("b", "-", "."), ("d",)),
    ("^[[]$", ("[",), ("]",)),
    ("^[$^.|]$", ("$", "^", ".", "|"), ("a",)),
    ("^(?<year>[0-9]{4})(?:-(0|1))?$", ("2020", "2020-1"), ("2020-2",)),
    ("^\\p{Lu}\\P{Lu}[\\p{Script=Greek}x]$", ("Éa\u03b1", "Aax"), ("aa\u03b1",)),
    ("^(?=.*[0-9])(?!x)(?<=)a?", ("a1", "1"), ("a", "x1")),
    ("^(?<!b)a+?b??$", ("aab",), ("b",)),
    (r"\bb\B", ("a bb",), ("ab",)),
    ("^a{2,}b{1}$", ("aab",), ("ab",)),
    ("^[]a|b$", ("b",), ("a", "]a")),
    ("^[^]$", ("\n", "🚀", "a"), ("", "ab")),
    ("^é[é-ñ]$", ("éë",), ("e",)),
    ("", ("", "a"), ()),
]

_PARTS = (r"\<", r"\c", r"\b]", "-.]", "[]", "[^]")
OWN = ("^.$", *(pattern for pattern, *_ in ROWS if any(part in pattern for part in _PARTS)))
"""What ECMAScript reads and the validator does not, and its point, which takes the ends of lines."""


@pytest.mark.parametrize(("pattern", "matching", "other"), ROWS)
def test_verdict_is_that_of_a_validator(pattern: str, matching: tuple[str, ...], other: tuple[str, ...]) -> None:
    expected = [*((text, True) for text in matching), *((text, False) for text in other)]
    found = read_ecma_pattern(pattern)

    assert [(text, found.is_in(text)) for text, _ in expected] == expected
    if pattern not in OWN:
        validator = jsonschema_rs.Draft202012Validator({"pattern": pattern})
        assert [(text, validator.is_valid(text)) for text, _ in expected] == expected


def test_brace_by_itself_is_text() -> None:
    assert read_ecma_pattern("^{a}{x,}]$").is_in("{a}{x,}]")


@pytest.mark.parametrize("pattern", ["^([A-Z]+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "^(A|A)*$", "^(?:A?){300}A{300}$"])
def test_pattern_with_very_many_ways_is_answered(pattern: str) -> None:
    assert not read_ecma_pattern(pattern).is_in(f"{'A' * 5000}1")


@pytest.mark.parametrize(
    ("pattern", "finding"),
    [
        (r"(a)\1", r"ECMAScript has no \1, or it refers to a group, at position 3"),
        (r"(?<a>a)\k<a>", r"ECMAScript has no \k, or it refers to a group, at position 7"),
        (r"\Aa\Z", r"ECMAScript has no \A, or it refers to a group, at position 0"),
        (r"[\c]", r"ECMAScript has no \c, or it refers to a group, at position 1"),
        (r"\01", r"ECMAScript has no \01, or it refers to a group, at position 0"),
        (r"\ud83d", r"\ud83d is no character, at position 0"),
        (r"\u{110000}", r"\u{110000} is no character, at position 0"),
        ("(?i)a", "ECMAScript has no (? at position 0"),
        ("(?P<a>a)", "ECMAScript has no (? at position 0"),
        ("a++", "ECMAScript has no ++ at position 1"),
        ("a{,3}", "ECMAScript has no {,3} at position 1"),
        ("[a", "a class is not closed"),
        ("(a", "missing ), unterminated subpattern"),
        ("[b-a]", "bad character range \\U00000062-\\U00000061"),
        (r"\p{Unheard}", None),
        ("a{100000}", "it is too large"),
    ],
)
def test_what_cannot_be_read_is_refused(pattern: str, finding: str | None) -> None:
    with pytest.raises(PatternError) as caught:
        read_ecma_pattern(pattern)

    assert find_ecma_pattern(pattern) is None
    assert finding is None or str(caught.value) == finding
