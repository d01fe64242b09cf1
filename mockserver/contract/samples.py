"""Samples: the examples and defaults of a document, each with the schema that it is an example of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from mockserver.contract.components import Components
from mockserver.contract.inlining import Inlined, Inliner, iter_parts
from mockserver.contract.references import ReferenceReader
from mockserver.documents.nodes import Json, Node
from mockserver.http.headers import BODILESS_STATUSES


@dataclass(frozen=True, slots=True)
class Sample:
    """A value that a document writes for a schema.

    Attributes:
        node: The value.
        schema: The schema, every `$ref` in it replaced.
        name: What people call the value: `example` or `default`.
        owner: What it belongs to: a `body` or a `header`, whose examples are sent, or another `schema`, such as that of
            a parameter.
        component: The component that the schema refers to.
    """

    node: Node
    schema: Mapping[str, Json] | Inlined
    name: str
    owner: str
    component: str | None = None


def read_samples(reader: ReferenceReader, components: Components) -> Iterator[Sample]:
    """Iterate over the samples of a document that has paths, each once, where they stand."""
    samples = _SampleReader(reader, components)
    members = reader.members(reader.root)
    of_components = members["components"].value if "components" in members else {}
    parts = of_components if isinstance(of_components, dict) else {}
    for node in reader.members(parts.get("schemas")).values():
        yield from samples.read_schema(node, "schema")
    others = [each for key, each in parts.items() if key not in ("schemas", "examples")]
    for part in (members["paths"], *others):
        yield from samples.read(part, "schema")


_BODILESS: Final = "bodiless response"

_OWNERS: Final[Mapping[str, str]] = MappingProxyType(
    {"headers": "header", "content": "body", **dict.fromkeys(map(str, BODILESS_STATUSES), _BODILESS)}
)
"""What the samples below a key are examples of."""

_VALUES: Final = ("example", "examples", "schema")
"""Keys below which no further samples stand, or which are read by themselves."""


class _SampleReader:
    """Finds what stands beside a `schema`, and inside it."""

    def __init__(self, reader: ReferenceReader, components: Components) -> None:
        self._reader = reader
        self._components = components
        self._inliner = Inliner(reader)

    def read(self, node: Node, owner: str) -> Iterator[Sample]:
        """Iterate over the samples at a node that is no schema, and below it."""
        members = node.value if isinstance(node.value, dict) else {}
        if "schema" in members:
            yield from self._read_beside(node, members["schema"], owner)
            yield from self.read_schema(members["schema"], "header" if owner == "header" else "schema")
        for key, child in members.items() if members else enumerate(node.children):
            if key not in _VALUES and not str(key).startswith("x-"):
                is_sent = key != "content" or owner != _BODILESS
                yield from self.read(child, _OWNERS.get(str(key), owner) if is_sent else "schema")

    def _read_beside(self, node: Node, schema: Node, owner: str) -> Iterator[Sample]:
        component = self._find_component(schema)
        given = [node.child("example"), *self._reader.examples(node).values()]
        for each in filter(None, given):
            whole = self._inliner.inline(schema) if component is None else self._components[component]
            yield Sample(each, whole, "example", owner, component)

    def _find_component(self, schema: Node) -> str | None:
        """Return the component that a schema only refers to."""
        pointer = schema.child("$ref")
        start, _, name = pointer.text.rpartition("/") if pointer is not None else ("", "", "")
        is_one = start == "#/components/schemas" and name in self._components
        return name if is_one and len(list(schema.children)) == 1 else None

    def read_schema(self, node: Node, owner: str) -> Iterator[Sample]:
        """Iterate over the samples in a schema; of what it refers to only those of headers, as those are sent."""
        listed = node.child("examples")
        examples = [node.child("example"), *(listed.children if listed is not None else ())]
        given = [*(("example", each) for each in examples), ("default", node.child("default"))]
        for name, each in given:
            if each is not None:
                yield Sample(each, self._inliner.inline(node), name, owner)
        for part in iter_parts(node):
            yield from self.read_schema(part, owner)
        if owner == "header" and node.child("$ref") is not None:
            target = self._reader.resolve(node)
            yield from () if target is None else self.read_schema(target, owner)
