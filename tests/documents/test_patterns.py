"""Patterns of people: they match as `re` does, and no pattern holds the process."""

from __future__ import annotations

import re
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.documents.patterns import PatternError, read_pattern

A = "a" * 5000

HOSTILE = [
    # Each takes `re` years, or minutes at the least.
    *("(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+b", "a*a*a*a*a*a*b", "(x+x+)+y|(a+a+)+y", "(?:a?){500}a{500}b"),
    *("(.*a){20}b", "(?=(a+)+b).*", "(?i:(A|a)+)+b", "([a-z]+)*1", "(?:(?:a+)?)*?b", r"(\w+\s?)*!", "(?:.*)*(?:.*)*b"),
]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_pattern_with_very_many_ways_is_answered(pattern: str) -> None:
    found = read_pattern(pattern)

    assert not found.matches(A)
    assert not found.is_in(A)


ALIKE = [
    # Rows of a pattern and texts.
    (r"\<a\>", ("<a>", "a")),
    (r"[\<]", ("<", "a")),
    (r"\xe9", ("é", "\xc3", "e")),
    (r"[\xe9-\xff]", ("é", "e")),
    (r"\351\0\08[\101]", ("é\0\x008A", "e")),
    (r"\u00e9\U0001f680\N{BULLET}", ("é🚀•", "")),
    (r"\é\-\/\_\%", ("é-/_%", "")),
    ("(?u)é", ("é", "e")),
    ("(?iu:É)b", ("éb", "éB")),
    ("(?iu)É", ("é", "e")),
    ("(?i:É)[^\\W]", ("éñ", "é-")),
    (r"(?P<a>\d+)(?#digits)", ("1", "٣", "a")),
    ("(?x) a b # [c]", ("ab", "a b")),
    ("a$", ("a", "a\n")),
    (r"\Aa\Z", ("a", "a\n")),
    ("[]a][^]a]", ("]b", "a]")),
    ("a++b|(?>c+)", ("aab", "cc", "b")),
    ("(?<=a)b|a(?!c)b?", ("ab", "a", "b")),
    (".", ("\n", "\r", "\x85", "\u2028", "🚀")),
    (r"[\b]", ("\b", "b")),
    ("a{,2}{x}", ("aa{x}", "a")),
    ("", ("", "a")),
]


@pytest.mark.parametrize(("pattern", "texts"), ALIKE)
def test_pattern_matches_as_re_does(pattern: str, texts: tuple[str, ...]) -> None:
    found, other = read_pattern(pattern), re.compile(pattern)

    assert [found.matches(text) for text in texts] == [bool(other.fullmatch(text)) for text in texts]
    assert [found.is_in(text) for text in texts] == [bool(other.search(text)) for text in texts]


WRITTEN = r"""
    a b é . \d \w \W \s \S \b ^ $ \Z - { } 1 _ [ab] [^a] [\w-] [^-a] []a] [.] [$] [\S] [\xe9-\xff]
    \xe9 \< \> \351 \- (?i:a) (?=a) (?!a) (?<=a) (?<!b) (a|ab) (?:b|) (a+) (?s:.) (?a:\w)
"""
PIECES = st.sampled_from(["\n", " ", *WRITTEN.split()])
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{,2}", "*?", "+?", "??"])


@given(st.lists(st.tuples(PIECES, REPEATS), max_size=5), st.text("ab\xe9\xc91_ -\n<>{}", max_size=5))
def test_random_pattern_matches_as_re_does(pieces: list[tuple[str, str]], text: str) -> None:
    pattern = "".join(map("".join, pieces))
    try:
        other = re.compile(pattern)
    except re.error:
        return

    assert read_pattern(pattern).matches(text) == bool(other.fullmatch(text))


WRITE = "Write it for Python's re module."
SMALLER = "Write a shorter one, or smaller numbers of repeats."
WITHOUT = "Write it without."


@pytest.mark.parametrize(
    ("pattern", "finding", "remedy"),
    [
        ("(a", "missing ), unterminated subpattern at position 0", WRITE),
        ("*", "nothing to repeat at position 0", WRITE),
        (r"\<(a", "missing ), unterminated subpattern", WRITE),
        ("(?<year>.)", "unknown extension ?<y at position 1", WRITE),
        ("(?|a|b)", "unknown extension ?|a at position 1", WRITE),
        ("(?", "unknown extension ? at position 1", WRITE),
        (r"\z", r"bad escape \z at position 0", WRITE),
        (r"a\Q.\E", r"bad escape \Q at position 1", WRITE),
        (r"\p{Lu}", r"bad escape \p at position 0", WRITE),
        (r"[\p]", r"bad escape \p at position 1", WRITE),
        (r"\x4", r"bad escape \x at position 0", WRITE),
        ("a\ud83d", "surrogate code point at position 1", WRITE),
        ("[[:digit:]]", "possible nested set at position 0", "Escape the second [."),
        ("[a&&b]", "possible nested set at position 2", "Escape the second &."),
        ("a(?#often)*", "a repeat of a comment at position 1", "Write the comment behind the repeat."),
        (r"(a)\1", "reference to a group at position 3", WITHOUT),
        ("(?P<a>a)(?P=a)", "unknown extension ?P= at position 9", WRITE),
        ("(a)?(?(1)b|c)", "unknown extension ?(1 at position 5", WRITE),
        ("(?:ab)*+", "possessive/atomic over a compound body is not supported yet", WITHOUT),
        ("(?=(?=a)b)", "nested lookaround is not supported", WITHOUT),
        ("a{4294967296}", "it is too large", SMALLER),
        ("(?:a{1000}){1000}", "it is too large", SMALLER),
        ("(" * 20_000, "it is too large", SMALLER),
        ("a" * 20_000, "it is too large", SMALLER),
    ],
)
def test_unusable_pattern_is_refused_with_a_remedy(pattern: str, finding: str, remedy: str) -> None:
    with pytest.raises(PatternError) as caught:
        read_pattern(pattern)

    assert (str(caught.value), caught.value.remedy) == (finding, remedy)


def test_half_of_a_character_is_text_too() -> None:
    assert read_pattern("a.").matches("a\ud83d")
    assert read_pattern("\ufffd🚀").is_in("\ude80\ud83d\ude80")


def test_threads_read_patterns_without_changing_warning_filters() -> None:
    def read(_: int) -> None:
        for pattern in ("[[:digit:]]", "[a||b]", "(a+)+b"):
            with pytest.raises(PatternError):
                read_pattern(f"{pattern}(")

    before = list(warnings.filters)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(read, range(200)))

    assert warnings.filters == before


def test_threads_share_a_pattern() -> None:
    pattern = read_pattern("(?:[a-z]+|[0-9]+)*x?")
    texts = ["ab1" * (number % 9) + "x!"[number % 2] for number in range(2000)]

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(pattern.matches, texts))

    assert found == [text.endswith("x") for text in texts]
