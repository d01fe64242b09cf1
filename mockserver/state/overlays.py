"""Overlays: what a session lays over the fixtures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Final

from mockserver.contract.contract import Arguments, Operation, Selector
from mockserver.documents.json_text import write_json
from mockserver.fixtures.answers import Answer, AnswerIndex, NearAnswer
from mockserver.fixtures.records import Record, RecordIndex
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.http.sources import Source

_Named = Mapping[tuple[str, str], Record]
"""Records by component and key, the newest first."""

_Searched = tuple[str, tuple[Selector, ...]]
"""A component and the selectors of an operation."""


class AddedRecords:
    """Records over those of the files, the newest first. They never change.

    The cost of finding a record does not grow with their number. An index is prepared for each operation; one whose
    selectors a reload has changed gets its index when it first asks.
    """

    def __init__(
        self,
        named: _Named = MappingProxyType({}),
        indexes: Mapping[_Searched, RecordIndex] = MappingProxyType({}),
        size: int = 0,
    ) -> None:
        self.size = size
        """The characters of all members, written as JSON."""
        self._named = named
        self._indexes = dict(indexes)

    def __len__(self) -> int:
        return len(self._named)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._named.values())

    def find(self, operation: Operation, component: str, arguments: Arguments) -> Record | None:
        """Return the record that the arguments select, as an index of files does; of equals the newest."""
        return self.prepare(operation, component).find(arguments) if self._named else None

    def find_near(self, operation: Operation, component: str, arguments: Arguments) -> Sequence[Record]:
        """Return the records that have nearly the keys of the arguments, as an index of files does."""
        return self.prepare(operation, component).find_near(arguments) if self._named else ()

    def prepare(self, operation: Operation, component: str) -> RecordIndex:
        """Return the index that the operation finds records of the component with, made if need be."""
        searched = (component, operation.selectors)
        index = self._indexes.get(searched)
        if index is None:
            index = self._indexes[searched] = RecordIndex(operation, [r for r in self if r.component == component])
        return index

    def find_key(self, key: str) -> Record | None:
        """Return the newest record of that key, or else the newest of those that only add filters to it."""
        named = (each for each in self if each.key == key)
        longer = (each for each in self if each.key.startswith(f"{key},"))
        return next(named, None) or next(longer, None)

    def with_added(self, records: Sequence[Record]) -> AddedRecords:
        """Return these records with `records` before them, in their order; they replace those of the same key."""
        added = {(each.component, each.key): each for each in records}
        kept = {**self._named}
        replaced = [kept.pop(name) for name in added if name in kept]
        indexes = {
            (component, selectors): index.with_newer([each for each in added.values() if each.component == component])
            for (component, selectors), index in self._indexes.items()
        }
        return AddedRecords({**added, **kept}, indexes, self.size + _measure(added.values()) - _measure(replaced))

    def without(self, record: Record) -> AddedRecords:
        """Return these records without one of them."""
        named = {name: each for name, each in self._named.items() if each is not record}
        return AddedRecords(named, size=self.size - _measure([record]))


def _measure(records: Iterable[Record]) -> int:
    return sum(len(write_json(each.members)) for each in records)


NO_RECORDS: Final = AddedRecords()
"""The records of an empty overlay."""


class Overlay:
    """Answers, records and default preferences over the fixtures. An overlay never changes.

    Its `answers` match before those of the files, in their order. They hide the answers of files with their names. Its
    `records` are found before those of the files.
    """

    def __init__(
        self,
        answers: Iterable[Answer] = (),
        defaults: Preferences = NO_PREFERENCES,
        records: AddedRecords = NO_RECORDS,
    ) -> None:
        self.answers = tuple(answers)
        self.defaults = defaults
        self.records = records
        self.version = object()
        """Stands for this overlay, without holding what it has."""
        self.headers = frozenset(each.parameter for answer in self.answers for each in answer.headers)
        self._names = frozenset(answer.name for answer in self.answers)
        operations = {answer.operation for answer in self.answers}
        self._indexes: Mapping[str, AnswerIndex] = {
            operation: AnswerIndex(operation, self.answers, ordered=True) for operation in operations
        }

    @classmethod
    def of(cls, answers: Iterable[Answer], defaults: Preferences, records: AddedRecords = NO_RECORDS) -> Overlay:
        """Return the overlay of answers, defaults and records; `NO_OVERLAY` itself if it is empty."""
        added = tuple(answers)
        is_empty = not added and defaults is NO_PREFERENCES and not records
        return NO_OVERLAY if is_empty else cls(added, defaults, records)

    def with_records(self, records: AddedRecords) -> Overlay:
        """Return the overlay with these records in place of its own."""
        if not records:
            return Overlay.of(self.answers, self.defaults)
        other = copy(self)
        other.records = records
        other.version = object()
        return other

    def find(self, operation: str, arguments: Arguments, request: Request) -> list[Answer]:
        """Return the answers that match, in their order."""
        index = self._indexes.get(operation)
        return [] if index is None else index.find(arguments, request)

    def find_near(
        self, operation: str, arguments: Arguments, request: Request, keys: Sequence[str]
    ) -> list[NearAnswer]:
        """Return the answers that a request nearly gets, in their order."""
        index = self._indexes.get(operation)
        return [] if index is None else index.find_near(arguments, request, keys)

    @property
    def sources(self) -> tuple[Source, ...]:
        """What answers can come from here."""
        return (*(each.source for each in self.answers), *(each.named_source for each in self.records))

    def hides(self, answer: Answer) -> bool:
        """Return whether an answer of a file has the name of an added one."""
        return answer.name in self._names


NO_OVERLAY: Final = Overlay()
"""The overlay of a new session; compare with `is`."""
