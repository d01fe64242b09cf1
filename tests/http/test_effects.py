"""Delays and faults laid over each other."""

from __future__ import annotations

import pytest

from mockserver.http.effects import NO_EFFECT, Effect


@pytest.mark.parametrize(
    ("above", "below", "together"),
    [
        (NO_EFFECT, NO_EFFECT, NO_EFFECT),
        (Effect(delay=1), Effect(delay=2), Effect(delay=1)),
        (Effect(delay=0), Effect(delay=2), Effect(delay=0)),
        (NO_EFFECT, Effect(2, "reset"), Effect(2, "reset")),
        (Effect(fault="dribble", dribble=1), Effect(2, "dribble", 9), Effect(2, "dribble", 1)),
        (Effect(fault="empty"), Effect(fault="dribble", dribble=9), Effect(fault="empty")),
        (Effect(delay=1), Effect(fault="dribble", dribble=9), Effect(1, "dribble", 9)),
    ],
)
def test_first_effect_comes_before_the_other(above: Effect, below: Effect, together: Effect) -> None:
    assert above.over(below) == together


def test_effect_without_delay_and_fault_is_nothing() -> None:
    assert [each.is_nothing for each in (NO_EFFECT, Effect(delay=0), Effect(fault="reset"))] == [True, False, False]
