"""Events of a YAML parser to documents, whose places are lines and columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from sys import intern
from typing import Final, NoReturn

import yaml

from mockserver.documents.nodes import ALIAS_LIMIT, DEPTH_LIMIT, Node, Place, Value
from mockserver.documents.problems import TOO_MANY_LEVELS, DocumentError, Problem
from mockserver.documents.yaml_scalars import resolve_plain

_MARKED: Final = "every event has a mark"
_ALIAS_TEXT: Final = 100
"""Characters of a text that count as one more of the nodes that an alias stands for."""


class Composer:
    """Makes nodes of the events of a YAML parser; collects problems, and goes on where the rest can still be read.

    It calls `next_event` for each event. The places of its nodes name the file by `path`.
    """

    def __init__(self, next_event: Callable[[], yaml.Event], path: str) -> None:
        self.problems: list[Problem] = []
        self._next = next_event
        self._path = path
        self._depth = 0
        self._anchors: dict[str | None, Node] = {}
        self._expanded = 0
        self._readers: Mapping[type, Callable[..., Node]] = {
            yaml.ScalarEvent: self._read_scalar,
            yaml.MappingStartEvent: self._read_mapping,
            yaml.SequenceStartEvent: self._read_list,
            yaml.AliasEvent: self._read_alias,
        }

    def read_stream(self) -> Node | None:
        """Return the document of the stream, or None if there is none."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        root = self._read(self._next())
        self._next()
        rest = self._next()
        if not isinstance(rest, yaml.StreamEndEvent):
            self._add(rest, "A second document begins here. Keep one document a file.")
            return None
        return root

    def _read(self, event: yaml.Event) -> Node:
        return self._readers[type(event)](event)

    def _read_scalar(self, event: yaml.ScalarEvent) -> Node:
        value, mark = event.value, event.start_mark
        assert mark is not None, _MARKED
        node = Node(value, self._path, mark.line + 1, mark.column + 1, value)
        if event.style:
            node.text = value or '""'
        else:
            try:
                node.value = resolve_plain(value)
            except ValueError as error:
                self._add(event, str(error))
        return node if event.tag is None and event.anchor is None else self._finish(event, node)

    def _read_mapping(self, event: yaml.MappingStartEvent) -> Node:
        members: dict[str, Node] = {}
        node = self._make_node(event, members)
        self._go_down(event)
        while type(key := self._next()) is not yaml.MappingEndEvent:
            name = self._read_key(key)
            child = self._read(self._next())
            mark = key.start_mark
            assert mark is not None, _MARKED
            child.key_line = mark.line + 1
            child.key_column = mark.column + 1
            if name is not None and members.setdefault(name, child) is not child:
                first = members[name].key_line
                self._add(key, f"{name} is given twice, first in line {first}. Keep one of the two.")
        self._depth -= 1
        return self._finish(event, node)

    def _read_key(self, event: yaml.Event) -> str | None:
        """Return the key that begins with `event`, always as it is written; None if it is not text."""
        if not isinstance(event, yaml.ScalarEvent):
            self._read(event)
            self._add(event, "A key has to be text. Write a plain or quoted one.")
            return None
        if event.tag is not None:
            self._refuse_tag(event, event.tag)
        if event.value == "<<" and not event.style:
            self._add(event, "Merge keys (<<) are not taken. Write the keys out.")
        # Records have the same keys: one text for each saves memory.
        return intern(event.value)

    def _read_list(self, event: yaml.SequenceStartEvent) -> Node:
        items: list[Node] = []
        node = self._make_node(event, items)
        self._go_down(event)
        while type(item := self._next()) is not yaml.SequenceEndEvent:
            items.append(self._read(item))
        self._depth -= 1
        return self._finish(event, node)

    def _read_alias(self, event: yaml.AliasEvent) -> Node:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._add(event, f"No finished value above has the anchor &{event.anchor}. Write the value out.")
            return self._make_node(event, None)
        size, depth = _measure(target)
        self._expanded += size
        if self._expanded > ALIAS_LIMIT:
            self._stop(event, f"The aliases stand for over {ALIAS_LIMIT:,} values. Write out what is meant.")
        if self._depth + depth > DEPTH_LIMIT:
            self._stop(event, TOO_MANY_LEVELS)
        return self._make_node(event, target.value, target.text)

    def _go_down(self, event: yaml.Event) -> None:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            self._stop(event, TOO_MANY_LEVELS)

    def _finish(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, node: Node) -> Node:
        if event.tag is not None:
            self._refuse_tag(event, event.tag)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _refuse_tag(self, event: yaml.Event, tag: str) -> None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        self._add(event, f"The tag {shown} is not taken. Leave it out; quote a value to make it text.")

    def _make_node(self, event: yaml.Event, value: Value, text: str = "") -> Node:
        return Node(value, self._path, *_start_of(event), text)

    def _add(self, event: yaml.Event, text: str) -> None:
        self.problems.append(Problem(Place(self._path, *_start_of(event)), text))

    def _stop(self, event: yaml.Event, text: str) -> NoReturn:
        self._add(event, text)
        raise DocumentError(self.problems)


def _start_of(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column of an event, counted from 1."""
    mark = event.start_mark
    assert mark is not None, _MARKED
    return mark.line + 1, mark.column + 1


def _measure(node: Node) -> tuple[int, int]:
    """Return how many nodes the node stands for, and how many levels deep."""
    if not isinstance(node.value, dict | list):
        return 1 + len(node.text) // _ALIAS_TEXT, 0
    children = [_measure(child) for child in node.children]
    return 1 + sum(size for size, _ in children), 1 + max((depth for _, depth in children), default=0)
