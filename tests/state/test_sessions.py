"""Sessions: what is laid over the fixtures, how calls are counted and drawn, and how long a session is held."""

from __future__ import annotations

import logging
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.written_replies import AnswerReply, Delay
from mockserver.http.effects import Effect
from mockserver.http.messages import Request
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.state.overlays import NOTHING_ADDED, Overlay
from mockserver.state.sessions import ANSWERS, IDLE_SECONDS, SESSIONS, Session, SessionError, Sessions
from mockserver.state.visits import Turn

repeatable = settings(derandomize=True, database=None, deadline=None)

REQUEST = Request("GET", "/")
ARGUMENTS = {"id": "1"}


def answer(
    name: str,
    status: int | None = None,
    *,
    when: Sequence[Condition] = (),
    headers: Sequence[Condition] = (),
    operation: str = "getCustomer",
    call: int | None = None,
    times: int | None = None,
    chance: float | None = None,
) -> Answer:
    reply = AnswerReply(status, chance=chance)
    return Answer(name, operation, tuple(when), reply, "run-time", headers=tuple(headers), call=call, times=times)


def sequence(name: str, *statuses: int | None, is_cycle: bool = False, times: int | None = None) -> Answer:
    replies = tuple(AnswerReply(each, (("X-Step", "1"),)) for each in statuses)
    return replace(answer(name, times=times), reply=AnswerReply(sequence=replies, is_cycle=is_cycle))


def ask(session: Session, *met: Answer, seed: str = "0") -> list[Turn]:
    """One call that meets these answers."""
    return session.visit().take_turns(met, seed)


def call(session: Session, *met: Answer, times: int = 8) -> list[list[tuple[str, int | None]]]:
    """Names and statuses of the answers that each of so many calls is given."""
    return [[(turn.answer.name, turn.reply.status) for turn in ask(session, *met)] for _ in range(times)]


def names(answers: Sequence[Answer]) -> list[str]:
    return [each.name for each in answers]


# The overlay

ONE = Condition("id", ("1",))
TWO = Condition("id", ("2",))


def test_answers_that_are_met_come_in_their_order_whatever_their_precision() -> None:
    added = [
        answer("all"),
        answer("precise", when=[ONE]),
        answer("other id", when=[TWO]),
        answer("other operation", operation="getOrder"),
        answer("header", headers=[Condition("x-a", (None,))]),
        answer("other header", headers=[Condition("x-b", ("1",))]),
    ]
    overlay = Overlay(added)

    found = [names(overlay.find(operation, ARGUMENTS, REQUEST)) for operation in ("getCustomer", "getOrder", "none")]

    assert found == [["all", "precise", "header"], ["other operation"], []]


def test_overlay_knows_the_headers_that_are_compared() -> None:
    by_header = [answer(each, headers=[Condition(each, ("1",)), Condition("x-z", ())]) for each in ("x-a", "x-b")]

    assert (Overlay(by_header).headers, NOTHING_ADDED.headers) == (frozenset({"x-a", "x-b", "x-z"}), frozenset())


@pytest.mark.parametrize(("name", "hidden"), [("a", True), ("b", True), ("c", False), ("A", False)])
def test_overlay_hides_answers_of_the_same_name(name: str, hidden: bool) -> None:
    overlay = Overlay([answer("a"), answer("b", operation="getOrder")])

    assert (overlay.hides(answer(name, 200)), NOTHING_ADDED.hides(answer(name))) == (hidden, False)


# What is added and removed


def test_newer_answers_come_first_and_each_list_in_its_order() -> None:
    session = Session()

    session.add([answer("a"), answer("b")])
    session.add([answer("c"), answer("d")])

    assert names(session.overlay.answers) == ["c", "d", "a", "b"]


