"""The schemas of a document's components, each checked against JSON Schema and with its references replaced."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mockserver.contract.inlining import Inliner
from mockserver.contract.references import ReferenceReader
from mockserver.contract.schema_forms import check_schema
from mockserver.documents.nodes import Json, Node

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
