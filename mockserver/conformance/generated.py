"""Records and bodies are generated on trial, and held against the classes and responses that check what is sent."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.conformance.records import make_problem
from mockserver.contract.contract import Operation, write_target
from mockserver.documents.problems import Problem
from mockserver.fixtures.reach import list_samples
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import count_probes
from mockserver.http.messages import Request
from mockserver.stub.loading import Stub, open_keys


def find_generation_problems(stub: Stub) -> tuple[Problem, ...]:
    """Return a problem for each member that is generated and that its class refuses, and for each such body."""
    if not stub.settings.generates:
        return ()
    finders = (_find_in_records, _find_in_bodies)
    found = (problem for each in stub.contract.operations for find in finders for problem in find(stub, each))
    return tuple(dict.fromkeys(found))


def _find_in_records(stub: Stub, operation: Operation) -> Iterator[Problem]:
    component = operation.component
    if component is None:
        return
    keys = {selector.member for selector in operation.keys}
    schema = open_keys(stub.contract.components[component], operation)
    blueprint = Blueprint(schema)
    told: set[str] = set()
    for number in range(count_probes(schema)):
        record = stub.generator.generate(component, blueprint, {"trial": number}, {})
        for breach in stub.schemas.find_breaches(component, record):
            member = breach.member.partition(".")[0]
            if member not in keys and breach.member not in told:
                told.add(breach.member)
                finding = f"In a generated {component}, {breach}, by the class that checks it."
                remedy = "Change the contract or the class, give examples, or serve --source fixtures."
                yield Problem(stub.contract.place_of(component, member), f"{finding} {remedy}")


def _find_in_bodies(stub: Stub, operation: Operation) -> Iterator[Problem]:
    """Ask for each status that has no example, and whose body is not a record."""
    target = stub.root + write_target(operation, next(list_samples(operation)))
    for status, spec in operation.responses.items():
        if not spec.examples and spec.component != operation.component:
            plan = stub.planner.plan(Request(operation.method, target, headers=(("prefer", f"code={status}"),)))
            if plan.alarm is not None:
                yield make_problem(plan, spec.place)
