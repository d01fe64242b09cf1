"""The checks that other tools publish, as rows of published_checks.md: what `mockserver diff` finds for each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.conformance.changes import Change
from mockserver.conformance.editions import make_edition
from mockserver.conformance.operation_changes import find_changes
from mockserver.documents.yaml_text import parse_document

PARTS = {
    "document": "openapi: 3.1.0\ninfo: {title: Things}\npaths: {<paths>}\ncomponents: {schemas: {Thing: <body>}}",
    "paths": "/things: {get: {operationId: getThing, parameters: [<parameters>], responses: {<responses>}}}",
    "get": "get: {operationId: getThing, responses: {'200': {}}}",
    "post": "post: {operationId: addThing, responses: {'200': {}}}",
    "parameters": "{name: kind, in: query, <parameter>}",
    "parameter": "schema: {type: integer, format: int32, <number>}",
    "number": "",
    "responses": "'200': {headers: {<headers>}, content: {<content>}}",
    "headers": "",
    "content": "application/json: <thing>",
    "thing": "{schema: {$ref: '#/components/schemas/Thing'}}",
    "body": "{type: object, <object>}",
    "object": "properties: {Part: <member>}",
    "member": "{}",
}
"""The parts of a contract and what stands in each."""

FILE = Path(__file__).with_name("published_checks.md")
KINDS = {"body": "body", "member": "property"}


def read_rows(text: str) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield each row: the part that it replaces, the check, its level, the old text, the new text, the findings."""
    for section in text.split("\n## ")[1:]:
        heading, *lines = section.splitlines()
        rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in lines if line.startswith("|")]
        for name, level, old, new, found in rows[2:]:
            for part in heading.split(", "):
                yield part, name, level, old, new, found


ROWS = list(read_rows(FILE.read_text(encoding="utf-8")))
NAMES = [name.replace("*", KINDS.get(part, "")) for part, name, *_ in ROWS]


def write(part: str, text: str) -> str:
    """Return a contract in which one part has this text."""
    parts = {**PARTS, part: text}
    written = parts["document"]
    while "<" in written:
        written = re.sub("<([a-z]+)>", lambda found: parts[found[1]], written)
    return written


def find(part: str, old: str, new: str) -> str:
    editions = (make_edition(parse_document(write(part, text), "f.yaml")) for text in (old, new))
    return ", ".join(f"{write_letter(each)} {each.rule}" for each in find_changes(*editions))


def write_letter(change: Change) -> str:
    return "B" if change.is_breaking else {"consumers": "C", "provider": "P", "nobody": "-"}[change.hurts]


@pytest.mark.parametrize(("part", "old", "new", "found"), [(row[0], *row[3:]) for row in ROWS], ids=NAMES)
def test_check_finds_change(part: str, old: str, new: str, found: str) -> None:
    assert sorted(find(part, old, new).split(", ")) == sorted(found.split(", "))


def test_each_check_has_one_row_and_level() -> None:
    assert sorted(set(NAMES)) == sorted(NAMES)
    assert {row[2] for row in ROWS} == {"error", "warning", "info"}


DOCS = (Path(__file__).parents[2] / "docs/ci.md").read_text(encoding="utf-8")


def test_docs_tell_checks_that_are_judged_otherwise() -> None:
    told = re.findall(r"^\| `([^`]+)` \| (?:harmless|breaks consumers) \|", DOCS, re.MULTILINE)

    otherwise = {
        name for _, name, level, *_, found in ROWS if level != "warning" and (level == "error") != ("B " in found)
    }
    assert sorted(told) == sorted(otherwise)


def test_docs_count_checks() -> None:
    total, applied = map(int, re.findall(r"Of the (\d+) checks of .*? 1\.28\.0, (\d+) apply", DOCS)[0])
    left = re.findall(r"^\| .* \| (\d+) \|$", DOCS[DOCS.index("| what | checks of oasdiff |") :], re.MULTILINE)

    assert applied == sum(not name.startswith("Specmatic") for name in NAMES)
    assert applied + sum(map(int, left)) == total