def test_answer_of_the_same_name_is_replaced_and_counts_anew() -> None:
    session = Session()
    first, other, second = sequence("a", 500, 200), sequence("b", 500, 200), sequence("a", 503, 201)
    session.add([first, other])
    ask(session, first)
    ask(session, other)

    session.add([second])

    assert session.overlay.answers == (second, other)
    assert [session.count_of(name) for name in ("a", "b")] == [(0, 0), (1, 1)]
    assert call(session, second, times=1) + call(session, other, times=1) == [[("a", 503)], [("b", 200)]]


def test_answer_is_removed_by_its_name() -> None:
    session = Session()
    session.add([answer("a"), answer("b")])

    removed = [session.remove(name) for name in ("a", "a", "c")]

    assert (removed, names(session.overlay.answers)) == ([True, False, False], ["b"])


def test_removed_answer_that_is_added_again_counts_anew() -> None:
    session, once = Session(), answer("a", 503, times=1)
    session.add([once])
    given_first = call(session, once, times=2)

    session.remove("a")
    session.add([once])

    assert [given_first, call(session, once, times=2)] == [[[("a", 503)], []]] * 2


def test_answer_of_a_file_is_not_counted_for_the_one_that_hides_it() -> None:
    session, of_file, added = Session(), sequence("a", 500, 501, 502), sequence("a", 400, 401, 402)
    statuses = call(session, of_file, times=1)

    session.add([added])
    statuses += call(session, added, times=2)
    session.remove("a")
    statuses += call(session, of_file, times=1)

    assert statuses == [[("a", 500)], [("a", 400)], [("a", 401)], [("a", 501)]]


def test_answers_that_are_too_many_are_refused_and_nothing_is_changed() -> None:
    session = Session()
    session.add([answer(str(number)) for number in range(ANSWERS)])
    before = session.overlay

    with pytest.raises(SessionError) as caught:
        session.add([answer("0"), answer("one more")])

    assert str(caught.value) == "A session has at most 1,000 answers. Remove some, or reset the session."
    assert session.overlay is before


def test_answers_may_be_replaced_at_the_limit() -> None:
    session = Session()
    session.add([answer(str(number)) for number in range(ANSWERS)])

    session.add([answer("7", 503)])

    assert (len(session.overlay.answers), session.overlay.answers[0]) == (ANSWERS, answer("7", 503))


def test_defaults_and_answers_leave_each_other_alone() -> None:
    session, defaults = Session(), Preferences(code=404)
    session.add([sequence("a", 500, 200)])
    ask(session, sequence("a", 500, 200))

    session.set_defaults(defaults)
    with_defaults = session.overlay
    session.add([answer("b")])
    session.remove("b")

    assert (with_defaults.defaults, names(with_defaults.answers)) == (defaults, ["a"])
    assert (session.overlay.defaults, names(session.overlay.answers)) == (defaults, ["a"])
    assert session.count_of("a") == (1, 1)


def test_reset_session_is_as_a_new_one() -> None:
    session, of_file = Session(), sequence("file", 500, 200)
    session.add([sequence("a", 500, 200)])
    session.set_defaults(Preferences(code=404))
    call(session, of_file, *session.overlay.answers)

    session.reset()

    assert (session.overlay, session.overlay.defaults) == (NOTHING_ADDED, NO_PREFERENCES)
    assert [session.count_of(name) for name in ("a", "file")] == [(0, 0), (0, 0)]
    assert call(session, of_file, times=1) == [[("file", 500)]]


def test_reset_looks_at_nothing_that_was_counted() -> None:
    session = Session()
    call(session, *(sequence(str(number), 200) for number in range(1000)), times=1)
    kept = session.visit()

    session.reset()

    assert len(kept.counts) == 1000
    assert session.visit().counts == {}


# A visit


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.reset(),
        lambda session: session.remove("a"),
        lambda session: session.add([sequence("a", 503, 201)]),
        lambda session: session.add([answer("b")]),
        lambda session: session.set_defaults(Preferences(code=404)),
    ],
    ids=["reset", "remove", "replace", "add", "defaults"],
)
def test_visit_sees_no_change(change: Callable[[Session], None]) -> None:
    session = Session()
    session.add([sequence("a", 500, 200)])
    visit = session.visit()

    change(session)

    assert (names(visit.overlay.answers), visit.overlay.defaults) == (["a"], NO_PREFERENCES)


