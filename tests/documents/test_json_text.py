"""JSON text: what is read strictly, and how values are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockserver.documents.json_text import JsonError, is_json, read_json, write_json
from mockserver.documents.nodes import Json
from mockserver.documents.numbers import Number, WrittenNumber


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "expecting value: line 1 column 1 (char 0)"),
        ("{", "expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{'a': 1}", "expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("{}\n x", "extra data: line 2 column 2 (char 4)"),
        ("[NaN]", "it has no number NaN"),
        ("Infinity", "it has no number Infinity"),
        ("[-Infinity]", "it has no number -Infinity"),
        pytest.param(f"[{'9' * 5000}]", "it has a number that is too large", id="digits"),
        ("[1e999]", "it has a number that is too large"),
        pytest.param("[" * 100_000, None, id="deep"),
    ],
)
def test_text_is_refused_with_a_reason(text: str, reason: str | None) -> None:
    with pytest.raises(JsonError) as caught:
        read_json(text)

    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("text", "value", "repeats"),
    [
        ("[1, {}]", [1, {}], ()),
        ('{"a": 1, "b": 2, "a": 3, "a": 4}', {"a": 4, "b": 2}, ("a",)),
        (
            '[1, {"a": [{"": 1, "": 2}, 0], "b": 1, "b": {"c.": 1, "c.": 2}}]',
            [1, {"a": [{"": 2}, 0], "b": {"c.": 2}}],
            ("1.b", "1.a.0.''", "1.b.c."),
        ),
    ],
)
def test_names_given_twice_are_found(text: str, value: object, repeats: tuple[str, ...]) -> None:
    assert read_json(text) == (value, repeats)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("1.10", 1.1), ("1E2", 100.0), ("-0", 0), ("-0.0", -0.0), ("1.5", 1.5)),
        *((text, WrittenNumber(text)) for text in ("0.12345678901234567890", "1e400", "-1e-400")),
    ],
)
def test_number_is_plain_unless_digits_are_lost(text: str, value: Number) -> None:
    read, _ = read_json(text)

    assert (type(read), read) == (type(value), value)


@pytest.mark.parametrize(("text", "is_it"), [("[1]", True), ('{"a": 1, "a": 2}', True), ("{a: 1}", False), ("", False)])
def test_json_is_told_from_other_text(text: str, is_it: bool) -> None:
    assert is_json(text) == is_it


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('"', r"\""),
        ("\\", r"\\"),
        ("\b\f\n\r\t", r"\b\f\n\r\t"),
        ("\0\x01\x0b\x1f", r"\u0000\u0001\u000b\u001f"),
        ("\x85\u2028\u2029", r"\u0085\u2028\u2029"),
        ("/<>&'", "/<>&'"),
        ("\x7f\x80\x84\x86\xa0\ufeff", "\x7f\x80\x84\x86\xa0\ufeff"),
        ("Zoë שלום 日本 😀", "Zoë שלום 日本 😀"),
        ("\u200e\u200d\ufffd\ue000", "\u200e\u200d\ufffd\ue000"),
        (r"\u0085", r"\\u0085"),
    ],
)
def test_values_and_names_are_escaped_like_json_net(text: str, written: str) -> None:
    assert write_json({text: [text]}) == f'{{"{written}":["{written}"]}}'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-1, "-1"),
        (2147483647, "2147483647"),
        (1.5, "1.5"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ([1, [None, {"a": []}]], '[1,[null,{"a":[]}]]'),
        (WrittenNumber("1E2"), "1E2"),
        ({'a"': [WrittenNumber("-0"), 1.5, {"b": WrittenNumber("1.10")}]}, '{"a\\"":[-0,1.5,{"b":1.10}]}'),
        ([WrittenNumber("1e400"), "\u2028", None, True], '[1e400,"\\u2028",null,true]'),
        ({"b": 1, "a": 2, "": 3, "$type": 4}, '{"b":1,"a":2,"":3,"$type":4}'),
    ],
)
def test_values_are_written_without_blanks(value: Json, written: str) -> None:
    assert write_json(value) == written


def test_value_that_json_lacks_is_refused() -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        write_json([{1}])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
    max_leaves=20,
)


@given(value=JSON)
def test_written_text_reads_back_as_the_value(value: Json) -> None:
    assert json.loads(write_json(value)) == value


@given(text=st.text(alphabet=st.characters(categories=["Cc", "Zl", "Zp", "Lu"])))
def test_no_character_that_ends_a_line_stays(text: str) -> None:
    written = write_json(text)

    assert written.splitlines() == [written]
