"""The sum of the coverage of tests: it is the same in whatever order they end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from typing import Any

from mockserver.testing.coverage_sum import CoverageSum


def measure(status: str, *unused: str) -> dict[str, Any]:
    """What one test has exercised: a declared reply, and one that is not declared."""
    declared = [{"operation": "get", "part": "reply", "name": name, "declared": True, "count": 1} for name in "BA"]
    odd = {"operation": "get", "part": "reply", "name": status, "declared": False, "count": 2}
    fixtures = [{"kind": "record", "name": name, "place": f"f:{name}"} for name in unused]
    return {"rows": [*declared, odd], "fixtures": {"total": 3, "unused": fixtures}}


def write_sums() -> Iterator[str]:
    """The sum of three tests, in each order."""
    for tests in permutations([measure("503", "1", "2", "3"), measure("401", "1", "3"), measure("503", "2", "3")]):
        total = CoverageSum()
        for each in tests:
            total.add(each)
        yield total.to_json()


def test_order_of_tests_changes_nothing() -> None:
    written = set(write_sums())

    (text,) = written
    shown = json.loads(text)
    assert [(row["name"], row["count"]) for row in shown["rows"]] == [("B", 3), ("A", 3), ("401", 2), ("503", 4)]
    assert [each["name"] for each in shown["fixtures"]["unused"]] == ["3"]
