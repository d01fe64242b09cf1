"""Verification: numbers, order, near misses, and what is uncertain because the journal has dropped it."""

from __future__ import annotations

import pytest

from mockserver.http.messages import Reply
from mockserver.insight.queries import Query
from mockserver.insight.verification import Expectation, list_misses, verify, verify_order
from mockserver.state.journal import Journal, Log, View
from tests.support.exchanges import hold, make_exchange

GET, POST = (Expectation(Query(method=method), method) for method in ("GET", "POST"))


def make_view(methods: str, limit: int = 100) -> View:
    """Return what a journal holds of requests with these methods, each by its first letter."""
    journal, log = Journal(limit, 10**9), Log()
    for letter in methods:
        hold(journal, make_exchange({"G": "GET", "P": "POST"}[letter]), log)
    return journal.read([log])


@pytest.mark.parametrize(
    ("least", "most", "is_met", "wanted"),
    [
        (1, None, True, "at least 1 request"),
        (2, None, True, "at least 2 requests"),
        (3, None, False, "at least 3 requests"),
        (2, 2, True, "exactly 2 requests"),
        (1, 1, False, "exactly 1 request"),
        (0, 0, False, "exactly 0 requests"),
        (0, 2, True, "at most 2 requests"),
        (0, 1, False, "at most 1 request"),
        (1, 2, True, "at least 1 and at most 2 requests"),
        (3, 4, False, "at least 3 and at most 4 requests"),
    ],
)
def test_number_is_compared(least: int, most: int | None, is_met: bool, wanted: str) -> None:
    verdict = verify(Expectation(Query(method="GET"), "GET", least, most), make_view("GPG"))

    assert (verdict.is_met, verdict.finding) == (is_met, f"GET: {wanted} wanted, 2 seen.")
    assert [each.number for each in verdict.found] == [1, 3]


DOUBT = " Uncertain: {} evicted from the journal. Raise --journal-entries."


@pytest.mark.parametrize(
    ("methods", "least", "most", "is_met", "doubt"),
    [
        ("GGG", 1, None, True, ""),
        ("GGG", 3, None, False, DOUBT.format("1 request")),
        ("PPGG", 2, 2, False, DOUBT.format("2 requests")),
        ("PGG", 0, 2, False, DOUBT.format("1 request")),
        ("PGG", 0, 1, False, ""),
    ],
)
def test_evicted_requests_leave_a_doubt(methods: str, least: int, most: int | None, is_met: bool, doubt: str) -> None:
    verdict = verify(Expectation(Query(method="GET"), "GET", least, most), make_view(methods, limit=2))

    assert (verdict.is_met, verdict.finding.partition("seen.")[2]) == (is_met, doubt)


@pytest.mark.parametrize(
    ("methods", "expected", "is_met", "found", "finding"),
    [
        ("GP", [GET, POST], True, [1, 2], "2 requests were seen in this order."),
        ("PPGGP", [GET, POST], True, [3, 5], "2 requests were seen in this order."),
        ("GG", [GET, GET], True, [1, 2], "2 requests were seen in this order."),
        ("PG", [GET, POST], False, [2], "POST, number 2 of the order, was not seen after request 2."),
        ("P", [GET], False, [], "GET, number 1 of the order, was not seen."),
        ("G", [GET, GET], False, [1], "GET, number 2 of the order, was not seen after request 1."),
    ],
)
def test_order_allows_others_between(
    methods: str, expected: list[Expectation], is_met: bool, found: list[int], finding: str
) -> None:
    verdict = verify_order(expected, make_view(methods))

    assert (verdict.is_met, [each.number for each in verdict.found], verdict.finding) == (is_met, found, finding)


def test_order_names_what_was_evicted() -> None:
    assert verify_order([POST], make_view("PGG", limit=2)).finding.endswith(DOUBT.format("1 request"))


def test_nearest_has_the_fewest_differences() -> None:
    journal, log = Journal(100, 10**9), Log()
    for method, status in (("GET", 404), ("POST", 200), ("POST", 404), ("GET", 404), ("GET", 200)):
        hold(journal, make_exchange(method, reply=Reply(status)), log)

    misses = list_misses(Query(method="GET", status=200), journal.read([log]).entries)

    assert [each.entry.number for each in misses] == [4, 2, 1]
    assert misses[0].differences == ("status is 404, wanted 200",)
