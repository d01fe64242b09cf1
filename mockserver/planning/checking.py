"""The check: drafts of replies are held against the contract, the bytes that are sent included, and become plans."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.checks.replies import find_reply_breaches
from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.effects import NOTHING, Effect
from mockserver.http.headers import to_header
from mockserver.http.messages import Reply
from mockserver.planning.drafts import Draft
from mockserver.vendors.aspnet import errors
from mockserver.vendors.aspnet.hosting import HOST_HEADERS, Host

NAMED_BREACHES: Final = 10
"""Members that X-Mock-Breach names at the most, wrong ones before missing ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A reply and why it is given.

    `source` says what it came from: `record fixtures/customers.yaml:12`, `answer not-found
    fixtures/answers.yaml:4`, `generated`, or `framework` for its own errors. `alarm` is set where the reply
    stands for one that broke the contract, and tells how. `effect` is what happens to it on its way.
    """

    reply: Reply
    source: str
    alarm: str | None = None
    effect: Effect = NOTHING


class Checker:
    """Makes plans of drafts. Where *refuse_breaches* is false, what breaks the contract is sent, and marked."""

    def __init__(self, schemas: Schemas, host: Host, *, refuse_breaches: bool) -> None:
        self._schemas = schemas
        self._host = host
        self._refuse_breaches = refuse_breaches

    def check(self, draft: Draft) -> Plan:
        """Nothing leaves without having been held against the contract, the bytes that are sent included."""
        reply = self._add_headers(draft.reply, draft.source)
        breaches = find_reply_breaches(draft.spec, reply, self._schemas)
        if draft.unchecked or (breaches and not self._refuse_breaches):
            return Plan(_mark(reply, breaches), draft.source, effect=draft.effect)
        return self._report(draft, breaches) if breaches else Plan(reply, draft.source, effect=draft.effect)

    def _add_headers(self, reply: Reply, source: str) -> Reply:
        """The reply with what the host adds to it, and where it came from."""
        hosted = Reply(reply.status, HOST_HEADERS if self._host.headers else (), reply.body)
        return hosted.with_headers(reply.headers).with_headers((("X-Mock-Source", to_header(source)),))

    def _report(self, draft: Draft, breaches: tuple[Breach, ...]) -> Plan:
        """The 500 that stands in for a reply that breaks the contract."""
        operation = draft.operation.id if draft.operation else "no operation"
        told = [_tell(breach, draft) for breach in breaches[:NAMED_BREACHES]]
        more = [f"and {len(breaches) - NAMED_BREACHES} more"] if len(breaches) > NAMED_BREACHES else []
        alarm = f"{operation} {draft.reply.status}: {'; '.join(told + more)}"
        reply = make_json_reply(HTTPStatus.INTERNAL_SERVER_ERROR, write_json(errors.describe_error(alarm)))
        return Plan(_mark(self._add_headers(reply, draft.source), breaches), draft.source, alarm, draft.effect)


def _tell(breach: Breach, draft: Draft) -> str:
    member = breach.member.split(".")[0]
    return f"{breach} ({draft.record.source_of(member) if draft.record else draft.source})"


def _mark(reply: Reply, breaches: tuple[Breach, ...]) -> Reply:
    wrong_first = sorted(breaches, key=lambda breach: breach.value is None)
    named = dict.fromkeys(breach.member or "body" for breach in wrong_first[:NAMED_BREACHES])
    value = ", ".join(quote(name, safe="._-$") for name in named) or "unchecked"
    return reply.with_headers((("X-Mock-Breach", value),))
