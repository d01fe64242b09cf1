"""Documents as trees: every key and value knows its file, line and column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

Scalar = None | bool | int | float | str
"""A single value."""


Json = Scalar | list["Json"] | dict[str, "Json"]
"""A value as JSON has it."""

WHITE_SPACE: Final = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""Unicode's white space, as .NET and most parsers take it; Python's `str.isspace` has four characters more."""


def is_blank(value: object) -> bool:
    """Return whether a value is null, or text that has nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip(WHITE_SPACE))


def write_scalar(value: Scalar) -> str:
    """The text that a request has for a value: nothing for null, `true` and `false`, all else as Python has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a path as the user gave it, line and column counted from 1.

    What has no lines, as JSON that was sent, has a JSON pointer (`#/0/reply`) for its path, and 0 for its line.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


Value = Scalar | list["Node"] | dict[str, "Node"]
"""What a node holds."""


class Node:
    """A value of a document with its place, and that of its key where it stands in a mapping.

    `value` is a JSON scalar, a list of nodes, or a dict of text to node. `text` is a scalar as written.
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
        """Where the value begins."""
        return Place(self.path, self.line, self.column)

    @property
    def key_place(self) -> Place:
        """Where its key begins; the value's own place outside a mapping."""
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
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)

    def to_json(self) -> Json:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: child.to_json() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.to_json() for child in self.value]
        return self.value

    def child(self, step: str) -> Node | None:
        """The member of that name, the list entry of that number counted from 0, or None."""
        if isinstance(self.value, dict):
            return self.value.get(step)
        if isinstance(self.value, list):
            return {str(number): child for number, child in enumerate(self.value)}.get(step)
        return None

    def find(self, path: Iterable[str]) -> Node:
        """The node at *path* below this one, or the last one on the way that exists."""
        node = self
        for step in path:
            child = node.child(step)
            if child is None:
                return node
            node = child
        return node

    def follow(self, pointer: str) -> Node | None:
        """The node at a JSON pointer from this root, such as `#/components/schemas/Thing`, or None."""
        start, *steps = pointer.split("/")
        node: Node | None = self if start == "#" else None
        for step in steps:
            node = node and node.child(unquote(step).replace("~1", "/").replace("~0", "~"))
        return node
