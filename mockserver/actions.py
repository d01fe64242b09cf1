"""What an operation's action answers to arguments: an answer, a record, a generated one, or that there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from mockserver.answers import Answer, AnswerIndex
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import Host
from mockserver.aspnet.negotiation import accepts_any, choose_charset, choose_media_type
from mockserver.contract import Arguments, Contract, Operation, ResponseSpec
from mockserver.documents import Json
from mockserver.exchange import Reply, Request
from mockserver.fixtures import Fixtures
from mockserver.generation import Generator
from mockserver.records import Record, RecordIndex
from mockserver.replies import (
    FRAMEWORK_MEDIA_TYPES,
    PLAIN,
    Format,
    describe_missing,
    describe_status,
    framework_response,
    make_answer_reply,
    make_json_reply,
    rewrite_body,
)
from mockserver.schemas import Schemas

SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"auto": ("fixtures", "generated"), "fixtures": ("fixtures",), "generated": ("generated",)}
)
"""Where records are looked for, in this order, by the setting `source`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply that is not checked yet, and what is known of its making; `spec` is what the contract says of it."""

    operation: Operation | None
    reply: Reply
    source: str
    spec: ResponseSpec | None
    record: Record | None = None
    unchecked: bool = False


def choose_format(request: Request, media_types: tuple[str, ...], host: Host) -> Format | None:
    """How JSON is written for this request; None where nothing suits and the host refuses that."""
    accept, content_type = request.header("accept"), request.header("content-type")
    offered = media_types or FRAMEWORK_MEDIA_TYPES
    if host.refuse_unacceptable and not accepts_any(accept, content_type, offered):
        return None
    charset = choose_charset(request.header("accept-charset"), content_type)
    return Format(choose_media_type(accept, content_type, offered), charset)


def refuse_format(operation: Operation | None) -> Draft:
    """406 without content, of a negotiator that refuses what no format suits."""
    declared = operation.responses.get(HTTPStatus.NOT_ACCEPTABLE) if operation else None
    return Draft(operation, Reply(HTTPStatus.NOT_ACCEPTABLE), "framework", declared)


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of a record that is to be sent, and what it came from."""

    source: str
    given: Mapping[str, Json]
    record: Record | None = None


_Finder = Callable[[Arguments], _Found | None]