@pytest.mark.parametrize("late", [0, 1, 3])
def test_late_call_is_no_call_of_the_answer_that_came_in_its_place(late: int) -> None:
    session, first, second = Session(), answer("a", 500, times=1), answer("a", 503, times=1)
    session.add([first])
    visit = session.visit()

    session.add([second])
    given_late = [names([turn.answer for turn in visit.take_turns([first], "0")]) for _ in range(late)]

    assert given_late == [["a"], [], []][:late]
    assert call(session, second, times=2) == [[("a", 503)], []]


def test_late_call_is_no_call_after_a_reset() -> None:
    session, of_file = Session(), sequence("file", 500, 200)
    visit = session.visit()

    session.reset()
    visit.take_turns([of_file], "0")

    assert call(session, of_file, times=2) == [[("file", 500)], [("file", 200)]]


def test_late_call_is_counted_for_answers_that_stayed() -> None:
    session, added, of_file = Session(), sequence("a", 500, 200), sequence("file", 400, 404)
    session.add([added])
    visit = session.visit()

    session.add([answer("b")])
    session.set_defaults(Preferences(seed="7"))
    visit.take_turns([added], "0")
    visit.take_turns([of_file], "0")

    assert call(session, added, times=1) + call(session, of_file, times=1) == [[("a", 200)], [("file", 404)]]


# Whose turn it is


@pytest.mark.parametrize(
    ("met", "given"),
    [
        ([], [[]] * 4),
        ([answer("a", 404)], [[("a", 404)]] * 4),
        ([answer("a", 404), answer("b", 500)], [[("a", 404)]] * 4),
        # Decorations come with whatever is given.
        ([answer("d")], [[("d", None)]] * 4),
        ([answer("d"), answer("a", 404), answer("e")], [[("d", None), ("a", 404), ("e", None)]] * 4),
        # Sequences.
        ([sequence("a", 500, 429, 200)], [[("a", 500)], [("a", 429)], [("a", 200)], [("a", 200)]]),
        ([sequence("a", 500, 200, is_cycle=True)], [[("a", 500)], [("a", 200)], [("a", 500)], [("a", 200)]]),
        ([sequence("a", 500, 429, 200, times=2)], [[("a", 500)], [("a", 429)], [], []]),
        # A step that only decorates lets the next answer through, which has its own first step then.
        (
            [sequence("a", 500, None), sequence("b", 429, 200)],
            [[("a", 500)], [("a", None), ("b", 429)], [("a", None), ("b", 200)], [("a", None), ("b", 200)]],
        ),
        (
            [answer("a", 404, times=1), sequence("b", None, 200)],
            [[("a", 404), ("b", None)], [("b", 200)], [("b", 200)], [("b", 200)]],
        ),
        # One-shots, one after the other; what is hidden is not given, and so not used up.
        ([answer("a", 500, times=1)], [[("a", 500)], [], [], []]),
        (
            [answer("a", 500, times=1), answer("b", 429, times=1), answer("c", 404)],
            [[("a", 500)], [("b", 429)], [("c", 404)], [("c", 404)]],
        ),
        ([answer("a", 500, times=2), answer("b", 429, times=1)], [[("a", 500)], [("a", 500)], [("b", 429)], []]),
        (
            [answer("d", times=1), answer("a", 404)],
            [[("d", None), ("a", 404)], [("a", 404)], [("a", 404)], [("a", 404)]],
        ),
        # The n-th call, of all that meet the answer.
        ([answer("a", 500, call=3), answer("b", 200)], [[("b", 200)], [("b", 200)], [("a", 500)], [("b", 200)]]),
        ([answer("a", 500, call=1), answer("b", 400, call=2)], [[("a", 500)], [("b", 400)], [], []]),
        ([answer("a", 404), answer("b", 500, call=2)], [[("a", 404)]] * 4),
        ([answer("a", 500, call=2, times=1)], [[], [("a", 500)], [], []]),
        # Never, and always.
        ([answer("a", 500, chance=0), answer("b", 200)], [[("b", 200)]] * 4),
        ([answer("a", 500, chance=1), answer("b", 200)], [[("a", 500)]] * 4),
        # By chance and once: what is not there is not given.
        ([answer("a", 500, chance=0, times=1)], [[]] * 4),
        ([answer("a", 500, chance=1, times=1)], [[("a", 500)], [], [], []]),
    ],
)
def test_answers_are_given_when_it_is_their_turn(met: list[Answer], given: list[list[tuple[str, int | None]]]) -> None:
    assert call(Session(), *met, times=4) == given


