"""The responses of an operation: media types and their component, examples of bodies, headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from mockserver.contract.components import Components
from mockserver.contract.contract import ResponseSpec
from mockserver.contract.inlining import Inliner
from mockserver.contract.references import ReferenceReader
from mockserver.contract.schema_forms import check_schema, restricts
from mockserver.documents.nodes import Json, Node
from mockserver.documents.problems import Problem
from mockserver.http.headers import BODILESS_STATUSES, TOKEN, is_declarable, is_framing


def read_responses(
    reader: ReferenceReader, operation: Node, components: Components
) -> Iterator[tuple[int, ResponseSpec]]:
    """Iterate over the responses of an operation by status."""
    for key, child in reader.entries(reader.members(operation).get("responses")):
        if _STATUS.fullmatch(key):
            yield int(key), _read_response(reader, int(key), child, components)
        else:
            reader.add(child.key_place, f"The status {key} is not a number from 100 to 599. Write each status out.")


_STATUS: Final = re.compile("[1-5][0-9][0-9]")


def _read_response(reader: ReferenceReader, status: int, node: Node, components: Components) -> ResponseSpec:
    members = reader.members(reader.resolve(node))
    content = {} if status in BODILESS_STATUSES else reader.members(members.get("content"))
    named = {_read_component(reader, media_type, media, components) for media_type, media in content.items()}
    if len(named - {None}) > 1:
        reader.add(node.place, "The media types have different schemas. Give them the same one.")
    headers = _read_headers(reader, members.get("headers"))
    schemas = ((name, _read_header(reader, header)) for name, header in headers.items())
    return ResponseSpec(
        status,
        media_types=tuple(content),
        component=next(iter(named), None),
        required_headers=tuple(name for name, header in headers.items() if reader.is_required(header)),
        examples=MappingProxyType(_read_bodies(reader, content)),
        headers=MappingProxyType({name: schema for name, schema in schemas if schema is not None}),
        place=node.key_place,
    )


_MEDIA_TYPES: Final = ("application/json", "text/json")
"""The media types that are supported."""


def _read_component(reader: ReferenceReader, media_type: str, node: Node, components: Components) -> str | None:
    """Return the name of the component that the schema of a media type refers to; None, with a problem, if none."""
    if media_type not in _MEDIA_TYPES:
        reader.add(node.key_place, f"{media_type} is not supported. Write {' or '.join(_MEDIA_TYPES)}.")
    schema = _unwrap(reader, reader.members(reader.resolve(node)).get("schema"))
    pointer = reader.members(schema).get("$ref")
    start, _, name = pointer.text.rpartition("/") if pointer else ("", "", "")
    if start == "#/components/schemas" and name in components:
        for keyword, child in reader.members(schema).items():
            if restricts(keyword):
                finding = f"{keyword} beside this $ref is not read: the class for {name} checks the body."
                reader.warnings.append(Problem(child.key_place, f"{finding} Write it in the component."))
        return name
    nearest = reader.suggest(name, components) if start == "#/components/schemas" else ""
    remedy = "Refer to one under components/schemas, so that the marshmallow class of that name checks it."
    reader.add((schema or node).place, f"The schema of {media_type} is not a component{nearest or f'. {remedy}'}")
    return None


def _unwrap(reader: ReferenceReader, schema: Node | None) -> Node | None:
    """Return the only schema of an `allOf`, which people write to describe a reference."""
    members = reader.members(schema)
    while "$ref" not in members and "allOf" in members and len(reader.items(members["allOf"])) == 1:
        schema = reader.items(members["allOf"])[0]
        members = reader.members(schema)
    return schema


def _read_bodies(reader: ReferenceReader, content: Mapping[str, Node]) -> dict[str, Json]:
    """Return the examples of a body by name, from the first media type that has each; one without name is `example`."""
    found: dict[str, Json] = {}
    for media in map(reader.resolve, content.values()):
        for name, node in {**reader.examples(media), "example": reader.members(media).get("example")}.items():
            if node is not None:
                found.setdefault(name, node.to_json())
    return found


def _read_headers(reader: ReferenceReader, node: Node | None) -> dict[str, Node | None]:
    """Return the headers by name, without those that no contract decides; warn of required ones that are never sent."""
    headers = {name: reader.resolve(each) for name, each in reader.members(node).items()}
    for name, child in reader.members(node).items():
        if not TOKEN.fullmatch(name):
            reader.add(child.key_place, f"The header {name!r} is not a header name. Change or remove it.")
    for name, header in headers.items():
        if header is not None and is_framing(name) and reader.is_required(header):
            finding = f"{name} is required, but the stub never sends it: bodies are sent as they are."
            reader.warnings.append(Problem(header.place, f"{finding} Leave it out of the contract."))
    return {name: header for name, header in headers.items() if is_declarable(name)}


def _read_header(reader: ReferenceReader, node: Node | None) -> Json:
    """Return the schema of a header, narrowed to the value that is to be sent; None for an optional one without any."""
    # A header may have a media type in place of a schema.
    content = reader.members(reader.members(node).get("content")).values()
    owner = next(map(reader.resolve, content), node)
    members = reader.members(owner)
    if "schema" in members:
        check_schema(reader, "schema", members["schema"])
    schema = Inliner(reader).inline(members.get("schema"))
    keywords: dict[str, Any] = {} if isinstance(schema, bool) else schema
    given = (each.to_json() for each in (members.get("example"), *reader.examples(owner).values()) if each is not None)
    known = [*given, *keywords.get("examples", ()), *(keywords[key] for key in ("default",) if key in keywords)]
    if known:
        return {"const": known[0]}
    if not {"const", "enum"} & keywords.keys() and not reader.is_required(node):
        return None
    return schema if "schema" in members else {"type": "string"}
