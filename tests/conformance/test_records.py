"""Every record is asked for, and a problem of its answer stands at its place."""

from __future__ import annotations

import pytest

from mockserver.conformance.records import find_record_problems
from tests.support.files import Write
from tests.support.stubs import load_stub

ORDERS = """
openapi: 3.1.0
info: {title: Orders, version: "1"}
paths:
  /Orders/{number}:
    get:
      operationId: getOrder
      parameters:
      - {name: number, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Message}}
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/HttpError"}}}}
  /Ping:
    get:
      operationId: ping
      responses: {"204": {description: d}}
components:
  schemas:
    HttpError: {type: object, required: [Message], properties: {Message: {type: string}}}
"""

HTML = "{operation: getCustomer, when: {id: b, idType: 2%s}, name: html, reply: {headers: {Content-Type: text/html}}}"
FAILING = "{name: failing, operation: getCustomer, when: {id: b}, reply: {status: 500}}"

ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], dict[int, str]]] = {
    "sound": (("PersonalId: a b", "PersonalId: '100%?#', PersonalIdTypeId: 0", "PersonalId: ..."), (), {}),
    "one of several": (
        (
            "PersonalId: a, PersonalIdTypeId: 2",
            "PersonalId: b, PersonalIdTypeId: 1",
            "PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: P",
            "PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: N",
        ),
        (HTML % ', idTypeExtRef: {matches: "|P"}',),
        {5: "record customers.yaml:5 + answer html customers.yaml:8"},
    ),
    "behind another record": (
        ("PersonalId: b", "PersonalId: b, PersonalIdTypeId: 2"),
        (HTML.replace(", idType: 2%s", ""),),
        {4: "record customers.yaml:4 + answer html customers.yaml:6"},
    ),
    "behind an answer": (
        ("PersonalId: b, PersonalIdTypeId: 2",),
        (FAILING, HTML % ""),
        {3: "answer failing customers.yaml:5 + answer html customers.yaml:6"},
    ),
}
"""Records, answers, and by the line of each wrong record what its answer came from."""


@pytest.mark.parametrize("name", ROWS)
def test_wrong_answer_is_a_problem_of_its_record(name: str, write: Write) -> None:
    records, answers, expected = ROWS[name]
    lines = ["schema: Customer", "records:", *(f"- {{{each}}}" for each in records)]
    lines += ["answers:", *(f"- {each}" for each in answers)] if answers else []
    file = write("customers.yaml", "\n".join(lines)) / "customers.yaml"

    found = find_record_problems(load_stub(fixtures=file))

    assert [each.place.line for each in found] == list(expected)
    assert [each.place.path for each in found] == [str(file)] * len(expected)
    for each in found:
        alarm, by, rest = each.text.partition(", by ")
        assert alarm.startswith("getCustomer ")
        assert "Content-Type is 'text/html', the contract allows application/json and text/json" in alarm
        assert (by, rest) == (", by ", f"{expected[each.place.line]}. Change that or the contract.")


def test_breaches_that_are_served_are_no_problems(write: Write) -> None:
    text = f"schema: Customer\nrecords: [{{PersonalId: b, PersonalIdTypeId: 2, Sex: 64}}]\nanswers: [{HTML % ''}]"

    assert find_record_problems(load_stub(fixtures=write("a.yaml", text), on_breach="warn")) == ()


def test_record_is_asked_for_by_its_own_operation(write: Write) -> None:
    contract = write("openapi.yaml", ORDERS) / "openapi.yaml"
    html = "{name: html, operation: ping, reply: {headers: {Content-Type: text/html}}}"
    fixtures = write("mine/orders.yaml", f"schema: HttpError\nrecords: [{{Message: a}}]\nanswers: [{html}]") / "mine"

    assert find_record_problems(load_stub(contract=contract, fixtures=fixtures, source="fixtures")) == ()
