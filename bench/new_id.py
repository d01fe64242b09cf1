"""Where the time of a request for an id that was never asked for goes, in process, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from time import process_time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Final

from mockserver.http.preferences import NO_PREFERENCES
from mockserver.http.secret_names import SecretNames
from mockserver.http.sources import Source
from mockserver.planning.catalogue import Catalogue
from mockserver.planning.checking import Checker
from mockserver.planning.declared_headers import DeclaredHeaders
from mockserver.planning.drafts import Asked, Draft, JsonValue
from mockserver.planning.near_misses import find_near_misses
from mockserver.planning.stock import Stock
from mockserver.planning.writing import choose_format, write_reply
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub, load_stub
from mockserver.stub.settings import Settings
from mockserver.web.environ import find_session, pair_with_keys, read_request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

REQUESTS: Final = 200
"""Requests of a round: enough to measure, few enough to be seldom interrupted."""

_State = SimpleNamespace
"""What is known of one request so far."""

_Step = Callable[[_State], object]


def time_new_id(rounds: int) -> dict[str, list[float]]:
    """Microseconds of CPU of each step in each round, all steps in turn, and of the plan as a whole."""
    stub, numbers = load_stub(Settings()), count(10**9)
    steps, visit = _list_steps(stub), Session().visit()
    times: dict[str, list[float]] = {name: [] for name in (*steps, "plan, in one")}
    for number in range(rounds + 1):
        if number == 1:
            times = {name: [] for name in times}  # The first round warms up.
        states = [_State(environ=_make_environ(next(numbers))) for _ in range(REQUESTS)]
        for name, step in steps.items():
            times[name].append(_time(step, states))
        states = [_State(environ=_make_environ(next(numbers))) for _ in range(REQUESTS)]
        for state in states:
            steps["reading the environment"](state)
        times["plan, in one"].append(_time(lambda state: stub.planner.plan(state.request, visit), states))
    return times


def _time(step: _Step, states: Iterable[_State]) -> float:
    started = process_time()
    for state in states:
        step(state)
    return (process_time() - started) / REQUESTS * 1e6


def _make_environ(number: int) -> WSGIEnvironment:
    path = f"/API/Customers/{number}"
    return {
        "REQUEST_METHOD": "GET",
        "REQUEST_URI": path,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "5000",
        "HTTP_HOST": "127.0.0.1:5000",
        "HTTP_ACCEPT": "*/*",
        "wsgi.url_scheme": "http",
    }


def _list_steps(stub: Stub) -> Mapping[str, _Step]:
    """Return what a plan does, in its order; each step leaves what the next ones take."""
    [operation], vendor, visit = stub.contract.operations, stub.vendor, Session().visit()
    stock = Stock(stub.contract, stub.schemas, stub.fixtures, stub.generator, stub.settings.source, SecretNames(()))
    catalogue, declared = Catalogue(operation, stock, vendor), DeclaredHeaders(stock, vendor)
    router, checker = (
        vendor.make_router(stub.contract, stub.roots),
        Checker(stub.schemas, vendor, declared, refuse_breaches=True),
    )
    spec = operation.lowest_success_response
    supply = catalogue.find_supply(spec)
    assert supply is not None

    def read(state: _State) -> None:
        _, target = find_session(state.environ, "/__mock/s/")
        state.request = read_request(state.environ, pair_with_keys(stub.planner.headers), target)

    def route(state: _State) -> None:
        state.route = router.find(state.request)

    def bind(state: _State) -> None:
        state.bound = vendor.bind(state.route, state.request)

    def look_up(state: _State) -> None:
        state.asked = Asked(state.request, state.bound.arguments, NO_PREFERENCES, visit)
        catalogue.find_answers(state.asked)

    def generate(state: _State) -> None:
        found = supply.find(state.asked.arguments, visit.overlay.records)
        assert found is not None
        state.draft = Draft(operation, spec.status, Source("generated"), spec, JsonValue(found.members))

    def look_near(state: _State) -> None:
        find_near_misses(catalogue, state.asked)

    def negotiate(state: _State) -> None:
        state.draft, state.format = choose_format(state.draft, state.request, vendor)

    def write(state: _State) -> None:
        state.reply = write_reply(state.draft, state.format, vendor, declared)

    def check(state: _State) -> None:
        checker.check(state.draft, state.reply, state.route, state.bound.arguments)

    return {
        "reading the environment": read,
        "routing": route,
        "binding": bind,
        "looking for answers": look_up,
        "looking for a record, and generating it": generate,
        "looking for near misses": look_near,
        "negotiating": negotiate,
        "writing": write,
        "checking": check,
    }
