"""Sessions: what is added and removed, which sessions there are, and how long each is held."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract.contract import Arguments, ResponseSpec
from mockserver.fixtures.records import Record
from mockserver.http.preferences import NO_PREFERENCES, Preferences
from mockserver.state.overlays import NO_OVERLAY
from mockserver.state.sessions import (
    ANSWERS,
    IDLE_SECONDS,
    RECORDS,
    RECORDS_SIZE,
    SESSIONS,
    Session,
    SessionError,
    Sessions,
)
from tests.support.answers import call, list_names, make_answer, make_sequence
from tests.support.calls import count_calls
from tests.support.locks import watch
from tests.support.shipped import CUSTOMER
from tests.support.waiting import run_at_once

# What is added and removed


def test_newer_answers_come_first_in_their_order() -> None:
    session = Session()

    session.add([make_answer("a"), make_answer("b")])
    session.add([make_answer("c"), make_answer("d")])

    assert list_names(session.overlay.answers) == ["c", "d", "a", "b"]


def test_namesake_replaces_the_answer_and_counts_anew() -> None:
    session = Session()
    first, other, second = make_sequence("a", 500, 200), make_sequence("b", 500, 200), make_sequence("a", 503, 201)
    session.add([first, other])
    call(session, first)
    call(session, other)

    session.add([second])

    assert (session.overlay.answers, session.overlay.hides(first)) == ((second, other), True)
    assert [session.count_of(name) for name in ("a", "b")] == [(0, 0), (1, 1)]
    assert call(session, second) + call(session, other) == [[("a", 503)], [("b", 200)]]


def test_removed_answer_counts_anew_if_added_again() -> None:
    session, once = Session(), make_answer("a", 503, times=1)
    session.add([once, make_answer("b")])
    given = [call(session, once, times=2)]

    removed = [session.remove(name) for name in ("a", "a", "c")]
    left = list_names(session.overlay.answers)
    session.add([once])

    assert (removed, left) == ([True, False, False], ["b"])
    assert [*given, call(session, once, times=2)] == [[[("a", 503)], []]] * 2


def test_file_answer_and_its_override_count_apart() -> None:
    session, of_file, added = Session(), make_sequence("a", 500, 501, 502), make_sequence("a", 400, 401, 402)
    given = call(session, of_file)

    session.add([added])
    given += call(session, added, times=2)
    session.remove("a")
    given += call(session, of_file)

    assert given == [[("a", 500)], [("a", 400)], [("a", 401)], [("a", 501)]]


def test_number_of_answers_is_limited() -> None:
    session = Session()
    session.add([make_answer(str(number)) for number in range(ANSWERS)])
    before = session.overlay

    with pytest.raises(SessionError) as caught:
        session.add([make_answer("0"), make_answer("one more")])
    after = session.overlay
    session.add([make_answer("7", 503)])

    assert str(caught.value) == "A session has at most 1,000 answers. Remove some, or reset the session."
    assert after is before
    assert (len(session.overlay.answers), session.overlay.answers[0]) == (ANSWERS, make_answer("7", 503))


def test_defaults_and_answers_leave_each_other_alone() -> None:
    session, defaults = Session(), Preferences(code=404)
    session.add([make_sequence("a", 500, 200)])
    call(session, *session.overlay.answers)

    session.set_defaults(defaults)
    overlays = [session.overlay]
    session.add([make_answer("b")])
    session.remove("b")
    overlays.append(session.overlay)

    assert [(each.defaults, list_names(each.answers)) for each in overlays] == [(defaults, ["a"])] * 2
    assert session.count_of("a") == (1, 1)


def make_record(key: str, text: str = "") -> Record:
    return Record("Customer", {"PersonalId": key, "Notes": text}, "run-time", 0, {}, key)


def list_keys(session: Session) -> list[str]:
    return [each.key for each in session.overlay.records]


def test_records_leave_the_rest_of_a_session_alone() -> None:
    session, sequence = Session(), make_sequence("a", 500, 200)
    session.add([sequence])
    session.add_records([make_record("a"), make_record("b")])
    session.set_defaults(Preferences(code=404))
    call(session, sequence)

    session.add_records([make_record("c")])
    removed = [session.remove_record(key) for key in ("a", "a")]
    seen = [list_keys(session)]
    session.add([make_answer("b")])
    session.remove_records()
    seen.append(list_keys(session))

    assert (removed, seen) == ([True, False], [["c", "b"], []])
    assert (list_names(session.overlay.answers), session.overlay.defaults.code) == (["b", "a"], 404)
    assert session.count_of("a") == (1, 1)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([make_record("0"), make_record("more")], "A session has at most 10,000 records."),
        ([make_record("0", "x" * RECORDS_SIZE)], "The records of a session have at most 16,777,216 characters."),
    ],
)
def test_records_of_a_session_are_limited(records: list[Record], message: str) -> None:
    session = Session()
    session.add_records([make_record(str(number)) for number in range(RECORDS)])
    before = session.overlay

    with pytest.raises(SessionError) as caught:
        session.add_records(records)
    after = session.overlay
    session.add_records([make_record("7", "new")])

    assert str(caught.value) == f"{message} Remove some, or reset the session."
    assert (after is before, len(session.overlay.records)) == (True, RECORDS)


def test_cost_of_a_record_does_not_grow_with_their_number() -> None:
    def count_look(session: Session, key: str) -> int:
        arguments: Arguments = {"id": key, "idType": 0, "idTypeExtRef": ""}
        return count_calls(lambda: session.overlay.records.find(CUSTOMER, "Customer", arguments))

    bare = replace(CUSTOMER, responses={204: ResponseSpec(204, (), None, ())})
    few, many = Session(), Session()
    for session, number in ((few, 10), (many, 10_000)):
        session.add_records([make_record(str(each)) for each in range(number)], [bare, CUSTOMER])
    looks = [(count_look(few, "5"), count_look(many, "9999"))]
    for session in (few, many):
        session.remove_record("0", [bare, CUSTOMER])
    looks.append((count_look(few, "5"), count_look(many, "9999")))

    assert looks == [(looks[0][0],) * 2] * 2


def test_session_with_records_is_touched() -> None:
    session = Session()
    session.add_records([make_record("a")])
    touched = session.is_untouched

    session.remove_records()

    assert (touched, session.is_untouched) == (False, True)


def test_records_added_at_once_are_all_there() -> None:
    session, numbers = Session(), iter(range(200))

    run_at_once(200, lambda: session.add_records([make_record(str(next(numbers)))]))

    assert sorted(list_keys(session), key=int) == [str(number) for number in range(200)]


def test_reset_session_is_as_a_new_one() -> None:
    session, of_file = Session(), make_sequence("file", 500, 200)
    session.add([make_sequence("a", 500, 200)])
    session.set_defaults(Preferences(code=404))
    session.add_records([make_record("a")])
    call(session, of_file, *session.overlay.answers)
    call(session, *(make_sequence(str(number), 200) for number in range(1000)))
    kept = session.visit()

    session.reset()

    # It drops the counters instead of going through them.
    assert (len(kept.counts), session.visit().counts) == (1001, {})
    assert (session.overlay, session.overlay.defaults) == (NO_OVERLAY, NO_PREFERENCES)
    assert [session.count_of(name) for name in ("a", "file")] == [(0, 0)] * 2
    assert call(session, of_file) == [[("file", 500)]]


def test_answers_added_at_once_are_all_there() -> None:
    session, numbers = Session(), iter(range(200))

    run_at_once(200, lambda: session.add([make_answer(str(next(numbers)))]))

    assert sorted(map(int, list_names(session.overlay.answers))) == list(range(200))


class WatchedSession(Session):
    """A session that notes, whenever what it has is replaced, whether its lock is held."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "_now":
            self.seen = [*getattr(self, "seen", ()), self._lock.locked()]
        super().__setattr__(name, value)


