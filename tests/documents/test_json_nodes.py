"""What JSON text stands for, the pointers of its parts, and the problems in it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.json_text import JsonError, read_json
from mockserver.documents.nodes import DEPTH_LIMIT
from mockserver.documents.numbers import to_plain
from mockserver.documents.problems import DocumentError
from tests.support.problems import list_problems


@pytest.mark.parametrize(
    "text",
    ["5", "1.5", "-1E2", "null", "true", '""', "[]", "{}", ' [{"a": [1, "NO"]}] ', '"דנה 😀"', '"\\ud83d\\ude00"'],
)
def test_text_stands_for_its_value(text: str) -> None:
    assert parse_json(text).to_json() == parse_json(text, "f.json").to_json() == json.loads(text)


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ([], "#"),
        (["0"], "#/0"),
        (["0", "a/b"], "#/0/a~1b"),
        (["0", "a/b", "~"], "#/0/a~1b/~0"),
        (["0", "a/b", "~", "1"], "#/0/a~1b/~0/1"),
        (["0", ""], "#/0/"),
    ],
)
def test_place_is_a_pointer_without_a_line(path: list[str], pointer: str) -> None:
    node = parse_json('[{"a/b": {"~": [1, 2]}, "": 3}]').find(path)

    assert (str(node.place), str(node.key_place), node.place.line) == (pointer, pointer, 0)


@pytest.mark.parametrize(
    ("text", "written"), [("1", "1"), ("1.50", "1.50"), ("true", "true"), ("null", ""), ('"x"', "x")]
)
def test_scalar_keeps_the_text_of_a_request(text: str, written: str) -> None:
    assert parse_json(text).text == written


TWICE = "is given twice. Keep one of the two."


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[NaN]", ["#: This is not JSON: it has no number NaN. Write null, or text."]),
        ("[1, [1e999]]", ["#/1/0: This number is too large. Write a smaller one, or text."]),
        ('{"a": -1e999}', ["#/a: This number is too large. Write a smaller one, or text."]),
        ('["a\\ud800b"]', ["#/0: U+D800 is half of a character. Write the whole one."]),
        ('{"a": {"\\udfff": 1}}', ["#/a/\\udfff: U+DFFF is half of a character. Write the whole one."]),
        ('{"a": 1, "a": 2}', [f"#/a: a {TWICE}"]),
        (
            '[{"a/b": {"c": 1, "~": 2, "c": 3, "~": 4}}, {"": 5, "": 6}]',
            [f"#/0/a~1b/c: c {TWICE}", f"#/0/a~1b/~0: ~ {TWICE}", f"#/1/: '' {TWICE}"],
        ),
    ],
)
def test_problem_is_named_by_its_pointer(text: str, problems: list[str]) -> None:
    assert list_problems(parse_json, text) == problems


@pytest.mark.parametrize(("before", "behind"), [("[", "]"), ('{"a":', "}")])
def test_json_may_be_as_deep_as_yaml(before: str, behind: str) -> None:
    assert parse_json(f"{before * DEPTH_LIMIT}1{behind * DEPTH_LIMIT}").to_json() is not None
    for depth in (DEPTH_LIMIT + 1, 100_000):
        assert list_problems(parse_json, f"{before * depth}1{behind * depth}") == [
            "#: Over 100 levels stand inside each other. Flatten them."
        ]


LONG = "k" * 100_000


@pytest.mark.parametrize(
    "value", [{LONG: [0] * 10_000}, {LONG: {str(number): 0 for number in range(10_000)}}, [{LONG: [[0] * 9] * 99}]]
)
def test_pointers_many_times_the_text_are_refused(value: object) -> None:
    assert list_problems(parse_json, json.dumps(value)) == [
        "#: Too many values stand below long names. Send fewer at once."
    ]


FILE = """{
	"a": [1.10, "\\ud83d\\ude80", {"b/c": null}],\r
  "x": "\u2028",\r  "y": 1E2}
