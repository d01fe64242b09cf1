"""What is generated is held against its class before a stub serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mockserver import DocumentError, create_app
from mockserver.checks.judging import SchemaClass
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.http.messages import Request
from mockserver.schemas import HttpErrorSchema
from mockserver.stub.settings import Settings
from tests.support.files import Write

HOSTS = """\
openapi: 3.1.0
info: {title: Hosts, version: "1"}
paths:
  /Hosts/{name}:
    get:
      operationId: getHost
      parameters:
        - {name: name, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Name}}
      responses:
        "200": {description: Found., content: {application/json: {schema: {$ref: "#/components/schemas/Host"}}}}
        "409": {description: Busy., content: {application/json: {schema: {$ref: "#/components/schemas/Busy"}}}}
components:
  schemas:
    Host:
      type: object
      required: [Name, Value]
      properties:
        Name: {type: string, pattern: "^[a-z]$"}
        Value: VALUE
        Secret: {type: string, writeOnly: true}
    Busy:
      required: [Reason]
      properties: {Reason: REASON}
"""


def make_host(value: fields.Field[Any], **methods: Any) -> type[Schema]:
    """Return a class for hosts with a field for `Value`."""
    meta = type("Meta", (Schema.Meta,), {"unknown": RAISE})
    name = fields.String(required=True, validate=validate.Length(max=1))
    members = {"Meta": meta, "Name": name, "Value": value, "Secret": fields.String(load_only=True)}
    return type("HostSchema", (Schema,), members | methods)


class BusySchema(Schema):
    Reason = fields.String(required=True, validate=validate.Length(max=40))


class Comparing(Schema):
    Name = fields.Raw()
    Value = fields.Raw(required=True)

    @validates_schema
    def compare(self, data: object, **_: object) -> None:
        raise ValidationError("No host will do.")


def write_empty(write: Write) -> Path:
    return write("mine/none.yaml", "answers: []") / "mine"


def write_contract(write: Write, value: str, reason: str = "{type: string}") -> Path:
    return write("hosts.yaml", HOSTS.replace("VALUE", value).replace("REASON", reason)) / "hosts.yaml"


def load(write: Write, value: str, host: SchemaClass, reason: str = "{type: string}", **settings: Any) -> Any:
    contract = write_contract(write, value, reason)
    empty = write_empty(write)
    schemas: dict[str, SchemaClass] = {"Host": host, "Busy": BusySchema, "HttpError": HttpErrorSchema}
    return load_checked_stub(Settings(contract=contract, fixtures=empty, **settings), schemas)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("{type: string, format: ipv4}", fields.IPv4()),
        ("{type: string, format: ipv6}", fields.IPv6()),
        ("{type: string, format: time}", fields.Time()),
        ("{type: string, format: date}", fields.Date()),
        ("{type: string, format: date-time}", fields.AwareDateTime()),
        ("{type: string, format: date-time-local}", fields.NaiveDateTime()),
        ("{type: string, format: email}", fields.Email()),
        ("{type: string, format: idn-email}", fields.Email()),
        ("{type: string, format: uri}", fields.Url()),
        ("{type: string, format: uuid}", fields.UUID()),
        ("{type: string, format: decimal}", fields.Decimal()),
        ("{type: integer, format: uint8}", fields.Integer(strict=True, validate=validate.Range(0, 255))),
        ("{type: string, enum: [a, b]}", fields.String(validate=validate.OneOf(["a", "b"]))),
        ("{type: string, examples: [a1]}", fields.String()),
    ],
)
def test_generated_value_is_taken_by_its_class(value: str, field: fields.Field[Any], write: Write) -> None:
    stub = load(write, value, make_host(field))

    plans = [stub.planner.plan(Request("GET", f"/Hosts/{name}")) for name in "abcdefgh"]

    assert [(plan.reply.status, plan.alarm, b"Secret" in plan.reply.body) for plan in plans] == [(200, None, False)] * 8


IN = "19:9: In a generated Host, Value is"
REMEDY = "Change the contract or the class, give examples, or serve --source fixtures."


@pytest.mark.parametrize(
    ("value", "host", "problem"),
    [
        (
            "{type: string}",
            make_host(fields.IPv4()),
            f"{IN} 'timber cloud apple', not a valid IPv4 address",
        ),
        ("{type: string, maxLength: 1}", make_host(fields.Integer()), IN),
        (
            "{type: string, const: a}",
            make_host(fields.Time()),
            "19:9: In a generated Host, Value is 'a', not a valid time",
        ),
        (
            "{type: [string, 'null'], const: null}",
            make_host(fields.String()),
            "19:9: In a generated Host, Value is null",
        ),
        ("{type: string}", Comparing, "14:5: In a generated Host, the body is {"),
        (
            "{type: object, properties: {A: {const: b}}}",
            make_host(fields.Dict(values=fields.Integer())),
            "19:9: In a generated Host, ",
        ),
    ],
)
def test_class_that_refuses_what_is_generated_stops_the_start(
    value: str, host: SchemaClass, problem: str, write: Write
) -> None:
    with pytest.raises(DocumentError) as caught:
        load(write, value, host)

    [line] = caught.value.lines
    assert line.partition("hosts.yaml:")[2].startswith(problem)
    assert line.endswith(f", by the class that checks it. {REMEDY}")


def test_generated_body_of_a_status_is_checked(write: Write) -> None:
    host = make_host(fields.String())

    with pytest.raises(DocumentError) as caught:
        load(write, "{type: string}", host, "{type: string, minLength: 41}")

    [line] = caught.value.lines
    assert "hosts.yaml:11:9: getHost 409: Reason is '" in line
    assert load(write, "{type: string}", host, "{type: string, maxLength: 40}").warnings == ()


def test_breach_with_warn_is_a_warning(write: Write) -> None:
    stub = load(write, "{type: string, const: a}", make_host(fields.Time()), on_breach="warn")

    [warning] = map(str, stub.warnings)
    assert "hosts.yaml:19:9: In a generated Host, Value is 'a', not a valid time" in warning
    assert stub.planner.plan(Request("GET", "/Hosts/a")).reply.status == 200


def test_nothing_is_generated_on_trial_from_fixtures_alone(write: Write) -> None:
    stub = load(write, "{type: string, const: a}", make_host(fields.Time()), source="fixtures")

    assert stub.warnings == ()


def test_reload_and_application_check_too(write: Write) -> None:
    contract = write_contract(write, "{type: string, const: a}")
    schemas: dict[str, SchemaClass] = {"Host": make_host(fields.Time()), "Busy": BusySchema}

    with pytest.raises(DocumentError, match="not a valid time"):
        create_app(contract=contract, schemas=schemas, fixtures=write_empty(write))


def test_operation_without_records_has_nothing_to_try(write: Write) -> None:
    text = HOSTS.replace(', content: {application/json: {schema: {$ref: "#/components/schemas/Host"}}}', "")
    contract = write("hosts.yaml", text.replace("REASON", "{}").replace("VALUE", "{}")) / "hosts.yaml"
    plain = contract.read_text(encoding="utf-8").replace(", x-mock-selects: {member: Name}", "")
    contract.write_text(plain, encoding="utf-8")

    stub = load_checked_stub(Settings(contract=contract, fixtures=write_empty(write)), {"Busy": BusySchema})

    assert stub.warnings == ()
