"""Kept plans: an equal request gets the plan that was made before."""

from __future__ import annotations

import threading
from typing import Final

from mockserver.http.hints import measure_near_misses
from mockserver.http.messages import Request
from mockserver.planning.checking import Plan

KEPT_PLANS: Final = 2048
"""How many plans are kept."""

KEPT_SIZE: Final = 8192
"""The largest sum of the characters of a request and its near misses, and the bytes of its reply's body."""


class KeptPlans:
    """The plans of the last requests. Threads may share it."""

    def __init__(self) -> None:
        self._plans: dict[Request, Plan] = {}
        self._lock = threading.Lock()

    def find(self, request: Request) -> Plan | None:
        """Return the plan of an equal request, if it is kept."""
        return self._plans.get(request)

    def keep(self, request: Request, plan: Plan) -> None:
        """Keep the plan, unless it is large, and forget the oldest one if there are too many."""
        if _measure(request, plan) <= KEPT_SIZE:
            with self._lock:
                self._plans[request] = plan
                if len(self._plans) > KEPT_PLANS:
                    del self._plans[next(iter(self._plans))]


def _measure(request: Request, plan: Plan) -> int:
    headers = sum(len(value) for _, value in request.headers)
    return (
        len(request.method)
        + len(request.target)
        + len(request.host)
        + headers
        + len(request.body)
        + len(plan.reply.body)
        + measure_near_misses(plan.near_misses)
    )
