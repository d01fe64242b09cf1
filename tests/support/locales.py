"""What Faker makes in each locale, under the lowest and the highest version that is allowed.

`python -m tests.support.locales` writes down what the installed version makes: as the lowest one if it is that one, and
as the highest one otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from mockserver.generation.blueprints import Blueprint
from mockserver.generation.fakes import find_faker_version, find_locales
from mockserver.generation.generator import Generator

_SCHEMA: Final = {"properties": {name: {"type": "string"} for name in ("FirstName", "LastName", "Email", "TelNumber1")}}
"""The members that come from Faker."""

_FILE: Final = Path(__file__).with_suffix(".json")
_RECORDS: Final = 20
"""How many records stand for a locale. All locales that differ within 1,500 records differ within 10."""

Digests = Mapping[str, str]
"""A digest of the records of each locale, by its name."""


def read_digests() -> dict[str, Digests]:
    """Return the digests of the lowest version, then those of the highest, by the version."""
    written: dict[str, Digests] = json.loads(_FILE.read_text(encoding="utf-8"))
    return written


def find_differing() -> list[str]:
    """Return the locales that both versions have, and for which they make other records."""
    lowest, highest = read_digests().values()
    return [locale for locale in lowest if lowest[locale] != highest[locale]]


def find_added() -> list[str]:
    """Return the locales that only the highest version has."""
    lowest, highest = read_digests().values()
    return [locale for locale in highest if locale not in lowest]


def digest_locales() -> Digests:
    """Return the digests of the version that is installed."""
    return {locale: _digest(locale) for locale in find_locales()}


def _digest(locale: str) -> str:
    generator, blueprint = Generator(seed="0", locale=locale), Blueprint(_SCHEMA)
    records = [generator.generate("", blueprint, {"": number}, {"Sex": number % 3}) for number in range(_RECORDS)]
    return blake2b(json.dumps(records).encode(), digest_size=4).hexdigest()


def main() -> None:
    """Write the digests of the installed version in place of those of the lowest or the highest."""
    lowest, highest = read_digests().items()
    installed = find_faker_version(), digest_locales()
    both = (installed, highest) if installed[0] == lowest[0] else (lowest, installed)
    _FILE.write_text(f"{json.dumps(dict(both), indent=1)}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
