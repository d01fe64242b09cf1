"""YAML text to documents.

Only the events of the YAML parser are used. Values are resolved here, by the few rules of `resolve_plain`,
because the usual loaders turn `NO` into false, `00012345` into 5349 and keep the last of two equal keys.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn

import yaml

from mockserver.documents.nodes import Json, Node, Place, Scalar, Value
from mockserver.documents.problems import DocumentError, Problem

SIZE_LIMIT: Final = 32 * 1024 * 1024
"""Bytes a file may have: room for about 60,000 complete records."""


DEPTH_LIMIT: Final = 100
"""Mappings and lists that may stand inside each other, aliases followed: so any document can be walked down."""


ALIAS_LIMIT: Final = 100_000
"""Nodes that the aliases of one file may stand for together: what makes an alias bomb harmless."""


ALIAS_TEXT: Final = 100
"""Characters of a text that count as one node more."""


NUMBER_LENGTH_LIMIT: Final = 400
"""Characters a number may have."""


def load_document(path: Path, name: str | None = None, size_limit: int = SIZE_LIMIT) -> Node:
    """Read the one YAML document in the file at *path*.

    Args:
        path: The file.
        name: What places call it; the path itself by default.
        size_limit: Bytes it may have.

    Raises:
        DocumentError: It cannot be read, is no UTF-8, no YAML, too large or too deep, holds nothing or
            more than one document, a key twice, a tag, a merge key, or aliases that stand for too much.
    """
    name = name or str(path)
    text = _read_text(path, name, size_limit)
    return parse_document(text, name)


def write_document(document: Mapping[str, Json]) -> str:
    """YAML text that stands for a document, its keys in their order."""
    return yaml.dump(dict(document), Dumper=_BlockDumper, sort_keys=False, allow_unicode=True, width=120)


class _BlockDumper(yaml.SafeDumper):
    """Writes text of several lines as a block, as people do."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """The node of a text."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_BlockDumper.add_representer(str, _BlockDumper.represent_str)


def parse_document(text: str, name: str) -> Node:
    """Read the one YAML document in *text*; places call it *name*. Raises DocumentError."""
    _refuse_control_characters(text, name)
    loader = _EventLoader(text)
    composer = _Composer(loader.get_event, name)
    try:
        root = composer.read_stream()
    except yaml.MarkedYAMLError as error:
        raise DocumentError([*composer.problems, _syntax_problem(error, name, text)]) from None
    finally:
        loader.dispose()
    if composer.problems:
        raise DocumentError(composer.problems, root)
    if root is None or (root.value is None and not root.text):
        raise DocumentError([Problem(Place(name), "The file holds nothing. Fill it or remove it.")])
    return root


_EventLoader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_text(path: Path, name: str, size_limit: int) -> str:
    try:
        size = path.stat().st_size
        if size > size_limit:
            finding = f"The file has {size:,} bytes, the limit is {size_limit:,}. Split it."
            raise DocumentError([Problem(Place(name), finding)])
        content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        finding = f"The file cannot be read: {error.strerror}. Check that it exists and may be read."
        raise DocumentError([Problem(Place(name), finding)]) from None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        place = _place_behind(content[: error.start].decode(), name)
        finding = f"Byte 0x{content[error.start]:02X} is no UTF-8. Save the file as UTF-8."
        raise DocumentError([Problem(place, finding)]) from None


_LINE_BREAK: Final = re.compile("\r\n?|\n")


def _place_behind(text: str, name: str) -> Place:
    lines = _LINE_BREAK.split(text)
    return Place(name, len(lines), len(lines[-1]) + 1)


