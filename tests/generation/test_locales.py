"""Locales: under which versions of Faker they make the same records."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import faker
import pytest

from mockserver.generation.fakes import find_faker_version
from tests.support.locales import digest_locales, find_added, find_differing, read_digests

ROOT = Path(__file__).parents[2]
RANGE = re.compile(r"faker>=([\d.]+),<([\d.]+)")


@pytest.mark.filterwarnings("ignore:fr_QC locale is deprecated")
def test_each_version_makes_its_own_records() -> None:
    lowest, highest = read_digests()
    recorded = lowest if find_faker_version() == lowest else highest

    digests, expected = digest_locales(), read_digests()[recorded]

    differing = [locale for locale in digests if digests[locale] != expected.get(locale)]
    remedy = "Run `python -m tests.support.locales` with the newest Faker, and name the locales in docs/settings.md."
    assert differing == [], f"Faker {find_faker_version()} makes other records than {recorded}. {remedy}"
    assert list(digests) == list(expected)


def test_lowest_version_is_the_lowest_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    allowed = next(each for each in map(RANGE.fullmatch, project["dependencies"]) if each)

    lowest, highest = ([int(part) for part in each.split(".")] for each in read_digests())

    first, end = ([int(part) for part in each.split(".")] for each in allowed.groups())
    assert lowest == [*first, 0]
    assert lowest < highest < end


def test_page_names_the_locales_that_differ() -> None:
    section = (
        (ROOT / "docs/settings.md").read_text(encoding="utf-8").partition("\n## Locales\n")[2].partition("\n## ")[0]
    )
    differing, added = (re.findall(r"`(\w+)`", each) for each in re.findall(r"(?m)^\| .* \| (`.*`) \|$", section))

    assert (differing, added) == (find_differing(), find_added())
    assert all(version.removesuffix(".0") in section for version in read_digests())


def test_version_is_that_of_the_package() -> None:
    assert find_faker_version() == faker.VERSION
