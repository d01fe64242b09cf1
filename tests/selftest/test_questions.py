"""Own questions: each fixture has the request that gets it, at the call that gets it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockserver.documents.loading import load_document
from mockserver.documents.yaml_text import write_document
from mockserver.selftest.questions import OwnQuestion, list_own_questions
from mockserver.stub.inputs import locate_contract
from tests.support.odd_fixtures import ODD_FIXTURES, OVERLAID
from tests.support.stubs import load_stub


def list_all(folder: Path, text: str, **settings: Any) -> list[OwnQuestion]:
    file = folder / "f.yaml"
    file.write_text(text, encoding="utf-8")
    return list(list_own_questions(load_stub(fixtures=str(file), **settings)))


def test_every_fixture_is_reached(tmp_path: Path) -> None:
    found = {str(each.source).rpartition(" ")[0]: each for each in list_all(tmp_path, ODD_FIXTURES)}

    assert {name: (each.question.request.target, each.calls) for name, each in found.items() if name != "record"} == {
        "answer third": ("/Customers/1", 3),
        "answer sequence": ("/Customers/5", 1),
        "answer once": ("/Customers/2", 1),
        "answer luck": ("/Customers/6", found["answer luck"].calls),
        "answer pattern": ("/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID&__example=pattern", 1),
        "answer tenant": ("/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID", 1),
        "answer empty": ("/Customers/67", 1),
        "answer slow": ("/Customers/68", 1),
        "answer odd": ("/Customers/69", 1),
        "answer moved": ("/Customers/70", 1),
    }
    assert found["answer luck"].calls > 1
    assert [name for name, each in found.items() if each.is_unchecked] == ["answer odd", "answer moved"]


def test_records_wait_for_answers_that_end(tmp_path: Path) -> None:
    records = [each for each in list_all(tmp_path, ODD_FIXTURES) if each.source.kind == "record"]

    assert [(each.question.request.target, each.calls) for each in records] == [
        ("/Customers/1", 1),
        ("/Customers/2?idType=3", 2),
    ]
    assert [each.question.members for each in records] == [
        {"PersonalId": "1"},
        {"PersonalId": "2", "PersonalIdTypeId": 3},
    ]


def test_each_question_has_a_session_of_its_own(tmp_path: Path) -> None:
    sessions = [dict(each.question.request.headers)["x-mock-session"] for each in list_all(tmp_path, ODD_FIXTURES)]

    assert len(set(sessions)) == len(sessions)


def test_plain_fixtures_are_asked_for_plainly(tmp_path: Path) -> None:
    plain = 'schema: Customer\nrecords: [{PersonalId: "1"}]\n'

    (own,) = list_all(tmp_path, plain)

    assert own.question.request.headers == ()


def test_what_another_fixture_covers_is_not_reached(tmp_path: Path) -> None:
    record, nobody, _ = list_all(tmp_path, OVERLAID)

    assert (record.calls, str(record.plan.source)) == (0, "answer nobody f.yaml:5")
    assert nobody.calls == 1


def test_answer_that_never_comes_is_chosen(tmp_path: Path) -> None:
    never = ODD_FIXTURES.replace("chance: 0.1", "chance: 0.000001")

    found = {each.source.name: each for each in list_all(tmp_path, never)}

    assert found["luck"].calls == 1
    assert found["luck"].question.request.target.endswith("__example=luck")


@pytest.mark.parametrize("source", ["generated", "fixtures"])
def test_records_are_asked_for_if_served(tmp_path: Path, source: str) -> None:
    kinds = {each.source.kind for each in list_all(tmp_path, ODD_FIXTURES, source=source)}

    assert kinds == ({"answer"} if source == "generated" else {"answer", "record"})


def test_each_operation_is_asked_for_its_own_fixtures(tmp_path: Path) -> None:
    document: Any = load_document(locate_contract(None).path).to_json()
    document["paths"]["/box"] = {"delete": {"operationId": "dropBox", "responses": {"204": {"description": "Gone."}}}}
    (tmp_path / "c.yaml").write_text(write_document(document), encoding="utf-8")
    box = "- {name: gone, operation: dropBox, reply: {status: 204}}\n"

    found = list_all(tmp_path, ODD_FIXTURES + box, contract=str(tmp_path / "c.yaml"))

    operations = [each.question.operation.id for each in found]
    assert operations == ["getCustomer"] * (len(found) - 1) + ["dropBox"]
    assert [(each.question.request.method, each.calls) for each in found[-1:]] == [("DELETE", 1)]
