"""Changes of servers, operations, parameters and responses: which rule finds each, where, and whom it hurts."""

from __future__ import annotations

import pytest

from mockserver.conformance.changes import Change
from mockserver.conformance.editions import make_edition
from mockserver.conformance.operation_changes import find_changes
from mockserver.documents.yaml_text import parse_document

BASE = """\
openapi: 3.1.0
info: {title: Things}
servers: [{url: /API}]
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: kind, in: query, schema: {type: integer, format: int32, default: 0}}
      responses:
        "200":
          headers:
            X-Rate: {required: true, schema: {type: integer}}
            X-Note: {schema: {type: string}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Thing'}}
            text/json: {schema: {$ref: '#/components/schemas/Thing'}}
        "404": {}
    delete:
      operationId: dropThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "204": {}
components:
  schemas:
    Thing: {type: object, properties: {Key: {type: string}}}
    Other: {type: object, properties: {Key: {type: integer}}}
"""

KIND = "{name: kind, in: query, schema: {type: integer, format: int32, default: 0}}"
BODY = "application/json: {schema: {$ref: '#/components/schemas/Thing'}}"
TEXT = "            text/json: {schema: {$ref: '#/components/schemas/Thing'}}\n"
RATE = "            X-Rate: {required: true, schema: {type: integer}}\n"
NOTE = "            X-Note: {schema: {type: string}}\n"
GET = "#/paths/~1things~1{id}/get"

# What is replaced in the contract and by what; whom that hurts and by which rule; the reverse of it.
ROWS = [
    ("{url: /API}]", "{url: /API}, {url: /V2}]", "provider: server-added", "BREAKS: server-removed"),
    (
        "servers: [{url: /API}]",
        "x-none: 1",
        "BREAKS: server-removed, provider: server-added",
        "BREAKS: server-removed, provider: server-added",
    ),
    (
        "    delete:",
        "    post:",
        "BREAKS: operation-removed, provider: operation-added",
        "BREAKS: operation-removed, provider: operation-added",
    ),
    (
        "  /things/{id}:",
        "  /Things/{id}:",
        "BREAKS: operation-removed, BREAKS: operation-removed, provider: operation-added, provider: operation-added",
        "BREAKS: operation-removed, BREAKS: operation-removed, provider: operation-added, provider: operation-added",
    ),
    (
        "operationId: getThing",
        "operationId: findThing",
        "consumers: operation-id-changed",
        "consumers: operation-id-changed",
    ),
    ("getThing", "getThing\n      description: The same", "", ""),
    (f"        - {KIND}\n", "", "BREAKS: parameter-removed", "provider: parameter-added"),
    (
        f"        - {KIND}\n",
        f"        - {KIND}\n        - {{name: n, in: query, required: true, schema: {{type: string}}}}\n",
        "BREAKS: required-parameter-added",
        "BREAKS: parameter-removed",
    ),
    (
        "kind, in: query",
        "Kind, in: query",
        "BREAKS: parameter-removed, provider: parameter-added",
        "BREAKS: parameter-removed, provider: parameter-added",
    ),
    (
        "kind, in: query",
        "kind, in: query, required: true",
        "BREAKS: parameter-became-required",
        "provider: parameter-became-optional",
    ),
    ("default: 0", "default: 1", "BREAKS: request-default-altered", "BREAKS: request-default-altered"),
    (", default: 0", "", "BREAKS: request-default-altered", "BREAKS: request-default-altered"),
    (
        "int32, default: 0",
        "int32, default: 0, maximum: 9",
        "BREAKS: request-bound-narrowed",
        "provider: request-bound-widened",
    ),
    (
        "int32, default: 0",
        "int32, default: 0, enum: [0, 1]",
        "BREAKS: request-enum-narrowed",
        "provider: request-enum-widened",
    ),
    (
        "{type: integer, format: int32, default: 0}",
        "{type: string, maxLength: 9, default: '0'}",
        "BREAKS: request-type-changed",
        "BREAKS: request-type-changed",
    ),
    (
        "id, in: path, required: true, schema: {type: string}",
        "id, in: path, required: true, schema: {type: string, maxLength: 3}",
        "BREAKS: request-maxLength-narrowed",
        "provider: request-maxLength-widened",
    ),
    # Numbers and booleans are text too, unless the text is restricted or there is a media type.
    (
        "required: true, schema: {type: string}",
        "required: true, schema: {type: boolean}",
        "BREAKS: request-type-narrowed",
        "provider: request-type-widened",
    ),
    (
        "{schema: {type: string}}",
        "{schema: {type: boolean}}",
        "provider: response-type-narrowed",
        "BREAKS: response-type-widened",
    ),
    (
        "{schema: {type: string}}",
        "{content: {application/json: {schema: {type: boolean}}}}",
        "BREAKS: response-type-changed",
        "BREAKS: response-type-changed",
    ),
    ('"404": {}', '"404": {}\n        "201": {}', "consumers: status-added", "BREAKS: success-status-removed"),
    ('"404": {}', '"404": {}\n        "503": {}', "consumers: status-added", "nobody: status-removed"),
    (TEXT, "", "BREAKS: media-type-removed", "provider: media-type-added"),
    (RATE, "", "BREAKS: required-header-removed", "provider: header-added"),
    (NOTE, "", "consumers: header-removed", "provider: header-added"),
    ("X-Note", "x-note", "", ""),
    (NOTE, f"{NOTE}            Date: {{schema: {{type: string}}}}\n", "", ""),
    (
        "{required: true, schema: {type: integer}}",
        "{schema: {type: integer}}",
        "BREAKS: header-became-optional",
        "provider: header-became-required",
    ),
    (
        "{required: true, schema: {type: integer}}",
        "{required: true, content: {text/plain: {schema: {type: integer, minimum: 0}}}}",
        "provider: response-bound-narrowed",
        "BREAKS: response-bound-widened",
    ),
    (
        "properties: {Key: {type: string}}",
        "properties: {Key: {type: [string, 'null']}}",
        "BREAKS: response-null-widened",
        "provider: response-null-narrowed",
    ),
    (
        "  schemas:\n    Thing:",
        "  schemas:\n    Thing: {$ref: '#/components/schemas/Other'}\n    Third:",
        "BREAKS: response-type-changed",
        "BREAKS: response-type-changed",
    ),
]


