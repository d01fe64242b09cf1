"""The list of edge cases that the command shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver import StartError, create_app, load_contract
from mockserver.generation.edges import EDGES
from tests.support.process import invoke, run

pytestmark = pytest.mark.usefixtures("handlers_of_before")

Write = Callable[[str, str], Path]

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


def test_edge_cases_of_the_shipped_contract_are_listed_from_any_folder(tmp_path: Path) -> None:
    code, output, errors = run("edges", folder=tmp_path)

    operation, *lines = output.splitlines()
    assert (code, operation, errors) == (0, "getCustomer", "")
    assert lines == [f"  {name:18} {edge.about}" for name, edge in EDGES.items()]
    assert lines[0] == "  all-null           every member that may be null is null"


@pytest.mark.parametrize("is_variable", [False, True])
def test_edge_cases_of_another_contract_are_listed(is_variable: bool, write: Write) -> None:
    contract = str(write("things.yaml", THINGS) / "things.yaml")

    listed = invoke("edges", MOCKSERVER_CONTRACT=contract) if is_variable else invoke("edges", "--contract", contract)

    low = "  min-numbers        every number with a lower bound is at it\n"
    high = "  max-numbers        every number with an upper bound is at it\n"
    assert listed == (0, f"removeThing: none\ngetThing\n{low}{high}", "")


def test_every_edge_case_that_is_listed_can_be_asked_for() -> None:
    _, output, _ = invoke("edges")
    client = create_app().test_client()

    names = [line.split()[0] for line in output.splitlines()[1:]]
    answers = [client.get(f"/Customers/7?__edge={name}") for name in names]

    assert [(each.status_code, each.headers["X-Mock-Source"]) for each in answers] == [
        (200, f"edge {name}") for name in names
    ]


@pytest.mark.parametrize(
    ("name", "finding"), [("none", "cannot be read: No such file or directory"), ("files", "is a folder")]
)
def test_edge_cases_of_what_is_no_file_are_wrong_usage(name: str, finding: str, write: Write) -> None:
    contract = write("a.yaml", "").with_name(name)

    code, output, errors = invoke("edges", "--contract", str(contract))

    assert (code, output) == (2, "")
    assert errors.startswith(f"{contract}: the contract {finding}. Name ")


def test_edge_cases_of_a_broken_contract_are_its_faults(tmp_path: Path, write: Write) -> None:
    write("broken.txt", "openapi: 2.0")
    with pytest.raises(StartError) as caught:
        load_contract(tmp_path / "files/broken.txt", "files/broken.txt")

    assert str(caught.value).startswith("files/broken.txt:1:")
    assert run("edges", "--contract", "files/broken.txt", folder=tmp_path) == (2, "", f"{caught.value}\n")
