"""Kept answers: which are kept, and which make room."""

import pytest

from mockserver.http.hints import NearMiss
from mockserver.state.journal import Outcome
from mockserver.web.kept_answers import LARGEST, LARGEST_EACH, MOST, KeptAnswer, KeptAnswers, Key
from tests.support.exchanges import make_exchange
from tests.support.locks import watch

KEY: Key = ("GET", "/", "http", object(), "h", None)
NEAR = NearMiss("route", None, None, (), "x" * LARGEST_EACH)


def make_answer(size: int = 0, outcome: Outcome | None = None, header: str = "") -> KeptAnswer:
    return KeptAnswer("200 OK", (("A", header),), (b"x" * size,), outcome or Outcome(make_exchange()))


@pytest.mark.parametrize(
    ("key", "answer", "is_kept"),
    [
        *((KEY, make_answer(size), size < LARGEST_EACH) for size in (0, LARGEST_EACH // 2, LARGEST_EACH)),
        ((*KEY, "x" * LARGEST_EACH), make_answer(), False),
        (KEY, make_answer(header="x" * LARGEST_EACH), False),
        (KEY, make_answer(outcome=Outcome(make_exchange(), LARGEST_EACH)), False),
        (KEY, make_answer(outcome=Outcome(make_exchange(near_misses=(NEAR,)))), False),
    ],
    ids=range(7),
)
def test_large_answers_are_not_kept(key: Key, answer: KeptAnswer, is_kept: bool) -> None:
    kept = KeptAnswers()

    kept.keep(key, answer)

    assert (kept.find(key) is answer) is is_kept


@pytest.mark.parametrize(("size", "most"), [(0, MOST), (LARGEST_EACH - 4096, LARGEST // LARGEST_EACH)])
def test_oldest_answers_make_room(size: int, most: int) -> None:
    kept, answer = KeptAnswers(), make_answer(size)

    for number in range(most + 3):
        kept.keep((number,), answer)

    assert [number for number in range(most + 3) if kept.find((number,))] == [*range(3, most + 3)]


def test_answer_that_is_kept_stays() -> None:
    kept, answers = KeptAnswers(), [make_answer(), make_answer()]

    for each in answers:
        kept.keep(KEY, each)

    assert kept.find(KEY) is answers[0]


def test_answers_are_kept_under_the_lock() -> None:
    kept = KeptAnswers()
    kept._answers, seen = watch(kept._answers, kept._lock.locked)

    for number in range(MOST + 1):
        kept.keep((number,), make_answer())

    assert set(seen) == {True}
