"""Near misses: answers and records that a request nearly gets, their order, and what is told of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from marshmallow import validate

from mockserver.checks.fields import Text
from mockserver.documents.nodes import Json
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.records import Record
from mockserver.http.messages import Request
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema
from mockserver.state.sessions import Session
from tests.support.answers import make_answer
from tests.support.calls import count_calls
from tests.support.plans import ask, load_boxes, load_planner

FIXTURES = """\
schema: Customer
records:
  - {PersonalId: "0123"}
  - {PersonalId: known, PersonalIdTypeId: 1}
  - {PersonalId: known, PersonalIdTypeId: 2, PersonalIdTypeExtRef: CARD}
answers:
  - {name: locked, operation: getCustomer, when: {id: a, headers: {X-Tenant: acme}}, reply: {status: 423}}
  - {name: token, operation: getCustomer, when: {id: b, headers: {Authorization: s3cret}}, reply: {status: 401}}
  - {name: two, operation: getCustomer, when: {id: c, idType: [1,2], headers: {A: {matches: a+}}}, reply: {status: 409}}
  - {name: blank, operation: getCustomer, when: {id: d, headers: {X-A: null}}, reply: {status: 409}}
  - {name: pattern, operation: getCustomer, when: {id: {matches: p.*}, idType: 3}, reply: {status: 409}}
  - {name: other, operation: getCustomer, when: {idTypeExtRef: {matches: q.*}}, reply: {status: 409}}
  - name: three
    operation: getCustomer
    when: {id: e, idType: 1, idTypeExtRef: x, headers: {X-A: a}}
    reply: {status: 409}
  - {name: slow, operation: getCustomer, when: {id: f}, reply: {headers: {X-Slow: "1"}}}
  - {name: tried, operation: getCustomer, when: {id: f, idType: 1}, reply: {status: 409}}
