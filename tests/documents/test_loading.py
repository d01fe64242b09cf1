"""Files with one document: which are JSON and which YAML, and what is refused with its place."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.loading import SIZE_LIMIT, load_document
from mockserver.documents.nodes import Node, Place
from mockserver.documents.problems import DocumentError
from tests.support.problems import list_problems


def load(path: Path, content: bytes, size_limit: int = SIZE_LIMIT) -> Node:
    path.write_bytes(content)
    return load_document(path, "f.yaml", size_limit)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a: 1\nb: caf\xe9\n", "f.yaml:2:7: Byte 0xE9 is not UTF-8. Save the file as UTF-8."),
        (b"\xef\xbb\xbfa: caf\xe9\n", "f.yaml:1:7: Byte 0xE9 is not UTF-8. Save the file as UTF-8."),
        ("a: 1".encode("utf-16"), "f.yaml:1:1: Byte 0xFF is not UTF-8. Save the file as UTF-8."),
        ("😀: é".encode()[:-1], "f.yaml:1:4: Byte 0xC3 is not UTF-8. Save the file as UTF-8."),
        (b"a: 1\rb: \xff", "f.yaml:2:4: Byte 0xFF is not UTF-8. Save the file as UTF-8."),
    ],
)
def test_file_in_another_encoding_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    assert list_problems(load, tmp_path / "f.yaml", content) == [problem]


def test_size_limit_is_the_largest_size(tmp_path: Path) -> None:
    assert load(tmp_path / "f.yaml", b"a: 1234567", 10).to_json() == {"a": 1234567}
    assert list_problems(load, tmp_path / "f.yaml", b"a: 12345678", 10) == [
        "f.yaml:1:1: The file has 11 bytes, the limit is 10. Split it."
    ]


def test_byte_order_mark_takes_no_column(tmp_path: Path) -> None:
    node = load(tmp_path / "f.yaml", b"\xef\xbb\xbfa: 1\n")

    assert (node.place, node.find(["a"]).place) == (Place("f.yaml", 1, 1), Place("f.yaml", 1, 4))


def test_text_of_any_language_is_read(tmp_path: Path) -> None:
    node = load(tmp_path / "f.yaml", "דנה: [欧阳, O'Neill, é, 😀]\r\n".encode())

    assert node.to_json() == {"דנה": ["欧阳", "O'Neill", "é", "😀"]}


def test_unreadable_file_is_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "missing.yaml"

    finding = "The file cannot be read: No such file or directory."
    assert list_problems(load_document, path) == [f"{path}:1:1: {finding} Check that it exists and may be read."]


ROCKET = '{"a": ["\\ud83d\\ude80", 1.50, "\\u2028\\/"],\n\t"b": null}'


@pytest.mark.parametrize("name", ["f.json", "f.JSON", "f.yaml", "f.yml", "f"])
def test_json_is_read_under_any_name(tmp_path: Path, name: str) -> None:
    node = load(tmp_path / name, f"\n {ROCKET}\n".encode("utf-8-sig"))

    assert node.to_json() == {"a": ["🚀", 1.5, "\u2028/"], "b": None}
    assert (str(node.find(["a", "1"]).place), node.find(["a", "1"]).text) == ("f.yaml:2:25", "1.50")
    assert node.find(["b"]).key_place == Place("f.yaml", 3, 2)


@pytest.mark.parametrize(
    "text", ["{a: 1, b: [x, 'y']}", "[1, 2,]", "{'a': 1}", '{"a": 1} # comment', "{a: 0.5}", "a: 1"]
)
def test_other_text_is_json_by_its_name_only(tmp_path: Path, text: str) -> None:
    assert load(tmp_path / "f.yaml", text.encode()).value is not None
    assert "This is not JSON: " in list_problems(load, tmp_path / "f.json", text.encode())[0]


TWICE = "is given twice, first in line 1. Keep one of the two."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1, "a": 2}', f"1:10: a {TWICE}"),
        ('{"a": "\\ud83d"}', "1:7: U+D83D is half of a character. Write the whole one."),
        ("[" * 101 + "]" * 101, "1:101: Over 100 levels stand inside each other. Flatten them."),
    ],
    ids=["twice", "half", "deep"],
)
@pytest.mark.parametrize("name", ["f.json", "f.yaml"])
def test_problem_of_json_has_its_place(tmp_path: Path, name: str, text: str, problem: str) -> None:
    assert list_problems(load, tmp_path / name, text.encode()) == [f"f.yaml:{problem}"]


def test_utf_16_without_a_mark_is_refused(tmp_path: Path) -> None:
    for codec in ("utf-16-le", "utf-16-be"):
        problems = list_problems(load, tmp_path / "f.json", '{"a": 1}'.encode(codec))
        assert problems == ["f.yaml:1:1: The file begins like UTF-16. Save the file as UTF-8."]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
    max_leaves=20,
)


@settings(derandomize=True, database=None, deadline=None)
@given(value=VALUES, is_ascii=st.booleans(), indent=st.sampled_from([None, 0, 2, "\t"]))
def test_whatever_python_writes_as_json_is_read(
    value: object, is_ascii: bool, indent: int | str | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"

    text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)

    assert load(path, text.encode()).to_json() == value


@settings(derandomize=True, database=None, deadline=None)
@given(content=st.binary(), suffix=st.sampled_from(["yaml", "json"]))
def test_any_bytes_are_read_or_refused(content: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"bytes.{suffix}"
    try:
        load(path, content).to_json()
    except DocumentError as error:
        lines = error.lines
    else:
        lines = []

    assert [line for line in lines if not line.startswith("f.yaml:")] == []
