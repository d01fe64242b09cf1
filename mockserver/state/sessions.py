"""Sessions: what one of several users of a server has added to it, and where each of its answers stands."""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final

from mockserver.fixtures.answers import Answer
from mockserver.http.preferences import Preferences
from mockserver.state.overlays import NOTHING_ADDED, Count, Overlay, Turn, lay_over

SESSIONS: Final = 1000
"""Sessions that are held at once; a further one takes the place of one in which nothing was done, or else of the one
that was used longest ago."""


IDLE_SECONDS: Final = 3600.0
"""How long a session is held that nobody uses."""


ANSWERS: Final = 1000
"""Answers that one session may add."""


_LOG: Final = logging.getLogger("mockserver")


_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class SessionError(ValueError):
    """A session cannot be used as it was asked for; the text is for people and stands on one line."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request's look at a session: what was laid over the fixtures when it came, whatever is changed meanwhile.

    It counts where the session counted then, so that a late request is no call of an answer that was replaced since.

    Attributes:
        session: The session.
        overlay: What was laid over the fixtures.
        added: The counts of the answers in it, by name.
        counts: Those of all others.
    """

    session: Session
    overlay: Overlay
    added: Mapping[str, Count]
    counts: dict[str, Count]

    def uncounted(self) -> Visit:
        """The same look at a session in which nothing was counted yet, and for which nothing is."""
        return replace(self, added={}, counts={})

    def find_count(self, name: str) -> Count:
        """The count of the answer of that *name*."""
        return self.added.get(name) or self.counts.setdefault(name, Count())


class Session:
    """What one user has added to the stub, and how often each answer was asked for and given. Threads may share it."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._now = Visit(self, NOTHING_ADDED, {}, {})
        self._lock = threading.Lock()

    @property
    def overlay(self) -> Overlay:
        """What is laid over the fixtures now."""
        return self._now.overlay

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was added and nothing counted."""
        return self.overlay is NOTHING_ADDED and not self._now.counts

    def visit(self) -> Visit:
        """The session as it is now."""
        return self._now

    def add(self, answers: Sequence[Answer]) -> None:
        """Put *answers* before all others, in their order; those of the same name are replaced, and count anew.

        Raises:
            SessionError: There would be too many.
        """
        with self._lock:
            names = {answer.name for answer in answers}
            kept = [answer for answer in self.overlay.answers if answer.name not in names]
            if len(kept) + len(answers) > ANSWERS:
                raise SessionError(f"A session has at most {ANSWERS:,} answers. Remove some, or reset the session.")
            self._change([*answers, *kept], {each.name: self._now.added[each.name] for each in kept})

    def remove(self, name: str) -> bool:
        """Remove the answer of that *name* which was added; whether there was one."""
        with self._lock:
            kept = [answer for answer in self.overlay.answers if answer.name != name]
            if len(kept) == len(self.overlay.answers):
                return False
            self._change(kept, self._now.added)
            return True

    def _change(self, answers: Sequence[Answer], counted: Mapping[str, Count]) -> None:
        """Lay other *answers* over the fixtures; those that are not *counted* begin anew."""
        added = {each.name: counted.get(each.name) or Count() for each in answers}
        self._now = replace(self._now, overlay=lay_over(answers, self.overlay.defaults), added=added)

    def set_defaults(self, defaults: Preferences) -> None:
        """What every request of the session prefers from now on, unless it says otherwise."""
        with self._lock:
            self._now = replace(self._now, overlay=lay_over(self.overlay.answers, defaults))

    def reset(self) -> None:
        """Back to the beginning: nothing added, nothing counted."""
        with self._lock:
            self._now = Visit(self, NOTHING_ADDED, {}, {})

    def count_of(self, name: str) -> tuple[int, int]:
        """How often the answer of that *name* was asked for and given, of those that count."""
        with self._lock:
            count = self._now.find_count(name)
            return count.calls, count.given

    def take_turns(self, visit: Visit, met: Sequence[Answer], seed: str) -> list[Turn]:
        """Which of the answers that are *met* in a *visit* are given: all decorations, and the first other one.

        The call is counted for each of them, and for those that are given, that they were; in one step, so that
        concurrent calls get different numbers. What is drawn depends on seed, session, answer and number of the call.
        """
        turns: list[Turn] = []
        is_settled = False
        with self._lock:
            for answer in met:
                turn = self._take_turn(visit, answer, seed)
                if turn is None or (is_settled and not turn.reply.is_decoration):
                    continue
                is_settled = is_settled or not turn.reply.is_decoration
                turns.append(turn)
                if answer.is_counted:
                    visit.find_count(answer.name).given += 1
        return turns

    def _take_turn(self, visit: Visit, answer: Answer, seed: str) -> Turn | None:
        """What the answer would give at this call, which is counted; None where it is not there."""
        if not answer.is_counted:
            return Turn(answer, answer.reply, answer.reply.effect(0))
        count = visit.find_count(answer.name)
        count.calls += 1
        call, given = count.calls, count.given + 1
        origin = (seed, self.name, answer.name, call)
        chance = answer.reply.chance
        is_there = (
            answer.call in (None, call)
            and (answer.times is None or given <= answer.times)
            and (chance is None or _draw("chance", *origin) < chance)
        )
        reply = answer.reply.at(given)
        return Turn(answer, reply, reply.effect(_draw("delay", *origin))) if is_there else None


