"""Which contracts are read and how, and every fault of a contract with its place and text."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import Contract, Parameter, ResponseSpec, Selector
from mockserver.contract.openapi import METHODS, load_contract, read_contract
from mockserver.documents.nodes import Json
from mockserver.documents.problems import DocumentError
from mockserver.documents.yaml_text import parse_document

ROOT = Path(__file__).parents[2]
CONTRACT = """\
openapi: 3.1.0
info:
  title: Things
servers:
  - url: /API
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
          x-mock-selects:
            member: Key
        - name: kind
          in: query
          schema:
            type: integer
            format: int32
            default: 0
          x-mock-selects:
            member: Kind
            unless: 0
      responses:
        "200":
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Thing'
components:
  schemas:
    Thing:
      properties:
        Key:
          type: string
        Kind: {type: integer}
"""


def read(text: str) -> Contract:
    return read_contract(parse_document(text, "f.yaml"))


def read_with(old: str, new: str) -> Contract:
    assert old in CONTRACT
    return read(CONTRACT.replace(old, new, 1))


def find_faults(action: Callable[[], object]) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        action()
    return str(caught.value).split("\n")


# What is read


def test_contract_is_read_whole() -> None:
    contract = read(CONTRACT)

    operation = contract.operations[0]
    assert (contract.title, contract.roots, len(contract.operations)) == ("Things", ("/API",), 1)
    assert (operation.id, operation.method, operation.path) == ("getThing", "GET", "/things/{id}")
    assert operation.segments == ("things", "{id}")
    assert operation.parameters == (
        Parameter("id", "path", "string", "", is_required=True, default=None, selects=Selector("id", "Key")),
        Parameter(
            "kind", "query", "integer", "int32", is_required=False, default=0, selects=Selector("kind", "Kind", (0,))
        ),
    )
    assert operation.responses == {200: ResponseSpec(200, ("application/json",), "Thing", ())}
    assert operation.examples == {}
    assert contract.components == {"Thing": {"properties": {"Key": {"type": "string"}, "Kind": {"type": "integer"}}}}
    assert contract.document == yaml.safe_load(CONTRACT)


def test_contract_is_loaded_under_the_name_given(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(CONTRACT.replace("3.1.0", "3.0.3"))

    faults = [find_faults(lambda: load_contract(path))[0], find_faults(lambda: load_contract(path, "openapi.yaml"))[0]]

    assert faults == [
        f"{path}:1:10: openapi is '3.0.3', but 3.1.x is read here. Write openapi: 3.1.0.",
        "openapi.yaml:1:10: openapi is '3.0.3', but 3.1.x is read here. Write openapi: 3.1.0.",
    ]


ROOTS = [
    ("- url: /API", ("/API",)),
    ("- url: /API/", ("/API",)),
    ("- url: /", ("",)),
    ("- url: https://host.example", ("",)),
    ("- url: https://host.example:8443/Q/API/", ("/Q/API",)),
    ("- url: //host.example/API", ("/API",)),
    ("- {url: /API}\n  - {url: /}\n  - {url: 'http://host/API'}", ("/API", "")),
]


@pytest.mark.parametrize(("servers", "roots"), ROOTS)
def test_roots_are_the_paths_of_the_servers(servers: str, roots: tuple[str, ...]) -> None:
    contract = read_with("- url: /API", servers)

    assert contract.roots == roots


@pytest.mark.parametrize("servers", ["servers: []\n", ""])
def test_contract_without_servers_is_served_at_the_root(servers: str) -> None:
    contract = read_with("servers:\n  - url: /API\n", servers)

    assert contract.roots == ("",)


PATHS = [
    ("/", ()),
    ("/a", ("a",)),
    ("/a/b-c_d.e~f/", ("a", "b-c_d.e~f")),
    ("/a(b)/c@d", ("a(b)", "c@d")),
]


@pytest.mark.parametrize(("path", "segments"), PATHS)
def test_segments_are_what_stands_between_slashes(path: str, segments: tuple[str, ...]) -> None:
    contract = read_with(
        "components:", f"  {path}: {{get: {{operationId: a, responses: {{'204': {{}}}}}}}}\ncomponents:"
    )

    assert contract.operations[1].segments == segments


def test_operations_stand_in_the_order_of_the_document() -> None:
    methods = [*reversed(METHODS)]
    entries = ", ".join(f"{method}: {{operationId: {method}_a, responses: {{'204': {{}}}}}}" for method in methods)

    contract = read_with("components:", f"  /a: {{{entries}}}\ncomponents:")

    assert [operation.id for operation in contract.operations] == ["getThing", *(f"{each}_a" for each in methods)]


def test_references_are_followed_wherever_they_stand() -> None:
    text = """\
