"""Records exchanges in the journal, and tells the observer of them, without the secrets that callers sent."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
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

_KNOWN: Final = 256
"""How many different heads without secrets are remembered."""

_LONGEST_KNOWN: Final = 4096
"""The most bytes of a head that is remembered."""


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
        self._known: dict[bytes, Headers] = {}

    def record(self, arrival: Arrival, plan: Plan, fault: str | None = None) -> None:
        """Tell of a request and of its reply, which may be sent with a `fault` of the connection."""
        seconds = perf_counter() - arrival.started
        body, size = _read_body(arrival)
        exchange = Exchange(
            self._clock() - seconds,
            seconds,
            self._redact_request(arrival, body, plan.arguments),
            size,
            plan.reply,
            plan.source,
            arrival.session,
            fault,
            plan.hints,
            plan.operation,
            self._redact_arguments(plan.arguments),
            plan.near_misses,
        )
        if arrival.log is not None:
            self._journal.record(exchange, arrival.log, plan.trait, plan.members)
        if self._observe is not None:
            self._observe(exchange)

    def record_refusal(self, exchange: Exchange) -> None:
        """Tell the observer of a request that the server has refused."""
        request = exchange.request
        if self._observe is not None:
            target = self._redactor.redact_target(request.target)
            headers = self._redactor.redact_headers(request.headers)
            self._observe(exchange._replace(request=request._replace(target=target, headers=headers)))

    def _redact_request(self, arrival: Arrival, body: bytes, arguments: Arguments) -> Request:
        redactor, request = self._redactor, arrival.request
        secrets = [write_scalar(value) for name, value in arguments.items() if value and redactor.is_secret(name)]
        headers = self._read_headers(arrival.environ)
        if body:
            content_type = arrival.environ.get("CONTENT_TYPE", "")
            body = redactor.redact_body(body, content_type)[:LONGEST_BODY]
        target = redactor.redact_target(request.target, secrets)
        return Request(request.method, target, request.scheme, request.host, headers, body)

    def _redact_arguments(self, arguments: Arguments) -> Arguments:
        redactor = self._redactor
        return {name: redactor.redact_value(name, value) for name, value in arguments.items()}

    def _read_headers(self, environ: WSGIEnvironment) -> Headers:
        """Return all headers of a request. A head without secrets is read once; one with secrets is not kept."""
        fields: bytes | None = environ.get(HEADER_FIELDS)
        known = None if fields is None else self._known.get(fields)
        if known is not None:
            return known
        headers = read_all_headers(environ)
        redacted = self._redactor.redact_headers(headers)
        if redacted is headers and fields is not None and len(fields) <= _LONGEST_KNOWN:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[fields] = headers
        return redacted


def _read_body(arrival: Arrival) -> tuple[bytes, int]:
    """Return the first part of the body of a request, and the size of all of it."""
    body = arrival.request.body
    if body:
        return body, len(body)
    length = arrival.environ.get("CONTENT_LENGTH") or "0"
    size = int(length) if length.isdecimal() else 0
    return (arrival.environ["wsgi.input"].read(min(size, LONGEST_BODY)), size) if size else (b"", 0)