def _draw(*origin: str | int) -> float:
    """A number from 0 up to 1 that depends on its *origin* alone, evenly spread."""
    digest = blake2b(json.dumps(origin).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _check_name(name: str) -> None:
    if not _ID.fullmatch(name):
        raise SessionError(f"The session is {name[:80]!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'.")


class Sessions:
    """The sessions of one server, made on first use. Threads may share it.

    Args:
        clock: Seconds, from any beginning.
        limit: Sessions that are held at once.
        idle: Seconds that one is held which nobody uses.
    """

    def __init__(self, clock: Callable[[], float], limit: int = SESSIONS, idle: float = IDLE_SECONDS) -> None:
        self.default = Session()
        self._clock = clock
        self._limit = limit
        self._idle = idle
        self._held: OrderedDict[str, tuple[Session, float]] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, name: str) -> Session:
        """The session of that *name*.

        Raises:
            SessionError: The name is none.
        """
        _check_name(name)
        now = self._clock()
        with self._lock:
            self._drop_idle(now)
            session, _ = self._held.pop(name, (None, now))
            if session is None:
                session = Session(name)
                if len(self._held) >= self._limit:
                    self._make_room()
            self._held[name] = session, now
            return session

    def _make_room(self) -> None:
        """Forget the session that was used longest ago; before any other, one in which nothing was done."""
        untouched = (name for name, (session, _) in self._held.items() if session.is_untouched)
        oldest = next(untouched, next(iter(self._held)))
        if not self._held.pop(oldest)[0].is_untouched:
            _LOG.warning("The session %s was forgotten: %d are held, it was used longest ago.", oldest, self._limit)

    def look_at(self, name: str) -> Session:
        """The session of that *name*, or one like it where there is none, which is not held. Raises SessionError."""
        _check_name(name)
        with self._lock:
            self._drop_idle(self._clock())
            held = self._held.get(name)
            return Session(name) if held is None else held[0]

    def list_all(self) -> Collection[Session]:
        """All sessions, by name."""
        with self._lock:
            self._drop_idle(self._clock())
            return [self._held[name][0] for name in sorted(self._held)]

    def drop(self, name: str) -> bool:
        """Forget the session of that *name*; whether there was one."""
        with self._lock:
            self._drop_idle(self._clock())
            return self._held.pop(name, None) is not None

    def _drop_idle(self, now: float) -> None:
        while self._held and next(iter(self._held.values()))[1] + self._idle <= now:
            self._held.popitem(last=False)
