"""Words for people: values cut short, nearest names, and the ends of sentences."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from itertools import islice
from typing import Final

from mockserver.documents.nodes import Node
from mockserver.documents.numbers import WrittenNumber

_LONGEST: Final = 60
"""Characters of a value that are shown."""

_NEAR: Final = 0.65
"""How like a word has to be, from 0 to 1: less, and `code` would be taken for `record`."""


def find_nearest(word: str, known: Iterable[str], likeness: float = _NEAR) -> str | None:
    """Return the name in `known` that is most like `word`, or None if none is so much like it."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[near[0]] if near else None


def suggest_nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'Sex'?` for the nearest name in `known`, or empty text if there is none."""
    nearest = find_nearest(word, known)
    return "" if nearest is None else f"; did you mean {nearest!r}?"


def end_sentence(text: str) -> str:
    """Return the text with a full stop, unless it ends in a question mark."""
    return text if text.endswith("?") else f"{text}."


def to_phrase(sentence: str) -> str:
    """Return a sentence as a part of another: `Not a valid integer.` becomes `not a valid integer`."""
    start = sentence[:1].lower() if sentence[1:2].islower() else sentence[:1]
    return (start + sentence[1:]).removesuffix(".")


def show(value: object) -> str:
    """Return a value for people, cut short: text in Python's quotes, any other value as JSON."""
    if isinstance(value, WrittenNumber):
        return value.text if len(value.text) <= _LONGEST else f"{value.text[: _LONGEST - 1]}…"
    if isinstance(value, str):
        quoted = repr(value[: _LONGEST + 1])
        return quoted if len(quoted) <= _LONGEST + 2 else f"{quoted[:_LONGEST]}…{quoted[0]}"
    try:
        # In pieces: the beginning of a large or deep value does not need the rest.
        pieces = json.JSONEncoder(ensure_ascii=False, default=_show_part).iterencode(value)
        shown = "".join(islice(pieces, _LONGEST + 1)).encode(errors="backslashreplace").decode()
    except ValueError:
        return "a number of thousands of digits"
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _show_part(value: object) -> object:
    """Return what stands in shown JSON for a value that JSON does not have, or Python's writer of it."""
    return float(value) if isinstance(value, WrittenNumber) else repr(value)


def show_name(name: str | int) -> str:
    """Return a name or index as a step of a path, with escapes for characters that a terminal cannot show."""
    return repr(str(name)[:_LONGEST])[1:-1] or "''"


def show_node(node: Node) -> str:
    """Return a value of a document, cut short; a number is shown as it is written."""
    return node.text if node.is_number else show(node.to_json())


def escape(text: str) -> str:
    """Return text on one line: line breaks and characters that a terminal or XML cannot show are escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def count(number: int, noun: str) -> str:
    """Return the number with its noun: `1 record`, `2 records`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
