"""Facts about the shipped contract: it is valid, its examples are true, its descriptions tell each of our rules."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Operation, write_target
from mockserver.contract.openapi import load_contract
from mockserver.documents.loading import load_document
from mockserver.documents.nodes import Json, Node
from mockserver.http.messages import Request
from mockserver.schemas import SHIPPED
from tests.support.stubs import load_stub

PATH = Path(__file__).parents[1] / "openapi.yaml"
ROOT = load_document(PATH, "openapi.yaml")
CONTRACT = load_contract(PATH, "openapi.yaml")
OPERATION: Operation = CONTRACT.operations[0]
STUB = load_stub()

GET = "#/paths/~1Customers~1{id}/get"
ANSWERS = "#/components/responses"
CUSTOMER = "#/components/schemas/Customer"


def at(pointer: str) -> Node:
    node = ROOT.follow(pointer)
    assert node is not None, pointer
    return node


def value_at(pointer: str) -> Any:
    return at(pointer).to_json()


def list_objects(node: Node) -> list[dict[str, Json]]:
    """The objects at and below a node."""
    value = node.to_json()
    below = [each for child in node.children for each in list_objects(child)]
    return [value, *below] if isinstance(value, dict) else below


# The document as a whole


def test_document_is_valid_and_reads_the_same_elsewhere() -> None:
    document = yaml.safe_load(PATH.read_text("utf-8"))

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document == ROOT.to_json()


def test_one_operation_has_both_roots_and_no_token() -> None:
    operations = [(each.id, each.method, each.path) for each in CONTRACT.operations]

    assert operations == [("getCustomer", "GET", "/Customers/{id}")]
    assert (CONTRACT.title, CONTRACT.roots, value_at("#/security")) == ("Q-Flow Customers", ("/API", ""), [])


PARAMETERS = [
    ("id", "path", "string", None, ("PersonalId", ())),
    ("idType", "query", "integer int32", 0, ("PersonalIdTypeId", (0,))),
    ("idTypeExtRef", "query", "string", "", ("PersonalIdTypeExtRef", ("",))),
]


def test_parameters_are_those_of_the_page() -> None:
    parameters = [
        (each.name, each.location, each.kind, each.default, each.selects and (each.selects.member, each.selects.unless))
        for each in OPERATION.parameters
    ]

    assert parameters == PARAMETERS


BOTH = ("application/json", "text/json")
RESPONSES = [
    (200, BOTH, "Customer", ()),
    (400, BOTH, "HttpError", ()),
    (404, (), None, ()),
    (405, BOTH, "HttpError", ("Allow",)),
    (500, BOTH, "HttpError", ()),
]


def test_responses_have_both_media_types_or_no_content() -> None:
    responses = [
        (each.status, each.media_types, each.component, each.required_headers) for each in OPERATION.responses.values()
    ]

    assert responses == RESPONSES


@pytest.mark.parametrize("status", sorted(OPERATION.responses))
def test_response_declares_the_headers_that_are_sent(status: int) -> None:
    response = value_at(f"{GET}/responses/{status}")
    declared = value_at(response["$ref"]) if "$ref" in response else response

    own = {"Allow"} if status == 405 else set()
    of_the_stub = {"X-Mock-Source", "X-Mock-Hint", "X-Mock-Breach"}
    assert set(declared["headers"]) == {"Cache-Control", "Pragma", "Expires", *of_the_stub, *own}


# Schemas

MEMBERS = [
    *("CustomerId", "PersonalId", "PersonalIdTypeId", "PersonalIdTypeExtRef", "FirstName", "LastName", "Email"),
    *("TelNumber1", "TelNumber2", "DOB", "Sex", "Notes", "ExtRef", "NotificationConsent", "IsActive"),
    "CustomProperties",
]


def test_customer_requires_members_in_documented_order() -> None:
    customer = value_at(CUSTOMER)

    assert (list(customer["properties"]), customer["required"]) == (MEMBERS, MEMBERS)


def test_objects_are_closed_or_declare_their_extras() -> None:
    objects = [each for each in list_objects(at("#/components/schemas")) if each.get("type") == "object"]

    assert [each.get("additionalProperties") for each in objects] == [
        False,
        {"type": ["string", "null"]},
        False,
        {"type": "array", "items": {"type": "string"}},
        {},
    ]


def test_every_int32_has_the_bounds_of_one() -> None:
    integers = [each for each in list_objects(ROOT) if each.get("format") == "int32"]

    assert [(each.get("minimum"), each.get("maximum")) for each in integers] == [(-(2**31), 2**31 - 1)] * 3


def test_members_with_rules_of_their_own() -> None:
    members = value_at(f"{CUSTOMER}/properties")

    properties = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
    assert members["CustomProperties"]["oneOf"] == [properties, {"type": "null"}]
    assert list(members["DOB"]) == ["description", "type", "pattern", "x-mock-format"]


# Examples


def examples_of(pointer: str) -> dict[str, str]:
    """The examples under a media type or parameter, each with the pointer to its value."""
    examples: Mapping[str, Any] = value_at(f"{pointer}/examples")
    return {name: f"{each.get('$ref', f'{pointer}/examples/{name}')}/value" for name, each in examples.items()}


def list_body_examples() -> Iterator[tuple[str, str, str]]:
    """The component, media type and pointer of each example of a body."""
    for response in (f"{GET}/responses/200", *(f"{ANSWERS}/{name}" for name in value_at(ANSWERS))):
        for media_type in value_at(response).get("content", {}):
            pointer = f"{response}/content/{media_type.replace('/', '~1')}"
            component = value_at(f"{pointer}/schema/$ref").rpartition("/")[2]
            for example in examples_of(pointer).values():
                yield component, media_type, example


BODIES = list(list_body_examples())


@pytest.mark.parametrize(("component", "pointer"), sorted({(component, pointer) for component, _, pointer in BODIES}))
def test_example_of_a_body_keeps_the_contract(component: str, pointer: str) -> None:
    body = json.dumps(value_at(pointer))

    assert Schemas(SHIPPED).find_body_breaches(component, body) == ()


@pytest.mark.parametrize("media_type", BOTH)
def test_each_media_type_has_every_example(media_type: str) -> None:
    used = {pointer for _, each, pointer in BODIES if each == media_type}

    assert used == {f"#/components/examples/{name}/value" for name in value_at("#/components/examples")}


PAIRS = {
    "found": {"id": "100200300", "idType": 1, "idTypeExtRef": "NATIONAL-ID"},
    "sparse": {"id": "200000000", "idType": 0, "idTypeExtRef": ""},
    "missing": {"id": "not-found"},
}


def test_examples_of_parameters_are_paired_with_found_first() -> None:
    assert {name: dict(arguments) for name, arguments in OPERATION.examples.items()} == PAIRS
    assert next(iter(OPERATION.examples)) == "found"


@pytest.mark.parametrize("media_type", BOTH)
def test_success_has_parameter_examples_except_missing(media_type: str) -> None:
    examples = examples_of(f"{GET}/responses/200/content/{media_type.replace('/', '~1')}")

    assert list(examples) == ["found", "sparse"]


def test_error_examples_share_no_name_with_parameters() -> None:
    errors = {pointer.split("/")[-2] for component, _, pointer in BODIES if component == "HttpError"}

    assert errors == {"idTypeNotInteger", "idTypeBlank", "methodNotAllowed", "serverError"}
    assert errors.isdisjoint(OPERATION.examples)


def test_found_is_complete_and_sparse_null_where_allowed() -> None:
    found, sparse = (value_at(f"#/components/examples/{name}/value") for name in ("found", "sparse"))

    needed = ["CustomerId", "PersonalId", "NotificationConsent", "IsActive"]
    assert list(found) == MEMBERS
    assert [member for member in MEMBERS if found[member] in (None, "", {}, 0)] == []
    assert {type(each) for each in found["CustomProperties"].values()} == {str}  # Some read it as a map of texts.
    assert [member for member, value in sparse.items() if value is not None] == needed


@pytest.mark.parametrize("name", ["found", "sparse"])
@pytest.mark.parametrize("root", CONTRACT.roots)
@pytest.mark.parametrize("media_type", BOTH)
def test_request_example_is_answered_with_the_response_example(media_type: str, root: str, name: str) -> None:
    target = root + write_target(OPERATION, OPERATION.examples[name])

    reply = STUB.planner.plan(Request("GET", target, headers=(("accept", media_type),))).reply

    assert (reply.status, reply.header("Content-Type")) == (200, f"{media_type}; charset=utf-8")
    assert json.loads(reply.body) == value_at(f"#/components/examples/{name}/value")


ERRORS = [
    ("GET", "/API/Customers/not-found", 404, None),
    ("GET", "/API/Customers/1?idType=abc", 400, "idTypeNotInteger"),
    ("GET", "/API/Customers/1?idType=", 400, "idTypeBlank"),
    ("POST", "/API/Customers/1", 405, "methodNotAllowed"),
    ("GET", "/API/Customers/server-error", 500, "serverError"),
]


@pytest.mark.parametrize(("method", "target", "status", "example"), ERRORS)
def test_error_is_answered_with_its_example(method: str, target: str, status: int, example: str | None) -> None:
    reply = STUB.planner.plan(Request(method, target)).reply

    body: Json = json.loads(reply.body) if reply.body else None
    assert (reply.status, body) == (status, value_at(f"#/components/examples/{example}/value") if example else None)


def test_examples_of_parameters_cause_no_server_error() -> None:
    targets = [write_target(OPERATION, arguments) for arguments in OPERATION.examples.values()]

    statuses = [STUB.planner.plan(Request("GET", target)).reply.status for target in targets]

    assert statuses == [200, 200, 404]


# The rules that are ours, each where a reader of the contract finds it

ID, ID_TYPE, EXT_REF = (f"{GET}/parameters/{number}" for number in range(3))
NO_ROUTE = '`{"Message": "No HTTP resource was found that matches the request URI \'...\'."}` (*ours*).'

RULES = [
    ("#/servers/0", "The virtual directory in which the vendor's application usually runs (ours)."),
    ("#/servers/1", "The same operation at the root of the server (ours)."),
    ("#/info", "*ours*: the page is silent, and this is our assumption. A real server may differ."),
    ("#/info", "Route, then method, then binding of the parameters, then the look-up (*derived*)."),
    ("#/info", "The stub looks for answers written by hand, then for records, then generates one."),
    ("#/info", "so the shapes and texts of errors are *ours*"),
    ("#/info", "It is not known how the vendor's API token travels, so this contract asks for none (*ours*)."),
    (GET, "All three conditions must hold (*ours*): - `PersonalId` equals `id`;"),
    (GET, "- `idType` is 0, or equals `PersonalIdTypeId`;"),
    (GET, "- `idTypeExtRef` is blank, or equals `PersonalIdTypeExtRef`."),
    (GET, "If several customers match, the one that gives more of what was asked for comes first,"),
    (GET, 'then the first in file order: the page\'s "first available" (*ours*).'),
    (GET, "an `id` without a record always gives the same generated customer."),
    (
        GET,
        "if it is asked for under an id type that none of them has: the same person under every such type (*ours*).",
    ),
    (ID, "Compared ordinally and case-sensitively (*ours*)."),
    (ID, "No customer can have an `id` that is blank, or longer than 30 UTF-16 code units."),
    (ID, "An answer written by hand for such an `id` is still given."),
    (ID_TYPE, "Text that is not an int32 is a 400 (*ours*)."),
    (ID_TYPE, "So is a blank: `?idType=`, `?idType`, or the empty-named pair of `?&`."),
    (
        EXT_REF,
        "A blank counts as that default, also the one that the trailing `&` of `?idType=1&` stands for (*ours*).",
    ),
    (
        EXT_REF,
        "A host whose actions check the model state refuses a blank with a 400.",
    ),
    (
        f"{ANSWERS}/InvalidRequest",
        "`idType` cannot be bound (*ours*). Text that is not an int32 is named in `ModelState`.",
    ),
    (f"{ANSWERS}/InvalidRequest", "A blank `idType` gives the `Message` alone."),
    (f"{ANSWERS}/NotFound", "The answer is empty and has no `Content-Type` (*ours*)."),
    (f"{ANSWERS}/NotFound", NO_ROUTE),
    (f"{ANSWERS}/MethodNotAllowed", "Any method but GET on this path, HEAD and OPTIONS included (*ours*)."),
    (f"{ANSWERS}/ServerError", "An error of the server (*ours*)."),
    (CUSTOMER, "For the two booleans that cannot be decided; they are never null (*ours*)."),
    (CUSTOMER, "an absent value is written as `null`."),
    (CUSTOMER, "Lengths count UTF-16 code units, as .NET does, so an emoji counts two."),
    (CUSTOMER, "It accepts 30 February."),
    (CUSTOMER, "The stub's own check does not."),
    (CUSTOMER, "its `Sex` is 64. It is never served."),
]


@pytest.mark.parametrize(("pointer", "rule"), RULES)
def test_rule_stands_in_a_description(pointer: str, rule: str) -> None:
    description = " ".join(value_at(pointer)["description"].split())

    assert rule in description
