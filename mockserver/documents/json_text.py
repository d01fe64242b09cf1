"""JSON text: strict reading (no name twice, no NaN, nothing behind the value) and compact writing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from mockserver.documents.numbers import WrittenNumber, read_decimal
from mockserver.documents.wording import show_name, to_phrase


class JsonError(Exception):
    """JSON text that cannot be read."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason: Final = reason
        """Why it is not JSON, as a part of a sentence; None for JSON that is nested too deep to be read."""


def read_json(text: str) -> tuple[object, tuple[str, ...]]:
    """Read JSON text strictly: return its value, and the dotted paths of the names that are given twice.

    A number is an `int` or a `float`; a `WrittenNumber` only where these would lose digits.

    Raises:
        JsonError: It is not JSON, or nested too deep.
    """
    try:
        return _read(_DECODER, text), ()
    except _RepeatError:
        value = _read(_REPEAT_DECODER, text)
        return value, tuple(_find_repeats(value))


def is_json(text: str) -> bool:
    """Return whether `read_json` can read the text."""
    try:
        read_json(text)
    except JsonError:
        return False
    return True


def _read(decoder: json.JSONDecoder, text: str) -> object:
    try:
        return decoder.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(to_phrase(str(error))) from None
    except ValueError:
        raise JsonError("it has a number that is too large") from None
    except RecursionError:
        raise JsonError(None) from None


class RepeatingObject(dict[str, object]):
    """A JSON object in which some names stood more than once; it holds their last values."""

    repeated: tuple[str, ...] = ()


class _RepeatError(Exception):
    """An object has a name more than once."""


def _pairs_to_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatError
    return members


def _pairs_to_repeating(pairs: list[tuple[str, object]]) -> RepeatingObject:
    """Make a JSON object that knows the names that were given more than once."""
    counts = Counter(name for name, _ in pairs)
    members = RepeatingObject(pairs)
    members.repeated = tuple(name for name in members if counts[name] > 1)
    return members


def _read_plain(text: str) -> float | WrittenNumber:
    number = read_decimal(text)
    return number.plain if isinstance(number, WrittenNumber) else number


def refuse_constant(name: str) -> object:
    """Refuse NaN, Infinity and -Infinity, which Python's reader takes and JSON does not have."""
    raise JsonError(f"it has no number {name}")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs_to_object, parse_float=_read_plain, parse_constant=refuse_constant
)
_REPEAT_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs_to_repeating, parse_float=_read_plain, parse_constant=refuse_constant
)
"""Two, as counting the names of every object takes long, and one of them is hardly ever given twice."""


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
    """Return the JSON text of a value: no blanks, members in their order, numbers and other scripts as they are.

    Three characters beyond ASCII that end a line in JavaScript or .NET are escaped; they can only stand in strings.
    """
    try:
        text = _ENCODE(value)
    except TypeError:
        text = _write(value)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def to_key(value: object) -> str:
    """Return a text that is the same for values that are equal as JSON: 1 is 1.0 but not true, order does not count."""
    return json.dumps(_to_comparable(value), sort_keys=True)


def _to_comparable(value: object) -> object:
    """Return a JSON value with whole numbers as `int`, and with fractions for numbers that a `float` cannot hold."""
    if isinstance(value, Mapping):
        return {name: _to_comparable(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_to_comparable(part) for part in value]
    number = value.plain if isinstance(value, WrittenNumber) else value
    if isinstance(number, float):
        return int(Decimal(repr(number))) if number.is_integer() else number
    if isinstance(number, WrittenNumber):
        over, under = number.as_integer_ratio()
        return over if under == 1 else [hex(over), hex(under)]
    return number


def _write(value: object) -> str:
    """Return the JSON text of a value with written numbers, which Python's encoder does not take."""
    if isinstance(value, WrittenNumber):
        return value.text
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{_ENCODE(name)}:{_write(part)}' for name, part in value.items())}}}"
    return f"[{','.join(map(_write, value))}]" if isinstance(value, list) else _ENCODE(value)
