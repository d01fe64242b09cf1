"""What to answer and why: the whole journey from a request to the reply, without Flask.

A plan is a function of contract, fixtures, seed and request alone, so it may be kept and given again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from mockserver.answers import Answer, AnswerIndex
from mockserver.aspnet import faults
from mockserver.aspnet.binding import Binding, bind_arguments, read_query
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import HOST_HEADERS
from mockserver.aspnet.negotiation import choose_media_type
from mockserver.aspnet.routing import Route, Router
from mockserver.aspnet.uris import read_uri
from mockserver.contract import Arguments, Contract, Operation, ResponseSpec
from mockserver.documents import Json
from mockserver.exchange import Headers, Reply, Request
from mockserver.fixtures import Fixtures
from mockserver.generation import Generator
from mockserver.records import Record, RecordIndex
from mockserver.replies import (
    FRAMEWORK_MEDIA_TYPES,
    find_reply_breaches,
    framework_response,
    make_answer_reply,
    make_json_reply,
)
from mockserver.schemas import Breach, Schemas

READ_HEADERS: Final = ("accept", "content-type")
"""The request headers that can change an answer."""

KEPT_PLANS: Final = 2048
KEPT_SIZE: Final = 8192
"""Characters of a request and bytes of its body together; what is larger is planned each time."""

NAMED_BREACHES: Final = 10
"""Members that X-Mock-Breach names at the most."""

SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"auto": ("fixtures", "generated"), "fixtures": ("fixtures",), "generated": ("generated",)}
)
"""Where records are looked for, in this order, by the setting `source`."""


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


@dataclass(frozen=True, slots=True)
class _Draft:
    """A reply that is not checked yet, and what is known of its making."""

    operation: Operation | None
    reply: Reply
    source: str
    spec: ResponseSpec | None
    record: Record | None = None
    unchecked: bool = False


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
    ) -> None:
        self._contract = contract
        self._schemas = schemas
        self._generator = generator
        self._refuse_breaches = refuse_breaches
        self._router = Router(contract, roots)
        self._answers = {each.id: AnswerIndex(each, fixtures.answers) for each in contract.operations}
        self._records = _index_records(contract, fixtures)
        finders: Mapping[str, _Finder] = {"fixtures": self._find_record, "generated": self._generate_record}
        self._finders = tuple(finders[name] for name in SOURCES[source])
        self._kept: dict[Request, Plan] = {}
        self._keeping = threading.Lock()

    def plan(self, request: Request) -> Plan:
        """What to answer to *request*; the same request always gets the same plan."""
        plan = self._kept.get(request)
        if plan is None:
            plan = self._make_plan(request)
            self._keep(request, plan)
        return plan

    def _keep(self, request: Request, plan: Plan) -> None:
        """Remember the plan, unless it is large, and forget the oldest one where there are too many."""
        if _measure(request, plan) <= KEPT_SIZE:
            with self._keeping:
                self._kept[request] = plan
                if len(self._kept) > KEPT_PLANS:
                    del self._kept[next(iter(self._kept))]

    def _make_plan(self, request: Request) -> Plan:
        uri = read_uri(request.scheme, request.host, request.target)
        route = self._router.match(uri.path)
        if route is None:
            return self._fail(request, None, 404, faults.describe_unknown_route(str(uri)))
        operation = route.operations.get(request.method.upper())
        if operation is None:
            return self._refuse_method(request, route)
        query = read_query(uri.query, ignore_unclosed=True)
        binding = bind_arguments(operation.parameters, route.values, query)
        errors = [error for error in binding.errors if not error.is_blank]
        if binding.null_argument is not None:
            return self._fail(request, operation, 400, faults.describe_invalid_request())
        if errors:
            return self._fail(request, operation, 400, faults.describe_invalid_request(errors))
        return self._check(self._act(request, operation, _fill_blanks(operation, binding)))

    # The framework's own errors

    def _refuse_method(self, request: Request, route: Route) -> Plan:
        allow = tuple(("Allow", method) for method in route.operations)
        operation = next(iter(route.operations.values()))
        body = faults.describe_unsupported_method(request.method)
        return self._fail(request, operation, 405, body, allow)

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
        reply = make_json_reply(status, format_json(body), _choose(request, spec.media_types), headers)
        return self._check(_Draft(operation, reply, "framework", spec))

    # The action: answers, then records, then nothing

    def _act(self, request: Request, operation: Operation, arguments: Arguments) -> _Draft:
        met = self._answers[operation.id].find(arguments)
        given = next((answer for answer in met if not answer.reply.is_decoration), None)
        if given is None:
            draft = self._draft_record(request, operation, arguments)
        else:
            draft = _draft_answer(request, operation, given)
        return _decorate(draft, given, [each for each in met if each is given or each.reply.is_decoration])

    def _draft_record(self, request: Request, operation: Operation, arguments: Arguments) -> _Draft:
        spec = operation.lowest_success_response
        if operation.component is None:
            return _Draft(operation, Reply(spec.status), "contract", spec)
        for find in self._finders:
            found = find(operation, operation.component, arguments)
            if found is not None:
                text = format_json(self._complete(operation, operation.component, arguments, found.given))
                reply = make_json_reply(spec.status, text, _choose(request, spec.media_types))
                return _Draft(operation, reply, found.source, spec, found.record)
        return _Draft(operation, Reply(404), "no record", operation.responses.get(404))

    def _find_record(self, operation: Operation, component: str, arguments: Arguments) -> _Found | None:
        record = self._records[operation.id, component].find(arguments)
        if record is None or not self._can_answer(operation, component, arguments, record.members):
            return None
        return _Found(f"record {record.source}", record.members, record)

    def _generate_record(self, operation: Operation, component: str, arguments: Arguments) -> _Found | None:
        """A record of which nothing is known, unless a key is blank."""
        is_blank = any(arguments[key.parameter] in (None, "") for key in operation.keys)
        if is_blank or not self._can_answer(operation, component, arguments, {}):
            return None
        return _Found("generated", {}, None)

    def _can_answer(
        self, operation: Operation, component: str, arguments: Arguments, given: Mapping[str, Json]
    ) -> bool:
        """Whether the members that are not *given*, and so come back as asked, may be as they are asked for."""
        asked = self._echo(operation, component, arguments)
        return self._can_have(component, {name: asked[name] for name in asked if name not in given})

    def _complete(
        self, operation: Operation, component: str, arguments: Arguments, given: Mapping[str, Json]
    ) -> Mapping[str, object]:
        """All members of a record: those given, those that come back as asked, and the rest generated."""
        filters = {each.parameter for each in operation.filters}
        members = {each.parameter: each.member for each in operation.keys}
        identity = {members.get(name, name): arg for name, arg in arguments.items() if name not in filters}
        known = {**self._echo(operation, component, arguments), **given}
        return self._generator.generate(component, self._contract.components[component], identity, known)

    def _echo(self, operation: Operation, component: str, arguments: Arguments) -> dict[str, Json]:
        """The members that come back as asked; a filter left open does so where the member can have that value."""
        echoed: dict[str, Json] = {}
        for selector in operation.selectors:
            argument = arguments[selector.parameter]
            member = {selector.member: argument}
            if selector.restricts(argument) or self._can_have(component, member):
                echoed |= member
        return echoed

    def _can_have(self, component: str, members: Mapping[str, Json]) -> bool:
        """Whether each of the members may be as it is, whatever holds between them and others."""
        breaches = self._schemas.find_member_breaches(component, members)
        return not any(breach.member.split(".")[0] in members for breach in breaches)

    # The check

    def _check(self, draft: _Draft) -> Plan:
        """Nothing leaves without having been held against the contract, the bytes that are sent included."""
        reply = _host(draft.reply, draft.source)
        breaches = find_reply_breaches(draft.spec, reply, self._schemas)
        if draft.unchecked or (breaches and not self._refuse_breaches):
            return Plan(_mark(reply, breaches), draft.source)
        return _report(draft, breaches) if breaches else Plan(reply, draft.source)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a record that is to be sent, and what it came from."""

    source: str
    given: Mapping[str, Json]
    record: Record | None


