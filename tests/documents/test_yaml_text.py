"""What a YAML file may say, what each value stands for, and every fault with its place and text."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.nodes import Json, Place, Scalar
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import (
    ALIAS_LIMIT,
    DEPTH_LIMIT,
    SIZE_LIMIT,
    load_document,
    parse_document,
    resolve_plain,
)

repeatable = settings(derandomize=True, database=None, deadline=None)


def find_faults(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse_document(text, "f.yaml")
    return str(caught.value).split("\n")


# Values

PLAIN = [
    ("", None),
    ("~", None),
    ("null", None),
    ("Null", None),
    ("NULL", None),
    ("nULL", "nULL"),
    ("true", True),
    ("True", True),
    ("TRUE", True),
    ("false", False),
    ("False", False),
    ("FALSE", False),
    ("tRUE", "tRUE"),
    ("NO", "NO"),
    ("yes", "yes"),
    ("on", "on"),
    ("12:30:45", "12:30:45"),
    ("1984-03-12", "1984-03-12"),
    ("1984-03-12T00:00:00", "1984-03-12T00:00:00"),
    ("0", 0),
    ("-0", 0),
    ("42", 42),
    ("+42", 42),
    ("-42", -42),
    ("2147483648", 2147483648),
    ("1.50", 1.5),
    ("1.", 1.0),
    ("-1.5e-3", -0.0015),
    ("1e3", 1000.0),
    ("0.0", 0.0),
    (".5", ".5"),
    (".inf", ".inf"),
    ("-.inf", "-.inf"),
    (".NaN", ".NaN"),
    ("0x1F", "0x1F"),
    ("0o17", "0o17"),
    ("1_000", "1_000"),
    ("1,5", "1,5"),
    ("1.2.3", "1.2.3"),
    ("+61 491 570 006", "+61 491 570 006"),
    ("-", "-"),
    ("٤٢", "٤٢"),
]


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_plain_scalar_stands_for_null_a_boolean_a_decimal_number_or_its_text(text: str, value: Scalar) -> None:
    resolved = resolve_plain(text)

    assert (type(resolved), resolved) == (type(value), value)


QUOTED = ['"{}"', "'{}'"]


@pytest.mark.parametrize("quotes", QUOTED)
@pytest.mark.parametrize("text", ["", "null", "true", "42", "00012345", "1e999", "<<", "~"])
def test_quoted_scalar_is_text(text: str, quotes: str) -> None:
    node = parse_document(f"a: {quotes.format(text)}", "f.yaml")

    assert node.to_json() == {"a": text}


@pytest.mark.parametrize("key", ["null", "true", "42", "00012345", "1e999", "NO", "~", "1984-03-12"])
def test_key_is_always_the_text_as_written(key: str) -> None:
    node = parse_document(f"{key}: 1", "f.yaml")

    assert node.to_json() == {key: 1}


FORMS: list[tuple[str, Json]] = [
    ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
    ("a: >\n  x\n  y\n", {"a": "x y\n"}),
    ("a:\n- 1\n- {b: [], c: {}}\n", {"a": [1, {"b": [], "c": {}}]}),
    ("a:\nb:\n  -\n", {"a": None, "b": [None]}),
    ("? a\n", {"a": None}),
    ("{a, b: c}", {"a": None, "b": "c"}),
    ("a:b", "a:b"),
    ('{"a": "\\u05d3\\n"}', {"a": "ד\n"}),
    ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
    ("# comment\na: 1 # comment\n", {"a": 1}),
    ("a: &x {b: 1}\nc: *x\nd: [*x, *x]\n", {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}, {"b": 1}]}),
    ("- &x 1\n- &x 2\n- *x\n", [1, 2, 2]),
    ('"<<": 1\n', {"<<": 1}),
]


@pytest.mark.parametrize(("text", "value"), FORMS)
def test_document_stands_for_its_value(text: str, value: Json) -> None:
    node = parse_document(text, "f.yaml")

    assert node.to_json() == value


# Places

PLACES = [
    ("a:\n  b: 1\n", ["a"], (1, 1), (2, 3)),
    ("a:\n  b: 1\n", ["a", "b"], (2, 3), (2, 6)),
    ("a:\n  - x\n  - {k: v}\n", ["a", "1"], (3, 5), (3, 5)),
    ("a:\n  - x\n  - {k: v}\n", ["a", "1", "k"], (3, 6), (3, 9)),
    ("😀: {😀: 1, b: 2}\n", ["😀", "b"], (1, 11), (1, 14)),
    ("a: 1\r\nb: 2\r\n", ["b"], (2, 1), (2, 4)),
    ("a: 1\rb: 2\r", ["b"], (2, 1), (2, 4)),
    ("a: &x 1\nb: *x\n", ["b"], (2, 1), (2, 4)),
    ("a: |\n  x\nb: 2\n", ["a"], (1, 1), (1, 4)),
    ("a:\nb: 2\n", ["a"], (1, 1), (1, 3)),
    ("'a b': 'c'\n", ["a b"], (1, 1), (1, 8)),
]


@pytest.mark.parametrize(("text", "path", "key", "value"), PLACES)
def test_key_and_value_know_line_and_column(
    text: str, path: list[str], key: tuple[int, int], value: tuple[int, int]
) -> None:
    node = parse_document(text, "f.yaml").find(path)

    assert (node.key_place, node.place) == (Place("f.yaml", *key), Place("f.yaml", *value))


def test_byte_order_mark_takes_no_column(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")

    node = load_document(file, "f.yaml")

    assert (node.place, node.find(["a"]).place) == (Place("f.yaml", 1, 1), Place("f.yaml", 1, 4))


TEXTS = [("a: 00:10", "00:10"), ("a: '007'", "007"), ("a: ''", '""'), ("a:", ""), ("a: ~", "~"), ("a: [1]", "")]


@pytest.mark.parametrize(("text", "written"), TEXTS)
def test_scalar_keeps_the_text_as_written(text: str, written: str) -> None:
    node = parse_document(text, "f.yaml").find(["a"])

    assert node.text == written


def test_alias_keeps_the_text_of_its_value() -> None:
    node = parse_document("a: &x 1.50\nb: *x\n", "f.yaml").find(["b"])

    assert (node.value, node.text) == (1.5, "1.50")


# Bad YAML

CHECK = "Check indentation, quotes and colons."
COLON = "Quote text that holds a colon, or check the indentation."
SPACES = "Indent with spaces, not tabs."
TAB = "found a tab character where an indentation space is expected"

PROBLEMS = [
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
]


@pytest.mark.parametrize(("text", "place", "problem", "remedy"), PROBLEMS)
def test_what_is_no_yaml_is_told_with_place_and_remedy(text: str, place: str, problem: str, remedy: str) -> None:
    faults = find_faults(text)

    assert faults == [f"f.yaml:{place}: This is no YAML: {problem}. {remedy}"]


# YAML that is not taken

QUOTE = "Quote it to keep it as text:"

FAULTS = [
    # keys
    ("a: 1\nb: 2\na: 3", "3:1: a is given twice, first in line 1. Keep one of the two."),
    ('1: a\n"1": b', "2:1: 1 is given twice, first in line 1. Keep one of the two."),
    ("{😀: 1, 😀: 2}", "1:8: 😀 is given twice, first in line 1. Keep one of the two."),
    ('"a\\nb": 1\n"a\\nb": 2', "2:1: a\\nb is given twice, first in line 1. Keep one of the two."),
    ("a: {{ name }}", "1:5: A key has to be text. Write a plain or quoted one."),
    ("? [a]\n: 1", "1:3: A key has to be text. Write a plain or quoted one."),
    ("a: &x b\n*x : 1", "2:1: A key has to be text. Write a plain or quoted one."),
    ("a: &x {b: 1}\nc:\n  <<: *x", "3:3: Merge keys (<<) are not taken. Write the keys out."),
    # tags and anchors
    ("a: !!str 1", "1:4: The tag !!str is not taken. Leave it out; quote a value to make it text."),
    ("a: !own {b: 1}", "1:4: The tag !own is not taken. Leave it out; quote a value to make it text."),
    ("- !!set [a]", "1:3: The tag !!set is not taken. Leave it out; quote a value to make it text."),
    ("!!str a: 1", "1:1: The tag !!str is not taken. Leave it out; quote a value to make it text."),
    ("a: *x", "1:4: No finished value above has the anchor &x. Write the value out."),
    ("a: &x [*x]", "1:8: No finished value above has the anchor &x. Write the value out."),
    # numbers
    ("a: 00012", f'1:4: 00012 has leading zeros, and readers differ on what that is. {QUOTE} "00012".'),
    ("a: [-007]", f'1:5: -007 has leading zeros, and readers differ on what that is. {QUOTE} "-007".'),
    ("a: " + "0" * 40, f'1:4: {"0" * 40} has leading zeros, and readers differ on what that is. {QUOTE} "{"0" * 40}".'),
    ("a: 1e999", f'1:4: This number is too long or too large. {QUOTE} "1e999".'),
    ("a: -1e999", f'1:4: This number is too long or too large. {QUOTE} "-1e999".'),
    ("a: " + "9" * 310, f'1:4: This number is too long or too large. {QUOTE} "{"9" * 40}…".'),
    ("a: 0." + "1" * 399, f'1:4: This number is too long or too large. {QUOTE} "0.{"1" * 38}…".'),
    # characters
    ("a: \x00", '1:4: The character U+0000 cannot stand here. Write it as "\\x00" in double quotes.'),
    ("a: 1\nb: x\x7f", '2:5: The character U+007F cannot stand here. Write it as "\\x7f" in double quotes.'),
    ("a: 1\rb: 😀\x1b", '2:5: The character U+001B cannot stand here. Write it as "\\x1b" in double quotes.'),
    ("a: 1\r\nb: \ufffe", '2:4: The character U+FFFE cannot stand here. Write it as "\\ufffe" in double quotes.'),
    ("a: \ufeff", '1:4: The character U+FEFF cannot stand here. Write it as "\\ufeff" in double quotes.'),
    ("a: x\x85y", '1:5: The character U+0085 cannot stand here. Write it as "\\x85" in double quotes.'),
    ("a: b\u2028c: d", '1:5: The character U+2028 cannot stand here. Write it as "\\u2028" in double quotes.'),
    ("a: \ud800", '1:4: The character U+D800 cannot stand here. Write it as "\\ud800" in double quotes.'),
    # documents
    ("", "1:1: The file holds nothing. Fill it or remove it."),
    ("# only a comment\n", "1:1: The file holds nothing. Fill it or remove it."),
    ("---\n", "1:1: The file holds nothing. Fill it or remove it."),
    ("---\na: 1\n---\nb: 1\n", "3:1: A second document begins here. Keep one document a file."),
    # depth
    ("[" * 101, "1:101: Over 100 levels stand inside each other. Flatten them."),
    ("{a: " * 101, "1:401: Over 100 levels stand inside each other. Flatten them."),
    (
        "a: &x " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 40 + "*x",
        "2:44: Over 100 levels stand inside each other. Flatten them.",
    ),
]


@pytest.mark.parametrize(("text", "fault"), FAULTS)
def test_fault_names_place_finding_and_remedy(text: str, fault: str) -> None:
    faults = find_faults(text)

    assert faults == [f"f.yaml:{fault}"]


def test_every_fault_is_told_at_once() -> None:
    faults = find_faults("a: 007\na: !!int 1\n<<: *x\n? [b]\n: 08\nc: }\n")

    assert faults == [
        'f.yaml:1:4: 007 has leading zeros, and readers differ on what that is. Quote it to keep it as text: "007".',
        "f.yaml:2:1: a is given twice, first in line 1. Keep one of the two.",
        "f.yaml:2:4: The tag !!int is not taken. Leave it out; quote a value to make it text.",
        "f.yaml:3:1: Merge keys (<<) are not taken. Write the keys out.",
        "f.yaml:3:5: No finished value above has the anchor &x. Write the value out.",
        "f.yaml:4:3: A key has to be text. Write a plain or quoted one.",
        'f.yaml:5:3: 08 has leading zeros, and readers differ on what that is. Quote it to keep it as text: "08".',
        f"f.yaml:6:4: This is no YAML: while parsing a block node, did not find expected node content. {CHECK}",
    ]


ROOTS: list[tuple[str, Json]] = [
    ("a: 007\nb: 1\nb: 2", {"a": "007", "b": 1}),
    ("- !!int 1\n- *x\n", [1, None]),
    ("a: }", None),
    ("a: 1\n---\nb: 1", None),
    ("[" * 101, None),
    ("", None),
]


@pytest.mark.parametrize(("text", "value"), ROOTS)
def test_error_holds_the_document_where_it_could_be_read_to_its_end(text: str, value: Json) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(text, "f.yaml")

    root = caught.value.root
    assert (root.to_json() if root is not None else None) == value


# Limits

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 10)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)


def test_alias_bomb_is_refused_before_it_goes_off() -> None:
    faults = find_faults(BOMB)

    assert faults == ["f.yaml:5:36: The aliases stand for over 100,000 values. Write out what is meant."]


def test_aliases_may_stand_for_as_much_as_the_limit() -> None:
    text = f"a: &a [{'x, ' * (ALIAS_LIMIT // 10 - 1)}]\nb: [{'*a, ' * 10}]\n"

    node = parse_document(text, "f.yaml")

    assert node.to_json() == {"a": ["x"] * 9_999, "b": [["x"] * 9_999] * 10}


NESTED = ["[" * 100 + "]" * 100, f"[{'[]' + ', []' * 200}]", f"[{'{}' + ', {}' * 200}]"]


@pytest.mark.parametrize("text", NESTED)
def test_only_what_stands_inside_each_other_counts_as_levels(text: str) -> None:
    node = parse_document(text, "f.yaml")

    assert str(node.to_json()) == text


def test_levels_of_an_alias_may_be_as_many_as_the_limit() -> None:
    inner = "[" * 60 + "]" * 60
    text = f"a: &x {inner}\nb: {'[' * (DEPTH_LIMIT - 61)}*x{']' * (DEPTH_LIMIT - 61)}"

    node = parse_document(text, "f.yaml")

    assert str(node.find(["b"]).to_json()) == "[" * (DEPTH_LIMIT - 61) + inner + "]" * (DEPTH_LIMIT - 61)


def test_number_may_be_as_large_as_a_float() -> None:
    node = parse_document(f"[{'9' * 308}, 1.7e308, 0.{'0' * 397}1]", "f.yaml")

    assert node.to_json() == [10**308 - 1, 1.7e308, 0.0]


# Files


def load(path: Path, content: bytes, size_limit: int = SIZE_LIMIT) -> Json:
    path.write_bytes(content)
    return load_document(path, "f.yaml", size_limit).to_json()


BYTES = [
    (b"a: 1\nb: caf\xe9\n", "f.yaml:2:7: Byte 0xE9 is no UTF-8. Save the file as UTF-8."),
    (b"\xef\xbb\xbfa: caf\xe9\n", "f.yaml:1:7: Byte 0xE9 is no UTF-8. Save the file as UTF-8."),
    ("a: 1".encode("utf-16"), "f.yaml:1:1: Byte 0xFF is no UTF-8. Save the file as UTF-8."),
    ("😀: é".encode()[:-1], "f.yaml:1:4: Byte 0xC3 is no UTF-8. Save the file as UTF-8."),
    (b"a: 1\rb: \xff", "f.yaml:2:4: Byte 0xFF is no UTF-8. Save the file as UTF-8."),
]


@pytest.mark.parametrize(("content", "fault"), BYTES)
def test_file_that_is_no_utf_8_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(tmp_path / "f.yaml", content)

    assert str(caught.value) == fault


def test_file_over_the_size_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        load(tmp_path / "f.yaml", b"a: 12345678", size_limit=10)

    assert str(caught.value) == "f.yaml:1:1: The file has 11 bytes, the limit is 10. Split it."


def test_size_limit_is_the_largest_size(tmp_path: Path) -> None:
    value = load(tmp_path / "f.yaml", b"a: 1234567", size_limit=10)

    assert value == {"a": 1234567}


def test_text_of_many_languages_is_read(tmp_path: Path) -> None:
    value = load(tmp_path / "f.yaml", "דנה: [欧阳, O'Neill, é, 😀]\r\n".encode())

    assert value == {"דנה": ["欧阳", "O'Neill", "é", "😀"]}


UNREADABLE = [("missing.yaml", "No such file or directory"), (".", "Is a directory")]


@pytest.mark.parametrize(("name", "reason"), UNREADABLE)
def test_file_that_cannot_be_read_is_named_by_its_path(tmp_path: Path, name: str, reason: str) -> None:
    path = tmp_path / name

    with pytest.raises(DocumentError) as caught:
        load_document(path)

    assert str(caught.value) == (
        f"{path}:1:1: The file cannot be read: {reason}. Check that it exists and may be read."
    )


def test_aliases_of_long_texts_are_limited_too() -> None:
    text = f"- &a {'x' * 100_000}\n" + "- *a\n" * 101

    assert find_faults(text) == [
        "f.yaml:101:3: The aliases stand for over 100,000 values. Write out what is meant.",
    ]


# PyYAML without its C library

PROGRAM = """
import json, sys, yaml
del yaml.CSafeLoader
from pathlib import Path
from mockserver.documents.yaml_text import load_document
print(json.dumps([load_document(Path(path)).to_json() for path in sys.argv[1:]]))
"""


def test_documents_are_the_same_without_the_c_library() -> None:
    root = Path(__file__).parents[2]
    paths = [root / "openapi.yaml", *sorted((root / "fixtures").glob("*.yaml"))]

    done = subprocess.run([sys.executable, "-c", PROGRAM, *paths], cwd=root, capture_output=True, check=True)

    assert json.loads(done.stdout) == [load_document(path).to_json() for path in paths]


# Anything at all

PIECES = (
    *("a", "b", ": ", "- ", "? ", "\n", "\n  ", " ", "\t", "[", "]", "{", "}", ",", "'", '"', "&a ", "*a", "!t ", "|"),
    *(">", "#", "%", "<<: ", "007", "1e999", "---\n", "...\n", "\\", "\x00", "\u2028", "😀", "\ud800", "~", "\r"),
)


@repeatable
@given(text=st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_any_text_is_read_or_refused_with_faults_of_one_line(text: str) -> None:
    faults = []

    try:
        parse_document(text, "f.yaml").to_json()
    except DocumentError as error:
        faults = str(error).split("\n")

    assert [each for each in faults if not re.fullmatch(r"f\.yaml:[0-9]+:[0-9]+: .+\.", each)] == []


@repeatable
@given(content=st.binary())
def test_any_bytes_are_read_or_refused(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    faults = []

    try:
        load(path, content)
    except DocumentError as error:
        faults = str(error).split("\n")

    assert [each for each in faults if not re.fullmatch(r"f\.yaml:[0-9]+:[0-9]+: .+\.", each)] == []
