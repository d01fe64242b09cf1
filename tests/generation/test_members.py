"""Members that are known by name: they fit each other and their schema."""

from __future__ import annotations

import re
from typing import Any

import pytest
from faker.providers.person.en_US import Provider as EnglishNames

from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator

PERSON: dict[str, Any] = {name: {} for name in ("FirstName", "LastName", "Email", "DOB", "Sex")}


def fold(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def make_persons(
    count: int, properties: dict[str, Any] = PERSON, *, locale: str = "en_US", **given: object
) -> list[dict[str, Any]]:
    generator = Generator(seed="members", locale=locale)
    schema = {"type": "object", "properties": properties}
    return [generator.generate("Person", Blueprint(schema), {"number": number}, given) for number in range(count)]


def test_first_names_fit_the_sex() -> None:
    lists = {
        0: EnglishNames.first_names,
        1: EnglishNames.first_names_male,
        2: EnglishNames.first_names_female,
    }

    persons = make_persons(1000)

    assert {person["Sex"] for person in persons} == {0, 1, 2}
    assert all(person["FirstName"] in lists[person["Sex"]] for person in persons)


@pytest.mark.parametrize(("sex", "endings"), [(1, ("ов", "ев", "ин")), (2, ("ова", "ева", "ина"))])
def test_last_names_fit_the_sex(sex: int, endings: tuple[str, ...]) -> None:
    persons = make_persons(50, locale="ru_RU", Sex=sex)

    assert sum(person["LastName"].endswith(endings) for person in persons) == 50


@pytest.mark.parametrize("sex", [None, True, "1", 3, [1]])
def test_names_need_no_valid_sex(sex: object) -> None:
    names = {person["FirstName"] for person in make_persons(200, Sex=sex)}

    assert names <= set(EnglishNames.first_names)
    assert not names <= set(EnglishNames.first_names_male)
    assert not names <= set(EnglishNames.first_names_female)


def test_addresses_fit_the_names() -> None:
    persons = make_persons(500)

    assert all(fold(person["LastName"]) in person["Email"] for person in persons)
    assert sum(fold(person["FirstName"]) in person["Email"] for person in persons) > 250


@pytest.mark.parametrize(
    ("first", "last", "form"),
    [
        ("Zoë", "Müller-Strauß", "(z|zoe).?mullerstrauss[0-9]*|mullerstrauss.zoe"),
        ("Ελένη", None, "elene[0-9]*"),
        (None, "王", "wang[0-9]*"),
        (None, None, "[a-z][a-z0-9]+"),
        ("😀", 7, "[a-z][a-z0-9]+"),
        ("a" * 999, "b" * 999, "[ab.0-9]{30,64}"),
    ],
)
def test_address_is_made_of_odd_names(first: object, last: object, form: str) -> None:
    addresses = [person["Email"] for person in make_persons(20, FirstName=first, LastName=last)]

    assert all(re.fullmatch(rf"({form})@example\.(com|net|org)", address) for address in addresses)


def test_address_without_room_becomes_words() -> None:
    [person] = make_persons(1, {"Email": {"type": "string", "maxLength": 5}})

    assert re.fullmatch("[a-z ]{1,5}", person["Email"])


def test_births_are_midnights_with_the_offset() -> None:
    births = [person["DOB"] for person in make_persons(50)]

    assert all(re.fullmatch(r"(19|20)\d\d-\d\d-\d\dT00:00:00\+10:00", birth) for birth in births)


def test_text_is_cut_to_its_schema() -> None:
    notes = {person["Notes"] for person in make_persons(50, {"Notes": {"type": "string", "maxLength": 9}})}

    assert "Needs whe" in notes
    assert max(map(len, notes)) == 9


def test_null_needs_a_schema_that_allows_it() -> None:
    nullable: dict[str, Any] = {name: {} for name in ("TelNumber2", "Notes", "ExtRef")}
    strict = {name: {"type": "string"} for name in nullable}

    assert all(None in {person[name] for person in make_persons(50, nullable)} for name in nullable)
    assert None not in {value for person in make_persons(200, strict) for value in person.values()}
