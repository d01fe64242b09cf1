"""What to answer and why: the whole journey from a request to the reply, without Flask.

A plan is a function of contract, fixtures, seed, request and what a session lays over the fixtures, so it may be kept
and given again; unless it depends on the number of the call.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Arguments, Contract, Operation
from mockserver.documents.json_text import write_json
from mockserver.fixtures.readers.loading import Fixtures
from mockserver.generation.generator import Generator
from mockserver.http.bodies import make_json_reply
from mockserver.http.headers import Headers, add_vary
from mockserver.http.messages import Reply, Request
from mockserver.http.preferences import (
    NONE,
    TWIN,
    PreferenceError,
    Preferences,
    read_header,
    read_preferences,
    take_twins,
    write_applied,
)
from mockserver.planning.checking import Checker, Plan
from mockserver.planning.choices import Choices, make_choices
from mockserver.planning.drafts import Asked, Draft, choose_format, refuse_format
from mockserver.state.overlays import NOTHING_ADDED, Overlay
from mockserver.state.sessions import Session, Visit
from mockserver.vendors.aspnet import errors
from mockserver.vendors.aspnet.binding import Binding, UnclosedBracketError, bind_arguments, read_query
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.phrasing import framework_response
from mockserver.vendors.aspnet.routing import Match, RouteTable
from mockserver.vendors.aspnet.uris import read_uri

READ_HEADERS: Final = ("accept", "accept-charset", "content-type", "prefer")
"""The request headers that can change an answer, beside those that answers compare."""


KEPT_PLANS: Final = 2048


KEPT_SIZE: Final = 8192
"""Characters of a request and bytes of its body together; what is larger is planned each time."""


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
        self._host = host or Host()
        self._checker = Checker(schemas, self._host, refuse_breaches=refuse_breaches)
        self._router = RouteTable(contract, roots)
        self._choices = {
            operation.id: make_choices(
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
        compared = (each.parameter for answer in fixtures.answers for each in answer.headers)
        self.headers = frozenset((*READ_HEADERS, *compared))
        self._kept: dict[Request, Plan] = {}
        self._keeping = threading.Lock()

    def plan(self, request: Request, visit: Visit | None = None) -> Plan:
        """What to answer to *request* on a *visit* to a session; without one, what a new session would begin with.

        The same request gets the same plan, unless an answer is met that counts calls. It is kept where the session has
        laid nothing over the fixtures, so that what sessions add is not held on to.
        """
        visit = visit or Session().visit()
        is_plain = visit.overlay is NOTHING_ADDED
        plan = self._kept.get(request) if is_plain else None
        if plan is None:
            draft = self._draft(request, visit)
            plan = self._checker.check(draft)
            if is_plain and not draft.is_counted:
                self._keep(request, plan)
        return plan

    def has_route(self, path: str) -> bool:
        """Whether an operation is served at the *path*, whatever its methods."""
        return self._router.match(path) is not None

    def list_edges(self, operation: Operation) -> tuple[str, ...]:
        """The names of the edge cases that the *operation* has."""
        return self._choices[operation.id].edges

    def list_names(self, preference: str, overlay: Overlay) -> tuple[str, ...]:
        """The names that `example` or `edge` can have, of all operations."""
        names = {
            "example": (name for each in self._choices.values() for name in each.list_examples(overlay)),
            "edge": (name for each in self._choices.values() for name in each.edges),
        }
        return tuple(dict.fromkeys(names[preference]))

    def _keep(self, request: Request, plan: Plan) -> None:
        """Remember the plan, unless it is large, and forget the oldest one where there are too many."""
        if _measure(request, plan) <= KEPT_SIZE:
            with self._keeping:
                self._kept[request] = plan
                if len(self._kept) > KEPT_PLANS:
                    del self._kept[next(iter(self._kept))]

    def _draft(self, request: Request, visit: Visit) -> Draft:
        """Match, brackets of the query, method, preferences, binding, action: the order of the framework."""
        uri = read_uri(request.scheme, request.host, request.target)
        route = self._router.match(uri.path)
        if route is None:
            body = errors.describe_unknown_route(str(uri), detail=self._host.error_detail)
            return self._fail(request, None, HTTPStatus.NOT_FOUND, body)
        operation = route.operations.get(request.method.upper())
        try:
            query = read_query(uri.query, ignore_unclosed=self._host.model_state == "contract")
        except UnclosedBracketError:
            exception = errors.UNCLOSED_BRACKET if self._host.error_detail else None
            return self._fail(
                request, operation, HTTPStatus.INTERNAL_SERVER_ERROR, errors.describe_error(exception=exception)
            )
        if operation is None:
            return self._refuse_method(request, route)
        try:
            own = self._read_preferences(request, operation, query)
            binding = bind_arguments(operation.parameters, route.values, query, strict=self._host.strict)
            return self._answer(request, visit, operation, binding, own)
        except PreferenceError as error:
            # It is the stub's own, whatever the contract says of the operation's.
            draft = self._fail(request, None, HTTPStatus.BAD_REQUEST, {"Message": str(error)})
            return replace(draft, reply=_vary(draft.reply), source="preferences")

    # Preferences

    def _read_preferences(self, request: Request, operation: Operation, query: dict[str, list[str]]) -> Preferences:
        """What the request itself asks for; what stands in the *query* is taken out of it, and comes first."""
        twins = take_twins(query, (each.name for each in operation.parameters))
        header = request.header("prefer")
        if not twins and header is None:
            return NONE
        said = {key: text for key, text in read_header(header or "").items() if key not in twins}
        return read_preferences(twins, f"{TWIN}{{}}").over(read_preferences(said, "Prefer: {}"))

    def _answer(
        self, request: Request, visit: Visit, operation: Operation, binding: Binding, own: Preferences
    ) -> Draft:
        """What was chosen, else the 400 of the binding, else the action's answer; with the effects asked for."""
        choices = self._choices[operation.id]
        wanted = own.over(visit.overlay.defaults)
        draft = None
        if wanted.chooses:
            sure = Asked(request, _fill_defaults(operation, binding.arguments), wanted, visit)
            wanted, draft = _choose(choices, sure, own)
        if draft is None:
            asked = Asked(request, self._fill_blanks(operation, binding), wanted, visit)
            draft = self._refuse_binding(request, operation, binding) or choices.act(asked)
        return draft if wanted is NONE else _honour(draft, wanted)

    # The framework's own errors

    def _refuse_method(self, request: Request, route: Match) -> Draft:
        allow = tuple(("Allow", method) for method in route.operations)
        operation = next(iter(route.operations.values()))
        body = errors.describe_unsupported_method(request.method)
        return self._fail(request, operation, HTTPStatus.METHOD_NOT_ALLOWED, body, allow)

    def _refuse_binding(self, request: Request, operation: Operation, binding: Binding) -> Draft | None:
        """The 400 of an argument that cannot be null, or of a model state that the action refuses."""
        detail = self._host.error_detail
        if binding.null_argument is not None:
            body = errors.describe_null_argument(operation, binding.null_argument, detail=detail)
            return self._fail(request, operation, HTTPStatus.BAD_REQUEST, body)
        found = [each for each in binding.errors if self._host.model_state == "checked" or not each.is_blank]
        if found and self._host.model_state != "ignored":
            body = errors.describe_invalid_request(found, detail=detail)
            return self._fail(request, operation, HTTPStatus.BAD_REQUEST, body)
        return None

    def _fill_blanks(self, operation: Operation, binding: Binding) -> Arguments:
        """By the contract a blank string stands for its documented default; without one it stays null."""
        if self._host.model_state != "contract":
            return binding.arguments
        return _fill_defaults(operation, binding.arguments)

    def _fail(
        self,
        request: Request,
        operation: Operation | None,
        status: int,
        body: errors.HttpError,
        headers: Headers = (),
    ) -> Draft:
        declared = operation.responses.get(status) if operation else None
        spec = declared or framework_response(status)
        written = choose_format(request, spec.media_types, self._host)
        if written is None:
            return refuse_format(operation)
        reply = make_json_reply(status, write_json(body), written, headers)
        return Draft(operation, reply, "framework", spec)