_CONTROL: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML allows nowhere, and the three that end a line in YAML 1.1 but in no editor: NEL, LS and PS."""


def _refuse_control_characters(text: str, name: str) -> None:
    found = _CONTROL.search(text)
    if found:
        code = ord(found[0])
        escape = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
        finding = f'The character U+{code:04X} cannot stand here. Write it as "{escape}" in double quotes.'
        raise DocumentError([Problem(_place_behind(text[: found.start()], name), finding)])


_REMEDIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "block sequence entries are not allowed in this context": "Begin the list on a line of its own.",
        "could not find expected ':'": "Write a colon and a space behind the key.",
        "did not find expected alphabetic or numeric character": "Quote text that begins with & or *.",
        "found character that cannot start any token": "Quote text that begins with @, ` or %.",
        "found invalid Unicode character escape code": "Write the character itself.",
        "found unexpected end of stream": "Close the quotes.",
        "found unknown escape character": "Write each backslash twice, or use single quotes.",
        "mapping values are not allowed in this context": "Quote text that holds a colon, or check the indentation.",
    }
)
"""What to do about a problem, as libyaml words it."""


def _syntax_problem(error: yaml.MarkedYAMLError, name: str, text: str) -> Problem:
    mark, start = error.problem_mark, error.context_mark
    assert mark is not None, "the parser knows where every problem is"
    place = _place_behind(text[: mark.index], name)
    context = error.context or ""
    if start is not None and start.line + 1 != place.line:
        context += f" that begins in line {start.line + 1}"
    problem = ", ".join(filter(None, (context, error.problem)))
    remedy = _REMEDIES.get(error.problem or "", "Check indentation, quotes and colons.")
    if text.startswith("\t", mark.index):
        remedy = "Indent with spaces, not tabs."
    return Problem(place, f"This is no YAML: {problem}. {remedy}")


_CONSTANTS: Final[Mapping[str, Scalar]] = MappingProxyType(
    {
        **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
    }
)


_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")


_PADDED: Final = re.compile(r"[-+]?0[0-9]+")


_NUMBER_STARTS: Final = frozenset("-+0123456789")


def resolve_plain(text: str) -> Scalar:
    """What a scalar without quotes stands for: null, true, false, a decimal number, else its text.

    Raises:
        ValueError: It looks like a number, but not like one that all readers take for the same.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _resolve_number(text) if text[0] in _NUMBER_STARTS else text


def _resolve_number(text: str) -> int | float | str:
    number = _NUMBER.fullmatch(text)
    if number is None:
        if _PADDED.fullmatch(text):
            raise ValueError(f"{_cut(text)} has leading zeros, and readers differ on what that is")
        return text
    if len(text) > NUMBER_LENGTH_LIMIT or math.isinf(float(text)):
        raise ValueError("This number is too long or too large")
    return float(text) if number.lastindex else int(text)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


class _Composer:
    """Turns parser events into nodes; collects problems and goes on where the rest can still be read."""

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
        """The document of the stream, or None where there is none."""
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
        node = self._make_node(event, event.value, event.value)
        if event.style:
            node.text = event.value or '""'
            return self._finish(event, node)
        try:
            node.value = resolve_plain(event.value)
        except ValueError as error:
            self._add(event, f'{error}. Quote it to keep it as text: "{_cut(event.value)}".')
        return self._finish(event, node)

    def _read_mapping(self, event: yaml.MappingStartEvent) -> Node:
        members: dict[str, Node] = {}
        node = self._make_node(event, members)
        self._go_down(event)
        while type(key := self._next()) is not yaml.MappingEndEvent:
            name = self._read_key(key)
            child = self._read(self._next())
            child.key_line, child.key_column = _start_of(key)
            if name is not None and members.setdefault(name, child) is not child:
                first = members[name].key_line
                self._add(key, f"{name} is given twice, first in line {first}. Keep one of the two.")
        self._depth -= 1
        return self._finish(event, node)

    def _read_key(self, event: yaml.Event) -> str | None:
        """The key that begins with *event*, always as it is written; None for one that is not text."""
        if not isinstance(event, yaml.ScalarEvent):
            self._read(event)
            self._add(event, "A key has to be text. Write a plain or quoted one.")
            return None
        if event.tag is not None:
            self._refuse_tag(event, event.tag)
        if event.value == "<<" and not event.style:
            self._add(event, "Merge keys (<<) are not taken. Write the keys out.")
        return event.value

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
        line, column = _start_of(event)
        return Node(value, self._path, line, column, text)

    def _add(self, event: yaml.Event, text: str) -> None:
        self.problems.append(Problem(Place(self._path, *_start_of(event)), text))

    def _stop(self, event: yaml.Event, text: str) -> NoReturn:
        self._add(event, text)
        raise DocumentError(self.problems)


TOO_MANY_LEVELS: Final = f"Over {DEPTH_LIMIT} levels stand inside each other. Flatten them."
"""What is said of a document that is nested too deep."""


def _start_of(event: yaml.Event) -> tuple[int, int]:
    """Line and column, from 1. Every event has a mark."""
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1


def _measure(node: Node) -> tuple[int, int]:
    """How many nodes the node stands for, and how many levels deep."""
    if not isinstance(node.value, dict | list):
        return 1 + len(node.text) // ALIAS_TEXT, 0
    children = [_measure(child) for child in node.children]
    return 1 + sum(size for size, _ in children), 1 + max((depth for _, depth in children), default=0)
