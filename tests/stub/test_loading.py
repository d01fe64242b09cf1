"""What a stub is put together from, and what stops it before it starts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, fields

import mockserver
from mockserver.documents.problems import DocumentError, StartError
from mockserver.http.messages import Request
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from mockserver.stub.loading import load_stub

Write = Callable[[str, str], Path]

# An operation whose records have a key that nothing could be generated for, were it not in the request.
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


class CodeSchema(Schema):
    Code = fields.String(required=True)
    Check = fields.String(required=True)


CLASSES: dict[str, type[Schema]] = {"Code": CodeSchema, "HttpError": HttpErrorSchema}


def test_stub_without_arguments_is_the_shipped_one() -> None:
    stub = load_stub()

    assert (stub.contract.title, stub.roots, stub.prefix) == ("Q-Flow Customers", ("/API", ""), "/__mock")
    assert stub.fixtures.files == ("fixtures/answers.yaml", "fixtures/customers.yaml")
    assert stub.fixtures.warnings == ()
    assert stub.settings == {
        "source": "auto",
        "seed": "0",
        "locale": "en_US",
        "utc_offset": "+10:00",
        "on_breach": "refuse",
        "model_state": "contract",
        "missing": "empty",
        "error_detail": False,
        "refuse_unacceptable": False,
        "strict": False,
        "host_headers": True,
    }


def test_shipped_files_are_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    stub = load_stub()

    assert stub.contract_path == Path(mockserver.__file__).parents[1] / "openapi.yaml"


@pytest.mark.parametrize(
    ("base_path", "roots"),
    [
        ("/", ("",)),
        ("/v1", ("/v1",)),
        ("/v1/", ("/v1",)),
        (["/v1", "/", "/v1/"], ("/v1", "")),
        ([], ("/API", "")),
        ((), ("/API", "")),
        ("/q/flow/API", ("/q/flow/API",)),
    ],
)
def test_base_path_replaces_the_roots_of_the_contract(base_path: str | Sequence[str], roots: tuple[str, ...]) -> None:
    stub = load_stub(base_path=base_path)

    assert stub.roots == roots
    served = [stub.planner.plan(Request("GET", f"{root}/Customers/1")).reply.status for root in roots]
    assert served == [200] * len(roots)


def test_base_path_leaves_no_other_root() -> None:
    planner = load_stub(base_path="/v1").planner

    statuses = [planner.plan(Request("GET", f"{root}/Customers/1")).reply.status for root in ("/v1", "/API", "")]

    assert statuses == [200, 404, 404]


@pytest.mark.parametrize(("prefix", "read"), [("/__mock", "/__mock"), ("/stub/", "/stub"), ("/a/b", "/a/b")])
def test_prefix_is_read_without_its_last_slash(prefix: str, read: str) -> None:
    assert load_stub(prefix=prefix).prefix == read


@pytest.mark.parametrize("seed", [7, "7"])
def test_seed_may_be_a_number_or_text(seed: int | str) -> None:
    stub = load_stub(seed=seed)

    request = Request("GET", "/Customers/1")
    assert stub.settings["seed"] == "7"
    assert stub.planner.plan(request) == load_stub(seed="7").planner.plan(request)
    assert stub.planner.plan(request) != load_stub().planner.plan(request)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"source": "fixture"}, "source is 'fixture'; did you mean 'fixtures'?"),
        ({"source": "x"}, "source is 'x'. Write auto or fixtures or generated."),
        ({"on_breach": "warning"}, "on_breach is 'warning'; did you mean 'warn'?"),
        ({"on_breach": "no"}, "on_breach is 'no'. Write refuse or warn."),
        ({"base_path": ""}, "base_path is '', which is no plain path. Write one such as /API."),
        ({"base_path": "API"}, "base_path is 'API', which is no plain path. Write one such as /API."),
        ({"base_path": ["/a", "/b c"]}, "base_path is '/b c', which is no plain path. Write one such as /API."),
        ({"base_path": "//a"}, "base_path is '//a', which is no plain path. Write one such as /API."),
        ({"base_path": "/a/../b"}, "base_path is '/a/../b', which is no plain path. Write one such as /API."),
        ({"base_path": "/{id}"}, "base_path is '/{id}', which is no plain path. Write one such as /API."),
        ({"base_path": "http://a/b"}, "base_path is 'http://a/b', which is no plain path. Write one such as /API."),
        ({"prefix": "mock"}, "prefix is 'mock', which is no plain path. Write one such as /API."),
        ({"prefix": "/"}, "prefix is the root, where the API is. Write a path of its own, such as /__mock."),
        ({"locale": "en_UX"}, "locale: Faker has no locale 'en_UX'. Use one that it has, such as 'en_US'."),
        (
            {"utc_offset": "10"},
            "utc_offset: '10' is no offset from UTC. Write +hh:mm or -hh:mm within -14:00 to +14:00, such as '+10:00'.",
        ),
        (
            {"fixtures": "no/such"},
            "no/such: there is no such folder or file. Name the folder of the fixtures.",
        ),
        (
            {"schemas": {"Custmer": CustomerSchema}},
            "schemas has a class for 'Custmer', which is no component of openapi.yaml; did you mean 'Customer'?",
        ),
        (
            {"schemas": {"Branch": CustomerSchema}},
            "schemas has a class for 'Branch', which is no component of openapi.yaml. Name one of its components.",
        ),
        (
            {"schemas": {"Customer": "CustomerSchema"}},
            "schemas has 'CustomerSchema' for Customer, which is no marshmallow class. Give the class, uncalled.",
        ),
        (
            {"schemas": {"Customer": CustomerSchema()}},
            f"schemas has {CustomerSchema()} for Customer, which is no marshmallow class. Give the class, uncalled.",
        ),
    ],
)
def test_setting_that_makes_no_sense_stops_the_start(settings: dict[str, object], message: str) -> None:
    with pytest.raises(StartError) as caught:
        load_stub(**settings)  # type: ignore[arg-type]  # what users may write, right or wrong

    assert str(caught.value) == message


def test_class_for_errors_is_taken_by_a_contract_that_does_not_declare_them(write: Write) -> None:
    contract = write("codes.yaml", CODES % "") / "codes.yaml"

    stub = load_stub(contract=contract, fixtures=write("a.yml", "answers: []") / "a.yml", schemas=CLASSES)

    assert stub.planner.plan(Request("GET", "/x")).reply.status == 404


@pytest.mark.parametrize("component", ["Customer", "HttpError"])
def test_component_without_a_class_stops_the_start(write: Write, component: str) -> None:
    text = Path(mockserver.__file__).parents[1].joinpath("openapi.yaml").read_text(encoding="utf-8")
    contract = write("contract.yaml", text.replace(component, "Thing")) / "contract.yaml"

    with pytest.raises(DocumentError) as caught:
        load_stub(contract=contract)

    finding = "The component Thing has no marshmallow class, so nothing could check it."
    remedy = "Give create_app(schemas={name: class}) one, or refer to a component that has one."
    assert str(caught.value) == f"{contract}:1:1: {finding} {remedy}"


def test_member_that_nothing_can_be_generated_for_stops_the_start(write: Write) -> None:
    contract = write("codes.yaml", CODES % ', pattern: "^[0-9]$"') / "codes.yaml"

    with pytest.raises(DocumentError) as caught:
        load_stub(contract=contract, schemas=CLASSES)

    remedy = "Give it examples, or serve --source fixtures."
    assert str(caught.value) == f"{contract}:1:1: No value can be generated for Check of Code. {remedy}"


def test_member_without_a_generated_value_is_no_fault_where_nothing_is_generated(write: Write) -> None:
    contract = write("codes.yaml", CODES % ', pattern: "^[0-9]$"') / "codes.yaml"
    fixtures = write("fixtures/codes.yaml", "schema: Code\nrecords: [{Code: ABC, Check: '1'}]") / "fixtures"

    stub = load_stub(contract=contract, fixtures=fixtures, schemas=CLASSES, source="fixtures")

    assert stub.planner.plan(Request("GET", "/Codes/ABC")).reply.body == b'{"Code":"ABC","Check":"1"}'


def test_key_need_not_be_generated_as_it_comes_from_the_request(write: Write) -> None:
    contract = write("codes.yaml", CODES % ", const: x") / "codes.yaml"

    stub = load_stub(contract=contract, fixtures=write("a.yml", "answers: []") / "a.yml", schemas=CLASSES)

    assert stub.planner.plan(Request("GET", "/Codes/ABC")).reply.body == b'{"Code":"ABC","Check":"x"}'


def test_every_fault_of_the_fixtures_is_told_at_once(write: Write) -> None:
    folder = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: 1}, {PersonalId: a, Sex: 64}]")

    with pytest.raises(DocumentError) as caught:
        load_stub(fixtures=folder)

    assert [fault.place.column for fault in caught.value.problems] == [24, 49]


def test_breaches_in_fixtures_only_warn_where_that_is_asked_for(write: Write) -> None:
    folder = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: a, Sex: 64}]")

    stub = load_stub(fixtures=folder, on_breach="warn")

    plan = stub.planner.plan(Request("GET", "/Customers/a"))
    finding = "Sex is 64, the contract allows 0 to 2. Change the record or the contract."
    assert list(map(str, stub.fixtures.warnings)) == [f"{folder}/a.yaml:2:32: {finding}"]
    assert (plan.reply.status, plan.reply.header("X-Mock-Breach")) == (200, "Sex")


def test_contract_of_ones_own_that_the_shipped_fixtures_do_not_fit_says_whose_they_are(write: Write) -> None:
    contract = write("codes.yaml", CODES % ", const: x") / "codes.yaml"

    with pytest.raises(DocumentError) as caught:
        load_stub(contract=contract, schemas=CLASSES)

    hint = "These are the shipped fixtures, which this contract does not fit."
    remedy = "Name others with --fixtures; an empty folder will do."
    assert f"fixtures:1:1: {hint} {remedy}" in map(str, caught.value.problems)


@pytest.mark.parametrize("prefix", ["/API/Customers", "/customers", "/Customers/x"])
def test_prefix_where_the_contract_has_paths_stops_the_start(prefix: str) -> None:
    with pytest.raises(StartError) as caught:
        load_stub(prefix=prefix)

    finding = f"prefix is {prefix!r}, where getCustomer is."
    assert str(caught.value) == f"{finding} Write one of its own, such as /__mock."


def test_class_that_is_no_schema_stops_the_start() -> None:
    schemas: dict[str, Any] = {"Customer": int}

    with pytest.raises(StartError) as caught:
        load_stub(schemas=schemas)

    finding = "schemas has <class 'int'> for Customer, which is no marshmallow class."
    assert str(caught.value) == f"{finding} Give the class, uncalled."
