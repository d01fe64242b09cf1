"""What the stub's page shows: operations, examples, records, answers, settings and warnings, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final, TypeVar
from unicodedata import category
from urllib.parse import quote, unquote

from mockserver.contract.contract import Arguments, Operation, Parameter, write_target
from mockserver.documents.json_text import write_json
from mockserver.documents.problems import Problem
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.links import escape_path, link_record, try_answer
from mockserver.fixtures.records import Record
from mockserver.generation.edges import EDGES
from mockserver.http.messages import Request
from mockserver.http.preferences import TWIN
from mockserver.planning.checking import Plan
from mockserver.planning.supply import SOURCES
from mockserver.stub.loading import Stub
from mockserver.version import __version__
from mockserver.web.admin.guide import describe_steering
from mockserver.web.admin.prose import Block, read_prose

PAGE_SIZE: Final = 100
"""Entries of a list that are shown at once."""


LONGEST_TEXT: Final = 80
"""Characters of a value that are shown."""


UNSEEN: Final = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode whose characters are shown escaped: controls, lone surrogates, ends of lines."""


SHOWN_MEMBERS: Final = 5


SHOWN_VALUES: Final = 5


SHOWN_WARNINGS: Final = 100


EDGE_NOTE: Final = "Odd but valid records, whatever is asked for: Prefer: edge=NAME, or the link."


Thing = TypeVar("Thing")


