"""Own questions: the requests by which the stub itself is asked for each of its fixtures, and what it has to answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from mockserver.contract.contract import Arguments, Operation, write_target
from mockserver.documents.nodes import write_scalar
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.links import select_record, try_answer
from mockserver.fixtures.reach import list_samples
from mockserver.fixtures.records import Record
from mockserver.http.headers import Headers
from mockserver.http.hints import SESSION
from mockserver.http.messages import Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.provider.questions import Question, ask_for_fixtures, begin_question
from mockserver.state.sessions import Session
from mockserver.stub.links import Links
from mockserver.stub.loading import Stub

_CALLS: Final = 100
"""How often a request is repeated at the most, until it gets an answer that counts calls."""


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A request for a fixture.

    Attributes:
        question: The request with its session, and what the fixture gives.
        source: The fixture.
        calls: Which call of the session gets it, counted from 1; 0 if none does.
        plan: The plan of that call, or of the first one if none gets it.
        is_unchecked: Whether the fixture breaks the contract on purpose.
    """

    question: Question
    source: Source
    calls: int
    plan: Plan
    is_unchecked: bool = False


def list_own_questions(stub: Stub) -> Iterator[OwnQuestion]:
    """Yield a question for each record and answer of each operation, in their order."""
    asker = _Asker(stub)
    return ask_for_fixtures(stub, asker.ask_for_record, asker.ask_for_answer)


class _Asker:
    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._number = 0
        answers = stub.fixtures.answers
        self._counting = {each.operation for each in answers if each.is_counted}
        replies = [(each.operation, reply) for each in answers for reply in (each.reply, *each.reply.sequence)]
        self._delaying = {operation for operation, reply in replies if reply.delay is not None}

    def ask_for_record(self, operation: Operation, record: Record) -> OwnQuestion:
        arguments = {**_find_sample(operation), **select_record(operation, record)}
        begun = begin_question(self._stub, operation, record)
        question = replace(begun, members=record.members, lines=record.lines)
        return self._ask(question, record.source, [write_target(operation, arguments)])

    def ask_for_answer(self, operation: Operation, answer: Answer) -> OwnQuestion:
        question = replace(begin_question(self._stub, operation, answer), members={})
        own = tuple((each.parameter, write_scalar(each.values[0])) for each in answer.headers if each.values)
        targets = chain(try_answer(operation, answer), self._choose(operation, answer, own))
        own_question = self._ask(question, answer.source, targets, own)
        return replace(own_question, is_unchecked=answer.unchecked)

    def _choose(self, operation: Operation, answer: Answer, headers: Headers) -> Iterator[str]:
        """Yield a target that chooses the answer by its name, as no request is known that meets its conditions."""
        link = Links(self._stub, Request("GET", "/", headers=headers)).find_answer(operation, answer)
        target = write_target(operation, _find_sample(operation))
        yield target if link is None else link.target.removeprefix(self._stub.root)

    def _ask(self, question: Question, source: Source, targets: Iterable[str], headers: Headers = ()) -> OwnQuestion:
        """Return the question with the first of the targets that gets the fixture, or with the first one."""
        self._number += 1
        session = f"selftest-{self._number}"
        operation = question.operation
        added: Headers = ((SESSION, session),) if operation.id in self._counting else ()
        added += (("prefer", "delay=0"),) if operation.id in self._delaying else ()
        asked = []
        for target in targets:
            request = Request(operation.method, target, headers=(*headers, *added))
            calls, plan = self._call(request, source, session)
            own = OwnQuestion(replace(question, request=request, wanted=plan.reply), source, calls, plan)
            if calls:
                return own
            asked.append(own)
        return asked[0]

    def _call(self, request: Request, source: Source, name: str) -> tuple[int, Plan]:
        """Return at which call in a session a request gets the fixture, or 0, and the plan."""
        session = Session(name if dict(request.headers).get(SESSION) else "")
        whole = request._replace(target=self._stub.root + request.target)
        plans: list[Plan] = []
        for call in range(1, _CALLS + 1):
            plan = self._stub.planner.plan(whole, session.visit())
            if source in (plan.source._replace(added=()), *plan.source.added):
                return call, plan
            plans.append(plan)
            if SESSION not in dict(request.headers):
                break
        return 0, plans[0]


def _find_sample(operation: Operation) -> Arguments:
    """Return arguments with which a request arrives."""
    return list(list_samples(operation))[-1]
