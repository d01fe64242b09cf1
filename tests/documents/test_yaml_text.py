"""YAML text: what is read, what is refused with its place, and what is written."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockserver.documents.loading import load_document
from mockserver.documents.nodes import Json, Node
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import parse_document, write_document
from tests.support.problems import list_problems

repeatable = settings(derandomize=True, database=None, deadline=None)


def parse(text: str) -> Node:
    return parse_document(text, "f.yaml")


# Text that is not YAML

CHECK = "Check indentation, quotes and colons."
COLON = "Quote text that holds a colon, or check the indentation."
SPACES = "Indent with spaces, not tabs."
TAB = "found a tab character where an indentation space is expected"


@pytest.mark.parametrize(
    ("text", "place", "problem", "remedy"),
    [
        ("a: b: c", "1:5", "mapping values are not allowed in this context", COLON),
        ("a: 1\n  b: 2", "2:4", "mapping values are not allowed in this context", COLON),
        (
            "a: 1\nb\nc: 1",
            "3:1",
            "while scanning a simple key that begins in line 2, could not find expected ':'",
            "Write a colon and a space behind the key.",
        ),
        (
            'a: "x\nb: 3\n',
            "3:1",
            "while scanning a quoted scalar that begins in line 1, found unexpected end of stream",
            "Close the quotes.",
        ),
        ("a: 'it's'", "1:8", "while parsing a block mapping, did not find expected key", CHECK),
        ("{a: 1", "1:6", "while parsing a flow mapping, did not find expected ',' or '}'", CHECK),
        (
            "a: [1, 2\nb: 3\n",
            "2:2",
            "while parsing a flow sequence that begins in line 1, did not find expected ',' or ']'",
            CHECK,
        ),
        (
            "a: @x",
            "1:4",
            "while scanning for the next token, found character that cannot start any token",
            "Quote text that begins with @, ` or %.",
        ),
        (
            "a: & b",
            "1:5",
            "while scanning an anchor, did not find expected alphabetic or numeric character",
            "Quote text that begins with & or *.",
        ),
        (
            'a: "C:\\path"',
            "1:7",
            "while parsing a quoted scalar, found unknown escape character",
            "Write each backslash twice, or use single quotes.",
        ),
        (
            'a: "\\ud83d\\ude00"',
            "1:7",
            "while parsing a quoted scalar, found invalid Unicode character escape code",
            "Write the character itself.",
        ),
        (
            "a: - b",
            "1:4",
            "block sequence entries are not allowed in this context",
            "Begin the list on a line of its own.",
        ),
        ("%YAML 2.0\n---\na: 1", "1:1", "found incompatible YAML document", CHECK),
        ("a:\n\tb: 1", "2:1", "while scanning for the next token, found character that cannot start any token", SPACES),
        (
            "a: 1\r\n\tb: 2",
            "2:1",
            "while scanning a plain scalar that begins in line 1, found a tab character that violates indentation",
            SPACES,
        ),
        (
            "😀: |\r\tx",
            "2:1",
            f"while scanning a block scalar that begins in line 1, {TAB}",
            SPACES,
        ),
    ],
)
def test_other_text_is_refused_with_place_and_remedy(text: str, place: str, problem: str, remedy: str) -> None:
    assert list_problems(parse, text) == [f"f.yaml:{place}: This is not YAML: {problem}. {remedy}"]


@pytest.mark.parametrize(
    ("text", "place", "character", "escape"),
    [
        ("a: \x00", "1:4", "U+0000", "\\x00"),
        ("a: 1\nb: x\x7f", "2:5", "U+007F", "\\x7f"),
        ("a: 1\rb: 😀\x1b", "2:5", "U+001B", "\\x1b"),
        ("a: 1\r\nb: \ufffe", "2:4", "U+FFFE", "\\ufffe"),
        ("a: \ufeff", "1:4", "U+FEFF", "\\ufeff"),
        ("a: x\x85y", "1:5", "U+0085", "\\x85"),
        ("a: b\u2028c: d", "1:5", "U+2028", "\\u2028"),
        ("a: \ud800", "1:4", "U+D800", "\\ud800"),
    ],
)
def test_character_is_refused_with_its_escape(text: str, place: str, character: str, escape: str) -> None:
    problem = f'The character {character} cannot stand here. Write it as "{escape}" in double quotes.'

    assert list_problems(parse, text) == [f"f.yaml:{place}: {problem}"]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_text_without_a_value_is_refused(text: str) -> None:
    assert list_problems(parse, text) == ["f.yaml:1:1: The file holds nothing. Fill it or remove it."]


# PyYAML without its C library

PROGRAM = """
import json, sys, yaml
del yaml.CSafeLoader
from pathlib import Path
from mockserver.documents.loading import load_document
print(json.dumps([load_document(Path(path)).to_json() for path in sys.argv[1:]]))
"""


def test_documents_are_the_same_without_the_c_library() -> None:
    root = Path(__file__).parents[2]
    paths = [root / "openapi.yaml", *sorted((root / "fixtures").glob("*.yaml"))]

    done = subprocess.run([sys.executable, "-c", PROGRAM, *paths], cwd=root, capture_output=True, check=True)

    assert json.loads(done.stdout) == [load_document(path).to_json() for path in paths]


# Writing


def test_document_is_written_in_its_order() -> None:
    document: dict[str, Json] = {"b": "x\ny\n", "a": ["1", 1, "é" * 50, None, {"NO": "NO"}]}

    assert write_document(document) == dedent(f"""\
        b: |
          x
          y
        a:
        - '1'
        - 1
        - {"é" * 50}
        - null
        - 'NO': 'NO'
        """)
    assert parse(write_document(document)).to_json() == document


@pytest.mark.parametrize("text", ["1E2", "1e3", ".5", "+1", "0x1F", "1_000", "007", ".inf", "1.10", "NO", "", "~"])
def test_text_like_a_number_is_quoted(text: str) -> None:
    written = write_document({"a": text})

    assert written == f"a: '{text}'\n"


def test_number_is_written_as_it_was() -> None:
    text = "a: 1.10\nb:\n- 1E2\n- -0\n- 1e400\n- 0.12345678901234567890\n- 1.5\n- 7\n"
    root = parse(text)

    assert isinstance(root.value, dict)
    assert write_document({name: node.to_json() for name, node in root.value.items()}) == text


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\x00\t\r\n \x7f\x85\u2028\ufeff'\":#-?~0.e")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@repeatable
@given(value=VALUES)
@example(value="next\x85line")
@example(value="next\x85line\nand\n")
@example(value=[5e-324, 1e17, -0.5])
def test_written_document_is_read_as_it_was(value: Json) -> None:
    again = parse(write_document({"a": value})).to_json()

    assert (again, str(again)) == ({"a": value}, str({"a": value}))


# Anything at all

PIECES = (
    *("a", "b", ": ", "- ", "? ", "\n", "\n  ", " ", "\t", "[", "]", "{", "}", ",", "'", '"', "&a ", "*a", "!t ", "|"),
    *(">", "#", "%", "<<: ", "007", "1e999", "---\n", "...\n", "\\", "\x00", "\u2028", "😀", "\ud800", "~", "\r"),
)


def list_odd_lines(read: Callable[[], Node]) -> list[str]:
    """Return the lines of the refusal, if any, that do not have the form of a problem."""
    try:
        read().to_json()
    except DocumentError as error:
        return [each for each in str(error).split("\n") if not re.fullmatch(r"f\.yaml:[0-9]+:[0-9]+: .+\.", each)]
    return []


@repeatable
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    assert list_odd_lines(lambda: parse(text)) == []
