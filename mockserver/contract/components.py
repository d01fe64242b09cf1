"""The schemas of a document's components: keywords checked against JSON Schema, references replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mockserver.contract.references import ReferenceReader
from mockserver.documents.ecma_patterns import read_ecma_pattern
from mockserver.documents.nodes import ALIAS_LIMIT, DEPTH_LIMIT, Json, Node
from mockserver.documents.patterns import PatternError
from mockserver.documents.problems import DocumentError, Problem

Components = Mapping[str, Mapping[str, Json]]
"""Schemas by name."""


def read_components(reader: ReferenceReader, components: Node | None) -> Components:
    """Return the schemas by name, each checked against JSON Schema and with every `$ref` in it replaced.

    Raises:
        DocumentError: The references stand for too many values or levels.
    """
    schemas = reader.members(reader.members(components).get("schemas"))
    for name, node in schemas.items():
        _check_form(reader, f"The component {name}", node, _SCHEMA)
    inliner = _Inliner(reader)
    inlined = {name: inliner.inline(node) for name, node in schemas.items()}
    return MappingProxyType({k: MappingProxyType(v) for k, v in inlined.items() if isinstance(v, dict)})


class _Inliner:
    """Replaces the references in schemas; counts what they stand for."""

    def __init__(self, reader: ReferenceReader) -> None:
        self._reader = reader
        self._count = 0

    def inline(self, node: Node | None, trail: tuple[str, ...] = (), depth: int = 0) -> Json:
        """Return the schema as JSON, every `$ref` in it replaced by its target and overlaid with its siblings."""
        if node is None:
            return {}
        self._check_limits(node, trail, depth)
        if isinstance(node.value, list):
            return [self.inline(child, trail, depth + 1) for child in node.value]
        if not isinstance(node.value, dict):
            return node.value
        siblings = {key: self.inline(child, trail, depth + 1) for key, child in node.value.items() if key != "$ref"}
        pointer = node.value.get("$ref")
        if pointer is None:
            return siblings
        target = self._inline_target(pointer, trail, depth)
        return {**target, **siblings} if isinstance(target, dict) else target

    def _inline_target(self, pointer: Node, trail: tuple[str, ...], depth: int) -> Json:
        if pointer.text in trail:
            finding = f"{pointer.text} contains itself, which is not supported. Write out the levels that you need."
            self._reader.add(pointer.place, finding)
            return {}
        target = self._reader.follow(pointer)
        if target is not None:
            _check_form(self._reader, f"The target of {pointer.text}", target, _SCHEMA)
        return self.inline(target, (*trail, pointer.text), depth + 1)

    def _check_limits(self, node: Node, trail: tuple[str, ...], depth: int) -> None:
        self._count += bool(trail)
        if self._count > ALIAS_LIMIT or depth > DEPTH_LIMIT:
            finding = f"The references stand for over {ALIAS_LIMIT:,} values or {DEPTH_LIMIT} levels."
            raise DocumentError([*self._reader.problems, Problem(node.place, f"{finding} Use fewer of them.")])


def _check_form(reader: ReferenceReader, what: str, node: Node, form: str | None) -> None:
    if form is not None and not _HAS_FORM[form](node):
        reader.add(node.place, f"{what} is not {form}. Write {form}.")
    elif form == _SCHEMA:
        _check_schema(reader, node)


def _check_schema(reader: ReferenceReader, node: Node) -> None:
    """Report keywords whose value does not have the form that JSON Schema gives it."""
    for keyword, child in reader.members(node).items() if isinstance(node.value, dict) else ():
        _check_form(reader, keyword, child, _FORMS.get(keyword))
        for entry in child.children:
            _check_form(reader, f"An entry of {keyword}", entry, _ENTRY_FORMS.get(keyword))
        if keyword == "pattern" and isinstance(child.value, str):
            _check_pattern(reader, child, child.value)


def _check_pattern(reader: ReferenceReader, node: Node, pattern: str) -> None:
    """Warn of a pattern that cannot be read; `checks.fitting` says what fits it then."""
    try:
        read_ecma_pattern(pattern)
    except PatternError as error:
        finding = f"This pattern cannot be read: {error}. It is taken to match the values that stand beside it"
        reader.warnings.append(Problem(node.place, f"{finding} (examples, enum, const, default) and no others."))


_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
_SCHEMA: Final = "a schema"

_HAS_FORM: Final[Mapping[str, Callable[[Node], bool]]] = MappingProxyType(
    {
        _SCHEMA: lambda node: isinstance(node.value, dict | bool),
        "a mapping": lambda node: isinstance(node.value, dict),
        "a list": lambda node: isinstance(node.value, list),
        "text": lambda node: isinstance(node.value, str),
        "a type": lambda node: node.value in _TYPES,
        "a type or a list of types": lambda node: node.value in _TYPES or isinstance(node.value, list),
        "a number": lambda node: node.is_number,
        "a number over 0": lambda node: isinstance(node.value, int | float) and node.is_number and node.value > 0,
        "a whole number from 0": lambda node: type(node.value) is int and node.value >= 0,
    }
)
"""The forms that values of keywords have, each with its test."""

_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": "a type or a list of types",
        "multipleOf": "a number over 0",
        **dict.fromkeys(("items", "additionalProperties"), _SCHEMA),
        **dict.fromkeys(("properties", "patternProperties"), "a mapping"),
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "enum", "examples", "required"), "a list"),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "a number"),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), "a whole number from 0"),
        **dict.fromkeys(("format", "pattern"), "text"),
    }
)
"""The form of each keyword's value."""

_ENTRY_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("properties", "patternProperties", "oneOf", "anyOf", "allOf"), _SCHEMA),
        "type": "a type",
        "required": "text",
    }
)
"""The form of each entry of a keyword's list or mapping."""
