"""Writing: a draft becomes a reply in the format that the request accepts."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from mockserver.fixtures.written_replies import AnswerReply, make_reply
from mockserver.http.bodies import PLAIN, Format, make_json_reply, rewrite_body
from mockserver.http.headers import add_vary
from mockserver.http.messages import Reply, Request
from mockserver.http.preferences import NO_PREFERENCES, write_applied
from mockserver.http.sources import Source
from mockserver.planning.declared_headers import DeclaredHeaders
from mockserver.planning.drafts import Draft, JsonValue
from mockserver.vendors.vendor import Situation, Vendor

_ON_THE_WAY: Final = ("delay", "fault")
"""The preferences that take effect with any answer."""


def choose_format(draft: Draft, request: Request, vendor: Vendor) -> tuple[Draft, Format]:
    """Choose how JSON is written for the request; the draft becomes an empty 406 if nothing is acceptable."""
    if not _is_json(draft):
        return draft, PLAIN
    written = vendor.choose_format(request, draft.spec.media_types if draft.spec else ())
    return (_refuse_format(draft), PLAIN) if written is None else (draft, written)


def write_reply(draft: Draft, written: Format, vendor: Vendor, declared: DeclaredHeaders) -> Reply:
    """Return the reply of a draft, with the headers that are `declared` for it and that nothing else gives."""
    reply = _decorate(_write_body(draft, vendor, written), draft)
    missing = tuple(pair for pair in declared.find(draft.operation, reply.status) if reply.header(pair[0]) is None)
    return _add_preferences(reply.with_headers(missing) if missing else reply, draft)


def write_error(vendor: Vendor, status: int, situation: Situation) -> Reply:
    """Return an error as the stack phrases it; empty if it has no words for the status."""
    body = vendor.phrase(status, situation)
    return Reply(status) if body is None else make_json_reply(status, vendor.write_json(body))


def _is_json(draft: Draft) -> bool:
    """Return whether the body is JSON, whose format the request may choose."""
    if isinstance(draft.body, AnswerReply):
        return draft.body.text is None and (draft.body.json is not None or draft.own_text is not None)
    return draft.body is not None


def _refuse_format(draft: Draft) -> Draft:
    """Return the draft of a 406 without content; decorations and effects stay."""
    operation = draft.operation
    return draft._replace(
        status=HTTPStatus.NOT_ACCEPTABLE,
        source=draft.source if draft.operation is None else Source("framework", added=draft.source.added),
        spec=operation.responses.get(HTTPStatus.NOT_ACCEPTABLE) if operation else None,
        body=None,
        headers=(),
        record=None,
        unchecked=False,
        # That there is no record is honoured whatever is sent.
        honoured=("dynamic",) if draft.source.kind == "no record" else (),
    )


def _write_body(draft: Draft, vendor: Vendor, written: Format) -> Reply:
    if isinstance(draft.body, AnswerReply):
        assert draft.operation is not None, "an answer belongs to an operation"
        return make_reply(draft.body, draft.own_text, draft.operation.method, written)
    if isinstance(draft.body, JsonValue):
        return make_json_reply(draft.status, vendor.write_json(draft.body.value), written, draft.headers)
    return Reply(draft.status, draft.headers)


def _decorate(reply: Reply, draft: Draft) -> Reply:
    """Add the headers of decorations; of two with the same name the more precise decoration wins."""
    if not draft.under and not draft.over:
        return reply
    content_type = reply.header("Content-Type")
    decorated = Reply(reply.status, (), reply.body)
    for headers in (*draft.under, reply.headers, *draft.over):
        decorated = decorated.with_headers(headers)
    return rewrite_body(decorated, content_type)


def _add_preferences(reply: Reply, draft: Draft) -> Reply:
    """Name the preferences that took effect, and say that others give another answer (RFC 7240, section 2)."""
    if not draft.varies:
        return reply
    if draft.wanted is not NO_PREFERENCES:
        drawn = ("seed",) if draft.is_drawn else ()
        applied = write_applied(draft.wanted, (*draft.honoured, *drawn, *_ON_THE_WAY))
        reply = reply.with_headers((("Preference-Applied", applied),)) if applied else reply
    return Reply(reply.status, add_vary(reply.headers, "Prefer"), reply.body)
