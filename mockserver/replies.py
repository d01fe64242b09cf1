"""Replies: made from JSON or taken from an answer, and held against what the contract says of their status."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import Message
from typing import Final

from mockserver.answers import Answer
from mockserver.aspnet import faults
from mockserver.aspnet.formatting import format_json
from mockserver.contract import Operation, ResponseSpec
from mockserver.exchange import Headers, Reply
from mockserver.schemas import Breach, Schemas, show

BODILESS_STATUSES: Final = (204, 205, 304)
"""Statuses that have no body in HTTP, whatever is written for them."""

FRAMEWORK_MEDIA_TYPES: Final = ("application/json", "text/json")
"""What the framework's own errors come in where the contract says nothing of them."""


def make_json_reply(status: int, text: str, media_type: str, headers: Headers = ()) -> Reply:
    """A reply with JSON *text* as its body."""
    return Reply(status, (("Content-Type", f"{media_type}; charset=utf-8"), *headers), text.encode())


def make_answer_reply(answer: Answer, operation: Operation, media_type: str, method: str) -> Reply:
    """The reply that an *answer* stands for; one that is no decoration."""
    reply = answer.reply
    status = 200 if reply.status is None else reply.status
    if reply.text is not None:
        return Reply(status, reply.headers, reply.text)
    text = reply.json if reply.json is not None else _own_body(status, method)
    if text is None:
        return Reply(status, reply.headers)
    made = make_json_reply(status, text, media_type)
    allow = (("Allow", operation.method),) if status == 405 else ()
    return made.with_headers(allow).with_headers(reply.headers)


def _own_body(status: int, method: str) -> str | None:
    """The framework's body of a status that an answer gives without one."""
    own = {
        400: faults.describe_invalid_request,
        405: lambda: faults.describe_unsupported_method(method),
        500: faults.describe_error,
    }
    return format_json(own[status]()) if status in own else None


def framework_response(status: int) -> ResponseSpec:
    """What holds for an error of the framework that the contract does not declare."""
    return ResponseSpec(status, FRAMEWORK_MEDIA_TYPES, faults.COMPONENT, ())


def find_reply_breaches(spec: ResponseSpec | None, reply: Reply, schemas: Schemas) -> tuple[Breach, ...]:
    """Hold the bytes and headers of a *reply* against its *spec*; without one nothing is declared of it."""
    return tuple(_iter_breaches(spec, reply, schemas)) if spec is not None else ()


def _iter_breaches(spec: ResponseSpec, reply: Reply, schemas: Schemas) -> Iterable[Breach]:
    for name in spec.required_headers:
        if reply.header(name) is None:
            yield Breach(name, "the contract requires this header", None)
    if not spec.media_types:
        if reply.body:
            shown = show(reply.body.decode(errors="replace"))
            yield Breach("", f"the contract has no content for {spec.status}", shown)
    elif not reply.body:
        yield Breach("", f"the contract has content for {spec.status}", None)
    else:
        yield from _find_content_breaches(spec, reply, schemas)


def _find_content_breaches(spec: ResponseSpec, reply: Reply, schemas: Schemas) -> Iterable[Breach]:
    values = [value for name, value in reply.headers if name.lower() == "content-type"]
    if len(values) > 1:
        return [Breach("Content-Type", "the contract allows it once", "given twice")]
    content_type = values[0] if values else ""
    media_type, charset = read_content_type(content_type)
    if media_type not in spec.media_types:
        allowed = " and ".join(spec.media_types)
        return [Breach("Content-Type", f"the contract allows {allowed}", show(content_type) if values else None)]
    if charset not in ("utf-8", "utf8"):
        return [Breach("Content-Type", "the contract wants charset=utf-8", show(content_type))]
    if spec.component is None:
        return []
    # A byte that is no UTF-8 becomes a lone surrogate, which the check refuses.
    return schemas.find_body_breaches(spec.component, reply.body.decode(errors="surrogateescape"))


def read_content_type(value: str) -> tuple[str, str]:
    """The media type and the charset that a Content-Type header names; UTF-8 where it names none."""
    header = Message()
    header["Content-Type"] = value
    return header.get_content_type(), header.get_content_charset("utf-8")
