"""What the server answers by itself, to a request that the application does not see."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from time import perf_counter
from types import MappingProxyType
from typing import Final, NamedTuple

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.cors import SOURCE as PREFLIGHT
from mockserver.http.cors import answer_preflight, share_answer
from mockserver.http.messages import Exchange, Observer, Reply, Request
from mockserver.http.sources import Source
from mockserver.server.limits import Limits
from mockserver.server.parser import Parser
from mockserver.server.strangers import describe_stranger

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


_LOG: Final = logging.getLogger("mockserver")


class Refused(NamedTuple):
    """A request that the server refuses.

    Attributes:
        status: The status of the error.
        finding: What is wrong, for a 400.
        limits: The limits of the server.
        request: What is known of the request.
        is_whole: Whether all of its head has arrived.
    """

    status: int
    finding: str
    limits: Limits
    request: Request
    is_whole: bool


class Refuser:
    """Answers the requests that the application does not see, and tells of them.

    Args:
        url: The root URL of the server.
        observe: Is told of each request, if there is one.
        shares: Whether pages of other origins may read the answers.
    """

    def __init__(self, url: str, observe: Observer | None, *, shares: bool) -> None:
        self._url = url
        self._observe = observe
        self._shares = shares

    def refuse(self, request: Parser, caller: str, at: float) -> Reply:
        """Return the error of a request that was refused `at` this time, in seconds since 1970.

        Bytes that begin no request are logged with the address of the caller. Waitress itself logs an error of the
        application, whose answer has no head.
        """
        stranger = describe_stranger(request.head, self._url) if request.head else None
        if stranger is not None:
            _LOG.warning("%s %s", caller, stranger)
        is_told = bool(request.head) and stranger is None
        return self.answer(read_refused(request), at, is_told=is_told)

    def answer(self, refused: Refused, at: float, *, is_told: bool = True) -> Reply:
        """Return the error of a request; the observer is told of it, unless `is_told` is false."""
        started = perf_counter()
        exchange = refuse(refused, at, shares=self._shares)
        if is_told and self._observe is not None:
            self._observe(exchange._replace(seconds=perf_counter() - started))
        return exchange.reply


def read_refused(request: Parser) -> Refused:
    """Return what is refused in a request that waitress' parser has refused."""
    error = request.error
    finding = error.body.partition(' "')[0]  # Without the part of the request that waitress quotes.
    return Refused(error.code, finding, request.limits, _read_head(request.head), request.has_whole_head)


def refuse(refused: Refused, at: float, *, shares: bool) -> Exchange:
    """Return the exchange of a request that was refused: the error as JSON, and why as its source.

    If the server shares its answers, pages of other origins may read it, and what a browser asks before it sends a
    request that is too long is answered as the application would.
    """
    message = _MESSAGES[refused.status].format(limits=refused.limits, finding=refused.finding)
    headers = (("X-Mock-Source", "server"),)
    own = make_json_reply(refused.status, write_json({"Message": message}), headers=headers)
    reply = _share(own, refused) if shares else own
    source = Source("server", f"refused: {message}") if reply.status == refused.status else PREFLIGHT
    return Exchange(at, 0, refused.request, 0, reply, source, reply_size=len(reply.body))


def _share(reply: Reply, refused: Refused) -> Reply:
    """Return the reply for pages of other origins, or the one to their preflight.

    Of a head that has not arrived as a whole, nobody knows whether it has an Origin: any may read the reply then, but
    without credentials.
    """
    is_too_long = reply.status in _TOO_LONG
    asked = refused.request
    origin = asked.header("origin")
    if origin is None and not refused.is_whole:
        anyone = (("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", "X-Mock-Source"))
        return reply.with_headers(anyone) if is_too_long else reply
    if origin is None and asked.header("sec-fetch-site") is None:
        return reply
    answered = (answer_preflight(asked) if is_too_long else None) or reply
    return answered._replace(headers=share_answer(origin, answered.headers))


def _read_head(head: bytes) -> Request:
    """Return the request of a head, or of the part that has arrived of it, whatever is wrong with it."""
    line, *fields = head.decode("latin-1").split("\r\n")
    method, _, rest = line.partition("\n")[0].partition(" ")
    parts = (field.partition(":") for field in fields)
    headers = tuple((name.lower(), value.strip(" \t")) for name, mark, value in parts if mark)
    return Request(method, rest.rpartition(" ")[0] or rest, headers=headers)
