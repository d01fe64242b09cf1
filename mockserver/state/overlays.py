"""What a session lays over the fixtures, and how often each answer was asked for and given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.contract.contract import Arguments
from mockserver.fixtures.answers import Answer, AnswerIndex
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import Effect
from mockserver.http.messages import Request
from mockserver.http.preferences import NONE, Preferences


class Overlay:
    """What a session lays over the fixtures; it never changes, so plans can be kept by it.

    Its `answers` come before those of the files, and in their order; a file's answer of the same name is not there.
    """

    def __init__(self, answers: Iterable[Answer] = (), defaults: Preferences = NONE) -> None:
        self.answers = tuple(answers)
        self.defaults = defaults
        self.headers = frozenset(each.parameter for answer in self.answers for each in answer.headers)
        self._names = frozenset(answer.name for answer in self.answers)
        operations = {answer.operation for answer in self.answers}
        self._indexes: Mapping[str, AnswerIndex] = {
            operation: AnswerIndex(operation, self.answers, ordered=True) for operation in operations
        }

    def find(self, operation: str, arguments: Arguments, request: Request) -> list[Answer]:
        """The answers that are met, in their order."""
        index = self._indexes.get(operation)
        return [] if index is None else index.find(arguments, request)

    def hides(self, answer: Answer) -> bool:
        """Whether an answer of a file is replaced."""
        return answer.name in self._names


NOTHING_ADDED: Final = Overlay()
"""What a session begins with: nothing."""


def lay_over(answers: Sequence[Answer], defaults: Preferences) -> Overlay:
    """The overlay of these; what has nothing in it is told by its identity."""
    return Overlay(answers, defaults) if answers or defaults is not NONE else NOTHING_ADDED


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer whose turn it is: the reply it gives this time, and what happens to that on its way."""

    answer: Answer
    reply: AnswerReply
    effect: Effect


@dataclass(slots=True)
class Count:
    """How often an answer was asked for, and how often it was given."""

    calls: int = 0
    given: int = 0
