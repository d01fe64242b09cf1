"""Visits: how one request sees a session, and which of the answers that match it are given."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import Effect
from mockserver.state.journal import Log
from mockserver.state.overlays import Overlay


@dataclass(slots=True)
class Count:
    """How often an answer matched (`calls`), and how often it was `given`."""

    calls: int = 0
    given: int = 0


class Turn(NamedTuple):
    """An answer that is given at a call: its reply this time, and what happens to that while it is sent."""

    answer: Answer
    reply: AnswerReply
    effect: Effect


class Visit(NamedTuple):
    """One request's view of a session: the overlay and the counters of the moment when the request came.

    A late request does not increment the counter of an answer that was added after it came.

    Attributes:
        session: The name of the session.
        log: The session's log of requests.
        overlay: What was laid over the fixtures.
        added: The counters of the overlay's answers, by name.
        counts: The counters of all other answers.
        lock: Held while counters change.
        only_looks: Whether the request only wants to know what it would get, so that it is not counted.
    """

    session: str
    log: Log
    overlay: Overlay
    added: Mapping[str, Count]
    counts: dict[str, Count]
    lock: Lock
    only_looks: bool = False

    def look(self) -> Visit:
        """Return the same view for a request that gets what the next one gets, and changes no counter."""
        return self._replace(only_looks=True)

    def find_count(self, name: str) -> Count:
        """Return the counter of the answer of that `name`; one at 0 if it was never counted."""
        return self.added.get(name) or self.counts.get(name) or Count()

    def _take_count(self, answer: Answer) -> Count:
        """Return the counter to change: that of the session, or a copy for whoever only looks."""
        count = self.find_count(answer.name)
        if self.only_looks or not answer.is_counted:
            return Count(count.calls, count.given)
        return count if answer.name in self.added else self.counts.setdefault(answer.name, count)

    def take_turns(self, matched: Sequence[Answer], seed: str) -> list[Turn]:
        """Return the turns of the answers that are given: all decorations, and the first other one.

        One step counts the call for each answer that `matched`, and the giving for each that is given, so that
        concurrent calls get different numbers. Draws depend on seed, session, answer and number of the call.
        """
        turns: list[Turn] = []
        is_settled = False
        with self.lock:
            for answer in matched:
                count = self._take_count(answer)
                turn = self._take_turn(answer, count, seed)
                if turn is None or (is_settled and not turn.reply.is_decoration):
                    continue
                is_settled = is_settled or not turn.reply.is_decoration
                turns.append(turn)
                count.given += 1
        return turns

    def _take_turn(self, answer: Answer, count: Count, seed: str) -> Turn | None:
        """Count the call, and return what the answer gives at it; None if it is not available at this call."""
        if not answer.is_counted:
            return Turn(answer, answer.reply, answer.reply.effect(0))
        count.calls += 1
        call, given = count.calls, count.given + 1
        origin = (seed, self.session, answer.name, call)
        chance = answer.reply.chance
        is_available = (
            answer.call in (None, call)
            and (answer.times is None or given <= answer.times)
            and (chance is None or _draw("chance", *origin) < chance)
        )
        reply = answer.reply.at(given)
        return Turn(answer, reply, reply.effect(_draw("delay", *origin))) if is_available else None


def _draw(*origin: str | int) -> float:
    """Return a number from 0 up to 1, evenly spread, that depends on its `origin` alone."""
    digest = blake2b(json.dumps(origin).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
