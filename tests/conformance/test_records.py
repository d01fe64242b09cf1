"""The check of a whole stub: every record is asked for, and what is wrong with its answer is told at its place."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from mockserver.conformance.records import find_record_problems
from mockserver.documents.nodes import Place
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

HTML = """
- name: html
  operation: getCustomer
  when: {id: b, idType: 2, idTypeExtRef: {matches: "|P"}}
  reply: {headers: {Content-Type: text/html}}
"""


def write(folder: Path, records: str, answers: str = "") -> Path:
    file = folder / "customers.yaml"
    text = f"schema: Customer\nrecords:\n{dedent(records).strip()}\n"
    file.write_text(text + (f"answers:{answers}" if answers else ""), encoding="utf-8")
    return file


def test_sound_records_have_no_faults(tmp_path: Path) -> None:
    file = write(tmp_path, "- PersonalId: a/b\n- {PersonalId: '100%?#', PersonalIdTypeId: 0}\n- {PersonalId: ..}")

    assert find_record_problems(load_stub(fixtures=file)) == ()


def test_record_whose_answer_breaks_the_contract_is_a_fault(tmp_path: Path) -> None:
    records = """
        - {PersonalId: a, PersonalIdTypeId: 2}
        - {PersonalId: b, PersonalIdTypeId: 1}
        - {PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: P}
        - {PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: N}
    """
    file = write(tmp_path, records, HTML)

    found = find_record_problems(load_stub(fixtures=file))

    alarm = "getCustomer 200: Content-Type is 'text/html', the contract allows application/json and text/json"
    source = "by record customers.yaml:5 + answer html customers.yaml:8"
    assert [str(fault) for fault in found] == [
        f"{file}:5:1: {alarm} (customers.yaml:5), {source}. Change that or the contract."
    ]


def test_record_that_stands_behind_another_is_not_blamed_for_it(tmp_path: Path) -> None:
    records = """
        - {PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: null}
        - {PersonalId: b, PersonalIdTypeId: 2, PersonalIdTypeExtRef: ""}
    """
    file = write(tmp_path, records, HTML)

    found = find_record_problems(load_stub(fixtures=file))

    assert [fault.place for fault in found] == [Place(str(file), 3)]


def test_answer_that_takes_the_place_of_a_record_is_looked_at(tmp_path: Path) -> None:
    failing = "\n- {name: failing, operation: getCustomer, when: {id: a}, reply: {status: 500}}"
    file = write(tmp_path, "- {PersonalId: a, PersonalIdTypeId: 2}", failing + HTML.replace("id: b", "id: a"))

    found = find_record_problems(load_stub(fixtures=file))

    assert [fault.place for fault in found] == [Place(str(file), 3)]


def test_breaches_that_are_served_are_no_faults(tmp_path: Path) -> None:
    file = write(tmp_path, "- {PersonalId: b, PersonalIdTypeId: 2, Sex: 64}", HTML)

    assert find_record_problems(load_stub(fixtures=file, on_breach="warn")) == ()


def test_record_is_asked_for_by_its_own_operation_alone(tmp_path: Path) -> None:
    contract = tmp_path / "openapi.yaml"
    contract.write_text(ORDERS, encoding="utf-8")
    fixtures = tmp_path / "orders.yaml"
    fixtures.write_text("schema: HttpError\nrecords: [{Message: a}]", encoding="utf-8")

    stub = load_stub(contract=contract, fixtures=fixtures, source="fixtures")

    assert find_record_problems(stub) == ()


def test_decoration_that_breaks_what_is_generated_is_found_by_the_examples(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "answers: [{name: html, operation: getCustomer, reply: {headers: {Content-Type: text/html}}}]", encoding="utf-8"
    )

    found = [str(fault) for fault in find_record_problems(load_stub(fixtures=file))]

    alarm = "getCustomer 200: Content-Type is 'text/html', the contract allows application/json and text/json"
    assert all(alarm in fault for fault in found)
    assert len(found) == 3
