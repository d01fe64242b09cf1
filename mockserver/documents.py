"""Documents as trees whose every key and value knows its file, line and column, and the faults found in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

Scalar = None | bool | int | float | str
"""A single value."""

Json = Scalar | list["Json"] | dict[str, "Json"]
"""A value as JSON has it."""


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


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong with an input: its place, then finding and remedy in plain sentences."""

    place: Place
    text: str

    def __str__(self) -> str:
        """On one line, whatever stands in the document: line breaks and control characters are escaped."""
        line = f"{self.place}: {self.text}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class StartError(Exception):
    """What was asked for cannot be started; the text is for people and stands on one line."""


class DocumentError(StartError):
    """One or more documents cannot be used.

    `faults` holds every fault, sorted by place. `root` is the document where it could be read to its end all the
    same, so that what else is wrong in it can be told at once. `files` are other files that they name, there or not.
    """

    def __init__(self, faults: Iterable[Fault], root: Node | None = None, files: Iterable[Path] = ()) -> None:
        self.faults = tuple(sorted(set(faults)))
        self.root = root
        self.files = tuple(files)
        super().__init__("\n".join(map(str, self.faults)))


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


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of *known* that was meant, where one is near."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[near[0]] if near else None


def suggest_nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'Sex'?` for the nearest of *known*, or nothing where none is near."""
    nearest = find_nearest(word, known)
    return "" if nearest is None else f"; did you mean {nearest!r}?"


def end_sentence(text: str) -> str:
    """The text with a full stop, unless it ends in a question."""
    return text if text.endswith("?") else f"{text}."


class DocumentReader:
    """Reads the forms that a document should have and collects the faults where it has another.

    What is missing or faulty reads as empty, so that reading goes on and every fault is found at once. Readers that
    share their `faults` read parts of one document.
    """

    def __init__(self, faults: list[Fault] | None = None) -> None:
        self.faults = [] if faults is None else faults
        self._claims: dict[object, Place] = {}

    def claim(self, identity: object, place: Place, what: str) -> None:
        """Note a fault where something else has claimed the same identity before."""
        first = self._claims.setdefault(identity, place)
        if first != place:
            self.add(place, f"{what} stands already at {first}. Change one of the two, or remove it.")

    def claim_for_some(self, identity: object, place: Place, what: str) -> None:
        """Note a fault where something else has claimed the same identity; leave it free for what comes behind."""
        first = self._claims.get(identity, place)
        if first != place:
            self.add(place, f"{what} stands already at {first}. Change one of the two, or remove it.")

    def add(self, place: Place, text: str) -> None:
        """Note a fault: finding and remedy."""
        self.faults.append(Fault(place, text))

    def members(self, node: Node | None) -> dict[str, Node]:
        """The members of a mapping."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.add(node.place, "A mapping is wanted here. Write keys and values.")
            return {}
        return node.value

    def items(self, node: Node | None) -> list[Node]:
        """The entries of a list."""
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.add(node.place, "A list is wanted here. Begin each entry with a dash.")
            return []
        return node.value

    def text(self, node: Node | None, key: str, owner: Node) -> str:
        """The text under *key* of a mapping, which stands in *owner*; empty where there is none."""
        members = self.members(node)
        child = members.get(key)
        if child is None:
            if node is None or isinstance(node.value, dict):
                self.add((node or owner).place, f"{key} is missing. Add it.")
            return ""
        if not isinstance(child.value, str):
            remedy = f'Quote it: "{child.text}".' if child.text else "Write text."
            self.add(child.place, f"{key} is no text. {remedy}")
            return ""
        return child.value

    def scalar(self, node: Node | None) -> Scalar:
        """A single value; null where there is none."""
        if node is None:
            return None
        if isinstance(node.value, dict | list):
            self.add(node.place, "A single value is wanted here. Write text, a number, true, false or null.")
            return None
        return node.value

    def check_keys(self, node: Node, known: Iterable[str]) -> None:
        """Note every key of the mapping that is not *known*."""
        names = tuple(known)
        for key, child in self.members(node).items():
            if key not in names:
                nearest = suggest_nearest(key, names) or f". Write one of {', '.join(names)}."
                self.add(child.key_place, f"{key} is not known here{nearest}")
