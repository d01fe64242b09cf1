"""Headers that the contract declares: their values, and the answers that they are sent with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockserver.fixtures.written_replies import AnswerReply
from mockserver.http.messages import Request
from mockserver.planning.planner import Planner
from mockserver.state.sessions import Session
from tests.support.answers import make_answer
from tests.support.plans import ask, load_planner
from tests.support.shipped import CONTRACT


def test_headers_of_a_status_are_the_contracts_own(boxes: Planner) -> None:
    created, slower = (ask(boxes, "/boxes/7", f"code={code}").reply for code in (201, 429))

    assert created.header("Location") == '/boxes/7?a=b&c="d"; e=100%, f'
    known = {
        "Retry-After": "60",
        "X-Name": "%D7%93%D7%A0%D7%94 %C3%A9",
        "X-Flag": "true",
        "X-None": "",
        "X-Map": "a, 1",
        "X-Default": "usual",
        "X-List": "a, 1, ",
        "X-Optional": None,
        "Vary": "Accept-Language, Prefer",
        # The connection, the stub or the host writes these.
        "Connection": None,
        "X-Mock-Source": "code 429",
        "Cache-Control": "no-cache",
    }
    assert {name: slower.header(name) for name in known} == known
    assert all(slower.header(name) for name in ("X-Text", "X-Bare"))


def test_required_header_without_a_value_is_generated(boxes: Planner) -> None:
    values = [ask(boxes, f"/boxes/{number}", "code=200").reply.header("X-Rate") for number in (7, 8)]

    assert all(value is not None and 1 <= int(value) <= 9 for value in values)


DECLARED: dict[str, dict[str, Any]] = {
    "X-One": {"required": True, "schema": {"type": "string", "enum": ["one"]}},
    "X-Two": {"schema": {"type": "string", "example": "two"}},
    "X-Three": {"content": {"text/plain": {"schema": {"type": "integer"}, "example": 3}}},
    "Cache-Control": {"required": True, "schema": {"const": "no-store"}},
    "Pragma": {"schema": {"const": "other"}},
    "Content-Encoding": {"required": True, "schema": {"enum": ["gzip"]}},
    "Content-Type": {"required": True, "schema": {"const": "a/b"}},
    "Content-Length": {"required": True, "schema": {"const": 1}},
    "Transfer-Encoding": {"required": True, "schema": {"const": "gzip"}},
    "Date": {"required": True, "schema": {"type": "string"}},
    "Preference-Applied": {"required": True, "schema": {"const": "code=1"}},
    "Access-Control-Allow-Origin": {"required": True, "schema": {"const": "*"}},
    "Vary": {"schema": {"const": "Accept"}},
}
"""Headers for every response that the shipped contract declares."""

SENT = {"X-One": "one", "X-Two": "two", "X-Three": "3", "Cache-Control": "no-store", "Vary": "Accept, Prefer"}
NEVER = ("Content-Encoding", "Content-Length", "Transfer-Encoding", "Date", "Access-Control-Allow-Origin")
ANSWERS = """\
schema: Customer
records: [{PersonalId: known}]
answers:
  - {name: own, operation: getCustomer, when: {id: own}, reply: {status: 404, headers: {x-one: mine}}}
  - {name: added, operation: getCustomer, when: {id: added}, reply: {headers: {X-Two: mine}}}
  - {name: bare, operation: getCustomer, when: {id: bare}, reply: {status: 404}}
  - {name: text, operation: getCustomer, when: {id: text}, reply: {status: 409, text: a}}
  - {name: broken, operation: getCustomer, when: {id: broken}, unchecked: true, reply: {body: {Sex: 64}}}
"""


def write_contract(folder: Path) -> Path:
    document = json.loads(json.dumps(dict(CONTRACT.document)))
    found = document["paths"]["/Customers/{id}"]["get"]["responses"]["200"]
    for response in (found, *document["components"]["responses"].values()):
        response["headers"] |= DECLARED
    path = folder / "contract.yaml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[True, False], ids=["with host headers", "without"])
def declaring(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """A planner of the shipped contract with the `DECLARED` headers."""
    folder = tmp_path_factory.mktemp("declaring")
    return load_planner(folder, ANSWERS, contract=write_contract(folder), host_headers=request.param)


@pytest.mark.parametrize(
    ("target", "prefer", "status"),
    [
        *(("known", None, 200), ("stranger", None, 200), ("broken", None, 200), ("known", "edge=emoji", 200)),
        *(("known", "example=found", 200), ("known", "code=200", 200), ("stranger", "dynamic=false", 404)),
        *(("bare", None, 404), ("%20", None, 404), ("known", "code=404", 404), ("known?idType=x", None, 400)),
    ],
)
def test_every_answer_of_a_status_has_its_headers(
    declaring: Planner, target: str, prefer: str | None, status: int
) -> None:
    reply = ask(declaring, f"/Customers/{target}", prefer).reply

    assert (reply.status, {name: reply.header(name) for name in SENT}) == (status, SENT)
    assert {name: reply.header(name) for name in NEVER} == dict.fromkeys(NEVER)
    others = ("Content-Type", "Preference-Applied", "Pragma")
    assert {reply.header(name) for name in others}.isdisjoint({"a/b", "code=1", "other"})


def test_refused_method_has_its_headers(declaring: Planner) -> None:
    reply = declaring.plan(Request("POST", "/Customers/1")).reply

    named = {name: reply.header(name) for name in (*SENT, "Allow")}
    assert (reply.status, named) == (405, {**SENT, "Vary": "Accept", "Allow": "GET"})


def test_answer_of_a_session_has_its_headers(declaring: Planner) -> None:
    session = Session()
    session.add([make_answer("made", 404)])

    reply = ask(declaring, "/Customers/1", session=session).reply

    assert (reply.status, reply.header("X-One"), reply.header("X-Two")) == (404, "one", "two")


def test_500_over_a_breach_has_its_headers(tmp_path: Path) -> None:
    session = Session()
    answer = make_answer("made")
    session.add([replace(answer, reply=AnswerReply(200, json='{"Sex":64}'))])

    plan = ask(load_planner(tmp_path, contract=write_contract(tmp_path)), "/Customers/1", session=session)

    named = {name: plan.reply.header(name) for name in SENT}
    assert (plan.reply.status, plan.alarm is None, named) == (500, False, SENT)


@pytest.mark.parametrize(("target", "values"), [("own", ("mine", "two")), ("added", ("one", "mine"))])
def test_written_header_replaces_the_declared_one(declaring: Planner, target: str, values: tuple[str, str]) -> None:
    reply = ask(declaring, f"/Customers/{target}").reply

    assert (reply.header("X-One"), reply.header("X-Two")) == values


@pytest.mark.parametrize(("target", "prefer"), [("text", None), ("known", "code=503"), ("known", "code=99")])
def test_status_without_declaration_has_none(declaring: Planner, target: str, prefer: str | None) -> None:
    reply = ask(declaring, f"/Customers/{target}", prefer).reply

    assert [name for name in ("X-One", "X-Two", "X-Three") if reply.header(name) is not None] == []
