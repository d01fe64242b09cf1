"""JSON text: strict reading (no name twice, no NaN, nothing behind the value) and compact writing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from mockserver.documents.wording import show_name, to_phrase

TOO_DEEP: Final = "the contract wants nothing nested as deep as this"


def read_json(text: str) -> tuple[object, tuple[str, ...]]:
    """Read JSON text strictly: its value, and the dotted paths of the names that are given twice.

    Raises:
        ValueError: It is no JSON, or nested too deep; the text is the rule that it breaks.
    """
    repeating: list[RepeatingObject] = []
    hook = partial(pairs_to_object, repeating)
    try:
        value = json.loads(text, object_pairs_hook=hook, parse_constant=refuse_constant)
    except ValueError as error:
        raise ValueError(f"the contract wants JSON: {error_to_phrase(error)}") from None
    except RecursionError:
        raise ValueError(TOO_DEEP) from None
    return value, tuple(find_repeats(value)) if repeating else ()


class RepeatingObject(dict[str, object]):
    """A JSON object in which some names stood more than once; it holds their last values."""

    repeated: tuple[str, ...] = ()


def pairs_to_object(found: list[RepeatingObject], pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make a JSON object; one in which a name was given twice knows that, and is added to those *found*."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeating = RepeatingObject(members)
    counts = Counter(name for name, _ in pairs)
    repeating.repeated = tuple(name for name in members if counts[name] > 1)
    found.append(repeating)
    return repeating


def refuse_constant(name: str) -> object:
    """Raise ValueError for NaN, Infinity or -Infinity: Python's reader takes them, JSON has none."""
    raise ValueError(f"it has no number {name}")


def error_to_phrase(error: ValueError) -> str:
    """Repeat the reader's complaint, without the advice to programmers that follows a semicolon."""
    return to_phrase(str(error).split(";")[0])


def find_repeats(body: object) -> Iterator[str]:
    """Find each name given twice. By a stack: the reader goes deeper than a recursion could follow."""
    stack: list[tuple[tuple[str, ...], object]] = [((), body)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, RepeatingObject):
            for name in value.repeated:
                yield ".".join((*path, show_name(name)))
        stack.extend(reversed([((*path, show_name(key)), part) for key, part in parts_of(value)]))


def parts_of(value: object) -> Iterable[tuple[str | int, object]]:
    """Give the members of an object or the items of a list; nothing for anything else."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def write_json(value: object) -> str:
    """Return the JSON text of a value: no blanks, members in their order, other scripts as they are.

    The three characters that end a line in JavaScript and beyond ASCII are escaped; they can only stand inside strings.
    """
    text = _ENCODE(value)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
