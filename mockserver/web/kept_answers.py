"""Kept answers: what was sent for the last requests, as it was sent, by all that it depends on."""

from __future__ import annotations

import threading
from collections.abc import Hashable
from typing import Final, NamedTuple

from mockserver.http.headers import Headers
from mockserver.http.hints import measure_near_misses
from mockserver.state.journal import Outcome

MOST: Final = 2048
"""How many answers are kept."""

LARGEST: Final = 16 * 1024 * 1024
"""How many bytes they take together, by an estimate."""

LARGEST_EACH: Final = LARGEST // 16
"""How many bytes one of them takes; larger ones are not kept."""

_OVERHEAD: Final = 2048
"""An estimate of the bytes that an answer takes beside its texts."""

Key = tuple[Hashable, ...]
"""All that an answer depends on."""


class KeptAnswer(NamedTuple):
    """An answer as it was sent.

    Attributes:
        status: The status with its reason.
        headers: The headers, those for pages of other origins included.
        body: The pieces of the body.
        outcome: What the journal is told.
    """

    status: str
    headers: Headers
    body: tuple[bytes, ...]
    outcome: Outcome


class KeptAnswers:
    """The answers to the last requests. Threads may share it."""

    def __init__(self) -> None:
        self._answers: dict[Key, KeptAnswer] = {}
        self._size = 0
        self._lock = threading.Lock()
        self.find = self._answers.get
        """Returns the answer for a key, if it is kept."""

    def keep(self, key: Key, answer: KeptAnswer) -> None:
        """Keep an answer, unless it is large, and forget the oldest ones if there is no room."""
        size = _measure(key, answer)
        if size > LARGEST_EACH:
            return
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._size += size
            while len(self._answers) > MOST or self._size > LARGEST:
                oldest = next(iter(self._answers))
                self._size -= _measure(oldest, self._answers.pop(oldest))


def _measure(key: Key, answer: KeptAnswer) -> int:
    texts = sum(len(each) for each in key if isinstance(each, str))
    headers = sum(len(name) + len(value) for name, value in answer.headers)
    misses = measure_near_misses(answer.outcome.exchange.near_misses)
    return texts + headers + sum(map(len, answer.body)) + answer.outcome.size + misses + _OVERHEAD
