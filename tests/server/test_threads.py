"""Threads: as many as there were requests at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mockserver.server.threads import Threads
from tests.support.waiting import SECONDS, has_come


class Waiting:
    """The request of a channel, which is answered when it is told so."""

    def __init__(self) -> None:
        self.has_begun = threading.Event()
        self.may_end = threading.Event()
        self.has_ended = threading.Event()

    def service(self) -> None:
        self.has_begun.set()
        self.may_end.wait(SECONDS)
        self.has_ended.set()

    def cancel(self) -> None:
        self.has_ended.set()

    def end(self) -> None:
        self.may_end.set()
        assert self.has_ended.wait(SECONDS)


@contextmanager
def starting(most: int) -> Iterator[Threads]:
    threads = Threads(most, logging.Logger("silent", logging.CRITICAL))
    try:
        yield threads
    finally:
        threads.shutdown()


def begin(threads: Threads, count: int) -> list[Waiting]:
    asked = [Waiting() for _ in range(count)]
    for each in asked:
        threads.add_task(each)
    return asked


def test_no_thread_waits_for_the_first_request() -> None:
    with starting(4) as threads:
        assert len(threads.threads) == 0


def test_one_thread_answers_one_after_the_other() -> None:
    with starting(4) as threads:
        for _ in range(5):
            [request] = begin(threads, 1)
            request.end()
            assert has_come(lambda: threads.active_count == 0)

        assert len(threads.threads) == 1


@pytest.mark.parametrize("count", [2, 4])
def test_requests_at_once_have_a_thread_each(count: int) -> None:
    with starting(4) as threads:
        asked = begin(threads, count)

        assert all(each.has_begun.wait(SECONDS) for each in asked)
        assert len(threads.threads) == count
        for each in asked:
            each.end()


def test_more_requests_wait_for_a_thread() -> None:
    with starting(2) as threads:
        first, second, third = begin(threads, 3)

        assert first.has_begun.wait(SECONDS)
        assert second.has_begun.wait(SECONDS)
        assert (len(threads.threads), third.has_begun.is_set()) == (2, False)
        for each in (first, second, third):
            each.end()


def test_no_thread_starts_after_the_end() -> None:
    with starting(4) as threads:
        threads.shutdown()

        threads.add_task(Waiting())

        assert len(threads.threads) == 0
