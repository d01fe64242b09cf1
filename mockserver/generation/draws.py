"""What a generated value is drawn from: its thread's Faker, a common style, and its own random numbers.

Only this module imports Faker, and does so late: the import takes 120 ms, which a server with complete fixtures saves.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mockserver.checks.keywords import to_schema
from mockserver.generation.randomness import LentRandom, Randomness

if TYPE_CHECKING:
    from faker import Generator as Faker

    from mockserver.contract.intersections import Schema


MOST_ITEMS: Final = 100_000
"""Items that the lists in a generated value have together: a schema of a few bytes could ask for more than fits."""


class Fakers(threading.local):
    """One Faker for each thread, made when it is first needed: threads that shared one would mix their draws."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._made: Faker | None = None
        self._random = LentRandom(0)

    def drawing_from(self, random: Randomness) -> Faker:
        """Return this thread's Faker, to be used before the next call."""
        if self._made is None:
            from faker import Factory

            # A weighted choice takes 55 us a name, an unweighted one 0.7.
            self._made = Factory.create(self._locale, use_weighting=False)
            self._made.random = self._random
        self._random.lent = random
        return self._made


@cache
def find_locales() -> tuple[str, ...]:
    """Return the locales that Faker has, by the names of its folders, without importing it."""
    package = find_spec("faker")
    folders = (package and package.submodule_search_locations) or ()
    providers = chain.from_iterable(os.scandir(Path(folder, "providers")) for folder in folders)
    locales = chain.from_iterable(os.scandir(each) for each in providers if each.is_dir())
    return tuple(sorted({each.name for each in locales if each.is_dir()} - {"__pycache__"}))


@cache
def find_faker_version() -> str:
    """Return the version of Faker, without importing it."""
    from importlib.metadata import version  # Takes a start that never asks 10 ms.

    return version("faker")


def spell_in_ascii(text: str) -> str:
    """Return a text of any script in ASCII: 'Müller' as 'Muller', '王' as 'Wang '."""
    if text.isascii():
        return text
    from faker.decode import unidecode

    return unidecode(text)


@dataclass(frozen=True, slots=True)
class Style:
    """Settings that all members of all records have in common."""

    fakers: Fakers
    utc_offset: str


class Draw:
    """What one value is made from: its schema, the common style, and its own random numbers."""

    __slots__ = ("_origin", "_random", "_room", "schema", "style")

    def __init__(self, origin: blake2b, schema: object, style: Style, room: list[int]) -> None:
        self._origin = origin
        self._room = room
        # Nearly all are dicts, and a call costs more than looking.
        self.schema: Schema = schema if isinstance(schema, dict) else to_schema(schema)
        self.style = style
        self._random: Randomness | None = None

    @classmethod
    def first(cls, origin: list[object], schema: Schema, style: Style) -> Draw:
        """Return the draw of an outermost value; equal origins give equal draws."""
        text = json.dumps(origin, sort_keys=True, default=str)
        return cls(blake2b(text.encode(), digest_size=32), schema, style, [MOST_ITEMS])

    def child(self, key: str, schema: object) -> Draw:
        """Return the draw of a value inside this one."""
        # `ascii` quotes each key, so that no two paths read alike.
        origin = self._origin.copy()
        origin.update(ascii(key).encode())
        return Draw(origin, schema, self.style, self._room)

    def narrowed(self, schema: Schema) -> Draw:
        """Return the same draw under a branch of its schema."""
        return Draw(self._origin, schema, self.style, self._room)

    @property
    def random(self) -> Randomness:
        """The draw's own random numbers, made when they are first needed."""
        if self._random is None:
            self._random = Randomness(self._origin.digest())
        return self._random

    @property
    def faker(self) -> Any:  # noqa: ANN401 - Faker's methods are known at run time only
        """Faker with this draw's random numbers, to be used before another draw's."""
        return self.style.fakers.drawing_from(self.random)

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
