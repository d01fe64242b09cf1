"""Work in several threads, and waiting for what they do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import TypeVar

SECONDS = 20.0
"""The longest that a test waits."""

Result = TypeVar("Result")


def has_come(condition: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Wait until the condition holds; return whether it did in time."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        if condition():
            return True
    return False


def run_at_once(count: int, work: Callable[[], Result]) -> list[Result]:
    """Return the results of `work`, called in `count` threads that start together."""
    start = threading.Barrier(count, timeout=SECONDS)

    def wait_and_work(_: int) -> Result:
        start.wait()
        return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_work, range(count)))
