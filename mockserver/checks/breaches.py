"""Breaches of the contract, in words."""

from __future__ import annotations

from dataclasses import dataclass


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
