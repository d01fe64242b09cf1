"""Answers: replies that fixtures write by hand, when each is given, and how an operation finds one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final

from mockserver.aspnet.binding import WHITE_SPACE
from mockserver.aspnet.faults import ExceptionDetail
from mockserver.contract import Arguments, Operation
from mockserver.documents import Scalar
from mockserver.exchange import Headers

INDEX_LIMIT: Final = 10_000
"""Combinations of listed values up to which one answer is indexed; beyond, it is compared on each request.

One list alone is indexed however long it is, as it has no more combinations than values.
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one argument is compared with: one of *values*, or the whole of *pattern*. Null stands for blank."""

    parameter: str
    values: tuple[Scalar, ...] = ()
    pattern: re.Pattern[str] | None = None

    @property
    def is_list(self) -> bool:
        """Whether there are alternatives."""
        return len(self.values) > 1

    def is_met(self, argument: Scalar) -> bool:
        """Whether the *argument* is what is asked for."""
        if self.pattern is not None:
            return self.pattern.fullmatch(_as_text(argument)) is not None
        return _as_key(argument) in map(_as_key, self.values)

    @property
    def identity(self) -> tuple[str, frozenset[str], str | None]:
        """Equal for two conditions that compare the same."""
        pattern = None if self.pattern is None else self.pattern.pattern
        return self.parameter, frozenset(map(_as_key, self.values)), pattern


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """What an answer replies. `json` is sent as JSON, `text` as it stands; neither is the status' own body.

    `exception` is what the body of a 500 tells those who may see error detail.
    """

    status: int | None = None
    headers: Headers = ()
    json: str | None = None
    text: bytes | None = None
    exception: ExceptionDetail | None = None

    @property
    def has_no_body(self) -> bool:
        """Whether the body, if there is one, is the status' own."""
        return self.json is None and self.text is None

    @property
    def is_decoration(self) -> bool:
        """Whether it only adds headers to the answer that would be given otherwise."""
        return self.status is None and self.has_no_body


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply written by hand. `unchecked` says that its body breaks the contract on purpose."""

    name: str
    operation: str
    when: tuple[Condition, ...]
    reply: AnswerReply
    source: str
    unchecked: bool = False

    @property
    def identity(self) -> object:
        """Equal for two answers that compare the same."""
        return self.operation, frozenset(condition.identity for condition in self.when)

    @property
    def precision(self) -> tuple[int, int, int]:
        """Less is more precise: more parameters named, then fewer patterns, then fewer lists."""
        patterns = sum(condition.pattern is not None for condition in self.when)
        return -len(self.when), patterns, sum(condition.is_list for condition in self.when)

    def is_met(self, arguments: Arguments) -> bool:
        """Whether every condition is met."""
        return all(condition.is_met(arguments[condition.parameter]) for condition in self.when)


_Rank = tuple[int, int, int, int]


class AnswerIndex:
    """The answers of one operation; those that compare with values are found without looking at the others."""

    def __init__(self, operation: Operation, answers: Iterable[Answer]) -> None:
        self._indexed: dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[_Rank, Answer]]]] = {}
        self._compared: list[tuple[_Rank, Answer]] = []
        own = (answer for answer in answers if answer.operation == operation.id)
        for order, answer in enumerate(own):
            self._add((*answer.precision, order), answer)

    def _add(self, rank: _Rank, answer: Answer) -> None:
        keys = [dict.fromkeys(map(_as_key, condition.values)) for condition in answer.when]
        sizes = [len(each) for each in keys]
        if prod(sizes) > max(INDEX_LIMIT, sum(sizes)) or any(c.pattern is not None for c in answer.when):
            self._compared.append((rank, answer))
            return
        names = tuple(condition.parameter for condition in answer.when)
        table = self._indexed.setdefault(names, {})
        for combination in product(*keys):
            table.setdefault(combination, []).append((rank, answer))

    def find(self, arguments: Arguments) -> list[Answer]:
        """The answers whose conditions are met, the most precise first, then the first in the files."""
        keys: Mapping[str, str] = {name: _as_key(value) for name, value in arguments.items()}
        found = [row for row in self._compared if row[1].is_met(arguments)]
        for names, table in self._indexed.items():
            found += table.get(tuple(keys[name] for name in names), ())
        return [answer for _, answer in sorted(found, key=lambda row: row[0])]


def _as_text(value: Scalar) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _as_key(value: Scalar) -> str:
    """Text that is equal for equal arguments; blank text and null are one, as both bind to null."""
    text = _as_text(value)
    return text if text.strip(WHITE_SPACE) else ""
