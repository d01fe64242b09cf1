"""The reader of documents: what it returns for each form, and the problem of each other form."""

import pytest

from mockserver.documents.nodes import Place, Scalar
from mockserver.documents.problems import Problem
from mockserver.documents.reader import DocumentReader
from mockserver.documents.yaml_text import parse_document

TREE = parse_document("name: Dana\ntags: [a, {b: 1}]\nnone:\nmap: {}\n", "f.yaml")
MAPPING = "A mapping is wanted here. Write keys and values."
LIST = "A list is wanted here. Begin each entry with a dash."


def tell(reader: DocumentReader) -> list[str]:
    return [str(problem) for problem in reader.problems]


def test_members_items_and_text_are_read() -> None:
    reader = DocumentReader()

    members = reader.members(TREE)
    items = reader.items(members["tags"])

    assert list(members) == ["name", "tags", "none", "map"]
    assert [node.text for node in items] == ["a", ""]
    assert reader.text(TREE, "name", TREE) == "Dana"
    assert reader.problems == []


def test_missing_node_reads_as_empty() -> None:
    reader = DocumentReader()

    assert (reader.members(None), reader.items(None), reader.scalar(None)) == ({}, [], None)
    assert reader.problems == []


@pytest.mark.parametrize("step", ["name", "tags", "none"])
def test_members_want_a_mapping(step: str) -> None:
    reader, node = DocumentReader(), TREE.find([step])

    assert (reader.members(node), tell(reader)) == ({}, [f"{node.place}: {MAPPING}"])


@pytest.mark.parametrize("step", ["name", "map", "none"])
def test_items_want_a_list(step: str) -> None:
    reader, node = DocumentReader(), TREE.find([step])

    assert (reader.items(node), tell(reader)) == ([], [f"{node.place}: {LIST}"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1.50", '1:4: a is not text. Quote it: "1.50".'),
        ("a: no", None),
        ("a: true", '1:4: a is not text. Quote it: "true".'),
        ("a: null", '1:4: a is not text. Quote it: "null".'),
        ("a:", "1:3: a is not text. Write text."),
        ("a: [x]", "1:4: a is not text. Write text."),
        ("b: x", "1:1: a is missing. Add it."),
        ("- a", f"1:1: {MAPPING}"),
    ],
)
def test_text_wants_text(text: str, problem: str | None) -> None:
    reader, node = DocumentReader(), parse_document(text, "f.yaml")

    read = reader.text(node, "a", node)

    assert (read, tell(reader)) == (("", [f"f.yaml:{problem}"]) if problem else ("no", []))


def test_text_of_missing_mapping_is_reported_at_owner() -> None:
    reader = DocumentReader()

    assert reader.text(None, "title", TREE) == ""
    assert tell(reader) == ["f.yaml:1:1: title is missing. Add it."]


@pytest.mark.parametrize(
    ("text", "value"), [("a: x", "x"), ("a: 1", 1), ("a: 1.5", 1.5), ("a: true", True), ("a:", None)]
)
def test_scalar_is_a_single_value(text: str, value: Scalar) -> None:
    reader = DocumentReader()

    assert (reader.scalar(parse_document(text, "f.yaml").find(["a"])), reader.problems) == (value, [])


@pytest.mark.parametrize("text", ["[1]", "{a: 1}"])
def test_scalar_wants_a_single_value(text: str) -> None:
    reader = DocumentReader()

    assert reader.scalar(parse_document(text, "f.yaml")) is None
    assert tell(reader) == ["f.yaml:1:1: A single value is wanted here. Write text, a number, true, false or null."]


def test_unknown_key_is_a_problem_at_the_key() -> None:
    reader = DocumentReader()

    reader.check_keys(parse_document("name: 1\nanswer: 2\nzzz: 3\n", "f.yaml"), ("name", "answers", "records"))

    assert tell(reader) == [
        "f.yaml:2:1: answer is not known here; did you mean 'answers'?",
        "f.yaml:3:1: zzz is not known here. Write one of name, answers, records.",
    ]


CLAIMED = "An answer 'x' stands already at f.yaml:{}:1. Change one of the two, or remove it."


def test_second_claim_is_a_problem_at_its_place() -> None:
    reader = DocumentReader()

    for identity, line in (("x", 1), ("y", 2), ("x", 2), ("x", 1)):
        reader.claim(identity, Place("f.yaml", line), f"An answer {identity!r}")

    assert tell(reader) == [f"f.yaml:2:1: {CLAIMED.format(1)}"]


def test_claim_for_some_leaves_the_identity_free() -> None:
    reader = DocumentReader()

    for claim, line in ((reader.claim_for_some, 1), (reader.claim_for_some, 2), (reader.claim, 3)):
        claim("x", Place("f.yaml", line), "An answer 'x'")
    for claim, line in ((reader.claim_for_some, 3), (reader.claim_for_some, 4), (reader.claim, 5)):
        claim("x", Place("f.yaml", line), "An answer 'x'")
    reader.claim_for_some("y", Place("f.yaml", 4), "An answer 'y'")

    assert tell(reader) == [f"f.yaml:{line}:1: {CLAIMED.format(3)}" for line in (4, 5)]


def test_readers_may_share_their_problems() -> None:
    problems: list[Problem] = []

    for line, reader in enumerate((DocumentReader(problems), DocumentReader(problems)), 1):
        reader.add(Place("f.yaml", line), "It is odd.")

    assert list(map(str, problems)) == ["f.yaml:1:1: It is odd.", "f.yaml:2:1: It is odd."]
    assert DocumentReader().problems == []
