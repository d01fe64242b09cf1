"""Answers made without files, and the turns that a session gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.state.sessions import Session
from mockserver.state.visits import Turn

Given = list[tuple[str, int | None]]
"""The names and statuses of the answers that one call is given."""


def make_answer(
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
    """Return an answer with one reply; without a status it is a decoration."""
    reply = AnswerReply(status, chance=chance)
    return Answer(name, operation, tuple(when), reply, "run-time", headers=tuple(headers), call=call, times=times)


def make_sequence(name: str, *statuses: int | None, is_cycle: bool = False, times: int | None = None) -> Answer:
    """Return an answer with one reply after the other."""
    replies = tuple(AnswerReply(each, (("X-Step", "1"),)) for each in statuses)
    return replace(make_answer(name, times=times), reply=AnswerReply(sequence=replies, is_cycle=is_cycle))


def take_turns(session: Session, *matched: Answer, seed: str = "0") -> list[Turn]:
    """Return the turns of one call that matches these answers."""
    return session.visit().take_turns(matched, seed)


def call(session: Session, *matched: Answer, times: int = 1) -> list[Given]:
    """Return what each of so many calls is given."""
    return [[(turn.answer.name, turn.reply.status) for turn in take_turns(session, *matched)] for _ in range(times)]


def list_names(answers: Sequence[Answer]) -> list[str]:
    return [each.name for each in answers]
