"""The comparison of JSON values: objects as subsets, lists item by item."""

from __future__ import annotations

import pytest

from mockserver.documents.nodes import Json
from mockserver.documents.numbers import WrittenNumber
from mockserver.insight.json_subset import find_differences

NEAR = "0.12345678901234568"


@pytest.mark.parametrize(
    ("wanted", "given", "differences"),
    [
        (1, 1, []),
        (1, 1.0, []),
        (WrittenNumber("1.10"), 1.1, []),
        ([WrittenNumber("1e400")], [WrittenNumber("10e399")], []),
        (
            WrittenNumber("0.12345678901234567890"),
            0.12345678901234568,
            [f"body is {NEAR}, wanted 0.12345678901234567890"],
        ),
        (1, 2, ["body is 2, wanted 1"]),
        (1, True, ["body is true, wanted 1"]),
        (False, 0, ["body is 0, wanted false"]),
        (None, None, []),
        ("a", None, ["body is null, wanted 'a'"]),
        ({}, {"a": 1}, []),
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1, "b": 2}, {"a": 2}, ["body.a is 2, wanted 1", "body.b is missing, wanted 2"]),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 2, "d": 3}]}}, []),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ["body.a.b.1.c is 3, wanted 2"]),
        ([1], [1, 2], ["body has 2 items, wanted 1"]),
        ([], {}, ["body is {}, wanted []"]),
        ({}, [], ["body is [], wanted {}"]),
        ({"\x1b": 1}, {}, ["body.\\x1b is missing, wanted 1"]),
    ],
    ids=str,
)
def test_difference_names_its_place(wanted: Json, given: object, differences: list[str]) -> None:
    assert list(find_differences(wanted, given, "body")) == differences
