"""Every example of the contract is asked for, and its answer checked against the contract."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.conformance.records import ask, find_place, make_problem
from mockserver.contract.contract import Arguments, Operation
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.http.sources import Source
from mockserver.stub.loading import Stub


def find_example_problems(stub: Stub, *, trust_generated: bool = False) -> tuple[Problem, ...]:
    """Return a problem for each example whose answer breaks the contract; that of a record is at its place.

    With `trust_generated` no example is asked for that only the generator answers, so that Faker is not loaded.
    """
    return tuple(_iter_problems(stub, trust_generated=trust_generated))


def _iter_problems(stub: Stub, *, trust_generated: bool) -> Iterator[Problem]:
    for operation in stub.contract.operations:
        for arguments in operation.examples.values():
            if trust_generated and _is_generated(stub, operation, arguments):
                continue
            plan = ask(stub, operation, arguments)
            if plan.alarm is not None:
                yield make_problem(plan, _find_place(stub, plan.source))


def _is_generated(stub: Stub, operation: Operation, arguments: Arguments) -> bool:
    """Return whether the stub generates the answer, and no answer of the fixtures adds to it."""
    written = ask(stub, operation, arguments, "dynamic=false")
    return stub.settings.generates and written.source.kind == "no record" and not written.source.added


def _find_place(stub: Stub, source: Source) -> Place:
    """Return where the record of a source stands; the contract for any other source."""
    records = (each for each in stub.fixtures.records if source.kind == "record" and each.place == source.place)
    record = next(records, None)
    return Place(str(stub.contract_path)) if record is None else find_place(stub, record)