Pairs = tuple[tuple[str, str], ...]
"""Names and what is said of each, as it is shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be asked for. Where no request leads to it there is no `target`, and no `status`."""

    name: str
    about: Pairs
    target: str | None
    status: str
    place: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: the entries `first` to `last` of `total`, counted from 1.

    `about` heads the column that tells what is known of them; `note` is what there is to say of the whole list.
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
class ShownParameter:
    """A parameter, its default as JSON has it; empty where there is none."""

    name: str
    location: str
    kind: str
    default: str
    is_required: bool
    description: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ShownOperation:
    """An operation with its lists. Links can be followed where its method is GET."""

    id: str
    method: str
    paths: tuple[str, ...]
    summary: str
    description: tuple[Block, ...]
    parameters: tuple[ShownParameter, ...]
    lists: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `more_warnings` are those that are left out, `stale` is blank where all is well."""

    title: str
    version: str
    stale: str
    counts: tuple[str, ...]
    settings: Pairs
    steering: tuple[Block, ...]
    operations: tuple[ShownOperation, ...]
    warnings: tuple[str, ...]
    more_warnings: int


def make_page(stub: Stub, turned: str = "", number: str = "", stale: str | None = None) -> Page:
    """The page of a *stub*, its list *turned* at its page of that *number*, the others at their first.

    `stale` is where the files that were saved since are wrong.
    """
    warnings = [str(_relabel(warning, stub.fixtures.labels)) for warning in stub.fixtures.warnings]
    return Page(
        title=stub.contract.title,
        version=__version__,
        stale="" if stale is None else show_text(unquote(stale)),
        counts=tuple(_count(number, nouns) for nouns, number in count_things(stub).items()),
        settings=_show_settings(stub),
        steering=read_prose(describe_steering(stub.prefix)),
        operations=tuple(_OperationPage(stub, each, turned, number).show() for each in stub.contract.operations),
        warnings=tuple(warnings[:SHOWN_WARNINGS]),
        more_warnings=max(0, len(warnings) - SHOWN_WARNINGS),
    )


def _relabel(problem: Problem, labels: Mapping[str, str]) -> Problem:
    """The problem with its file called as answers call it, which is the same wherever the fixtures lie."""
    return replace(problem, place=replace(problem.place, path=labels[problem.place.path]))


def count_things(stub: Stub) -> dict[str, int]:
    """How much of everything the stub has."""
    return {
        "operations": len(stub.contract.operations),
        "records": len(stub.fixtures.records),
        "answers": len(stub.fixtures.answers),
        "warnings": len(stub.fixtures.warnings),
    }


def _count(number: int, nouns: str) -> str:
    return f"{number:,} {nouns.removesuffix('s') if number == 1 else nouns}"


def _show_settings(stub: Stub) -> Pairs:
    words = {name: ("off", "on")[value] if isinstance(value, bool) else value for name, value in stub.settings.items()}
    words |= {"base_path": " and ".join(root or "/" for root in stub.roots), "prefix": stub.prefix}
    return tuple((f"--{name.replace('_', '-')}", show_text(value)) for name, value in words.items())


class _OperationPage:
    """Shows one operation; every link is tried out, so that it leads to what it is called."""

    def __init__(self, stub: Stub, operation: Operation, turned: str, number: str) -> None:
        self._stub = stub
        self._operation = operation
        self._root = escape_path(stub.roots[0])
        self._turned = turned
        self._number = number

    def show(self) -> ShownOperation:
        operation, stub = self._operation, self._stub
        is_served = "fixtures" in SOURCES[str(stub.settings["source"])]
        note = "" if is_served else "Those of the fixtures are not served: the source is generated."
        records = [each for each in stub.fixtures.records if each.component == operation.component and is_served]
        answers = [each for each in stub.fixtures.answers if each.operation == operation.id]
        edges = stub.planner.list_edges(operation)
        bodies = [(name, spec.status) for spec in operation.responses.values() for name in spec.examples]
        return ShownOperation(
            id=operation.id,
            method=operation.method,
            paths=tuple(root + operation.path for root in stub.roots),
            summary=operation.summary,
            description=read_prose(operation.description),
            parameters=tuple(map(_show_parameter, operation.parameters)),
            lists=(
                self._list("Examples", "Asks for", list(operation.examples.items()), self._show_example),
                self._list("Answers", "Given when", answers, self._show_answer),
                replace(self._list("Records", "Begins with", records, self._show_record), note=note),
                replace(self._list("Edge cases", "What is odd", edges, self._show_edge), note=EDGE_NOTE),
                self._list("Examples of bodies", "What it is", bodies, self._show_body),
            ),
        )

    def _list(self, title: str, about: str, things: Sequence[Thing], show: Callable[[Thing], Entry]) -> Listing:
        list_id = f"{self._operation.id}-{title.lower().replace(' ', '-')}"
        pages = max(1, -(-len(things) // PAGE_SIZE))
        number = _read_number(self._number, pages) if list_id == self._turned else 1
        first = (number - 1) * PAGE_SIZE
        shown = things[first : first + PAGE_SIZE]
        entries = tuple(map(show, shown))
        return Listing(list_id, title, about, entries, first + 1, first + len(shown), len(things), number, pages)

    def _show_example(self, example: tuple[str, Arguments]) -> Entry:
        name, arguments = example
        target = write_target(self._operation, arguments)
        plan = self._ask(target)
        about = tuple((name, show_value(value)) for name, value in arguments.items())
        return Entry(show_text(name), about, self._root + target, str(plan.reply.status), str(plan.source))

    def _show_answer(self, answer: Answer) -> Entry:
        source = f"answer {answer.name} {answer.source}"
        about = tuple(_show_conditions(answer)) or (("", "anything is asked"),)
        targets = chain(try_answer(self._operation, answer), [self._steer("example", answer.name)])
        return self._link(show_text(answer.name), about, targets, source, answer.source)

    def _show_body(self, body: tuple[str, int]) -> Entry:
        """An example of a body, asked for by its name."""
        name, status = body
        about = (("", f"the body of {status}"),)
        return self._link(show_text(name), about, [self._steer("example", name)], f"example {name}", f"example {name}")

    def _show_record(self, record: Record) -> Entry:
        keys = [key.member for key in self._operation.keys]
        name = ", ".join(show_value(record.members.get(key)) for key in keys) or record.component
        others = ((name, value) for name, value in record.members.items() if name not in keys)
        about = tuple((name, show_value(value)) for name, value in islice(others, SHOWN_MEMBERS))
        target = link_record(self._operation, record)
        targets = () if target is None else (target,)
        return self._link(name, about, targets, f"record {record.source}", record.source)

    def _show_edge(self, name: str) -> Entry:
        about = (("", EDGES[name].about),)
        return self._link(name, about, [self._steer("edge", name)], f"edge {name}", f"edge {name}")

    def _steer(self, preference: str, value: str) -> str:
        """The target of the first example, with a preference."""
        example: Arguments = next(iter(self._operation.examples.values()), {})
        target = write_target(self._operation, example)
        return f"{target}{'&' if '?' in target else '?'}{TWIN}{preference}={quote(value, safe='', errors='replace')}"

    def _link(self, name: str, about: Pairs, targets: Iterable[str], source: str, place: str) -> Entry:
        """The entry with the first of the *targets* that is answered from *source*."""
        for target in targets:
            plan = self._ask(target)
            if f" + {source} + " in f" + {plan.source} + ":
                return Entry(name, about, self._root + target, str(plan.reply.status), place)
        return Entry(name, about, None, "", place)

    def _ask(self, target: str) -> Plan:
        return self._stub.planner.plan(Request(self._operation.method, self._root + target))


def _read_number(text: str, pages: int) -> int:
    """The page that is asked for: the nearest one that there is, and the first where none is named."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    return min(max(1, int(text)), pages) if is_number else 1


def _show_parameter(parameter: Parameter) -> ShownParameter:
    return ShownParameter(
        name=parameter.name,
        location=parameter.location,
        kind=parameter.kind,
        default="" if parameter.default is None else show_text(write_json(parameter.default)),
        is_required=parameter.is_required,
        description=read_prose(parameter.description),
    )


def _show_conditions(answer: Answer) -> Iterator[tuple[str, str]]:
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
        return condition.parameter, f"matches {show_text(condition.pattern.pattern)}"
    values = [show_value(value) for value in condition.values[:SHOWN_VALUES]]
    more = len(condition.values) - len(values)
    return condition.parameter, " or ".join([*values, *([f"{more:,} others"] if more else [])])


def show_value(value: object) -> str:
    """A value as it is shown: text as it stands, but for text that would not be seen, anything else as JSON."""
    plain = isinstance(value, str) and value.strip() == value != ""
    return show_text(value if plain and isinstance(value, str) else write_json(value))


def show_text(text: str) -> str:
    """Text on one line and cut, with escapes for what is no character or ends a line."""
    cut = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return "".join(c.encode("unicode_escape").decode() if category(c) in UNSEEN else c for c in cut)
