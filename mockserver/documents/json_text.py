"""JSON text: strict reading (no name twice, no NaN, nothing behind the value) and compact writing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from mockserver.documents.wording import show_name, to_phrase


class JsonError(Exception):
    """JSON text that cannot be read."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason: Final = reason
        """Why it is not JSON, as a part of a sentence; None for JSON that is nested too deep to be read."""


def read_json(text: str) -> tuple[object, tuple[str, ...]]:
    """Read JSON text strictly: return its value, and the dotted paths of the names that are given twice.

    Raises:
        JsonError: It is not JSON, or nested too deep.
    """
    repeating: list[RepeatingObject] = []
    hook = partial(_pairs_to_object, repeating)
    try:
        value = json.loads(text, object_pairs_hook=hook, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise JsonError(to_phrase(str(error))) from None
    except ValueError:
        # The limit of Python's `int`, whose message is advice for programmers.
        raise JsonError("it has a number of thousands of digits") from None
    except RecursionError:
        raise JsonError(None) from None
    return value, tuple(_find_repeats(value)) if repeating else ()


class RepeatingObject(dict[str, object]):
    """A JSON object in which some names stood more than once; it holds their last values."""

    repeated: tuple[str, ...] = ()


def _pairs_to_object(found: list[RepeatingObject], pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Make a JSON object. One in which a name was given twice knows that name, and is added to `found`."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    repeating = RepeatingObject(members)
    counts = Counter(name for name, _ in pairs)
    repeating.repeated = tuple(name for name in members if counts[name] > 1)
    found.append(repeating)
    return repeating


def _refuse_constant(name: str) -> object:
    """Refuse NaN, Infinity and -Infinity, which Python's reader takes and JSON does not have."""
    raise JsonError(f"it has no number {name}")


def _find_repeats(body: object) -> Iterator[str]:
    """Find each name given twice. By a stack: the reader goes deeper than a recursion could follow."""
    stack: list[tuple[tuple[str, ...], object]] = [((), body)]
    while stack:
        path, value = stack.pop()
        if isinstance(value, RepeatingObject):
            for name in value.repeated:
                yield ".".join((*path, show_name(name)))
        stack.extend(reversed([((*path, show_name(key)), part) for key, part in _parts_of(value)]))


def _parts_of(value: object) -> Iterable[tuple[str | int, object]]:
    """Return the members of an object or the items of a list; a scalar has none."""
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def write_json(value: object) -> str:
    """Return the JSON text of a value: no blanks, members in their order, other scripts as they are.

    Three characters beyond ASCII that end a line in JavaScript or .NET are escaped; they can only stand in strings.
    """
    text = _ENCODE(value)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
