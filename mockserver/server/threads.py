"""The threads that answer requests, as many as there were requests at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from waitress.task import ThreadedTaskDispatcher

if TYPE_CHECKING:
    import logging


class Threads(ThreadedTaskDispatcher):
    """Starts a thread when a request would have to wait for one, up to the `most` threads; waitress starts all at once.

    Each thread takes memory, and the next request goes to the one that has been idle for longest: what it needs is no
    longer in the caches of the processor.
    """

    lock: Any
    queue: Any
    threads: Any

    def __init__(self, most: int, logger: logging.Logger) -> None:
        super().__init__()
        self.logger = self.queue_logger = logger
        self._most = most

    def add_task(self, task: Any) -> None:  # noqa: ANN401 - waitress' own
        """Let a thread answer the request of a channel."""
        with self.lock:
            started = len(self.threads) - self.stop_count
            is_short = len(self.queue) >= started - self.active_count
        if is_short and started < self._most:
            self.set_thread_count(started + 1)
        super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """End all threads, and start no more."""
        self._most = 0
        return super().shutdown(cancel_pending, timeout)
