"""Drafts: what is to be answered, before it is written for the request and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from mockserver.contract.contract import Arguments, Operation, ResponseSpec
from mockserver.fixtures.records import Record
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import NO_EFFECT, Effect
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.http.sources import Source
from mockserver.state.visits import Visit
from mockserver.vendors.vendor import Refusal, Vendor


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an operation: the request, its arguments, its preferences, and its visit to a session."""

    request: Request
    arguments: Arguments
    preferences: Preferences
    visit: Visit


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A body that is written as JSON."""

    value: object


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be answered, and what is known of its making.

    Attributes:
        operation: The operation, if one was found.
        status: The status.
        source: Where the answer came from.
        spec: What the contract says of the status; None if it does not declare it.
        body: A value, a reply as a fixture writes it, or None for no content.
        headers: Headers beside those of the body.
        has_declared_headers: Whether the headers that the contract declares for the status are made and added.
        under: Headers of less precise decorations, in the order in which they are applied, before those of the body.
        over: Headers of more precise decorations, applied after those of the body.
        own_text: The JSON text that the stack sends for a reply that gives no body.
        record: The record of the fixtures that the body came from.
        unchecked: Whether the answer breaks the contract on purpose.
        effect: What happens to the answer on its way.
        wanted: The preferences of the request and its session.
        honoured: The keys of those that made the answer what it is.
        is_counted: Whether the answer depends on the number of the call, so that the next one may differ.
        is_drawn: Whether a draw made the answer, which depends on the seed.
        varies: Whether the answer depends on the Prefer header.
    """

    operation: Operation | None
    status: int
    source: Source
    spec: ResponseSpec | None
    body: JsonValue | AnswerReply | None = None
    headers: Headers = ()
    has_declared_headers: bool = False
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
    varies: bool = False


def draft_refusal(refusal: Refusal, vendor: Vendor, source: Source) -> Draft:
    """Return the draft of what the stack answers in place of the operation."""
    declared = refusal.operation.responses.get(refusal.status) if refusal.operation else None
    if not refusal.has_content:
        return Draft(refusal.operation, refusal.status, source, declared, headers=refusal.headers)
    spec = declared or vendor.describe_undeclared(refusal.status)
    return Draft(refusal.operation, refusal.status, source, spec, JsonValue(refusal.value), refusal.headers)


def draft_error(message: str, vendor: Vendor) -> Draft:
    """Return the 400 of a preference that is not valid: the stub's own, whatever the contract says of a 400."""
    refusal = Refusal(HTTPStatus.BAD_REQUEST, {"Message": message})
    draft = draft_refusal(refusal, vendor, Source("preferences"))
    return Draft(None, draft.status, draft.source, draft.spec, draft.body, varies=True)