def test_calls_are_those_that_meet_the_answer_whoever_is_given() -> None:
    session, first, second, never = Session(), sequence("a", 404), answer("b", 500, call=4), answer("c", 200)

    call(session, first, second, never, times=3)
    given = call(session, second, never, times=2)

    assert given == [[("b", 500)], [("c", 200)]]
    assert [session.count_of(name) for name in ("a", "b", "c", "d")] == [(3, 3), (5, 1), (0, 0), (0, 0)]


def test_answers_of_one_session_are_counted_apart() -> None:
    one, other, flow = Session("one"), Session("other"), sequence("a", 500, 200)

    assert [call(each, flow, times=1) for each in (one, other, one, other)] == [
        [[("a", 500)]],
        [[("a", 500)]],
        [[("a", 200)]],
        [[("a", 200)]],
    ]


def test_effect_is_that_of_the_step() -> None:
    steps = (AnswerReply(500, delay=Delay(1, 1)), AnswerReply(200, fault="reset"), AnswerReply(404))
    session, flow = Session(), replace(answer("a"), reply=AnswerReply(sequence=steps))

    effects = [turn.effect for _ in range(4) for turn in ask(session, flow)]

    assert effects == [Effect(1), Effect(None, "reset"), Effect(), Effect()]


# What is drawn

SOMETIMES = answer("a", 500, chance=0.5)
UNIFORM = replace(answer("a"), reply=AnswerReply(delay=Delay(1, 3)))


def draw(session: Session, drawn: Answer, seed: str = "0", times: int = 200) -> list[object]:
    turns = [ask(session, drawn, seed=seed) for _ in range(times)]
    return [[(turn.reply.status, turn.effect.delay) for turn in each] for each in turns]


@pytest.mark.parametrize("drawn", [SOMETIMES, UNIFORM])
def test_draws_depend_on_seed_session_answer_and_call_alone(drawn: Answer) -> None:
    base = draw(Session("s"), drawn)
    same = replace(drawn, when=(ONE,), place="elsewhere", operation="getOrder")
    others = [
        draw(Session("s"), drawn, seed="1"),
        draw(Session("t"), drawn),
        draw(Session(), drawn),
        draw(Session("s"), replace(drawn, name="b")),
    ]
    crowded = Session("s")
    among_others = [draw(crowded, replace(drawn, name="b"), times=1) and draw(crowded, drawn, times=1)[0] for _ in base]

    assert draw(Session("s"), drawn) == draw(Session("s"), same) == among_others == base
    assert [other == base for other in others] == [False] * len(others)


@pytest.mark.parametrize(
    ("one", "other"),
    [(("ab", "c"), ("a", "bc")), (("a", "b1"), ("a", "b")), (('a", "b', "c"), ("a", 'b", "c'))],
)
def test_draws_are_not_mixed_up_by_where_names_end(one: tuple[str, str], other: tuple[str, str]) -> None:
    first, second = (draw(Session(session), replace(UNIFORM, name=name)) for session, name in (one, other))

    assert first != second


