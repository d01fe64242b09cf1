"""Sessions: each user of a shared stub has one, with answers, records, defaults and counters of its own."""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

from mockserver.contract.contract import Operation
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.records import Record
from mockserver.http.preferences import Preferences
from mockserver.state.journal import Log
from mockserver.state.overlays import NO_OVERLAY, NO_RECORDS, AddedRecords, Overlay
from mockserver.state.visits import Count, Visit

SESSIONS: Final = 1000
"""How many sessions are held at once.

A further one evicts an untouched session if there is one, otherwise the least recently used.
"""

IDLE_SECONDS: Final = 3600.0
"""How many seconds an idle session is held."""

ANSWERS: Final = 1000
"""How many answers one session may add."""

RECORDS: Final = 10_000
"""How many records one session may add."""

RECORDS_SIZE: Final = 16 * 1024 * 1024
"""How many characters of JSON the records of one session may have together."""

_LOG: Final = logging.getLogger("mockserver")
_REMOVE: Final = "Remove some, or reset the session."
_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class SessionError(ValueError):
    """A session cannot be used in this way; the text is a message for people on one line."""


class Session:
    """What one user has added to the stub, and the counters of the answers. Threads may share it."""

    def __init__(self, name: str = "") -> None:
        self.name = name
        self._lock = threading.Lock()
        self._now = self._begin()

    def _begin(self) -> Visit:
        return Visit(self.name, Log(), NO_OVERLAY, {}, {}, self._lock)

    @property
    def overlay(self) -> Overlay:
        """What is laid over the fixtures now."""
        return self._now.overlay

    @property
    def log(self) -> Log:
        """The log of its requests."""
        return self._now.log

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was added and nothing counted."""
        return self.overlay is NO_OVERLAY and not self._now.counts

    def visit(self) -> Visit:
        """Return the view of a request that arrives now."""
        return self._now

    def add(self, answers: Sequence[Answer]) -> None:
        """Put `answers` before all others, in their order. They replace those of the same name, with new counters.

        Raises:
            SessionError: There would be too many.
        """
        with self._lock:
            names = {answer.name for answer in answers}
            kept = [answer for answer in self.overlay.answers if answer.name not in names]
            if len(kept) + len(answers) > ANSWERS:
                raise SessionError(f"A session has at most {ANSWERS:,} answers. {_REMOVE}")
            self._change([*answers, *kept], {each.name: self._now.added[each.name] for each in kept})

    def remove(self, name: str) -> bool:
        """Remove the added answer of that `name`; return whether there was one."""
        with self._lock:
            kept = [answer for answer in self.overlay.answers if answer.name != name]
            if len(kept) == len(self.overlay.answers):
                return False
            self._change(kept, self._now.added)
            return True

    def _change(self, answers: Sequence[Answer], counted: Mapping[str, Count]) -> None:
        """Replace the answers of the overlay; those that are not `counted` start at 0."""
        added = {each.name: counted.get(each.name) or Count() for each in answers}
        overlay = Overlay.of(answers, self.overlay.defaults, self.overlay.records)
        self._now = self._now._replace(overlay=overlay, added=added)

    def add_records(self, records: Sequence[Record], operations: Iterable[Operation] = ()) -> None:
        """Put `records` before all others, in their order. They replace those of the same component and key.

        The indexes of these `operations` are made now instead of by a request.

        Raises:
            SessionError: There would be too many, or too long ones.
        """
        with self._lock:
            added = self.overlay.records.with_added(records)
            if len(added) > RECORDS:
                raise SessionError(f"A session has at most {RECORDS:,} records. {_REMOVE}")
            if added.size > RECORDS_SIZE:
                raise SessionError(f"The records of a session have at most {RECORDS_SIZE:,} characters. {_REMOVE}")
            self._lay(added, operations)

    def remove_record(self, key: str, operations: Iterable[Operation] = ()) -> bool:
        """Remove the added record that `key` names, as `add_records` adds them; return whether there was one."""
        with self._lock:
            record = self.overlay.records.find_key(key)
            if record is None:
                return False
            self._lay(self.overlay.records.without(record), operations)
            return True

    def remove_records(self) -> None:
        """Remove all added records."""
        with self._lock:
            self._lay(NO_RECORDS, ())

    def _lay(self, records: AddedRecords, operations: Iterable[Operation]) -> None:
        """Replace the records of the overlay."""
        for each in operations if records else ():
            if each.component is not None:
                records.prepare(each, each.component)
        self._now = self._now._replace(overlay=self.overlay.with_records(records))

    def set_defaults(self, defaults: Preferences) -> None:
        """Set the preferences of every later request of the session; those of the request come first."""
        with self._lock:
            overlay = Overlay.of(self.overlay.answers, defaults, self.overlay.records)
            self._now = self._now._replace(overlay=overlay)

    def reset(self) -> None:
        """Remove all answers, records and defaults, set all counters to 0, and forget all requests."""
        with self._lock:
            self._now = self._begin()

    def forget_requests(self) -> None:
        """Take a new log; requests that came before do not count in it."""
        with self._lock:
            self._now = self._now._replace(log=Log())

    def count_of(self, name: str) -> tuple[int, int]:
        """Return how often the answer of that `name` matched, and how often it was given."""
        with self._lock:
            count = self._now.find_count(name)
            return count.calls, count.given


class Sessions:
    """The sessions of one server, created on first use. Threads may share it.

    Args:
        clock: Returns seconds; only differences matter.
        limit: How many sessions are held at once.
        idle: How many seconds an idle session is held.
    """

    def __init__(self, clock: Callable[[], float], limit: int = SESSIONS, idle: float = IDLE_SECONDS) -> None:
        self.default = Session()
        self._clock = clock
        self._limit = limit
        self._idle = idle
        self._held: OrderedDict[str, tuple[Session, float]] = OrderedDict()
        self._lock = threading.Lock()

    def use(self, name: str | None) -> Session:
        """Return the session of that `name`, created if need be; for None the default one.

        Raises:
            SessionError: The name is not valid.
        """
        if name is None:
            return self.default
        _check_name(name)
        now = self._clock()
        with self._lock:
            self._drop_idle(now)
            session, _ = self._held.pop(name, (None, now))
            if session is None:
                session = Session(name)
                if len(self._held) >= self._limit:
                    self._evict()
            self._held[name] = session, now
            return session

    def _evict(self) -> None:
        """Drop the least recently used of the untouched sessions, or else of all."""
        untouched = (name for name, (session, _) in self._held.items() if session.is_untouched)
        oldest = next(untouched, next(iter(self._held)))
        if not self._held.pop(oldest)[0].is_untouched:
            _LOG.warning(
                "The session %s was evicted: only %d are held, and it was the least recently used.", oldest, self._limit
            )

    def look_at(self, name: str | None) -> Session:
        """Look up the session of that `name` without creating or using it; a new one if there is none.

        For None it is the default one.

        Raises:
            SessionError: The name is not valid.
        """
        if name is None:
            return self.default
        _check_name(name)
        with self._lock:
            self._drop_idle(self._clock())
            held = self._held.get(name)
            return Session(name) if held is None else held[0]

    def list_all(self) -> Collection[Session]:
        """Return all sessions, by name."""
        with self._lock:
            self._drop_idle(self._clock())
            return [self._held[name][0] for name in sorted(self._held)]

    def drop(self, name: str) -> bool:
        """Drop the session of that `name`; return whether there was one."""
        with self._lock:
            self._drop_idle(self._clock())
            return self._held.pop(name, None) is not None

    def _drop_idle(self, now: float) -> None:
        while self._held and next(iter(self._held.values()))[1] + self._idle <= now:
            self._held.popitem(last=False)


def _check_name(name: str) -> None:
    if not _ID.fullmatch(name):
        raise SessionError(f"The session is {name[:80]!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'.")
