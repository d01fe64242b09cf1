"""The coverage of many tests: the sum of what the stub has measured for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.http.sources import Source
from mockserver.insight.coverage import Coverage, Row
from mockserver.insight.coverage_texts import write_as_json


class CoverageSum:
    """Adds up what the address `coverage` gives; what tests have added themselves is left out."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str, bool], int] = {}
        self._fixtures = 0
        self._unused: list[Source] | None = None

    def add(self, measured: Mapping[str, Any]) -> None:
        """Add what one session, or one process, has exercised."""
        for row in measured["rows"]:
            key = (row["operation"], row["part"], row["name"], row["declared"])
            self._counts[key] = self._counts.get(key, 0) + row["count"]
        fixtures = measured["fixtures"]
        unused = [Source(each["kind"], each["name"], each["place"]) for each in fixtures["unused"]]
        self._fixtures = fixtures["total"]
        self._unused = unused if self._unused is None else [each for each in self._unused if each in set(unused)]

    @property
    def coverage(self) -> Coverage:
        """What was exercised in all."""
        rows = (
            Row(operation, part, name, count, declared) for (operation, part, name, declared), count in self._sort()
        )
        return Coverage(tuple(rows), self._fixtures, tuple(self._unused or ()))

    def _sort(self) -> list[tuple[tuple[str, str, str, bool], int]]:
        """Return the counts, undeclared replies last and by name: they come in the order in which workers end."""
        return sorted(self._counts.items(), key=lambda pair: (not pair[0][3], () if pair[0][3] else pair[0]))

    def to_json(self) -> str:
        """Return it as `add` takes it."""
        return write_as_json(self.coverage)
