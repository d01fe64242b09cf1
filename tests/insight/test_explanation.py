"""Explanations: each step of a request in words, without a change and without secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mockserver.http.messages import Request
from mockserver.http.preferences import Preferences
from mockserver.http.redaction import Redactor
from mockserver.insight.explanation import explain, show_explanation, write_explanation
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub
from tests.support.files import Write
from tests.support.stubs import load_stub

FILE = """
schema: Customer
records: [{PersonalId: known}]
answers:
  - {name: locked, operation: getCustomer, when: {id: a, headers: {X-Tenant: acme}}, reply: {status: 423}}
  - {name: token, operation: getCustomer, when: {id: b, headers: {Authorization: s3cret}}, reply: {status: 401}}
  - {name: once, operation: getCustomer, when: {id: c}, times: 1, reply: {status: 503, delay: 2, fault: empty}}
  - {name: wrong, operation: getCustomer, when: {id: d}, unchecked: true, reply: {body: {Sex: 64}}}
  - {name: slow, operation: getCustomer, when: {id: e}, reply: {headers: {X-Slow: '1'}}}
"""


@pytest.fixture
def stub(write: Write) -> Stub:
    return load_stub(fixtures=write("f.yaml", FILE))


def ask(
    stub: Stub, target: str, session: Session | None = None, method: str = "GET", **headers: str
) -> Mapping[str, Any]:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    visit = (session or Session()).visit()
    return show_explanation(explain(stub, Request(method, target, headers=named), visit, Redactor(b"key")))


def steps(shown: Mapping[str, Any]) -> dict[str, str]:
    return {each["step"]: each["text"] for each in shown["steps"]}


@pytest.mark.parametrize(
    ("target", "method", "told"),
    [
        (
            "/Customers/known?idType=1",
            "GET",
            {
                "request": "GET /Customers/known?idType=1 in the default session",
                "route": "getCustomer: GET /Customers/{id}",
                "preferences": "none",
                "arguments": "id 'known', idType 1, idTypeExtRef ''",
                "answers": "5 answers considered",
                "answer": "record files/f.yaml:3: 200",
                "format": "application/json; charset=utf-8",
                "check": "as the contract asks",
                "reply": "200",
            },
        ),
        ("/nowhere", "GET", {"route": "no operation: the server stack answers 404", "answer": "framework: 404"}),
        ("/Customers/1", "PUT", {"route": "getCustomer: the server stack answers 405", "reply": "405"}),
        ("/Customers/1?idType=x", "GET", {"arguments": "id '1', idType 0, idTypeExtRef ''; the stack answers 400"}),
        ("/Customers/1?__code=x", "GET", {"preferences": "a preference is not valid", "answer": "preferences: 400"}),
        (
            "/Customers/1?__code=404&__delay=2",
            "GET",
            {
                "preferences": "code=404, delay=2.0",
                "answers": "passed over, as a preference chooses",
                "reply": "404 after 2 s",
            },
        ),
        ("/Customers/c", "GET", {"answer": "answer once files/f.yaml:7: 503", "reply": "503 after 2 s with empty"}),
        ("/Customers/d", "GET", {"check": "the reply breaks the contract on purpose: Sex, "}),
        ("/Customers/1?__code=418", "GET", {"check": "the contract does not declare this status"}),
        ("/Customers/e", "GET", {"answer": "generated + answer slow files/f.yaml:9: 200"}),
    ],
)
def test_steps_are_told(stub: Stub, target: str, method: str, told: dict[str, str]) -> None:
    shown = steps(ask(stub, target, method=method))

    assert {name: shown[name][: len(text)] for name, text in told.items()} == told


def test_breach_is_told(write: Write) -> None:
    answer = "answers: [{name: a, operation: getCustomer, reply: {headers: {Content-Type: a/b}}}]"

    shown = ask(load_stub(fixtures=write("a.yaml", answer)), "/Customers/1")

    assert steps(shown)["check"].startswith("getCustomer 200: Content-Type is 'a/b', the contract allows")
    assert (shown["status"], shown["operation"]) == (500, "getCustomer")


def test_nearest_answers_come_first(stub: Stub) -> None:
    shown = ask(stub, "/Customers/a", x_tenant="other")

    considered = next(each["details"] for each in shown["steps"] if each["step"] == "answers")
    assert considered[0] == "answer locked files/f.yaml:5: header X-Tenant is 'other', wanted 'acme'"
    assert considered[-1].startswith("answer token files/f.yaml:6: id is 'a', wanted 'b'; ")


def test_near_misses_are_told_where_they_belong(stub: Stub) -> None:
    records, routes = ask(stub, "/Customers/KNOWN"), ask(stub, "/Customer/1")

    (near,) = (each for each in records["steps"] if each["step"] == "records")
    assert (near["text"], near["details"]) == (
        "1 record nearly selected",
        ("record files/f.yaml:3: id is 'KNOWN', wanted 'known'",),
    )
    assert [each["kind"] for each in records["near_misses"]] == ["record"]
    assert routes["steps"][1]["details"][0] == "route GET /Customers/{id}: differs in one segment"


def test_met_conditions_are_told(stub: Stub) -> None:
    considered = ask(stub, "/Customers/c")["steps"][4]["details"]

    assert considered[0] == "answer once files/f.yaml:7: its conditions are met"


def test_secrets_are_not_told(stub: Stub) -> None:
    shown = ask(stub, "/Customers/b?token=s3cret", authorization="s3cret2")

    assert "s3cret" not in repr(shown)
    assert "answer token files/f.yaml:6: header Authorization differs" in shown["steps"][4]["details"]


def test_question_changes_nothing(stub: Stub) -> None:
    session = Session("A")
    session.set_defaults(Preferences(seed="7"))

    sources = [ask(stub, "/Customers/c", session)["source"] for _ in range(2)]

    assert sources == ["answer once files/f.yaml:7"] * 2
    assert session.count_of("once") == (0, 0)
    assert steps(ask(stub, "/Customers/c", session))["request"].endswith(" in session A")


def test_explanation_is_written_as_a_tree(stub: Stub) -> None:
    lines = list(write_explanation(ask(stub, "/nowhere")))

    assert lines[:2] == [
        "request  GET /nowhere in the default session",
        "route    no operation: the server stack answers 404",
    ]
    assert lines[-1].startswith("         - No route matches;")
