"""The bare contract: what only the stub reads, sends or says is left out, and all else stays."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockserver.contract.openapi import load_contract
from mockserver.documents.nodes import Json
from mockserver.web.admin.bare import make_bare
from mockserver.web.app import create_app
from tests.support.files import Write
from tests.support.shipped import CONTRACT

OWN_WORDS: Final = (
    *("mock", "stub", r"\bprefer\b", "preference", "fixture", "by hand", "--", "__", "session", "seed", "breach"),
    *("hint", "generates one"),
)
"""Words that speak of the stub, as patterns."""


def get_bare(client: FlaskClient, query: str = "bare") -> Any:
    return client.get(f"/__mock/openapi.json?{query}").get_json()


# The shipped contract


@pytest.mark.parametrize("missing", ["empty", "message", "null"])
def test_bare_contract_is_valid(missing: str) -> None:
    document = get_bare(create_app(missing=missing, refuse_unacceptable=True).test_client())

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


@pytest.mark.parametrize("word", OWN_WORDS)
def test_bare_contract_has_no_word_of_the_stub(client: FlaskClient, word: str) -> None:
    full, bare = (json.dumps(client.get(f"/__mock/openapi.json{each}").get_json()) for each in ("", "?bare"))

    found = re.compile(word, re.IGNORECASE)
    assert (found.search(full) is not None, found.findall(bare)) == (True, [])


def test_bare_contract_has_the_same_operations(client: FlaskClient, write: Write) -> None:
    bare = get_bare(client)
    path = write("bare.yaml", json.dumps({**bare, "servers": CONTRACT.document["servers"]})) / "bare.yaml"

    read = load_contract(path)

    shapes = [
        [
            (each.id, each.method, each.path, [(it.name, it.location, it.kind, it.default) for it in each.parameters])
            for each in contract.operations
        ]
        for contract in (CONTRACT, read)
    ]
    statuses = [sorted(each.operations[0].responses) for each in (CONTRACT, read)]
    assert (shapes[1], statuses[1]) == (shapes[0], statuses[0])


def test_bare_contract_has_the_same_schemas_and_examples(client: FlaskClient) -> None:
    components, bare = (client.get(f"/__mock/openapi.json{each}").get_json()["components"] for each in ("", "?bare"))

    del components["schemas"]["Customer"]["properties"]["DOB"]["x-mock-format"]
    for each in (components, bare):
        del each["schemas"]["Customer"]["description"]
    assert (bare["schemas"], bare["examples"]) == (components["schemas"], components["examples"])
    assert list(bare["headers"]) == ["CacheControl", "Pragma", "Expires"]


def test_yaml_and_json_are_equally_bare(client: FlaskClient, write: Write) -> None:
    text = client.get("/__mock/openapi.yaml?bare").text

    loaded = load_contract(write("bare.yaml", text) / "bare.yaml").document

    assert loaded == get_bare(client)


# The query


@pytest.mark.parametrize(
    ("query", "is_bare"),
    [("bare", True), ("bare=", True), ("bare=true", True), ("bare=false", False), ("v=1", False), ("v=1&bare", True)],
)
def test_query_asks_for_the_bare_contract(client: FlaskClient, query: str, is_bare: bool) -> None:
    assert ("X-Mock-Source" not in json.dumps(get_bare(client, query))) == is_bare


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_other_value_of_bare_is_refused(client: FlaskClient, form: str) -> None:
    response = client.get(f"/__mock/openapi.{form}?bare=yes")

    assert (response.status_code, response.get_json()) == (400, {"Message": "bare is 'yes'. Write false, true."})


# Any document


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("All.", "All."),
        ("One<!-- stub -->, two<!-- /stub -->, three.", "One, three."),
        ("One. <!--stub-->Two. <!--/stub--> Three.", "One. Three."),
        ("One.\n<!-- stub -->\nTwo.\n<!-- /stub -->\nThree.\n", "One.\nThree.\n"),
        ("One.\n<!-- stub -->\nTwo.\n<!-- /stub -->\n\nThree.\n", "One.\n\nThree.\n"),
        ("- One.\n\n<!-- stub -->\nTwo.\n<!-- /stub -->\n- Three.\n", "- One.\n\n- Three.\n"),
        ("<!-- stub -->\nOne.\n<!-- /stub -->\nTwo.\n", "Two.\n"),
        ("<!-- stub -->One.<!-- /stub -->\n\n<!-- stub -->Two.<!-- /stub -->\nThree.", "Three."),
        ("One.\n<!-- stub -->\nTwo.\n<!-- /stub -->\n", "One."),
        ("<!-- stub -->One.<!-- /stub -->", ""),
        # A mark that is left open lasts to the end; other comments stay.
        ("One. <!-- stub -->Two.\n\nThree.\n", "One."),
        ("One. <!-- note --> Two. <!-- /stub -->", "One. <!-- note --> Two. <!-- /stub -->"),
    ],
)
def test_marked_sections_are_left_out(text: str, bare: str) -> None:
    assert make_bare({"info": {"description": text}}) == {"info": {"description": bare}}


OWN_HEADER: Final[Json] = {"name": "x-mock-session", "in": "header", "schema": {"type": "string"}}
OTHER: Final[Json] = {"name": "x-mock-session", "in": "query"}


@pytest.mark.parametrize(
    ("document", "bare"),
    [
        # Keys and headers of the stub, wherever they stand.
        ({"x-mock-a": 1, "paths": {"x-mock-b": 1, "/a": {"get": {"x-mock-c": {}}}}}, {"paths": {"/a": {"get": {}}}}),
        ({"200": {"headers": {"X-MOCK-a": {}, "Age": {}}}}, {"200": {"headers": {"Age": {}}}}),
        ({"responses": {"x-mock-a": 1, "default": {"headers": {"X-Mock-A": {}}}}}, {"responses": {"default": {}}}),
        ({"items": {"x-mock-a": 1}, "headers": {}}, {"items": {}, "headers": {}}),
        ({"parameters": [OWN_HEADER, OTHER]}, {"parameters": [OTHER]}),
        ({"get": {"parameters": [OWN_HEADER], "tags": []}}, {"get": {"tags": []}}),
        ({"components": {"x-mock-a": 1, "schemas": {"A": {"allOf": [{"x-mock-b": 1, "title": "A"}]}}}},
         {"components": {"schemas": {"A": {"allOf": [{"title": "A"}]}}}}),
        # Names and data that only look like these.
        *(({each: {"x-mock-a": {"type": "string"}}},) * 2 for each in ("properties", "$defs", "examples", "callbacks")),
        *(({each: {"x-mock-a": 1, "description": "<!-- stub -->"}},) * 2 for each in ("example", "default", "x-other")),
        *(({each: [{"x-mock-a": 1}]},) * 2 for each in ("enum", "examples")),
        ({"properties": {"description": {"x-mock-a": 1, "const": {}}}}, {"properties": {"description": {"const": {}}}}),
        # What is not as OpenAPI has it stays.
        *(({key: None},) * 2 for key in ("components", "properties", "headers", "description")),
        *(({"components": {"parameters": each}},) * 2 for each in (1, {"A": OTHER})),
        ({"parameters": ["X-Mock-A", None]},) * 2,
    ],
)  # fmt: skip
def test_own_things_are_left_out(document: dict[str, Json], bare: dict[str, Json]) -> None:
    assert make_bare(document) == bare


def test_components_of_own_things_are_left_out() -> None:
    response: Json = {
        "headers": {"X-Mock-A": {"$ref": "#/components/headers/Own"}, "B": {"$ref": "#/components/headers/B"}}
    }
    headers: Json = {"Own": {"schema": {"$ref": "#/components/schemas/Own"}}, "B": {}, "Unused": {}}
    document: dict[str, Json] = {
        "parameters": [{"$ref": "#/components/parameters/Own"}],
        "responses": {"200": response},
        "components": {
            "parameters": {"Own": OWN_HEADER},
            "headers": headers,
            "schemas": {"Own": {"properties": {"a": {"$ref": "#/components/schemas/Deep/properties/b"}}}, "Deep": {}},
        },
    }

    assert make_bare(document) == {
        "responses": {"200": {"headers": {"B": {"$ref": "#/components/headers/B"}}}},
        "components": {"headers": {"B": {}, "Unused": {}}},
    }


def test_document_that_is_made_bare_stays_as_it_is() -> None:
    before = json.dumps(dict(CONTRACT.document))

    make_bare(CONTRACT.document)

    assert json.dumps(dict(CONTRACT.document)) == before


def test_shipped_marks_come_in_pairs() -> None:
    text = (Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8")

    marks = re.findall(r"<!-- (/?stub) -->", text)

    assert marks == ["stub", "/stub"] * (len(marks) // 2)
    assert marks != []
