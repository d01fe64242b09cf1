"""Every example of the contract is asked for, and a problem of its answer stands at the contract."""

from __future__ import annotations

import pytest

from mockserver.conformance.examples import find_example_problems
from mockserver.conformance.records import find_record_problems
from tests.support.files import Write
from tests.support.stubs import load_stub

HTML = "answers: [{name: html, operation: getCustomer, reply: {headers: {Content-Type: text/html}}}]"
FOUND = "schema: Customer\nrecords: [{PersonalId: '200000000'}]\n"


@pytest.mark.parametrize(("text", "records"), [("{answers: []}", None), (HTML, 0), (FOUND + HTML, 1)])
def test_wrong_answer_is_a_problem_of_its_example(text: str, records: int | None, write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", text))

    found = find_example_problems(stub)

    # The problem of a record that an example asks for stands at the record, where that record's own problem is.
    contract, record = (str(stub.contract_path), 1), (f"{stub.fixtures.path}/a.yaml", 2)
    places = [] if records is None else [contract, *([record] * records or [contract]), contract]
    alarm = "getCustomer 200: Content-Type is 'text/html', the contract allows application/json and text/json"
    assert [(each.place.path, each.place.line) for each in found] == places
    assert all(each.text.startswith(alarm) and "+ answer html" in each.text for each in found)
    assert {each for each in found if each.place.line == 2} == set(find_record_problems(stub))
