"""A small contract, and what reading it with one change gives."""

from typing import Final

import pytest

from mockserver.contract.contract import Contract
from mockserver.contract.openapi import read_contract
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import parse_document

THINGS: Final = """\
openapi: 3.1.0
info: {title: Things}
servers: [{url: /API}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Key}}
        - name: kind
          in: query
          schema: {type: integer, format: int32, default: 0}
          x-mock-selects: {member: Kind, unless: 0}
      responses:
        "200": {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing: {properties: {Key: {type: string}, Kind: {type: integer}}}
"""


def read(text: str) -> Contract:
    """Return the contract of a text."""
    return read_contract(parse_document(text, "f.yaml"))


def read_things(old: str = "", new: str = "") -> Contract:
    """Return the contract of `THINGS` with the first `old` replaced by `new`."""
    assert old in THINGS, old
    return read(THINGS.replace(old, new, 1))


def find_problems(old: str, new: str) -> list[str]:
    """Return the problems of `THINGS` with the first `old` replaced by `new`, their places without the file."""
    with pytest.raises(DocumentError) as caught:
        read_things(old, new)
    return [each.removeprefix("f.yaml:") for each in str(caught.value).split("\n")]
