"""The contract of a host: the responses that its set-up adds or changes are declared."""

from typing import Any

import pytest

from mockserver.contract.contract import Contract, ResponseSpec
from mockserver.documents.problems import StartError
from mockserver.vendors.aspnet.declaring import declare_host
from mockserver.vendors.aspnet.hosting import Host
from tests.support.contracts import read

CONTRACT = read("""\
openapi: 3.1.0
info: {title: t}
paths:
  /Things:
    get:
      operationId: getThings
      responses:
        "200": {$ref: "#/components/responses/Found"}
        "404": {description: none}
    delete: {operationId: deleteThings, responses: {"204": {description: gone}}}
  /More: {get: {operationId: getMore, responses: {"200": {$ref: "#/components/responses/Bare"}}}}
components:
  responses:
    Found: {description: found., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
    Bare: {content: {text/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
  schemas: {Thing: {}, HttpError: {}}
""")


def list_responses(contract: Contract) -> list[Any]:
    """The responses of each operation in the document."""
    paths: Any = contract.document["paths"]
    return [method["responses"] for path in paths.values() for method in path.values()]


@pytest.mark.parametrize("host", [Host(), Host(model_state="checked", error_detail=True, strict=True, headers=False)])
def test_host_that_answers_as_declared_changes_nothing(host: Host) -> None:
    assert declare_host(CONTRACT, host) is CONTRACT


def test_message_is_the_content_of_the_404() -> None:
    contract = declare_host(CONTRACT, Host(missing="message"))

    media_types = ("application/json", "text/json")
    content = {each: {"schema": {"$ref": "#/components/schemas/HttpError"}} for each in media_types}
    missing = {"description": "No such record; the message names the key.", "content": content}
    written = list_responses(CONTRACT)
    assert [each.responses.get(404) for each in contract.operations] == [
        ResponseSpec(404, media_types, "HttpError", ()),
        None,
        None,
    ]
    assert list_responses(contract) == [{**written[0], "404": missing}, *written[1:]]


def test_null_is_a_body_where_records_are() -> None:
    contract = declare_host(CONTRACT, Host(missing="null"))

    schema = {"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]}
    written = list_responses(CONTRACT)
    found = {"description": "found. Null if no record matches.", "content": {"application/json": {"schema": schema}}}
    bare = {"description": "Null if no record matches.", "content": {"text/json": {"schema": schema}}}
    assert [each.lowest_success_response.is_nullable for each in contract.operations] == [True, False, True]
    assert list_responses(contract) == [{**written[0], "200": found}, written[1], {"200": bare}]


def test_406_is_declared_for_every_operation() -> None:
    contract = declare_host(CONTRACT, Host(refuse_unacceptable=True))

    refused = {"description": "No offered media type is acceptable. The body is empty."}
    assert [each.responses[406] for each in contract.operations] == [ResponseSpec(406, (), None, ())] * 3
    assert list_responses(contract) == [{**each, "406": refused} for each in list_responses(CONTRACT)]


def test_message_needs_a_component_for_errors() -> None:
    contract = read('{openapi: 3.1.0, info: {title: t}, paths: {/a: {get: {operationId: a, responses: {"204": {}}}}}}')

    with pytest.raises(StartError) as caught:
        declare_host(contract, Host(missing="message"))

    finding = "missing: 'message' needs a component HttpError, which the contract lacks."
    assert str(caught.value) == f"{finding} Add that component, or choose empty or null."
