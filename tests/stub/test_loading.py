"""A stub is put together from files and settings that fit each other, or is not started."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

from mockserver import DocumentError, StartError
from mockserver.http.messages import Request
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from tests.support.files import Write
from tests.support.stubs import load_stub

SHIPPED = Path(__file__).parents[2] / "openapi.yaml"

CODES = """\
openapi: 3.1.0
info: {title: Codes, version: "1"}
paths:
  /Codes/{code}:
    get:
      operationId: getCode
      parameters:
        - {name: code, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Code}}
      responses:
        "200": {description: Found., content: {application/json: {schema: {$ref: "#/components/schemas/Code"}}}}
        "404": {description: Not found.}
components:
  schemas:
    Code:
      type: object
      properties:
        Code: {type: string, pattern: "^[A-Z]{3}$"}
        Check: {type: string%s}
"""
"""A contract whose key could not be generated, were it not in the request."""


def find_line(component: str) -> int:
    """Return the line of a component of the shipped contract."""
    return SHIPPED.read_text(encoding="utf-8").splitlines().index(f"    {component}:") + 1


NO_VALUE = CODES % ', pattern: "^[0-9]$"'
CONSTANT = CODES % ", const: x"


class CodeSchema(Schema):
    Code = fields.String(required=True)
    Check = fields.String(required=True)


NOT_A_CLASS = "is not a marshmallow class. Give the class itself, not an instance."
NO_CLASS = (
    "has no marshmallow class that could check it."
    " Give create_app(schemas={name: class}) one, or refer to a component that has one."
)
NO_EXAMPLES = "Give it examples, or serve --source fixtures."
CLASSES: dict[str, type[Schema]] = {"Code": CodeSchema, "HttpError": HttpErrorSchema}


def test_defaults_are_the_shipped_stub() -> None:
    stub = load_stub()

    assert (stub.contract.title, stub.contract_path) == ("Q-Flow Customers", SHIPPED)
    assert (stub.roots, stub.prefix) == (("/API", ""), "/__mock")
    assert stub.fixtures.files == ("fixtures/answers.yaml", "fixtures/customers.yaml")
    assert stub.fixtures.warnings == ()


def test_base_path_replaces_the_roots_of_the_contract() -> None:
    stub = load_stub(base_path="/v1/")

    statuses = [stub.planner.plan(Request("GET", f"{root}/Customers/1")).reply.status for root in ("/v1", "/API", "")]

    assert (stub.roots, statuses) == (("/v1",), [200, 404, 404])


def test_seed_may_be_a_number_or_text() -> None:
    plans = [load_stub(seed=seed).planner.plan(Request("GET", "/Customers/1")) for seed in (7, "7", "0")]

    assert plans[0] == plans[1] != plans[2]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"locale": "en_UX"}, "locale: Faker has no locale 'en_UX'. Use one that it has, such as 'en_US'."),
        (
            {"utc_offset": "10"},
            (
                "utc_offset: '10' is not an offset from UTC. Write +hh:mm or -hh:mm within -14:00 to +14:00, "
                "such as '+10:00'."
            ),
        ),
        (
            {"fixtures": "no/such"},
            "fixtures: no/such: there is no such folder or file. Name the folder of the fixtures.",
        ),
        (
            {"schemas": {"Custmer": CustomerSchema}},
            "schemas has a class for 'Custmer', which is not a component of openapi.yaml; did you mean 'Customer'?",
        ),
        (
            {"schemas": {"Branch": CustomerSchema}},
            "schemas has a class for 'Branch', which is not a component of openapi.yaml. Name one of its components.",
        ),
        *(
            (
                {"schemas": {"Customer": given}},
                f"schemas has {given!r} for Customer, which {NOT_A_CLASS}",
            )
            for given in ("CustomerSchema", CustomerSchema(), int)
        ),
        *(
            (
                {"prefix": prefix},
                f"prefix: {prefix!r} is where getCustomer is. Write a path of its own, such as /__mock.",
            )
            for prefix in ("/API/Customers", "/customers", "/Customers/x")
        ),
    ],
)
def test_setting_that_does_not_fit_stops_the_start(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(StartError) as caught:
        load_stub(**settings)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "classes", "finding"),
    [
        *(
            (
                SHIPPED.read_text(encoding="utf-8").replace(component, "Thing"),
                {},
                f"{find_line(component)}:5: The component Thing {NO_CLASS}",
            )
            for component in ("Customer", "HttpError")
        ),
        (
            NO_VALUE,
            CLASSES,
            f"18:9: No value can be generated for Check of Code. {NO_EXAMPLES}",
        ),
        (
            CONSTANT.replace("type: object", "type: object\n      minProperties: 9"),
            CLASSES,
            f"14:5: No value can be generated for Code as a whole. {NO_EXAMPLES}",
        ),
        (
            CONSTANT.replace("Not found.", "Not found., headers: {X-A: {required: true, schema: {pattern: '^a$'}}}"),
            CLASSES,
            "11:9: No value can be generated for the header X-A of 404. Give it an example.",
        ),
    ],
)
def test_contract_without_class_or_value_stops_the_start(
    text: str, classes: dict[str, type[Schema]], finding: str, write: Write
) -> None:
    contract = write("codes.yaml", text) / "codes.yaml"

    with pytest.raises(DocumentError) as caught:
        load_stub(contract=contract, schemas=classes)

    assert str(caught.value) == f"{contract}:{finding}"


EXAMPLE = "example: {Code: 5, Check: x}"
MISFIT = "example: {Code: abc}"


@pytest.mark.parametrize(
    ("old", "new", "finding", "stops"),
    [
        ('schema: {$ref: "#/', f'{EXAMPLE}, schema: {{$ref: "#/', "10:83: Code is 5, not a valid string.", True),
        ("Code:\n      type", f"Code:\n      {MISFIT}\n      type", "15:23: Code of the example is 'abc', and", False),
        (
            "in: path,",
            "in: path, example: [a],",
            '8:43: The example is ["a"], and',
            False,
        ),
    ],
)
@pytest.mark.parametrize("on_breach", ["refuse", "warn"])
def test_example_that_is_sent_keeps_the_contract(
    old: str, new: str, finding: str, *, stops: bool, on_breach: str, write: Write
) -> None:
    assert old in CONSTANT
    contract = write("codes.yaml", CONSTANT.replace(old, new, 1)) / "codes.yaml"
    fixtures = write("mine/codes.yaml", "schema: Code\nrecords: []") / "mine"

    if stops and on_breach == "refuse":
        with pytest.raises(DocumentError) as caught:
            load_stub(contract=contract, fixtures=fixtures, schemas=CLASSES)
        told = list(caught.value.problems)
    else:
        told = list(load_stub(contract=contract, fixtures=fixtures, schemas=CLASSES, on_breach=on_breach).warnings)

    assert [str(each).startswith(f"{contract}:{finding}") for each in told] == [True], told


@pytest.mark.parametrize(
    ("text", "source", "expected"),
    [(NO_VALUE, "fixtures", b'{"Code":"ABC","Check":"1"}'), (CONSTANT, "generated", b'{"Code":"ABC","Check":"x"}')],
    ids=["nothing is generated", "the request gives the key"],
)
def test_value_that_is_not_needed_may_be_missing(text: str, source: str, expected: bytes, write: Write) -> None:
    contract = write("codes.yaml", text) / "codes.yaml"
    fixtures = write("mine/codes.yaml", "schema: Code\nrecords: [{Code: ABC, Check: '1'}]") / "mine"

    planner = load_stub(contract=contract, fixtures=fixtures, schemas=CLASSES, source=source).planner

    assert planner.plan(Request("GET", "/Codes/ABC")).reply.body == expected
    # The class for errors checks them, though this contract does not declare any.
    assert planner.plan(Request("GET", "/nowhere")).reply.status == 404


@pytest.mark.parametrize("is_shipped", [True, False])
def test_shipped_fixtures_that_do_not_fit_are_named(is_shipped: bool, write: Write) -> None:
    contract = write("codes.yaml", CONSTANT) / "codes.yaml"
    own = {} if is_shipped else {"fixtures": write("mine/a.yaml", "schema: Customer\nrecords: []") / "mine"}

    with pytest.raises(DocumentError) as caught:
        load_stub(contract=contract, schemas=CLASSES, **own)

    hint = "fixtures:1:1: These are the shipped fixtures, which do not fit this contract."
    hints = [each for each in map(str, caught.value.problems) if "shipped fixtures" in each]
    assert hints == [f"{hint} Name others with --fixtures; an empty folder will do."] * is_shipped


@pytest.mark.parametrize("on_breach", ["refuse", "warn"])
def test_fixture_breach_is_refused_or_warned_about(on_breach: str, write: Write) -> None:
    folder = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: a, Sex: 64}]")
    told = f"{folder}/a.yaml:2:32: Sex is 64, the contract allows 0 to 2. Change the record or the contract."

    if on_breach == "refuse":
        with pytest.raises(DocumentError) as caught:
            load_stub(fixtures=folder)
        assert str(caught.value) == told
    else:
        stub = load_stub(fixtures=folder, on_breach="warn")
        reply = stub.planner.plan(Request("GET", "/Customers/a")).reply
        assert list(map(str, stub.fixtures.warnings)) == [told]
        assert (reply.status, reply.header("X-Mock-Breach")) == (200, "Sex")
