"""What single steps of a request cost, in process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from timeit import repeat
from typing import Final

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, split_twins
from mockserver.state.sessions import Sessions
from mockserver.stub.loading import load_stub
from mockserver.stub.settings import Settings
from mockserver.vendors.aspnet.binding import bind_arguments, read_query
from mockserver.vendors.aspnet.stack import AspNet
from mockserver.web.environ import pair_with_keys, read_session, split_session

CALLS: Final = 2000
ACCEPT: Final = "text/html,application/xhtml+xml;q=0.9,application/json;q=0.8,*/*;q=0.5"


def time_steps(rounds: int) -> dict[str, list[float]]:
    """Microseconds of each step in each round, for a request with both query parameters and a browser's Accept."""
    return {name: _time(step, rounds) for name, step in _make_steps().items()}


def _time(step: Callable[[], object], rounds: int) -> list[float]:
    return [seconds / CALLS * 1e6 for seconds in repeat(step, number=CALLS, repeat=rounds)]


def time_steering(rounds: int) -> list[float]:
    """Microseconds, in each round, of all that looks whether a request that asks for nothing asks for something.

    That is the session it is of, the headers to read, its twins in the query and its Prefer header, the session's
    defaults and answers, and the effects of its plan; also what is only done where no plan is kept.
    """
    stub = load_stub(Settings())
    target = "/API/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
    environ = {"HTTP_ACCEPT": ACCEPT, "HTTP_HOST": "127.0.0.1"}
    query = read_query(target.partition("?")[2], ignore_unclosed=True)
    operation = stub.contract.operations[0]
    names = [each.name for each in operation.parameters]
    request = Request("GET", target, headers=(("accept", ACCEPT),))
    session = Sessions(monotonic).default
    plan = stub.planner.plan(request, session.visit())

    def steer() -> object:
        named, _ = split_session(target, "/__mock/s/")
        if named is None and read_session(environ) is None:
            visit = session.visit()
            pair_with_keys(stub.planner.headers if not visit.overlay.headers else visit.overlay.headers)
        twins, _ = split_twins(query, names)
        asks = twins or request.header("prefer")
        wanted = NO_PREFERENCES.over(visit.overlay.defaults)
        found = visit.overlay.find(operation.id, {}, request)
        return not asks and not found and wanted is NO_PREFERENCES and not wanted.chooses and plan.effect.is_nothing

    return _time(steer, rounds)


def _make_steps() -> Mapping[str, Callable[[], object]]:
    operation = load_stub(Settings()).contract.operations[0]
    spec = operation.lowest_success_response
    request = Request("GET", "/", headers=(("accept", ACCEPT),))
    record = {selector.member: "100200300" for selector in operation.selectors} | {str(n): "text" for n in range(13)}

    def bind() -> object:
        query = read_query("idType=1&idTypeExtRef=NATIONAL-ID", ignore_unclosed=True)
        return bind_arguments(operation.parameters, {"id": "100200300"}, query)

    return {
        "binding": bind,
        "negotiation": lambda: AspNet().choose_format(request, spec.media_types),
        "formatting": lambda: make_json_reply(200, write_json(record)),
    }
