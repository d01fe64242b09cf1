"""The shipped fixtures: every record and answer is asked for, and everything a frontend must cope with is there."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockserver.checking import Plan
from mockserver.conformance import find_record_faults
from mockserver.contract import write_target
from mockserver.documents import Json, Scalar
from mockserver.exchange import Request
from mockserver.records import Record
from mockserver.stub import load_stub

ROOT = Path(__file__).parents[1]
STUB = load_stub()
OPERATION = STUB.contract.operations[0]
RECORDS = {record.source: record for record in STUB.fixtures.records}
ANSWERS = {answer.name: answer for answer in STUB.fixtures.answers}
PROPERTIES: Any = STUB.contract.components["Customer"]["properties"]
LIMITS: Mapping[str, int] = {name: rule["maxLength"] for name, rule in PROPERTIES.items() if "maxLength" in rule}
NULLABLE = [name for name, rule in PROPERTIES.items() if "null" in rule.get("type", ()) or "oneOf" in rule]

Customer = Mapping[str, Any]


def ask(arguments: Mapping[str, Scalar]) -> Plan:
    return STUB.planner.plan(Request("GET", write_target(OPERATION, arguments)))


def ask_for(record: Record) -> Plan:
    given: dict[str, Json] = {each.parameter: record.members.get(each.member) for each in OPERATION.selectors}
    return ask({name: value for name, value in given.items() if isinstance(value, str | int)})


def to_body(plan: Plan) -> Customer:
    body: Customer = json.loads(plan.reply.body)
    return body


CUSTOMERS = {source: to_body(ask_for(record)) for source, record in RECORDS.items()}


def test_nothing_is_wrong_with_them() -> None:
    assert find_record_faults(STUB) == ()
    assert STUB.fixtures.warnings == ()


def test_files_are_named_from_their_folder_down() -> None:
    assert STUB.fixtures.files == ("fixtures/answers.yaml", "fixtures/customers.yaml")


def test_there_are_a_dozen_customers_at_least() -> None:
    assert len(RECORDS) >= 12


@pytest.mark.parametrize("source", RECORDS)
def test_record_is_found_by_its_own_arguments(source: str) -> None:
    plan = ask_for(RECORDS[source])

    assert (plan.reply.status, plan.source, plan.alarm) == (200, f"record {source}", None)
    assert plan.reply.header("X-Mock-Breach") is None


@pytest.mark.parametrize("source", RECORDS)
def test_record_is_sent_as_it_stands(source: str) -> None:
    given = RECORDS[source].members

    assert {name: CUSTOMERS[source][name] for name in given} == given
    assert list(CUSTOMERS[source]) == list(PROPERTIES)


@pytest.mark.parametrize("name", ["found", "sparse"])
def test_example_of_the_document_is_what_is_answered(name: str) -> None:
    examples: Any = STUB.contract.document["components"]

    plan = ask(OPERATION.examples[name])

    assert to_body(plan) == examples["examples"][name]["value"]
    assert list(to_body(plan)) == list(PROPERTIES)


ANSWERED: list[tuple[str, int, bytes]] = [
    ("not-found", 404, b""),
    ("server-error", 500, b'{"Message":"An error has occurred."}'),
]


@pytest.mark.parametrize(("id", "status", "body"), ANSWERED)
def test_answer_is_given_under_an_id_that_says_so(id: str, status: int, body: bytes) -> None:  # noqa: A002  # the contract's name
    plan = ask({"id": id, "idType": 3})

    assert (plan.reply.status, plan.reply.body) == (status, body)
    assert plan.source == f"answer {id} {ANSWERS[id].source}"


def test_every_answer_is_asked_for_above() -> None:
    assert set(ANSWERS) == {row[0] for row in ANSWERED}


def name_of(customer: Customer) -> str:
    return f"{customer['FirstName'] or ''}{customer['LastName'] or ''}"


def is_in_script(text: str, script: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(script) for letter in text)


def has_only_its_id(customer: Customer) -> bool:
    return all((customer[name] is None) == (name != "PersonalId") for name in NULLABLE)


def has_date(customer: Customer, ending: str) -> bool:
    """Whether DOB ends so, behind the seconds."""
    return re.fullmatch(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d{ending}", customer["DOB"] or "") is not None


def is_longest(customer: Customer) -> bool:
    return all(len((customer[name] or "").encode("utf-16-le")) // 2 == limit for name, limit in LIMITS.items())


def is_rich(properties: Json) -> bool:
    return isinstance(properties, dict) and len(properties) >= 5 and None in properties.values()


def shares_its_id(customer: Customer) -> bool:
    twins = [each for each in CUSTOMERS.values() if each["PersonalId"] == customer["PersonalId"]]
    return len({each["PersonalIdTypeId"] for each in twins}) >= 2


KINDS: dict[str, Callable[[Customer], bool]] = {
    "complete": lambda customer: all(value not in (None, "", {}) for value in customer.values()),
    "all null but its PersonalId": has_only_its_id,
    "a name in Hebrew": lambda customer: is_in_script(name_of(customer), "HEBREW"),
    "a name in Chinese": lambda customer: is_in_script(name_of(customer), "CJK"),
    "a name with a straight apostrophe": lambda customer: "'" in name_of(customer),
    "a name with a typographic apostrophe": lambda customer: "\N{RIGHT SINGLE QUOTATION MARK}" in name_of(customer),
    "a name with combining marks": lambda customer: any(map(unicodedata.combining, name_of(customer))),
    "every text at its maximum": is_longest,
    "DOB without zone": lambda customer: has_date(customer, ""),
    "DOB in UTC": lambda customer: has_date(customer, "Z"),
    "DOB with an offset": lambda customer: has_date(customer, r"[+-]\d\d:\d\d"),
    "DOB with seven decimals": lambda customer: has_date(customer, r"\.\d{7}"),
    "one PersonalId under two id types": shares_its_id,
    "inactive": lambda customer: customer["IsActive"] is False,
    "without consent": lambda customer: customer["NotificationConsent"] is False,
    "no CustomProperties": lambda customer: customer["CustomProperties"] is None,
    "empty CustomProperties": lambda customer: customer["CustomProperties"] == {},
    "rich CustomProperties": lambda customer: is_rich(customer["CustomProperties"]),
    "leading zeros in PersonalId": lambda customer: customer["PersonalId"].startswith("00"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_customer_of_the_kind_is_there(kind: str) -> None:
    found = [source for source, customer in CUSTOMERS.items() if KINDS[kind](customer)]

    assert found, f"no shipped customer is of this kind: {kind}"


def test_each_id_type_of_a_shared_id_leads_to_its_own_person() -> None:
    asked = [
        ask({"id": "100200309", **each}) for each in ({}, {"idType": 1}, {"idType": 2}, {"idTypeExtRef": "PASSPORT"})
    ]

    assert [to_body(plan)["FirstName"] for plan in asked] == ["Marco", "Marco", "Ingrid", "Ingrid"]


def test_members_left_out_are_generated_the_same_again() -> None:
    again = load_stub()

    plan = again.planner.plan(Request("GET", "/Customers/100200314"))

    assert plan == ask({"id": "100200314"})
    assert to_body(plan)["FirstName"] == "Emma"
