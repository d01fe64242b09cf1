"""Bodies compared with fixtures, member by member."""

from __future__ import annotations

from typing import Any, Final

import pytest

from mockserver.documents.numbers import WrittenNumber
from mockserver.provider.comparison import Comparison

ROWS: Final[dict[str, tuple[Any, Any, list[str]]]] = {
    "equal": ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, []),
    "number written otherwise": ({"a": WrittenNumber("1.50")}, {"a": 1.5}, []),
    "order of members": ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    "true is not one": ({"a": True}, {"a": 1}, ["a is 1, the fixture has true"]),
    "number as text": ({"a": 1}, {"a": "1"}, ["a is '1', the fixture has 1"]),
    "null": ({"a": None}, {"a": 0}, ["a is 0, the fixture has null"]),
    "missing": ({"a": None}, {}, ["a is missing, the fixture has null"]),
    "more": ({}, {"a": 1}, ["a is 1, the fixture has none"]),
    "inside": ({"a": {"b": 1}}, {"a": {"b": 2}}, ["a.b is 2, the fixture has 1"]),
    "items": ({"a": [1, 2]}, {"a": [1, 3, 4]}, ["a.1 is 3, the fixture has 2", "a.2 is 4, the fixture has none"]),
    "other kinds": ({"a": {}}, {"a": []}, ["a is [], the fixture has {}"]),
    "whole": ({"a": 1}, None, ['the body is null, the fixture has {"a": 1}']),
    "text": ("yes", "no", ["the body is 'no', the fixture has 'yes'"]),
    "volatile": ({"date": 1}, {"date": 2}, []),
    "volatile of items": (
        {"rows": [{"at": 1, "b": 1}]},
        {"rows": [{"at": 2, "b": 2}]},
        ["rows.0.b is 2, the fixture has 1"],
    ),
    "inside of volatile": ({"date": {"day": 1}}, {"date": {}}, []),
    "as volatile": ({"dates": 1}, {"dates": 2}, ["dates is 2, the fixture has 1"]),
    "secret": ({"token": "a"}, {"token": "b"}, ["token is a secret, the fixture has a secret"]),
    "inside of a secret": ({"token": {"a": 1}}, {"token": {"a": None}}, ["token.a is null, the fixture has a secret"]),
    "odd name": ({"a\x1b": 1}, {"a\x1b": 2}, ["a\\x1b is 2, the fixture has 1"]),
}
"""The fixture, the body, and what differs."""

COMPARISON: Final = Comparison(frozenset({"date", "rows.at"}), lambda name: name == "token")


@pytest.mark.parametrize("name", ROWS)
def test_bodies_are_compared(name: str) -> None:
    wanted, given, expected = ROWS[name]

    assert list(map(str, COMPARISON.compare(wanted, given))) == expected


def test_only_given_members_are_compared() -> None:
    found = COMPARISON.compare_members({"a": 1, "b": 2, "date": 3}, {"a": 1, "b": 0, "c": 4})

    assert [each.names for each in found] == [("b",)]


def test_body_that_is_no_object_lacks_members() -> None:
    assert list(map(str, COMPARISON.compare_members({"a": 1}, [1]))) == ["a is missing, the fixture has 1"]
