"""Every example of the contract is asked for, and its answer checked against the contract."""

from __future__ import annotations

from mockserver.conformance.records import ask, make_problem
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.stub.loading import Stub


def find_example_problems(stub: Stub) -> tuple[Problem, ...]:
    """Return a problem for each example whose answer breaks the contract, unless a record gives it.

    Records are asked for themselves, and their problems have places of their own.
    """
    place = Place(str(stub.contract_path))
    plans = [
        ask(stub, operation, arguments)
        for operation in stub.contract.operations
        for arguments in operation.examples.values()
    ]
    return tuple(make_problem(plan, place) for plan in plans if plan.alarm is not None and plan.source.kind != "record")
