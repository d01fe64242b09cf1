"""An edition of a contract: its values, its document, and where each part of that document stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mockserver.checks.keywords import to_schema
from mockserver.contract.contract import Contract, Operation
from mockserver.contract.inlining import Inliner
from mockserver.contract.intersections import Schema
from mockserver.contract.openapi import read_contract
from mockserver.contract.references import ReferenceReader
from mockserver.documents.loading import load_document
from mockserver.documents.nodes import Node


@dataclass(frozen=True, slots=True)
class Described:
    """A schema with the node that it was read from; `is_text` says whether its values are sent as text."""

    schema: Schema
    node: Node
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Edition:
    """A contract with its document; `pointers` are the JSON pointers of all nodes by their `id()`."""

    contract: Contract
    reader: ReferenceReader
    pointers: Mapping[int, str]

    def find(self, *steps: str) -> Node:
        """Return the node at these steps from the root, references followed; the last one found if there is none."""
        return self.locate(self.reader.root, steps)

    def find_operation(self, operation: Operation) -> Node:
        """Return the node of an operation."""
        return self.find("paths", operation.path, operation.method.lower())

    def locate(self, node: Node, steps: Iterable[str]) -> Node:
        """Return the node at these steps below a node or what it refers to; the last one found if there is none."""
        way = tuple(steps)
        found = (self._search(node, way[:length]) for length in range(len(way), 0, -1))
        return next(filter(None, found), node)

    def _search(self, node: Node, steps: tuple[str, ...]) -> Node | None:
        if not steps:
            return node
        parts = self.reader.list_parts(node) if isinstance(node.value, dict) else (node,)
        children = filter(None, (part.child(steps[0]) for part in parts))
        return next(filter(None, (self._search(child, steps[1:]) for child in children)), None)

    def members(self, node: Node, key: str) -> Mapping[str, Node]:
        """Return what stands under a key of a mapping or of what it refers to, by name."""
        return self.reader.members((self.reader.resolve(node) or node).child(key))

    def describe(self, node: Node) -> Described:
        """Return the schema of a parameter or a header; an empty one if it has none."""
        content = next(iter(self.members(node, "content").values()), None)
        schema = self.locate(content or node, ["schema"])
        return Described(to_schema(Inliner(self.reader).inline(schema)), schema, is_text=content is None)

    def describe_component(self, name: str) -> Described:
        """Return the schema of a component."""
        return Described(self.contract.components[name], self.find("components", "schemas", name))


def read_edition(path: Path, name: str | None = None) -> Edition:
    """Read the contract in a file; `name` is what places call it, the path itself by default.

    Raises:
        DocumentError: The file cannot be read, or is not a contract; every problem is listed.
    """
    return make_edition(load_document(path, name))


def make_edition(root: Node) -> Edition:
    """Read a document into an edition; raises as `read_edition` does."""
    return Edition(read_contract(root), ReferenceReader(root), dict(_iter_pointers(root)))


def _iter_pointers(root: Node) -> Iterator[tuple[int, str]]:
    """Yield the id of every node with its JSON pointer; one that aliases repeat has its first."""
    waiting: list[tuple[Node, str]] = [(root, "#")]
    seen: set[int] = set()
    for node, pointer in waiting:
        if id(node) not in seen:
            seen.add(id(node))
            yield id(node), pointer
            value: Any = node.value
            children = value.items() if isinstance(value, dict) else enumerate(node.children)
            waiting += [(child, f"{pointer}/{_escape(str(step))}") for step, child in children]


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
