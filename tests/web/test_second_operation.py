"""Another operation with a class and fixtures of its own, served without touching a module."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mockserver.documents.nodes import Json
from mockserver.documents.problems import DocumentError
from mockserver.stub.loading import load_stub
from mockserver.web.app import create_app

Write = Callable[[str, str], Path]

BRANCH_ID: dict[str, Json] = {
    "name": "branchId",
    "in": "path",
    "required": True,
    "schema": {"type": "integer", "format": "int32"},
}
REGION: dict[str, Json] = {"name": "region", "in": "query", "schema": {"type": "string", "default": ""}}

PATH: Json = {
    "get": {
        "operationId": "getBranch",
        "parameters": [
            BRANCH_ID | {"x-mock-selects": {"member": "BranchId"}},
            REGION | {"x-mock-selects": {"member": "Region", "unless": ""}},
        ],
        "responses": {
            "200": {
                "description": "The branch.",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Branch"}}},
            },
            "404": {"description": "No such branch."},
        },
    },
    "delete": {
        "operationId": "closeBranch",
        "parameters": [BRANCH_ID],
        "responses": {"204": {"description": "It is closed."}},
    },
}

COMPONENT: Json = {
    "type": "object",
    "additionalProperties": False,
    "required": ["BranchId", "Name", "Region", "OpenedOn", "Services", "Desks"],
    "properties": {
        "BranchId": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 999},
        "Name": {"type": "string", "minLength": 1, "maxLength": 40},
        "Region": {"type": "string", "enum": ["North", "South"]},
        "OpenedOn": {"type": ["string", "null"], "format": "date"},
        "Services": {"type": "array", "items": {"type": "string", "maxLength": 20}, "maxItems": 5},
        "Desks": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
}

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
    """The shipped contract with one path more."""
    document = copy.deepcopy(dict(load_stub().contract.document))
    paths, components = document["paths"], document["components"]
    assert isinstance(paths, dict)
    assert isinstance(components, dict)
    assert isinstance(components["schemas"], dict)
    paths["/Branches/{branchId}"] = PATH
    components["schemas"]["Branch"] = COMPONENT
    file = tmp_path / "contract.yaml"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def client(contract: Path, write: Write) -> FlaskClient:
    write("customers.yaml", "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada}]")
    fixtures = write("branches.yaml", BRANCHES)
    return create_app(contract=contract, fixtures=fixtures, schemas={"Branch": BranchSchema}).test_client()


HARBOUR_STREET = {
    "BranchId": 7,
    "Name": "Harbour Street",
    "Region": "North",
    "OpenedOn": "2019-02-28",
    "Services": ["passports", "permits"],
    "Desks": {"ground": 4},
}


@pytest.mark.parametrize(
    "target", ["/Branches/7", "/API/branches/7/", "/Branches/0x7", "/Branches/7?region=", "/Branches/7?region=North"]
)
def test_record_of_another_operation_is_served(client: FlaskClient, target: str) -> None:
    response = client.get(target)

    assert (response.status_code, response.headers["X-Mock-Source"]) == (200, "record files/branches.yaml:3")
    assert json.loads(response.data) == HARBOUR_STREET
    assert list(json.loads(response.data)) == list(HARBOUR_STREET)


@pytest.mark.parametrize(
    ("target", "source", "region"),
    [
        ("/Branches/7?region=South", "generated", "South"),
        ("/Branches/8?region=South", "record files/branches.yaml:9", "South"),
        ("/Branches/8?region=North", "record files/branches.yaml:9", "North"),
        ("/Branches/500?region=South", "generated", "South"),
    ],
)
def test_filter_comes_back_as_asked(client: FlaskClient, target: str, source: str, region: str) -> None:
    response = client.get(target)

    assert (response.headers["X-Mock-Source"], json.loads(response.data)["Region"]) == (source, region)


@pytest.mark.parametrize("number", [8, 500])
def test_filter_left_open_is_generated_where_its_value_is_none_of_the_member(client: FlaskClient, number: int) -> None:
    response = client.get(f"/Branches/{number}")

    body = json.loads(response.data)
    assert (response.status_code, body["BranchId"]) == (200, number)
    assert BranchSchema().validate(body) == {}


@pytest.mark.parametrize("target", ["/Branches/0", "/Branches/1000", "/Branches/8?region=Mars", "/Branches/7?region=x"])
def test_branch_that_cannot_be_is_not_found(client: FlaskClient, target: str) -> None:
    response = client.get(target)

    assert (response.status_code, response.data, response.headers["X-Mock-Source"]) == (404, b"", "no record")


@pytest.mark.parametrize("text", ["x", "1.0", "2147483648", "%20"])
def test_path_parameter_that_cannot_be_bound_is_refused(client: FlaskClient, text: str) -> None:
    response = client.get(f"/Branches/{text}")

    assert (response.status_code, response.data) == (400, b'{"Message":"The request is invalid."}')


def test_generated_branches_satisfy_their_contract(client: FlaskClient) -> None:
    bodies = [json.loads(client.get(f"/Branches/{number}").data) for number in range(20, 220)]

    assert [BranchSchema().validate(body) for body in bodies] == [{}] * 200
    assert len({json.dumps(body | {"BranchId": 0}) for body in bodies}) > 190


@pytest.mark.parametrize(
    ("target", "status"), [("/Branches/9?region=South", 503), ("/Branches/10?region=South", 503), ("/Branches/9", 200)]
)
def test_answer_of_another_operation_is_given(client: FlaskClient, target: str, status: int) -> None:
    response = client.get(target)

    assert (response.status_code, response.headers.get("Retry-After")) == (status, "60" if status == 503 else None)


def test_operation_without_content_answers_with_its_status(client: FlaskClient) -> None:
    response = client.delete("/Branches/7")

    assert (response.status_code, response.data, response.headers["X-Mock-Source"]) == (204, b"", "contract")


def test_every_method_of_the_path_is_allowed_in_a_405(client: FlaskClient) -> None:
    response = client.post("/Branches/7")

    assert (response.status_code, response.headers.getlist("Allow")) == (405, ["GET", "DELETE"])


def test_first_operation_is_served_as_before(client: FlaskClient) -> None:
    body = json.loads(client.get("/Customers/a").data)

    assert (body["PersonalId"], body["FirstName"], len(body)) == ("a", "Ada", 16)


def test_answers_that_are_added_are_those_of_their_operations(client: FlaskClient) -> None:
    sent = [
        {"name": "closed", "operation": "closeBranch", "reply": {"status": 409}},
        {"name": "far", "operation": "getBranch", "when": {"region": "South"}, "reply": {"status": 502}},
        {"name": "ill", "operation": "getCustomer", "reply": {"status": 501}},
    ]
    asked = [
        ("DELETE", "/Branches/7"),
        ("GET", "/Branches/7"),
        ("GET", "/Branches/7?region=South"),
        ("GET", "/Branches/9?region=South"),
        ("GET", "/Customers/a"),
    ]

    def ask() -> list[int]:
        return [client.open(target, method=method).status_code for method, target in asked]

    before = ask()
    added = client.post("/__mock/answers", json=sent)
    given = ask()
    client.delete("/__mock/answers/ill")

    assert added.status_code == 201
    assert (before, given, ask()) == ([204, 200, 200, 503, 200], [409, 200, 502, 502, 501], [409, 200, 502, 502, 200])


def test_answer_that_is_added_is_held_against_its_own_operation(client: FlaskClient) -> None:
    sent = [
        {"name": "a", "operation": "closeBranch", "reply": {"status": 204, "headers": {"X-Region": "{region}"}}},
        {"name": "b", "operation": "getBranch", "reply": {"body": {**HARBOUR_STREET, "BranchId": "{branchId}"}}},
        {"name": "c", "operation": "getBranch", "when": {"id": "a"}, "reply": {"status": 404}},
    ]

    response = client.post("/__mock/answers", json=sent)

    unknown = "{region} is no parameter of closeBranch."
    assert json.loads(response.data)["Problems"] == [
        f"#/0/reply/headers/X-Region: {unknown} Write one of branchId. {{{{region}}}} stands for the text {{region}}.",
        "#/2/when/id: getBranch has no parameter 'id'. Write one of branchId, region, headers, call, parameters.",
    ]
    assert client.post("/__mock/answers", json=sent[1:2]).status_code == 201
    assert json.loads(client.get("/Branches/9").data) == {**HARBOUR_STREET, "BranchId": 9}


def test_run_time_breach_names_the_operation(contract: Path, write: Write) -> None:
    class Stricter(BranchSchema):
        @validates_schema
        def refuse(self, _data: object, *, partial: bool | None, **_: object) -> None:
            if not partial:
                raise ValidationError("Too many desks.", "Desks")

    fixtures = write("branches.yaml", BRANCHES)
    client = create_app(contract=contract, fixtures=fixtures, schemas={"Branch": Stricter}).test_client()

    response = client.get("/Branches/7")

    detail = 'getBranch 200: Desks is {"ground": 4}, too many desks (files/branches.yaml:8)'
    assert (response.status_code, json.loads(response.data)["MessageDetail"]) == (500, detail)


def test_faults_of_its_records_are_found_at_the_start(contract: Path, write: Write) -> None:
    fixtures = write("branches.yaml", "schema: Branch\nrecords: [{BranchId: 1000, Region: West, Nmae: x}]")

    with pytest.raises(DocumentError) as caught:
        create_app(contract=contract, fixtures=fixtures, schemas={"Branch": BranchSchema})

    assert [(fault.place.line, fault.place.column, fault.text.split(",")[0]) for fault in caught.value.problems] == [
        (2, 22, "BranchId is 1000"),
        (2, 36, "Region is 'West'"),
        (2, 42, "Nmae is 'x'"),
    ]


def test_component_without_a_class_stops_the_start(contract: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        create_app(contract=contract)

    finding = "The component Branch has no marshmallow class, so nothing could check it."
    remedy = "Give create_app(schemas={name: class}) one, or refer to a component that has one."
    assert str(caught.value) == f"{contract}:1:1: {finding} {remedy}"
