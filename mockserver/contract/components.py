"""The schemas of a document: references followed and put in, keywords held against JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mockserver.documents.nodes import Json, Node
from mockserver.documents.problems import DocumentError, Problem
from mockserver.documents.reader import DocumentReader
from mockserver.documents.yaml_text import ALIAS_LIMIT, DEPTH_LIMIT

SCHEMA_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")


Components = Mapping[str, Mapping[str, Json]]
"""Schemas by name."""


class SchemaReader(DocumentReader):
    """Reads the schemas of the document *root*, and follows the references in it."""

    def __init__(self, root: Node) -> None:
        super().__init__()
        self.root = root
        self._inlined = 0

    def resolve(self, node: Node | None) -> Node | None:
        """The mapping that the node is or refers to; None, with a problem, where there is none."""
        trail: list[str] = []
        while (pointer := self.members(node).get("$ref")) is not None:
            if pointer.text in trail:
                self.add(pointer.place, f"$ref {pointer.text!r} leads back to itself. Point at what is meant.")
                return None
            trail.append(pointer.text)
            node = self._follow(pointer)
        return node if node is not None and isinstance(node.value, dict) else None

    def _follow(self, pointer: Node) -> Node | None:
        node = self.root.follow(pointer.text)
        if node is None:
            self.add(pointer.place, f"$ref {pointer.text!r} leads nowhere. Point at a component of this file.")
        return node

    def read_components(self, components: Node | None) -> Components:
        """The schemas by name, each held against JSON Schema and every `$ref` in it replaced."""
        schemas = self.members(self.members(components).get("schemas"))
        for name, node in schemas.items():
            self._check_form(f"The component {name}", node, "schema")
        inlined = {name: self._inline(node) for name, node in schemas.items()}
        return MappingProxyType({k: MappingProxyType(v) for k, v in inlined.items() if isinstance(v, dict)})

    def _check_form(self, what: str, node: Node, form: str | None) -> None:
        if form is not None and not _HOLDS[form](node):
            self.add(node.place, f"{what} is no {form}. Write one.")
        elif form == "schema":
            self._check_schema(node)

    def _check_schema(self, node: Node) -> None:
        """Note the keywords that have not the form that JSON Schema gives them."""
        for keyword, child in self.members(node).items() if isinstance(node.value, dict) else ():
            self._check_form(keyword, child, _FORMS.get(keyword))
            for entry in child.children:
                self._check_form(f"An entry of {keyword}", entry, _ENTRY_FORMS.get(keyword))

    def _inline(self, node: Node | None, trail: tuple[str, ...] = (), depth: int = 0) -> Json:
        """The schema without places, every `$ref` in it replaced by what it points at and what stands beside it."""
        if node is None:
            return {}
        self._count_inlined(node, trail, depth)
        if isinstance(node.value, list):
            return [self._inline(child, trail, depth + 1) for child in node.value]
        if not isinstance(node.value, dict):
            return node.value
        beside = {key: self._inline(child, trail, depth + 1) for key, child in node.value.items() if key != "$ref"}
        pointer = node.value.get("$ref")
        if pointer is None:
            return beside
        if pointer.text in trail:
            self.add(pointer.place, f"{pointer.text} contains itself, which cannot be served. Flatten it.")
            return beside
        target = self._follow(pointer)
        if target is not None:
            self._check_form(f"What {pointer.text} points at", target, "schema")
        inlined = self._inline(target, (*trail, pointer.text), depth + 1)
        return {**inlined, **beside} if isinstance(inlined, dict) else inlined

    def _count_inlined(self, node: Node, trail: tuple[str, ...], depth: int) -> None:
        self._inlined += bool(trail)
        if self._inlined > ALIAS_LIMIT or depth > DEPTH_LIMIT:
            finding = f"The references stand for over {ALIAS_LIMIT:,} values or {DEPTH_LIMIT} levels. Flatten them."
            raise DocumentError([*self.problems, Problem(node.place, finding)])


_HOLDS: Final[Mapping[str, Callable[[Node], bool]]] = MappingProxyType(
    {
        "schema": lambda node: isinstance(node.value, dict | bool),
        "mapping": lambda node: isinstance(node.value, dict),
        "list": lambda node: isinstance(node.value, list),
        "text": lambda node: isinstance(node.value, str),
        "type": lambda node: node.value in SCHEMA_TYPES,
        "type, nor a list of types": lambda node: node.value in SCHEMA_TYPES or isinstance(node.value, list),
        "number": lambda node: node.is_number,
        "number over 0": lambda node: isinstance(node.value, int | float) and node.is_number and node.value > 0,
        "whole number from 0": lambda node: type(node.value) is int and node.value >= 0,
    }
)
"""How to tell the forms that keywords of JSON Schema have."""


_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": "type, nor a list of types",
        "multipleOf": "number over 0",
        **dict.fromkeys(("items", "additionalProperties"), "schema"),
        **dict.fromkeys(("properties", "patternProperties"), "mapping"),
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "enum", "examples", "required"), "list"),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "number"),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), "whole number from 0"),
        **dict.fromkeys(("format", "pattern"), "text"),
    }
)


_ENTRY_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("properties", "patternProperties", "oneOf", "anyOf", "allOf"), "schema"),
        "type": "type",
        "required": "text",
    }
)
