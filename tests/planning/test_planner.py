"""The planner: the order of its steps, what a plan depends on, and which plans are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema, pre_load

from mockserver.fixtures.conditions import Condition
from mockserver.generation.edges import EDGES
from mockserver.http.hints import Hints, is_own
from mockserver.http.messages import Reply, Request
from mockserver.http.preferences import KEYS, NO_PREFERENCES, Preferences
from mockserver.http.sources import Source
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema
from mockserver.state.overlays import NO_OVERLAY
from mockserver.state.sessions import Session
from mockserver.vendors.aspnet.binding import read_query
from tests.support.answers import make_answer
from tests.support.contracts import THINGS
from tests.support.plans import (
    HOST,
    JSON,
    KNOWN,
    NAMES,
    NOBODY,
    RECORDS,
    STRANGER,
    VARY,
    ask,
    load_planner,
    read,
    summarize,
)
from tests.support.shipped import CUSTOMER
from tests.support.stubs import load_stub

repeatable = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


# The order of the steps

FRAMEWORK = {404: (404, "framework", None), 405: (405, "framework", None), 500: (500, "framework", None)}
INVALID, REFUSED = (400, "framework", None), (400, "preferences", None)
RECORD = (200, "record", None)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    # This host refuses a blank id, so that no answer can be for it.
    text = re.sub(".*name: void.*\n", "", RECORDS)
    return load_planner(tmp_path_factory.mktemp("checked"), text, model_state="checked")


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        *(("GET", target, FRAMEWORK[404]) for target in ("/Customers", "/Customers/a/b", "/nowhere?__code=99")),
        *(("POST", target, FRAMEWORK[404]) for target in ("/Customers", "/nowhere?__code=503&a[")),
        *((method, f"{KNOWN}?__code=99&a[", FRAMEWORK[500]) for method in ("GET", "POST")),
        *(("POST", f"{KNOWN}?{query}", FRAMEWORK[405]) for query in ("", "idType=abc", "__code=503", "__code=99")),
        *(("GET", f"{KNOWN}?{query}", REFUSED) for query in ("__code=99", "__code=99&idType=abc", "__edge=x&idType=")),
        *(("GET", f"{KNOWN}?__code=503&idType={text}", (503, "code 503", "code=503")) for text in ("abc", "")),
        ("GET", f"{KNOWN}?__edge=emoji&idType=abc", (200, "edge emoji", "edge=emoji")),
        ("GET", f"{KNOWN}?__example=found&idType=", (200, "example found", "example=found")),
        *(("GET", f"{KNOWN}?{query}idType=abc", INVALID) for query in ("", "__dynamic=true&", "__seed=7&")),
        ("GET", f"{KNOWN}?__delay=1&idType=", (400, "framework", "delay=1")),
        *(("GET", f"/Customers/answered?idType={text}", INVALID) for text in ("abc", "")),
        ("GET", "/Customers/answered?__dynamic=false", (418, "answer teapot", None)),
        *((method, target, RECORD) for method, target in (("GET", KNOWN), ("get", KNOWN), ("GET", f"/API{KNOWN}"))),
        ("GET", f"{KNOWN}?__seed=7", (200, "record", "seed=7")),
        *(("GET", STRANGER, (200, "generated", None)), ("GET", NOBODY, (404, "no record", None))),
    ],
)
def test_first_step_with_something_to_say_answers(
    checked: Planner, method: str, target: str, expected: tuple[int, str, str | None]
) -> None:
    plan = checked.plan(Request(method, target))

    assert (summarize(plan), plan.alarm) == (expected, None)
    assert plan.reply.header("Vary") == (None if expected in FRAMEWORK.values() else "Prefer")


@pytest.mark.parametrize("choice", ["code=200", "dynamic=true"])
def test_chosen_record_has_defaults_for_blank_arguments(tmp_path: Path, choice: str) -> None:
    planner = load_planner(tmp_path, model_state="ignored")

    body = read(ask(planner, f"{STRANGER}?idTypeExtRef=", choice))

    # The action itself is called with null.
    assert body["PersonalIdTypeExtRef"] == (None if choice == "dynamic=true" else "")


ROUTES = "No route matches; the stub serves GET /API/Customers/{id}, GET /Customers/{id}."
QUOTED = "https://example.com:8443/nowhere/a%2Fb?__code=500&c= d"


@pytest.mark.parametrize(
    ("method", "target", "status", "headers", "message", "hints"),
    [
        (
            *("GET", "/nowhere/a%2Fb?__code=500&c=%20d", 404, ()),
            f"No HTTP resource was found that matches the request URI '{QUOTED}'.",
            (ROUTES,),
        ),
        *(
            ("GET", f"{KNOWN}?{query}", 400, (VARY,), "The request is invalid.", ())
            for query in ("idType=", "idType", "idType=%20", "&", "IDTYPE=")
        ),
        *(
            (
                method,
                KNOWN,
                405,
                (("Allow", "GET"),),
                f"The requested resource does not support http method '{method}'.",
                (f"{method} is not served at {KNOWN}; GET is.",),
            )
            for method in ("POST", "HEAD", "OPTIONS", "QUERY", "x")
        ),
    ],
)
def test_framework_error_has_the_vendors_phrasing(
    planner: Planner,
    method: str,
    target: str,
    status: int,
    headers: tuple[tuple[str, str], ...],
    message: str,
    hints: Hints,
) -> None:
    plan = planner.plan(Request(method, target, "https", "Example.com:8443"))

    told = (("X-Mock-Hint", *hints),) if hints else ()
    all_headers = (*HOST, JSON, *headers, ("X-Mock-Source", "framework"), *told)
    body = f'{{"Message":"{message}"}}'.encode()
    assert (plan.reply, plan.source, plan.hints) == (Reply(status, all_headers, body), Source("framework"), hints)


@pytest.mark.parametrize("query", ["", "?kin=1", "?__code=503", "?__code=99"])
def test_left_out_parameter_is_the_frameworks_404(tmp_path: Path, query: str) -> None:
    contract = tmp_path / "things.yaml"
    kind = "required: true\n          schema: {type: integer, format: int32}"
    contract.write_text(THINGS.replace("schema: {type: integer, format: int32, default: 0}", kind), encoding="utf-8")
    planner = load_planner(
        tmp_path, "answers: []", contract=contract, schemas={"Thing": Schema.from_dict({})}, error_detail=True
    )

    plan = planner.plan(Request("GET", f"/API/things/a{query}"))

    body = {
        "Message": f"No HTTP resource was found that matches the request URI 'http://localhost/API/things/a{query}'.",
        "MessageDetail": "No action was found on the controller 'things' that matches the request.",
    }
    assert (summarize(plan), read(plan), plan.reply.header("Vary")) == ((404, "framework", None), body, None)
    assert plan.hints == ("The request leaves out kind, without which getThing is not found.",)


def test_unknown_route_names_some_of_many_routes(tmp_path: Path) -> None:
    routes = [f"GET /n{number}" for number in range(10)]
    contract = tmp_path / "many.yaml"
    document: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "Many", "version": "1"}, "paths": {}}
    for number in range(10):
        operation = {"operationId": f"n{number}", "responses": {"204": {"description": "Done."}}}
        document["paths"][f"/n{number}"] = {"get": operation}
    contract.write_text(json.dumps(document), encoding="utf-8")

    plan = load_planner(tmp_path, "answers: []", contract=contract).plan(Request("GET", "/other"))

    assert plan.hints == (f"No route matches; the stub serves {', '.join(routes[:8])}, 2 more.",)


@pytest.mark.parametrize(
    ("target", "status"), [(KNOWN, 200), (NOBODY, 404), (f"{KNOWN}?idType=x", 400), (f"{KNOWN}?__code=99", 400)]
)
def test_unknown_header_of_the_stub_is_told(planner: Planner, target: str, status: int) -> None:
    plan, plain = (planner.plan(Request("GET", target, headers=each)) for each in ((("x-mock-sesion", "a"),), ()))

    hint = "The stub ignores the request header X-Mock-Sesion; it reads X-Mock-Session."
    told = plain.reply.with_headers((("X-Mock-Hint", hint),))
    assert (plain.reply.status, plain.hints, plan.hints, plan.reply) == (status, (), (hint,), told)


def test_header_that_an_answer_compares_is_known(tmp_path: Path) -> None:
    when = "answers: [{name: a, operation: getCustomer, when: {headers: {X-Mock-A: b}}, reply: {status: 409}}]"
    session = Session()
    session.add([make_answer("made", 409, headers=[Condition("x-mock-b", values=("c",))])])

    plan = ask(load_planner(tmp_path, when), session=session, x_mock_a="", x_mock_b="", x_mock_c="")

    assert plan.hints == ("The stub ignores the request header X-Mock-C; it reads X-Mock-Session.",)


@pytest.mark.parametrize("query", ["__seed=7&idType=abc", "idType=abc&__seed=7&__delay=1", "idType=abc"])
def test_twins_are_no_part_of_the_arguments(planner: Planner, query: str) -> None:
    state = {"idType": ["The value 'abc' is not valid for Int32."]}

    assert read(ask(planner, f"{KNOWN}?{query}")) == {"Message": "The request is invalid.", "ModelState": state}


IGNORED_KEY = (
    "The stub ignores the query parameter __cb; "
    "it reads __code, __example, __dynamic, __seed, __edge, __delay, __fault."
)
IGNORED_STATUS = "The stub ignores the preference status; did you mean code?"
ONE_UNDERSCORE = "The stub ignores the query parameter _code; write __code, with two underscores."
UNREADABLE_CODE = "The stub cannot read the preference code; write code=VALUE."


@pytest.mark.parametrize(
    ("query", "header", "defaults", "status", "applied"),
    [
        ("", None, Preferences(code=503), 503, "code=503"),
        ("", "code=502", Preferences(code=503), 502, "code=502"),
        *(("?__code=501", header, Preferences(code=503), 501, "code=501") for header in (None, "code=502")),
        ("?__code=501", "code=502", NO_PREFERENCES, 501, "code=501"),
        # They combine.
        ("?__code=501", "delay=2", Preferences(fault="dribble"), 501, "code=501, delay=2, fault=dribble"),
        *(
            (f"?__delay={delay}", "delay=2, code=502", Preferences(delay=3), 502, f"code=502, delay={delay}")
            for delay in "01"
        ),
        ("?__dynamic=false", None, Preferences(dynamic=True), 200, "dynamic=false"),
        # An overridden value may be invalid, an overriding one may not.
        ("?__code=501", "code=nonsense", NO_PREFERENCES, 501, "code=501"),
        ("?__code=nonsense", "code=502", NO_PREFERENCES, 400, None),
        ("?__code=501", "delay=nonsense", NO_PREFERENCES, 400, None),
        ("", "code=502, code=nonsense", NO_PREFERENCES, 502, "code=502"),
        ("", "code=nonsense, code=502", NO_PREFERENCES, 400, None),
        ("?__code=501&__CODE=nonsense", None, NO_PREFERENCES, 501, "code=501"),
        ("?__CODE=501&__code=502", None, NO_PREFERENCES, 501, "code=501"),
        # Malformed preferences and those of others are ignored.
        ("", "code=50 2, code=502", NO_PREFERENCES, 502, "code=502"),
        ("", "respond-async, return=minimal", Preferences(code=503), 503, "code=503"),
        *(
            ("?__codes=501", "handling=strict", NO_PREFERENCES, 400, None),
            ("?__cb=501", "handling=strict", NO_PREFERENCES, 200, None),
            ("?code=501", "__code=501", NO_PREFERENCES, 200, None),
        ),
        # A choice of the request replaces that of the session; seed, delay and fault come one by one.
        ("", "edge=emoji", Preferences(code=404, seed="7", delay=1), 200, "seed=7, edge=emoji, delay=1"),
        ("", "dynamic=true", Preferences(edge="gone", delay=2), 200, "dynamic=true, delay=2"),
        ("", "seed=7", Preferences(code=404), 404, "code=404"),
        ("", "delay=1", Preferences(edge="gone"), 400, None),
    ],
)
def test_query_comes_before_the_header_before_the_defaults(
    planner: Planner, query: str, header: str | None, defaults: Preferences, status: int, applied: str | None
) -> None:
    session = Session()
    session.set_defaults(defaults)

    plan = ask(planner, f"{KNOWN}{query}", header, session)

    assert (plan.reply.status, plan.reply.header("Preference-Applied")) == (status, applied)


@pytest.mark.parametrize(
    ("target", "prefer", "hints"),
    [
        (f"{KNOWN}?__cb=1", None, (IGNORED_KEY,)),
        (
            f"{KNOWN}?_CODE=404",
            None,
            (ONE_UNDERSCORE,),
        ),
        (KNOWN, "status=404", (IGNORED_STATUS,)),
        (KNOWN, "code=", (UNREADABLE_CODE,)),
        (f"{KNOWN}?__code=404&__cb=1", "status=404, code=", (IGNORED_KEY, IGNORED_STATUS, UNREADABLE_CODE)),
        ("/Customers/flow?__cb=1", None, (IGNORED_KEY,)),
        (f"{KNOWN}?idType=x&__cb=1", None, (IGNORED_KEY,)),
        # What leads nowhere is answered before preferences.
        (
            "/nowhere?__cb=1",
            "status=404",
            (ROUTES,),
        ),
        # An invalid preference is told by its 400.
        *((f"{KNOWN}?{query}", "status=404", ()) for query in ("__code=99&__cb=1", "__status=404&__cb=1")),
    ],
)
def test_ignored_preferences_are_told(planner: Planner, target: str, prefer: str | None, hints: Hints) -> None:
    plan = ask(planner, target, prefer, Session())

    assert (plan.hints, plan.reply.header("X-Mock-Hint")) == (hints, " ".join(hints) or None)


def test_hint_leaves_the_answer_as_it_is(planner: Planner) -> None:
    plain, plan = ask(planner), ask(planner, f"{KNOWN}?__cb=1", "status=404")

    assert plan.reply == plain.reply.with_headers((("X-Mock-Hint", " ".join(plan.hints)),))


def test_parameter_of_the_contract_gets_no_hint(boxes: Planner) -> None:
    assert [ask(boxes, f"/boxes/7?{query}").hints for query in ("__code=x", "__CODE=x")] == [(), ()]


# What changes nothing

HEADER_NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12).map(str.lower)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
COMPARED = {"accept", "accept-charset", "content-type", "prefer", "x-tenant"}
UNKNOWN = HEADER_NAMES.filter(lambda name: name not in COMPARED and not is_own(name))


@repeatable
@given(st.dictionaries(UNKNOWN, VALUES, max_size=4))
@pytest.mark.parametrize("target", [KNOWN, "/Customers/tenant", "/Customers/1?idType=x", "/Customers/7?__seed=1"])
def test_unknown_headers_change_nothing(planner: Planner, target: str, headers: dict[str, str]) -> None:
    assert planner.plan(Request("GET", target, headers=tuple(headers.items()))) == ask(planner, target)


KNOWN_KEYS = {"", "id", "idtype", "idtypeextref", *(f"__{key}" for key in KEYS)}
QUERY = "abcdefgidtype_[].%+=;:/~-0123456789ABCDEF"
HINTED = ("__", *(f"_{key}" for key in KEYS))


@repeatable
@given(
    st.text(QUERY, min_size=1, max_size=12).filter(
        lambda text: (
            not any(key in KNOWN_KEYS or key.startswith(HINTED) for key in read_query(text, ignore_unclosed=True))
        )
    )
)
@pytest.mark.parametrize("query", ["", "idType=7&", "__seed=7&", "__code=200&", "idType=x&"])
def test_unknown_query_parameters_change_nothing(planner: Planner, query: str, unknown: str) -> None:
    assert ask(planner, f"{STRANGER}?{query}{unknown}") == ask(planner, f"{STRANGER}?{query[:-1]}")


@pytest.mark.parametrize("header", ["respond-async", "", ",", '"code"=404', "odata.track-changes", "wait=10; code=404"])
@pytest.mark.parametrize("target", [KNOWN, "/Customers/crash", "/Customers/1?idType=x", "/nowhere"])
def test_prefer_without_a_known_preference_changes_nothing(planner: Planner, target: str, header: str) -> None:
    assert ask(planner, target, header) == ask(planner, target)


def test_only_headers_that_are_compared_are_read(planner: Planner) -> None:
    assert planner.headers == COMPARED


# Repeatable plans, and sessions


@pytest.mark.parametrize(
    ("target", "header", "is_repeatable"),
    [
        *((KNOWN, header, True) for header in (None, "code=404", "code=99")),
        *((f"{KNOWN}?__edge=emoji", None, True), ("/Customers/answered", "delay=1", False)),
        *(("/Customers/flow", header, False) for header in (None, "seed=7")),
        (KNOWN, "example=flow", False),
        *(("/Customers/flow", header, True) for header in ("code=503", "dynamic=true")),
    ],
)
def test_plan_that_counts_or_waits_is_not_repeatable(
    planner: Planner, target: str, header: str | None, is_repeatable: bool
) -> None:
    plan = ask(planner, target, header)

    assert plan.is_repeatable is is_repeatable


def test_each_session_counts_and_adds_for_itself(planner: Planner) -> None:
    session, other = Session(), Session()
    added, preferring = Session("one"), Session("two")
    added.add([make_answer("made", 409)])
    preferring.set_defaults(Preferences(code=503))

    counted = [
        ask(planner, "/Customers/flow", session=each).reply.status for each in (session, other, session, None, None)
    ]
    seen = [[ask(planner, session=each).reply.status for each in (added, preferring, session, None)] for _ in range(2)]

    assert (counted, seen) == ([503, 503, 429, 503, 503], [[409, 503, 200, 200]] * 2)


@pytest.mark.parametrize(
    "change", [lambda each: each.reset(), lambda each: each.remove("made")], ids=["reset", "remove"]
)
def test_added_answer_is_gone_when_it_is_removed(planner: Planner, change: Callable[[Session], None]) -> None:
    session = Session()
    session.add([make_answer("made", 409)])
    before = ask(planner, session=session)

    change(session)

    assert (before.reply.status, ask(planner, session=session)) == (409, ask(planner))


def test_plan_ignores_session_changes_during_planning(tmp_path: Path) -> None:
    session = Session()
    changes: list[Callable[[], None]] = []

    class Changing(CustomerSchema):
        @pre_load
        def change(self, data: Any, *, partial: bool | None, **_: object) -> Any:  # marshmallow's own
            while changes:
                changes.pop()()
            return data

    planner = load_planner(tmp_path, schemas={"Customer": Changing})
    statuses = []
    for change, target in (
        (lambda: session.add([make_answer("made", 409)]), "/Customers/1"),
        (session.reset, "/Customers/2?__edge=emoji"),
        (lambda: session.set_defaults(Preferences(code=503)), "/Customers/3"),
    ):
        changes.append(change)
        statuses.append([ask(planner, target, session=session).reply.status for _ in range(2)])

    assert (statuses, changes) == ([[200, 409], [200, 200], [200, 503]], [])
    assert [ask(planner, f"/Customers/{number}").reply.status for number in (1, 2, 3)] == [200] * 3


def test_threads_get_the_plans_that_one_thread_gets() -> None:
    targets = [f"/Customers/{number % 150}?idType={number % 3}" for number in range(600)]
    alone, shared = load_stub().planner, load_stub().planner

    with ThreadPoolExecutor(8) as pool:
        plans = list(pool.map(lambda target: ask(shared, target), targets))

    assert plans == [ask(alone, target) for target in targets]


# What there is


@pytest.mark.parametrize(("path", "expected"), [("/API/Customers/1", True), ("/customers/1/", True), ("/API", False)])
def test_route_is_there_whatever_its_methods(planner: Planner, path: str, expected: bool) -> None:
    assert planner.has_route(path) is expected


EXAMPLES = ("found", "sparse", "idTypeNotInteger", "idTypeBlank", "methodNotAllowed", "serverError", "missing")
WITH_TEXTS = ("non-latin", "right-to-left", "emoji", "control-characters", "html")
OF_BOXES = ("empty-strings", "max-lengths", "min-numbers", "max-numbers", *WITH_TEXTS)


def test_names_of_all_operations_are_listed(planner: Planner, boxes: Planner) -> None:
    names = [[each.list_names(key, NO_OVERLAY) for key in ("edge", "example")] for each in (planner, boxes)]

    assert names == [[tuple(EDGES), (*EXAMPLES, *NAMES)], [OF_BOXES, ("gone", "never")]]
    assert planner.list_edges(CUSTOMER) == tuple(EDGES)
