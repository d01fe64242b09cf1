"""Draws: equal origins give equal values, and other origins independent ones."""

from __future__ import annotations

import pytest

from mockserver.generation.draws import MOST_ITEMS, Draw, Style
from mockserver.generation.fakes import Fakes

STYLE = Style(Fakes("en_US"), "+10:00")


def start(*origin: object) -> Draw:
    return Draw.first(list(origin), {}, STYLE)


def test_equal_origins_draw_alike() -> None:
    one = start("seed", {"a": 1, "b": 2})
    other = start("seed", {"b": 2, "a": 1})

    assert one.random.random() == other.random.random()
    assert one.child("Member", {}).random.random() == other.child("Member", {}).random.random()


def test_no_two_paths_draw_alike() -> None:
    top = start("seed")
    draws = [
        *(top, start("other"), top.child("a", {}), top.child("b", {}), top.child("ab", {})),
        *(top.child("a", {}).child("b", {}), top.child("b", {}).child("a", {}), top.child("'a''b'", {})),
    ]

    assert len({draw.random.random() for draw in draws}) == len(draws)


def test_earlier_draws_change_no_child() -> None:
    top = start("seed")
    expected = start("seed").child("a", {}).random.random()

    top.random.random()
    top.child("b", {})

    assert top.child("a", {}).random.random() == expected


def test_branch_is_drawn_like_its_schema() -> None:
    draw = start("seed")

    branch = draw.narrowed({"maxLength": 3})

    assert branch.limit == 3
    assert branch.random.random() == draw.random.random()


@pytest.mark.parametrize("schema", [True, None, "odd"])
def test_other_schema_becomes_an_empty_one(schema: object) -> None:
    assert start("seed").child("a", schema).schema == {}


def test_days_are_of_fixed_years() -> None:
    draw = start("seed")

    years = {draw.pick_day().year for _ in range(5000)}

    assert years == set(range(1930, 2021))


def test_children_share_the_room_of_the_outermost_value() -> None:
    outer = start("a")

    taken = [outer.child("x", {}).take_room(MOST_ITEMS), outer.narrowed({}).take_room(1), start("a").take_room(1)]

    assert taken == [True, False, True]
