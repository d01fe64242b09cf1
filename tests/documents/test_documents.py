"""Places, faults, nodes, and the forms that a reader of documents asks for."""

import pytest

from mockserver.documents.nodes import Node, Place, Scalar, write_scalar
from mockserver.documents.problems import DocumentError, Problem, StartError
from mockserver.documents.reader import DocumentReader
from mockserver.documents.wording import end_sentence, suggest_nearest
from mockserver.documents.yaml_text import parse_document

TREE = parse_document(
    "name: Dana\ntags: [a, {b: 1.50}]\nnone:\nyes: true\n1: one\n'a/b~c d': {'': odd}\n",
    "f.yaml",
)


def tell(reader: DocumentReader) -> list[str]:
    return [str(fault) for fault in reader.problems]


# Faults


def test_place_stands_for_the_file_as_a_whole_by_default() -> None:
    assert str(Place("fixtures/customers.yaml")) == "fixtures/customers.yaml:1:1"


PLACES = [(Place("f.yaml", 3, 4), "f.yaml:3:4"), (Place("#/0/reply", 0), "#/0/reply"), (Place("#", 0, 0), "#")]


@pytest.mark.parametrize(("place", "shown"), PLACES)
def test_place_without_lines_is_its_path(place: Place, shown: str) -> None:
    assert str(place) == shown
    assert str(Problem(place, "It is odd.")) == f"{shown}: It is odd."


def test_error_lists_every_fault_once_by_place() -> None:
    faults = [
        Problem(Place("b.yaml", 1, 1), "Third."),
        Problem(Place("a.yaml", 10, 1), "Second."),
        Problem(Place("a.yaml", 9, 12), "First."),
        Problem(Place("b.yaml", 1, 1), "Third."),
    ]

    error = DocumentError(faults)

    assert str(error) == "a.yaml:9:12: First.\na.yaml:10:1: Second.\nb.yaml:1:1: Third."
    assert error.problems == (faults[2], faults[1], faults[0])
    assert isinstance(error, StartError)


SHOWN = [
    ("a\nb\r\tc", "a\\nb\\r\\tc"),
    ("\x1b[31m", "\\x1b[31m"),
    ("\u2028\u202e", "\\u2028\\u202e"),
    ("\ud800", "\\ud800"),
    ("דנה 欧阳 é 😀", "דנה 欧阳 é 😀"),
    ('"\\n"', '"\\n"'),
]


@pytest.mark.parametrize(("text", "shown"), SHOWN)
def test_fault_stands_on_one_line_whatever_it_quotes(text: str, shown: str) -> None:
    fault = Problem(Place("f.yaml", 3, 4), f"{text} is odd.")

    assert str(fault) == f"f.yaml:3:4: {shown} is odd."


# Nodes

STEPS = [
    ([], (1, 1)),
    (["name"], (1, 7)),
    (["name", "first"], (1, 7)),
    (["tags", "0"], (2, 8)),
    (["tags", "1", "b"], (2, 15)),
    (["tags", "2"], (2, 7)),
    (["tags", "-1"], (2, 7)),
    (["tags", "01"], (2, 7)),
    (["tags", "9" * 5000], (2, 7)),
    (["tags", "x", "b"], (2, 7)),
    (["1"], (5, 4)),
    (["nowhere", "name"], (1, 1)),
]


@pytest.mark.parametrize(("path", "place"), STEPS)
def test_find_gives_the_node_or_the_last_one_on_the_way(path: list[str], place: tuple[int, int]) -> None:
    assert TREE.find(path).place == Place("f.yaml", *place)


POINTERS = [
    ("#", (1, 1)),
    ("#/name", (1, 7)),
    ("#/tags/1/b", (2, 15)),
    ("#/a~1b~0c%20d", (6, 12)),
    ("#/a~1b~0c%20d/", (6, 17)),
    ("#/name/first", None),
    ("#/tags/2", None),
    ("#/", None),
    ("#name", None),
    ("/name", None),
    ("other.yaml#/name", None),
    ("", None),
]


@pytest.mark.parametrize(("pointer", "place"), POINTERS)
def test_follow_gives_the_node_at_a_json_pointer(pointer: str, place: tuple[int, int] | None) -> None:
    node = TREE.follow(pointer)

    assert (node and (node.line, node.column)) == place


