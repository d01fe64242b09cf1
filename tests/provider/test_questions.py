"""Which requests fixtures are about, and which fixtures a provider cannot be asked for."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.documents.nodes import Place
from mockserver.provider.questions import Question, list_questions
from tests.conformance.test_records import ORDERS
from tests.support.files import Write
from tests.support.stubs import load_stub

ANSWER = "answers: [{name: n, operation: getCustomer, %s}]"


def ask(write: Write, text: str, **settings: Any) -> list[Question]:
    """Return the questions of a fixture file, made of the shipped contract."""
    return list(list_questions(load_stub(fixtures=write("f/a.yaml", text) / "f", **settings)))


def test_record_is_asked_for_by_all_that_selects_it(write: Write) -> None:
    [found] = ask(write, "schema: Customer\nrecords:\n- PersonalId: a b\n  PersonalIdTypeId: 2\nvolatile: [Notes]")

    assert (found.name, found.skipped) == ("getCustomer: record f/a.yaml:3", "")
    assert found.request.target == "/Customers/a%20b?idType=2"
    assert found.request.headers == (("accept", "application/json, text/json"),)
    assert (found.wanted.status, found.members) == (200, {"PersonalId": "a b", "PersonalIdTypeId": 2})
    assert found.volatile == {"Notes"}
    assert found.place_of("PersonalIdTypeId") == Place(found.place.path, 4)
    assert found.place_of("Notes") == found.place


@pytest.mark.parametrize(
    ("answer", "target", "headers", "members"),
    [
        ("when: {id: a}, reply: {status: 404}", "/Customers/a", {}, {}),
        ("when: {id: a}, reply: {status: 400, body: {Message: m}}", "/Customers/a", {}, None),
        ("when: {id: a, idType: 2}, reply: {record: {Notes: '{id}'}}", "/Customers/a?idType=2", {}, {"Notes": "a"}),
        ("when: {id: a, headers: {X-T: [b, c]}}, reply: {status: 404}", "/Customers/a", {"x-t": "b"}, {}),
        (
            "when: {headers: {Accept: text/json}}, reply: {status: 404}",
            "/Customers/100200300",
            {"accept": "text/json"},
            {},
        ),
    ],
)
def test_answer_is_asked_for_by_its_conditions(
    write: Write, answer: str, target: str, headers: dict[str, str], members: dict[str, str] | None
) -> None:
    [found] = ask(write, ANSWER % answer)

    assert (found.name, found.skipped) == ("getCustomer: answer n f/a.yaml:1", "")
    assert found.request.target.partition("&")[0].removesuffix("?idType=1") == target
    assert dict(found.request.headers) == {"accept": "application/json, text/json", **headers}
    assert found.members == members


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("reply: {delay: 1}", "It only says how an answer is sent."),
        ("when: {id: a}, reply: {status: 404, fault: reset}", "It only says how an answer is sent."),
        ("when: {id: a}, unchecked: true, reply: {body: 1}", "It breaks the contract on purpose."),
        ("when: {id: a}, times: 1, reply: {status: 404}", "It depends on the number of the call."),
        ("when: {id: a}, reply: {sequence: [{status: 404}]}", "It depends on the number of the call."),
        ("when: {id: a}, reply: {status: 500}", "It stands for a failure of the provider, which nobody can ask for."),
        ("when: {headers: {X-T: {matches: a+}}}, reply: {status: 404}", "No request is known that gets it."),
        ("when: {id: {matches: z+}}, reply: {status: 404}", "No request is known that gets it."),
    ],
)
def test_answer_that_no_provider_has_is_skipped(write: Write, answer: str, reason: str) -> None:
    [found] = ask(write, ANSWER % answer)

    assert found.skipped == reason


def test_record_behind_an_answer_is_skipped(write: Write) -> None:
    record, _ = ask(
        write, f"schema: Customer\nrecords: [PersonalId: a]\n{ANSWER % 'when: {id: a}, reply: {status: 404}'}"
    )

    assert record.skipped == "Another fixture answers its request."


def test_records_that_are_not_served_are_not_asked_for(write: Write) -> None:
    assert ask(write, "schema: Customer\nrecords: [PersonalId: a]", source="generated") == []


def test_record_without_a_needed_value_is_skipped(write: Write) -> None:
    page = "- {name: page, in: path, required: true, schema: {type: string}}"
    text = ORDERS.replace("{number}:", "{number}/{page}:").replace("parameters:", f"parameters:\n      {page}")
    contract = write("openapi.yaml", text) / "openapi.yaml"

    [found] = ask(write, "schema: HttpError\nrecords: [Message: a]", contract=contract)

    assert found.skipped == "It lacks a value of a parameter."


def test_each_operation_asks_for_its_own(write: Write) -> None:
    contract = write("openapi.yaml", ORDERS) / "openapi.yaml"
    text = "schema: HttpError\nrecords: [Message: a]\nanswers: [{name: p, operation: ping, reply: {status: 204}}]"

    order, ping = ask(write, text, contract=contract)

    assert (order.request.method, order.request.target) == ("GET", "/Orders/a")
    assert (ping.request.target, ping.request.headers) == ("/Ping", ())
