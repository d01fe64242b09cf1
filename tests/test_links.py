"""The targets that ask for examples, records and answers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.links import escape_path, link_answer, link_record, try_answer
from mockserver.stub import load_stub

Write = Callable[[str, str], Path]

FOUND = "/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
SPARSE = "/Customers/200000000"
MISSING = "/Customers/not-found"


@pytest.mark.parametrize(
    ("record", "target"),
    [
        ("{PersonalId: a}", "/Customers/a"),
        (
            "{PersonalId: a, PersonalIdTypeId: 2, PersonalIdTypeExtRef: 'x y'}",
            "/Customers/a?idType=2&idTypeExtRef=x%20y",
        ),
        ("{PersonalId: a, PersonalIdTypeId: null}", "/Customers/a"),
        ("{PersonalId: 'a/b?#%'}", "/Customers/a%2Fb%3F%23%25"),
    ],
)
def test_record_has_a_link_unless_its_key_is_blank(record: str, target: str | None, write: Write) -> None:
    stub = load_stub(fixtures=write("a.yaml", f"schema: Customer\nrecords: [{record}]"))

    assert link_record(stub.contract.operations[0], stub.fixtures.records[0]) == target


@pytest.mark.parametrize(
    ("when", "link"),
    [
        ("{id: x, idType: [3, 4]}", "/Customers/x?idType=3"),
        ("{id: {matches: x+}}", None),
        ("{idType: 3}", None),
        ("{id: ''}", None),
    ],
)
def test_answer_has_a_link_where_its_values_fill_the_path(when: str, link: str | None, write: Write) -> None:
    answers = f"answers: [{{name: mine, operation: getCustomer, when: {when}, reply: {{status: 404}}}}]"
    stub = load_stub(fixtures=write("answers.yaml", answers))

    assert link_answer(stub.contract.operations[0], stub.fixtures.answers[0]) == link


@pytest.mark.parametrize(
    ("when", "tries"),
    [
        ("{}", [FOUND, SPARSE, MISSING]),
        ("{id: {matches: x+}}", [FOUND, SPARSE, MISSING]),
        ("{id: ''}", []),
        (
            "{idType: 3}",
            [FOUND.replace("idType=1", "idType=3"), f"{SPARSE}?idType=3", f"{MISSING}?idType=3"],
        ),
    ],
)
def test_answer_is_tried_in_the_place_of_each_example(when: str, tries: list[str], write: Write) -> None:
    answers = f"answers: [{{name: mine, operation: getCustomer, when: {when}, reply: {{status: 404}}}}]"
    stub = load_stub(fixtures=write("answers.yaml", answers))

    assert list(try_answer(stub.contract.operations[0], stub.fixtures.answers[0])) == tries


@pytest.mark.parametrize(("path", "escaped"), [("/API", "/API"), ("/gr\u00fc\u00dfe%20", "/gr%C3%BC%C3%9Fe%20")])
def test_path_of_the_settings_is_escaped_once(path: str, escaped: str) -> None:
    assert escape_path(path) == escaped
