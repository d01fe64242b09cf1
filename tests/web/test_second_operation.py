"""Another operation with a class and fixtures of its own, served without a change of any module."""

import copy
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mockserver.documents.yaml_text import parse_document
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.problems import list_problems
from tests.support.stubs import load_stub

PATH = """\
get:
  operationId: getBranch
  parameters:
  - name: branchId
    in: path
    required: true
    schema: {type: integer, format: int32}
    x-mock-selects: {member: BranchId}
  - {name: region, in: query, schema: {type: string, default: ""}, x-mock-selects: {member: Region, unless: ""}}
  responses:
    "200": {description: The branch., content: {application/json: {schema: {$ref: "#/components/schemas/Branch"}}}}
    "404": {description: No such branch.}
delete:
  operationId: closeBranch
  parameters: [{name: branchId, in: path, required: true, schema: {type: integer, format: int32}}]
  responses: {"204": {description: It is closed.}}
"""
COMPONENT = """\
type: object
additionalProperties: false
required: [BranchId, Name, Region, OpenedOn, Services, Desks]
properties:
  BranchId: {type: integer, format: int32, minimum: 1, maximum: 999}
  Name: {type: string, minLength: 1, maxLength: 40}
  Region: {type: string, enum: [North, South]}
  OpenedOn: {type: [string, "null"], format: date}
  Services: {type: array, items: {type: string, maxLength: 20}, maxItems: 5}
  Desks: {type: object, additionalProperties: {type: integer}}
"""
BRANCHES = """\
schema: Branch
records:
  - BranchId: 7
    Name: Harbour Street
    Region: North
    OpenedOn: "2019-02-28"
    Services: [passports, permits]
    Desks: {ground: 4}
  - BranchId: 8
    Name: Anywhere
answers:
  - name: flooded
    operation: getBranch
    when: {branchId: [9, 10], region: South}
    reply: {status: 503, headers: {Retry-After: 60}}
"""
HARBOUR_STREET = {
    "BranchId": 7,
    "Name": "Harbour Street",
    "Region": "North",
    "OpenedOn": "2019-02-28",
    "Services": ["passports", "permits"],
    "Desks": {"ground": 4},
}


class BranchSchema(Schema):
    class Meta(Schema.Meta):
        unknown = RAISE

    BranchId = fields.Integer(required=True, strict=True, validate=validate.Range(1, 999))
    Name = fields.String(required=True, validate=validate.Length(1, 40))
    Region = fields.String(required=True, validate=validate.OneOf(["North", "South"]))
    OpenedOn = fields.String(required=True, allow_none=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\d\Z"))
    Services = fields.List(fields.String(validate=validate.Length(max=20)), required=True)
    Desks = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True), required=True)


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """The shipped contract with one more path."""
    document: Any = copy.deepcopy(dict(load_stub().contract.document))
    document["paths"]["/Branches/{branchId}"] = parse_document(PATH, "").to_json()
    document["components"]["schemas"]["Branch"] = parse_document(COMPONENT, "").to_json()
    file = tmp_path / "contract.yaml"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def client(contract: Path, write: Write) -> FlaskClient:
    write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada}]")
    fixtures = write("branches.yaml", BRANCHES)
    return create_app(contract=contract, fixtures=fixtures, schemas={"Branch": BranchSchema}).test_client()


@pytest.mark.parametrize("rest", ["/7", "/7/", "/0x7", "/7?region=", "/7?region=North"])
def test_record_is_served(client: FlaskClient, rest: str) -> None:
    response = client.get(f"/API/branches{rest}")

    assert (response.status_code, response.headers["X-Mock-Source"]) == (200, "record files/branches.yaml:3")
    assert list(json.loads(response.data).items()) == list(HARBOUR_STREET.items())


@pytest.mark.parametrize(
    ("target", "source", "region"),
    [
        ("/Branches/7?region=South", "generated", "South"),
        ("/Branches/8?region=South", "record files/branches.yaml:9", "South"),
        ("/Branches/8?region=North", "record files/branches.yaml:9", "North"),
        ("/Branches/8", "record files/branches.yaml:9", None),
        ("/Branches/500?region=South", "generated", "South"),
        ("/Branches/500", "generated", None),
    ],
)
def test_filter_comes_back_as_asked(client: FlaskClient, target: str, source: str, region: str | None) -> None:
    response = client.get(target)

    body = json.loads(response.data)
    assert (response.headers["X-Mock-Source"], BranchSchema().validate(body)) == (source, {})
    assert region in (None, body["Region"])


