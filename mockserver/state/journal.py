"""The journal: the last exchanges with the API, bounded by their number and their bytes, and how many there were."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange
from mockserver.state.tallies import Tallies, Trait

LONGEST_BODY: Final = 64 * 1024
"""The most bytes of a body that are held; further ones are cut off."""

_OVERHEAD: Final = 1024
"""An estimate of the bytes that an exchange takes beside its texts."""


@dataclass(slots=True, eq=False)
class Log:
    """How many exchanges a session has had, how many of these the journal has dropped, and what they exercised."""

    total: int = 0
    evicted: int = 0
    tallies: Tallies = field(default_factory=Tallies)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What the exchanges of equal requests have in common. It is made once and shared by their entries.

    Attributes:
        exchange: An exchange without what each has of its own: time, duration, headers and session.
        size: The characters and bytes of its texts.
        trait: What it exercises, if an operation was found.
        members: The members of the reply that have a value.
    """

    exchange: Exchange
    size: int = 0
    trait: Trait | None = None
    members: frozenset[str] = frozenset()

    def tell(self, at: float, seconds: float, headers: Headers, session: str | None) -> Exchange:
        """Return the exchange of one request."""
        request = self.exchange.request._replace(headers=headers)
        return self.exchange._replace(at=at, seconds=seconds, request=request, session=session)


class Entry(NamedTuple):
    """An exchange in the journal. Numbers begin at 1, and a later exchange has a higher one.

    The exchange is put together when it is read: most entries are dropped before anybody asks.
    """

    number: int
    outcome: Outcome
    log: Log
    at: float
    seconds: float
    headers: Headers
    session: str | None
    size: int

    @property
    def exchange(self) -> Exchange:
        """The exchange."""
        return self.outcome.tell(self.at, self.seconds, self.headers, self.session)


@dataclass(frozen=True, slots=True)
class View:
    """What the journal holds of some sessions, oldest first; `total` counts the `evicted` exchanges as well."""

    entries: tuple[Entry, ...]
    total: int
    evicted: int


class Journal:
    """Holds the last exchanges of all sessions. Threads may share it.

    A session has a log, which its exchanges are recorded with. A session that takes a new log has forgotten them.

    Args:
        limit: The most exchanges that are held.
        size: The most bytes that they take, by an estimate.
    """

    def __init__(self, limit: int, size: int) -> None:
        self._limit = limit
        self._largest = size
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._last = 0
        self._waiting = 0
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)

    def record(
        self, outcome: Outcome, log: Log, at: float, seconds: float, headers: Headers, session: str | None, size: int
    ) -> None:
        """Hold an exchange, count what it exercised, and drop the oldest ones if there is no room.

        `size` is the number of characters of the headers, which are without secrets.
        """
        size += outcome.size + _OVERHEAD
        trait = outcome.trait
        with self._lock:
            self._last += 1
            log.total += 1
            if trait is not None:
                log.tallies.add(trait, outcome.members)
            self._entries.append(Entry(self._last, outcome, log, at, seconds, headers, session, size))
            self._size += size
            while self._size > self._largest or len(self._entries) > self._limit:
                oldest = self._entries.popleft()
                oldest.log.evicted += 1
                self._size -= oldest.size
            if self._waiting:
                self._changed.notify_all()

    def read(self, logs: Collection[Log]) -> View:
        """Return what is held of the sessions that have these logs."""
        wanted = set(logs)
        with self._lock:
            entries = tuple(each for each in self._entries if each.log in wanted)
            return View(entries, sum(each.total for each in wanted), sum(each.evicted for each in wanted))

    def read_tallies(self, logs: Collection[Log]) -> list[tuple[Trait, int, frozenset[str]]]:
        """Return how often each trait was exercised in these sessions, and with which members."""
        with self._lock:
            return [(trait, each.count, frozenset(each.members)) for log in logs for trait, each in log.tallies]

    def wait(self, is_enough: Callable[[], bool], seconds: float) -> None:
        """Wait until `is_enough` finds in the journal what it looks for, but no longer than so many seconds."""
        with self._changed:
            self._waiting += 1
            try:
                self._changed.wait_for(is_enough, seconds)
            finally:
                self._waiting -= 1
