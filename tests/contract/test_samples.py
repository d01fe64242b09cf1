"""Examples and defaults of a document: each is found once, where it stands, with its schema."""

from __future__ import annotations

from mockserver.contract.samples import Sample
from tests.support.contracts import read
from tests.support.shipped import CONTRACT

TEXT = """\
openapi: 3.1.0
info: {title: Samples}
paths:
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, examples: [p1, p2]}, example: p3}
    get:
      operationId: getThing
      parameters:
        - {name: kind, in: query, schema: {type: integer, format: int32, default: 4}, examples: {a: {value: 5}}}
      responses:
        "200":
          headers:
            X-A: {schema: {type: string, example: h1}, examples: {a: {$ref: '#/components/examples/h2'}}}
            X-B: {schema: {$ref: '#/components/schemas/Word'}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              examples: {a: {$ref: '#/components/examples/b1'}, b: {summary: none}}
            text/json: {schema: {$ref: '#/components/schemas/Thing'}, example: b2, x-note: {schema: {default: no}}}
        "404": {$ref: '#/components/responses/Missing'}
        "204":
          headers: {X-A: {schema: {default: h3}}}
          content: {text/json: {schema: {$ref: '#/components/schemas/Thing'}, example: n1}}
components:
  examples: {h2: {value: h2}, b1: {value: b1}, unused: {value: no}}
  responses: {Missing: {content: {text/json: {schema: {$ref: '#/components/schemas/Thing'}, example: b3}}}}
  schemas:
    Word: {type: string, maxLength: 3, examples: [s1], x-note: {default: no}}
    Thing:
      default: s2
      properties:
        Key: {$ref: '#/components/schemas/Word', minLength: 2, default: s3}
        List: {type: array, items: {example: s4}, prefixItems: [{default: s5}]}
        default: {type: string, default: s6}
      allOf: [{properties: {Other: {example: s7}}}]
      additionalProperties: {oneOf: [{default: s8}]}
"""


def test_samples_are_found_with_their_owner() -> None:
    samples = read(TEXT).samples

    found = {str(each.node.value): (each.owner, each.name, each.component) for each in samples}
    assert len(samples) == len(found) + 1
    assert found == {
        **{f"s{number}": ("schema", "default", None) for number in (2, 3, 5, 6, 8)},
        **{f"s{number}": ("schema", "example", None) for number in (4, 7)},
        # Once as an example of the component, and once as what the header is sent with.
        "s1": ("header", "example", None),
        **dict.fromkeys(("p1", "p2", "p3", "5"), ("schema", "example", None)),
        "4": ("schema", "default", None),
        **dict.fromkeys(("h1", "h2"), ("header", "example", None)),
        "h3": ("header", "default", None),
        # A 204 never has a body.
        "n1": ("schema", "example", "Thing"),
        **dict.fromkeys(("b1", "b2", "b3"), ("body", "example", "Thing")),
    }


def test_sample_has_its_whole_schema() -> None:
    samples = {str(each.node.value): each for each in read(TEXT).samples}

    key = samples["s3"]
    assert (key.node.place.line, key.schema) == (
        33,
        {
            "type": "string",
            "maxLength": 3,
            "examples": ["s1"],
            "x-note": {"default": "no"},
            "minLength": 2,
            "default": "s3",
        },
    )
    assert samples["b1"].schema == read(TEXT).components["Thing"]


def test_shipped_samples_are_those_of_the_file() -> None:
    owners = [each.owner for each in CONTRACT.samples]

    assert {owner: owners.count(owner) for owner in owners} == {"schema": 9, "body": 12}
    assert all(isinstance(each, Sample) for each in CONTRACT.samples)
