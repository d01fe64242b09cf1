"""Numbers as documents write them: `1.10` stays `1.10`, and no digit is lost."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Self

NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?+([eE][-+]?[0-9]++)?+")
"""The form of a number in JSON."""

_LIMIT: Final = 500
"""Characters that a number may have, and the greatest exponent: calculating with any number takes little time."""


class WrittenNumber(Decimal):
    """A number that Python's `int` and `float` would write differently, such as `1.10`, `1E2`, `-0` or `1e400`.

    `text` is how it was written; `str()` returns it. It compares with a `float` by the digits of the shortest text of
    that `float`, so that `0.10` equals `0.1`.
    """

    __slots__ = ("text",)

    text: str

    def __new__(cls, text: str) -> Self:
        """Return the number that a JSON text stands for."""
        number = super().__new__(cls, text)
        number.text = text
        return number

    @property
    def plain(self) -> int | float | WrittenNumber:
        """The `int` or `float` of the same value; the number itself if a `float` would lose digits."""
        if self.text == "-0":
            return 0
        near = float(self)
        return near if Decimal(repr(near)) == self else self

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return super().__eq__(_to_exact(other))

    def __ne__(self, other: object) -> bool:
        return super().__ne__(_to_exact(other))

    def __hash__(self) -> int:
        plain = self.plain
        return super().__hash__() if isinstance(plain, WrittenNumber) else hash(plain)

    def __lt__(self, other: object) -> bool:
        return super().__lt__(_to_exact(other))

    def __le__(self, other: object) -> bool:
        return super().__le__(_to_exact(other))

    def __gt__(self, other: object) -> bool:
        return super().__gt__(_to_exact(other))

    def __ge__(self, other: object) -> bool:
        return super().__ge__(_to_exact(other))


Number = int | float | WrittenNumber
"""A number of a document."""


def read_number(written: re.Match[str]) -> Number:
    """Return the number that a match of `NUMBER` stands for.

    Raises:
        ValueError: It is too long, or its exponent too large.
    """
    text = written[0]
    return read_decimal(text) if written.lastindex else read_integer(text)


def read_decimal(text: str) -> float | WrittenNumber:
    """Return the number that a JSON text with a fraction or an exponent stands for; raises as `read_number` does."""
    near = float(text)
    if repr(near) == text:
        return near
    if len(text) > _LIMIT or abs(int(text.lower().partition("e")[2] or 0)) > _LIMIT:
        raise ValueError("too long or too large")
    return WrittenNumber(text)


def read_integer(text: str) -> int | WrittenNumber:
    """Return the number that a JSON text of digits stands for; raises as `read_number` does."""
    if len(text) > _LIMIT:
        raise ValueError("too long")
    return WrittenNumber(text) if text == "-0" else int(text)


def to_plain(value: object) -> object:
    """Return a JSON value with `plain` in place of each written number."""
    if isinstance(value, dict):
        # Most members are no such numbers: a look at their type saves a call.
        return {name: part if type(part) in _PLAIN else to_plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [to_plain(part) for part in value]
    return value.plain if isinstance(value, WrittenNumber) else value


_PLAIN: Final = frozenset((str, int, bool, float, type(None)))


def _to_exact(other: object) -> Decimal:
    return Decimal(repr(other)) if isinstance(other, float) else other  # type: ignore[return-value]  # Decimal refuses the rest
