"""What Faker makes: names and phone numbers of a locale.

Only this module imports Faker, and does so late: the import takes 120 ms, which a server with complete fixtures saves.
"""

from __future__ import annotations

import os
import threading
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mockserver.generation.randomness import LentRandom, Randomness

if TYPE_CHECKING:
    from faker import Generator as Faker

MOST_FAKES: Final = 4096
"""How many values there are of each method: all names of a locale, and phone numbers enough."""


class Fakes:
    """The values that Faker makes in one locale, each made once: to make one takes up to ten times as long.

    A value depends on its method and number alone, whoever asks for it first: with the same number the last name of a
    woman is that of a man, in locales where these are alike. Threads may share it.
    """

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._faker: Faker | None = None
        self._random = LentRandom(0)
        self._made: dict[tuple[str, int], str] = {}
        self._lock = threading.Lock()

    def pick(self, random: Randomness, method: str, form: str) -> str:
        """Return one of the values of a method of Faker; of a locale that lacks it, digits in the `form`."""
        key = method, random.below(MOST_FAKES)
        made = self._made.get(key)
        return self._make(key, form) if made is None else made

    def _make(self, key: tuple[str, int], form: str) -> str:
        method, number = key
        with self._lock:
            if self._faker is None:
                self._faker = self._start_faker()
            self._random.lent = Randomness(blake2b(str(number).encode()))
            asked = (method,) if hasattr(self._faker, method) else ("numerify", form)
            # Some of Faker's names end in a space.
            self._made[key] = made = str(self._faker.format(*asked)).strip()
        return made

    def _start_faker(self) -> Faker:
        from faker import Factory

        # A weighted choice takes 55 us a name, an unweighted one 0.7.
        faker = Factory.create(self._locale, use_weighting=False)
        faker.random = self._random
        return faker


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
