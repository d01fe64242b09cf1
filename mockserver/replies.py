"""Replies: made from JSON or taken from an answer, and held against what the contract says of their status."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, replace
from email.message import Message
from functools import lru_cache
from typing import Final

from mockserver.answers import Answer
from mockserver.aspnet.faults import (
    COMPONENT,
    ExceptionDetail,
    HttpError,
    describe_error,
    describe_invalid_request,
    describe_not_found,
    describe_unsupported_method,
)
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import Host
from mockserver.aspnet.negotiation import CHARSETS
from mockserver.breaches import Breach, show
from mockserver.contract import Arguments, Operation, ResponseSpec
from mockserver.exchange import Headers, Reply
from mockserver.schemas import Schemas

FRAMEWORK_MEDIA_TYPES: Final = ("application/json", "text/json")
"""What the framework's own errors come in where the contract says nothing of them."""


@dataclass(frozen=True, slots=True)
class Format:
    """How JSON is written: `application/json` or `text/json`, and in which charset."""

    media_type: str = "application/json"
    charset: str = "utf-8"


PLAIN: Final = Format()


def make_json_reply(status: int, text: str, written: Format = PLAIN, headers: Headers = ()) -> Reply:
    """A reply with JSON *text* as its body. UTF-16 is little-endian and has a mark, as .NET's Encoding.Unicode has."""
    body = text.encode() if written.charset == "utf-8" else codecs.BOM_UTF16_LE + text.encode("utf-16-le")
    return Reply(status, (("Content-Type", f"{written.media_type}; charset={written.charset}"), *headers), body)


def make_answer_reply(answer: Answer, own_body: HttpError | None, method: str, written: Format = PLAIN) -> Reply:
    """The reply that an *answer* stands for; one that is no decoration.

    Args:
        answer: The answer.
        own_body: What the framework says with the answer's status, for an answer that gives no body.
        method: The method that the operation has, which a 405 names.
        written: How JSON is written.
    """
    reply = answer.reply
    status = 200 if reply.status is None else reply.status
    if reply.text is not None:
        return Reply(status, reply.headers, reply.text)
    if reply.json is None and own_body is None:
        return Reply(status, reply.headers)
    text = format_json(own_body) if reply.json is None else reply.json
    allow = (("Allow", method),) if status == 405 else ()
    own_type = next((value for name, value in reply.headers if name.lower() == "content-type"), None)
    if own_type is not None:
        # The answer's own Content-Type says how its body is written, whatever the request asks for.
        is_utf16 = read_content_type(own_type)[1] == "utf-16"
        written = Format(written.media_type, "utf-16" if is_utf16 else "utf-8")
    return make_json_reply(status, text, written, allow).with_headers(reply.headers)


def rewrite_body(reply: Reply, content_type: str | None) -> Reply:
    """The reply with its body in the charset that its own Content-Type names; written it was in *content_type*'s."""
    charsets = [read_content_type(value or "")[1] for value in (content_type, reply.header("Content-Type"))]
    if not reply.body or charsets[0] == charsets[1] or not set(charsets) <= set(CHARSETS):
        return reply
    try:
        text = reply.body.decode(charsets[0])
    except UnicodeDecodeError:
        return reply  # It is no text, such as the bytes of a picture.
    return replace(reply, body=make_json_reply(reply.status, text, Format(charset=charsets[1])).body)


def describe_status(
    answer: Answer, operation: Operation, arguments: Arguments, method: str, host: Host
) -> HttpError | None:
    """What the framework says with the status of an answer that gives no body itself; None where nothing."""
    match answer.reply.status if answer.reply.has_no_body else None:
        case 400:
            return describe_invalid_request()
        case 404 if host.missing == "message":
            return describe_missing(operation, arguments)
        case 405:
            return describe_unsupported_method(method)
        case 500:
            told = answer.reply.exception or ExceptionDetail("System.Exception", answer.name)
            return describe_error(exception=told if host.error_detail else None)
        case _:
            return None


def describe_missing(operation: Operation, arguments: Arguments) -> HttpError:
    """Who was not found: the component's name and the text of its key."""
    keys = ", ".join(str(arguments.get(each.parameter) or "") for each in operation.keys)
    return describe_not_found(operation.component or operation.id, keys)


def framework_response(status: int) -> ResponseSpec:
    """What holds for an error of the framework that the contract does not declare."""
    return ResponseSpec(status, FRAMEWORK_MEDIA_TYPES, COMPONENT, ())


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
    if charset not in ("utf8", *CHARSETS):
        wanted = " or ".join(f"charset={each}" for each in CHARSETS)
        return [Breach("Content-Type", f"the contract wants {wanted}", show(content_type))]
    # A byte that is no UTF-8 becomes a lone surrogate, which the check refuses.
    text = reply.body.decode(charset, errors="surrogateescape" if charset != "utf-16" else "replace")
    if spec.component is None or (spec.is_nullable and text == "null"):
        return []
    return schemas.find_body_breaches(spec.component, text)


@lru_cache(maxsize=64)
def read_content_type(value: str) -> tuple[str, str]:
    """The media type and the charset that a Content-Type header names; UTF-8 where it names none."""
    header = Message()
    header["Content-Type"] = value
    return header.get_content_type(), header.get_content_charset("utf-8")
