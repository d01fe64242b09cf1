"""What JSON text stands for, the pointers of its parts, and the problems in it."""

import json

import pytest

from mockserver.documents.json_nodes import parse_json
from mockserver.documents.nodes import DEPTH_LIMIT
from tests.support.problems import list_problems


@pytest.mark.parametrize(
    "text",
    ["5", "1.50", "null", "true", '""', "[]", "{}", ' [{"a": [1, "NO"]}] ', '"דנה 😀"', '"\\ud83d\\ude00"'],
)
def test_text_stands_for_its_value(text: str) -> None:
    assert parse_json(text).to_json() == json.loads(text)


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
    ("text", "written"), [("1", "1"), ("1.50", "1.5"), ("true", "true"), ("null", ""), ('"x"', "x")]
)
def test_scalar_keeps_the_text_of_a_request(text: str, written: str) -> None:
    assert parse_json(text).text == written


TWICE = "is given twice. Keep one of the two."


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[NaN]", ["#: This is not JSON: it has no number NaN. Correct it."]),
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


def test_many_values_below_short_names_are_read() -> None:
    value = {"answers": [{"name": str(number), "when": {"id": ["a", "b"]}} for number in range(20_000)]}

    assert parse_json(json.dumps(value)).to_json() == value
