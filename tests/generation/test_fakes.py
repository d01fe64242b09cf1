"""Fakes: what Faker makes, the same for whoever asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from threading import Barrier

import pytest
from faker.config import AVAILABLE_LOCALES

from mockserver.generation.fakes import MOST_FAKES, Fakes, find_locales, spell_in_ascii
from mockserver.generation.randomness import Randomness

METHODS = ("first_name_male", "first_name_female", "first_name", "last_name_male", "last_name", "phone_number")


def pick_all(fakes: Fakes, order: int = 1) -> dict[tuple[str, int], str]:
    asked = [(method, number) for method in METHODS for number in range(50)][::order]
    return {each: fakes.pick(start(each), each[0], "") for each in asked}


def start(origin: object) -> Randomness:
    return Randomness(blake2b(str(origin).encode()))


@pytest.mark.parametrize("locale", ["en_US", "de_DE", "ja_JP"])
def test_order_of_asking_makes_no_difference(locale: str) -> None:
    assert pick_all(Fakes(locale)) == pick_all(Fakes(locale), -1)


def test_threads_get_the_same_values() -> None:
    fakes, together = Fakes("en_US"), Barrier(4)

    def ask(number: int) -> dict[tuple[str, int], str]:
        together.wait()
        return pick_all(fakes, 1 if number % 2 else -1)

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))

    assert found == [pick_all(Fakes("en_US"))] * 4


def test_value_that_was_made_is_found_again() -> None:
    fakes = Fakes("en_US")

    assert fakes.pick(start(1), "phone_number", "") is fakes.pick(start(1), "phone_number", "")


def test_values_of_a_method_are_many() -> None:
    fakes = Fakes("en_US")

    numbers = {fakes.pick(start(number), "phone_number", "") for number in range(20 * MOST_FAKES)}

    assert len(numbers) == MOST_FAKES


def test_locale_without_the_method_gets_digits() -> None:
    number = Fakes("en_PH").pick(start(1), "phone_number", "## #")

    assert [part.isdigit() for part in (number[:2], number[3:])] == [True, True]
    assert number[2] == " "


def test_names_have_no_blanks_around_them() -> None:
    fakes = Fakes("vi_VN")

    names = [fakes.pick(start(number), "first_name", "") for number in range(200)]

    assert [name for name in names if name != name.strip() or not name] == []


def test_locales_are_those_of_faker() -> None:
    assert set(find_locales()) == set(AVAILABLE_LOCALES)


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [("", ""), ("O'Neil 7", "O'Neil 7"), ("Müller", "Muller"), ("Strauß", "Strauss"), ("王", "Wang "), ("😀", "")],
)
def test_any_script_is_spelt_in_ascii(text: str, ascii_text: str) -> None:
    assert spell_in_ascii(text) == ascii_text
