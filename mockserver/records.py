"""Records: what fixtures know of the things an API returns, and how an operation finds one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from operator import itemgetter

from mockserver.contract import Arguments, Operation, Selector
from mockserver.documents import Json


@dataclass(frozen=True, slots=True)
class Record:
    """The members that a fixture gives of one record; the others are generated.

    `file` is the fixture file as answers name it, from the fixture folder down; `lines` has the line of each
    member.
    """

    component: str
    members: Mapping[str, Json]
    file: str
    line: int
    lines: Mapping[str, int]

    @property
    def source(self) -> str:
        """Where the record stands: `fixtures/customers.yaml:12`."""
        return f"{self.file}:{self.line}"

    def source_of(self, member: str) -> str:
        """Where the *member* stands, or the record for one that it leaves out."""
        return f"{self.file}:{self.lines.get(member, self.line)}"


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A record with its rank: those that give more members come first, then those higher up in the files."""

    rank: tuple[int, int]
    record: Record


_Values = tuple[tuple[str, type, str], ...]


class RecordIndex:
    """The records of one operation, found in a time that does not grow with their number.

    Each record is filed under the values it gives, once for every set of filters that a request may leave open;
    a request looks once in every group of records that give the same filters.
    """

    def __init__(self, operation: Operation, records: Iterable[Record]) -> None:
        self._keys = operation.keys
        self._filters = operation.filters
        self._groups: dict[frozenset[str], dict[_Values, _Ranked]] = {}
        for order, record in enumerate(records):
            self._add(record, order)

    def _add(self, record: Record, order: int) -> None:
        given = [selector for selector in self._filters if selector.member in record.members]
        group = self._groups.setdefault(frozenset(selector.parameter for selector in given), {})
        ranked = _Ranked((-len(given), order), record)
        values = {s.parameter: record.members.get(s.member) for s in (*self._keys, *given)}
        for size in range(len(given) + 1):
            for restricting in combinations(given, size):
                group.setdefault(self._values(values, restricting), ranked)

    def _values(self, values: Mapping[str, Json], restricting: Iterable[Selector]) -> _Values:
        names = [selector.parameter for selector in (*self._keys, *restricting)]
        return tuple((name, type(values[name]), str(values[name])) for name in names)

    def find(self, arguments: Arguments) -> Record | None:
        """The record that the *arguments* select, or None.

        First comes the one that gives most of what was asked for, then the one that gives more, then the first.
        """
        restricting = [s for s in self._filters if s.restricts(arguments[s.parameter])]
        found = []
        for given, group in self._groups.items():
            matched = [selector for selector in restricting if selector.parameter in given]
            ranked = group.get(self._values(arguments, matched))
            if ranked is not None:
                found.append((-len(matched), ranked.rank, ranked.record))
        return min(found, key=itemgetter(0, 1))[2] if found else None
