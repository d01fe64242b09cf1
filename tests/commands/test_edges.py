"""`mockserver edges`: the edge cases of each operation, which can all be asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver import StartError, create_app, load_contract
from mockserver.generation.edges import EDGES
from tests.support.files import Write
from tests.support.process import invoke, run

pytestmark = pytest.mark.usefixtures("handlers_of_before")

THINGS = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things/{key}:
    delete:
      operationId: removeThing
      parameters: [{name: key, in: path, required: true, schema: {type: string}}]
      responses: {"204": {description: Gone.}}
    get:
      operationId: getThing
      parameters: [{name: key, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: Found., content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  schemas:
    Thing: {type: object, properties: {Size: {type: integer, format: int32, minimum: 1, maximum: 9}}}
"""


def test_each_listed_edge_case_can_be_requested(tmp_path: Path) -> None:
    code, output, errors = run("edges", folder=tmp_path)

    operation, *lines = output.splitlines()
    client = create_app().test_client()
    answers = {name: client.get(f"/Customers/7?__edge={name}") for name in EDGES}
    assert (code, operation, errors) == (0, "getCustomer", "")
    assert lines == [f"  {name:18} {edge.about}" for name, edge in EDGES.items()]
    assert lines[0] == "  all-null           every member that may be null is null"
    assert {name: (each.status_code, each.headers["X-Mock-Source"]) for name, each in answers.items()} == {
        name: (200, f"edge {name}") for name in EDGES
    }


@pytest.mark.parametrize("is_variable", [False, True])
def test_edge_cases_of_another_contract_are_listed(is_variable: bool, write: Write) -> None:
    contract = str(write("things.yaml", THINGS) / "things.yaml")

    listed = invoke("edges", MOCKSERVER_CONTRACT=contract) if is_variable else invoke("edges", "--contract", contract)

    low = "  min-numbers        every number with a lower bound is at it\n"
    high = "  max-numbers        every number with an upper bound is at it\n"
    assert listed == (0, f"removeThing: none\ngetThing\n{low}{high}", "")


def test_contract_that_cannot_be_read_is_wrong_usage(tmp_path: Path, write: Write) -> None:
    broken = write("broken.txt", "openapi: 2.0") / "broken.txt"
    with pytest.raises(StartError) as caught:
        load_contract(broken)

    folder = f"--contract: '{tmp_path}' is a folder. Name the OpenAPI document itself."
    assert invoke("edges", "--contract", str(tmp_path)) == (2, "", f"{folder}\n")
    assert invoke("edges", "--contract", str(broken)) == (2, "", f"{caught.value}\n")
