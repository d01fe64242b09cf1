"""References: the reader of one document's nodes that follows each `$ref` to the part of the document it names."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.documents.nodes import Node
from mockserver.documents.problems import Problem
from mockserver.documents.reader import DocumentReader


class ReferenceReader(DocumentReader):
    """Reads the nodes below `root` and follows the references between them.

    All modules that read parts of one document share one such reader, and so one list of problems. `warnings` are
    those in spite of which the document can be used.
    """

    def __init__(self, root: Node, problems: list[Problem] | None = None) -> None:
        super().__init__(problems)
        self.root = root
        self.warnings: list[Problem] = []

    def resolve(self, node: Node | None) -> Node | None:
        """Return the mapping that a node is or refers to; None, with a problem, if there is none."""
        trail: list[str] = []
        while (pointer := self.members(node).get("$ref")) is not None:
            if pointer.text in trail:
                self.add(pointer.place, f"$ref {pointer.text!r} leads back to itself. Point at a component.")
                return None
            trail.append(pointer.text)
            node = self.follow(pointer)
        return node if node is not None and isinstance(node.value, dict) else None

    def follow(self, pointer: Node) -> Node | None:
        """Return the node that the value of a `$ref` names; None, with a problem, if there is none."""
        node = self.root.follow(pointer.text)
        if node is None:
            self.add(pointer.place, f"$ref {pointer.text!r} leads nowhere. Point at a component of this file.")
        return node

    def find_owner(self, schema: Node | None, keyword: str) -> Node | None:
        """Return the schema that has the keyword: this one, the target of its `$ref`, or one of its `allOf`.

        If none has it, that is the schema itself, or what it refers to.
        """
        whole = self.resolve(schema)
        return next((each for each in self.list_parts(schema) if keyword in self.members(each)), whole)

    def list_parts(self, schema: Node | None) -> Iterator[Node]:
        """Yield the mappings that a schema is made of: itself, the target of its `$ref`, and its `allOf`."""
        waiting = [schema]
        for each in waiting:
            if each is not None and isinstance(each.value, dict):
                yield each
                target = self.root.follow(each.value["$ref"].text) if "$ref" in each.value else None
                found = (target, *(each.value["allOf"].children if "allOf" in each.value else ()))
                waiting += [node for node in found if node not in waiting]

    def text(self, node: Node | None, key: str, owner: Node) -> str:
        """Return the text under `key` as `DocumentReader.text` does; empty text is a problem too."""
        child = self.members(node).get(key)
        if child is not None and child.value == "":
            self.add(child.place, f"{key} is empty. Write text.")
        return super().text(node, key, owner)

    def prose(self, node: Node, key: str) -> str:
        """Return the text for people under `key`, such as a description; empty if there is none."""
        child = node.child(key)
        return child.value if child is not None and isinstance(child.value, str) else ""

    def is_required(self, node: Node | None) -> bool:
        """Return whether a parameter or header says `required: true`."""
        required = node.child("required") if node is not None else None
        return required is not None and required.value is True

    def entries(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        """Iterate over the members of a mapping without its extensions (`x-...`)."""
        return ((key, child) for key, child in self.members(node).items() if not key.startswith("x-"))

    def examples(self, node: Node | None) -> dict[str, Node]:
        """Return the values under `examples` of a parameter, header or media type by name."""
        examples = self.members(self.members(node).get("examples"))
        values = {name: self.members(self.resolve(each)).get("value") for name, each in examples.items()}
        return {name: value for name, value in values.items() if value is not None}
