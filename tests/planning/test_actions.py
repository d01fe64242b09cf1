"""What an operation answers: answers, decorations that add to them, and the effects of both."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.effects import Effect
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.planning.planner import Planner
from mockserver.state.sessions import Session
from tests.support.answers import make_answer
from tests.support.plans import (
    BOXES,
    HOST,
    JSON,
    KNOWN,
    NOBODY,
    RECORDS,
    STRANGER,
    VARY,
    ask,
    load_boxes,
    load_planner,
    read,
    summarize,
)

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


OWN_RECORDS = """\
answers:
  - name: changed
    operation: getCustomer
    when: {id: [known, stranger, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]}
    reply: {record: {FirstName: Zed, Notes: "no {id}"}, headers: {X-A: b}}
  - name: flow
    operation: getCustomer
    when: {id: flow}
    reply: {sequence: [{record: {Sex: 1}}, {status: 404}, {record: {PersonalId: other, Sex: 2}}]}
  - {name: odd, operation: getCustomer, when: {id: odd}, unchecked: true, reply: {record: {Sex: 64}}}
"""


@pytest.fixture(scope="module")
def own_records(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return load_planner(tmp_path_factory.mktemp("own-records"), f"{RECORDS.partition('answers:')[0]}{OWN_RECORDS}")


@pytest.mark.parametrize("target", [KNOWN, STRANGER, f"{STRANGER}?idType=7&idTypeExtRef=X"])
def test_record_of_an_answer_is_a_generated_one_with_its_members(own_records: Planner, target: str) -> None:
    plan, generated = ask(own_records, target), ask(own_records, target, "dynamic=true")

    assert summarize(plan) == (200, "answer changed", None)
    assert (plan.reply.header("X-A"), plan.reply.header("Content-Type")) == ("b", JSON[1])
    body, plain = read(plan), read(generated)
    notes = f"no {target.removeprefix('/Customers/').partition('?')[0]}"
    assert (body["FirstName"], body["Notes"], list(body)) == ("Zed", notes, list(plain))
    others = {name for name in plain if body[name] != plain[name]}
    assert {"FirstName", "Notes"} <= others <= {"FirstName", "Notes", "Email"}


def test_record_of_an_answer_follows_the_seed(own_records: Planner) -> None:
    plans = [ask(own_records, STRANGER, f"seed={seed}") for seed in (1, 1, 2)]

    assert [summarize(plan) for plan in plans] == [(200, "answer changed", f"seed={seed}") for seed in (1, 1, 2)]
    assert plans[0].reply.body == plans[1].reply.body != plans[2].reply.body


def test_record_of_an_answer_drops_an_impossible_argument(own_records: Planner) -> None:
    body = read(ask(own_records, "/Customers/" + "x" * 31))

    assert (body["FirstName"], len(body["PersonalId"]) <= 30) == ("Zed", True)


def test_records_come_in_sequence(own_records: Planner) -> None:
    session = Session()

    plans = [ask(own_records, "/Customers/flow", session=session) for _ in range(3)]

    assert [plan.reply.status for plan in plans] == [200, 404, 200]
    assert [(read(plans[at])["PersonalId"], read(plans[at])["Sex"]) for at in (0, 2)] == [("flow", 1), ("other", 2)]


def test_unchecked_record_is_marked(own_records: Planner) -> None:
    plan = ask(own_records, "/Customers/odd")

    assert (read(plan)["Sex"], plan.reply.header("X-Mock-Breach")) == (64, "Sex")


def test_answer_with_a_record_is_given_by_its_name(own_records: Planner) -> None:
    plan = ask(own_records, KNOWN, "example=changed, code=200")

    assert summarize(plan) == (200, "answer changed", "code=200, example=changed")
    assert (read(plan)["FirstName"], read(plan)["PersonalId"]) == ("Zed", "known")


def test_record_has_the_status_of_the_operation(tmp_path: Path) -> None:
    text = "answers: [{name: a, operation: getBox, when: {number: 7}, reply: {record: {Label: L}}}]"
    planner = load_boxes(tmp_path, text, BOXES.replace('"200":', '"207":'))

    plan = ask(planner, "/boxes/7")

    assert (plan.reply.status, read(plan)) == (201, {"Number": 7, "Label": "L"})


def test_record_that_a_new_contract_lacks_is_a_breach(boxes: Planner) -> None:
    session = Session()
    reply = AnswerReply(404, record={"Number": 7})
    session.add([replace(make_answer("old", operation="getBox"), reply=reply)])
    session.add([replace(make_answer("gone", operation="dropBox"), reply=replace(reply, status=409))])

    plans = [ask(boxes, "/boxes/7", session=session), boxes.plan(Request("DELETE", "/boxes/7"), session.visit())]

    assert [plan.reply.status for plan in plans] == [500, 409]
    assert plans[0].alarm == (
        "getBox 404: type is missing, the contract requires it (answer old run-time); "
        "title is missing, the contract requires it (answer old run-time); "
        "code is missing, the contract requires it (answer old run-time); "
        "Number is 7, the contract has no such member (answer old run-time)"
    )


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


@pytest.mark.parametrize(
    ("source", "preference", "reason"),
    [
        ("fixtures", "", "--source is fixtures"),
        ("auto", "dynamic=false", "dynamic is false"),
        ("fixtures", "dynamic=false", "dynamic is false"),
    ],
)
def test_missing_record_is_told(tmp_path: Path, source: str, preference: str, reason: str) -> None:
    plan = ask(load_planner(tmp_path, source=source), STRANGER, preference)

    assert plan.hints == (f"No record fits the request, and none is generated: {reason}.",)


def test_impossible_id_has_no_hint(tmp_path: Path) -> None:
    assert ask(load_planner(tmp_path), NOBODY).hints == ()


def test_seed_decides_what_is_drawn(tmp_path: Path) -> None:
    text = "answers: [{name: a, operation: getCustomer, reply: {status: 503, delay: {uniform: [0, 60]}}}]"
    planner = load_planner(tmp_path, text)

    plans = [ask(planner, KNOWN, f"seed={seed}", Session()) for seed in (1, 1, 2)]

    assert [summarize(plan) for plan in plans] == [(503, "answer a", f"seed={seed}") for seed in (1, 1, 2)]
    assert plans[0].effect == plans[1].effect != plans[2].effect
