"""Every example of the contract is asked for, and a problem of its answer stands at the contract."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from marshmallow import ValidationError, validates_schema

from mockserver.conformance.examples import find_example_problems
from mockserver.conformance.records import find_record_problems
from mockserver.schemas import CustomerSchema
from tests.support.files import Write
from tests.support.stubs import load_stub

HTML = "answers: [{name: html, operation: getCustomer, reply: {headers: {Content-Type: text/html}}}]"
NONE = "{answers: []}"
FOUND = "schema: Customer\nrecords: [{PersonalId: '200000000'}]\n"


class KnownSchema(CustomerSchema):
    @validates_schema
    def refuse_others(self, data: Mapping[str, object], **_: object) -> None:
        if data["CustomerId"] not in (1001, 1002):
            raise ValidationError("the contract allows nobody else")


@pytest.mark.parametrize(("text", "records"), [(NONE, None), (HTML, 0), (FOUND + HTML, 1)])
def test_wrong_answer_is_a_problem_of_its_example(text: str, records: int | None, write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", text))

    found = find_example_problems(stub)

    assert found == find_example_problems(stub, trust_generated=True)
    # The problem of a record that an example asks for stands at the record, where that record's own problem is.
    contract, record = (str(stub.contract_path), 1), (f"{stub.fixtures.path}/a.yaml", 2)
    places = [] if records is None else [contract, *([record] * records or [contract]), contract]
    alarm = "getCustomer 200: Content-Type is 'text/html', the contract allows application/json and text/json"
    assert [(each.place.path, each.place.line) for each in found] == places
    assert all(each.text.startswith(alarm) and "+ answer html" in each.text for each in found)
    assert {each for each in found if each.place.line == 2} == set(find_record_problems(stub))


def test_generated_answers_can_be_trusted(write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", NONE), schemas={"Customer": KnownSchema})

    assert len(find_example_problems(stub)) == len(stub.contract.operations[0].examples)
    assert find_example_problems(stub, trust_generated=True) == ()


def test_missing_records_are_not_generated(write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", NONE), source="fixtures")

    assert find_example_problems(stub) == find_example_problems(stub, trust_generated=True) == ()