def test_node_outside_a_mapping_is_its_own_key() -> None:
    node = TREE.find(["tags", "0"])

    assert node.key_place == node.place


CHILDREN = [([], 6), (["tags"], 2), (["tags", "1"], 1), (["name"], 0), (["none"], 0)]


@pytest.mark.parametrize(("path", "count"), CHILDREN)
def test_children_are_values_or_entries(path: list[str], count: int) -> None:
    assert len(list(TREE.find(path).children)) == count


NUMBERS = [("1", True), ("1.5", True), ("'1'", False), ("true", False), ("~", False), ("x", False), ("[1]", False)]


@pytest.mark.parametrize(("text", "is_number"), NUMBERS)
def test_only_a_plain_number_is_a_number(text: str, is_number: bool) -> None:
    assert parse_document(f"- {text}", "f.yaml").find(["0"]).is_number is is_number


def test_to_json_leaves_the_places_out() -> None:
    assert TREE.to_json() == {
        "name": "Dana",
        "tags": ["a", {"b": 1.5}],
        "none": None,
        "yes": True,
        "1": "one",
        "a/b~c d": {"": "odd"},
    }


# Words

NEAREST = [
    ("sex", "; did you mean 'Sex'?"),
    ("FirstNme", "; did you mean 'FirstName'?"),
    ("firstname", "; did you mean 'FirstName'?"),
    ("zzz", ""),
    ("", ""),
]


@pytest.mark.parametrize(("word", "suggestion"), NEAREST)
def test_nearest_name_is_suggested_whatever_its_case(word: str, suggestion: str) -> None:
    assert suggest_nearest(word, ["Sex", "FirstName", "LastName"]) == suggestion


def test_nothing_is_suggested_where_nothing_is_known() -> None:
    assert suggest_nearest("Sex", ()) == ""


@pytest.mark.parametrize(("text", "sentence"), [("It is 3", "It is 3."), ("Is it 3?", "Is it 3?")])
def test_sentence_ends_in_a_full_stop_or_a_question_mark(text: str, sentence: str) -> None:
    assert end_sentence(text) == sentence


WRITTEN: list[tuple[Scalar, str]] = [
    (None, ""),
    ("", ""),
    ("True", "True"),
    (True, "true"),
    (False, "false"),
    (0, "0"),
    (-7, "-7"),
    (1.5, "1.5"),
    (10**20, "100000000000000000000"),
]


@pytest.mark.parametrize(("value", "text"), WRITTEN)
def test_scalar_has_the_text_of_a_request(value: Scalar, text: str) -> None:
    assert write_scalar(value) == text


# Reading forms


def test_reader_gives_members_items_and_text() -> None:
    reader = DocumentReader()

    members = reader.members(TREE)
    items = reader.items(members["tags"])
    text = reader.text(TREE, "name", TREE)

    assert (list(members), [node.text for node in items], text) == (
        ["name", "tags", "none", "yes", "1", "a/b~c d"],
        ["a", ""],
        "Dana",
    )
    assert reader.problems == []


def test_what_is_not_there_reads_as_empty() -> None:
    reader = DocumentReader()

    assert (reader.members(None), reader.items(None), reader.scalar(None)) == ({}, [], None)
    assert reader.problems == []


@pytest.mark.parametrize("step", ["name", "tags", "none"])
def test_members_of_no_mapping_are_a_fault(step: str) -> None:
    reader, node = DocumentReader(), TREE.find([step])

    assert reader.members(node) == {}
    assert tell(reader) == [f"{node.place}: A mapping is wanted here. Write keys and values."]


@pytest.mark.parametrize("step", ["name", "a/b~c d", "none"])
def test_items_of_no_list_are_a_fault(step: str) -> None:
    reader, node = DocumentReader(), TREE.find([step])

    assert reader.items(node) == []
    assert tell(reader) == [f"{node.place}: A list is wanted here. Begin each entry with a dash."]


