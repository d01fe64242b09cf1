"""Threads that run what may wait; a process that ends leaves them behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class Workers:
    """At most so many threads, each started when all others are busy.

    They are daemons, unlike those of `concurrent.futures`: an application that hangs keeps no process from ending.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._started = 0
        self._idle = threading.Semaphore(0)
        self._deeds: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def run(self, deed: Callable[[], object]) -> None:
        """Run this soon. Only one thread may call this."""
        self._deeds.put(deed)
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            self._started += 1
            threading.Thread(target=self._run_all, name=f"worker-{self._started}", daemon=True).start()

    def _run_all(self) -> None:
        while True:
            self._deeds.get()()
            self._idle.release()