def _fill_defaults(operation: Operation, arguments: Arguments) -> Arguments:
    defaults = {parameter.name: parameter.default for parameter in operation.parameters}
    return {name: defaults[name] if value is None else value for name, value in arguments.items()}


def _choose(choices: Choices, asked: Asked, own: Preferences) -> tuple[Preferences, Draft | None]:
    """What is chosen, and by what: the request's *own* choice alone, where the session's does not go with it."""
    defaults = asked.visit.overlay.defaults
    alone = own.over(defaults.without_choice())
    try:
        wanted = alone if own.leaves_only_dynamic else asked.preferences
        return wanted, choices.choose(replace(asked, preferences=wanted))
    except PreferenceError:
        if not own.chooses or not defaults.chooses:
            raise
        return alone, choices.choose(replace(asked, preferences=alone))


def _honour(draft: Draft, wanted: Preferences) -> Draft:
    """The draft with the effects that are *wanted*, which says what was honoured."""
    applied = write_applied(wanted, (*draft.honoured, "delay", "fault"))
    reply = draft.reply.with_headers((("Preference-Applied", applied),)) if applied else draft.reply
    return replace(draft, reply=_vary(reply), effect=wanted.effect.over(draft.effect))


def _vary(reply: Reply) -> Reply:
    return replace(reply, headers=add_vary(reply.headers, "Prefer"))


def _measure(request: Request, plan: Plan) -> int:
    headers = sum(len(value) for _, value in request.headers)
    return len(request.method) + len(request.target) + len(request.host) + headers + len(plan.reply.body)
