"""The schemas of a document's components, each checked against JSON Schema and with its references replaced."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mockserver.contract.inlining import Inliner
from mockserver.contract.references import ReferenceReader
from mockserver.contract.schema_forms import check_schema
from mockserver.documents.nodes import Json, Node, Place

Components = Mapping[str, Mapping[str, Json]]
"""Schemas by name."""


def read_components(reader: ReferenceReader, components: Node | None) -> Components:
    """Return the schemas by name.

    Raises:
        DocumentError: The references stand for too many values or levels.
    """
    schemas = reader.members(reader.members(components).get("schemas"))
    for name, node in schemas.items():
        check_schema(reader, f"The component {name}", node)
    inliner = Inliner(reader)
    inlined = {name: inliner.inline(node) for name, node in schemas.items()}
    return MappingProxyType({k: MappingProxyType(v) for k, v in inlined.items() if isinstance(v, dict)})


def find_places(reader: ReferenceReader, components: Node | None) -> Mapping[str, Mapping[str, Place]]:
    """Return where the members of each component stand, by name; that of the component itself has the empty name."""
    schemas = reader.members(reader.members(components).get("schemas"))
    return MappingProxyType({name: MappingProxyType(_find_members(reader, node)) for name, node in schemas.items()})


def _find_members(reader: ReferenceReader, schema: Node) -> dict[str, Place]:
    found = {"": schema.key_place}
    for part in reader.list_parts(schema):
        properties = part.child("properties")
        for name, child in reader.members(properties).items():
            found.setdefault(name, child.key_place)
    return found
