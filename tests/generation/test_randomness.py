"""Randomness: repeatable, even, and enough of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from itertools import permutations, product

import pytest

from mockserver.generation.blueprints import Blueprint
from mockserver.generation.draws import Draw, Style
from mockserver.generation.fakes import Fakes
from mockserver.generation.randomness import LentRandom, Randomness

ANY = Blueprint({})
STYLE = Style(Fakes("en_US"), "+10:00")


def start(text: str = "seed") -> Randomness:
    return Randomness(blake2b(text.encode()))


def measure_unevenness(counts: Counter[object], cells: int) -> float:
    """Return by how many of its standard deviations chi-square is above its mean: rarely over 3 for even draws."""
    expected = counts.total() / cells
    chi_square = sum((count - expected) ** 2 for count in counts.values()) / expected
    return float((chi_square - cells + 1) / (2 * (cells - 1)) ** 0.5)


def test_draws_stay_the_same_for_ever() -> None:
    random = start()

    drawn = [random.below(10), random.below(10**30), random.randint(-3, 3), random.choice("abc")]

    assert drawn == [9, 685751440418598088812012680033, -1, "a"]
    assert random.random() == 0.09634349736870562
    assert random.uniform(2, 4) == 2.948993808034763
    assert random.sample(range(10), 4) == [7, 8, 1, 4]


@pytest.mark.parametrize("count", [2, 3, 10, 97, 256])
def test_every_result_is_equally_likely(count: int) -> None:
    random = start()

    counts = Counter[object](random.below(count) for _ in range(count * 1000))

    assert len(counts) == count
    assert measure_unevenness(counts, count) < 3


def test_fractions_are_spread_evenly() -> None:
    random = start()

    counts = Counter[object](int(random.random() * 16) for _ in range(16_000))

    assert measure_unevenness(counts, 16) < 3


@pytest.mark.parametrize("names", [("FirstName", "LastName"), ("a", "b"), ("0", "1")])
def test_members_of_a_record_are_independent(names: tuple[str, str]) -> None:
    records = [Draw.first(["seed", number], ANY, STYLE) for number in range(20_000)]

    counts = Counter[object](tuple(draw.child(name, ANY).below(10) for name in names) for draw in records)

    assert set(counts) == set(product(range(10), repeat=2))
    assert measure_unevenness(counts, 100) < 3


def test_single_results_of_a_draw_are_independent() -> None:
    random = start()

    counts = Counter[object]((random.below(7), random.below(7)) for _ in range(49_000))

    assert measure_unevenness(counts, 49) < 3


def test_numbers_beyond_the_digest_are_drawn() -> None:
    random = start()

    drawn = [random.below(10**400) for _ in range(200)]

    assert max(drawn) < 10**400
    assert {number // 10**399 for number in drawn} == set(range(10))


def test_draws_never_run_out() -> None:
    random = start()

    assert len({random.below(2**128) for _ in range(10_000)}) == 10_000


def test_sample_takes_each_value_once() -> None:
    random = start()

    counts = Counter[object](tuple(random.sample("abc", 3)) for _ in range(6000))

    assert set(counts) == set(permutations("abc"))
    assert measure_unevenness(counts, 6) < 3
    assert random.sample("abc", 0) == []


DRAWS: tuple[Callable[[LentRandom], object], ...] = (
    lambda random: random.random(),
    lambda random: random.getrandbits(70),
    lambda random: random.randint(1, 10**9),
    lambda random: random.randrange(0, 10**9, 7),
    lambda random: random.choice(range(10**9)),
    lambda random: random.choices("abcdefghij", k=20),
    lambda random: random.sample(range(10**9), 3),
    lambda random: random.uniform(1, 2),
    lambda random: random.triangular(),
)


@pytest.mark.parametrize("draw", DRAWS)
def test_lent_randomness_is_all_that_counts(draw: Callable[[LentRandom], object]) -> None:
    one, other = LentRandom(1), LentRandom(2)
    one.lent, other.lent = start(), start()

    first = draw(one)

    assert draw(other) == first
    other.lent = start("other")
    assert draw(other) != first
