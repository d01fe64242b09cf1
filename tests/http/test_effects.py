"""What happens to an answer on its way out."""

from __future__ import annotations

import pytest

from mockserver.http.effects import NOTHING, Effect


@pytest.mark.parametrize(
    ("above", "below", "together"),
    [
        (NOTHING, NOTHING, NOTHING),
        (Effect(delay=1), Effect(delay=2), Effect(delay=1)),
        (Effect(delay=0), Effect(delay=2), Effect(delay=0)),
        (NOTHING, Effect(2, "reset"), Effect(2, "reset")),
        (Effect(fault="dribble", dribble=1), Effect(2, "dribble", 9), Effect(2, "dribble", 1)),
        (Effect(fault="empty"), Effect(fault="dribble", dribble=9), Effect(fault="empty")),
        (Effect(delay=1), Effect(fault="dribble", dribble=9), Effect(1, "dribble", 9)),
    ],
)
def test_effect_that_is_given_comes_before_the_other(above: Effect, below: Effect, together: Effect) -> None:
    assert above.over(below) == together


def test_only_an_effect_without_delay_and_fault_is_nothing() -> None:
    assert [each.is_nothing for each in (NOTHING, Effect(delay=0), Effect(fault="reset"))] == [True, False, False]
