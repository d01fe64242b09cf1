"""Questions: the requests that records and answers of the fixtures are about, and the replies that they ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from mockserver.contract.contract import Operation
from mockserver.documents.nodes import Json, Place, write_scalar
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.links import link_record, try_answer
from mockserver.fixtures.records import Record
from mockserver.fixtures.volatile import NO_MEMBERS
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.stub.loading import Stub

_Asked = TypeVar("_Asked")

_NO_REQUEST: Final = Request("GET", "")
_NO_REPLY: Final = Reply(0)


@dataclass(frozen=True, slots=True)
class Question:
    """What a fixture says of one request.

    Attributes:
        name: What people call it; no other question has this name.
        operation: The operation.
        place: Where the fixture stands.
        request: The request, its target below the root of the API.
        wanted: The reply of the stub.
        members: The members that the fixture gives; None if its whole body counts.
        lines: The lines of these members.
        volatile: The members that need not be as the fixture has them.
        skipped: Why it cannot be asked; empty if it can.
    """

    name: str
    operation: Operation
    place: Place
    request: Request = _NO_REQUEST
    wanted: Reply = _NO_REPLY
    members: Mapping[str, Json] | None = None
    lines: Mapping[str, int] | None = None
    volatile: frozenset[str] = NO_MEMBERS
    skipped: str = ""

    def place_of(self, member: str) -> Place:
        """Return where the fixture gives a member, or where it stands itself."""
        line = (self.lines or {}).get(member)
        return self.place if line is None else Place(self.place.path, line)


def list_questions(stub: Stub) -> Iterator[Question]:
    """Yield a question for each record and answer of each operation, in their order."""
    asker = _Asker(stub)
    return ask_for_fixtures(stub, asker.ask_for_record, asker.ask_for_answer)


def ask_for_fixtures(
    stub: Stub,
    ask_for_record: Callable[[Operation, Record], _Asked],
    ask_for_answer: Callable[[Operation, Answer], _Asked],
) -> Iterator[_Asked]:
    """Yield what is asked for each record that is served, and for each answer, by operation."""
    for operation in stub.contract.operations:
        for record in stub.fixtures.records if stub.settings.serves_fixtures else ():
            if record.component == operation.component:
                yield ask_for_record(operation, record)
        for answer in stub.fixtures.answers:
            if answer.operation == operation.id:
                yield ask_for_answer(operation, answer)


def begin_question(stub: Stub, operation: Operation, fixture: Record | Answer) -> Question:
    """Return a question without its request."""
    if isinstance(fixture, Record):
        file, line = fixture.file, fixture.line
    else:
        file, _, number = fixture.place.rpartition(":")
        line = int(number)
    return Question(f"{operation.id}: {fixture.source}", operation, Place(stub.fixtures.path_of(file), line))


def choose_accept(operation: Operation) -> Headers:
    """Return the header Accept that asks for the media types which the contract has for success."""
    media_types = operation.lowest_success_response.media_types
    return (("accept", ", ".join(media_types)),) if media_types else ()


class _Asker:
    """Makes questions with the help of the stub, which knows what each fixture is given for."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub

    def ask_for_record(self, operation: Operation, record: Record) -> Question:
        question = self._begin(operation, record, record.file)
        target = link_record(operation, record)
        if target is None:
            return replace(question, skipped="It lacks a value of a parameter.")
        request = Request(operation.method, target, headers=choose_accept(operation))
        plan = self._plan(request)
        if not _comes_from(plan, record.source):
            return replace(question, skipped="Another fixture answers its request.")
        return replace(question, request=request, wanted=plan.reply, members=record.members, lines=record.lines)

    def ask_for_answer(self, operation: Operation, answer: Answer) -> Question:
        question = self._begin(operation, answer, answer.place.rpartition(":")[0])
        reason = _find_reason_to_skip(answer)
        if reason:
            return replace(question, skipped=reason)
        own = {each.parameter: write_scalar(each.values[0]) for each in answer.headers if each.values}
        headers = tuple({**dict(choose_accept(operation)), **own}.items())
        for target in try_answer(operation, answer):
            request = Request(operation.method, target, headers=headers)
            plan = self._plan(request)
            if _comes_from(plan, answer.source):
                return replace(question, request=request, wanted=plan.reply, members=_find_members(answer, plan.reply))
        return replace(question, skipped="No request is known that gets it.")

    def _begin(self, operation: Operation, fixture: Record | Answer, file: str) -> Question:
        volatile = self._stub.fixtures.volatile.get(file, NO_MEMBERS)
        return replace(begin_question(self._stub, operation, fixture), volatile=volatile)

    def _plan(self, request: Request) -> Plan:
        return self._stub.planner.plan(request._replace(target=self._stub.root + request.target))


def _comes_from(plan: Plan, source: Source) -> bool:
    """Return whether the fixture alone gives status and body; others may add headers."""
    return plan.source._replace(added=()) == source


def _find_members(answer: Answer, reply: Reply) -> Mapping[str, Json] | None:
    """Return the members that an answer gives itself, its placeholders filled in; None if it gives a whole body."""
    if answer.reply.record is None:
        return {} if answer.reply.has_no_body else None
    body = json.loads(reply.body)
    return {name: body[name] for name in answer.reply.record}


_FAILURE: Final = 500


def _find_reason_to_skip(answer: Answer) -> str:
    """Return why a provider cannot be asked for what an answer says; empty if it can."""
    reply = answer.reply
    if reply.is_decoration or reply.fault is not None:
        return "It only says how an answer is sent."
    if answer.unchecked:
        return "It breaks the contract on purpose."
    if answer.is_counted:
        return "It depends on the number of the call."
    if (reply.status or 200) >= _FAILURE:
        return "It stands for a failure of the provider, which nobody can ask for."
    return ""