def find(old: str, new: str) -> tuple[Change, ...]:
    return find_changes(
        *(make_edition(parse_document(text, f"{name}.yaml")) for name, text in (("old", old), ("new", new)))
    )


def judge(old: str, new: str) -> str:
    return ", ".join(f"{'BREAKS' if each.is_breaking else each.hurts}: {each.rule}" for each in find(old, new))


@pytest.mark.parametrize(("old", "new", "forward", "backward"), ROWS)
def test_change_is_judged(old: str, new: str, forward: str, backward: str) -> None:
    assert old in BASE
    changed = BASE.replace(old, new, 1)

    assert sorted(judge(BASE, changed).split(", ")) == sorted(forward.split(", "))
    assert sorted(judge(changed, BASE).split(", ")) == sorted(backward.split(", "))


def test_all_path_parameters_may_be_renamed() -> None:
    changes = find(BASE, BASE.replace("{id}", "{key}").replace("name: id", "name: key"))

    assert [(each.rule, each.is_breaking) for each in changes] == [("path-parameter-renamed", False)] * 2


@pytest.mark.parametrize(
    ("old", "new", "text", "pointer", "place"),
    [
        (
            "    delete:",
            "    post:",
            "DELETE /things/{id} is removed.",
            "#/paths/~1things~1{id}/delete",
            "old.yaml:20:5",
        ),
        ("servers: [{url: /API}]", "x-none: 1", "/ is a new path of a server.", "#", "new.yaml:1:1"),
        (
            f"        - {KIND}\n",
            "",
            "GET /things/{id}, parameter kind is removed, so the provider ignores or refuses it.",
            f"{GET}/parameters/1",
            "old.yaml:10:11",
        ),
        (
            "int32, default: 0",
            "int32, default: 0, maximum: 9",
            "GET /things/{id}, parameter kind has the maximum 9, had 2147483647.",
            f"{GET}/parameters/1/schema/maximum",
            "new.yaml:10:86",
        ),
        (
            RATE,
            "",
            "GET /things/{id}, status 200, header X-Rate is removed; it was required.",
            f"{GET}/responses/200/headers/X-Rate",
            "old.yaml:14:13",
        ),
        (
            TEXT,
            "",
            "GET /things/{id}, status 200, text/json is removed.",
            f"{GET}/responses/200/content/text~1json",
            "old.yaml:18:13",
        ),
        (
            "properties: {Key: {type: string}}",
            "properties: {Key: {enum: [a]}}",
            "Thing.Key allows only 'a', was open.",
            "#/components/schemas/Thing/properties/Key/enum",
            "new.yaml:28:46",
        ),
    ],
)
def test_change_is_told_with_its_place(old: str, new: str, text: str, pointer: str, place: str) -> None:
    found = {(each.text, each.pointer, str(each.place)) for each in find(BASE, BASE.replace(old, new, 1))}

    assert (text, pointer, place) in found


def test_what_is_shared_is_told_once() -> None:
    shared = "            X-Note: {$ref: '#/components/headers/Note'}\n"
    note = "components:\n  headers: {Note: {schema: {type: string}}}\n"
    old = (
        BASE.replace(NOTE, shared)
        .replace('"404": {}', f'"404":\n          headers:\n{shared}')
        .replace("components:\n", note)
    )

    changes = find(old, old.replace("{Note: {schema: {type: string}}}", "{Note: {schema: {type: integer}}}"))

    assert [each.text for each in changes] == ["header X-Note no longer has the type string."]


def test_breaking_changes_come_first() -> None:
    new = BASE.replace("operationId: getThing", "operationId: findThing").replace(TEXT, "")

    assert [each.rule for each in find(BASE, new)] == ["media-type-removed", "operation-id-changed"]
