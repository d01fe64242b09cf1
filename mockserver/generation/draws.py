"""What a generated value is drawn from: a Faker of its thread's own, a common style, a randomness of its own.

The only module that may import Faker, and it does so late: that costs 120 ms, which a server with complete
fixtures need not pay.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from faker import Generator as Faker

    from mockserver.checks.fitting import Schema


class Fakers(threading.local):
    """One Faker per thread, made when it is first needed: threads that share one get each other's draws."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._made: Faker | None = None

    def drawing_from(self, random: Random) -> Faker:
        """Give this thread's Faker, to be used before the next call."""
        if self._made is None:
            from faker import Factory

            # Weighting would cost 55 us a name in place of 0.7.
            self._made = Factory.create(self._locale, use_weighting=False)
        self._made.random = random
        return self._made


@cache
def find_locales() -> tuple[str, ...]:
    """List the locales that Faker has, by the names of its folders: asking it would cost the import."""
    package = find_spec("faker")
    folders = (package and package.submodule_search_locations) or ()
    files = chain.from_iterable(Path(folder).glob("providers/*/*/__init__.py") for folder in folders)
    return tuple(sorted({file.parent.name for file in files}))


def spell_in_ascii(text: str) -> str:
    """Write a text of any script in ASCII: 'Müller' as 'Muller', '王' as 'Wang '."""
    if text.isascii():
        return text
    from faker.decode import unidecode

    return unidecode(text)


@dataclass(frozen=True, slots=True)
class Style:
    """What all members of all records have in common."""

    fakers: Fakers
    utc_offset: str


class Draw:
    """What one value is made from: its schema, the common style, and a randomness of its own."""

    __slots__ = ("_origin", "_random", "schema", "style")

    def __init__(self, origin: blake2b, schema: object, style: Style) -> None:
        self._origin = origin
        self.schema: Schema = schema if isinstance(schema, Mapping) else {}
        self.style = style
        self._random: Random | None = None

    @classmethod
    def first(cls, origin: list[object], schema: Schema, style: Style) -> Draw:
        """Start the draw for a value that is inside no other; equal origins give equal draws."""
        text = json.dumps(origin, sort_keys=True, default=str)
        return cls(blake2b(text.encode(), digest_size=8), schema, style)

    def child(self, key: str, schema: object) -> Draw:
        """Start the draw for a value inside this one; `ascii` quotes, so no two paths read alike."""
        origin = self._origin.copy()
        origin.update(ascii(key).encode())
        return Draw(origin, schema, self.style)

    def narrowed(self, schema: Schema) -> Draw:
        """Start the same draw under a branch of its schema."""
        return Draw(self._origin, schema, self.style)

    @property
    def random(self) -> Random:
        """The draw's own randomness. Seeding is what costs most of a draw, so it waits until it is needed."""
        if self._random is None:
            self._random = Random(int.from_bytes(self._origin.digest(), "big"))  # noqa: S311 - no secret is made of it
        return self._random

    @property
    def faker(self) -> Any:  # noqa: ANN401 - Faker's methods are known at run time only
        """Faker, drawing from this draw's randomness, to be used before another draw's."""
        return self.style.fakers.drawing_from(self.random)

    @property
    def limit(self) -> int:
        """The most UTF-16 code units that a text may have here."""
        return int(self.schema.get("maxLength", sys.maxsize))

    def pick_day(self) -> date:
        """Pick a day from 1930 to 2020."""
        return date.fromordinal(self.random.randint(_FIRST_DAY, _LAST_DAY))

    def pick_word(self) -> str:
        """Pick one of the plain words."""
        return self.random.choice(WORDS)


# Fixed, so that records do not depend on today: adults and some children.
_FIRST_DAY: Final = date(1930, 1, 1).toordinal()


_LAST_DAY: Final = date(2020, 12, 31).toordinal()


WORDS: Final = (
    *("amber", "apple", "autumn", "basket", "bridge", "candle", "cedar", "cloud", "copper", "corner"),
    *("garden", "harbour", "island", "lantern", "maple", "meadow", "orange", "paper", "pebble", "river"),
    *("saddle", "silver", "summer", "table", "timber", "valley", "velvet", "willow", "window", "winter"),
)
"""Plain words, for texts and keys of which nothing is known."""
