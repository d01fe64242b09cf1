"""Placeholders: which texts have them, and what becomes of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract import Arguments
from mockserver.documents import Json
from mockserver.placeholders import changes_when_filled, fill_text, fill_value, find_placeholders, iter_texts

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)

ARGUMENTS: Arguments = {"id": "a b", "idType": 7, "is-new": True, "rate": 1.5, "blank": None, "a.b_c": "dotted"}

TEXTS: list[tuple[str, tuple[str, ...], bool, str]] = [
    ("", (), False, ""),
    ("plain", (), False, "plain"),
    ("{id}", ("id",), True, "a b"),
    ("<{id}>", ("id",), True, "<a b>"),
    ("{id}{idType}", ("id", "idType"), True, "a b7"),
    ("{id} {id}", ("id", "id"), True, "a b a b"),
    ("{is-new} {rate} {a.b_c}", ("is-new", "rate", "a.b_c"), True, "true 1.5 dotted"),
    # What is null, or not there, is blank.
    ("[{blank}]", ("blank",), True, "[]"),
    ("[{other}]", ("other",), True, "[]"),
    # The text itself.
    ("{{id}}", (), True, "{id}"),
    ("{{other}}", (), True, "{other}"),
    ("{{id}} is {id}", ("id",), True, "{id} is a b"),
    ("{{{id}}}", (), True, "{{id}}"),
    # One brace too many is text.
    ("{{id}", ("id",), True, "{a b"),
    ("{id}}", ("id",), True, "a b}"),
    # What has not the form of a name is no placeholder.
    ("{}", (), False, "{}"),
    ("{ id }", (), False, "{ id }"),
    ("{1}", (), False, "{1}"),
    ("{-a}", (), False, "{-a}"),
    ('{"id": 1}', (), False, '{"id": 1}'),
    ("{id", (), False, "{id"),
    ("id}", (), False, "id}"),
    ("{i\nd}", (), False, "{i\nd}"),
    ("{é}", (), False, "{é}"),
    ("{id\n}", (), False, "{id\n}"),
]


@pytest.mark.parametrize(("text", "names", "is_changed", "filled"), TEXTS)
def test_placeholders_of_a_text_are_filled_in(text: str, names: tuple[str, ...], is_changed: bool, filled: str) -> None:
    assert (find_placeholders(text), changes_when_filled(text), fill_text(text, ARGUMENTS)) == (
        names,
        is_changed,
        filled,
    )


def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert fill_text("{id} {idType}", {"id": "{idType}", "idType": r"\1 {{id}}"}) == r"{idType} \1 {{id}}"


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        # The whole text: the argument itself.
        ("{idType}", 7),
        ("{is-new}", True),
        ("{rate}", 1.5),
        ("{id}", "a b"),
        ("{blank}", None),
        ("{other}", None),
        # Within a text: its text.
        ("{idType}!", "7!"),
        ("{idType}{idType}", "77"),
        ("{blank}!", "!"),
        ("{{idType}}", "{idType}"),
        (" {idType}", " 7"),
        # Inside lists and mappings; names of members are no texts.
        ({"{id}": ["{idType}", {"a": "{id}"}], "b": "{{id}}"}, {"{id}": [7, {"a": "a b"}], "b": "{id}"}),
        # What is no text stays.
        (None, None),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        ([], []),
        ({}, {}),
    ],
)
def test_values_are_filled_in_with_their_types(value: Json, filled: Json) -> None:
    found = fill_value(value, ARGUMENTS)

    assert (found, type(found)) == (filled, type(filled))


def test_all_texts_of_a_value_are_looked_at_but_no_names() -> None:
    value: Json = {"{a}": "b", "c": ["d", {"e": "f", "g": None}, 1, True], "h": ""}

    assert list(iter_texts(value)) == ["b", "d", "f", ""]
    assert list(iter_texts("a")) == ["a"]
    assert list(iter_texts(None)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("ab{}", max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab{}", max_size=4), inner, max_size=4),
    max_leaves=10,
)


@repeatable
@given(JSON)
def test_value_without_braces_stays_as_it_is(value: Json) -> None:
    is_same = fill_value(value, {"a": "x", "b": 1}) == value

    assert is_same is not any(changes_when_filled(text) for text in iter_texts(value))
