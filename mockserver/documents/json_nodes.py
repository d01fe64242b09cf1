"""JSON text to documents, whose places are lines and columns of a file, or JSON pointers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from json import JSONDecodeError, JSONDecoder
from types import MappingProxyType
from typing import Final

from mockserver.documents.json_text import JsonError, refuse_constant
from mockserver.documents.nodes import DEPTH_LIMIT, Node, Place, Scalar, Value, write_scalar
from mockserver.documents.numbers import NUMBER, read_number
from mockserver.documents.problems import TOO_MANY_LEVELS, DocumentError, Problem
from mockserver.documents.wording import show_name, to_phrase

_POINTERS_LIMIT: Final = 32 * 1024 * 1024
"""Characters that the JSON pointers of one text may have together: deep and long ones could be many times the text."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LINE_START: Final = re.compile("^|\r\n?|\n")
_BLANKS: Final = re.compile("[ \t\n\r]*+")
_MARK: Final = re.compile("[ \t\n\r]*+([,:}\\]]?)[ \t\n\r]*+")
_NUMBER_STARTS: Final = frozenset("-0123456789")


def parse_json(text: str, name: str | None = None) -> Node:
    """Read one JSON text. Places are lines and columns of the file `name`; without a name they are JSON pointers.

    Raises:
        DocumentError: It is not JSON, or it is too deep, has a name twice, half a character, or too large a number.
    """
    parser = _Parser(text, name)
    root = parser.read_text()
    if parser.problems:
        raise DocumentError(parser.problems, root)
    return root