_Finder = Callable[[Operation, str, Arguments], _Found | None]


def _index_records(contract: Contract, fixtures: Fixtures) -> dict[tuple[str, str], RecordIndex]:
    by_component: dict[str, list[Record]] = {}
    for record in fixtures.records:
        by_component.setdefault(record.component, []).append(record)
    served = ((each, each.component) for each in contract.operations if each.component is not None)
    return {(each.id, name): RecordIndex(each, by_component.get(name, ())) for each, name in served}


def _draft_answer(request: Request, operation: Operation, answer: Answer) -> _Draft:
    spec = operation.responses.get(answer.reply.status or 200)
    media_type = _choose(request, spec.media_types if spec else ())
    reply = make_answer_reply(answer, operation, media_type, request.method)
    return _Draft(operation, reply, _name_answer(answer), spec, unchecked=answer.unchecked)


def _decorate(draft: _Draft, given: Answer | None, met: list[Answer]) -> _Draft:
    """The draft with the headers of all decorations; of two answers with the same header the more precise one wins."""
    layers = [draft.reply.headers if answer is given else answer.reply.headers for answer in met]
    if given is None:
        layers.append(draft.reply.headers)
    reply = Reply(draft.reply.status, (), draft.reply.body)
    for headers in reversed(layers):
        reply = reply.with_headers(headers)
    names = (_name_answer(answer) for answer in met if answer is not given)
    return replace(draft, reply=reply, source=" + ".join((draft.source, *names)))