class Action:
    """The action of one operation, over fixtures and generated records."""

    def __init__(
        self,
        operation: Operation,
        *,
        contract: Contract,
        schemas: Schemas,
        fixtures: Fixtures,
        generator: Generator,
        source: str,
        host: Host,
    ) -> None:
        self._operation = operation
        self._selectors = operation.selectors
        self._keys = operation.keys
        self._open = frozenset(each.parameter for each in operation.filters)
        self._success = operation.lowest_success_response
        self._contract = contract
        self._schemas = schemas
        self._generator = generator
        self._host = host
        self._answers = AnswerIndex(operation, fixtures.answers)
        own = (record for record in fixtures.records if record.component == operation.component)
        self._records = RecordIndex(operation, own)
        finders: Mapping[str, _Finder] = {"fixtures": self._find_record, "generated": self._generate_record}
        self._finders = tuple(finders[name] for name in SOURCES[source])

    def draft(self, request: Request, arguments: Arguments) -> Draft:
        """What to reply to a *request* with these *arguments*: answers first, then records, then that there is none."""
        met = self._answers.find(arguments)
        given = next((answer for answer in met if not answer.reply.is_decoration), None)
        if given is None:
            draft = self._draft_record(request, arguments)
        else:
            draft = self._draft_answer(request, arguments, given)
        return _decorate(draft, given, [each for each in met if each is given or each.reply.is_decoration])

    # Answers

    def _draft_answer(self, request: Request, arguments: Arguments, answer: Answer) -> Draft:
        spec = self._operation.responses.get(answer.reply.status or 200)
        own_body = describe_status(answer, self._operation, arguments, request.method, self._host)
        written = choose_format(request, spec.media_types if spec else (), self._host)
        if written is None and (own_body is not None or answer.reply.json is not None):
            return refuse_format(self._operation)
        reply = make_answer_reply(answer, own_body, self._operation.method, written or PLAIN)
        return Draft(self._operation, reply, _name(answer), spec, unchecked=answer.unchecked)

    # Records

    def _draft_record(self, request: Request, arguments: Arguments) -> Draft:
        spec, component = self._success, self._success.component
        if component is None:
            return Draft(self._operation, Reply(spec.status), "contract", spec)
        asked = self._echo(component, arguments)
        for find in self._finders:
            found = find(arguments)
            if found is not None and self._can_answer(component, asked, found.given):
                record = self._complete(component, arguments, {**asked, **found.given})
                return self._draft_json(request, spec, record, found)
        return self._draft_missing(request, arguments)

    def _draft_missing(self, request: Request, arguments: Arguments) -> Draft:
        """What the action answers where there is no record."""
        nothing = _Found("no record", {})
        spec = self._operation.responses.get(HTTPStatus.NOT_FOUND)
        if self._host.missing == "null":
            return self._draft_json(request, self._success, None, nothing)
        if self._host.missing == "message":
            said = describe_missing(self._operation, arguments)
            return self._draft_json(request, spec or framework_response(HTTPStatus.NOT_FOUND), said, nothing)
        return Draft(self._operation, Reply(HTTPStatus.NOT_FOUND), nothing.source, spec)

    def _draft_json(self, request: Request, spec: ResponseSpec, value: object, found: _Found) -> Draft:
        written = choose_format(request, spec.media_types, self._host)
        if written is None:
            return refuse_format(self._operation)
        reply = make_json_reply(spec.status, format_json(value), written)
        return Draft(self._operation, reply, found.source, spec, found.record)

    def _find_record(self, arguments: Arguments) -> _Found | None:
        record = self._records.find(arguments)
        return None if record is None else _Found(f"record {record.source}", record.members, record)

    def _generate_record(self, arguments: Arguments) -> _Found | None:
        """A record of which nothing is known, unless a key is blank."""
        is_blank = any(arguments[key.parameter] in (None, "") for key in self._keys)
        return None if is_blank else _Found("generated", {})

    def _can_answer(self, component: str, asked: Mapping[str, Json], given: Mapping[str, Json]) -> bool:
        """Whether the members that are not *given*, and so come back as *asked*, may be as they are asked for."""
        return self._can_have(component, {name: asked[name] for name in asked if name not in given})

    def _complete(self, component: str, arguments: Arguments, known: Mapping[str, Json]) -> Mapping[str, object]:
        """All members of a record: those *known*, and the rest generated."""
        members = {each.parameter: each.member for each in self._keys}
        identity = {members.get(name, name): arg for name, arg in arguments.items() if name not in self._open}
        return self._generator.generate(component, self._contract.components[component], identity, known)

    def _echo(self, component: str, arguments: Arguments) -> dict[str, Json]:
        """The members that come back as asked; a filter left open does so where the member can have that value."""
        echoed: dict[str, Json] = {}
        for selector in self._selectors:
            argument = arguments[selector.parameter]
            member = {selector.member: argument}
            if selector.restricts(argument) or self._can_have(component, member):
                echoed |= member
        return echoed

    def _can_have(self, component: str, members: Mapping[str, Json]) -> bool:
        """Whether each of the members may be as it is."""
        return not self._schemas.find_member_breaches(component, members)


def _decorate(draft: Draft, given: Answer | None, met: list[Answer]) -> Draft:
    """The draft with the headers of all decorations; of two answers with the same header the more precise one wins."""
    layers = [draft.reply.headers if answer is given else answer.reply.headers for answer in met]
    if given is None:
        layers.append(draft.reply.headers)
    reply = Reply(draft.reply.status, (), draft.reply.body)
    for headers in reversed(layers):
        reply = reply.with_headers(headers)
    reply = rewrite_body(reply, draft.reply.header("Content-Type"))
    names = (_name(answer) for answer in met if answer is not given)
    return replace(draft, reply=reply, source=" + ".join((draft.source, *names)))


def _name(answer: Answer) -> str:
    return f"answer {answer.name} {answer.source}"
