"""The records of an operation: found in the fixtures, generated or edge cases, and completed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple

from mockserver.contract.contract import Arguments, Operation
from mockserver.fixtures.records import Record
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.edges import give_members, list_edges
from mockserver.http.sources import Source
from mockserver.planning.stock import Stock
from mockserver.state.overlays import AddedRecords

_SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "auto": ("added", "fixtures", "generated"),
        "fixtures": ("added", "fixtures"),
        "generated": ("added", "generated"),
    }
)
"""Where records are looked for, in order, by the setting `source`."""


class Supplied(NamedTuple):
    """A record with all its members, and its source; `record` is the written one, unless it is all generated."""

    members: Mapping[str, object]
    source: Source
    record: Record | None = None


class _Found(NamedTuple):
    """The known members of a record before it is completed, and its source."""

    source: Source
    given: Mapping[str, object]
    record: Record | None = None


_BLUNDERS: Final = frozenset({"undefined", "null", "NaN", "None", "[object Object]", "{id}"})
"""What callers send as a key by mistake: a value that was never set, or a template that was never filled."""


_GENERATED: Final = Source("generated")
_Finder = Callable[[Arguments, AddedRecords], _Found | None]


class Supply:
    """The records of one component, which an operation returns."""

    def __init__(self, operation: Operation, component: str, stock: Stock) -> None:
        self._operation = operation
        self._selectors = operation.selectors
        self._keys = operation.keys
        self._key_members = {each.parameter: each.member for each in operation.keys}
        self._open = frozenset(each.parameter for each in operation.filters)
        self._component = component
        self._schema = stock.contract.components[component]
        self._blueprint = Blueprint(self._schema)
        self._schemas = stock.schemas
        self._generator = stock.generator
        self._sources = _SOURCES[stock.source]
        self._records = stock.fixtures.find_index(operation, component)
        self._finders: Mapping[str, _Finder] = {
            "added": self._find_added,
            "fixtures": self._find_record,
            "generated": self._generate,
        }

    @cached_property
    def _nullable(self) -> frozenset[str]:
        """The members of the selectors that may be null, as an open filter nearly always is."""
        return frozenset(each.member for each in self._selectors if self._can_have({each.member: None}))

    @cached_property
    def edges(self) -> tuple[str, ...]:
        """The names of the edge cases."""
        return list_edges(self._schema)

    def find(
        self,
        arguments: Arguments,
        added: AddedRecords,
        seed: str | None = None,
        sources: Sequence[str] = (),
        *,
        is_chosen: bool = False,
    ) -> Supplied | None:
        """Return the record that the arguments select; None if there is none.

        Args:
            arguments: The arguments of the request.
            added: The records of its session.
            seed: The seed of generated members, in place of the setting.
            sources: Where to look, in place of the setting.
            is_chosen: Whether the request chooses its answer. Otherwise nothing is generated for a blunder.
        """
        asked = self._echo(arguments)
        is_blunder = not is_chosen and self.find_blunder(arguments) is not None
        for source in sources or self._sources:
            found = None if is_blunder and source == "generated" else self._finders[source](arguments, added)
            if found is not None and self._can_answer(arguments, found.given):
                return self._complete(arguments, asked, found, seed)
        return None

    def generates(self, sources: Sequence[str] = ()) -> bool:
        """Return whether `find` generates a record if there is none in the same `sources`."""
        return "generated" in (sources or self._sources)

    def find_near(self, arguments: Arguments, added: AddedRecords, sources: Sequence[str] = ()) -> list[Record]:
        """Return the written records that have nearly the keys of the arguments, from the same `sources` as `find`."""
        near: list[Record] = []
        for source in sources or self._sources:
            if source == "added":
                near += added.find_near(self._operation, self._component, arguments)
            elif source == "fixtures":
                near += self._records.find_near(arguments)
        return near

    def find_blunder(self, arguments: Arguments) -> str | None:
        """Return the parameter of a key that only a mistake of the caller gives, such as `undefined`."""
        for key in self._keys:
            argument = arguments[key.parameter]
            if argument in _BLUNDERS or argument == f"{{{key.parameter}}}":
                return key.parameter
        return None

    def make(
        self, arguments: Arguments, seed: str | None = None, given: Mapping[str, object] = MappingProxyType({})
    ) -> Supplied:
        """Return a generated record with the `given` members, always.

        Arguments that are invalid for their members are dropped.
        """
        asked = {name: value for name, value in self._echo(arguments).items() if self._may_be(name, value)}
        return self._complete(arguments, asked, _Found(_GENERATED, given), seed)

    def make_edge(self, name: str, arguments: Arguments, seed: str | None = None) -> Supplied:
        """Return the edge case of that `name` for the arguments; members that neither gives are generated.

        Raises:
            KeyError: There is no such edge case.
        """
        own = give_members(name, self._schema)
        known = {n: value for n, value in self._echo(arguments).items() if self._may_be(n, value)}
        asked = {n: value for n, value in known.items() if self._is_asked(n, arguments)}
        return self._complete(arguments, {**known, **own, **asked}, _Found(Source("edge", name), {}), seed)

    def _is_asked(self, member: str, arguments: Arguments) -> bool:
        """Return whether the request restricts records by `member`."""
        return any(each.member == member and each.restricts(arguments[each.parameter]) for each in self._selectors)

    def _find_added(self, arguments: Arguments, added: AddedRecords) -> _Found | None:
        record = added.find(self._operation, self._component, arguments)
        return None if record is None else _Found(record.named_source, record.members, record)

    def _find_record(self, arguments: Arguments, _: AddedRecords) -> _Found | None:
        record = self._records.find(arguments)
        return None if record is None else _Found(record.source, record.members, record)

    def _generate(self, arguments: Arguments, _: AddedRecords) -> _Found | None:
        """Return a record without known members; None if a key is blank."""
        is_blank = any(arguments[key.parameter] in (None, "") for key in self._keys)
        return None if is_blank else _Found(_GENERATED, {})

    def _can_answer(self, arguments: Arguments, given: Mapping[str, object]) -> bool:
        """Return whether the arguments that restrict records are valid for the members that are not `given`."""
        others = ((each, arguments[each.parameter]) for each in self._selectors if each.member not in given)
        return self._can_have({each.member: argument for each, argument in others if each.restricts(argument)})

    def _complete(self, arguments: Arguments, asked: Mapping[str, object], found: _Found, seed: str | None) -> Supplied:
        """Return a record with the known members, and the rest generated."""
        identity = {self._key_members.get(name, name): arg for name, arg in arguments.items() if name not in self._open}
        generator = self._generator if seed is None else self._generator.with_seed(seed)
        made = generator.generate(self._component, self._blueprint, identity, {**asked, **found.given})
        return Supplied(made, found.source, found.record)

    def _echo(self, arguments: Arguments) -> dict[str, object]:
        """Return the members copied from the request; an open filter is copied if its value is valid for the member."""
        echoed: dict[str, object] = {}
        for selector in self._selectors:
            argument, member = arguments[selector.parameter], selector.member
            if selector.restricts(argument) or self._may_be(member, argument):
                echoed[member] = argument
        return echoed

    def _may_be(self, member: str, value: object) -> bool:
        """Return whether the value is valid for the member."""
        return member in self._nullable if value is None else self._can_have({member: value})

    def _can_have(self, members: Mapping[str, object]) -> bool:
        """Return whether all members are valid."""
        return not self._schemas.find_member_breaches(self._component, members)
