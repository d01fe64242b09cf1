"""A stub is asked for its records and examples before it serves, by the command, the application and a reload alike."""

from __future__ import annotations

from pathlib import Path

import pytest
from marshmallow import ValidationError, validates, validates_schema

from mockserver import DocumentError, create_app
from mockserver.checks.judging import SchemaClass
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.documents.file_states import look_at
from mockserver.schemas import CustomerSchema
from mockserver.stub.settings import Settings
from tests.support.files import Write

RECORD = "schema: Customer\nrecords:\n- {PersonalId: b, Sex: 1}\n"
ANSWER = "answers: [{name: a, operation: getCustomer, when: {id: b}, reply: %s}]"
HTML = ANSWER % "{headers: {Content-Type: text/html}}"
LATER = ANSWER % "{sequence: [{headers: {Content-Type: text/html}}, {delay: 0}]}"


class Comparing(CustomerSchema):
    @validates_schema
    def compare(self, data: dict[str, object], **_: object) -> None:
        if data["Sex"] == 1 and data["PersonalId"] == "b":
            raise ValidationError("b is not male", "Sex")


class Looking(CustomerSchema):
    @validates("Sex")
    def look(self, value: object, **_: object) -> None:
        if value == 1:
            raise ValidationError("nobody is male")


class Deciding(CustomerSchema):
    def validate(self, data: object, **_: object) -> dict[str, list[str]]:
        return {"Sex": ["nobody is male"]} if isinstance(data, dict) and data["PersonalId"] == "b" else {}


ROWS: list[tuple[str, SchemaClass, str]] = [
    (RECORD + HTML, CustomerSchema, "Content-Type is 'text/html', the contract allows application/json and text/json"),
    (RECORD + LATER, CustomerSchema, "Content-Type is 'text/html', the contract allows application/json and text/json"),
    (RECORD, Comparing, "Sex is 1, b is not male"),
    (RECORD, Looking, "Sex is 1, nobody is male"),
    (RECORD, Deciding, "Sex is 1, nobody is male"),
]


@pytest.mark.parametrize(("text", "customer", "rule"), ROWS)
def test_record_whose_answer_would_fail_stops_the_start(
    text: str, customer: SchemaClass, rule: str, write: Write
) -> None:
    folder = write("a.yaml", text)

    with pytest.raises(DocumentError) as caught:
        create_app(fixtures=folder, schemas={"Customer": customer})

    [line] = [each for each in caught.value.lines if "a.yaml" in each]
    assert line.startswith(f"{folder}/a.yaml:3:1: getCustomer 200: {rule}")


def test_body_files_are_named_so_that_their_save_is_seen(write: Write) -> None:
    write("a.json", '{"Message": "a"}')
    other = "{name: o, operation: getCustomer, when: {id: o}, reply: {status: 500, body_file: a.json}}"
    folder = write("a.yaml", RECORD + HTML.replace("[{", f"[{other}, {{"))

    with pytest.raises(DocumentError) as caught:
        load_checked_stub(Settings(fixtures=folder))

    assert caught.value.files == (look_at(folder / "a.json"),)


def test_shipped_stub_has_no_problems(tmp_path: Path) -> None:
    assert load_checked_stub(Settings()).warnings == ()
    assert load_checked_stub(Settings(fixtures=tmp_path, on_breach="warn")).fixtures.records == ()
