"""Places and nodes: what a document holds, and where."""

import pytest

from mockserver.documents.nodes import Node, Place, Scalar, is_blank, write_scalar
from mockserver.documents.yaml_text import parse_document

TREE = parse_document(
    "name: Dana\ntags: [a, {b: 1.50}]\nnone:\nyes: true\n1: one\n'a/b~1c d': {'': odd}\n",
    "f.yaml",
)


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("fixtures/customers.yaml"), "fixtures/customers.yaml:1:1"),
        (Place("f.yaml", 3, 4), "f.yaml:3:4"),
        (Place("#/0/reply", 0), "#/0/reply"),
        (Place("#", 0, 0), "#"),
    ],
)
def test_place_is_shown_with_its_line_if_any(place: Place, shown: str) -> None:
    assert str(place) == shown


@pytest.mark.parametrize(
    ("path", "place"),
    [
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
    ],
)
def test_find_returns_the_last_node_on_the_way(path: list[str], place: tuple[int, int]) -> None:
    assert TREE.find(path).place == Place("f.yaml", *place)


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("#", (1, 1)),
        ("#/name", (1, 7)),
        ("#/tags/1/b", (2, 15)),
        ("#/a~1b~01c%20d", (6, 13)),
        ("#/a~1b~01c%20d/", (6, 18)),
        ("#/name/first", None),
        ("#/tags/2", None),
        ("#/", None),
        ("#name", None),
        ("/name", None),
        ("other.yaml#/name", None),
        ("", None),
    ],
)
def test_follow_returns_the_node_at_a_pointer(pointer: str, place: tuple[int, int] | None) -> None:
    node = TREE.follow(pointer)

    assert (node and (node.line, node.column)) == place


def test_node_outside_a_mapping_is_its_own_key() -> None:
    node = TREE.find(["tags", "0"])

    assert node.key_place == node.place


@pytest.mark.parametrize(("path", "count"), [([], 6), (["tags"], 2), (["tags", "1"], 1), (["name"], 0), (["none"], 0)])
def test_children_are_values_or_entries(path: list[str], count: int) -> None:
    assert len(list(TREE.find(path).children)) == count


@pytest.mark.parametrize(
    ("text", "is_number"),
    [("1", True), ("1.5", True), ("'1'", False), ("true", False), ("~", False), ("x", False), ("[1]", False)],
)
def test_only_a_plain_number_is_a_number(text: str, is_number: bool) -> None:
    assert parse_document(f"- {text}", "f.yaml").find(["0"]).is_number is is_number


def test_to_json_leaves_the_places_out() -> None:
    assert TREE.to_json() == {
        "name": "Dana",
        "tags": ["a", {"b": 1.5}],
        "none": None,
        "yes": True,
        "1": "one",
        "a/b~1c d": {"": "odd"},
    }


def test_node_made_by_hand_has_no_text() -> None:
    assert Node(None, "f.yaml", 3, 4).text == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        ("True", "True"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-7, "-7"),
        (1.5, "1.5"),
        (10**20, "100000000000000000000"),
    ],
)
def test_scalar_has_the_text_of_a_request(value: Scalar, text: str) -> None:
    assert write_scalar(value) == text


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(None, True), ("", True), ("\t\n\xa0\u2003\u3000", True), ("\x1c", False), ("a ", False), (0, False), ([], False)],
)
def test_null_and_white_space_are_blank(value: object, verdict: bool) -> None:
    assert is_blank(value) is verdict
