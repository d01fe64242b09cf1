"""The lists of an operation on the page: examples, answers, records, edge cases and bodies, each with its link."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

from mockserver.contract.contract import Arguments, Operation
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.records import Record
from mockserver.generation.edges import EDGES
from mockserver.stub.links import Link, Links
from mockserver.stub.loading import Stub
from mockserver.web.admin.shown_values import show_text, show_value

_PAGE_SIZE: Final = 100
"""The most entries of a list that are shown at once."""

_SHOWN_MEMBERS: Final = 5
"""The most members of a record that are shown, beside its keys."""

_SHOWN_VALUES: Final = 5
"""The most values of a condition that are shown."""

_EDGE_NOTE: Final = "Odd but valid records, for any request: Prefer: edge=NAME, or the link."
_NOT_SERVED: Final = "The records of the fixtures are not served: the source is generated."
_Thing = TypeVar("_Thing")

Pairs = tuple[tuple[str, str], ...]
"""Names and their values, as they are shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a request can ask for. Without a `target`, no request leads to it, and it has no `status`."""

    name: str
    about: Pairs
    target: str | None
    status: str
    place: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: the entries `first` to `last` of `total`, counted from 1.

    `about` is the heading of the column that describes the entries; `note` is a remark on the whole list.
    """

    id: str
    title: str
    about: str
    entries: tuple[Entry, ...]
    first: int
    last: int
    total: int
    number: int
    pages: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """The list that a reader has turned, by its id, and to which of its pages, as the query has them."""

    list_id: str
    page: str


NO_TURN: Final = Turned("", "")


def list_things(stub: Stub, operation: Operation, links: Links, turned: Turned) -> tuple[Listing, ...]:
    """Return all lists of an operation; the turned list at its page, the others at their first."""
    return tuple(_OperationLists(stub, operation, links, turned).show())


class _OperationLists:
    """Makes the lists of one operation; only the entries of the shown pages are asked for."""

    def __init__(self, stub: Stub, operation: Operation, links: Links, turned: Turned) -> None:
        self._stub = stub
        self._operation = operation
        self._links = links
        self._turned = turned

    def show(self) -> Iterator[Listing]:
        operation, stub = self._operation, self._stub
        records = self._links.list_records(operation)
        answers = self._links.list_answers(operation)
        edges = stub.planner.list_edges(operation)
        bodies = [(name, spec.status) for spec in operation.responses.values() for name in spec.examples]
        yield self._list("Examples", "Asks for", list(operation.examples.items()), self._show_example)
        yield self._list("Answers", "Given when", answers, self._show_answer)
        note = "" if stub.settings.serves_fixtures else _NOT_SERVED
        yield self._list("Records", "Begins with", records, self._show_record, note)
        yield self._list("Edge cases", "What is odd", edges, self._show_edge, _EDGE_NOTE)
        yield self._list("Examples of bodies", "What it is", bodies, self._show_body)

    def _list(
        self, title: str, about: str, things: Sequence[_Thing], show: Callable[[_Thing], Entry], note: str = ""
    ) -> Listing:
        list_id = f"{self._operation.id}-{title.lower().replace(' ', '-')}"
        pages = max(1, -(-len(things) // _PAGE_SIZE))
        number = _read_number(self._turned.page, pages) if list_id == self._turned.list_id else 1
        first = (number - 1) * _PAGE_SIZE
        shown = things[first : first + _PAGE_SIZE]
        entries = tuple(map(show, shown))
        last = first + len(shown)
        return Listing(list_id, title, about, entries, first + 1, last, len(things), number, pages, note)

    def _show_example(self, example: tuple[str, Arguments]) -> Entry:
        name, arguments = example
        link = self._links.find_example(self._operation, arguments)
        about = tuple((name, show_value(value)) for name, value in arguments.items())
        return _enter(show_text(name), about, link, str(link.source))

    def _show_answer(self, answer: Answer) -> Entry:
        about = tuple(_show_conditions(answer)) or (("", "anything is asked"),)
        link = self._links.find_answer(self._operation, answer)
        return _enter(show_text(answer.name), about, link, answer.place)

    def _show_record(self, record: Record) -> Entry:
        keys = [key.member for key in self._operation.keys]
        name = ", ".join(show_value(record.members.get(key)) for key in keys) or record.component
        others = ((name, value) for name, value in record.members.items() if name not in keys)
        about = tuple((name, show_value(value)) for name, value in islice(others, _SHOWN_MEMBERS))
        return _enter(name, about, self._links.find_record(self._operation, record), record.place)

    def _show_edge(self, name: str) -> Entry:
        link = self._links.find_choice(self._operation, "edge", name)
        return _enter(name, (("", EDGES[name].about),), link, f"edge {name}")

    def _show_body(self, body: tuple[str, int]) -> Entry:
        name, status = body
        link = self._links.find_choice(self._operation, "example", name)
        return _enter(show_text(name), (("", f"the body of {status}"),), link, f"example {name}")


def _enter(name: str, about: Pairs, link: Link | None, place: str) -> Entry:
    if link is None:
        return Entry(name, about, None, "", place)
    return Entry(name, about, link.target, str(link.status), place)


def _read_number(text: str, pages: int) -> int:
    """Return the page that a text names, or the nearest page; the first if it names none."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return min(max(1, int(text)), pages) if is_number else 1


def _show_conditions(answer: Answer) -> Iterator[tuple[str, str]]:
    """Show the conditions of an answer, then what is special about its reply."""
    yield from map(_show_condition, (*answer.when, *answer.headers))
    if answer.call is not None:
        yield "", f"call {answer.call:,}"
    if answer.times is not None:
        yield "", f"the first {answer.times:,} times" if answer.times > 1 else "once"
    if answer.reply.chance is not None:
        yield "", f"by a chance of {answer.reply.chance:g}"
    if answer.reply.sequence:
        yield "", f"{len(answer.reply.sequence):,} replies in turn"
    if answer.reply.delay is not None:
        yield "", "late"
    if answer.reply.fault is not None:
        yield "", f"fault {answer.reply.fault}"


def _show_condition(condition: Condition) -> tuple[str, str]:
    if condition.pattern is not None:
        return condition.parameter, f"matches {show_text(condition.pattern.text)}"
    values = [show_value(value) for value in condition.values[:_SHOWN_VALUES]]
    more = len(condition.values) - len(values)
    return condition.parameter, " or ".join([*values, *([f"{more:,} others"] if more else [])])