"""


def test_node_in_a_file_has_lines_and_columns() -> None:
    root = parse_json(FILE, "f.json")

    found = {text: root.find(text.split(" ")) for text in ("a", "a 0", "a 1", "a 2 b/c", "x", "y")}
    assert {text: str(node.place) for text, node in found.items()} == {
        "a": "f.json:2:7",
        "a 0": "f.json:2:8",
        "a 1": "f.json:2:14",
        "a 2 b/c": "f.json:2:38",
        "x": "f.json:3:8",
        "y": "f.json:4:8",
    }
    assert [str(found[text].key_place) for text in ("a", "a 2 b/c", "x", "y")] == [
        *("f.json:2:2", "f.json:2:31", "f.json:3:3", "f.json:4:3"),
    ]
    assert str(root.place) == "f.json:1:1"


QUOTED = "Quote the name, and write no comma behind the last one."
VALUE = "Write a value, and no comma behind the last one."
COMMENT = "Remove the comment, which JSON does not have."
CHECK = "Check quotes, commas and brackets."
HALF = "is half of a character. Write the whole one."
CONTROL = r"invalid control character. Write \n for a line break and \t for a tab."
NAME = "expecting property name enclosed in double quotes"
NO_JSON = "This is not JSON:"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", f"1:1: {NO_JSON} expecting value. {VALUE}"),
        (" \n ", f"2:2: {NO_JSON} expecting value. {VALUE}"),
        ("{\n  'a': 1}", f"2:3: {NO_JSON} {NAME}. {QUOTED}"),
        ('{"a": 1,\n}', f"2:1: {NO_JSON} {NAME}. {QUOTED}"),
        ('{"a" 1}', f"1:6: {NO_JSON} expecting ':' delimiter. {CHECK}"),
        ('{"a": 1 "b": 2}', f"1:9: {NO_JSON} expecting ',' delimiter. {CHECK}"),
        ("[1 2]", f"1:4: {NO_JSON} expecting ',' delimiter. {CHECK}"),
        ("[1,\n]", f"2:1: {NO_JSON} expecting value. {VALUE}"),
        ("[", f"1:2: {NO_JSON} expecting value. {VALUE}"),
        ("[.5]", f"1:2: {NO_JSON} expecting value. {VALUE}"),
        ("[01]", f"1:3: {NO_JSON} expecting ',' delimiter. {CHECK}"),
        ("[1] 2", f"1:5: {NO_JSON} extra data. Keep one value."),
        ('{"a": 1, // b\n"c": 2}', f"1:10: {NO_JSON} {NAME}. {COMMENT}"),
        ("[# b\n1]", f"1:2: {NO_JSON} expecting value. {COMMENT}"),
        ("[1] /* b */", f"1:5: {NO_JSON} extra data. {COMMENT}"),
        ('["a\tb"]', f"1:4: {NO_JSON} {CONTROL}"),
        ('["a\nb"]', f"1:4: {NO_JSON} {CONTROL}"),
        ('["C:\\path"]', rf"1:5: {NO_JSON} invalid \escape. Write each backslash twice."),
        ('["a]', f"1:2: {NO_JSON} unterminated string. Close the quotes."),
        ("[1,\n NaN]", f"2:2: {NO_JSON} it has no number NaN. Write null, or text."),
        ('{"a": -Infinity}', f"1:7: {NO_JSON} it has no number -Infinity. Write null, or text."),
        ('{"a": 1e999}', "1:7: This number is too large. Write a smaller one, or text."),
        (f"[{'9' * 5000}]", "1:2: This number is too large. Write a smaller one, or text."),
        ('{"a": 1,\n "a": 2}', "2:2: a is given twice, first in line 1. Keep one of the two."),
        ('[1,\n"\\ud83d"]', f"2:1: U+D83D {HALF}"),
        ('[1,\n"\\ude80\\ud83d"]', f"2:1: U+DE80 {HALF}"),
        ('{"a\\ud83d": 1}', f"1:2: U+D83D {HALF}"),
        pytest.param("[" * 101, "1:101: Over 100 levels stand inside each other. Flatten them.", id="list"),
        pytest.param('{"a":' * 100_000, "1:501: Over 100 levels stand inside each other. Flatten them.", id="map"),
    ],
)
def test_problem_in_a_file_has_place_and_remedy(text: str, problem: str) -> None:
    assert list_problems(parse_json, text, "f.json") == [f"f.json:{problem}"]


def test_problems_before_the_end_of_json_are_told() -> None:
    problems = list_problems(parse_json, '{"a": 1, "a": 1e999, "b": }', "f.json")

    assert problems == [
        "f.json:1:10: a is given twice, first in line 1. Keep one of the two.",
        "f.json:1:15: This number is too large. Write a smaller one, or text.",
        f"f.json:1:27: This is not JSON: expecting value. {VALUE}",
    ]


def test_document_with_problems_is_handed_on() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_json('{"a": 1e999, "b": 2}')

    assert caught.value.root is not None
    assert caught.value.root.to_json() == {"a": None, "b": 2}


PIECES = (
    *("{", "}", "[", "]", ",", ":", '"', '"a"', "1", "-", "1.10", "NaN", "null", " ", "\n"),
    *("\\", "\\ud83d", "😀"),
)


def find_value(text: str) -> object:
    """Return the value that our parser reads; None for text that it refuses for more than names and characters."""
    try:
        return to_plain(parse_json(text, "f.json").to_json())
    except DocumentError as error:
        return None if error.root is None else to_plain(error.root.to_json())


def find_python_value(text: str) -> object:
    """Return the value that Python's parser reads, or None."""
    try:
        return read_json(text)[0]
    except JsonError:
        return None


@settings(derandomize=True, database=None, deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text())
def test_what_python_reads_is_read_alike(text: str) -> None:
    assert find_value(text) == find_python_value(text)


def test_many_values_below_short_names_are_read() -> None:
    value = {"answers": [{"name": str(number), "when": {"id": ["a", "b"]}} for number in range(20_000)]}

    assert parse_json(json.dumps(value)).to_json() == value