def test_draws_begin_again_with_a_reset() -> None:
    session = Session()
    before = draw(session, UNIFORM)

    session.reset()

    assert draw(session, UNIFORM) == before


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_chance_is_how_often_an_answer_is_there(chance: float) -> None:
    given = draw(Session(), answer("a", 500, chance=chance), times=2000)

    share = sum(bool(turns) for turns in given) / len(given)

    assert share == pytest.approx(chance, abs=0.03)


def test_uniform_delay_is_spread_over_its_whole_range() -> None:
    session = Session()
    delays = sorted(turn.effect.delay or 0 for _ in range(2000) for turn in ask(session, UNIFORM))

    assert len(set(delays)) == 2000
    assert delays[0] >= 1
    assert delays[-1] < 3
    assert [delays[at] for at in (0, 500, 1000, 1500, -1)] == pytest.approx([1, 1.5, 2, 2.5, 3], abs=0.1)


# Many at once


@pytest.fixture(autouse=True)
def switching() -> Iterator[None]:
    """Threads take turns as often as they can, so that a missing lock shows."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def ask_at_once(count: int, work: Callable[[], object]) -> list[object]:
    """What so many calls of *work* give, from as many threads, which start together."""
    start = threading.Barrier(count)

    def wait_and_work(_: int) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_work, range(count)))


def test_two_hundred_calls_at_once_get_each_step_once() -> None:
    session, flow = Session(), sequence("a", *range(200, 400))

    statuses = ask_at_once(200, lambda: [turn.reply.status for turn in ask(session, flow)])

    assert sorted(map(str, statuses)) == [f"[{status}]" for status in range(200, 400)]


def test_one_shots_are_given_once_each_to_calls_at_once() -> None:
    session = Session()
    met = [*(answer(str(number), 500, times=1) for number in range(50)), answer("rest", 200)]

    given = ask_at_once(200, lambda: next(turn.answer.name for turn in ask(session, *met)))

    assert Counter(given) == {**{str(number): 1 for number in range(50)}, "rest": 150}


def test_nth_call_is_one_of_calls_at_once() -> None:
    session, met = Session(), [answer("third", 500, call=3), answer("rest", 200)]

    given = ask_at_once(200, lambda: next(turn.answer.name for turn in ask(session, *met)))

    assert Counter(given) == {"third": 1, "rest": 199}


def test_answers_added_at_once_are_all_there() -> None:
    session, numbers = Session(), iter(range(200))
    taking = threading.Lock()

    def add() -> None:
        with taking:
            number = next(numbers)
        session.add([answer(str(number))])

    ask_at_once(200, add)

    assert sorted(map(int, names(session.overlay.answers))) == list(range(200))


# All sessions


class Clock:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def list_names(sessions: Sessions) -> list[str]:
    return [each.name for each in sessions.list_all()]


def test_session_is_made_on_first_use_and_found_again() -> None:
    sessions = Sessions(Clock())

    first, other, again = (sessions.use(name) for name in ("b", "a", "b"))

    assert (first is again, first is other, first.name) == (True, False, "b")
    assert (list_names(sessions), sessions.default.name) == (["a", "b"], "")


@pytest.mark.parametrize("name", ["a", "A", "0", "a.b_c~d-e", "-", "..", "x" * 64])
def test_name_of_a_session_is_taken(name: str) -> None:
    assert Sessions(Clock()).use(name).name == name


@pytest.mark.parametrize("name", ["", " ", "a b", "a/b", "a%20b", "a\n", "\n", "é", "ש", "a,b", "a;b", '"a"', "x" * 65])
def test_other_names_are_refused_and_make_no_session(name: str) -> None:
    sessions = Sessions(Clock())

    with pytest.raises(SessionError) as caught:
        sessions.use(name)

    assert str(caught.value) == f"The session is {name!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert list_names(sessions) == []


def test_name_that_is_refused_is_shown_in_part() -> None:
    with pytest.raises(SessionError) as caught:
        Sessions(Clock()).use("x" * 1000)

    assert str(caught.value).partition(". ")[0] == f"The session is '{'x' * 80}'"


def test_session_that_nobody_uses_is_forgotten() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy = sessions.use("idle"), sessions.use("busy")

    clock.now = IDLE_SECONDS - 1
    used = sessions.use("busy")
    clock.now = IDLE_SECONDS

    assert (used is busy, list_names(sessions)) == (True, ["busy"])
    assert sessions.use("idle") is not idle


def test_session_in_use_is_never_forgotten_for_its_age() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)
    first = sessions.use("a")

    used = []
    for clock.now in range(0, 100, 9):
        used.append(sessions.use("a"))

    assert all(each is first for each in used)


def test_idle_session_cannot_be_dropped_any_more() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)
    sessions.use("a")
    clock.now = 10

    assert sessions.drop("a") is False


def test_listing_and_dropping_are_no_use() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)
    sessions.use("a")
    clock.now = 9
    listed, dropped = list_names(sessions), sessions.drop("b")
    clock.now = 10

    assert (listed, dropped, list_names(sessions)) == (["a"], False, [])


def test_dropped_session_begins_anew() -> None:
    sessions = Sessions(Clock())
    sessions.use("a").add([answer("x")])

    dropped = [sessions.drop("a"), sessions.drop("a")]

    assert (dropped, sessions.use("a").overlay) == ([True, False], NOTHING_ADDED)


def test_one_session_too_many_takes_the_place_of_the_one_used_longest_ago(logged: list[logging.LogRecord]) -> None:
    sessions = Sessions(Clock(), limit=3)
    for name in ("a", "b", "c", "a"):
        sessions.use(name).set_defaults(Preferences(seed="7"))
    before = list(logged)

    sessions.use("d")
    sessions.use("c")

    assert (before, list_names(sessions)) == ([], ["a", "c", "d"])
    assert [(each.levelno, each.getMessage()) for each in logged] == [
        (logging.WARNING, "The session b was forgotten: 3 are held, it was used longest ago.")
    ]


def test_session_in_which_nothing_was_done_makes_room_before_any_other(logged: list[logging.LogRecord]) -> None:
    sessions = Sessions(Clock(), limit=3)
    sessions.use("used").set_defaults(Preferences(seed="7"))

    for number in range(9):
        sessions.use(f"passing-{number}")

    assert (list_names(sessions), logged) == (["passing-7", "passing-8", "used"], [])


def test_idle_sessions_make_room_before_any_other(logged: list[logging.LogRecord]) -> None:
    clock = Clock()
    sessions = Sessions(clock, limit=2, idle=10)
    sessions.use("a")
    clock.now = 5
    sessions.use("b")
    clock.now = 10

    sessions.use("c")

    assert (list_names(sessions), logged) == (["b", "c"], [])


def test_sessions_are_bounded_in_number() -> None:
    sessions = Sessions(Clock())

    for number in range(SESSIONS + 10):
        sessions.use(str(number))

    assert sorted(map(int, list_names(sessions))) == list(range(10, SESSIONS + 10))


@repeatable
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 6)), max_size=30))
def test_sessions_are_held_as_the_rules_say(uses: list[tuple[str, int]]) -> None:
    clock = Clock()
    sessions = Sessions(clock, limit=2, idle=10)
    held: dict[str, float] = {}
    for name, pause in uses:
        clock.now += pause
        held = {each: at for each, at in held.items() if at + 10 > clock.now and each != name}
        if len(held) == 2:
            del held[next(iter(held))]
        held[name] = clock.now
        sessions.use(name)

        assert list_names(sessions) == sorted(held)


def test_session_used_by_many_at_once_is_one() -> None:
    sessions = Sessions(Clock())

    used = ask_at_once(50, lambda: sessions.use("a"))

    assert len(set(map(id, used))) == 1
