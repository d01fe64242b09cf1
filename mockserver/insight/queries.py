"""Queries: what is looked for among the exchanges of the journal, and how an exchange differs from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from mockserver.documents.json_text import JsonError, read_json
from mockserver.documents.nodes import Json
from mockserver.documents.wording import show
from mockserver.fixtures.conditions import Condition, compare_header
from mockserver.http.headers import read_content_type
from mockserver.http.messages import Exchange, Request
from mockserver.http.redaction import Redactor
from mockserver.http.sources import MATCHES
from mockserver.insight.json_subset import find_differences
from mockserver.state.journal import LONGEST_BODY, Entry


@dataclass(frozen=True, slots=True)
class Query:
    """What an exchange is to be like. What is None or empty is not compared.

    Attributes:
        operation: The operationId.
        method: The method.
        paths: The path, decoded and without a query, in all ways in which it may be written.
        arguments: Conditions on the arguments of the operation.
        headers: Conditions on the headers of the request.
        body: A list of one JSON value: the body of the request has to have all that it has.
        status: The status of the reply.
        source: The kind of its source, or its whole text.
        is_matched: Whether the stub had an answer, as opposed to an error of the stack or of the request.
    """

    operation: str | None = None
    method: str | None = None
    paths: Sequence[str] = ()
    arguments: tuple[Condition, ...] = ()
    headers: tuple[Condition, ...] = ()
    body: tuple[Json] | None = None
    status: int | None = None
    source: str | None = None
    is_matched: bool | None = None

    def find(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return those of the entries that are like this."""
        return [each for each in entries if next(self.differences(each.exchange), None) is None]

    def differences(self, exchange: Exchange) -> Iterator[str]:
        """Yield how an exchange differs, a part of a sentence each: `size is 2, wanted 1`."""
        request, source = exchange.request, exchange.source
        if self.operation not in (None, exchange.operation):
            yield f"operation is {exchange.operation or 'unknown'}, wanted {self.operation}"
        if self.method not in (None, request.method):
            yield f"method is {request.method}, wanted {self.method}"
        if self.paths and (path := unquote(request.target.partition("?")[0])) not in self.paths:
            yield f"path is {path}, wanted {self.paths[0]}"
        yield from self._compare_values(exchange)
        if self.body is not None:
            yield from _compare_body(self.body[0], request, exchange.size)
        if self.status not in (None, exchange.reply.status):
            yield f"status is {exchange.reply.status}, wanted {self.status}"
        if self.source not in (None, source.kind, str(source)):
            yield f"source is {source}, wanted {self.source}"
        if self.is_matched not in (None, source.kind in MATCHES):
            yield "the stub had no answer" if self.is_matched else "the stub had an answer"

    def _compare_values(self, exchange: Exchange) -> Iterator[str]:
        """Compare arguments and headers, as the conditions of an answer do."""
        arguments = exchange.arguments
        lowered = tuple((name.lower(), value) for name, value in exchange.request.headers) if self.headers else ()
        sent = exchange.request._replace(headers=lowered)
        found = [each.difference(arguments.get(each.parameter)) for each in self.arguments]
        found += [compare_header(each, sent) for each in self.headers]
        yield from map(str, filter(None, found))


def _compare_body(wanted: Json, request: Request, size: int) -> Iterator[str]:
    """Compare the JSON body of a request; `size` is that of the whole body."""
    if size > LONGEST_BODY:
        yield f"body has {size:,} bytes, of which the journal keeps {LONGEST_BODY:,}, wanted {show(wanted)}"
        return
    content_type = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    try:
        given, _ = read_json(request.body.decode(read_content_type(content_type)[1]))
    except (LookupError, ValueError, JsonError):
        yield f"body is no JSON, wanted {show(wanted)}"
    else:
        yield from find_differences(wanted, given, "body")


def hide_secrets(condition: Condition, redactor: Redactor) -> Condition:
    """Return a condition that the journal can be compared with: it has digests in place of secrets."""
    values = tuple(redactor.redact_value(condition.parameter, each) for each in condition.values)
    return replace(condition, values=values)
