"""What a JSON text stands for, the pointers of its parts, and every fault."""

import json

import pytest

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import DEPTH_LIMIT


def find_faults(text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse_json(text)
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    "text", ["5", "1.50", "null", "true", '""', "[]", "{}", ' [{"a": [1, {"b": "NO"}]}] ', '"דנה 😀"']
)
def test_json_text_is_read_as_it_is(text: str) -> None:
    assert parse_json(text).to_json() == json.loads(text)


PLACES = [
    ([], "#"),
    (["0"], "#/0"),
    (["0", "a/b"], "#/0/a~1b"),
    (["0", "a/b", "~"], "#/0/a~1b/~0"),
    (["0", "a/b", "~", "1"], "#/0/a~1b/~0/1"),
    (["0", ""], "#/0/"),
]


@pytest.mark.parametrize(("path", "pointer"), PLACES)
def test_place_in_json_is_a_pointer_without_line(path: list[str], pointer: str) -> None:
    node = parse_json('[{"a/b": {"~": [1, 2]}, "": 3}]').find(path)

    assert (str(node.place), str(node.key_place), node.place.line) == (pointer, pointer, 0)


@pytest.mark.parametrize(
    ("text", "written"), [("1", "1"), ("1.50", "1.5"), ("true", "true"), ("null", ""), ('"x"', "x")]
)
def test_json_value_keeps_the_text_that_a_request_has_for_it(text: str, written: str) -> None:
    assert parse_json(text).text == written


NO_JSON = [
    ("", "expecting value: line 1 column 1 (char 0)"),
    ("{", "expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ("[NaN]", "it has no number NaN"),
    ("[-Infinity]", "it has no number -Infinity"),
    (f"[{'9' * 5000}]", "exceeds the limit (4300 digits) for integer string conversion: value has 5000 digits"),
]


@pytest.mark.parametrize(("text", "reason"), NO_JSON, ids=[row[0][:20] for row in NO_JSON])
def test_text_that_is_no_json_is_a_fault(text: str, reason: str) -> None:
    assert find_faults(text) == [f"#: This is no JSON: {reason}. Correct it."]


FAULTS = [
    ("[1, [1e999]]", ["#/1/0: This number is too large. Write a smaller one, or text."]),
    ('{"a": -1e999}', ["#/a: This number is too large. Write a smaller one, or text."]),
    ('["a\\ud800b"]', ["#/0: U+D800 is half of a character. Write the whole one."]),
    ('{"a": {"\\udfff": 1}}', ["#/a/\\udfff: U+DFFF is half of a character. Write the whole one."]),
    ('{"a": 1, "a": 2}', ["#/a: a is given twice. Keep one of the two."]),
    (
        '[{"a/b": {"c": 1, "~": 2, "c": 3, "~": 4}}, {"": 5, "": 6}]',
        [
            "#/0/a~1b/c: c is given twice. Keep one of the two.",
            "#/0/a~1b/~0: ~ is given twice. Keep one of the two.",
            "#/1/: '' is given twice. Keep one of the two.",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[row[0][:20] for row in FAULTS])
def test_fault_of_json_is_named_by_its_pointer(text: str, expected: list[str]) -> None:
    assert find_faults(text) == expected


def test_json_with_whole_characters_beyond_the_basic_plane_is_taken() -> None:
    assert parse_json('"\\ud83d\\ude00"').value == "😀"


@pytest.mark.parametrize(("before", "behind"), [("[", "]"), ('{"a":', "}")])
def test_json_may_be_as_deep_as_yaml(before: str, behind: str) -> None:
    assert parse_json(f"{before * DEPTH_LIMIT}1{behind * DEPTH_LIMIT}").to_json() is not None

    told = ["#: Over 100 levels stand inside each other. Flatten them."]
    for depth in (DEPTH_LIMIT + 1, 100_000):
        assert find_faults(f"{before * depth}1{behind * depth}") == told


LONG = "k" * 100_000
MANY = ["#: Too many values stand below long names. Send fewer at once."]


@pytest.mark.parametrize(
    "value", [{LONG: [0] * 10_000}, {LONG: {str(number): 0 for number in range(10_000)}}, [{LONG: [[0] * 9] * 99}]]
)
def test_pointers_that_would_be_many_times_the_text_are_refused(value: object) -> None:
    assert find_faults(json.dumps(value)) == MANY


def test_many_values_below_short_names_are_read() -> None:
    value = {"answers": [{"name": str(number), "when": {"id": ["a", "b"]}} for number in range(20_000)]}

    assert parse_json(json.dumps(value)).to_json() == value
