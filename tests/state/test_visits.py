"""Visits: which answers are given at a call, how calls are counted, and what is drawn."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.written_replies import AnswerReply, Delay
from mockserver.http.effects import Effect
from mockserver.http.preferences import Preferences
from mockserver.state.sessions import Session
from tests.support.answers import Given, call, list_names, make_answer, make_sequence, take_turns
from tests.support.waiting import run_at_once

# Whose turn it is

A500 = [("a", 500)]


@pytest.mark.parametrize(
    ("matched", "given"),
    [
        ([], [[]] * 4),
        ([make_answer("a", 404)], [[("a", 404)]] * 4),
        ([make_answer("a", 404), make_answer("b", 500)], [[("a", 404)]] * 4),
        # Decorations come with any other answer.
        ([make_answer("d")], [[("d", None)]] * 4),
        ([make_answer("d"), make_answer("a", 404), make_answer("e")], [[("d", None), ("a", 404), ("e", None)]] * 4),
        # Sequences.
        ([make_sequence("a", 500, 429, 200)], [A500, [("a", 429)], [("a", 200)], [("a", 200)]]),
        ([make_sequence("a", 500, 200, is_cycle=True)], [A500, [("a", 200)], A500, [("a", 200)]]),
        ([make_sequence("a", 500, 429, 200, times=2)], [A500, [("a", 429)], [], []]),
        # A step that only decorates lets the next answer through, which has its own first step then.
        (
            [make_sequence("a", 500, None), make_sequence("b", 429, 200)],
            [A500, [("a", None), ("b", 429)], [("a", None), ("b", 200)], [("a", None), ("b", 200)]],
        ),
        (
            [make_answer("a", 404, times=1), make_sequence("b", None, 200)],
            [[("a", 404), ("b", None)], [("b", 200)], [("b", 200)], [("b", 200)]],
        ),
        # One-shots come one after the other; a hidden one is not used up.
        ([make_answer("a", 500, times=1)], [A500, [], [], []]),
        (
            [make_answer("a", 500, times=1), make_answer("b", 429, times=1), make_answer("c", 404)],
            [A500, [("b", 429)], [("c", 404)], [("c", 404)]],
        ),
        ([make_answer("a", 500, times=2), make_answer("b", 429, times=1)], [A500, A500, [("b", 429)], []]),
        ([make_answer("d", times=1), make_answer("a", 404)], [[("d", None), ("a", 404)], *[[("a", 404)]] * 3]),
        # The n-th call, of all that match the answer.
        ([make_answer("a", 500, call=3), make_answer("b", 200)], [[("b", 200)], [("b", 200)], A500, [("b", 200)]]),
        ([make_answer("a", 500, call=1), make_answer("b", 400, call=2)], [A500, [("b", 400)], [], []]),
        ([make_answer("a", 404), make_answer("b", 500, call=2)], [[("a", 404)]] * 4),
        ([make_answer("a", 500, call=2, times=1)], [[], A500, [], []]),
        # Never, and always.
        ([make_answer("a", 500, chance=0), make_answer("b", 200)], [[("b", 200)]] * 4),
        ([make_answer("a", 500, chance=1), make_answer("b", 200)], [A500] * 4),
        ([make_answer("a", 500, chance=0, times=1)], [[]] * 4),
        ([make_answer("a", 500, chance=1, times=1)], [A500, [], [], []]),
    ],
)
def test_answers_are_given_when_it_is_their_turn(matched: list[Answer], given: list[Given]) -> None:
    assert call(Session(), *matched, times=4) == given


def test_calls_count_whichever_answer_is_given() -> None:
    session, first = Session(), make_sequence("a", 404)
    others = (make_answer("b", 500, call=4), make_answer("c", 200))

    call(session, first, *others, times=3)

    assert call(session, *others, times=2) == [[("b", 500)], [("c", 200)]]
    assert [session.count_of(name) for name in "abcd"] == [(3, 3), (5, 1), (0, 0), (0, 0)]


def test_each_session_counts_for_itself() -> None:
    one, other, flow = Session("one"), Session("other"), make_sequence("a", 500, 200)

    given = [call(each, flow) for each in (one, other, one, other)]

    assert given == [[A500], [A500], [[("a", 200)]], [[("a", 200)]]]


@pytest.mark.parametrize("is_added", [False, True])
def test_look_sees_the_next_turn_and_counts_nothing(is_added: bool) -> None:
    session, flow = Session(), make_sequence("a", 500, 200)
    session.add([flow] if is_added else [])
    seen = []

    for number in range(3):
        seen += [session.visit().look().take_turns([flow], "0")[0].reply.status for _ in range(2)]
        assert session.count_of("a") == (number, number)
        call(session, flow)

    assert seen == [500, 500, 200, 200, 200, 200]


def test_look_leaves_an_empty_session_untouched() -> None:
    session = Session()

    session.visit().look().take_turns([make_sequence("a", 500, 200)], "0")

    assert (session.count_of("a"), session.is_untouched) == ((0, 0), True)


def test_effect_is_that_of_the_step() -> None:
    steps = (AnswerReply(500, delay=Delay(1, 1)), AnswerReply(200, fault="reset"), AnswerReply(404))
    session, flow = Session(), replace(make_answer("a"), reply=AnswerReply(sequence=steps))

    effects = [turn.effect for _ in range(4) for turn in take_turns(session, flow)]

    assert effects == [Effect(1), Effect(None, "reset"), Effect(), Effect()]


# What a late request sees and counts


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.reset(),
        lambda session: session.remove("a"),
        lambda session: session.add([make_sequence("a", 503, 201)]),
        lambda session: session.add([make_answer("b")]),
        lambda session: session.set_defaults(Preferences(code=404)),
    ],
    ids=["reset", "remove", "replace", "add", "defaults"],
)
def test_visit_sees_no_change(change: Callable[[Session], None]) -> None:
    session = Session()
    session.add([make_sequence("a", 500, 200)])
    visit = session.visit()
    before = visit.overlay

    change(session)

    assert (visit.overlay is before, list_names(before.answers)) == (True, ["a"])


@pytest.mark.parametrize("late", [0, 1, 3])
def test_late_call_does_not_count_for_a_replacement(late: int) -> None:
    session, first, second = Session(), make_answer("a", 500, times=1), make_answer("a", 503, times=1)
    session.add([first])
    visit = session.visit()

    session.add([second])
    given = [list_names([turn.answer for turn in visit.take_turns([first], "0")]) for _ in range(late)]

    assert (given, call(session, second, times=2)) == ([["a"], [], []][:late], [[("a", 503)], []])


def test_late_call_does_not_count_after_a_reset() -> None:
    session, of_file = Session(), make_sequence("file", 500, 200)
    visit = session.visit()

    session.reset()
    visit.take_turns([of_file], "0")

    assert call(session, of_file, times=2) == [[("file", 500)], [("file", 200)]]


def test_late_call_counts_for_answers_that_stayed() -> None:
    session, added, of_file = Session(), make_sequence("a", 500, 200), make_sequence("file", 400, 404)
    session.add([added])
    visit = session.visit()

    session.add([make_answer("b")])
    session.set_defaults(Preferences(seed="7"))
    visit.take_turns([added], "0")
    visit.take_turns([of_file], "0")

    assert call(session, added) + call(session, of_file) == [[("a", 200)], [("file", 404)]]


# What is drawn

SOMETIMES = make_answer("a", 500, chance=0.5)
UNIFORM = replace(make_answer("a"), reply=AnswerReply(delay=Delay(1, 3)))


def draw(session: Session, drawn: Answer, seed: str = "0", times: int = 200) -> list[object]:
    turns = [take_turns(session, drawn, seed=seed) for _ in range(times)]
    return [[(turn.reply.status, turn.effect.delay) for turn in each] for each in turns]


@pytest.mark.parametrize("drawn", [SOMETIMES, UNIFORM])
def test_draws_depend_on_seed_session_answer_and_call(drawn: Answer) -> None:
    base, renamed = draw(Session("s"), drawn), replace(drawn, name="b")
    same = replace(drawn, when=(Condition("id", ("1",)),), place="elsewhere", operation="getOrder")
    crowded = Session("s")
    among_others = [draw(crowded, renamed, times=1) and draw(crowded, drawn, times=1)[0] for _ in base]

    others = [
        draw(Session("s"), drawn, "1"),
        *(draw(Session(each), drawn) for each in ("t", "")),
        draw(Session("s"), renamed),
    ]

    assert draw(Session("s"), drawn) == draw(Session("s"), same) == among_others == base
    assert [other == base for other in others] == [False] * len(others)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), (("a", "b1"), ("a", "b")), (('a", "b', "c"), ("a", 'b", "c'))],
)
def test_draws_tell_names_apart(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = (draw(Session(session), replace(UNIFORM, name=name)) for session, name in (one, other))

    assert first != second


def test_draws_begin_again_with_a_reset() -> None:
    session = Session()
    before = draw(session, UNIFORM)

    session.reset()

    assert draw(session, UNIFORM) == before


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_chance_is_how_often_an_answer_is_available(chance: float) -> None:
    given = draw(Session(), make_answer("a", 500, chance=chance), times=2000)

    assert sum(map(bool, given)) / len(given) == pytest.approx(chance, abs=0.03)


def test_uniform_delay_spreads_over_its_range() -> None:
    session = Session()
    delays = sorted(turn.effect.delay or 0 for _ in range(2000) for turn in take_turns(session, UNIFORM))

    assert (len(set(delays)), delays[0] >= 1, delays[-1] < 3) == (2000, True, True)
    assert [delays[at] for at in (0, 500, 1000, 1500, -1)] == pytest.approx([1, 1.5, 2, 2.5, 3], abs=0.1)


# Many at once


@pytest.fixture
def switching() -> Iterator[None]:
    """Threads take turns as often as they can, so that a missing lock shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


ONE_SHOTS = [*(make_answer(str(number), 500, times=1) for number in range(50)), make_answer("rest", 200)]
THIRD = [make_answer("third", 500, call=3), make_answer("rest", 200)]


@pytest.mark.usefixtures("switching")
@pytest.mark.parametrize(
    ("matched", "given"),
    [
        ([make_sequence("a", *range(200, 400))], {("a", status): 1 for status in range(200, 400)}),
        (ONE_SHOTS, {**{(str(number), 500): 1 for number in range(50)}, ("rest", 200): 150}),
        (THIRD, {("third", 500): 1, ("rest", 200): 199}),
    ],
    ids=["sequence", "one-shots", "third call"],
)
def test_calls_at_once_are_counted_one_by_one(matched: list[Answer], given: dict[tuple[str, int], int]) -> None:
    session = Session()

    calls = run_at_once(200, lambda: call(session, *matched)[0][0])

    assert Counter(calls) == given