def _name_answer(answer: Answer) -> str:
    return f"answer {answer.name} {answer.source}"


def _choose(request: Request, offered: tuple[str, ...]) -> str:
    accept, content_type = request.header("accept"), request.header("content-type")
    return choose_media_type(accept, content_type, offered or FRAMEWORK_MEDIA_TYPES)


def _measure(request: Request, plan: Plan) -> int:
    headers = sum(len(value) for _, value in request.headers)
    return len(request.method) + len(request.target) + len(request.host) + headers + len(plan.reply.body)


def _fill_blanks(operation: Operation, binding: Binding) -> Arguments:
    """A blank string stands for the documented default; a blank one without default stays null."""
    arguments = dict(binding.arguments)
    for parameter in operation.parameters:
        if arguments[parameter.name] is None:
            arguments[parameter.name] = parameter.default
    return arguments


def _host(reply: Reply, source: str) -> Reply:
    """The reply with what a host adds to it, and where it came from."""
    hosted = Reply(reply.status, HOST_HEADERS, reply.body).with_headers(reply.headers)
    return hosted.with_headers((("X-Mock-Source", _as_header(source)),))


def _report(draft: _Draft, breaches: tuple[Breach, ...]) -> Plan:
    """The 500 that stands in for a reply that breaks the contract."""
    operation = draft.operation.id if draft.operation else "no operation"
    told = [_tell(breach, draft) for breach in breaches[:NAMED_BREACHES]]
    more = [f"and {len(breaches) - NAMED_BREACHES} more"] if len(breaches) > NAMED_BREACHES else []
    alarm = f"{operation} {draft.reply.status}: {'; '.join(told + more)}"
    reply = make_json_reply(500, format_json(faults.describe_error(alarm)), FRAMEWORK_MEDIA_TYPES[0])
    return Plan(_mark(_host(reply, draft.source), breaches), draft.source, alarm)


def _tell(breach: Breach, draft: _Draft) -> str:
    member = breach.member.split(".")[0]
    return f"{breach} ({draft.record.source_of(member) if draft.record else draft.source})"


def _mark(reply: Reply, breaches: tuple[Breach, ...]) -> Reply:
    named = dict.fromkeys(breach.member or "body" for breach in breaches[:NAMED_BREACHES])
    value = ", ".join(quote(name, safe="._-$") for name in named) or "unchecked"
    return reply.with_headers((("X-Mock-Breach", value),))


def _as_header(text: str) -> str:
    """Text as a header value: anything but plain ASCII percent-encoded."""
    return quote(text, safe=" /:.,+-_~@()")