@pytest.mark.parametrize(
    ("method", "target", "status", "source", "header"),
    [
        # A branch that cannot be.
        *(
            ("GET", f"/Branches/{each}", 404, "no record", None)
            for each in ("0", "1000", "8?region=Mars", "7?region=x")
        ),
        # A path parameter that cannot be bound.
        *(("GET", f"/Branches/{each}", 400, "framework", None) for each in ("x", "1.0", "2147483648", "%20")),
        *(("GET", f"/Branches/{each}", 503, "answer flooded", "60") for each in ("9?region=South", "10?region=South")),
        ("GET", "/Branches/9", 200, "generated", None),
        ("DELETE", "/Branches/7", 204, "contract", None),
        ("POST", "/Branches/7", 405, "framework", ["GET", "DELETE"]),
        ("GET", "/Customers/a", 200, "record files/customers.yaml", None),
    ],
)
def test_request_is_answered_by_its_operation(
    client: FlaskClient, method: str, target: str, status: int, source: str, header: str | list[str] | None
) -> None:
    response = client.open(target, method=method)

    assert (response.status_code, response.headers["X-Mock-Source"].startswith(source)) == (status, True)
    given = response.headers.get("Retry-After") or response.headers.getlist("Allow") or None
    assert given == header
    assert (response.data == b"") is (status in (204, 404, 503))


def test_generated_branches_satisfy_their_contract(client: FlaskClient) -> None:
    bodies = [json.loads(client.get(f"/Branches/{number}").data) for number in range(20, 220)]

    assert [BranchSchema().validate(body) for body in bodies] == [{}] * 200
    assert len({json.dumps(body | {"BranchId": 0}) for body in bodies}) > 190


def test_added_answers_belong_to_their_operations(client: FlaskClient) -> None:
    sent = [
        {"name": "closed", "operation": "closeBranch", "reply": {"status": 409}},
        {"name": "far", "operation": "getBranch", "when": {"region": "South"}, "reply": {"status": 502}},
        {"name": "ill", "operation": "getCustomer", "reply": {"status": 501}},
    ]
    asked = ("DELETE 7", "GET 7", "GET 7?region=South", "GET 9?region=South")

    def ask() -> list[int]:
        pairs = [each.split() for each in asked]
        statuses = [client.open(f"/Branches/{rest}", method=method).status_code for method, rest in pairs]
        return [*statuses, client.get("/Customers/a").status_code]

    before = ask()
    client.post("/__mock/answers", json=sent)
    given = ask()
    client.delete("/__mock/answers/ill")

    assert (before, given, ask()) == ([204, 200, 200, 503, 200], [409, 200, 502, 502, 501], [409, 200, 502, 502, 200])


def test_added_answer_is_held_against_its_own_operation(client: FlaskClient) -> None:
    sent = [
        {"name": "a", "operation": "closeBranch", "reply": {"status": 204, "headers": {"X-Region": "{region}"}}},
        {"name": "b", "operation": "getBranch", "reply": {"body": {**HARBOUR_STREET, "BranchId": "{branchId}"}}},
        {"name": "c", "operation": "getBranch", "when": {"id": "a"}, "reply": {"status": 404}},
    ]

    problems = json.loads(client.post("/__mock/answers", json=sent).data)["Problems"]
    added = client.post("/__mock/answers", json=sent[1:2])

    assert [each.partition(": ")[0] for each in problems] == ["#/0/reply/headers/X-Region", "#/2/when/id"]
    assert "of closeBranch" in problems[0]
    assert "getBranch has no parameter 'id'" in problems[1]
    assert added.status_code == 201
    assert json.loads(client.get("/Branches/9").data) == {**HARBOUR_STREET, "BranchId": 9}


class Stricter(BranchSchema):
    @validates_schema
    def refuse(self, data: Mapping[str, object], **_: object) -> None:
        if data["BranchId"] in (7, 9):
            raise ValidationError("Too many desks.", "Desks")


def test_breach_names_the_operation(contract: Path, write: Write) -> None:
    fixtures = write("branches.yaml", "schema: Branch\nrecords: []")
    client = create_app(contract=contract, fixtures=fixtures, schemas={"Branch": Stricter}).test_client()

    response = client.get("/Branches/9")

    assert response.status_code == 500
    assert re.fullmatch(
        r"getBranch 200: Desks is .*, too many desks \(generated\)", json.loads(response.data)["MessageDetail"]
    )


def test_breach_of_several_members_stops_the_start(contract: Path, write: Write) -> None:
    fixtures = write("branches.yaml", BRANCHES)

    problems = list_problems(create_app, contract=contract, fixtures=fixtures, schemas={"Branch": Stricter})

    detail = 'getBranch 200: Desks is {"ground": 4}, too many desks (files/branches.yaml:8)'
    by = "by record files/branches.yaml:3. Change that or the contract."
    assert problems == [f"{fixtures}/branches.yaml:3:1: {detail}, {by}"]


def test_record_problems_are_found_at_the_start(contract: Path, write: Write) -> None:
    fixtures = write("branches.yaml", "schema: Branch\nrecords: [{BranchId: 1000, Region: West, Nmae: x}]")

    problems = list_problems(create_app, contract=contract, fixtures=fixtures, schemas={"Branch": BranchSchema})

    starts = [f"{fixtures}/branches.yaml:2:{rest}" for rest in ("22: BranchId", "36: Region", "42: Nmae")]
    assert [line.partition(" is ")[0] for line in problems] == starts
