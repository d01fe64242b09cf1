"""How an answer is sent: in pieces over a time, or cut off, as far as the server can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.effects import CUTS, Cut
from mockserver.http.messages import Reply

PIECES: Final = 20
"""Pieces that a body dribbles in at the most."""


KEPT_HEADERS: Final = ("vary", "x-mock-source")
"""What is said of an answer also where another is sent for it: a cache may keep a 501."""


Wait = Callable[[float], None]
"""Waits for so many seconds."""


def find_obstacle(fault: str | None, reply: Reply, cut: Cut | None) -> Reply | None:
    """The 501 where the *fault* is none that can be done to this *reply* by this server, which may *cut*."""
    if fault not in CUTS:
        return None
    if cut is None:
        finding = f"The fault {fault} cuts the connection, which this server cannot do. Use mockserver serve."
    elif fault == "close-mid-body" and len(reply.body) < 2:
        finding = "The fault close-mid-body stops half-way through the body, and this one is too short. Use empty."
    else:
        return None
    kept = tuple(pair for pair in reply.headers if pair[0].lower() in KEPT_HEADERS)
    return make_json_reply(501, write_json({"Message": finding}), headers=kept)


def dribble(body: bytes, seconds: float, wait: Wait) -> Iterator[bytes]:
    """The *body* in pieces of about one size, the first at once and the last after so many *seconds*."""
    count = min(PIECES, len(body))
    for number in range(count):
        if number:
            wait(seconds / (count - 1))
        yield body[len(body) * number // count : len(body) * (number + 1) // count]
