"""Drafts: replies that are not checked yet, and how JSON becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from mockserver.contract.contract import Arguments, Operation, ResponseSpec
from mockserver.fixtures.records import Record
from mockserver.http.bodies import Format
from mockserver.http.effects import NOTHING, Effect
from mockserver.http.messages import Reply, Request
from mockserver.http.preferences import Preferences
from mockserver.state.sessions import Visit
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.negotiation import accepts_any, choose_charset, choose_media_type
from mockserver.vendors.aspnet.phrasing import (
    FRAMEWORK_MEDIA_TYPES,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an operation: the request, its bound arguments, its preferences, and its visit to a session."""

    request: Request
    arguments: Arguments
    preferences: Preferences
    visit: Visit


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply that is not checked yet, and what is known of its making.

    Attributes:
        operation: The operation, if there is one.
        reply: The reply.
        source: Where it came from.
        spec: What the contract says of it.
        record: The fixture that it came from.
        unchecked: Whether it breaks the contract on purpose.
        effect: What happens to it on its way.
        honoured: The preferences that made it what it is.
        is_counted: Whether it depends on the number of the call, so that it may be another the next time.
        is_refusal: Whether it stands for another that no format suits.
    """

    operation: Operation | None
    reply: Reply
    source: str
    spec: ResponseSpec | None
    record: Record | None = None
    unchecked: bool = False
    effect: Effect = NOTHING
    honoured: tuple[str, ...] = ()
    is_counted: bool = False
    is_refusal: bool = False


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
    return Draft(operation, Reply(HTTPStatus.NOT_ACCEPTABLE), "framework", declared, is_refusal=True)
