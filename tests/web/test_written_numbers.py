"""Numbers are sent as they were written, wherever people write them, and judged by their exact value."""

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from marshmallow import INCLUDE, Schema, fields, validate

from mockserver import create_app
from tests.support.files import save
from tests.support.problems import list_problems

NUMBERS = "[1.10,0.12345678901234567890,1E2,1e-2,-0,-0.00,1e400,1.5,7,79228162514264337593543950335,1.0]"

CONTRACT = """\
openapi: 3.1.0
info: {title: Things, version: 1.10}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Id}}
      responses:
        "200":
          description: The thing.
          headers: {X-Rate: {schema: {type: number}, example: 0.50}}
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Thing"}
              examples: {named: {value: {Id: a, Numbers: NUMBERS}}}
components:
  schemas:
    Thing:
      type: object
      required: [Id]
      properties:
        Id: {type: string}
        Price: {type: number, minimum: 0.10, maximum: 1.00, multipleOf: 0.010}
        Fixed: {const: 2.50}
      additionalProperties: true
""".replace("NUMBERS", NUMBERS)

FIXTURES = """\
schema: Thing
records:
  - {Id: record, Numbers: NUMBERS, Price: 0.10}
answers:
  - {name: a, operation: getThing, when: {id: body}, reply: {body: {Id: body, Numbers: NUMBERS}}}
  - {name: b, operation: getThing, when: {id: filled}, reply: {body: {Id: "{id}", Numbers: NUMBERS}}}
  - {name: c, operation: getThing, when: {id: file}, reply: {body_file: file.json}}
""".replace("NUMBERS", NUMBERS)

ANSWER = """\
answers:
- name: a
  operation: getThing
  reply: {{body: {{Id: x, Open: ["a", {} ]}}}}
"""


class ThingSchema(Schema):
    class Meta:
        unknown = INCLUDE

    Id = fields.String(required=True)
    Price = fields.Decimal(validate=validate.Range(0, 1))


def make_client() -> FlaskClient:
    return create_app(contract="c.yaml", fixtures="f", schemas={"Thing": ThingSchema}).test_client()


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("f").mkdir()
    save(Path("c.yaml"), CONTRACT)
    save(Path("f/a.yaml"), FIXTURES)
    save(Path("f/file.json"), f'{{"Id": "file", "Numbers": {NUMBERS.replace(",", ", ")}}}')


@pytest.mark.parametrize("name", ["record", "body", "filled", "file", "other?__example=named"])
def test_numbers_are_sent_as_written(name: str) -> None:
    response = make_client().get(f"/things/{name}")

    assert (response.status_code, f'"Numbers":{NUMBERS}' in response.text) == (200, True)


@pytest.mark.parametrize("media_type", ["application/json", "application/yaml"])
def test_posted_numbers_are_sent_as_written(media_type: str) -> None:
    client = make_client()
    answer = f'{{"name": "p", "operation": "getThing", "reply": {{"body": {{"Id": "x", "Numbers": {NUMBERS}}}}}}}'

    assert client.post("/__mock/answers", data=answer, content_type=media_type).status_code == 201
    assert client.get("/things/x").text == f'{{"Id":"x","Numbers":{NUMBERS}}}'


def test_numbers_of_the_contract_are_served_as_written() -> None:
    client = make_client()

    assert client.get("/things/x?__code=200").headers["X-Rate"] == "0.50"
    assert '"Fixed":2.50' in client.get("/things/x").text
    assert f'"Numbers":{NUMBERS}' in client.get("/__mock/openapi.json").text
    assert "  version: 1.10\n" in client.get("/__mock/openapi.yaml").text
    save(Path("c.yaml"), client.get("/__mock/openapi.yaml").text)
    assert f'"Numbers":{NUMBERS}' in make_client().get("/__mock/openapi.json").text


@pytest.mark.parametrize("price", ["0.10", "1.00", "0.99999999999999999999", "1", "0"])
def test_exact_value_within_bounds_is_right(price: str) -> None:
    save(Path("f/a.yaml"), FIXTURES.replace("Price: 0.10", f"Price: {price}"))

    assert json.loads(make_client().get("/things/record").text, parse_float=str, parse_int=str)["Price"] == price


@pytest.mark.parametrize("price", ["1.00000000000000000001", "-0.12345678901234567890", "1e400"])
def test_exact_value_beyond_bounds_is_a_breach(price: str) -> None:
    save(Path("f/a.yaml"), FIXTURES.replace("Price: 0.10", f"Price: {price}"))

    [problem] = list_problems(make_client)
    assert problem.startswith(f"f/a.yaml:3:{FIXTURES.splitlines()[2].index('Price') + 8}: Price is {price}, must be ")


@pytest.mark.parametrize("number", [".5", "5.", "+1", "0x1F", "0o17", "1_000", "1,000", "00.5", ".inf", ".NaN"])
@pytest.mark.parametrize("owner", ["schema: Thing\nrecords:\n- Id: x\n  Open: {}\n", ANSWER])
def test_likeness_of_a_number_is_a_problem(owner: str, number: str) -> None:
    save(Path("f/a.yaml"), owner.format(number))

    [problem] = list_problems(make_client)
    assert problem.startswith("f/a.yaml:4:")
    assert "uote it to keep it as text: " in problem
