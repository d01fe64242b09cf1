"""Preferences on the journey of a request: their order, what comes before what, and which plans are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import pre_load

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.generation.edges import EDGES
from mockserver.http.effects import Effect
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.http.preferences import KEYS, NO_PREFERENCES, Preferences
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema
from mockserver.state.sessions import Session
from mockserver.vendors.aspnet.binding import read_query
from tests.support.files import Write
from tests.support.stubs import load_stub

repeatable = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

RECORDS = """\
schema: Customer
records:
  - PersonalId: known
answers:
  - name: teapot
    operation: getCustomer
    when: {id: answered}
    reply: {status: 418, delay: 5, fault: reset}
  - name: varied
    operation: getCustomer
    when: {id: varied}
    reply: {status: 409, headers: {Vary: [Origin, "Accept , accept-language"]}}
  - name: starred
    operation: getCustomer
    when: {id: starred}
    reply: {status: 409, headers: {vary: "*"}}
  - name: said
    operation: getCustomer
    when: {id: said}
    reply: {status: 409, headers: {VARY: "prefer, Origin"}}
  - name: flow
    operation: getCustomer
    when: {id: flow}
    reply: {sequence: [{status: 503}, {status: 429}, {status: 404}]}
  - name: tenant
    operation: getCustomer
    when: {id: tenant, headers: {X-Tenant: acme}}
    reply: {status: 409}
