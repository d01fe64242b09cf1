"""Tallies: how often requests of a session exercised what, for the coverage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mockserver.http.sources import Source

TRAITS: Final = 16384
"""How many traits are told apart; further ones do not count."""


@dataclass(frozen=True, slots=True, eq=False)
class Trait:
    """What requests may have in common. Compared by identity, so that counting costs next to nothing.

    Attributes:
        operation: The operationId.
        status: The status of the reply.
        media_type: The media type of the reply; None without content.
        source: Where the reply came from.
        parameters: The names of the parameters that were given.
    """

    operation: str
    status: int
    media_type: str | None
    source: Source
    parameters: frozenset[str]


@dataclass(slots=True)
class Tally:
    """How many requests had a trait, and which members of the body their replies gave a value."""

    count: int = 0
    members: set[str] = field(default_factory=set)
    last: frozenset[str] = frozenset()

    def add(self, members: frozenset[str]) -> None:
        """Count one more."""
        self.count += 1
        if members is not self.last:
            self.members |= members
            self.last = members


class Tallies:
    """The tallies of a session by trait. The journal changes them under its lock."""

    def __init__(self) -> None:
        self._tallies: dict[Trait, Tally] = {}

    def add(self, trait: Trait, members: frozenset[str]) -> None:
        """Count a request."""
        tally = self._tallies.get(trait)
        if tally is None:
            if len(self._tallies) >= TRAITS:
                return
            tally = self._tallies[trait] = Tally()
        tally.add(members)

    def __iter__(self) -> Iterator[tuple[Trait, Tally]]:
        return iter(self._tallies.items())
