"""Generated records as the stub answers with them: to freeze one as a fixture, or to fill a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from mockserver.checks.fitting import fits
from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.documents.json_text import read_json
from mockserver.documents.nodes import Json, Scalar
from mockserver.documents.problems import StartError
from mockserver.fixtures.reach import list_samples
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.edges import give_members
from mockserver.http.messages import Request
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub


@dataclass(frozen=True, slots=True)
class GeneratedRecord:
    """A generated record.

    Attributes:
        members: All its members, as they are sent.
        repeated: Those of them that only repeat what a request asks for, and that a fixture leaves out.
        edge: The edge case that it is; empty for none.
    """

    members: Mapping[str, Json]
    repeated: frozenset[str] = frozenset()
    edge: str = ""

    @property
    def frozen(self) -> dict[str, Json]:
        """The members of a fixture that gives the same answers."""
        return {name: value for name, value in self.members.items() if name not in self.repeated}


class OperationRecords:
    """The records that an operation returns: each is asked for as a caller asks, fixtures aside."""

    def __init__(self, stub: Stub, operation: Operation) -> None:
        self._stub = stub
        self._operation = operation
        self._sample = list(list_samples(operation))[-1]

    def find(self, keys: Arguments, edge: str = "") -> GeneratedRecord | None:
        """Return the record, or the edge case, for these keys; None if no request has them.

        Raises:
            StartError: The answer breaks the contract.
        """
        wish = f'edge="{edge}"' if edge else "dynamic=true"
        target = self._stub.root + write_target(self._operation, {**self._sample, **keys})
        request = Request(self._operation.method, target, headers=(("prefer", wish),))
        journey = self._stub.planner.travel(request, Session().visit())
        plan, bound = journey.plan, journey.bound
        if bound is None or bound.refusal is not None or plan.source.kind not in ("generated", "edge"):
            return None
        if plan.alarm is not None:
            raise StartError(f"{plan.alarm}. Change the contract.")
        members = cast("dict[str, Json]", read_json(plan.reply.body.decode())[0])
        return GeneratedRecord(members, frozenset(self._list_repeated(members, plan.arguments)), edge)

    def _list_repeated(self, members: Mapping[str, Json], arguments: Arguments) -> Iterator[str]:
        for each in self._operation.filters:
            argument = arguments[each.parameter]
            if not each.restricts(argument) and members.get(each.member) == argument:
                yield each.member

    def draw_keys(self, number: int) -> Arguments:
        """Return generated keys, the same for the same number; other numbers may have them too."""
        assert self._operation.component is not None, "an operation that returns records"
        members = _generate(self._stub, self._operation.component, number)
        return {key.parameter: cast("Scalar", members.get(key.member)) for key in self._operation.keys}


def draw_record(stub: Stub, component: str, number: int, edge: str = "") -> GeneratedRecord:
    """Return a record, or an edge case, of a component that no operation returns, the same for the same number.

    Raises:
        StartError: None can be generated that is valid.
    """
    schema = stub.contract.components[component]
    members = _generate(stub, component, number, give_members(edge, schema) if edge else {})
    if not fits(members, schema):
        finding = f"No {component} can be generated that is valid."
        raise StartError(f"{finding} Give its members examples in the contract.")
    return GeneratedRecord(members, edge=edge)


def _generate(
    stub: Stub, component: str, number: int, given: Mapping[str, object] = MappingProxyType({})
) -> dict[str, Json]:
    made = stub.generator.generate(component, Blueprint(stub.contract.components[component]), {"number": number}, given)
    return cast("dict[str, Json]", made)
