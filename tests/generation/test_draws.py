"""Draws: equal origins give equal values, and other origins independent ones."""

from __future__ import annotations

from mockserver.generation.blueprints import Blueprint
from mockserver.generation.draws import MOST_ITEMS, Draw, Style
from mockserver.generation.fakes import Fakes

ANY = Blueprint({})
STYLE = Style(Fakes("en_US"), "+10:00")


def start(*origin: object) -> Draw:
    return Draw.first(list(origin), ANY, STYLE)


def test_equal_origins_draw_alike() -> None:
    one = start("seed", {"a": 1, "b": 2})
    other = start("seed", {"b": 2, "a": 1})

    assert one.random() == other.random()
    assert one.child("Member", ANY).random() == other.child("Member", ANY).random()


def test_no_two_paths_draw_alike() -> None:
    top = start("seed")
    draws = [
        *(top, start("other"), top.child("a", ANY), top.child("b", ANY), top.child("ab", ANY)),
        *(top.child("a", ANY).child("b", ANY), top.child("b", ANY).child("a", ANY), top.child("'a''b'", ANY)),
    ]

    assert len({draw.random() for draw in draws}) == len(draws)


def test_earlier_draws_change_no_child() -> None:
    top = start("seed")
    expected = start("seed").child("a", ANY).random()

    top.random()
    top.child("b", ANY)

    assert top.child("a", ANY).random() == expected


def test_branch_is_drawn_like_its_schema() -> None:
    draw = start("seed")

    branch = draw.narrowed(Blueprint({"maxLength": 3}))

    assert branch.limit == 3
    assert branch.random() == draw.random()


def test_days_are_of_fixed_years() -> None:
    draw = start("seed")

    years = {draw.pick_day().year for _ in range(5000)}

    assert years == set(range(1930, 2021))


def test_children_share_the_room_of_the_outermost_value() -> None:
    outer = start("a")

    taken = [outer.child("x", ANY).take_room(MOST_ITEMS), outer.narrowed(ANY).take_room(1), start("a").take_room(1)]

    assert taken == [True, False, True]
