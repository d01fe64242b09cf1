"""Kept plans: which are kept, and which make room."""

import pytest

from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.kept_plans import KEPT_PLANS, KEPT_SIZE, KeptPlans
from tests.support.locks import watch


def make_plan(body: bytes = b"") -> Plan:
    return Plan(Reply(200, (), body), Source("framework"))


REQUEST = Request("GET", "/", host="h", headers=(("accept", "a"), ("prefer", "b")))
LEFT = KEPT_SIZE - len("GET/hab")
"""Room beside the characters of the request."""


@pytest.mark.parametrize(
    ("request_", "size", "is_kept"),
    [
        *((REQUEST, 0, True), (REQUEST, LEFT, True), (REQUEST, LEFT + 1, False)),
        *((Request("X" * KEPT_SIZE, "/"), 0, False), (Request("GET", "/" * KEPT_SIZE), 0, False)),
        (Request("GET", "/", host="h" * KEPT_SIZE), 0, False),
        (Request("GET", "/", headers=(("accept", "a" * KEPT_SIZE),)), 0, False),
    ],
    ids=lambda each: str(each)[:20],
)
def test_only_small_plans_are_kept(request_: Request, size: int, is_kept: bool) -> None:
    kept, plan = KeptPlans(), make_plan(b"x" * size)

    kept.keep(request_, plan)

    assert (kept.find(request_) is plan) is is_kept


def test_oldest_plan_makes_room_for_a_new_one() -> None:
    kept, plans = KeptPlans(), [make_plan() for _ in range(KEPT_PLANS + 1)]
    requests = [Request("GET", f"/{number}") for number in range(len(plans))]

    found = []
    for request, plan in zip(requests, plans, strict=True):
        found.append(kept.find(requests[0]))
        kept.keep(request, plan)

    assert [each is plans[0] for each in found] == [False, *[True] * KEPT_PLANS]
    assert [kept.find(requests[at]) for at in (0, 1, -1)] == [None, plans[1], plans[-1]]


def test_plans_are_kept_under_the_lock() -> None:
    kept = KeptPlans()
    kept._plans, seen = watch(kept._plans, kept._lock.locked)

    for number in range(KEPT_PLANS + 1):
        kept.keep(Request("GET", f"/{number}"), make_plan())

    assert set(seen) == {True}
