"""What a generated value is drawn from: its schema, a common style, and its own random numbers."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from mockserver.checks.keywords import to_schema
from mockserver.generation.fakes import Fakes
from mockserver.generation.randomness import Randomness

if TYPE_CHECKING:
    from mockserver.contract.intersections import Schema


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


class Draw:
    """What one value is made from: its schema, the common style, and its own random numbers."""

    __slots__ = ("_origin", "_room", "random", "schema", "style")

    def __init__(self, origin: blake2b, schema: object, style: Style, room: list[int]) -> None:
        self._origin = origin
        self._room = room
        # Nearly all are dicts, and a call costs more than looking.
        self.schema: Schema = schema if isinstance(schema, dict) else to_schema(schema)
        self.style = style
        self.random = Randomness(origin)

    @classmethod
    def first(cls, origin: list[object], schema: Schema, style: Style) -> Draw:
        """Return the draw of an outermost value; equal origins give equal draws."""
        return cls(blake2b(_ENCODE(origin).encode(), digest_size=32), schema, style, [MOST_ITEMS])

    def child(self, key: str, schema: object) -> Draw:
        """Return the draw of a value inside this one."""
        origin = self._origin.copy()
        origin.update(_spell_key(key))
        return Draw(origin, schema, self.style, self._room)

    def narrowed(self, schema: Schema) -> Draw:
        """Return the same draw under a branch of its schema."""
        return Draw(self._origin, schema, self.style, self._room)

    @property
    def limit(self) -> int:
        """The most UTF-16 code units that a text may have here."""
        return int(self.schema.get("maxLength", sys.maxsize))

    def take_room(self, items: int) -> bool:
        """Take room for the items of a list from that of the outermost value; return whether there was enough."""
        self._room[0] -= items
        return self._room[0] >= 0

    def pick_day(self) -> date:
        """Return a day from 1930 to 2020."""
        return date.fromordinal(self.random.randint(_FIRST_DAY, _LAST_DAY))

    def pick_fake(self, method: str, form: str = "") -> str:
        """Return one of the values that a `method` of Faker makes; without such a method one of the `form`."""
        return self.style.fakes.pick(self.random, method, form)

    def pick_word(self) -> str:
        """Return one of the plain words."""
        return self.random.choice(WORDS)


# Fixed days, so that records do not depend on today: adults and some children.
_FIRST_DAY: Final = date(1930, 1, 1).toordinal()
_LAST_DAY: Final = date(2020, 12, 31).toordinal()

WORDS: Final = (
    *("amber", "apple", "autumn", "basket", "bridge", "candle", "cedar", "cloud", "copper", "corner"),
    *("garden", "harbour", "island", "lantern", "maple", "meadow", "orange", "paper", "pebble", "river"),
    *("saddle", "silver", "summer", "table", "timber", "valley", "velvet", "willow", "window", "winter"),
)
"""Plain words, for texts and keys without a known meaning."""
