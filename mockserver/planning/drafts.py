"""Drafts: answers before they are written for the request and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from mockserver.contract.contract import Arguments, Operation, ResponseSpec
from mockserver.fixtures.records import Record
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import NO_EFFECT, Effect
from mockserver.http.headers import Headers
from mockserver.http.hints import Hints, NearMiss
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.http.sources import Source
from mockserver.state.visits import Visit
from mockserver.vendors.vendor import Refusal, Vendor


class Asked(NamedTuple):
    """What an operation is asked: the request, its arguments and preferences, and its view of a session."""

    request: Request
    arguments: Arguments
    preferences: Preferences
    visit: Visit


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A body that is written as JSON."""

    value: object


class Draft(NamedTuple):
    """An answer before it is written, and how it came about.

    Attributes:
        operation: The operation, if one was found.
        status: The status.
        source: Where the answer came from.
        spec: The declared response with the status, if there is one.
        body: A value, the reply of a fixture, or None for no content.
        headers: Headers in addition to those of the body.
        under: Headers of less precise decorations, in the order in which they are applied, before those of the body.
        over: Headers of more precise decorations, applied after those of the body.
        own_text: The JSON that the stack sends for a reply without a body.
        record: The record of the fixtures that the body came from.
        unchecked: Whether the answer breaks the contract on purpose.
        effect: What happens to the answer while it is sent.
        wanted: The preferences of the request and its session.
        honoured: The keys of the preferences that took effect.
        is_counted: Whether the answer depends on the number of the call, so that the next one may differ.
        is_drawn: Whether the answer was drawn, and so depends on the seed.
        varies: Whether another Prefer header could change the answer.
        hints: What people are told of the request.
        near_misses: What would have answered it if it differed a little, the nearest first.
    """

    operation: Operation | None
    status: int
    source: Source
    spec: ResponseSpec | None
    body: JsonValue | AnswerReply | None = None
    headers: Headers = ()
    under: Sequence[Headers] = ()
    over: Sequence[Headers] = ()
    own_text: str | None = None
    record: Record | None = None
    unchecked: bool = False
    effect: Effect = NO_EFFECT
    wanted: Preferences = NO_PREFERENCES
    honoured: tuple[str, ...] = ()
    is_counted: bool = False
    is_drawn: bool = False
    varies: bool = True
    hints: Hints = ()
    near_misses: tuple[NearMiss, ...] = ()


def draft_refusal(refusal: Refusal, vendor: Vendor, source: Source) -> Draft:
    """Return the draft of an answer that the stack gives in place of the operation."""
    declared = refusal.operation.responses.get(refusal.status) if refusal.operation else None
    if not refusal.has_content:
        return Draft(refusal.operation, refusal.status, source, declared, headers=refusal.headers, hints=refusal.hints)
    spec = declared or vendor.describe_undeclared(refusal.status)
    body = JsonValue(refusal.value)
    return Draft(refusal.operation, refusal.status, source, spec, body, refusal.headers, hints=refusal.hints)


def draft_error(message: str, vendor: Vendor) -> Draft:
    """Return the 400 of an invalid preference. It is the stub's own, so the contract's 400 does not apply."""
    refusal = Refusal(HTTPStatus.BAD_REQUEST, {"Message": message})
    return draft_refusal(refusal, vendor, Source("preferences"))


def honour(draft: Draft, wanted: Preferences) -> Draft:
    """Return the draft with the effects of the preferences, which come before its own."""
    if wanted is NO_PREFERENCES:
        return draft
    return draft._replace(wanted=wanted, effect=wanted.effect.over(draft.effect))
