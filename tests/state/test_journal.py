"""The journal: what it holds, what it forgets, and that its counts stay exact."""

from __future__ import annotations

import threading

import pytest

from mockserver.state.journal import Journal, Log
from tests.support.exchanges import hold, make_exchange
from tests.support.locks import watch
from tests.support.waiting import run_at_once

PLENTY = 10**9


def list_targets(journal: Journal, *logs: Log) -> list[str]:
    return [each.exchange.request.target for each in journal.read(logs).entries]


def test_exchanges_stand_in_the_order_they_came() -> None:
    journal, log = Journal(10, PLENTY), Log()

    for target in ("/a", "/b", "/c"):
        hold(journal, make_exchange(target=target), log)

    view = journal.read([log])
    assert [(each.number, each.exchange.request.target) for each in view.entries] == [(1, "/a"), (2, "/b"), (3, "/c")]
    assert (view.total, view.evicted) == (3, 0)


def test_each_log_has_its_own_exchanges() -> None:
    journal, first, second = Journal(3, PLENTY), Log(), Log()

    for number in range(6):
        hold(journal, make_exchange(target=f"/{number}"), first if number % 2 else second)

    views = [journal.read([log]) for log in (first, second)]
    assert [list_targets(journal, log) for log in (first, second)] == [["/3", "/5"], ["/4"]]
    assert [(view.total, view.evicted) for view in views] == [(3, 1), (3, 2)]
    assert (list_targets(journal, first, second), journal.read([first, second]).total) == (["/3", "/4", "/5"], 6)


@pytest.mark.parametrize(("limit", "size", "held"), [(0, PLENTY, 0), (2, PLENTY, 2), (PLENTY, 0, 0), (PLENTY, 6000, 2)])
def test_oldest_exchanges_make_room(limit: int, size: int, held: int) -> None:
    journal, log = Journal(limit, size), Log()

    for number in range(5):
        hold(journal, make_exchange(target=f"/{number}"), log, 1024)

    view = journal.read([log])
    assert list_targets(journal, log) == [f"/{number}" for number in range(5)][5 - held :]
    assert (view.total, view.evicted) == (5, 5 - held)


def test_counts_are_exact_with_many_threads() -> None:
    journal, logs = Journal(100, PLENTY), [Log(), Log()]

    def record() -> None:
        for number in range(200):
            hold(journal, make_exchange(), logs[number % 2])

    run_at_once(16, record)

    view = journal.read(logs)
    assert (view.total, view.evicted, len(view.entries)) == (3200, 3100, 100)
    assert [each.total for each in logs] == [1600, 1600]
    assert [each.number for each in view.entries] == [*range(3101, 3201)]


def test_entries_are_used_under_the_lock() -> None:
    journal, log, lock = Journal(1, PLENTY), Log(), threading.Lock()
    journal._lock = lock  # type: ignore[assignment]  # one that says whether it is held
    journal._entries, seen = watch(journal._entries, lock.locked)

    hold(journal, make_exchange(), log)
    hold(journal, make_exchange(), log)
    journal.read([log])

    assert set(seen) == {True}


def test_waiting_ends_with_the_exchange_it_waits_for() -> None:
    journal, log = Journal(10, PLENTY), Log()
    seen: list[int] = []

    def record() -> None:
        for _ in range(3):
            hold(journal, make_exchange(), log)

    def look() -> bool:
        seen.append(journal.read([log]).total)
        if len(seen) == 1:
            threading.Thread(target=record).start()
        return seen[-1] >= 3

    journal.wait(look, 60)

    assert seen[-1] == 3


def test_waiting_ends_after_its_time() -> None:
    seen: list[int] = []

    def look() -> bool:
        seen.append(1)
        return False

    Journal(10, PLENTY).wait(look, 0.01)

    assert len(seen) == 2
