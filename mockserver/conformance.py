"""Contract and fixtures held against each other as a whole: every record is asked for and looked at."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.checking import Plan
from mockserver.contract import write_target
from mockserver.documents import Fault, Place
from mockserver.exchange import Request
from mockserver.links import select_record
from mockserver.records import Record
from mockserver.stub import Stub


def find_record_faults(stub: Stub) -> tuple[Fault, ...]:
    """What is wrong with the answers that records and the contract's examples lead to, each at its place."""
    return tuple(_iter_faults(stub))


def _iter_faults(stub: Stub) -> Iterator[Fault]:
    for operation in stub.contract.operations:
        for arguments in operation.examples.values():
            plan = stub.planner.plan(Request(operation.method, stub.roots[0] + write_target(operation, arguments)))
            if plan.alarm is not None and not plan.source.startswith("record "):
                text = f"{plan.alarm}, by {plan.source}. Change that or the contract."
                yield Fault(Place(str(stub.contract_path)), text)
        for record in stub.fixtures.records:
            if record.component == operation.component:
                target = stub.roots[0] + write_target(operation, select_record(operation, record))
                plan = stub.planner.plan(Request(operation.method, target))
                if plan.alarm is not None and not _is_of_another(plan, record):
                    text = f"{plan.alarm}, by {plan.source}. Change that or the contract."
                    yield Fault(Place(stub.fixtures.path_of(record.file), record.line), text)


def _is_of_another(plan: Plan, record: Record) -> bool:
    """Whether the request led to another record, which is asked for itself."""
    source = plan.source.partition(" + ")[0]
    return source.startswith("record ") and source != f"record {record.source}"