CHANGES: dict[str, Callable[[Session], object]] = {
    "add": lambda session: session.add([make_answer("b")]),
    "remove": lambda session: session.remove("a"),
    "add_records": lambda session: session.add_records([make_record("1")]),
    "remove_record": lambda session: session.remove_record("1"),
    "remove_records": lambda session: session.remove_records(),
    "set_defaults": lambda session: session.set_defaults(Preferences(code=404)),
    "reset": lambda session: session.reset(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_session_is_changed_under_its_lock(change: str) -> None:
    session = WatchedSession()
    session.add([make_answer("a")])
    session.add_records([make_record("1")])
    session.seen = []

    CHANGES[change](session)

    assert session.seen == [True]


def test_counters_are_read_under_the_lock() -> None:
    session = Session()
    counts, seen = watch(session.visit().counts, session._lock.locked)
    session._now = session.visit()._replace(counts=counts)

    session.count_of("a")

    assert set(seen) == {True}


# All sessions


class Clock:
    """Seconds, as a test sets them."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def list_all(sessions: Sessions) -> list[str]:
    return [each.name for each in sessions.list_all()]


def test_session_is_created_once_and_found_again() -> None:
    sessions = Sessions(Clock())

    first, other, again = (sessions.use(name) for name in ("b", "a", "b"))

    assert (first is again, first is other, first.name) == (True, False, "b")
    assert (list_all(sessions), sessions.default.name) == (["a", "b"], "")


@pytest.mark.parametrize("use", [Sessions.use, Sessions.look_at])
@pytest.mark.parametrize("name", ["a", "A", "0", "a.b_c~d-e", "-", "..", "x" * 64])
def test_name_of_a_session_is_taken(use: Callable[[Sessions, str], Session], name: str) -> None:
    assert use(Sessions(Clock()), name).name == name


@pytest.mark.parametrize("use", [Sessions.use, Sessions.look_at])
@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b", "a%20b", "a\n", "\n", "é", "ש", "a,b", "a;b", '"a"', "x" * 65, "x" * 1000]
)
def test_other_names_are_refused(use: Callable[[Sessions, str], Session], name: str) -> None:
    sessions = Sessions(Clock())

    with pytest.raises(SessionError) as caught:
        use(sessions, name)

    assert str(caught.value) == f"The session is {name[:80]!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert list_all(sessions) == []


def test_looking_at_session_neither_creates_nor_uses_it() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)
    used = sessions.use("a")

    clock.now = 9
    looked_at = sessions.look_at("a"), sessions.look_at("b")
    listed, dropped = list_all(sessions), sessions.drop("b")
    clock.now = 10

    assert (looked_at[0] is used, looked_at[1].name, looked_at[1].is_untouched) == (True, "b", True)
    assert (listed, dropped, sessions.look_at("a") is used, list_all(sessions)) == (["a"], False, False, [])


def test_idle_session_is_forgotten() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy = sessions.use("idle"), sessions.use("busy")

    clock.now = IDLE_SECONDS - 1
    used = sessions.use("busy")
    clock.now = IDLE_SECONDS

    assert (used is busy, list_all(sessions)) == (True, ["busy"])
    assert sessions.use("idle") is not idle


def test_session_in_use_never_expires() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)

    used = set()
    for clock.now in range(0, 100, 9):
        used.add(id(sessions.use("a")))

    assert len(used) == 1


def test_idle_session_cannot_be_dropped_any_more() -> None:
    clock = Clock()
    sessions = Sessions(clock, idle=10)
    sessions.use("a")
    clock.now = 10

    assert sessions.drop("a") is False


def test_dropped_session_begins_anew() -> None:
    sessions = Sessions(Clock())
    sessions.use("a").add([make_answer("x")])

    dropped = [sessions.drop("a"), sessions.drop("a")]

    assert (dropped, sessions.use("a").overlay) == ([True, False], NO_OVERLAY)


def test_least_recently_used_session_is_evicted_with_warning(logged: list[logging.LogRecord]) -> None:
    sessions = Sessions(Clock(), limit=3)
    for name in ("a", "b", "c", "a"):
        sessions.use(name).set_defaults(Preferences(seed="7"))
    before = list(logged)

    sessions.use("d")
    sessions.use("c")

    assert (before, list_all(sessions)) == ([], ["a", "c", "d"])
    assert [(each.levelno, each.getMessage()) for each in logged] == [
        (logging.WARNING, "The session b was evicted: only 3 are held, and it was the least recently used.")
    ]


def test_untouched_session_is_evicted_before_any_other(logged: list[logging.LogRecord]) -> None:
    sessions = Sessions(Clock(), limit=4)
    sessions.use("set").set_defaults(Preferences(seed="7"))
    call(sessions.use("counted"), make_sequence("a", 500))

    for number in range(9):
        sessions.use(f"passing-{number}")

    assert (list_all(sessions), logged) == (["counted", "passing-7", "passing-8", "set"], [])


def test_idle_sessions_make_room_before_any_other(logged: list[logging.LogRecord]) -> None:
    clock = Clock()
    sessions = Sessions(clock, limit=2, idle=10)
    for clock.now, name in ((0, "a"), (5, "b"), (10, "c")):
        sessions.use(name)

    assert (list_all(sessions), logged) == (["b", "c"], [])


def test_sessions_are_bounded_in_number() -> None:
    sessions = Sessions(Clock())

    for number in range(SESSIONS + 10):
        sessions.use(str(number))

    assert sorted(map(int, list_all(sessions))) == list(range(10, SESSIONS + 10))


@settings(derandomize=True, database=None, deadline=None)
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

        assert list_all(sessions) == sorted(held)


def test_session_used_by_many_at_once_is_one() -> None:
    sessions = Sessions(Clock())

    assert len({id(each) for each in run_at_once(50, lambda: sessions.use("a"))}) == 1


USES: dict[str, Callable[[Sessions], object]] = {
    "begun": lambda sessions: sessions.use("new"),
    "used again": lambda sessions: sessions.use("a"),
    "looked at": lambda sessions: sessions.look_at("a"),
    "listed": Sessions.list_all,
    "dropped": lambda sessions: sessions.drop("a"),
}


@pytest.mark.parametrize("limit", [2, 9])
@pytest.mark.parametrize("use", USES)
def test_sessions_are_held_under_the_lock(use: str, limit: int) -> None:
    sessions = Sessions(Clock(), limit=limit)
    for name in ("a", "b"):
        sessions.use(name)
    sessions._held, seen = watch(sessions._held, sessions._lock.locked)

    USES[use](sessions)

    assert set(seen) == {True}
