"""The action of an operation: it gives an answer, a record or a generated record, or finds none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mockserver.contract.contract import ResponseSpec
from mockserver.documents.nodes import Json, Scalar
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import NO_EFFECT
from mockserver.http.hints import Hints
from mockserver.http.preferences import TWIN
from mockserver.http.sources import Source
from mockserver.planning.catalogue import Catalogue
from mockserver.planning.drafts import Asked, Draft, JsonValue, draft_refusal
from mockserver.planning.near_misses import find_near_misses
from mockserver.planning.supply import Supplied, Supply
from mockserver.state.visits import Turn
from mockserver.vendors.vendor import Situation

DYNAMIC: Final[Mapping[bool | None, tuple[str, ...]]] = MappingProxyType(
    {None: (), True: ("generated",), False: ("added", "fixtures")}
)
"""Where records are looked for, by the preference `dynamic`; without it the setting `source` decides."""

_UNANSWERED: Final = ("generated", "no record", "contract")
"""The kinds of source of a request for which nothing is written."""


def act(catalogue: Catalogue, asked: Asked) -> Draft:
    """Return what the operation answers: a matching answer, unless a generated record is wanted, or a record."""
    if asked.preferences.dynamic:
        return give_answers(catalogue, asked, ())
    draft = give_answers(catalogue, asked, catalogue.find_answers(asked))
    if draft.source.kind not in _UNANSWERED:
        return draft
    misses = find_near_misses(catalogue, asked, DYNAMIC[asked.preferences.dynamic])
    if misses:
        return draft._replace(near_misses=misses, hints=(*draft.hints, misses[0].hint))
    if draft.source.kind == "no record" and not draft.hints:
        return draft._replace(hints=_hint_missing(catalogue, asked))
    return draft


def _hint_missing(catalogue: Catalogue, asked: Asked) -> Hints:
    """Return a hint for a record that is neither written nor generated on purpose."""
    supply = catalogue.find_supply(catalogue.vendor.choose_response(catalogue.operation, asked.request))
    assert supply is not None, "a record was looked for"
    if supply.generates(DYNAMIC[asked.preferences.dynamic]):
        return ()
    reason = "--source is fixtures" if asked.preferences.dynamic is None else "dynamic is false"
    return (f"No record fits the request, and none is generated: {reason}.",)


def give_answers(catalogue: Catalogue, asked: Asked, matched: Sequence[Answer]) -> Draft:
    """Return the first available answer of those that `matched`, or else a record, with all decorations."""
    if not matched:
        return _draft_record(catalogue, asked)
    turns = asked.visit.take_turns(matched, asked.preferences.seed or catalogue.seed)
    turns = [turn._replace(reply=_fill(catalogue, asked, turn.reply)) for turn in turns]
    given = next((turn for turn in turns if not turn.reply.is_decoration), None)
    draft = _draft_record(catalogue, asked) if given is None else _draft_answer(catalogue, asked, given)
    return _decorate(draft, given, turns)._replace(
        is_counted=any(each.is_counted for each in matched),
        is_drawn=any(each.reply.is_drawn for each in matched),
    )


def draft_supplied(catalogue: Catalogue, found: Supplied, spec: ResponseSpec) -> Draft:
    """Return a record as the body of a response."""
    body = JsonValue(found.members)
    honoured = ("dynamic", "seed")
    return Draft(catalogue.operation, spec.status, found.source, spec, body, record=found.record, honoured=honoured)


def draft_value(catalogue: Catalogue, spec: ResponseSpec, value: object, source: Source) -> Draft:
    """Return a value as the JSON body of a response."""
    return Draft(catalogue.operation, spec.status, source, spec, JsonValue(value))


def _fill(catalogue: Catalogue, asked: Asked, reply: AnswerReply) -> AnswerReply:
    """Return the reply with its placeholders filled in, and with the JSON of its record."""
    filled = reply.fill(asked.arguments, catalogue.vendor.write_json)
    if filled.record is None:
        return filled
    spec = catalogue.operation.responses.get(filled.status or 200)
    supply = None if spec is None else catalogue.find_supply(spec)
    # After a reload the contract may have no such record: then the check says so of the bare members.
    made = filled.record if supply is None else _complete(supply, asked, filled.record)
    return replace(filled, json=catalogue.vendor.write_json(made))


def _complete(supply: Supply, asked: Asked, given: Mapping[str, Json]) -> Mapping[str, object]:
    return supply.make(asked.arguments, asked.preferences.seed, given).members


def _draft_answer(catalogue: Catalogue, asked: Asked, turn: Turn) -> Draft:
    reply, operation = turn.reply, catalogue.operation
    status = reply.status or 200
    return Draft(
        operation,
        status,
        turn.answer.source,
        operation.responses.get(status),
        reply,
        own_text=_phrase(catalogue, asked, turn) if reply.own_status is not None else None,
        unchecked=turn.answer.unchecked,
        honoured=() if reply.record is None else ("seed",),
    )


def _phrase(catalogue: Catalogue, asked: Asked, turn: Turn) -> str | None:
    """Return the JSON that the stack sends with the status of an answer without a body of its own."""
    exception = turn.reply.exception or turn.answer.name
    about = Situation(catalogue.operation, asked.arguments, asked.request.method, exception=exception)
    body = catalogue.vendor.phrase(turn.reply.status or 200, about)
    return None if body is None else catalogue.vendor.write_json(body)


def _draft_record(catalogue: Catalogue, asked: Asked) -> Draft:
    operation, vendor, preferences = catalogue.operation, catalogue.vendor, asked.preferences
    success = vendor.choose_response(operation, asked.request)
    supply = catalogue.find_supply(success)
    if supply is None:
        return Draft(operation, success.status, Source("contract"), success)
    added, sources = asked.visit.overlay.records, DYNAMIC[preferences.dynamic]
    found = supply.find(asked.arguments, added, preferences.seed, sources, is_chosen=preferences.chooses)
    if found is not None:
        return draft_supplied(catalogue, found, success)
    draft = draft_refusal(vendor.refuse_missing(operation, asked.arguments), vendor, Source("no record"))
    blunder = supply.find_blunder(asked.arguments)
    hints = () if blunder is None else (_hint_blunder(blunder, asked.arguments[blunder]),)
    return draft._replace(honoured=("dynamic",), hints=(*draft.hints, *hints))


def _hint_blunder(parameter: str, argument: Scalar) -> str:
    finding = f"{parameter} is {argument!r}, which looks like a mistake of the caller, so nothing is generated for it"
    return f"{finding}; write a record or an answer for it, or ask with {TWIN}dynamic=true."


def _decorate(draft: Draft, given: Turn | None, turns: Sequence[Turn]) -> Draft:
    """Add all decorations; of two with the same header, delay or fault the more precise one wins."""
    effect = NO_EFFECT
    for turn in turns:
        effect = effect.over(turn.effect)
    at = len(turns) if given is None else turns.index(given)
    decorations = [turn for turn in turns if turn is not given]
    return draft._replace(
        source=draft.source._replace(added=tuple(turn.answer.source for turn in decorations)),
        over=[turn.reply.headers for turn in reversed(turns[:at])],
        under=[turn.reply.headers for turn in reversed(turns[at + 1 :])],
        effect=effect,
    )
