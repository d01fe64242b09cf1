"""Answers: replies that fixtures write by hand, when each is given, and how an operation finds one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Final

from mockserver.aspnet.binding import WHITE_SPACE
from mockserver.aspnet.faults import ExceptionDetail
from mockserver.aspnet.formatting import format_json
from mockserver.contract import Arguments
from mockserver.documents import Json, Scalar, write_scalar
from mockserver.effects import DRIBBLE_SECONDS, Effect
from mockserver.exchange import Headers, Request, keep_printable
from mockserver.placeholders import fill_text, fill_value

INDEX_LIMIT: Final = 10_000
"""Combinations of listed values up to which one answer is indexed; beyond, it is compared on each request.

One list alone is indexed however long it is, as it has no more combinations than values.
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """What one argument is compared with: one of *values*, or the whole of *pattern*. Null stands for blank.

    Where it compares a header of the request, `parameter` is the header's name in lower case.
    """

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
            return self.pattern.fullmatch(write_scalar(argument)) is not None
        return _as_key(argument) in map(_as_key, self.values)

    @property
    def identity(self) -> tuple[str, frozenset[str], str | None]:
        """Equal for two conditions that compare the same."""
        pattern = None if self.pattern is None else self.pattern.pattern
        return self.parameter, frozenset(map(_as_key, self.values)), pattern


@dataclass(frozen=True, slots=True)
class Delay:
    """Seconds by which an answer is held back; where there is a range, each call draws its own."""

    least: float
    most: float

    @property
    def is_drawn(self) -> bool:
        """Whether calls differ."""
        return self.least != self.most

    def pick(self, fraction: float) -> float:
        """The seconds that lie at this *fraction* (0 to 1) of the range."""
        return self.least + (self.most - self.least) * fraction


@dataclass(frozen=True, slots=True)
class Template:
    """A reply with placeholders as it is written. `body` and `text` are null where there are none in it."""

    headers: Headers = ()
    body: Json = None
    text: str | None = None
    charset: str = "utf-8"


