"""The sending of an answer under a fault: in pieces, or a 501 if the server cannot cut it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.effects import CUTS, Cut, Wait
from mockserver.http.messages import Reply

_PIECES: Final = 20
"""The number of pieces of a dribble; a body with fewer bytes has fewer."""

_KEPT_HEADERS: Final = ("vary", "x-mock-hint", "x-mock-source")
"""Headers of the answer that its 501 has too: a cache may keep the 501."""


def find_obstacle(fault: str | None, reply: Reply, cut: Cut | None) -> Reply | None:
    """Return a 501 if the fault cannot be applied to this reply or by this server; otherwise None.

    `cut` is None if the server cannot cut connections.
    """
    if fault not in CUTS:
        return None
    if cut is None:
        remedy = "Use mockserver serve --server waitress."
        message = f"The fault {fault} cuts the connection, which this server cannot do. {remedy}"
    elif fault == "close-mid-body" and len(reply.body) < 2:
        message = "The fault close-mid-body stops half-way through the body, and this one is too short. Use empty."
    else:
        return None
    kept = tuple(pair for pair in reply.headers if pair[0].lower() in _KEPT_HEADERS)
    return make_json_reply(501, write_json({"Message": message}), headers=kept)


def dribble(body: bytes, seconds: float, wait: Wait) -> Iterator[bytes]:
    """Yield the body in pieces of about the same size: the first at once, the last after `seconds`."""
    count = min(_PIECES, len(body))
    for number in range(count):
        if number:
            wait(seconds / (count - 1))
        yield body[len(body) * number // count : len(body) * (number + 1) // count]
