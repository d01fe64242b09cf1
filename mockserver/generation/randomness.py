"""Random numbers from a hash.

They are remainders of one large number: to seed a generator for each value would take ten times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import Final, TypeVar

_T = TypeVar("_T")

_SPARE: Final = 64
"""Bits that a draw leaves, so that no result is likelier than another by more than one in 2**64."""

_DIGITS: Final = 2**53
"""The numbers from 0 to 1 that `random` gives."""


class Randomness:
    """Random numbers that depend on a hash alone: the remainders of a large number, which more digests extend."""

    __slots__ = ("_digest", "_left", "_source")

    def __init__(self, source: blake2b) -> None:
        self._source = source
        self._digest = source.digest()
        self._left = int.from_bytes(self._digest, "big")

    def below(self, count: int) -> int:
        """Return a whole number from 0 to `count` - 1."""
        while self._left < count << _SPARE:
            self._extend()
        self._left, drawn = divmod(self._left, count)
        return drawn

    def _extend(self) -> None:
        self._digest = blake2b(self._digest).digest()
        self._left = self._left << 8 * len(self._digest) | int.from_bytes(self._digest, "big")

    def random(self) -> float:
        """Return a number from 0 up to 1."""
        return self.below(_DIGITS) / _DIGITS

    def randint(self, first: int, last: int) -> int:
        """Return a whole number from `first` to `last`, both included."""
        return first + self.below(last - first + 1)

    def uniform(self, low: float, high: float) -> float:
        """Return a number from `low` up to `high`."""
        return low + (high - low) * self.random()

    def choice(self, values: Sequence[_T]) -> _T:
        """Return one of the values."""
        return values[self.below(len(values))]

    def sample(self, values: Sequence[_T], count: int) -> list[_T]:
        """Return `count` of the values, in random order, each at most once."""
        rest = list(values)
        return [rest.pop(self.below(len(rest))) for _ in range(count)]


class LentRandom(Random):
    """Python's own random numbers, for code that wants these, drawn from a `Randomness` that is lent to it."""

    lent: Randomness

    def random(self) -> float:
        """Return a number from 0 up to 1."""
        return self.lent.random()

    def getrandbits(self, k: int, /) -> int:
        """Return a whole number of at most `k` bits."""
        return self.lent.below(1 << k)

    def randint(self, a: int, b: int) -> int:
        """Return a whole number from `a` to `b`: in one step, where Python takes four."""
        return a + self.lent.below(b - a + 1)

    def choice(self, seq: Sequence[_T]) -> _T:  # type: ignore[override]  # typeshed asks for less than a sequence
        """Return one of the values: in one step, where Python takes three."""
        return seq[self.lent.below(len(seq))]
