"""What YAML stands for: values, their places, the forms that are refused, and the limits."""

from collections.abc import Sequence

import pytest

from mockserver.documents.nodes import ALIAS_LIMIT, DEPTH_LIMIT, Json, Node, Place
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import parse_document
from tests.support.problems import list_problems


def parse(text: str) -> Node:
    return parse_document(text, "f.yaml")


# Values


@pytest.mark.parametrize(
    ("text", "value"),
    [
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
    ],
)
def test_document_stands_for_its_value(text: str, value: Json) -> None:
    assert parse(text).to_json() == value


@pytest.mark.parametrize("text", ["", "null", "true", "42", "00012345", "1e999", "<<", "~"])
def test_quoted_scalar_is_text(text: str) -> None:
    assert parse(f"[\"{text}\", '{text}']").to_json() == [text, text]


@pytest.mark.parametrize("key", ["null", "true", "42", "00012345", "1e999", "NO", "~", "1984-03-12"])
def test_key_is_text_as_written(key: str) -> None:
    assert parse(f"{key}: 1").to_json() == {key: 1}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a: 00:10", "00:10"),
        ("a: '007'", "007"),
        ("a: ''", '""'),
        ("a:", ""),
        ("a: ~", "~"),
        ("a: [1]", ""),
        ("b: &x 1.50\na: *x", "1.50"),
    ],
)
def test_scalar_keeps_its_text(text: str, written: str) -> None:
    assert parse(text).find(["a"]).text == written


@pytest.mark.parametrize(
    ("text", "path", "key", "value"),
    [
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
    ],
)
def test_key_and_value_have_a_place(
    text: str, path: Sequence[str], key: tuple[int, int], value: tuple[int, int]
) -> None:
    node = parse(text).find(path)

    assert (node.key_place, node.place) == (Place("f.yaml", *key), Place("f.yaml", *value))


# Forms that are refused

QUOTE = "Quote it to keep it as text:"
CONTENT = "did not find expected node content. Check indentation, quotes and colons"
NESTED = "Over 100 levels stand inside each other. Flatten them."
MANY = "The aliases stand for over 100,000 values. Write out what is meant."
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{key}: &{key} [{', '.join([f'*{before}'] * 10)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
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
        # scalars
        ("a: [-007]", f'1:5: -007 has leading zeros, and readers differ on what that is. {QUOTE} "-007".'),
        ("a: 1e999", f'1:4: This number is too long or too large. {QUOTE} "1e999".'),
        # documents
        ("---\na: 1\n---\nb: 1\n", "3:1: A second document begins here. Keep one document a file."),
        # limits
        ("[" * 101, f"1:101: {NESTED}"),
        ("{a: " * 101, f"1:401: {NESTED}"),
        ("a: &x " + "[" * 60 + "]" * 60 + "\nb: " + "[" * 40 + "*x", f"2:44: {NESTED}"),
        pytest.param(BOMB, f"5:36: {MANY}", id="bomb"),
        pytest.param(f"- &a {'x' * 100_000}\n" + "- *a\n" * 101, f"101:3: {MANY}", id="text"),
    ],
)
def test_form_is_refused(text: str, problem: str) -> None:
    assert list_problems(parse, text) == [f"f.yaml:{problem}"]


def test_every_problem_is_reported_at_once() -> None:
    text = "a: 007\na: !!int 1\n<<: *x\n? [b]\n: 08\nc: }\n"

    assert list_problems(parse, text) == [
        'f.yaml:1:4: 007 has leading zeros, and readers differ on what that is. Quote it to keep it as text: "007".',
        "f.yaml:2:1: a is given twice, first in line 1. Keep one of the two.",
        "f.yaml:2:4: The tag !!int is not taken. Leave it out; quote a value to make it text.",
        "f.yaml:3:1: Merge keys (<<) are not taken. Write the keys out.",
        "f.yaml:3:5: No finished value above has the anchor &x. Write the value out.",
        "f.yaml:4:3: A key has to be text. Write a plain or quoted one.",
        'f.yaml:5:3: 08 has leading zeros, and readers differ on what that is. Quote it to keep it as text: "08".',
        f"f.yaml:6:4: This is not YAML: while parsing a block node, {CONTENT}.",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 007\nb: 1\nb: 2", {"a": "007", "b": 1}),
        ("- !!int 1\n- *x\n", [1, None]),
        ("a: }", None),
        ("a: 1\n---\nb: 1", None),
        ("[" * 101, None),
        ("", None),
    ],
)
def test_error_carries_the_document_if_fully_parsed(text: str, value: Json) -> None:
    with pytest.raises(DocumentError) as caught:
        parse(text)

    root = caught.value.root
    assert (root.to_json() if root is not None else None) == value


# Limits

HALF = "[" * 60 + "]" * 60
REST = DEPTH_LIMIT - 61


@pytest.mark.parametrize(
    "text", ["[" * DEPTH_LIMIT + "]" * DEPTH_LIMIT, f"[{'[]' + ', []' * 200}]", f"[{'{}' + ', {}' * 200}]"]
)
def test_only_values_inside_each_other_are_levels(text: str) -> None:
    assert str(parse(text).to_json()) == text


def test_aliases_may_reach_the_limit_of_levels() -> None:
    node = parse(f"a: &x {HALF}\nb: {'[' * REST}*x{']' * REST}")

    assert str(node.find(["b"]).to_json()) == "[" * REST + HALF + "]" * REST


def test_aliases_may_reach_the_limit_of_values() -> None:
    node = parse(f"a: &a [{'x, ' * (ALIAS_LIMIT // 10 - 1)}]\nb: [{'*a, ' * 10}]\n")

    assert node.to_json() == {"a": ["x"] * 9_999, "b": [["x"] * 9_999] * 10}
