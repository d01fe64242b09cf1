"""What an operation answers: answers, decorations that add to them, and the effects of both."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.http.effects import Effect
from mockserver.http.headers import Headers
from mockserver.planning.planner import Planner
from mockserver.state.sessions import Session
from tests.support.plans import HOST, JSON, KNOWN, NOBODY, VARY, ask, load_planner, read, summarize

DECORATED = """\
schema: Customer
records:
  - PersonalId: recorded
answers:
  - name: everywhere
    operation: getCustomer
    reply: {headers: {X-Env: stub, Retry-After: 5}, delay: 3, fault: empty}
  - name: precise
    operation: getCustomer
    when: {id: [recorded, late, stranger]}
    reply: {headers: {X-Env: precise, Set-Cookie: [a=1, b=2]}, delay: 2}
  - name: late
    operation: getCustomer
    when: {id: late}
    reply: {status: 503, headers: {Retry-After: 30}, fault: reset}
  - name: rest
    operation: getCustomer
    when: {id: {matches: "x.*"}}
    reply: {status: 204}
  - {name: after, operation: getCustomer, when: {id: {matches: ".*"}}, reply: {headers: {Retry-After: 9, X-After: b}}}
"""
EVERYWHERE, PRECISE = "answer everywhere files/all.yaml:5", "answer precise files/all.yaml:8"
LATE, REST, AFTER = "answer late files/all.yaml:12", "answer rest files/all.yaml:16", "answer after files/all.yaml:20"
OUTER = (("Retry-After", "9"), ("X-After", "b"))
COOKIES = (("X-Env", "precise"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))


@pytest.fixture(scope="module")
def decorated(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return load_planner(tmp_path_factory.mktemp("decorated"), DECORATED)


@pytest.mark.parametrize(
    ("target", "status", "sources", "headers", "effect"),
    [
        *(
            (f"/Customers/{name}", 200, (own, PRECISE, AFTER, EVERYWHERE), (JSON, *OUTER, *COOKIES), Effect(2, "empty"))
            for name, own in (("recorded", "record files/all.yaml:3"), ("stranger", "generated"))
        ),
        (
            "/Customers/other",
            200,
            ("generated", AFTER, EVERYWHERE),
            (JSON, ("X-Env", "stub"), *OUTER),
            Effect(3, "empty"),
        ),
        (
            *("/Customers/late", 503, (LATE, PRECISE, AFTER, EVERYWHERE)),
            (("X-After", "b"), *COOKIES, ("Retry-After", "30")),
            Effect(2, "reset"),
        ),
        ("/Customers/xyz", 204, (REST, AFTER, EVERYWHERE), (("X-Env", "stub"), *OUTER), Effect(3, "empty")),
        ("/Customers/recorded?idType=x", 400, ("framework",), (JSON,), Effect()),
    ],
)
def test_decorations_add_to_any_other_answer(
    decorated: Planner, target: str, status: int, sources: tuple[str, ...], headers: Headers, effect: Effect
) -> None:
    plan = ask(decorated, target)

    source = " + ".join(sources)
    assert (plan.reply.status, str(plan.source), plan.effect) == (status, source, effect)
    assert plan.reply.headers == (*HOST, *headers, VARY, ("X-Mock-Source", source))


def test_decoration_leaves_the_body_alone(decorated: Planner, tmp_path: Path) -> None:
    plain = load_planner(tmp_path, DECORATED.partition("answers:")[0])

    bodies = [ask(each, "/Customers/recorded").reply.body for each in (plain, decorated)]

    assert bodies[0] == bodies[1]


@pytest.mark.parametrize(
    ("header", "target", "effect"),
    [
        *(("delay=1.5, fault=dribble", KNOWN, Effect(1.5, "dribble")), ("delay=0", KNOWN, Effect(0.0))),
        ("fault=empty", f"{KNOWN}?idType=abc", Effect(None, "empty")),
        *(("code=503, delay=1", KNOWN, Effect(1.0)), (None, "/Customers/answered", Effect(5.0, "reset"))),
        ("delay=1", "/Customers/answered", Effect(1.0, "reset")),
        ("fault=dribble", "/Customers/answered", Effect(5.0, "dribble")),
        ("delay=0, fault=empty", "/Customers/answered", Effect(0.0, "empty")),
        ("code=503", "/Customers/answered", Effect()),
        # A refused preference is told at once.
        ("delay=1, code=99", KNOWN, Effect()),
    ],
)
def test_effects_of_request_override_those_of_answer(
    planner: Planner, header: str | None, target: str, effect: Effect
) -> None:
    assert ask(planner, target, header).effect == effect


def test_answer_is_filled_in_by_the_request(planner: Planner) -> None:
    assert ask(planner, "/Customers/hello").reply.body == b"hello hello"


def test_answer_with_header_condition_needs_matching_header(planner: Planner) -> None:
    statuses = [ask(planner, "/Customers/tenant", x_tenant=tenant).reply.status for tenant in ("acme", "x")]

    assert statuses == [409, 200]


CRASHES = """\
answers:
  - {name: gone, operation: getCustomer, when: {id: gone}, reply: {status: 404}}
  - {name: plain, operation: getCustomer, when: {id: plain}, reply: {status: 500}}
  - name: told
    operation: getCustomer
    when: {id: told}
    reply: {status: 500, exception: {type: A.B, message: m, stack-trace: s, inner: {type: C, message: d}}}
