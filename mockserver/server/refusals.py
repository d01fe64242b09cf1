"""What the server answers by itself, to a request that the application does not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.cors import answer_preflight, share_answer
from mockserver.http.messages import Reply, Request
from mockserver.server.parser import Parser

_MESSAGES: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "The request is malformed: {finding}.",
        413: "The body is longer than {limits.max_body} bytes. Send less, or raise --max-body.",
        414: "The target is longer than {limits.max_target} bytes. Send less, or raise --max-target.",
        431: "The headers are longer than {limits.max_headers} bytes. Send less, or raise --max-headers.",
        500: "An error has occurred.",
        501: "The transfer coding is unknown. Send the body chunked, or with its length.",
        505: "The version of HTTP is unknown. Use HTTP/1.1.",
    }
)
"""The message of each status that the server answers by itself."""

_TOO_LONG: Final = (413, 414, 431)
"""The statuses of requests that are right but for their length, so that a page may have sent them."""


def refuse(request: Parser, *, shares: bool) -> Reply:
    """Return the error of a request that was refused, as JSON.

    If the server shares its answers, pages of other origins may read it, and what a browser asks before it sends a
    request that is too long is answered as the application would.
    """
    error = request.error
    finding = error.body.partition(' "')[0]  # Without the part of the request that waitress quotes.
    message = _MESSAGES[error.code].format(limits=request.limits, finding=finding)
    reply = make_json_reply(error.code, write_json({"Message": message}), headers=(("X-Mock-Source", "server"),))
    return _share(reply, request) if shares else reply


def _share(reply: Reply, request: Parser) -> Reply:
    """Return the reply for pages of other origins, or the one to their preflight.

    Of a head that has not arrived as a whole, nobody knows whether it has an Origin: any may read the reply then, but
    without credentials.
    """
    is_too_long = reply.status in _TOO_LONG
    asked = _read_head(request.head)
    origin = asked.header("origin")
    if origin is None and not request.has_whole_head:
        anyone = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "X-Mock-Source"))
        return reply.with_headers(anyone) if is_too_long else reply
    if origin is None and asked.header("sec-fetch-site") is None:
        return reply
    answered = (answer_preflight(asked) if is_too_long else None) or reply
    return replace(answered, headers=share_answer(origin, answered.headers))


def _read_head(head: bytes) -> Request:
    """Return the request of a head, or of the part that has arrived of it, whatever is wrong with it."""
    line, *fields = head.decode("latin-1").split("\r\n")
    parts = (field.partition(":") for field in fields)
    headers = tuple((name.lower(), value.strip(" \t")) for name, mark, value in parts if mark)
    return Request(line.partition(" ")[0], "", headers=headers)
