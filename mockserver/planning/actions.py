"""What an operation's action answers to arguments: an answer, a record, a generated one, or that there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from mockserver.contract.contract import Operation, ResponseSpec
from mockserver.documents.json_text import write_json
from mockserver.fixtures.answers import Answer, AnswerIndex
from mockserver.fixtures.written_replies import make_reply
from mockserver.http.bodies import PLAIN, make_json_reply, rewrite_body
from mockserver.http.effects import NOTHING
from mockserver.http.messages import Reply
from mockserver.planning.drafts import (
    Asked,
    Draft,
    choose_format,
    refuse_format,
)
from mockserver.planning.supply import Supplied, Supply
from mockserver.state.overlays import Turn
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.phrasing import (
    describe_missing,
    describe_status,
    framework_response,
)

DYNAMIC: Final[Mapping[bool | None, tuple[str, ...]]] = MappingProxyType(
    {None: (), True: ("generated",), False: ("fixtures",)}
)
"""Where records are looked for, by the preference; nowhere in particular where nothing is said."""


class Action:
    """The action of one operation: over the answers of fixtures and sessions, and its supply of records."""

    def __init__(
        self, operation: Operation, supply: Supply | None, answers: Sequence[Answer], host: Host, seed: str
    ) -> None:
        self._operation = operation
        self._success = operation.lowest_success_response
        self._supply = supply
        self._host = host
        self._seed = seed
        self._answers = AnswerIndex(operation.id, answers)

    def draft(self, asked: Asked) -> Draft:
        """What to reply: answers first, then records, then that there is none."""
        overlay = asked.visit.overlay
        arguments, request = asked.arguments, asked.request
        of_files = (each for each in self._answers.find(arguments, request) if not overlay.hides(each))
        return self.draft_answers(asked, [*overlay.find(self._operation.id, arguments, request), *of_files])

    def draft_answers(self, asked: Asked, met: Sequence[Answer]) -> Draft:
        """What to reply where the answers *met* are those that may be given."""
        if not met:
            return self._draft_record(asked)
        turns = asked.visit.session.take_turns(asked.visit, met, asked.preferences.seed or self._seed)
        turns = [replace(turn, reply=turn.reply.fill(asked.arguments)) for turn in turns]
        given = next((turn for turn in turns if not turn.reply.is_decoration), None)
        draft = self._draft_record(asked) if given is None else self._draft_answer(asked, given)
        drawn = ("seed",) if any(each.reply.is_drawn for each in met) else ()
        draft = replace(_decorate(draft, given, turns), honoured=(*draft.honoured, *drawn))
        return replace(draft, is_counted=any(each.is_counted for each in met))

    # Answers

    def _draft_answer(self, asked: Asked, turn: Turn) -> Draft:
        answer = replace(turn.answer, reply=turn.reply)
        request = asked.request
        spec = self._operation.responses.get(answer.reply.status or 200)
        own_body = describe_status(
            answer.reply.own_status,
            answer.reply.exception or answer.name,
            self._operation,
            asked.arguments,
            request.method,
            self._host,
        )
        written = choose_format(request, spec.media_types if spec else (), self._host)
        if written is None and (own_body is not None or answer.reply.json is not None):
            return refuse_format(self._operation)
        reply = make_reply(
            answer.reply, None if own_body is None else write_json(own_body), self._operation.method, written or PLAIN
        )
        return Draft(self._operation, reply, _name(answer), spec, unchecked=answer.unchecked)

    # Records

    def _draft_record(self, asked: Asked) -> Draft:
        if self._supply is None:
            return Draft(self._operation, Reply(self._success.status), "contract", self._success)
        preferences = asked.preferences
        found = self._supply.find(asked.arguments, preferences.seed, DYNAMIC[preferences.dynamic])
        if found is not None:
            return self.draft_supplied(asked, found, self._success)
        return replace(self._draft_missing(asked), honoured=("dynamic",))

    def draft_supplied(self, asked: Asked, found: Supplied, spec: ResponseSpec) -> Draft:
        """A record as the reply that the contract has in *spec*."""
        draft = self.draft_json(asked, spec, found.members, found.source)
        return draft if draft.is_refusal else replace(draft, record=found.record, honoured=("dynamic", "seed"))

    def _draft_missing(self, asked: Asked) -> Draft:
        """What the action answers where there is no record."""
        source = "no record"
        spec = self._operation.responses.get(HTTPStatus.NOT_FOUND)
        if self._host.missing == "null":
            return self.draft_json(asked, self._success, None, source)
        if self._host.missing == "message":
            said = describe_missing(self._operation, asked.arguments)
            return self.draft_json(asked, spec or framework_response(HTTPStatus.NOT_FOUND), said, source)
        return Draft(self._operation, Reply(HTTPStatus.NOT_FOUND), source, spec)

    def draft_json(self, asked: Asked, spec: ResponseSpec, value: object, source: str) -> Draft:
        """A *value* as the body of the reply that the contract has in *spec*."""
        written = choose_format(asked.request, spec.media_types, self._host)
        if written is None:
            return refuse_format(self._operation)
        return Draft(self._operation, make_json_reply(spec.status, write_json(value), written), source, spec)


def _decorate(draft: Draft, given: Turn | None, turns: Sequence[Turn]) -> Draft:
    """The draft with what all decorations add; of two with the same header, delay or fault the more precise wins."""
    layers = [draft.reply.headers if turn is given else turn.reply.headers for turn in turns]
    if given is None:
        layers.append(draft.reply.headers)
    reply = Reply(draft.reply.status, (), draft.reply.body)
    for headers in reversed(layers):
        reply = reply.with_headers(headers)
    reply = rewrite_body(reply, draft.reply.header("Content-Type"))
    effect = NOTHING
    for turn in turns:
        effect = effect.over(turn.effect)
    names = (_name(turn.answer) for turn in turns if turn is not given)
    return replace(draft, reply=reply, source=" + ".join((draft.source, *names)), effect=effect)


def _name(answer: Answer) -> str:
    return f"answer {answer.name} {answer.source}"