"""
ERROR = {"Message": "An error has occurred."}
TRACE = {"StackTrace": "   at System.Web.Http.Controllers.ReflectedHttpActionDescriptor.ExecuteAsync"}


def test_status_without_body_gets_the_vendors_body(tmp_path: Path) -> None:
    lax = load_planner(tmp_path, CRASHES)
    strict = load_planner(tmp_path, CRASHES, error_detail=True, missing="message")

    bodies = [[read(ask(each, f"/Customers/{name}")) for name in ("plain", "told")] for each in (lax, strict)]

    inner = ERROR | {"ExceptionType": "C", "ExceptionMessage": "d"} | TRACE
    told = {"ExceptionType": "A.B", "ExceptionMessage": "m", "StackTrace": "s", "InnerException": inner}
    assert bodies[0] == [ERROR, ERROR]
    assert bodies[1] == [
        ERROR | {"ExceptionType": "System.Exception", "ExceptionMessage": "plain"} | TRACE,
        ERROR | told,
    ]
    assert ask(lax, "/Customers/gone").reply.body == b""
    assert read(ask(strict, "/Customers/gone")) == {"Message": "Customer 'gone' was not found."}


@pytest.mark.parametrize(
    ("missing", "status", "body"),
    [
        ("empty", 404, b""),
        ("message", 404, '{{"Message":"Customer \'{}\' was not found."}}'),
        ("null", 200, b"null"),
    ],
)
def test_missing_record_is_answered_as_the_host_does(
    tmp_path: Path, missing: str, status: int, body: str | bytes
) -> None:
    plan = ask(load_planner(tmp_path, missing=missing), NOBODY, "dynamic=true")

    expected = body if isinstance(body, bytes) else body.format("ü" + "x" * 30).encode()
    assert (summarize(plan), plan.reply.body) == ((status, "no record", "dynamic=true"), expected)


def test_seed_decides_what_is_drawn(tmp_path: Path) -> None:
    text = "answers: [{name: a, operation: getCustomer, reply: {status: 503, delay: {uniform: [0, 60]}}}]"
    planner = load_planner(tmp_path, text)

    plans = [ask(planner, KNOWN, f"seed={seed}", Session()) for seed in (1, 1, 2)]

    assert [summarize(plan) for plan in plans] == [(503, "answer a", f"seed={seed}") for seed in (1, 1, 2)]
    assert plans[0].effect == plans[1].effect != plans[2].effect
