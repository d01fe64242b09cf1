"""Documents as trees: every key and value knows its file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from mockserver.documents.numbers import Number

Scalar = None | bool | Number | str
"""A single value."""

Json = Scalar | list["Json"] | dict[str, "Json"]
"""A value as JSON has it."""

DEPTH_LIMIT: Final = 100
"""Mappings and lists that may stand inside each other, references followed, so that any document can be walked."""

ALIAS_LIMIT: Final = 100_000
"""Nodes that the references in one document may stand for together, which makes an alias bomb harmless."""

WHITE_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""Unicode's white space, as .NET and most parsers take it; Python's `str.isspace` has four characters more."""


def is_blank(value: object) -> bool:
    """Return whether a value is null, or text that has nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip(WHITE_SPACE))


def write_scalar(value: Scalar) -> str:
    """Return the text that a request has for a value: empty for null, `true`, `false`, or the number or text itself."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path as the user gave it, line and column counted from 1.

    A place in JSON text has a JSON pointer (`#/0/reply`) for its path, and 0 for its line.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


Value = Scalar | list["Node"] | dict[str, "Node"]
"""What a node holds."""


_NUMBER: Final = re.compile("0|[1-9][0-9]{0,11}")
"""A number of a list entry, as a JSON pointer has it."""


class Node:
    """A value of a document with its place, and that of its key where it stands in a mapping.

    `value` is a JSON scalar, a list of nodes, or a dict from text to node. `text` is a scalar as written.
    """

    __slots__ = ("column", "key_column", "key_line", "line", "path", "text", "value")

    def __init__(self, value: Value, path: str, line: int, column: int, text: str = "") -> None:
        self.value = value
        self.path = path
        self.line = self.key_line = line
        self.column = self.key_column = column
        self.text = text

    @property
    def place(self) -> Place:
        """The place where the value begins."""
        return Place(self.path, self.line, self.column)

    @property
    def key_place(self) -> Place:
        """The place where its key begins; outside a mapping the value's own place."""
        return Place(self.path, self.key_line, self.key_column)

    @property
    def children(self) -> Iterable[Node]:
        """The values of a mapping, or the entries of a list."""
        if isinstance(self.value, dict):
            return self.value.values()
        return self.value if isinstance(self.value, list) else ()

    @property
    def is_number(self) -> bool:
        """Whether it was written as a plain number."""
        return isinstance(self.value, Number) and not isinstance(self.value, bool)

    def to_json(self) -> Json:
        """Return the value without places."""
        if isinstance(self.value, dict):
            # Most members are text: a look at the type saves a call.
            return {
                key: child.value if type(child.value) is str else child.to_json() for key, child in self.value.items()
            }
        if isinstance(self.value, list):
            return [child.to_json() for child in self.value]
        return self.value

    def child(self, step: str) -> Node | None:
        """Return the member of that name, or the list entry of that number, counted from 0; otherwise None."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list):
            is_there = _NUMBER.fullmatch(step) is not None and int(step) < len(self.value)
            return self.value[int(step)] if is_there else None
        return None

    def find(self, path: Iterable[str]) -> Node:
        """Return the node at `path` below this one, or the last node on the way to it."""
        node = self
        for step in path:
            child = node.child(step)
            if child is None:
                return node
            node = child
        return node

    def follow(self, pointer: str) -> Node | None:
        """Return the node at a JSON pointer from this root, such as `#/components/schemas/Thing`, or None."""
        start, *steps = pointer.split("/")
        node: Node | None = self if start == "#" else None
        for step in steps:
            node = node and node.child(unquote(step).replace("~1", "/").replace("~0", "~"))
        return node
