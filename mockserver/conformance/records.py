"""Contract and fixtures held against each other as a whole: every record is asked for and looked at."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.contract.contract import write_target
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.fixtures.links import select_record
from mockserver.fixtures.records import Record
from mockserver.http.messages import Request
from mockserver.planning.checking import Plan
from mockserver.stub.loading import Stub


def find_record_problems(stub: Stub) -> tuple[Problem, ...]:
    """What is wrong with the answers that records and the contract's examples lead to, each at its place."""
    return tuple(_iter_problems(stub))


def _iter_problems(stub: Stub) -> Iterator[Problem]:
    for operation in stub.contract.operations:
        for arguments in operation.examples.values():
            plan = stub.planner.plan(Request(operation.method, stub.roots[0] + write_target(operation, arguments)))
            if plan.alarm is not None and not str(plan.source).startswith("record "):
                text = f"{plan.alarm}, by {plan.source}. Change that or the contract."
                yield Problem(Place(str(stub.contract_path)), text)
        for record in stub.fixtures.records:
            if record.component == operation.component:
                target = stub.roots[0] + write_target(operation, select_record(operation, record))
                plan = stub.planner.plan(Request(operation.method, target))
                if plan.alarm is not None and not _is_of_another(plan, record):
                    text = f"{plan.alarm}, by {plan.source}. Change that or the contract."
                    yield Problem(Place(stub.fixtures.path_of(record.file), record.line), text)


def _is_of_another(plan: Plan, record: Record) -> bool:
    """Whether the request led to another record, which is asked for itself."""
    source = str(plan.source).partition(" + ")[0]
    return source.startswith("record ") and source != f"record {record.source}"
