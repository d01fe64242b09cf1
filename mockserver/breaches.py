"""Breaches of the contract in words, and the strict reading of JSON text that finds the first of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final


@dataclass(frozen=True, slots=True)
class Breach:
    """One place in which a body breaks the contract; `str()` gives the sentence for people."""

    member: str
    """Dotted path, such as `ModelState.idType.0`; empty for the body as a whole."""
    rule: str
    """What the contract wants, without full stop: `the contract allows 0 to 2`."""
    value: str | None
    """The offending value as shown to people, cut to about 60 characters; None for a missing member."""

    def __str__(self) -> str:
        finding = "missing" if self.value is None else self.value
        return f"{self.member or 'the body'} is {finding}, {self.rule}"


class Measured(str):
    """A rule about a size, with the size that was found: `51 units`."""

    size: str = ""


def to_phrase(sentence: str) -> str:
    """Make a sentence part of another: `Not a valid integer.` becomes `not a valid integer`."""
    start = sentence[:1].lower() if sentence[1:2].islower() else sentence[:1]
    return (start + sentence[1:]).removesuffix(".")


TOO_DEEP: Final = "the contract wants nothing nested as deep as this"

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


def read_json(text: str) -> tuple[object, tuple[Breach, ...]]:
    """Read JSON text strictly: its value, and a breach for each name that is given twice.

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


def find_repeats(body: object) -> Iterator[Breach]:
    """Find each name given twice. By a stack: the reader goes deeper than a recursion could follow."""
    stack: list[tuple[tuple[str, ...], object]] = [((), body)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, RepeatingObject):
            for name in value.repeated:
                yield Breach(".".join((*path, show_name(name))), "the contract allows it once", "given twice")
        stack.extend(reversed([((*path, show_name(key)), part) for key, part in parts_of(value)]))


def parts_of(value: object) -> Iterable[tuple[str | int, object]]:
    """Give the members of an object or the items of a list; nothing for anything else."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()
