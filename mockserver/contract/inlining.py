"""Schemas of which each stands for itself: references followed, and all that holds together joined into one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Final

from mockserver.contract.intersections import intersect
from mockserver.contract.references import ReferenceReader
from mockserver.contract.schema_forms import check_schema, is_well_formed
from mockserver.documents.nodes import ALIAS_LIMIT, DEPTH_LIMIT, Json, Node
from mockserver.documents.problems import DocumentError, Problem

Inlined = dict[str, Json] | bool
"""A schema without references."""


class Inliner:
    """Writes schemas out; counts what their references stand for."""

    def __init__(self, reader: ReferenceReader) -> None:
        self._reader = reader
        self._count = 0

    def inline(self, node: Node | None, trail: tuple[str, ...] = (), depth: int = 0) -> Inlined:
        """Return a schema joined with the target of its `$ref` and with the schemas of its `allOf`.

        Members that are only written (`writeOnly`) are left out: answers do not have them. An `example` is the first
        of the `examples`.
        """
        joined = self._join(node, trail, depth)
        return _leave_out_written(joined) if isinstance(joined, dict) else joined

    def _join(self, node: Node | None, trail: tuple[str, ...], depth: int) -> Inlined:
        if node is None or not isinstance(node.value, dict):
            return node.value if node is not None and isinstance(node.value, bool) else {}
        self._check_limits(node, trail, depth)
        # What is malformed is a problem already.
        keywords = {key: child for key, child in node.value.items() if is_well_formed(key, child)}
        pointer, parts = keywords.pop("$ref", None), keywords.pop("allOf", None)
        joined = [] if pointer is None else [self._inline_target(pointer, trail, depth)]
        joined += [self._join(each, trail, depth + 1) for each in (parts.children if parts is not None else ())]
        own: dict[str, Json] = {key: self._inline_keyword(key, child, trail, depth) for key, child in keywords.items()}
        whole = reduce(intersect, [*joined, _gather_examples(own)])
        return _close(whole) if isinstance(whole, dict) else whole

    def _inline_keyword(self, keyword: str, node: Node, trail: tuple[str, ...], depth: int) -> Json:
        if keyword in _SCHEMAS:
            return self.inline(node, trail, depth + 1)
        if keyword in _LISTS:
            return [self.inline(each, trail, depth + 1) for each in node.children]
        if keyword in _MAPPINGS:
            members = self._reader.members(node)
            return {name: self.inline(each, trail, depth + 1) for name, each in members.items()}
        return self._copy(node, trail, depth + 1)

    def _copy(self, node: Node, trail: tuple[str, ...], depth: int) -> Json:
        """Return a value that is no schema."""
        self._check_limits(node, trail, depth)
        if isinstance(node.value, dict):
            return {key: self._copy(child, trail, depth + 1) for key, child in node.value.items()}
        if isinstance(node.value, list):
            return [self._copy(child, trail, depth + 1) for child in node.value]
        return node.value

    def _inline_target(self, pointer: Node, trail: tuple[str, ...], depth: int) -> Inlined:
        if pointer.text in trail:
            finding = f"{pointer.text} contains itself, which is not supported. Write out the levels that you need."
            self._reader.add(pointer.place, finding)
            return {}
        target = self._reader.follow(pointer)
        if target is not None:
            check_schema(self._reader, f"The target of {pointer.text}", target)
        return self._join(target, (*trail, pointer.text), depth + 1)

    def _check_limits(self, node: Node, trail: tuple[str, ...], depth: int) -> None:
        self._count += bool(trail)
        if self._count > ALIAS_LIMIT or depth > DEPTH_LIMIT:
            finding = f"The references stand for over {ALIAS_LIMIT:,} values or {DEPTH_LIMIT} levels."
            raise DocumentError([*self._reader.problems, Problem(node.place, f"{finding} Use fewer of them.")])


def iter_parts(node: Node) -> Iterator[Node]:
    """Iterate over the schemas that stand directly in a schema."""
    for keyword, child in node.value.items() if isinstance(node.value, dict) else ():
        if keyword in _SCHEMAS:
            yield child
        elif keyword in _LISTS or keyword in _MAPPINGS or keyword == "allOf":
            yield from child.children


def _gather_examples(schema: dict[str, Json]) -> dict[str, Json]:
    """Return the schema with its `example` as the first of its `examples`."""
    if "example" not in schema:
        return schema
    listed = schema.get("examples")
    example, others = schema["example"], listed if isinstance(listed, list) else []
    return {**{key: value for key, value in schema.items() if key != "example"}, "examples": [example, *others]}


def _leave_out_written(schema: dict[str, Json]) -> dict[str, Json]:
    """Return the schema without members that only requests have."""
    members, required = schema.get("properties"), schema.get("required")
    if not isinstance(members, dict):
        return schema
    written = {name for name, each in members.items() if isinstance(each, dict) and each.get("writeOnly") is True}
    if not written:
        return schema
    kept: dict[str, Json] = {name: each for name, each in members.items() if name not in written}
    needed = {"required": [name for name in required if name not in written]} if isinstance(required, list) else {}
    return {**schema, "properties": kept, **needed}


def _close(schema: dict[str, Json]) -> dict[str, Json]:
    """Return the schema with `unevaluated...` as the keyword that means the same where there are no branches."""
    for keyword, older in _UNEVALUATED:
        if keyword in schema and not schema.keys() & _BRANCHING:
            schema = {older: schema[keyword], **{key: value for key, value in schema.items() if key != keyword}}
    return schema


_SCHEMAS: Final = frozenset(
    (
        *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties"),
    )
)
"""Keywords whose value is a schema."""

_LISTS: Final = frozenset(("oneOf", "anyOf", "prefixItems"))
"""Keywords whose value is a list of schemas; `allOf` is joined."""

_MAPPINGS: Final = frozenset(("properties", "patternProperties", "dependentSchemas"))
"""Keywords whose value has schemas by name."""

_UNEVALUATED: Final = (("unevaluatedProperties", "additionalProperties"), ("unevaluatedItems", "items"))
_BRANCHING: Final = frozenset(("oneOf", "anyOf", "allOf", "if", "dependentSchemas", "contains"))
"""Keywords under which further members and items may be named."""