@dataclass(frozen=True, slots=True)
class AnswerReply:
    """What an answer replies. `json` is sent as JSON, `text` as it stands; neither is the status' own body.

    `exception` is what the body of a 500 tells those who may see error detail. A `sequence` is given one reply after
    the other, then the last for good, or all again where it is a cycle. `chance` (0 to 1) is how often there is an
    answer at all. With a `template`, headers, `json` and `text` hold its text, and `fill` what is sent.
    """

    status: int | None = None
    headers: Headers = ()
    json: str | None = None
    text: bytes | None = None
    exception: ExceptionDetail | None = None
    delay: Delay | None = None
    fault: str | None = None
    dribble: float = DRIBBLE_SECONDS
    sequence: tuple[AnswerReply, ...] = ()
    is_cycle: bool = False
    chance: float | None = None
    template: Template | None = None

    @property
    def has_no_body(self) -> bool:
        """Whether the body, if there is one, is the status' own."""
        return self.json is None and self.text is None

    @property
    def is_decoration(self) -> bool:
        """Whether it only adds headers, a delay or a fault to the answer that would be given otherwise."""
        return self.status is None and self.has_no_body and not self.sequence

    @property
    def sure_status(self) -> int | None:
        """The status that it has; None for a decoration, which has that of another."""
        return None if self.is_decoration else self.status or 200

    @property
    def is_drawn(self) -> bool:
        """Whether something in it is drawn anew for each call."""
        return self.chance is not None or any(each.delay and each.delay.is_drawn for each in (self, *self.sequence))

    def at(self, number: int) -> AnswerReply:
        """The reply that is given the *number*th time, counted from 1."""
        if not self.sequence:
            return self
        last = len(self.sequence)
        return self.sequence[((number - 1) % last if self.is_cycle else min(number, last) - 1)]

    def effect(self, fraction: float) -> Effect:
        """Its delay, where it is drawn at this *fraction* (0 to 1) of its range, and its fault."""
        return Effect(None if self.delay is None else self.delay.pick(fraction), self.fault, self.dribble)

    def fill(self, arguments: Arguments) -> AnswerReply:
        """The reply with its placeholders filled in; in a header anything but plain ASCII is percent-encoded."""
        written = self.template
        if written is None:
            return self
        in_header = {name: keep_printable(write_scalar(value)) for name, value in arguments.items()}
        return replace(
            self,
            headers=tuple((name, fill_text(value, in_header)) for name, value in written.headers),
            json=self.json if written.body is None else format_json(fill_value(written.body, arguments)),
            text=self.text
            if written.text is None
            else fill_text(written.text, arguments).encode(written.charset, "replace"),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply written by hand. `unchecked` says that its body breaks the contract on purpose.

    `when` compares parameters and `headers` those of the request. `call` is the only one of the calls that meet these
    for which there is an answer, counted from 1; `times` is how often it is given at the most.
    """

    name: str
    operation: str
    when: tuple[Condition, ...]
    reply: AnswerReply
    source: str
    unchecked: bool = False
    headers: tuple[Condition, ...] = ()
    call: int | None = None
    times: int | None = None

    @property
    def identity(self) -> object:
        """Equal for two answers that compare the same."""
        compared = [frozenset(each.identity for each in part) for part in (self.when, self.headers)]
        return self.operation, *compared, self.call

    @property
    def precision(self) -> tuple[int, int, int]:
        """Less is more precise: more named (parameters, headers, the call), then fewer patterns, then fewer lists."""
        conditions = (*self.when, *self.headers)
        named = len(conditions) + (self.call is not None)
        patterns = sum(condition.pattern is not None for condition in conditions)
        return -named, patterns, sum(condition.is_list for condition in conditions)

    @property
    def is_counted(self) -> bool:
        """Whether it depends on the number of the call."""
        return self.call is not None or self.times is not None or bool(self.reply.sequence) or self.reply.is_drawn

    def is_met(self, arguments: Arguments) -> bool:
        """Whether every condition on a parameter is met; one that the operation does not have (any more) is blank."""
        return all(condition.is_met(arguments.get(condition.parameter)) for condition in self.when)

    def has_headers(self, request: Request) -> bool:
        """Whether every condition on a header is met; one that was not sent is blank."""
        return all(condition.is_met(_read_text(request.header(condition.parameter))) for condition in self.headers)


_Rank = tuple[int, int, int, int]


class AnswerIndex:
    """The answers of one operation; those that compare with values are found without looking at the others.

    The most precise comes first, then the first in the files. Where the answers are *ordered* already it is just the
    first of them; these are few and change often, so each is looked at.
    """

    def __init__(self, operation: str, answers: Iterable[Answer], *, ordered: bool = False) -> None:
        self._indexed: dict[tuple[str, ...], dict[tuple[str, ...], list[tuple[_Rank, Answer]]]] = {}
        self._compared: list[tuple[_Rank, Answer]] = []
        self._is_ordered = ordered
        own = (answer for answer in answers if answer.operation == operation)
        for order, answer in enumerate(own):
            precision = (0, 0, 0) if ordered else answer.precision
            self._add((*precision, order), answer)

    def _add(self, rank: _Rank, answer: Answer) -> None:
        keys = [dict.fromkeys(map(_as_key, condition.values)) for condition in answer.when]
        sizes = [len(each) for each in keys]
        is_large = prod(sizes) > max(INDEX_LIMIT, sum(sizes))
        if self._is_ordered or is_large or any(c.pattern is not None for c in answer.when):
            self._compared.append((rank, answer))
            return
        names = tuple(condition.parameter for condition in answer.when)
        table = self._indexed.setdefault(names, {})
        for combination in product(*keys):
            table.setdefault(combination, []).append((rank, answer))

    def find(self, arguments: Arguments, request: Request) -> list[Answer]:
        """The answers whose conditions on parameters and headers are met, in their order."""
        keys: Mapping[str, str] = {name: _as_key(value) for name, value in arguments.items()}
        found = [row for row in self._compared if row[1].is_met(arguments)]
        for names, table in self._indexed.items():
            found += table.get(tuple(keys.get(name, "") for name in names), ())
        return [answer for _, answer in sorted(found, key=lambda row: row[0]) if answer.has_headers(request)]


def _read_text(header: str | None) -> str | None:
    """A header as it is meant: servers give its bytes as Latin-1, and most clients send UTF-8."""
    if header is None or header.isascii():
        return header
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _as_key(value: Scalar) -> str:
    """Text that is equal for equal arguments; blank text and null are one, as both bind to null."""
    text = write_scalar(value)
    return text if text.strip(WHITE_SPACE) else ""