"""


@pytest.fixture
def planner(write: Write) -> Planner:
    return load_stub(fixtures=write("all.yaml", RECORDS)).planner


@pytest.fixture
def checked(write: Write) -> Planner:
    return load_stub(fixtures=write("all.yaml", RECORDS), model_state="checked").planner


def plan(planner: Planner, target: str, prefer: str | None = None, session: Session | None = None) -> Plan:
    headers: Headers = () if prefer is None else (("prefer", prefer),)
    return planner.plan(Request("GET", target, headers=headers), None if session is None else session.visit())


def summarize(found: Plan) -> tuple[int, str, str | None, str | None]:
    reply = found.reply
    return reply.status, str(found.source), reply.header("Preference-Applied"), reply.header("Vary")


def message(found: Plan) -> object:
    return json.loads(found.reply.body)["Message"]


def having(defaults: Preferences = NO_PREFERENCES, *answers: Answer, name: str = "") -> Session:
    session = Session(name)
    session.set_defaults(defaults)
    session.add(answers)
    return session


# The order


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/nowhere?__code=99", (404, "framework", None, None)),
        ("GET", "/nowhere?__code=503", (404, "framework", None, None)),
        ("GET", "/Customers/known?a[=1&__code=503", (500, "framework", None, None)),
        ("GET", "/Customers/known?__code=99&a[", (500, "framework", None, None)),
        ("POST", "/Customers/known?a[&__code=503", (500, "framework", None, None)),
        ("POST", "/Customers/known?__code=503", (405, "framework", None, None)),
        ("POST", "/Customers/known?__code=99", (405, "framework", None, None)),
        ("GET", "/Customers/known?__code=99", (400, "preferences", None, "Prefer")),
        ("GET", "/Customers/known?__code=99&idType=abc", (400, "preferences", None, "Prefer")),
        ("GET", "/Customers/known?__edge=nope&idType=", (400, "preferences", None, "Prefer")),
        ("GET", "/Customers/known?__code=503&idType=abc", (503, "code 503", "code=503", "Prefer")),
        ("GET", "/Customers/known?__code=503&idType=", (503, "code 503", "code=503", "Prefer")),
        ("GET", "/Customers/known?__edge=emoji&idType=abc", (200, "edge emoji", "edge=emoji", "Prefer")),
        ("GET", "/Customers/known?__example=found&idType=", (200, "example found", "example=found", "Prefer")),
        ("GET", "/Customers/known?__dynamic=true&idType=abc", (400, "framework", None, "Prefer")),
        ("GET", "/Customers/known?__seed=7&idType=abc", (400, "framework", None, "Prefer")),
        ("GET", "/Customers/known?__delay=1&idType=", (400, "framework", "delay=1", "Prefer")),
        ("GET", "/Customers/answered?__dynamic=false", (418, "answer teapot files/all.yaml:5", None, "Prefer")),
        ("GET", "/Customers/known?__seed=7", (200, "record files/all.yaml:3", "seed=7", "Prefer")),
        ("GET", "/Customers/known", (200, "record files/all.yaml:3", None, None)),
    ],
)
def test_first_step_with_something_to_say_answers_with_preferences_too(
    checked: Planner, method: str, target: str, expected: tuple[int, str, str | None, str | None]
) -> None:
    assert summarize(checked.plan(Request(method, target))) == expected


def test_twins_stay_in_the_uri_that_is_quoted(planner: Planner) -> None:
    found = plan(planner, "/nowhere?__code=500&a=b&__seed=%207")

    uri = "http://localhost/nowhere?__code=500&a=b&__seed= 7"
    assert message(found) == f"No HTTP resource was found that matches the request URI '{uri}'."


@pytest.mark.parametrize("query", ["__seed=7&idType=abc", "idType=abc&__seed=7&__delay=1"])
def test_twins_are_no_part_of_what_is_bound(planner: Planner, query: str) -> None:
    body = json.loads(plan(planner, f"/Customers/known?{query}").reply.body)

    assert body == {
        "Message": "The request is invalid.",
        "ModelState": {"idType": ["The value 'abc' is not valid for Int32."]},
    }


# What comes before what


@pytest.mark.parametrize(
    ("query", "header", "defaults", "status", "applied"),
    [
        ("", None, Preferences(code=503), 503, "code=503"),
        ("", "code=502", Preferences(code=503), 502, "code=502"),
        ("?__code=501", "code=502", Preferences(code=503), 501, "code=501"),
        ("?__code=501", None, Preferences(code=503), 501, "code=501"),
        ("?__code=501", "code=502", NO_PREFERENCES, 501, "code=501"),
        # They combine.
        ("?__code=501", "delay=2", Preferences(fault="dribble"), 501, "code=501, delay=2, fault=dribble"),
        ("?__delay=1", "delay=2, code=502", Preferences(delay=3), 502, "code=502, delay=1"),
        ("?__delay=0", "code=502", Preferences(delay=3), 502, "code=502, delay=0"),
        ("?__dynamic=false", None, Preferences(dynamic=True), 200, "dynamic=false"),
        # What is overruled need not make sense, and what overrules has to.
        ("?__code=501", "code=nonsense", NO_PREFERENCES, 501, "code=501"),
        ("?__code=nonsense", "code=502", NO_PREFERENCES, 400, None),
        ("?__code=501", "delay=nonsense", NO_PREFERENCES, 400, None),
        ("", "code=502, code=nonsense", NO_PREFERENCES, 502, "code=502"),
        ("", "code=nonsense, code=502", NO_PREFERENCES, 400, None),
        ("?__code=501&__CODE=nonsense", None, NO_PREFERENCES, 501, "code=501"),
        ("?__CODE=501&__code=502", None, NO_PREFERENCES, 501, "code=501"),
        # What is malformed is not there, and what is another's says nothing.
        ("", "code=50 2, code=502", NO_PREFERENCES, 502, "code=502"),
        ("", "respond-async, return=minimal", Preferences(code=503), 503, "code=503"),
        ("?__codes=501", "handling=strict", NO_PREFERENCES, 200, None),
        ("?code=501", "__code=501", NO_PREFERENCES, 200, None),
    ],
)
def test_query_comes_before_the_header_before_the_defaults(
    planner: Planner, query: str, header: str | None, defaults: Preferences, status: int, applied: str | None
) -> None:
    found = plan(planner, f"/Customers/known{query}", header, having(defaults))

    assert (found.reply.status, found.reply.header("Preference-Applied")) == (status, applied)


MADE = Answer("made", "getCustomer", (), AnswerReply(409), "run-time")


@pytest.mark.parametrize(
    ("header", "defaults", "status", "source", "applied"),
    [
        # The request's own choice replaces the session's.
        ("edge=emoji", Preferences(code=404), 200, "edge emoji", "edge=emoji"),
        ("edge=emoji", Preferences(example="found"), 200, "edge emoji", "edge=emoji"),
        ("code=404", Preferences(edge="emoji"), 404, "code 404", "code=404"),
        ("code=404", Preferences(example="found"), 404, "code 404", "code=404"),
        ("code=404", Preferences(example="gone"), 404, "code 404", "code=404"),
        ("example=found", Preferences(edge="emoji"), 200, "example found", "example=found"),
        ("example=found", Preferences(code=404), 200, "example found", "example=found"),
        ("example=made", Preferences(code=404, delay=2), 409, "answer made run-time", "example=made, delay=2"),
        ("dynamic=true", Preferences(edge="gone"), 200, "generated", "dynamic=true"),
        ("dynamic=true", Preferences(edge="emoji"), 200, "generated", "dynamic=true"),
        ("dynamic=true", Preferences(code=404, delay=2), 200, "generated", "dynamic=true, delay=2"),
        ("code=200", Preferences(edge="emoji"), 200, "record files/all.yaml:3", "code=200"),
        ("example=idTypeBlank", Preferences(code=400), 400, "example idTypeBlank", "example=idTypeBlank"),
        ("code=200", Preferences(dynamic=True), 200, "record files/all.yaml:3", "code=200"),
        ("dynamic=false", Preferences(code=404), 409, "answer made run-time", None),
        # Seed, delay and fault come from the session one by one.
        ("edge=emoji", Preferences(seed="7", delay=1), 200, "edge emoji", "seed=7, edge=emoji, delay=1"),
        # The default's, where the request chooses nothing.
        ("seed=7", Preferences(code=404), 404, "code 404", "code=404"),
    ],
)
def test_choice_of_a_request_replaces_that_of_its_session(
    planner: Planner, header: str, defaults: Preferences, status: int, source: str, applied: str | None
) -> None:
    found = plan(planner, "/Customers/known", header, having(defaults, MADE))

    assert summarize(found) == (status, source, applied, "Prefer")


@pytest.mark.parametrize(
    ("header", "defaults", "text"),
    [
        (None, Preferences(example="gone"), "example is 'gone', which is not there."),
        ("delay=1", Preferences(edge="gone"), "edge is 'gone', which is not there."),
        ("example=nope", Preferences(code=404), "example is 'nope', which is not there."),
        ("edge=nope", Preferences(example="found"), "edge is 'nope', which is not there."),
        (None, Preferences(edge="emoji", code=404), "edge is a record, which comes with 200, and code is 404."),
    ],
)
def test_choice_that_is_not_there_is_refused_whosever_it_is(
    planner: Planner, header: str | None, defaults: Preferences, text: str
) -> None:
    found = plan(planner, "/Customers/known", header, having(defaults))

    assert summarize(found) == (400, "preferences", None, "Prefer")
    assert str(message(found)).startswith(text)


# What is said of it


@pytest.mark.parametrize(
    ("target", "vary"),
    [
        ("/Customers/known", "Prefer"),
        ("/Customers/varied", "Origin, Accept, accept-language, Prefer"),
        ("/Customers/starred", "*"),
        ("/Customers/said", "prefer, Origin"),
    ],
)
def test_vary_joins_that_of_the_answer(planner: Planner, target: str, vary: str) -> None:
    found = plan(planner, target, "delay=0")

    assert [value for name, value in found.reply.headers if name.lower() == "vary"] == [vary]


@pytest.mark.parametrize("header", ["respond-async", "", ",", "code 404", 'code="404', "wait=10; code=404"])
@pytest.mark.parametrize("target", ["/Customers/known", "/Customers/varied", "/Customers/1?idType=x", "/nowhere"])
def test_header_without_a_preference_of_ours_changes_nothing(planner: Planner, target: str, header: str) -> None:
    assert plan(planner, target, header) == plan(planner, target)


@pytest.mark.parametrize(
    ("header", "target", "effect"),
    [
        ("delay=1.5, fault=dribble", "/Customers/known", Effect(1.5, "dribble")),
        ("delay=0", "/Customers/known", Effect(0.0)),
        ("fault=empty", "/Customers/known?idType=abc", Effect(None, "empty")),
        ("code=503, delay=1", "/Customers/known", Effect(1.0)),
        (None, "/Customers/answered", Effect(5.0, "reset")),
        ("delay=1", "/Customers/answered", Effect(1.0, "reset")),
        ("fault=dribble", "/Customers/answered", Effect(5.0, "dribble")),
        ("delay=0, fault=empty", "/Customers/answered", Effect(0.0, "empty")),
        ("code=503", "/Customers/answered", Effect()),
        # What is refused comes at once.
        ("delay=1, code=99", "/Customers/known", Effect()),
    ],
)
def test_effects_asked_for_come_before_those_of_an_answer(
    planner: Planner, header: str | None, target: str, effect: Effect
) -> None:
    assert plan(planner, target, header).effect == effect


# What changes nothing

NAMES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=12).map(str.lower)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)


@repeatable
@given(
    st.dictionaries(
        NAMES.filter(lambda name: name not in (*("accept", "accept-charset", "content-type", "prefer"), "x-tenant")),
        VALUES,
        max_size=4,
    )
)
@pytest.mark.parametrize(
    "target", ["/Customers/known", "/Customers/tenant", "/Customers/1?idType=x", "/Customers/7?__seed=1"]
)
def test_unknown_headers_change_nothing(planner: Planner, target: str, headers: dict[str, str]) -> None:
    assert planner.plan(Request("GET", target, headers=tuple(headers.items()))) == plan(planner, target)


KNOWN = {"", "id", "idtype", "idtypeextref", *(f"__{key}" for key in KEYS)}
QUERY = "abcdefgidtype_[].%+=;:/~-0123456789ABCDEF"


def is_unknown(query: str) -> bool:
    return not KNOWN & set(read_query(query, ignore_unclosed=True))


@repeatable
@given(st.text(QUERY, min_size=1, max_size=12).filter(is_unknown))
@pytest.mark.parametrize("query", ["", "idType=7&", "__seed=7&", "__code=200&", "idType=x&"])
def test_unknown_query_names_change_nothing(planner: Planner, query: str, unknown: str) -> None:
    assert plan(planner, f"/Customers/stranger?{query}{unknown}") == plan(planner, f"/Customers/stranger?{query[:-1]}")


# Kept plans


@pytest.mark.parametrize(
    ("target", "header", "is_kept"),
    [
        ("/Customers/known", None, True),
        ("/Customers/known", "code=404", True),
        ("/Customers/known?__edge=emoji", None, True),
        ("/Customers/known", "code=99", True),
        ("/Customers/answered", "delay=1", True),
        ("/Customers/flow", None, False),
        ("/Customers/flow", "seed=7", False),
        ("/Customers/known", "example=flow", False),
        ("/Customers/flow", "code=503", True),
        ("/Customers/flow", "dynamic=true", True),
    ],
)
def test_plan_that_counts_calls_is_never_kept(planner: Planner, target: str, header: str | None, is_kept: bool) -> None:
    session = Session()

    first, second = (plan(planner, target, header, session) for _ in range(2))

    assert (first is second) is is_kept


@pytest.mark.parametrize("code", [404, 503, 200])
def test_refused_choice_is_no_call_of_any_answer(planner: Planner, code: int) -> None:
    session = Session()

    refused = plan(planner, f"/Customers/x?__example=flow&__code={code}", session=session)
    statuses = [plan(planner, "/Customers/flow", session=session).reply.status for _ in range(3)]

    text = f"example is 'flow', which is answered 404 or 429 or 503, and code is {code}. Leave one out."
    assert (refused.reply.status, message(refused)) == (400, text)
    assert statuses == [503, 429, 404]


def test_example_of_parameters_goes_with_the_status_that_it_has(planner: Planner) -> None:
    session = Session()
    session.add([replace(MADE, when=(Condition("id", ("not-found",)),), times=1)])

    counted = plan(planner, "/Customers/x?__example=missing&__code=409", session=session)
    refused = plan(planner, "/Customers/x?__example=missing&__code=404")
    given = plan(planner, "/Customers/x?__example=missing&__code=200")

    text = "example is 'missing', which is answered {}. Leave one out."
    assert message(counted) == text.format("in several ways, and code is 409")
    assert message(refused) == text.format("200, and code is 404")
    assert (given.reply.status, given.reply.header("Preference-Applied")) == (200, "code=200, example=missing")
    assert session.count_of("made") == (0, 0)


@pytest.mark.parametrize(
    "undo", [lambda session: session.set_defaults(NO_PREFERENCES), lambda session: session.remove("made")]
)
def test_plans_are_kept_again_once_nothing_is_laid_over(planner: Planner, undo: Callable[[Session], None]) -> None:
    session = Session()
    before = plan(planner, "/Customers/known")
    session.add([MADE])
    session.remove("made")
    session.set_defaults(Preferences(delay=1))
    session.set_defaults(NO_PREFERENCES)
    undo(session)

    assert plan(planner, "/Customers/known", session=session) is before


def test_counted_answer_is_given_call_by_call(planner: Planner) -> None:
    session, other = Session(), Session()

    statuses = [plan(planner, "/Customers/flow", session=each).reply.status for each in (session, other, session)]

    assert statuses == [503, 503, 429]
    assert [plan(planner, "/Customers/flow").reply.status for _ in range(3)] == [503, 503, 503]


def test_what_one_session_lays_over_is_seen_by_no_other(planner: Planner) -> None:
    one, two, plain = having(NO_PREFERENCES, MADE, name="one"), having(Preferences(code=503), name="two"), Session()
    for _ in range(2):
        statuses = [plan(planner, "/Customers/known", session=each).reply.status for each in (one, two, plain, None)]

        assert statuses == [409, 503, 200, 200]


@pytest.mark.parametrize(
    "change", [lambda each: each.reset(), lambda each: each.remove("made")], ids=["reset", "remove"]
)
def test_what_was_laid_over_is_gone_when_it_is_taken_away(planner: Planner, change: Callable[[Session], None]) -> None:
    session = having(NO_PREFERENCES, MADE)
    before = plan(planner, "/Customers/known", session=session)

    change(session)

    assert (before.reply.status, plan(planner, "/Customers/known", session=session).reply.status) == (409, 200)
    assert plan(planner, "/Customers/known", session=session) == plan(planner, "/Customers/known")


def test_plan_that_is_being_made_while_the_session_changes_is_of_the_time_before(write: Write) -> None:
    session = Session()
    changes: list[Callable[[], None]] = []

    class Changing(CustomerSchema):
        @pre_load
        def change(self, data: Any, *, partial: bool | None, **_: object) -> Any:  # marshmallow's own
            while changes:
                changes.pop()()
            return data

    planner = load_stub(fixtures=write("all.yaml", RECORDS), schemas={"Customer": Changing}).planner
    statuses = []
    for change, target in (
        (lambda: session.add([MADE]), "/Customers/1"),
        (session.reset, "/Customers/2?__edge=emoji"),
        (lambda: session.set_defaults(Preferences(code=503)), "/Customers/3"),
    ):
        changes.append(change)
        statuses.append([plan(planner, target, session=session).reply.status for _ in range(2)])

    assert (statuses, changes) == ([[200, 409], [200, 200], [200, 503]], [])
    assert [plan(planner, f"/Customers/{number}").reply.status for number in (1, 2, 3)] == [200, 200, 200]


def test_answer_that_compares_a_header_is_given_where_it_is_sent(planner: Planner) -> None:
    acme, other = (
        planner.plan(Request("GET", "/Customers/tenant", headers=(("x-tenant", tenant),))) for tenant in ("acme", "x")
    )

    assert (acme.reply.status, other.reply.status) == (409, 200)
    assert planner.headers == {*("accept", "accept-charset", "content-type", "prefer"), "x-tenant"}


@pytest.mark.parametrize("header", [None, "example=json"])
def test_answer_with_a_body_is_406_where_no_format_suits(write: Write, header: str | None) -> None:
    answers = "answers: [{name: json, operation: getCustomer, reply: {status: 409, body: {a: 1}}}]"
    planner = load_stub(fixtures=write("all.yaml", answers), refuse_unacceptable=True).planner
    prefer: Headers = () if header is None else (("prefer", header),)

    found = planner.plan(Request("GET", "/Customers/1", headers=(("accept", "image/png"), *prefer)))

    assert (found.reply.status, found.reply.header("Preference-Applied"), found.reply.body) == (406, None, b"")


@pytest.mark.parametrize(
    ("path", "expected"), [("/API/Customers/1", True), ("/customers/1/", True), ("/", False), ("/API", False)]
)
def test_route_is_there_whatever_its_methods(planner: Planner, path: str, expected: bool) -> None:
    assert planner.has_route(path) is expected


def test_edge_cases_are_listed_by_operation(write: Write) -> None:
    stub = load_stub(fixtures=write("all.yaml", RECORDS))

    assert stub.planner.list_edges(stub.contract.operations[0]) == tuple(EDGES)