TEXTS = [
    ("a: 1.50", '1:4: a is no text. Quote it: "1.50".'),
    ("a: no", None),
    ("a: true", '1:4: a is no text. Quote it: "true".'),
    ("a: null", '1:4: a is no text. Quote it: "null".'),
    ("a:", "1:3: a is no text. Write text."),
    ("a: [x]", "1:4: a is no text. Write text."),
    ("b: x", "1:1: a is missing. Add it."),
    ("- a", "1:1: A mapping is wanted here. Write keys and values."),
]


@pytest.mark.parametrize(("text", "fault"), TEXTS)
def test_text_that_is_none_is_a_fault(text: str, fault: str | None) -> None:
    reader, node = DocumentReader(), parse_document(text, "f.yaml")

    read = reader.text(node, "a", node)

    assert (read, tell(reader)) == (("", [f"f.yaml:{fault}"]) if fault else ("no", []))


def test_text_of_a_mapping_that_is_not_there_is_missing_where_it_should_be() -> None:
    reader = DocumentReader()

    assert reader.text(None, "title", TREE) == ""
    assert tell(reader) == ["f.yaml:1:1: title is missing. Add it."]


SCALARS: list[tuple[str, Scalar]] = [("a: x", "x"), ("a: 1", 1), ("a: 1.5", 1.5), ("a: true", True), ("a:", None)]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_scalar_is_a_single_value(text: str, value: Scalar) -> None:
    reader = DocumentReader()

    assert reader.scalar(parse_document(text, "f.yaml").find(["a"])) == value
    assert reader.problems == []


@pytest.mark.parametrize("text", ["[1]", "{a: 1}"])
def test_scalar_of_many_values_is_a_fault(text: str) -> None:
    reader = DocumentReader()

    assert reader.scalar(parse_document(text, "f.yaml")) is None
    assert tell(reader) == [
        "f.yaml:1:1: A single value is wanted here. Write text, a number, true, false or null.",
    ]


def test_key_that_is_not_known_is_a_fault_at_the_key() -> None:
    reader = DocumentReader()

    reader.check_keys(parse_document("name: 1\nanswer: 2\nzzz: 3\n", "f.yaml"), ("name", "answers", "records"))

    assert tell(reader) == [
        "f.yaml:2:1: answer is not known here; did you mean 'answers'?",
        "f.yaml:3:1: zzz is not known here. Write one of name, answers, records.",
    ]


def test_what_is_claimed_twice_is_a_fault_at_the_second_place() -> None:
    reader = DocumentReader()
    first, second = Place("a.yaml", 1, 2), Place("b.yaml", 3, 4)

    reader.claim("x", first, "An answer 'x'")
    reader.claim("y", second, "An answer 'y'")
    reader.claim("x", second, "An answer 'x'")
    reader.claim("x", first, "An answer 'x'")

    assert tell(reader) == [
        "b.yaml:3:4: An answer 'x' stands already at a.yaml:1:2. Change one of the two, or remove it.",
    ]


def test_what_is_claimed_for_some_is_free_for_what_comes_behind() -> None:
    reader = DocumentReader()
    places = [Place("f.yaml", line) for line in range(1, 6)]

    reader.claim_for_some("x", places[0], "An answer 'x'")
    reader.claim_for_some("x", places[1], "An answer 'x'")
    reader.claim("x", places[2], "An answer 'x'")
    reader.claim_for_some("x", places[2], "An answer 'x'")
    reader.claim_for_some("x", places[3], "An answer 'x'")
    reader.claim_for_some("y", places[3], "An answer 'y'")
    reader.claim("x", places[4], "An answer 'x'")

    either = "Change one of the two, or remove it."
    assert tell(reader) == [
        f"f.yaml:4:1: An answer 'x' stands already at f.yaml:3:1. {either}",
        f"f.yaml:5:1: An answer 'x' stands already at f.yaml:3:1. {either}",
    ]


def test_readers_of_one_document_may_share_their_faults() -> None:
    faults: list[Problem] = []

    for number, reader in enumerate((DocumentReader(faults), DocumentReader(faults)), 1):
        reader.add(Place("f.yaml", number), "It is odd.")

    assert list(map(str, faults)) == ["f.yaml:1:1: It is odd.", "f.yaml:2:1: It is odd."]
    assert DocumentReader().problems == []


def test_node_made_by_hand_has_no_text() -> None:
    assert Node(None, "f.yaml", 3, 4).text == ""
