"""Words for people: values cut short, near names, and the ends of sentences."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from itertools import islice
from typing import Final

from mockserver.documents.nodes import Node


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


def to_phrase(sentence: str) -> str:
    """Make a sentence part of another: `Not a valid integer.` becomes `not a valid integer`."""
    start = sentence[:1].lower() if sentence[1:2].islower() else sentence[:1]
    return (start + sentence[1:]).removesuffix(".")


LONGEST: Final = 60
"""Characters of a value that are shown."""


def show(value: object) -> str:
    """Write a value for people, cut short: text in Python's quotes, all else as JSON."""
    if isinstance(value, str):
        quoted = repr(value[: LONGEST + 1])
        return quoted if len(quoted) <= LONGEST + 2 else f"{quoted[:LONGEST]}…{quoted[0]}"
    try:
        # In pieces: the beginning of a large or deep value does not need the rest.
        pieces = json.JSONEncoder(ensure_ascii=False, default=repr).iterencode(value)
        shown = "".join(islice(pieces, LONGEST + 1)).encode(errors="backslashreplace").decode()
    except ValueError:
        return "a number of thousands of digits"
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def show_name(name: str | int) -> str:
    """Write a name or index as a step of a path, with escapes for what a terminal cannot show."""
    return repr(str(name)[:LONGEST])[1:-1] or "''"


def show_node(node: Node) -> str:
    """A value as the file has it, cut short."""
    return node.text if node.is_number else show(node.to_json())


def count(number: int, noun: str) -> str:
    """`1 record`, `2 records`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
