"""The contract of a host that is set up otherwise."""

from typing import Any

import pytest

from mockserver.contract.openapi import read_contract
from mockserver.documents.problems import StartError
from mockserver.documents.yaml_text import parse_document
from mockserver.stub.loading import load_stub
from mockserver.vendors.aspnet.declaring import declare_host
from mockserver.vendors.aspnet.hosting import Host

SHIPPED = load_stub().contract

WITHOUT_ERRORS = """
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /Things/{id}:
    get:
      operationId: getThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Id}}]
      responses:
        "200": {$ref: "#/components/responses/Found"}
        "404": {description: none}
    delete:
      operationId: deleteThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: gone}}
components:
  responses:
    Found: {description: found., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
  schemas:
    Thing: {type: object, properties: {Id: {type: string}}}
"""


def responses_of(document: Any, path: str = "/Customers/{id}", method: str = "get") -> Any:
    return document["paths"][path][method]["responses"]


@pytest.mark.parametrize("host", [Host(), Host(model_state="checked", error_detail=True, strict=True, headers=False)])
def test_host_that_answers_with_the_same_statuses_has_the_contract_as_it_is(host: Host) -> None:
    assert declare_host(SHIPPED, host) is SHIPPED


def test_message_is_the_content_of_the_404() -> None:
    contract = declare_host(SHIPPED, Host(missing="message"))

    schema = {"$ref": "#/components/schemas/HttpError"}
    spec = contract.operations[0].responses[404]
    assert (spec.media_types, spec.component) == (("application/json", "text/json"), "HttpError")
    assert responses_of(contract.document)["404"]["content"] == {
        "application/json": {"schema": schema},
        "text/json": {"schema": schema},
    }


def test_null_is_a_body_of_the_200() -> None:
    contract = declare_host(read_contract(parse_document(WITHOUT_ERRORS, "f.yaml")), Host(missing="null"))

    found = responses_of(contract.document, "/Things/{id}")["200"]
    assert [operation.lowest_success_response.is_nullable for operation in contract.operations] == [True, False]
    assert found["description"] == "found. Null where there is none."
    assert found["content"]["application/json"]["schema"] == {
        "oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]
    }


def test_refusal_of_what_nothing_suits_is_declared_for_every_operation() -> None:
    contract = declare_host(read_contract(parse_document(WITHOUT_ERRORS, "f.yaml")), Host(refuse_unacceptable=True))

    declared = [406 in operation.responses for operation in contract.operations]
    written = ["406" in responses_of(contract.document, "/Things/{id}", method) for method in ("get", "delete")]
    assert (declared, written) == ([True, True], [True, True])


def test_the_document_as_written_is_left_alone() -> None:
    before = str(dict(SHIPPED.document))

    declare_host(SHIPPED, Host(missing="null", refuse_unacceptable=True))

    assert str(dict(SHIPPED.document)) == before


def test_message_needs_a_component_for_errors() -> None:
    contract = read_contract(parse_document(WITHOUT_ERRORS, "f.yaml"))

    with pytest.raises(StartError) as caught:
        declare_host(contract, Host(missing="message"))

    finding = "missing is 'message', and the contract has no component HttpError for it."
    assert str(caught.value) == f"{finding} Add the component, or choose empty or null."
