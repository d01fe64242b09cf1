"""Simple documents, whose lines are read as the events of the YAML parser are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.nodes import Node
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_lines import parse_lines
from mockserver.documents.yaml_text import parse_document, parse_events

SIMPLE = {
    "values": "a: text of words\nb: 1\nc: -1.50\nd: true\ne: ~\nf: x:y#z\ng: -x\nh: a'b\"c\ni: 'it''s'\nj: \"q\"\n",
    "escapes": r'''a: "tab\t, line\n, quote\", slash\\, \u05d3"''',
    "empty values": "a:\nb: ''\nc: \"\"\nd: {}\ne: []\nf:   # nothing\ng:",
    "comments": "# first\n\na: 1 # one\n   # indented\nb: 'x' # two\n\n# last",
    "mappings": "a:\n  b:\n    c: 1\n  d: 2\ne: 3\n",
    "lists": "a:\n  - 1\n  - x\nb:\n- 'y'\n- z\nc: 1\n",
    "lists of mappings": "a:\n- b: 1\n  c: 2\n- b: 3\nd:\n  -   e: 4\n      f:\n      - 5\n      g: 6\n",
    "braces": "a: {b: x y, c: 'd, e', f: 1}\ng: [1, \"h: i\", j]\nk:\n  - {l: m}\n",
    "other scripts": "שפה: עברית\né: 🌻\na: \u00a0b\u00a0\n",
    "keys": "200: a\nnull: b\nx-y.z_$: c\n",
    "indented": "  a: 1\n  b:\n   c: 2\n",
    "line ends of windows": "a: 1\r\nb:\r\n  - 'x'\r\n# c\r\nd: e f\r\n",
    "blanks": "a:   1   \nb: 'x'  \n   \n",
    "a list": "- a: 1\n- 2\n",
}
OTHERS = {
    "text of several lines": "a: x\n  y\n",
    "text below its key": "a:\n  x\n",
    "a block": "a: |\n  x\n",
    "an anchor": "a: &b 1\n",
    "a tag": "a: !!str 1\n",
    "an escape of YAML": 'a: "\\x41"\n',
    "half of a character": 'a: "\\ud83d"\n',
    "a quoted key": "'a': 1\n",
    "a key of blanks": "a b: 1\n",
    "a long key": f"{'a' * 102}: 1\n",
    "a list in a list": "- - 1\n",
    "braces in braces": "a: {b: {c: 1}}\n",
    "an empty entry": "a:\n- \n",
    "a tab": "a:\t1\n",
    "a merge key": "<<: 1\n",
    "a beginning": "---\na: 1\n",
    "a single value": "1\n",
    "a deep document": "\n".join(f"{' ' * depth}a:" for depth in range(22)),
}
WRONG = {
    "a key twice": "a: 1\na: 2\n",
    "a key twice in braces": "a: {b: 1, b: 2}\n",
    "a number with zeros": "a: 007\n",
    "a colon in text": "a: b: c\n",
    "a key below a value": "a: 1\n  b: 2\n",
    "a key between": "a:\n    b: 1\n  c: 2\n",
    "a key left of the first": " a: 1\nb: 2\n",
    "an entry below a mapping": "a: 1\n- 2\n",
    "an entry between": "a:\n  b: 1\n- 2\n",
    "an entry after a list": "a:\n- 1\nb: 2\n- 3\n",
    "open quotes": "a: 'b\n",
    "open braces": "a: {b: 1\n",
    "two values": "a: 'b' c\n",
    "nothing": "# nothing\n",
}


def flatten(node: Node) -> tuple[object, ...]:
    value: object = node.value
    if isinstance(node.value, dict):
        value = [(key, flatten(child)) for key, child in node.value.items()]
    elif isinstance(node.value, list):
        value = list(map(flatten, node.value))
    return type(node.value), value, node.text, node.place, node.key_place


@pytest.mark.parametrize("text", SIMPLE.values(), ids=SIMPLE)
def test_lines_make_the_nodes_of_the_parser(text: str) -> None:
    node = parse_lines(text, "a.yaml")

    assert node is not None
    assert flatten(node) == flatten(parse_events(text, "a.yaml")) == flatten(parse_document(text, "a.yaml"))


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_other_documents_are_left_to_the_parser(text: str) -> None:
    assert parse_lines(text, "a.yaml") is None


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_problems_are_left_to_the_parser(text: str) -> None:
    with pytest.raises(DocumentError) as raised:
        parse_document(text, "a.yaml")

    assert parse_lines(text, "a.yaml") is None
    assert raised.value.problems


LINES = [f"{line}\n" for text in (*SIMPLE.values(), *OTHERS.values(), *WRONG.values()) for line in text.split("\n")]
MARKS = " \n\r\t-:#,?'\"{}[]|>&*!%@`~=\u00a0é🌻a0"
PIECES = st.sampled_from([*LINES, *MARKS, ": ", " #", "- ", "''", "a: 1\n", "  b: 2\n", "- c\n"])


@settings(derandomize=True, database=None, deadline=None, max_examples=3000)
@given(st.lists(PIECES, max_size=8).map("".join))
def test_lines_are_never_read_otherwise(text: str) -> None:
    node = parse_lines(text, "a.yaml")

    assert node is None or flatten(node) == flatten(parse_events(text, "a.yaml"))
