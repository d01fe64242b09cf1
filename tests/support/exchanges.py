"""Exchanges, made for tests."""

from __future__ import annotations

from typing import Final

from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source

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