openapi: 3.1.0
info: {title: Things}
paths:
  /things/{id}: {$ref: '#/components/pathItems/Thing'}
components:
  pathItems:
    Thing:
      parameters: [{$ref: '#/components/parameters/id'}]
      get:
        operationId: getThing
        responses: {'200': {$ref: '#/components/responses/First'}}
  parameters:
    id:
      name: id
      in: path
      required: true
      schema: {$ref: '#/components/schemas/Key'}
      examples: {a: {$ref: '#/components/examples/a'}}
  examples: {a: {value: x}}
  headers: {Allow: {required: true}}
  responses:
    First: {$ref: '#/components/responses/Second'}
    Second:
      headers: {Allow: {$ref: '#/components/headers/Allow'}}
      content: {text/json: {schema: {$ref: '#/components/schemas/Thing'}}}
  schemas:
    Thing: {properties: {Key: {$ref: '#/components/schemas/Key'}}}
    Key: {type: string}
"""

    operation = read(text).operations[0]

    assert operation.parameters == (
        Parameter("id", "path", "string", "", is_required=True, default=None, selects=None),
    )
    assert operation.responses == {
        200: ResponseSpec(200, ("text/json",), "Thing", ("Allow",), headers={"Allow": {"type": "string"}})
    }
    assert operation.examples == {"a": {"id": "x"}}


INLINED: list[tuple[str, Json]] = [
    ("{$ref: '#/components/schemas/Name'}", {"type": "string", "maxLength": 5}),
    ("{$ref: '#/components/schemas/Name', maxLength: 3}", {"type": "string", "maxLength": 3}),
    ("{$ref: '#/components/schemas/Alias'}", {"type": "string", "maxLength": 5, "title": "B"}),
    ("{allOf: [{$ref: '#/components/schemas/Name'}, {}]}", {"allOf": [{"type": "string", "maxLength": 5}, {}]}),
    ("{properties: {a: {$ref: '#/components/schemas/Any'}}}", {"properties": {"a": True}}),
    ("{$ref: '#/components/schemas/List/allOf/0'}", {"type": "string", "maxLength": 5}),
]


@pytest.mark.parametrize(("schema", "inlined"), INLINED)
def test_reference_in_a_schema_is_replaced_by_what_it_points_at(schema: str, inlined: Json) -> None:
    others = (
        "Name: {type: string, maxLength: 5}\n    Alias: {$ref: '#/components/schemas/Name', title: B}\n"
        "    Any: true\n    List: {allOf: [{$ref: '#/components/schemas/Name'}]}\n"
    )

    contract = read_with("    Thing:\n", f"    {others}    Own: {schema}\n    Thing:\n")

    assert contract.components["Own"] == inlined


def test_records_are_those_of_the_lowest_success() -> None:
    other = "'201': {content: {text/json: {schema: {$ref: '#/components/schemas/Other'}}}}"
    text = CONTRACT.replace('        "200":', f'        {other}\n        "200":')

    contract = read(text.replace("    Thing:\n", "    Other: {properties: {Name: {}}}\n    Thing:\n"))

    assert contract.operations[0].component == "Thing"


def test_parameter_of_an_operation_replaces_that_of_the_path() -> None:
    shared = (
        "parameters: [{name: KIND, in: query, schema: {type: string}}, {name: s, in: query, schema: {type: boolean}}]"
    )

    contract = read_with("    get:\n", f"    {shared}\n    get:\n")

    parameters = contract.operations[0].parameters
    assert [(each.name, each.kind) for each in parameters] == [
        ("kind", "integer int32"),
        ("s", "boolean"),
        ("id", "string"),
    ]


HEADERS = [("required: true", ("X-A",)), ("required: false", ()), ("schema: {type: string}", ())]


@pytest.mark.parametrize(("header", "required"), HEADERS)
def test_only_a_header_that_says_so_is_required(header: str, required: tuple[str, ...]) -> None:
    contract = read_with('"200":\n', f'"200":\n          headers: {{X-A: {{{header}}}}}\n')

    assert contract.operations[0].responses[200].required_headers == required


def test_examples_are_paired_by_name_and_give_every_path_parameter() -> None:
    text = CONTRACT.replace(
        "          x-mock-selects:\n            member: Key\n", "          examples: {a: {value: x}, b: {value: y}}\n"
    )
    text = text.replace(
        "          x-mock-selects:\n            member: Kind\n            unless: 0\n",
        "          examples: {b: {value: 1}, c: {value: 2}, a: {externalValue: 'http://host/'}}\n",
    )

    contract = read(text)

    assert contract.operations[0].examples == {"a": {"id": "x"}, "b": {"id": "y", "kind": 1}}


ACCEPTED = [
    ("          default: 0\n", "          default: null\n"),
    ("format: int32", "format: int64"),
    ("unless: 0", "unless: -7"),
    ('"200":', "x-own: 1\n        '200':"),
    ("    get:", "    x-own: 1\n    summary: A\n    description: B\n    get:"),
    ("paths:\n", "paths:\n  x-own: 1\n"),
    ("Kind: {type: integer}", "Kind: {type: integer}\n        At: {type: string, x-mock-format: dotnet-date-time}"),
    (
        "Kind: {type: integer}",
        "Kind: {}\n        type: {type: [integer, 'null'], enum: [a, {}], examples: [{type: 5}], items: true}",
    ),
    (
        "Kind: {type: integer}",
        "Kind: {minimum: 0, multipleOf: 0.5, maxLength: 0, patternProperties: {x: true}, not: {}}",
    ),
    ('"200":', '"204": {content: {}}\n        "404": {}\n        "200":'),
    ("      properties:", "      additionalProperties:"),
]


@pytest.mark.parametrize(("old", "new"), ACCEPTED)
def test_what_openapi_has_besides_is_no_fault(old: str, new: str) -> None:
    contract = read_with(old, new)

    assert [operation.id for operation in contract.operations] == ["getThing"]


# Faults

OWN = "Refer to one under components/schemas, so that a marshmallow class of its name can check it."
SERVED = "Write one of string, integer int32, integer int64, boolean."
PLAIN = "Write one such as /things/{id}, each parameter between slashes."
NO_SUCCESS = "9:7: The operation has no response from 200 to 299. Add the one of its records."

FAULTS = [
    # the document
    ("openapi: 3.1.0\n", "", ["1:1: This is no OpenAPI document. Begin it with openapi: 3.1.0."]),
    ("openapi: 3.1.0", "swagger: '2.0'", ["1:1: This is no OpenAPI document. Begin it with openapi: 3.1.0."]),
    ("3.1.0", "3.0.3", ["1:10: openapi is '3.0.3', but 3.1.x is read here. Write openapi: 3.1.0."]),
    ("3.1.0", "3.1", ["1:10: openapi is '3.1', but 3.1.x is read here. Write openapi: 3.1.0."]),
    ("3.1.0", "[]", ["1:10: openapi is '', but 3.1.x is read here. Write openapi: 3.1.0."]),
    ("info:\n  title: Things\n", "", ["1:1: info is missing. Add it, with a title."]),
    ("title: Things", "version: 1.0.0", ["3:3: title is missing. Add it."]),
    ("title: Things", "title: 5", ['3:10: title is no text. Quote it: "5".']),
    ("paths:", "webhooks:", ["1:1: The contract has no operation. Add one under paths."]),
    # servers
    (
        "/API",
        "'https://{host}/API'",
        ["5:10: The server https://{host}/API has variables. Write each of its addresses out."],
    ),
    ("/API", "/{tenant}/API", ["5:10: The server /{tenant}/API has variables. Write each of its addresses out."]),
    ("/API", "API", ["5:10: The server 'API' is no plain address. Write one such as /API."]),
    ("/API", "/API?x=1", ["5:10: The server '/API?x=1' is no plain address. Write one such as /API."]),
    ("/API", "/a b", ["5:10: The server '/a b' is no plain address. Write one such as /API."]),
    ("/API", "/a//b", ["5:10: The server '/a//b' is no plain address. Write one such as /API."]),
    ("/API", "'http://[::1/ '", ["5:10: The server 'http://[::1/ ' is no plain address. Write one such as /API."]),
    ("url: /API", "uri: /API", ["5:5: url is missing. Add it."]),
    ("url: /API", "url: ''", ["5:10: url is empty. Write text."]),
    ("- url: /API", "- /API", ["5:5: A mapping is wanted here. Write keys and values."]),
    ("\n  - url: /API", " /API", ["4:10: A list is wanted here. Begin each entry with a dash."]),
    # paths
    ("/things/{id}:", "things/{id}:", [f"7:3: The path 'things/{{id}}' is no plain path. {PLAIN}"]),
    ("/things/{id}:", "'/things//{id}':", [f"7:3: The path '/things//{{id}}' is no plain path. {PLAIN}"]),
    ("/things/{id}:", "/things/{id}.json:", [f"7:3: The path '/things/{{id}}.json' is no plain path. {PLAIN}"]),
    ("/things/{id}:", "/things/{id}?a:", [f"7:3: The path '/things/{{id}}?a' is no plain path. {PLAIN}"]),
    (
        "/things/{id}:",
        "/things/{}:",
        [
            f"7:3: The path '/things/{{}}' is no plain path. {PLAIN}",
            "9:7: The path parameter id is not in the path. Write it in both places.",
        ],
    ),
    (
        "/things/{id}:",
        "/things/{key}:",
        [
            "9:7: The path parameter id is not in the path. Write it in both places.",
            "9:7: The path parameter key is not declared. Write it in both places.",
        ],
    ),
    (
        "components:",
        "  /Things/{x}/:\n    get: {operationId: b, responses: {'204': {}}}\ncomponents:",
        [
            "33:3: A path like /Things/{x}/ stands already at f.yaml:7:3. Change one of the two, or remove it.",
            "34:10: The path parameter x is not declared. Write it in both places.",
        ],
    ),
    ("  /things/{id}:\n", "  /a: []\n  /things/{id}:\n", ["7:7: A mapping is wanted here. Write keys and values."]),
    # schemas
    ("Kind: {type: integer}", "Kind: {type: intger}", ["39:22: type is no type, nor a list of types. Write one."]),
    ("Kind: {type: integer}", "Kind: {type: [string, nul]}", ["39:31: An entry of type is no type. Write one."]),
    ("Kind: {type: integer}", "Kind: {type: [[string]]}", ["39:23: An entry of type is no type. Write one."]),
    ("Kind: {type: integer}", "Kind: {maxLength: '50'}", ["39:27: maxLength is no whole number from 0. Write one."]),
    ("Kind: {type: integer}", "Kind: {minItems: -1}", ["39:26: minItems is no whole number from 0. Write one."]),
    ("Kind: {type: integer}", "Kind: {maxItems: 1.0}", ["39:26: maxItems is no whole number from 0. Write one."]),
    ("Kind: {type: integer}", "Kind: {minLength: true}", ["39:27: minLength is no whole number from 0. Write one."]),
    (
        "Kind: {type: integer}",
        "Kind: {minimum: 0, exclusiveMinimum: true}",
        ["39:46: exclusiveMinimum is no number. Write one."],
    ),
    ("Kind: {type: integer}", "Kind: {multipleOf: 0}", ["39:28: multipleOf is no number over 0. Write one."]),
    ("Kind: {type: integer}", "Kind: {multipleOf: -0.5}", ["39:28: multipleOf is no number over 0. Write one."]),
    ("Kind: {type: integer}", "Kind: {pattern: [a]}", ["39:25: pattern is no text. Write one."]),
    ("Kind: {type: integer}", "Kind: {enum: a}", ["39:22: enum is no list. Write one."]),
    ("Kind: {type: integer}", "Kind: {items: [{}]}", ["39:23: items is no schema. Write one."]),
    ("Kind: {type: integer}", "Kind: {oneOf: [{}, string]}", ["39:28: An entry of oneOf is no schema. Write one."]),
    ("Kind: {type: integer}", "Kind: integer", ["39:15: An entry of properties is no schema. Write one."]),
    ("Kind: {type: integer}", "Kind: {properties: {Kind: {enum: {}}}}", ["39:42: enum is no list. Write one."]),
    (
        "      properties:",
        "      required: [Key, 5]\n      properties:",
        ["36:23: An entry of required is no text. Write one."],
    ),
    ("    Thing:\n", "    Other: object\n    Thing:\n", ["35:12: The component Other is no schema. Write one."]),
    (
        "Kind: {type: integer}",
        "Kind: {$ref: '#/info/title'}",
        ["3:10: What #/info/title points at is no schema. Write one."],
    ),
    # operations
    ("get:", "gte:", ["8:5: gte is no method; did you mean 'get'?"]),
    (
        "get:",
        "query: {}\n    get:",
        ["8:5: query is no method. Write one of get, put, post, delete, options, head, patch, trace."],
    ),
    ("get:", "put:\n    get:", ["8:9: A mapping is wanted here. Write keys and values."]),
    ("      operationId: getThing\n", "", ["9:7: operationId is missing. Add it."]),
    (
        "operationId: getThing",
        "operationId: 007x\n      operationId: a",
        ["10:7: operationId is given twice, first in line 9. Keep one of the two."],
    ),
    ("operationId: getThing", "operationId: 5", ['9:20: operationId is no text. Quote it: "5".']),
    (
        "components:",
        "  /a:\n    put: {operationId: getThing, responses: {'204': {}}}\ncomponents:",
        ["34:24: The operationId getThing stands already at f.yaml:9:20. Change one of the two, or remove it."],
    ),
    (
        "operationId: getThing",
        "requestBody: {}\n      operationId: getThing",
        ["9:7: Request bodies are not served so far. Leave it out."],
    ),
    (
        "operationId: getThing",
        "servers: []\n      operationId: getThing",
        ["9:7: Servers are read at the top of the document only. Move them there."],
    ),
    ("get:", "servers: []\n    get:", ["8:5: Servers are read at the top of the document only. Move them there."]),
    ("operationId: getThing", "operationId: ''", ["9:20: operationId is empty. Write text."]),
    # parameters
    ("- name: kind", "- name: ''", ["18:17: name is empty. Write text."]),
    ("in: query", "in: ''", ["19:15: in is empty. Write text."]),
    ("            type: string\n", "            type: ''\n", ["15:19: type is empty. Write text."]),
    ("            format: int32\n", "            format: ''\n", ["22:21: format is empty. Write text."]),
    ("member: Kind", "member: ''", ["25:21: member is empty. Write text."]),
    ("- name: kind", "- title: kind", ["18:11: name is missing. Add it."]),
    ("- name: kind", "- name: ID", ["18:11: The parameter ID is given twice. Keep one of the two."]),
    ("          in: query\n", "", ["18:11: in is missing. Add it."]),
    ("in: query", "in: header", ["19:15: kind is in header. Write path or query."]),
    ("in: query", "in: cookie", ["19:15: kind is in cookie. Write path or query."]),
    ("          required: true\n", "", ["11:11: id is in the path, so it is always there. Write required: true."]),
    ("required: true", "required: false", ["11:11: id is in the path, so it is always there. Write required: true."]),
    ("          schema:\n            type: string\n", "", ["11:11: id has no schema. Add one with a type."]),
    (
        "          schema:\n            type: string\n",
        "          type: string\n",
        ["11:11: id has no schema. Add one with a type."],
    ),
    ("            type: string\n", "            format: uuid\n", ["15:13: type is missing. Add it."]),
    ("            type: string\n", "            type: [string]\n", ["15:19: type is no text. Write text."]),
    (
        "            type: string\n",
        "            type: array\n",
        [f"15:13: id is of type array, which is not served. {SERVED}"],
    ),
    (
        "            type: string\n",
        "            type: integer\n",
        [f"15:13: id is of type integer, which is not served. {SERVED}"],
    ),
    (
        "            type: string\n",
        "            {type: string, format: uuid}\n",
        [f"15:13: id is of type string uuid, which is not served. {SERVED}"],
    ),
    (
        "default: 0",
        "default: '0'",
        ["23:22: The default of kind is '0', which is no integer int32. Change one of the two."],
    ),
    (
        "default: 0",
        "default: true",
        ["23:22: The default of kind is True, which is no integer int32. Change one of the two."],
    ),
    (
        "default: 0",
        "default: 0.0",
        ["23:22: The default of kind is 0.0, which is no integer int32. Change one of the two."],
    ),
    (
        "default: 0",
        "default: [0]",
        ["23:22: A single value is wanted here. Write text, a number, true, false or null."],
    ),
    (
        "      parameters:\n",
        "      parameters:\n        - id\n",
        ["11:11: A mapping is wanted here. Write keys and values."],
    ),
    # extensions
    (
        "x-mock-selects:",
        "x-mock-select:",
        ["16:11: x-mock-select is not known, x-mock-selects and x-mock-format are; did you mean 'x-mock-selects'?"],
    ),
    (
        "paths:",
        "x-mock-zzzzzzzzz: 1\npaths:",
        ["6:1: x-mock-zzzzzzzzz is not known, x-mock-selects and x-mock-format are."],
    ),
    (
        "servers:\n",
        "tags: [{x-mock-selects: {member: Key}}]\nservers:\n",
        ["4:9: x-mock-selects belongs to a parameter. Move it there."],
    ),
    (
        "Kind: {type: integer}",
        "Kind: {x-mock-format: date}",
        ["39:31: x-mock-format is 'date'. Write dotnet-date-time."],
    ),
    ("Kind: {type: integer}", "Kind: {x-mock-format: []}", ["39:31: x-mock-format is ''. Write dotnet-date-time."]),
    ("member: Kind", "member: Kinds", ["25:21: The records have no member 'Kinds'; did you mean 'Kind'?"]),
    ("member: Kind", "member: Zzz", ["25:21: The records have no member 'Zzz'. Name a member of the records."]),
    ("            member: Kind\n", "", ["25:13: member is missing. Add it."]),
    ("unless: 0", "unles: 0", ["26:13: unles is not known here; did you mean 'unless'?"]),
    ("unless: 0", "unless: '0'", ["26:21: unless of kind is '0', which is no integer int32. Change one of the two."]),
    ("unless: 0", "unless: {}", ["26:21: A single value is wanted here. Write text, a number, true, false or null."]),
    # responses
    ('"200":', '"404":', [NO_SUCCESS]),
    ('"200":', '"300":', [NO_SUCCESS]),
    ('"200":', '"199":', [NO_SUCCESS]),
    (
        '"200":',
        "default:",
        [NO_SUCCESS, "28:9: The status default is no number from 100 to 599. Write each status out."],
    ),
    ('"200":', "2XX:", [NO_SUCCESS, "28:9: The status 2XX is no number from 100 to 599. Write each status out."]),
    ('"200":', '"٢٠٠":', [NO_SUCCESS, "28:9: The status ٢٠٠ is no number from 100 to 599. Write each status out."]),
    (
        '"200":',
        '"600": {}\n        "200":',
        ["28:9: The status 600 is no number from 100 to 599. Write each status out."],
    ),
    ("      responses:\n", "      response:\n", [NO_SUCCESS]),
    (
        "application/json",
        "application/xml",
        ["30:13: application/xml is not served. Write application/json or text/json."],
    ),
    (
        "$ref: '#/components/schemas/Thing'",
        "type: object",
        [f"32:17: The schema of application/json is no component. {OWN}"],
    ),
    ("/Thing'", "/Thin'", ["32:17: The schema of application/json is no component; did you mean 'Thing'?"]),
    ("/Thing'", "/Zzz'", [f"32:17: The schema of application/json is no component. {OWN}"]),
    ("'#/comp", "'other.yaml#/comp", [f"32:17: The schema of application/json is no component. {OWN}"]),
    (
        "            application/json:",
        "            text/json: {}\n            application/json:",
        [f"30:24: The schema of text/json is no component. {OWN}"],
    ),
    (
        "            application/json:",
        "            text/json: {schema: {$ref: '#/components/schemas/Other'}}\n            application/json:",
        [f"30:33: The schema of text/json is no component. {OWN}"],
    ),
    ('"200":', '"404": 5\n        "200":', ["28:16: A mapping is wanted here. Write keys and values."]),
    # references
    (
        '"200":',
        "'404': {$ref: '#/components/responses/NotFound'}\n        \"200\":",
        ["28:23: $ref '#/components/responses/NotFound' leads nowhere. Point at a component of this file."],
    ),
    (
        '"200":',
        "'404': {$ref: 'other.yaml'}\n        \"200\":",
        ["28:23: $ref 'other.yaml' leads nowhere. Point at a component of this file."],
    ),
    (
        '"200":',
        "'404': {$ref: 5}\n        \"200\":",
        ["28:23: $ref '5' leads nowhere. Point at a component of this file."],
    ),
    (
        '"200":',
        "'404': {$ref: '#/info/title'}\n        \"200\":",
        ["3:10: A mapping is wanted here. Write keys and values."],
    ),
    (
        '"200":',
        "'404': {$ref: '#/paths/~1things~1{id}/get/responses/404'}\n        \"200\":",
        ["28:23: $ref '#/paths/~1things~1{id}/get/responses/404' leads back to itself. Point at what is meant."],
    ),
    (
        "    Thing:\n",
        "    Other: {$ref: '#/components/schemas/Nope'}\n    Thing:\n",
        ["35:19: $ref '#/components/schemas/Nope' leads nowhere. Point at a component of this file."],
    ),
    (
        "    Thing:\n",
        "    Tree: {items: {$ref: '#/components/schemas/Tree'}}\n    Thing:\n",
        ["35:26: #/components/schemas/Tree contains itself, which cannot be served. Flatten it."],
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), FAULTS)
def test_fault_names_place_finding_and_remedy(old: str, new: str, faults: list[str]) -> None:
    found = find_faults(lambda: read_with(old, new))

    assert found == [f"f.yaml:{fault}" for fault in faults]


ALONE = [
    (
        "5",
        [
            "A mapping is wanted here. Write keys and values.",
            "This is no OpenAPI document. Begin it with openapi: 3.1.0.",
        ],
    ),
    (
        "[]",
        [
            "A mapping is wanted here. Write keys and values.",
            "This is no OpenAPI document. Begin it with openapi: 3.1.0.",
        ],
    ),
    (
        "{openapi: 3.1.0}",
        ["The contract has no operation. Add one under paths.", "info is missing. Add it, with a title."],
    ),
    ("{openapi: 3.1.0, info: {title: A}, paths: {}}", ["The contract has no operation. Add one under paths."]),
]


@pytest.mark.parametrize(("text", "faults"), ALONE)
def test_document_that_is_no_contract_is_refused(text: str, faults: list[str]) -> None:
    found = find_faults(lambda: read(text))

    assert found == [f"f.yaml:1:1: {fault}" for fault in faults]


def test_media_types_that_differ_in_their_schemas_are_refused() -> None:
    text = CONTRACT.replace("    Thing:\n", "    Other: {}\n    Thing:\n")
    other = "            text/json: {schema: {$ref: '#/components/schemas/Other'}}\n"
    text = text.replace("            application/json:", f"{other}            application/json:")

    found = find_faults(lambda: read(text))

    assert found == ["f.yaml:29:11: The media types differ in their schemas. Give them the same one."]


def test_every_fault_of_a_contract_is_told_at_once() -> None:
    text = CONTRACT.replace("3.1.0", "3.0.0").replace("in: query", "in: cookie").replace("member: Key", "member: Ky")

    found = find_faults(lambda: read(text))

    assert found == [
        "f.yaml:1:10: openapi is '3.0.0', but 3.1.x is read here. Write openapi: 3.1.0.",
        "f.yaml:17:21: The records have no member 'Ky'; did you mean 'Key'?",
        "f.yaml:19:15: kind is in cookie. Write path or query.",
    ]


def write_chain(length: int, schema: str) -> str:
    """Components of which each refers to the next by *schema*, in which `@` stands for the reference."""
    chain = (schema.replace("@", f"{{$ref: '#/components/schemas/C{number + 1}'}}") for number in range(length))
    return (
        "".join(f"    C{number}: {each}\n" for number, each in enumerate(chain)) + f"    C{length}: {{}}\n    Thing:\n"
    )


CHAINS = [
    (51, "{items: @}", "85:18"),
    (40, "{allOf: [@]}", "68:19"),
    (20, "{a: @, b: @}", "54:10"),
]


@pytest.mark.parametrize(("length", "schema", "place"), CHAINS)
def test_references_that_stand_for_too_much_are_refused(length: int, schema: str, place: str) -> None:
    found = find_faults(lambda: read_with("    Thing:\n", write_chain(length, schema)))

    assert found == [f"f.yaml:{place}: The references stand for over 100,000 values or 100 levels. Flatten them."]


def test_references_may_stand_for_as_many_levels_as_the_limit() -> None:
    contract = read_with("    Thing:\n", write_chain(50, "{items: @}"))

    assert str(contract.components["C0"]).count("items") == 50


def test_long_chain_of_references_is_read() -> None:
    contract = read_with("    Thing:\n", write_chain(40, "@"))

    assert contract.components["C0"] == {}


# Any document at all

SHIPPED: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))


def list_paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value below this one."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in pairs:
        yield (*path, key)
        yield from list_paths(child, (*path, key))


PATHS_BELOW = tuple(list_paths(SHIPPED))
POINTERS = [
    *("#", "#/paths", "#/components/schemas/Customer", "#/components/responses/NotFound", "#/components/parameters/x"),
    *("#/servers/0", "other.yaml", "", "#/components/schemas/HttpError/properties"),
]
KEYS = [*("$ref", "x-mock-a", "x-mock-selects", "x-mock-format", "in", "get", "{a}", "default", "4XX", "", "a/b~c")]
VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    st.sampled_from(["http://[::1", "{x}/", "٣", "//", "/", "integer", "path", "3.1.1"]),
    st.sampled_from(POINTERS).map(lambda pointer: {"$ref": pointer}),
    st.sampled_from(["[]", "{}", "[[]]", "{'a': 1}", "[{}]"]).map(yaml.safe_load),
)
CHANGES = st.tuples(
    st.sampled_from(PATHS_BELOW), st.sampled_from(["replace", "remove", "rename", "add"]), st.sampled_from(KEYS), VALUES
)


def change(document: Any, path: tuple[str | int, ...], how: str, key: str, value: Any) -> None:
    """Change one place of a document, if an earlier change has left it there."""
    owner = document
    try:
        for step in path[:-1]:
            owner = owner[step]
        old = owner.pop(path[-1]) if how in ("remove", "rename") else owner[path[-1]]
    except (LookupError, TypeError, AttributeError):
        return
    if how == "replace":
        owner[path[-1]] = value
    elif how == "rename" and isinstance(owner, dict):
        owner[key] = old
    elif how == "add" and isinstance(old, dict):
        old[key] = value


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(changes=st.lists(CHANGES, min_size=1, max_size=4))
def test_changed_contract_is_read_or_refused_with_faults_of_one_line(changes: list[tuple[Any, ...]]) -> None:
    document = copy.deepcopy(SHIPPED)
    for each in changes:
        change(document, *copy.deepcopy(each))
    faults = []

    try:
        read(json.dumps(document))
    except DocumentError as error:
        faults = str(error).split("\n")

    assert [each for each in faults if not re.fullmatch(r"f\.yaml:[0-9]+:[0-9]+: .+[.?]", each)] == []