class _Parser:
    """Makes nodes of JSON text. It collects problems, and goes on where the rest can still be read."""

    def __init__(self, text: str, name: str | None) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._name = name
        self._lines = [] if name is None else [found.end() for found in _LINE_START.finditer(text)]
        self._at = 0
        self._pointed = 0

    def read_text(self) -> Node:
        """Return the node of the whole text."""
        try:
            self._skip_blanks()
            root = self._read("#", 0)
            self._skip_blanks()
            if self._at < len(self._text):
                raise JSONDecodeError("Extra data", self._text, self._at)
        except (JSONDecodeError, JsonError) as error:
            raise DocumentError([*self.problems, self._describe(error)]) from None
        return root

    def _read(self, pointer: str, depth: int) -> Node:
        """Return the node that begins here, and go behind it."""
        start = self._at
        value: Value
        text = ""
        first = self._text[start : start + 1]
        if first == "{":
            value = self._read_members(pointer, depth + 1)
        elif first == "[":
            value = self._read_items(pointer, depth + 1)
        else:
            value = self._read_scalar(pointer, first)
            text = value if isinstance(value, str) else write_scalar(value)
        return Node(value, self._name or pointer, *self._find_line(start), text)

    def _read_members(self, pointer: str, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}
        is_last = self._go_in(depth, "}")
        while not is_last:
            start = self._at
            name = self._read_name()
            below = self._point(pointer, name)
            self._check_text(name, start, below)
            child = self._read(below, depth)
            child.key_line, child.key_column = self._find_line(start)
            if name in members:
                first = f", first in line {members[name].key_line}" if self._name else ""
                self._add(start, below, f"{show_name(name)} is given twice{first}. Keep one of the two.")
            members[name] = child
            is_last = self._go_on("}")
        return members

    def _read_items(self, pointer: str, depth: int) -> list[Node]:
        items: list[Node] = []
        is_last = self._go_in(depth, "]")
        while not is_last:
            items.append(self._read(self._point(pointer, str(len(items))), depth))
            is_last = self._go_on("]")
        return items

    def _go_in(self, depth: int, end: str) -> bool:
        """Go to the first member or item; return whether there is none."""
        if depth > DEPTH_LIMIT:
            raise DocumentError([*self.problems, self._find_problem(self._at, "#", TOO_MANY_LEVELS)])
        self._at += 1
        self._skip_blanks()
        is_empty = self._text.startswith(end, self._at)
        self._at += is_empty
        return is_empty

    def _go_on(self, end: str) -> bool:
        """Go to the next member or item; return whether there is none."""
        return self._pass_mark((",", end), "Expecting ',' delimiter") == end

    def _read_name(self) -> str:
        if not self._text.startswith('"', self._at):
            raise JSONDecodeError("Expecting property name enclosed in double quotes", self._text, self._at)
        name, self._at = _WORDS.raw_decode(self._text, self._at)
        self._pass_mark((":",), "Expecting ':' delimiter")
        return str(name)

    def _read_scalar(self, pointer: str, first: str) -> Scalar:
        start = self._at
        number = NUMBER.match(self._text, start) if first in _NUMBER_STARTS else None
        if number is None:
            value: Scalar
            value, self._at = _WORDS.raw_decode(self._text, start)
            if first == '"':
                self._check_text(str(value), start, pointer)
            return value
        self._at = number.end()
        try:
            return read_number(number)
        except ValueError:
            self._add(start, pointer, "This number is too large. Write a smaller one, or text.")
            return None

    def _pass_mark(self, wanted: tuple[str, ...], otherwise: str) -> str:
        """Go behind blanks, one of these marks, and more blanks; return the mark."""
        found = _MARK.match(self._text, self._at)
        assert found is not None, "it matches nothing as well"
        if found[1] not in wanted:
            raise JSONDecodeError(otherwise, self._text, found.start(1))
        self._at = found.end()
        return found[1]

    def _skip_blanks(self) -> None:
        found = _BLANKS.match(self._text, self._at)
        assert found is not None, "it matches nothing as well"
        self._at = found.end()

    # Places and problems

    def _find_line(self, start: int) -> tuple[int, int]:
        """Return the line and column of a character; 0 where places are JSON pointers."""
        if not self._lines:
            return 0, 0
        line = bisect_right(self._lines, start)
        return line, start - self._lines[line - 1] + 1

    def _point(self, pointer: str, step: str) -> str:
        """Return the JSON pointer of a member or item; the same one in a file, which has lines."""
        if self._name is not None:
            return pointer
        pointer = f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"
        self._pointed += len(pointer)
        if self._pointed > _POINTERS_LIMIT:
            raise DocumentError([Problem(Place("#", 0), "Too many values stand below long names. Send fewer at once.")])
        return pointer

    def _check_text(self, text: str, start: int, pointer: str) -> None:
        found = None if text.isascii() else _SURROGATE.search(text)
        if found:
            self._add(start, pointer, f"U+{ord(found[0]):04X} is half of a character. Write the whole one.")

    def _add(self, start: int, pointer: str, text: str) -> None:
        self.problems.append(self._find_problem(start, pointer, text))

    def _find_problem(self, start: int, pointer: str, text: str) -> Problem:
        return Problem(Place(self._name or pointer, *self._find_line(start)), text)

    def _describe(self, error: JSONDecodeError | JsonError) -> Problem:
        """Return the problem of text that is not JSON."""
        if isinstance(error, JsonError):
            return self._find_problem(self._at, "#", f"This is not JSON: {error.reason}. Write null, or text.")
        reason = to_phrase(re.sub("(?: starting)? at$|: $", "", error.msg))
        remedy = _REMEDIES.get(reason, "Check quotes, commas and brackets.")
        if self._text.startswith(("//", "/*", "#"), error.pos):
            remedy = "Remove the comment, which JSON does not have."
        where = f": line {error.lineno} column {error.colno}" if self._name is None else ""
        return self._find_problem(error.pos, "#", f"This is not JSON: {reason}{where}. {remedy}")


_WORDS: Final = JSONDecoder(parse_constant=refuse_constant)
"""Reads text, true, false and null."""

_REMEDIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "expecting property name enclosed in double quotes": "Quote the name, and write no comma behind the last one.",
        "expecting value": "Write a value, and no comma behind the last one.",
        "extra data": "Keep one value.",
        "invalid control character": r"Write \n for a line break and \t for a tab.",
        r"invalid \escape": "Write each backslash twice.",
        "unterminated string": "Close the quotes.",
    }
)
"""Remedies, by the words in which Python states a problem."""
