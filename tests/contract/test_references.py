"""References: where they are followed, and which lead nowhere."""

import pytest

from mockserver.contract.contract import Parameter, ResponseSpec
from mockserver.documents.nodes import Json
from tests.support.contracts import find_problems, read

REFERRING = """\
openapi: 3.1.0
info: {title: Things}
paths:
  /things/{id}: {$ref: '#/components/pathItems/Thing'}
  /more/{id}: {get: {$ref: '#/x-operations/0'}}
x-operations:
  - operationId: getMore
    parameters: [{$ref: '#/components/pathItems/Thing/parameters/0'}]
    responses: {'204': {$ref: '#/components/responses/First~1of%20all'}}
components:
  pathItems:
    Thing:
      parameters: [{$ref: '#/components/parameters/id'}]
      get:
        operationId: getThing
        responses: {'200': {$ref: '#/components/responses/First~1of%20all'}}
  parameters:
    id:
      name: id
      in: path
      required: true
      schema: {$ref: '#/components/schemas/Key'}
      examples: {a: {$ref: '#/components/examples/a'}}
  examples: {a: {value: x}}
  headers: {Allow: {required: true}}
  mediaTypes: {Json: {schema: {$ref: '#/components/schemas/Thing'}}}
  responses:
    First/of all: {$ref: '#/components/responses/Second'}
    Second:
      headers: {Allow: {$ref: '#/components/headers/Allow'}}
      content: {text/json: {$ref: '#/components/mediaTypes/Json'}}
  schemas:
    Thing: {properties: {Key: {$ref: '#/components/schemas/Key'}}}
    Key: {type: string}
"""


def test_references_are_followed_wherever_they_stand() -> None:
    thing, more = read(REFERRING).operations

    allow: dict[str, Json] = {"Allow": {"type": "string"}}
    key = Parameter("id", "path", "string", "", is_required=True, default=None, selects=None)
    assert thing.parameters == more.parameters == (key,)
    assert thing.responses == {200: ResponseSpec(200, ("text/json",), "Thing", ("Allow",), headers=allow)}
    assert more.responses == {204: ResponseSpec(204, (), None, ("Allow",), headers=allow)}
    assert thing.examples == {"a": {"id": "x"}}


SELF = "#/paths/~1things~1{id}/get/responses/404"
NOWHERE = "leads nowhere. Point at a component of this file."


@pytest.mark.parametrize(
    ("pointer", "problem"),
    [
        ("'#/components/responses/No'", f"15:23: $ref '#/components/responses/No' {NOWHERE}"),
        ("'#/components/schemas/Thing/1'", f"15:23: $ref '#/components/schemas/Thing/1' {NOWHERE}"),
        ("other.yaml", f"15:23: $ref 'other.yaml' {NOWHERE}"),
        ("5", f"15:23: $ref '5' {NOWHERE}"),
        ("'#/info/title'", "2:15: A mapping is wanted here. Write keys and values."),
        (f"'{SELF}'", f"15:23: $ref '{SELF}' leads back to itself. Point at a component."),
    ],
)
def test_problem_of_a_reference(pointer: str, problem: str) -> None:
    assert find_problems('"200":', f"'404': {{$ref: {pointer}}}\n        \"200\":") == [problem]
