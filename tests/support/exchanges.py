"""Exchanges, made for tests."""

from __future__ import annotations

from typing import Final

from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source
from mockserver.state.journal import Entry, Journal, Log, Outcome

OK: Final = Reply(200)


def make_exchange(
    method: str = "GET",
    target: str = "/",
    reply: Reply = OK,
    source: str = "generated",
    **others: object,
) -> Exchange:
    """Return an exchange; `others` are its further fields."""
    fields: dict[str, object] = {"at": 0.0, "seconds": 0.00125, "request": Request(method, target), "size": 0}
    return Exchange(reply=reply, source=Source(source), **(fields | others))  # type: ignore[arg-type]


def hold(journal: Journal, exchange: Exchange, log: Log, size: int = 0) -> None:
    """Put an exchange into a journal, as one whose texts have that size."""
    at, seconds, request, *_ = exchange
    journal.record(Outcome(exchange), log, at, seconds, request.headers, exchange.session, size)


def make_entry(number: int, exchange: Exchange) -> Entry:
    """Return an entry of the journal."""
    at, seconds, request, *_ = exchange
    return Entry(number, Outcome(exchange), Log(), at, seconds, request.headers, exchange.session, 0)
