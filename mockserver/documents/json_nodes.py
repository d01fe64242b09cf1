"""JSON text to documents, whose places are JSON pointers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Final, cast

from mockserver.documents.json_text import JsonError, RepeatingObject, read_json
from mockserver.documents.nodes import DEPTH_LIMIT, Node, Place, Scalar, write_scalar
from mockserver.documents.problems import TOO_MANY_LEVELS, DocumentError, Problem
from mockserver.documents.wording import show_name

_POINTERS_LIMIT: Final = 32 * 1024 * 1024
"""Characters that the JSON pointers of one text may have together: deep and long ones could be many times the text."""

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def parse_json(text: str) -> Node:
    """Read one JSON text; its places are JSON pointers. Raises DocumentError."""
    try:
        value, _ = read_json(text)
    except JsonError as error:
        finding = TOO_MANY_LEVELS if error.reason is None else f"This is not JSON: {error.reason}. Correct it."
        raise DocumentError([Problem(Place("#", 0), finding)]) from None
    maker = _NodeMaker()
    root = maker.make(value, "#")
    if maker.problems:
        raise DocumentError(maker.problems, root)
    return root


class _NodeMaker:
    """Makes nodes of JSON values, and collects the problems in them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._written = 0

    def make(self, value: object, pointer: str, depth: int = 0) -> Node:
        """Return the node of the value at a JSON `pointer`, `depth` levels below the root."""
        if isinstance(value, dict | list) and depth >= DEPTH_LIMIT:
            raise DocumentError([Problem(Place("#", 0), TOO_MANY_LEVELS)])
        if isinstance(value, dict | list):
            self._count(len(pointer) * len(value))
        if isinstance(value, dict):
            return Node(self._make_members(value, pointer, depth + 1), pointer, 0, 0)
        if isinstance(value, list):
            items = [self.make(part, f"{pointer}/{number}", depth + 1) for number, part in enumerate(value)]
            return Node(items, pointer, 0, 0)
        scalar = cast("Scalar", value)
        if isinstance(scalar, str):
            self._check_text(scalar, pointer)
        elif isinstance(scalar, float) and math.isinf(scalar):
            self._add(pointer, "This number is too large. Write a smaller one, or text.")
        return Node(scalar, pointer, 0, 0, text=write_scalar(scalar))

    def _count(self, characters: int) -> None:
        self._written += characters
        if self._written > _POINTERS_LIMIT:
            raise DocumentError([Problem(Place("#", 0), "Too many values stand below long names. Send fewer at once.")])

    def _make_members(self, value: Mapping[str, object], pointer: str, depth: int) -> dict[str, Node]:
        pointers = {name: f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}" for name in value}
        for name in value.repeated if isinstance(value, RepeatingObject) else ():
            self._add(pointers[name], f"{show_name(name)} is given twice. Keep one of the two.")
        for name in value:
            self._check_text(name, pointers[name])
        return {name: self.make(part, pointers[name], depth) for name, part in value.items()}

    def _check_text(self, text: str, pointer: str) -> None:
        found = _SURROGATE.search(text)
        if found:
            self._add(pointer, f"U+{ord(found[0]):04X} is half of a character. Write the whole one.")

    def _add(self, pointer: str, text: str) -> None:
        self.problems.append(Problem(Place(pointer, 0), text))
