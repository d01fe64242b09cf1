"""What to answer and why: the whole journey from a request to the reply, without Flask.

A plan is a function of contract, fixtures, seed and request alone, so it may be kept and given again.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from mockserver.actions import (
    Action,
    Draft,
    choose_format,
    refuse_format,
)
from mockserver.aspnet import faults
from mockserver.aspnet.binding import Binding, UnclosedBracketError, bind_arguments, read_query
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import HOST_HEADERS, Host
from mockserver.aspnet.routing import Route, Router
from mockserver.aspnet.uris import read_uri
from mockserver.breaches import Breach
from mockserver.contract import Arguments, Contract, Operation
from mockserver.exchange import Headers, Reply, Request
from mockserver.fixtures import Fixtures
from mockserver.generation import Generator
from mockserver.replies import find_reply_breaches, framework_response, make_json_reply
from mockserver.schemas import Schemas

READ_HEADERS: Final = ("accept", "accept-charset", "content-type")
"""The request headers that can change an answer."""

KEPT_PLANS: Final = 2048
KEPT_SIZE: Final = 8192
"""Characters of a request and bytes of its body together; what is larger is planned each time."""

NAMED_BREACHES: Final = 10
"""Members that X-Mock-Breach names at the most, wrong ones before missing ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A reply and why it is given.

    `source` says what it came from: `record fixtures/customers.yaml:12`, `answer not-found
    fixtures/answers.yaml:4`, `generated`, or `framework` for its own errors. `alarm` is set where the reply
    stands for one that broke the contract, and tells how.
    """

    reply: Reply
    source: str
    alarm: str | None = None


class Planner:
    """Plans replies for one contract, set of fixtures and seed. Safe to share between threads."""

    def __init__(
        self,
        *,
        contract: Contract,
        schemas: Schemas,
        fixtures: Fixtures,
        generator: Generator,
        source: str = "auto",
        roots: tuple[str, ...] = ("",),
        refuse_breaches: bool = True,
        host: Host | None = None,
    ) -> None:
        self._schemas = schemas
        self._refuse_breaches = refuse_breaches
        self._host = host or Host()
        self._router = Router(contract, roots)
        self._actions = {
            operation.id: Action(
                operation,
                contract=contract,
                schemas=schemas,
                fixtures=fixtures,
                generator=generator,
                source=source,
                host=self._host,
            )
            for operation in contract.operations
        }
        self._kept: dict[Request, Plan] = {}
        self._keeping = threading.Lock()

    def plan(self, request: Request) -> Plan:
        """What to answer to *request*; the same request always gets the same plan."""
        plan = self._kept.get(request)
        if plan is None:
            plan = self._make_plan(request)
            self._keep(request, plan)
        return plan

    def has_route(self, path: str) -> bool:
        """Whether an operation is served at the *path*, whatever its methods."""
        return self._router.match(path) is not None

    def _keep(self, request: Request, plan: Plan) -> None:
        """Remember the plan, unless it is large, and forget the oldest one where there are too many."""
        if _measure(request, plan) <= KEPT_SIZE:
            with self._keeping:
                self._kept[request] = plan
                if len(self._kept) > KEPT_PLANS:
                    del self._kept[next(iter(self._kept))]

    def _make_plan(self, request: Request) -> Plan:
        """Route, brackets of the query, method, binding, action: the order of the framework."""
        uri = read_uri(request.scheme, request.host, request.target)
        route = self._router.match(uri.path)
        if route is None:
            body = faults.describe_unknown_route(str(uri), detail=self._host.error_detail)
            return self._fail(request, None, HTTPStatus.NOT_FOUND, body)
        operation = route.operations.get(request.method.upper())
        try:
            query = read_query(uri.query, ignore_unclosed=self._host.model_state == "contract")
        except UnclosedBracketError:
            exception = faults.UNCLOSED_BRACKET if self._host.error_detail else None
            return self._fail(
                request, operation, HTTPStatus.INTERNAL_SERVER_ERROR, faults.describe_error(exception=exception)
            )
        if operation is None:
            return self._refuse_method(request, route)
        binding = bind_arguments(operation.parameters, route.values, query, strict=self._host.strict)
        refused = self._refuse_binding(request, operation, binding)
        if refused is not None:
            return refused
        return self._check(self._actions[operation.id].draft(request, self._fill_blanks(operation, binding)))

    # The framework's own errors

    def _refuse_method(self, request: Request, route: Route) -> Plan:
        allow = tuple(("Allow", method) for method in route.operations)
        operation = next(iter(route.operations.values()))
        body = faults.describe_unsupported_method(request.method)
        return self._fail(request, operation, HTTPStatus.METHOD_NOT_ALLOWED, body, allow)

    def _refuse_binding(self, request: Request, operation: Operation, binding: Binding) -> Plan | None:
        """The 400 of an argument that cannot be null, or of a model state that the action refuses."""
        detail = self._host.error_detail
        if binding.null_argument is not None:
            body = faults.describe_null_argument(operation, binding.null_argument, detail=detail)
            return self._fail(request, operation, HTTPStatus.BAD_REQUEST, body)
        errors = [each for each in binding.errors if self._host.model_state == "checked" or not each.is_blank]
        if errors and self._host.model_state != "ignored":
            body = faults.describe_invalid_request(errors, detail=detail)
            return self._fail(request, operation, HTTPStatus.BAD_REQUEST, body)
        return None

    def _fill_blanks(self, operation: Operation, binding: Binding) -> Arguments:
        """By the contract a blank string stands for its documented default; without one it stays null."""
        if self._host.model_state != "contract":
            return binding.arguments
        defaults = {parameter.name: parameter.default for parameter in operation.parameters}
        return {name: defaults[name] if value is None else value for name, value in binding.arguments.items()}

    def _fail(
        self,
        request: Request,
        operation: Operation | None,
        status: int,
        body: faults.HttpError,
        headers: Headers = (),
    ) -> Plan:
        declared = operation.responses.get(status) if operation else None
        spec = declared or framework_response(status)
        written = choose_format(request, spec.media_types, self._host)
        if written is None:
            return self._check(refuse_format(operation))
        reply = make_json_reply(status, format_json(body), written, headers)
        return self._check(Draft(operation, reply, "framework", spec))

    # The check

    def _check(self, draft: Draft) -> Plan:
        """Nothing leaves without having been held against the contract, the bytes that are sent included."""
        reply = self._add_headers(draft.reply, draft.source)
        breaches = find_reply_breaches(draft.spec, reply, self._schemas)
        if draft.unchecked or (breaches and not self._refuse_breaches):
            return Plan(_mark(reply, breaches), draft.source)
        return self._report(draft, breaches) if breaches else Plan(reply, draft.source)

    def _add_headers(self, reply: Reply, source: str) -> Reply:
        """The reply with what the host adds to it, and where it came from."""
        hosted = Reply(reply.status, HOST_HEADERS if self._host.headers else (), reply.body)
        return hosted.with_headers(reply.headers).with_headers((("X-Mock-Source", _as_header(source)),))

    def _report(self, draft: Draft, breaches: tuple[Breach, ...]) -> Plan:
        """The 500 that stands in for a reply that breaks the contract."""
        operation = draft.operation.id if draft.operation else "no operation"
        told = [_tell(breach, draft) for breach in breaches[:NAMED_BREACHES]]
        more = [f"and {len(breaches) - NAMED_BREACHES} more"] if len(breaches) > NAMED_BREACHES else []
        alarm = f"{operation} {draft.reply.status}: {'; '.join(told + more)}"
        reply = make_json_reply(HTTPStatus.INTERNAL_SERVER_ERROR, format_json(faults.describe_error(alarm)))
        return Plan(_mark(self._add_headers(reply, draft.source), breaches), draft.source, alarm)


def _measure(request: Request, plan: Plan) -> int:
    headers = sum(len(value) for _, value in request.headers)
    return len(request.method) + len(request.target) + len(request.host) + headers + len(plan.reply.body)


def _tell(breach: Breach, draft: Draft) -> str:
    member = breach.member.split(".")[0]
    return f"{breach} ({draft.record.source_of(member) if draft.record else draft.source})"


def _mark(reply: Reply, breaches: tuple[Breach, ...]) -> Reply:
    wrong_first = sorted(breaches, key=lambda breach: breach.value is None)
    named = dict.fromkeys(breach.member or "body" for breach in wrong_first[:NAMED_BREACHES])
    value = ", ".join(quote(name, safe="._-$") for name in named) or "unchecked"
    return reply.with_headers((("X-Mock-Breach", value),))


def _as_header(text: str) -> str:
    """Text as a header value: anything but plain ASCII percent-encoded."""
    return quote(text, safe=" /:.,+-_~@()")
