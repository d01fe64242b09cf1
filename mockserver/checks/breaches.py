"""Breaches of the contract, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Breach:
    """One place in which a body or a reply breaks the contract; `str()` gives the sentence for people."""

    member: str
    """A dotted path, such as `ModelState.idType.0`; empty for the body as a whole."""
    rule: str
    """The rule of the contract, without a full stop: `the contract allows 0 to 2`."""
    value: str | None
    """The value as people see it, cut to about 60 characters; None for a missing member."""

    def __str__(self) -> str:
        finding = "missing" if self.value is None else self.value
        return f"{self.member or 'the body'} is {finding}, {self.rule}"


class Measured(str):
    """A rule about a size, together with the size that was found: `51 units`."""

    __slots__ = ("size",)

    size: str

    def __new__(cls, rule: str, size: str) -> Self:
        """Return the rule with its size."""
        measured = super().__new__(cls, rule)
        measured.size = size
        return measured
