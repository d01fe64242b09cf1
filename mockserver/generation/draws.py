"""What a generated value is drawn from: its schema, a common style, and its own random numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from mockserver.generation.fakes import Fakes
from mockserver.generation.randomness import Randomness

if TYPE_CHECKING:
    from mockserver.contract.intersections import Schema
    from mockserver.generation.blueprints import Blueprint


MOST_ITEMS: Final = 100_000
"""Items that the lists in a generated value have together: a schema of a few bytes could ask for more than fits."""


_ENCODE: Final = json.JSONEncoder(sort_keys=True, default=str).encode


@lru_cache(maxsize=1024)
def _spell_key(key: str) -> bytes:
    """Return a key in quotes, so that no two paths read alike."""
    return ascii(key).encode()


@dataclass(frozen=True, slots=True)
class Style:
    """Settings that all members of all records have in common."""

    fakes: Fakes
    utc_offset: str


class Draw(Randomness):
    """What one value is made from: the blueprint of its schema, the common style, and its own random numbers."""

    __slots__ = ("_room", "blueprint", "style")

    def __init__(self, origin: blake2b, blueprint: Blueprint, style: Style, room: list[int]) -> None:
        super().__init__(origin)
        self._room = room
        self.blueprint = blueprint
        self.style = style

    @classmethod
    def first(cls, origin: list[object], blueprint: Blueprint, style: Style) -> Draw:
        """Return the draw of an outermost value; equal origins give equal draws."""
        return cls(blake2b(_ENCODE(origin).encode(), digest_size=32), blueprint, style, [MOST_ITEMS])

    def child(self, key: str, blueprint: Blueprint) -> Draw:
        """Return the draw of a value inside this one."""
        origin = self._source.copy()
        origin.update(_spell_key(key))
        return Draw(origin, blueprint, self.style, self._room)

    def narrowed(self, blueprint: Blueprint) -> Draw:
        """Return the same draw under a branch of its schema."""
        return Draw(self._source, blueprint, self.style, self._room)

    @property
    def schema(self) -> Schema:
        """The schema of the value."""
        return self.blueprint.schema

    @property
    def limit(self) -> int:
        """The most UTF-16 code units that a text may have here."""
        return self.blueprint.limit

    def take_room(self, items: int) -> bool:
        """Take room for the items of a list from that of the outermost value; return whether there was enough."""
        self._room[0] -= items
        return self._room[0] >= 0

    def pick_day(self) -> date:
        """Return a day from 1930 to 2020."""
        return date.fromordinal(self.randint(_FIRST_DAY, _LAST_DAY))

    def pick_fake(self, method: str, form: str = "") -> str:
        """Return one of the values that a `method` of Faker makes; without such a method one of the `form`."""
        return self.style.fakes.pick(self, method, form)

    def pick_word(self) -> str:
        """Return one of the plain words."""
        return self.choice(WORDS)


class _Nothing(Enum):
    """The result if no value can be made, since null would be a value."""

    NOTHING = auto()


NOTHING: Final = _Nothing.NOTHING

# Fixed days, so that records do not depend on today: adults and some children.
_FIRST_DAY: Final = date(1930, 1, 1).toordinal()
_LAST_DAY: Final = date(2020, 12, 31).toordinal()

WORDS: Final = (
    *("amber", "apple", "autumn", "basket", "bridge", "candle", "cedar", "cloud", "copper", "corner"),
    *("garden", "harbour", "island", "lantern", "maple", "meadow", "orange", "paper", "pebble", "river"),
    *("saddle", "silver", "summer", "table", "timber", "valley", "velvet", "willow", "window", "winter"),
)
"""Plain words, for texts and keys without a known meaning."""