"""

TWO = "Answer two (files/all.yaml:9)"


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return load_planner(tmp_path_factory.mktemp("near"), FIXTURES)


@pytest.mark.parametrize(
    ("target", "headers", "hint"),
    [
        ("a", {}, "Answer locked (files/all.yaml:7) wants header X-Tenant 'acme', there was none."),
        ("a", {"x-tenant": "other"}, "Answer locked (files/all.yaml:7) wants header X-Tenant 'acme', it was 'other'."),
        ("b", {}, "Answer token (files/all.yaml:8) wants header Authorization, there was none."),
        ("b", {"authorization": "mine"}, "Answer token (files/all.yaml:8) wants another header Authorization."),
        (
            "c",
            {},
            f"{TWO} wants idType 1 or 2, it was 0, and header A as text that matches 'a+', there was none.",
        ),
        ("d", {"x-a": "1"}, "Answer blank (files/all.yaml:10) wants header X-A with no value, it was '1'."),
        ("pq", {}, "Answer pattern (files/all.yaml:11) wants idType 3, it was 0."),
        ("f", {}, "Answer tried (files/all.yaml:18) wants idType 1, it was 0."),
        ("123", {}, "Record files/all.yaml:3 has the PersonalId '0123'."),
        ("0123.", {}, "Record files/all.yaml:3 has the PersonalId '0123'."),
        ("known?idType=7", {}, "Record files/all.yaml:4 has this PersonalId, but idType is 7, wanted 1."),
        ("KNOWN?idType=7", {}, "Record files/all.yaml:4 has the PersonalId 'known', and idType is 7, wanted 1."),
        (
            "%20known?idType=2&idTypeExtRef=X",
            {},
            "Record files/all.yaml:4 has the PersonalId 'known', and idType is 2, wanted 1.",
        ),
    ],
)
def test_nearest_is_told(planner: Planner, target: str, headers: dict[str, str], hint: str) -> None:
    plan = planner.plan(Request("GET", f"/Customers/{target}", headers=tuple(headers.items())))

    assert plan.hints == (hint,)
    assert plan.near_misses[0].hint == hint
    assert "s3cret" not in repr(plan.near_misses)


@pytest.mark.parametrize(
    "target",
    [
        "stranger",
        "e",
        "known",
        "a?__dynamic=true",
        "a?__code=404",
        "f?idType=1",
        "x?idTypeExtRef=p",
        "a?idType=x",
    ],
)
def test_other_requests_have_no_near_miss(planner: Planner, target: str) -> None:
    assert ask(planner, f"/Customers/{target}").near_misses == ()


def test_number_of_a_record_is_told_as_written(tmp_path: Path) -> None:
    planner = load_planner(tmp_path, "schema: Customer\nrecords: [{PersonalId: a, PersonalIdTypeId: -0}]\n")

    [miss] = ask(planner, "/Customers/a?idType=7").near_misses

    assert miss.differences == ("idType is 7, wanted -0",)


def test_near_misses_are_ranked_by_differences(planner: Planner) -> None:
    misses = ask(planner, "/Customers/KNOWN?idType=2").near_misses

    assert [(each.kind, each.place, each.differences) for each in misses] == [
        ("record", "files/all.yaml:5", ("id is 'KNOWN', wanted 'known'",)),
        ("record", "files/all.yaml:4", ("id is 'KNOWN', wanted 'known'", "idType is 2, wanted 1")),
    ]


def test_sessions_are_looked_at_first(planner: Planner) -> None:
    session = Session()
    session.add([make_answer("mine", 409, when=[Condition("id", ("a",)), Condition("idType", (4,))])])
    session.add([make_answer("locked", 409, when=[Condition("id", ("other",))])])

    names = [each.name for each in ask(planner, "/Customers/a", session=session).near_misses]

    # The session's own `locked` hides that of the file.
    assert names == ["mine"]


def test_records_of_sessions_are_looked_at(planner: Planner) -> None:
    session = Session()
    for name in ("Ada", "Bea"):
        members: dict[str, Json] = {"PersonalId": "00123", "FirstName": name}
        session.add_records([Record("Customer", members, "run-time", 0, {}, "00123")])

    misses = ask(planner, "/Customers/123", session=session).near_misses

    # The second record replaced the first.
    assert [each.hint for each in misses] == [
        "Record 00123 (run-time) has the PersonalId '00123'.",
        "Record files/all.yaml:3 has the PersonalId '0123'.",
    ]
    assert (misses[0].name, misses[1].name) == ("00123", None)


def test_only_wanted_sources_are_looked_at(tmp_path: Path) -> None:
    planner = load_planner(tmp_path, FIXTURES, source="generated")

    assert ask(planner, "/Customers/123").hints == ()
    assert len(ask(planner, "/Customers/123", "dynamic=false").hints) == 1


def test_record_that_cannot_answer_is_no_near_miss(tmp_path: Path) -> None:
    class Short(CustomerSchema):
        PersonalIdTypeExtRef = Text(required=True, allow_none=True, validate=validate.Length(max=20))

    planner = load_planner(tmp_path, FIXTURES, source="fixtures", schemas={"Customer": Short})

    plan = ask(planner, "/Customers/0123?idTypeExtRef=longer-than-twenty-characters")
    assert (plan.reply.status, plan.near_misses) == (404, ())


def test_operation_without_records_has_no_near_records(tmp_path: Path) -> None:
    when = "{number: 7, headers: {X-A: b}}"
    planner = load_boxes(tmp_path, f"answers: [{{name: a, operation: dropBox, when: {when}, reply: {{status: 204}}}}]")

    plan = planner.plan(Request("DELETE", "/boxes/7"))

    assert plan.hints == ("Answer a (files/all.yaml:1) wants header X-A 'b', there was none.",)


def test_missing_record_is_told_too(tmp_path: Path) -> None:
    plan = ask(load_planner(tmp_path, FIXTURES, source="fixtures"), "/Customers/123")

    assert (plan.reply.status, plan.hints) == (404, ("Record files/all.yaml:3 has the PersonalId '0123'.",))


@pytest.mark.parametrize(
    ("secret", "target", "hint"),
    [
        ("id", "123", "Record files/all.yaml:3 has nearly this PersonalId."),
        ("PersonalIdTypeId", "known?idType=7", "Record files/all.yaml:4 has this PersonalId, but idType differs."),
    ],
)
def test_secret_members_are_not_told(tmp_path: Path, secret: str, target: str, hint: str) -> None:
    plan = ask(load_planner(tmp_path, FIXTURES, redact=secret), f"/Customers/{target}")

    assert plan.hints == (hint,)
    assert "wanted" not in "".join(plan.near_misses[0].differences)


def test_cost_does_not_grow_with_the_answers(tmp_path: Path) -> None:
    def load(count: int) -> Planner:
        answers = (
            f"  - {{name: n{at}, operation: getCustomer, when: {{id: a, idType: {at + 1}}}, reply: {{status: 409}}}}\n"
            for at in range(count)
        )
        return load_planner(tmp_path, "answers:\n" + "".join(answers))

    few, many = load(100), load(1000)

    for each in (few, many):
        ask(each, "/Customers/warm")
    calls = [count_calls(partial(ask, each, "/Customers/a")) for each in (few, many)]
    assert calls[1] <= calls[0] * 1.05
    assert len(ask(many, "/Customers/a").near_misses) == 20


def test_hints_do_not_depend_on_earlier_requests(planner: Planner) -> None:
    request = Request("GET", "/Customers/a")

    assert planner.plan(request) == planner.travel(request, Session().visit()).plan
