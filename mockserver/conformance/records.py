"""Records of the fixtures are asked for, and their answers checked against the contract."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.documents.nodes import Place
from mockserver.documents.problems import Problem
from mockserver.fixtures.links import select_record
from mockserver.fixtures.records import Record
from mockserver.fixtures.written_replies import AnswerReply, find_content_type
from mockserver.http.messages import Request
from mockserver.planning.checking import Plan
from mockserver.stub.loading import Stub


def find_record_problems(stub: Stub) -> tuple[Problem, ...]:
    """Return a problem for each record whose answer breaks the contract, at the place of the record.

    Members are checked when they are read, so records are asked for where more than their members decides.
    """
    return tuple(_iter_problems(stub))


def ask(stub: Stub, operation: Operation, arguments: Arguments, prefer: str | None = None) -> Plan:
    """Return the plan of a request for an operation with these arguments, and with a header Prefer if it is given."""
    headers = () if prefer is None else (("prefer", prefer),)
    return stub.planner.plan(Request(operation.method, stub.root + write_target(operation, arguments), headers=headers))


def make_problem(plan: Plan, place: Place) -> Problem:
    """Return the problem of a plan whose answer breaks the contract."""
    return Problem(place, f"{plan.alarm}, by {plan.source}. Change that or the contract.")


def find_place(stub: Stub, record: Record) -> Place:
    """Return where a record stands."""
    return Place(stub.fixtures.path_of(record.file), record.line)


def _iter_problems(stub: Stub) -> Iterator[Problem]:
    for operation in stub.contract.operations:
        for record in stub.fixtures.records if _has_more_rules(stub, operation) else ():
            if record.component == operation.component:
                plan = ask(stub, operation, select_record(operation, record))
                if plan.alarm is not None and not _is_of_another(plan, record):
                    yield make_problem(plan, find_place(stub, record))


def _has_more_rules(stub: Stub, operation: Operation) -> bool:
    """Return whether a record may break the contract with members that all keep it.

    The class may compare members, and an answer may send another Content-Type with any record.
    """
    answers = (each for each in stub.fixtures.answers if each.operation == operation.id)
    compares = operation.component is not None and stub.schemas.has_rules_between(operation.component)
    return compares or any(_changes_type(reply) for each in answers for reply in (each.reply, *each.reply.sequence))


def _changes_type(reply: AnswerReply) -> bool:
    return reply.is_decoration and find_content_type(reply.headers) is not None


def _is_of_another(plan: Plan, record: Record) -> bool:
    """Return whether another record stands before this one; that one is asked for itself."""
    return plan.source.kind == "record" and plan.source.place != record.place
