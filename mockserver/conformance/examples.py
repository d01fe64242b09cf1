"""Every example of the contract is asked for, and its answer checked against the contract."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.conformance.records import ask, find_place, make_problem
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.stub.loading import Stub


def find_example_problems(stub: Stub) -> tuple[Problem, ...]:
    """Return a problem for each example whose answer breaks the contract; that of a record is at its place."""
    return tuple(_iter_problems(stub))


def _iter_problems(stub: Stub) -> Iterator[Problem]:
    records = {record.place: record for record in stub.fixtures.records}
    for operation in stub.contract.operations:
        for arguments in operation.examples.values():
            plan = ask(stub, operation, arguments)
            if plan.alarm is not None:
                record = records.get(plan.source.place or "") if plan.source.kind == "record" else None
                yield make_problem(plan, Place(str(stub.contract_path)) if record is None else find_place(stub, record))
