"""Records exchanges in the journal, and tells the observer of them, without the secrets that callers sent."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from mockserver.contract.contract import Arguments
from mockserver.documents.nodes import write_scalar
from mockserver.http.messages import Exchange, Observer, Reply, Request
from mockserver.http.redaction import Redactor
from mockserver.planning.checking import Plan
from mockserver.state.journal import LONGEST_BODY, Journal, Log, Outcome
from mockserver.web.heads import Head, Heads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Arrival(NamedTuple):
    """A request that came.

    Attributes:
        environ: Its WSGI environment.
        request: What the planner is told of it.
        session: The name of its session; None for the default one.
        log: The log of the session; None for a request that is no exchange with the API.
        started: When it came, by `perf_counter`.
    """

    environ: WSGIEnvironment
    request: Request
    session: str | None
    log: Log | None
    started: float


class Recorder:
    """Tells the journal and the observer of exchanges. Threads may share it.

    Args:
        journal: The journal.
        redactor: Replaces secrets.
        observe: The observer, if there is one.
        clock: Returns seconds since 1970.
        heads: Reads the headers.
    """

    def __init__(
        self,
        journal: Journal,
        redactor: Redactor,
        observe: Observer | None,
        clock: Callable[[], float],
        heads: Heads,
    ) -> None:
        self._journal = journal
        self._redactor = redactor
        self._observe = observe
        self._clock = clock
        self._heads = heads

    def record(self, arrival: Arrival, plan: Plan, fault: str | None = None) -> Outcome:
        """Tell of a request and of its reply, which may be sent with a `fault` of the connection.

        Return what an equal request may be recorded with again.
        """
        outcome = self._describe(arrival, plan, fault)
        self.record_again(outcome, self._heads.read(arrival.environ), arrival.session, arrival.log, arrival.started)
        return outcome

    def record_again(self, outcome: Outcome, head: Head, session: str | None, log: Log | None, started: float) -> None:
        """Tell of a request that came to this outcome; the others are as in `Arrival`."""
        seconds = perf_counter() - started
        at = self._clock() - seconds
        headers, size, _, _ = head
        if log is not None:
            self._journal.record(outcome, log, at, seconds, headers, session, size)
        if self._observe is not None:
            self._observe(outcome.tell(at, seconds, headers, session))

    def _describe(self, arrival: Arrival, plan: Plan, fault: str | None) -> Outcome:
        request, arguments = arrival.request, plan.arguments
        body, size = _read_body(arrival)
        if body:
            body = self._redactor.redact_body(body, arrival.environ.get("CONTENT_TYPE", ""))
        target = self.redact_target(request.target, arguments)
        reply = _cut_body(plan.reply)
        exchange = Exchange(
            0.0,
            0.0,
            Request(request.method, target, request.scheme, request.host, (), body),
            size,
            reply,
            plan.source,
            None,
            fault,
            plan.hints,
            plan.operation,
            self._redact_arguments(arguments),
            plan.near_misses,
            len(plan.reply.body),
        )
        return Outcome(exchange, len(target) + len(body) + len(reply.body), plan.trait, plan.members)

    def record_refusal(self, exchange: Exchange) -> None:
        """Tell the observer of a request that the server has refused."""
        request = exchange.request
        if self._observe is not None:
            target = self._redactor.redact_target(request.target)
            headers = self._redactor.redact_headers(request.headers)
            self._observe(exchange._replace(request=request._replace(target=target, headers=headers)))

    def redact_target(self, target: str, arguments: Arguments = MappingProxyType({})) -> str:
        """Return a target without secrets."""
        redactor = self._redactor
        secrets = [write_scalar(value) for name, value in arguments.items() if value and redactor.is_secret(name)]
        return redactor.redact_target(target, secrets)

    def _redact_arguments(self, arguments: Arguments) -> Arguments:
        redactor = self._redactor
        if not any(map(redactor.is_secret, arguments)):
            return arguments
        return {name: redactor.redact_value(name, value) for name, value in arguments.items()}


def _read_body(arrival: Arrival) -> tuple[bytes, int]:
    """Return the first part of the body of a request, and the size of all of it."""
    body = arrival.request.body
    if body:
        return body[:LONGEST_BODY], len(body)
    length = arrival.environ.get("CONTENT_LENGTH")
    if not length or not length.isdecimal():
        return b"", 0
    size = int(length)
    return arrival.environ["wsgi.input"].read(min(size, LONGEST_BODY)), size


def _cut_body(reply: Reply) -> Reply:
    """Return a reply with the first part of its body."""
    body = reply.body
    return reply if len(body) <= LONGEST_BODY else Reply(reply.status, reply.headers, body[:LONGEST_BODY])
