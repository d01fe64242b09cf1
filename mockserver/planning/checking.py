"""The check: it validates the bytes of a reply against the contract, and makes a plan of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.checks.replies import find_reply_breaches
from mockserver.contract.contract import Arguments
from mockserver.http.bodies import PLAIN
from mockserver.http.effects import NO_EFFECT, Effect
from mockserver.http.headers import Headers, to_header
from mockserver.http.hints import Hints, NearMiss, write_hints
from mockserver.http.messages import Reply
from mockserver.http.sources import Source
from mockserver.planning.declared_headers import DeclaredHeaders
from mockserver.planning.drafts import Draft, JsonValue
from mockserver.planning.traits import NO_MEMBERS, Traits
from mockserver.planning.writing import write_reply
from mockserver.state.tallies import Trait
from mockserver.vendors.vendor import Refusal, Route, Situation, Vendor

_NAMED_BREACHES: Final = 10
"""How many members X-Mock-Breach names at most, wrong ones before missing ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A reply and the reason for it.

    Attributes:
        reply: The reply.
        source: Where it came from.
        alarm: How the answer broke the contract, if the reply is the 500 that replaces it.
        effect: What happens to the reply while it is sent.
        hints: What people are told of the request.
        operation: The operationId, if an operation was found.
        arguments: What the operation is asked for; empty if that was not read.
        trait: What the request exercises, if an operation was found.
        members: The members of the reply that have a value.
        near_misses: What would have answered the request if it differed a little, the nearest first.
        is_counted: Whether it depends on the number of the call, so that the next one may differ.
    """

    reply: Reply
    source: Source
    alarm: str | None = None
    effect: Effect = NO_EFFECT
    hints: Hints = ()
    operation: str | None = None
    arguments: Arguments = field(default_factory=dict)
    trait: Trait | None = field(default=None, compare=False)
    members: frozenset[str] = field(default=NO_MEMBERS, compare=False)
    near_misses: tuple[NearMiss, ...] = ()
    is_counted: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether an equal request may be sent the same bytes at once: nothing is counted, delayed or logged."""
        return not self.is_counted and self.alarm is None and self.effect.is_nothing


class Checker:
    """Makes plans of drafts and replies; a breach of the contract is sent and marked without `refuse_breaches`."""

    def __init__(self, schemas: Schemas, vendor: Vendor, declared: DeclaredHeaders, *, refuse_breaches: bool) -> None:
        self._schemas = schemas
        self._vendor = vendor
        self._declared = declared
        self._refuse_breaches = refuse_breaches
        self._traits = Traits()

    def check(self, draft: Draft, reply: Reply, route: Route | Refusal, arguments: Arguments) -> Plan:
        """Validate the reply to a request that went this way against the contract; replace a breach by a 500."""
        reply = self._add_headers(reply, draft)
        breaches = find_reply_breaches(draft.spec, reply, self._schemas)
        alarm = None
        if draft.unchecked or (breaches and not self._refuse_breaches):
            reply = _mark(reply, breaches)
        elif breaches:
            alarm = _describe(draft, reply, breaches)
            reply = self._report(draft, alarm, breaches)
        return Plan(
            reply,
            draft.source,
            alarm,
            draft.effect,
            draft.hints,
            None if route.operation is None else route.operation.id,
            arguments,
            self._traits.find(route, draft, reply),
            NO_MEMBERS if alarm else self._traits.find_members(draft),
            draft.near_misses,
            draft.is_counted,
        )

    def _add_headers(self, reply: Reply, draft: Draft) -> Reply:
        """Add the headers of the host, and the source and the hints of the draft."""
        hosted = Reply(reply.status, self._vendor.host_headers, reply.body)
        own: Headers = (("X-Mock-Source", to_header(str(draft.source))),)
        own += (("X-Mock-Hint", write_hints(draft.hints)),) if draft.hints else ()
        return hosted.with_headers(reply.headers).with_headers(own)

    def _report(self, draft: Draft, alarm: str, breaches: tuple[Breach, ...]) -> Reply:
        """Return the 500 that replaces a reply that breaks the contract."""
        value = self._vendor.phrase(HTTPStatus.INTERNAL_SERVER_ERROR, Situation(draft.operation, detail=alarm))
        body = None if value is None else JsonValue(value)
        error = Draft(draft.operation, HTTPStatus.INTERNAL_SERVER_ERROR, draft.source, None, body, varies=draft.varies)
        reply = self._add_headers(write_reply(error, PLAIN, self._vendor, self._declared), draft)
        return _mark(reply, breaches)


def _describe(draft: Draft, reply: Reply, breaches: tuple[Breach, ...]) -> str:
    """Return how a reply breaks the contract, on one line."""
    operation = draft.operation.id if draft.operation else "no operation"
    told = [_tell(breach, draft) for breach in breaches[:_NAMED_BREACHES]]
    more = [f"and {len(breaches) - _NAMED_BREACHES} more"] if len(breaches) > _NAMED_BREACHES else []
    return f"{operation} {reply.status}: {'; '.join(told + more)}"


def _tell(breach: Breach, draft: Draft) -> str:
    """Return the text of a breach, with the place of the record's member or of the answer."""
    member = breach.member.split(".")[0]
    return f"{breach} ({draft.record.place_of(member) if draft.record else draft.source})"


def _mark(reply: Reply, breaches: tuple[Breach, ...]) -> Reply:
    """Name the members that break the contract in X-Mock-Breach."""
    wrong_first = sorted(breaches, key=lambda breach: breach.value is None)
    named = dict.fromkeys(breach.member or "body" for breach in wrong_first[:_NAMED_BREACHES])
    value = ", ".join(quote(name, safe="._-$") for name in named) or "unchecked"
    return reply.with_headers((("X-Mock-Breach", value),))
