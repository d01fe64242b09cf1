"""Own answers: what the running stub sends for its fixtures, held against them and the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from mockserver.conformance.curl_lines import write_curl
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.documents.wording import show
from mockserver.http.effects import CUTS
from mockserver.http.messages import Reply
from mockserver.http.redaction import Redactor
from mockserver.provider.client import Answered, Client, NoAnswerError, UnreachableError
from mockserver.provider.judge import Judge
from mockserver.selftest.questions import OwnQuestion

_GROUP: Final = "fixtures"
"""The group of the cases."""

_REDIRECTS: Final = range(300, 400)
"""Statuses that are answers like all others."""

_KINDS: Final[Mapping[Kind, Kind]] = MappingProxyType({Kind.DIFFERENCE: Kind.ALTERED})
"""What a difference from a fixture means for the stub that serves the fixture."""


@dataclass(frozen=True, slots=True)
class OwnAnswers:
    """Asks the running stub.

    Attributes:
        client: What asks.
        judge: What judges.
        url: The URL that lines of curl have.
        redactor: Replaces secrets in these lines.
    """

    client: Client
    judge: Judge
    url: str
    redactor: Redactor

    def check(self, questions: Iterable[OwnQuestion]) -> Iterator[Case]:
        """Yield a case for each question."""
        for own in questions:
            started, sent = self.client.timer(), self.client.sent
            curl = write_curl(self.url, own.question.request, self.redactor)
            curl += f"  # {own.calls} times" if own.calls > 1 else ""
            findings = tuple(replace(each, curl=curl) for each in self._find(own))
            seconds, requests = self.client.timer() - started, self.client.sent - sent
            yield Case(_GROUP, own.question.name, findings, seconds, requests)

    def _find(self, own: OwnQuestion) -> Iterator[Finding]:
        place = own.question.place
        if not own.calls:
            finding = f"The request for it gets {own.plan.source}."
            remedy = "Change the conditions, or remove one of the two."
            yield Finding(Kind.UNREACHED, f"{finding} {remedy}", place)
            return
        reply = self._ask(own)
        fault = own.plan.effect.fault
        if fault in CUTS:
            if reply is not None:
                finding = f"The fault {fault} is answered with {reply.status}."
                yield Finding(Kind.ALTERED, f"{finding} Give the reply a longer body.", place)
        elif reply is None:
            yield Finding(
                Kind.UNCHECKED,
                "There is no whole answer. Send the request to mockserver serve, and see what that logs.",
                place,
            )
        else:
            yield from _compare(own, reply)
            yield from self._judge(own, reply)

    def _ask(self, own: OwnQuestion) -> Reply | None:
        """Return the reply to the call that gets the fixture; None if it has no end."""
        request, reply = own.question.request, None
        for _ in range(own.calls):
            try:
                answered = self.client.ask(request.method, request.target, request.headers, request.body, _REDIRECTS)
                reply = answered.reply
            except (NoAnswerError, UnreachableError):
                reply = None
        return reply

    def _judge(self, own: OwnQuestion, reply: Reply) -> Iterator[Finding]:
        if own.plan.alarm is not None:
            yield Finding(Kind.BREACH, f"{own.plan.alarm}. Change the fixture or the contract.", own.question.place)
            return
        operation = own.question.operation
        if reply.status not in operation.responses:
            finding = f"The contract does not declare the status {reply.status} for {operation.id}."
            yield Finding(Kind.NOTE, f"{finding} Declare it, if callers have to expect it.", own.question.place)
            return
        found = list(self.judge.judge(own.question, Answered(reply)))
        if own.is_unchecked:
            for first in found[:1]:
                text = f"It breaks the contract on purpose, as it is unchecked: {first.text}"
                yield replace(first, kind=Kind.NOTE, text=text)
            return
        yield from (replace(each, kind=_KINDS.get(each.kind, each.kind)) for each in found)


def _compare(own: OwnQuestion, reply: Reply) -> Iterator[Finding]:
    """Yield how what came differs from what was planned."""
    planned = own.plan.reply
    is_bare = own.question.request.method == "HEAD"
    pairs = {
        "status": (planned.status, reply.status),
        "X-Mock-Source": (planned.header("X-Mock-Source"), reply.header("X-Mock-Source")),
        "Content-Type": (planned.header("Content-Type"), reply.header("Content-Type")),
        "body": (b"" if is_bare else planned.body, reply.body),
    }
    for name, (wanted, given) in pairs.items():
        if wanted != given:
            finding = f"The {name} is {show(given)} on its way, and was {show(wanted)}."
            yield Finding(Kind.ALTERED, f"{finding} Report this as a fault of the stub.", own.question.place)
