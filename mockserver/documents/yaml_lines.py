"""Simple YAML to documents, line by line: each line has a member, an entry or a comment, and no value goes on.

Large fixtures are simple, and their lines are read in 0.6 of the time that the events of a YAML parser take. A document
that is not simple, or has a problem, is left to the parser.
"""

from __future__ import annotations

import json
import re
from sys import intern
from typing import Final, TypeVar

from mockserver.documents.nodes import Node
from mockserver.documents.yaml_scalars import resolve_plain

_KEY: Final = r"\w[\w.$-]{0,99}+"
_PLAIN: Final = r"""
    (?:[^ \t\r\n\-?:,\[\]{}\#&*!|>'"%@`]|-(?=[^ \t\r\n])) [^:\#\t\r\n]*+
    (?:(?::(?=[^ \t\r\n])|(?<=[^ ])\#)[^:\#\t\r\n]*+)*+
"""
_ESCAPE: Final = r'\\(?:["\\nt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4})'
"""Those of JSON that mean the same in YAML."""
_QUOTED: Final = rf"""(?:"[^"\\\t\r\n]*+(?:{_ESCAPE}[^"\\\t\r\n]*+)*+"|'[^'\t\r\n]*+(?:''[^'\t\r\n]*+)*+')"""
_WORDS: Final = r"[\w+][\w.@+/-]*+(?:[ ][\w+][\w.@+/-]*+)*+"
_ITEM: Final = rf"(?:{_WORDS}|{_QUOTED})"
_MEMBER: Final = rf"{_KEY}:[ ]{_ITEM}"
_FLOW: Final = rf"\{{(?:{_MEMBER}(?:,[ ]{_MEMBER})*+)?+\}}|\[(?:{_ITEM}(?:,[ ]{_ITEM})*+)?+\]"
_PART: Final = re.compile(rf"(?:({_KEY}):[ ])?+({_ITEM})")
"""A member of a mapping in braces, or an item of a list in brackets."""

_LINE: Final = re.compile(
    rf"""
    ([ ]*+)                                 # indentation
    (-[ ]++)?+                              # the dash of an entry
    (?:({_KEY}):(?=[ \r\n])([ ]*+))?+       # a key, and the blanks behind its colon
    ({_PLAIN}|{_QUOTED}|{_FLOW})?+          # a value
    [ ]*+ (?:(?<![^ \n])\#[^\r\n]*+)?+      # a comment
    \r?\n
    |.+                                     # anything else
    """,
    re.VERBOSE,
)
_SIGNS: Final = (": |", ": >", ": &", ": *")
"""What hardly any simple document has: blocks of text and references."""

_DEEPEST: Final = 20
"""Levels that are read here."""

_Container = TypeVar("_Container", dict[str, Node], list[Node])


class _NotSimpleError(Exception):
    """The document is not simple, or has a problem."""


def parse_lines(text: str, path: str) -> Node | None:
    """Return the document in a text, the same that `yaml_nodes.Composer` makes; None if it is left to the parser."""
    if any(sign in text for sign in _SIGNS):
        return None
    lines = _Lines(path)
    try:
        lines.read(text if text.endswith("\n") else f"{text}\n")
    except (_NotSimpleError, ValueError):
        return None
    root = lines.root
    root.key_line, root.key_column = root.line, root.column
    return root if root.value else None


class _Lines:
    """The nodes of the lines so far."""

    def __init__(self, path: str) -> None:
        self.root = Node(None, path, 1, 1)
        self._path = path
        # What the line stands in: mappings and lists, each with the column of its keys or dashes.
        self._open: list[tuple[int, dict[str, Node] | list[Node]]] = []
        # The innermost of these, if it is a mapping; without one the column is -1.
        self._members: dict[str, Node] = {}
        self._column = -1
        # The value that may stand on the following lines, and the column of its key.
        self._missing: Node | None = self.root
        self._missing_column = -1

    def read(self, text: str) -> None:
        """Read all lines. Raises _NotSimpleError or ValueError."""
        for line, found in enumerate(_LINE.finditer(text), 1):
            indent, dash, key, gap, value = found.groups()
            if key is not None:
                self._add_member(line, len(indent), dash, key, gap, value)
            elif indent is None or (dash is None) != (value is None):
                raise _NotSimpleError
            elif dash is not None:
                items = self._go_to(line, len(indent), [])
                items.append(self._make(value, line, len(indent) + len(dash) + 1))
                self._column = -1

    def _add_member(self, line: int, column: int, dash: str | None, key: str, gap: str, value: str | None) -> None:
        if dash is not None:
            items = self._go_to(line, column, [])
            column += len(dash)
            items.append(Node(None, self._path, line, column + 1))
            self._members, self._column = self._begin(items[-1], line, column, {}), column
        elif column != self._column or self._missing is not None:
            self._members, self._column = self._go_to(line, column, {}), column
        if key in self._members:
            raise _NotSimpleError
        start = column + len(key) + 2
        if value is None:
            node = self._missing = Node(None, self._path, line, start)
            self._missing_column = column
        else:
            node = self._make(value, line, start + len(gap))
        node.key_column = column + 1
        # Records have the same keys: one text for each saves memory.
        self._members[intern(key)] = node

    def _go_to(self, line: int, column: int, new: _Container) -> _Container:
        """Return what has its keys or dashes in this column: a `new` value of the key above, or what is open."""
        missing, self._missing = self._missing, None
        is_key = isinstance(new, dict)
        # Dashes may stand right below the key, keys have to be indented.
        if missing is not None and column >= self._missing_column + is_key:
            return self._begin(missing, line, column, new)
        while self._open and (self._open[-1][0] > column or (is_key and isinstance(self._open[-1][1], list))):
            self._open.pop()
        found, container = self._open[-1] if self._open else (-1, None)
        if found != column or type(container) is not type(new):
            raise _NotSimpleError
        return container

    def _begin(self, node: Node, line: int, column: int, new: _Container) -> _Container:
        """Begin a mapping or list, the value of the node."""
        if len(self._open) == _DEEPEST:
            raise _NotSimpleError
        node.value, node.line, node.column = new, line, column + 1
        self._open.append((column, new))
        return new

    def _make(self, value: str, line: int, column: int) -> Node:
        """Return the node of a value on one line."""
        if value[0] not in "{[\"'":
            text = value.rstrip(" ")
            return Node(resolve_plain(text), self._path, line, column, text)
        if value[0] in "{[":
            return self._make_flow(value, line, column)
        text = _unquote(value)
        return Node(text, self._path, line, column, text or '""')

    def _make_flow(self, value: str, line: int, column: int) -> Node:
        """Return the node of a mapping in braces, or of a list in brackets."""
        members: dict[str, Node] = {}
        items: list[Node] = []
        for part in _PART.finditer(value):
            node = self._make(part[2], line, column + part.start(2))
            node.key_column = column + part.start()
            items.append(node)
            if part[1] is not None:
                members[part[1]] = node
        if value[0] == "[":
            return Node(items, self._path, line, column)
        if len(members) < len(items):
            raise _NotSimpleError
        return Node(members, self._path, line, column)


def _unquote(value: str) -> str:
    if value[0] == "'":
        return value[1:-1].replace("''", "'")
    return str(json.loads(value)) if "\\" in value else value[1:-1]
