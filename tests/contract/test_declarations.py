"""Responses declared for the operations of a contract, in its values and in its document."""

from dataclasses import replace
from typing import Any

from mockserver.contract.contract import Contract, ResponseSpec
from mockserver.contract.declarations import Declaration, Response, declare_responses
from tests.support.contracts import read

TEXT = """\
openapi: 3.1.0
info: {title: Things}
paths:
  /a: {$ref: '#/x-paths/0'}
  /b: {get: {$ref: '#/x-operations/b~0~1%20c'}}
x-paths: [{get: {operationId: getA, responses: {'200': {$ref: '#/components/responses/Found'}, '404': {}}}}]
x-operations: {b~/ c: {operationId: getB, responses: {'200': {$ref: '#/components/responses/Found'}}}}
components:
  mediaTypes: {Json: {schema: {$ref: '#/components/schemas/Thing'}}}
  responses: {Found: {description: Found., content: {text/json: {$ref: '#/components/mediaTypes/Json'}}}}
  schemas: {Thing: {}}
"""
FOUND = {"description": "Found.", "content": {"text/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}


def declare(contract: Contract, status: int, given: list[Response], **names: Any) -> Contract:
    """Declare a response for `getA`, and note the one that was declared before."""

    def rewrite(response: Response) -> Response:
        given.append(response)
        return {"description": "New.", **names}

    return declare_responses(contract, {"getA": [Declaration(ResponseSpec(status, (), None, ()), rewrite)]})


def test_response_is_declared_in_values_and_document() -> None:
    contract, given = read(TEXT), list[Response]()

    changed = [declare(contract, status, given) for status in (200, 404, 406)]

    assert given == [FOUND, {}, {}]
    new = {"description": "New."}
    old = {"200": {"$ref": "#/components/responses/Found"}, "404": {}}
    documents: list[Any] = [each.document for each in changed]
    assert [each["x-paths"][0]["get"]["responses"] for each in documents] == [
        {"200": new, "404": {}},
        {**old, "404": new},
        {**old, "406": new},
    ]
    assert [list(each.operations[0].responses) for each in changed] == [[200, 404], [200, 404], [200, 404, 406]]
    assert all(each.operations[0].responses[200].media_types == () for each in changed[:1])


def test_everything_else_stays() -> None:
    contract = read(TEXT)

    changed = declare(contract, 406, [], content={})

    document: Any = dict(changed.document)
    assert document["x-paths"][0]["get"]["responses"].pop("406") == {"description": "New.", "content": {}}
    assert (document, changed.operations[1]) == (contract.document, contract.operations[1])
    assert contract == read(TEXT)
    assert replace(changed, operations=(), document={}) == replace(contract, operations=(), document={})


def test_shared_operation_is_rewritten_from_the_original() -> None:
    given = list[Response]()
    contract = read(TEXT.replace("{get: {$ref: '#/x-operations/b~0~1%20c'}}", "{$ref: '#/x-paths/0'}"))

    changed = declare(contract, 200, given)

    assert given == [FOUND, FOUND]
    assert [each.responses[200].component for each in changed.operations] == [None, None]
