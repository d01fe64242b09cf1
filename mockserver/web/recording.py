"""Records exchanges in the journal, and tells the observer of them, without the secrets that callers sent."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from mockserver.contract.contract import Arguments
from mockserver.documents.nodes import write_scalar
from mockserver.http.headers import Headers
from mockserver.http.messages import HEADER_FIELDS, Exchange, Observer, Request
from mockserver.http.redaction import Redactor
from mockserver.planning.checking import Plan
from mockserver.state.journal import LONGEST_BODY, Journal, Log
from mockserver.web.environ import read_all_headers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_KNOWN: Final = 512
"""How many different heads, and how many different targets, without secrets are remembered."""

_LONGEST_KNOWN: Final = 4096
"""The most bytes of a head, and of a target, that is remembered."""


class _Head(NamedTuple):
    """The headers of a request without secrets, and how many characters they have."""

    headers: Headers
    size: int


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
    """

    def __init__(
        self, journal: Journal, redactor: Redactor, observe: Observer | None, clock: Callable[[], float]
    ) -> None:
        self._journal = journal
        self._redactor = redactor
        self._observe = observe
        self._clock = clock
        self._known: dict[bytes, _Head] = {}
        self._plain_targets: set[str] = set()

    def record(self, arrival: Arrival, plan: Plan, fault: str | None = None) -> None:
        """Tell of a request and of its reply, which may be sent with a `fault` of the connection."""
        seconds = perf_counter() - arrival.started
        environ, request, arguments = arrival.environ, arrival.request, plan.arguments
        head = self._read_head(environ)
        body, size = _read_body(arrival)
        if body:
            body = self._redactor.redact_body(body, environ.get("CONTENT_TYPE", ""))[:LONGEST_BODY]
        target = self.redact_target(request.target, arguments)
        exchange = Exchange(
            self._clock() - seconds,
            seconds,
            Request(request.method, target, request.scheme, request.host, head.headers, body),
            size,
            plan.reply,
            plan.source,
            arrival.session,
            fault,
            plan.hints,
            plan.operation,
            self._redact_arguments(arguments),
            plan.near_misses,
        )
        if arrival.log is not None:
            held = head.size + len(target) + len(body) + len(plan.reply.body)
            self._journal.record(exchange, held, arrival.log, plan.trait, plan.members)
        if self._observe is not None:
            self._observe(exchange)

    def record_refusal(self, exchange: Exchange) -> None:
        """Tell the observer of a request that the server has refused."""
        request = exchange.request
        if self._observe is not None:
            target = self._redactor.redact_target(request.target)
            headers = self._redactor.redact_headers(request.headers)
            self._observe(exchange._replace(request=request._replace(target=target, headers=headers)))

    def redact_target(self, target: str, arguments: Arguments = MappingProxyType({})) -> str:
        """Return a target without secrets. One that has none is remembered."""
        if target in self._plain_targets:
            return target
        redactor = self._redactor
        secrets = [write_scalar(value) for name, value in arguments.items() if value and redactor.is_secret(name)]
        redacted = redactor.redact_target(target, secrets)
        if redacted == target and len(target) <= _LONGEST_KNOWN:
            if len(self._plain_targets) >= _KNOWN:
                self._plain_targets.clear()
            self._plain_targets.add(target)
        return redacted

    def _redact_arguments(self, arguments: Arguments) -> Arguments:
        redactor = self._redactor
        if not any(map(redactor.is_secret, arguments)):
            return arguments
        return {name: redactor.redact_value(name, value) for name, value in arguments.items()}

    def _read_head(self, environ: WSGIEnvironment) -> _Head:
        """Return all headers of a request. A head without secrets is read once; one with secrets is not kept."""
        fields: bytes | None = environ.get(HEADER_FIELDS)
        known = None if fields is None else self._known.get(fields)
        if known is not None:
            return known
        headers = read_all_headers(environ)
        redacted = self._redactor.redact_headers(headers)
        head = _Head(redacted, sum(len(name) + len(value) for name, value in redacted))
        if redacted is headers and fields is not None and len(fields) <= _LONGEST_KNOWN:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[fields] = head
        return head


def _read_body(arrival: Arrival) -> tuple[bytes, int]:
    """Return the first part of the body of a request, and the size of all of it."""
    body = arrival.request.body
    if body:
        return body, len(body)
    length = arrival.environ.get("CONTENT_LENGTH")
    if not length or not length.isdecimal():
        return b"", 0
    size = int(length)
    return arrival.environ["wsgi.input"].read(min(size, LONGEST_BODY)), size
