"""Coverage: which replies, parameters and members of the contract requests exercised, and which fixtures they used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mockserver.contract.contract import Operation
from mockserver.http.sources import Source
from mockserver.state.tallies import Trait
from mockserver.stub.loading import Stub

Read = Iterable[tuple[Trait, int, frozenset[str]]]
"""Traits with the number of requests that had them and the members that their replies gave a value."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing of the contract, and how many requests exercised it.

    Attributes:
        operation: The operationId.
        part: `reply`, `parameter` or `member`.
        name: What it is: `404`, `200 application/json`, `query.size`, or a member of a successful reply.
        count: The number of requests.
        is_declared: Whether the contract has it; only replies may be undeclared.
    """

    operation: str
    part: str
    name: str
    count: int
    is_declared: bool = True


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was exercised.

    Attributes:
        rows: Everything of the contract, and replies that it does not have.
        fixtures: How many records and answers the files have.
        unused: Those of them that no request has used.
        added_unused: Those answers and records that sessions have added and no request has used.
    """

    rows: tuple[Row, ...]
    fixtures: int
    unused: tuple[Source, ...]
    added_unused: tuple[Source, ...] = ()

    @property
    def used(self) -> int:
        """How many records and answers of the files were used."""
        return self.fixtures - len(self.unused)

    @property
    def total(self) -> int:
        """How many things the contract has."""
        return sum(row.is_declared for row in self.rows)

    @property
    def covered(self) -> int:
        """How many of them were exercised."""
        return sum(row.is_declared and row.count > 0 for row in self.rows)

    @property
    def percent(self) -> int:
        """Their share, rounded down, so that 100 means all."""
        return 100 * self.covered // self.total if self.total else 100


def measure_coverage(stub: Stub, read: Read, added: Iterable[Source] = ()) -> Coverage:
    """Return what requests exercised; `added` are answers and records of the sessions, beside those of the files."""
    tallies = list(read)
    rows = [row for each in stub.contract.operations for row in _list_rows(stub, each, tallies)]
    used = {_identify(each) for trait, _, _ in tallies for each in (trait.source, *trait.source.added)}
    fixtures = list(_list_fixtures(stub))
    unused, added_unused = (
        tuple(each for each in sources if _identify(each) not in used) for sources in (fixtures, added)
    )
    return Coverage(tuple(rows), len(fixtures), unused, added_unused)


def _identify(source: Source) -> tuple[str, str | None, str | None]:
    return source.kind, source.name, source.place


def _list_fixtures(stub: Stub) -> Iterator[Source]:
    records = stub.fixtures.records if stub.settings.serves_fixtures else ()
    yield from (each.source for each in records)
    yield from (each.source for each in stub.fixtures.answers)


def _list_rows(stub: Stub, operation: Operation, tallies: Sequence[tuple[Trait, int, frozenset[str]]]) -> Iterator[Row]:
    own = [(trait, count, members) for trait, count, members in tallies if trait.operation == operation.id]
    replies = Counter[str]()
    parameters = Counter[str]()
    seen = Counter[str]()
    for trait, count, members in own:
        replies[_name_reply(trait.status, trait.media_type)] += count
        parameters.update(dict.fromkeys(trait.parameters, count))
        if _is_success(trait.status):
            seen.update(dict.fromkeys(members, count))
    declared = list(_declare_replies(operation))
    yield from (Row(operation.id, "reply", name, replies[name]) for name in declared)
    undeclared = sorted(set(replies) - set(declared))
    yield from (Row(operation.id, "reply", name, replies[name], is_declared=False) for name in undeclared)
    for each in operation.parameters:
        yield Row(operation.id, "parameter", f"{each.location}.{each.name}", parameters[each.name])
    components = (spec.component or "" for spec in operation.responses.values() if _is_success(spec.status))
    names = (name for each in components for name in _declare_members(stub.contract.components.get(each), ""))
    yield from (Row(operation.id, "member", name, seen[name]) for name in dict.fromkeys(names))


def _is_success(status: int) -> bool:
    return 200 <= status < 300


def _declare_replies(operation: Operation) -> Iterator[str]:
    for spec in operation.responses.values():
        yield from (_name_reply(spec.status, each) for each in spec.media_types or (None,))


def _name_reply(status: int, media_type: str | None) -> str:
    return str(status) if media_type is None else f"{status} {media_type}"


def _declare_members(schema: object, path: str) -> Iterator[str]:
    """Yield the dotted names of the members that a schema names."""
    if not isinstance(schema, Mapping):
        return
    properties = schema.get("properties")
    for name, member in properties.items() if isinstance(properties, Mapping) else ():
        yield f"{path}{name}"
        yield from _declare_members(member, f"{path}{name}.")
    for part in (schema.get("items"), *_list_parts(schema.get("allOf"))):
        yield from _declare_members(part, path)


def _list_parts(value: object) -> list[object]:
    return value if isinstance(value, list) else []
