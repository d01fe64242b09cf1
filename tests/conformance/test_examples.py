"""Every example of the contract is asked for, and a problem of its answer stands at the contract."""

from __future__ import annotations

import pytest

from mockserver.conformance.examples import find_example_problems
from tests.support.files import Write
from tests.support.stubs import load_stub

HTML = "answers: [{name: html, operation: getCustomer, reply: {headers: {Content-Type: text/html}}}]"
FOUND = "schema: Customer\nrecords: [{PersonalId: '200000000'}]\n"


@pytest.mark.parametrize(("text", "expected"), [("{answers: []}", 0), (HTML, 3), (FOUND + HTML, 2)])
def test_wrong_answer_is_a_problem_of_its_example(text: str, expected: int, write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", text))

    found = find_example_problems(stub)

    # A record that an example asks for is asked for itself.
    alarm = "getCustomer 200: Content-Type is 'text/html', the contract allows application/json and text/json"
    assert [(each.place.path, each.place.line) for each in found] == [(str(stub.contract_path), 1)] * expected
    assert all(each.text.startswith(alarm) and "by generated + answer html" in each.text for each in found)
