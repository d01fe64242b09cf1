"""Overlays: what a session lays over the fixtures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mockserver.contract.contract import Arguments
from mockserver.fixtures.answers import Answer, AnswerIndex
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences


class Overlay:
    """Answers and default preferences over the fixtures. An overlay never changes.

    Its `answers` match before those of the files, in their order. They hide the answers of files with their names.
    """

    def __init__(self, answers: Iterable[Answer] = (), defaults: Preferences = NO_PREFERENCES) -> None:
        self.answers = tuple(answers)
        self.defaults = defaults
        self.headers = frozenset(each.parameter for answer in self.answers for each in answer.headers)
        self._names = frozenset(answer.name for answer in self.answers)
        operations = {answer.operation for answer in self.answers}
        self._indexes: Mapping[str, AnswerIndex] = {
            operation: AnswerIndex(operation, self.answers, ordered=True) for operation in operations
        }

    @classmethod
    def of(cls, answers: Iterable[Answer], defaults: Preferences) -> Overlay:
        """Return the overlay of answers and defaults; `NO_OVERLAY` itself if it is empty."""
        added = tuple(answers)
        return cls(added, defaults) if added or defaults is not NO_PREFERENCES else NO_OVERLAY

    def find(self, operation: str, arguments: Arguments, request: Request) -> list[Answer]:
        """Return the answers that match, in their order."""
        index = self._indexes.get(operation)
        return [] if index is None else index.find(arguments, request)

    def hides(self, answer: Answer) -> bool:
        """Return whether an answer of a file has the name of an added one."""
        return answer.name in self._names


NO_OVERLAY: Final = Overlay()
"""The overlay of a new session; compare with `is`."""
