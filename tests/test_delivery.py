"""How an answer is sent: what stands in the way of a fault, and the pieces and pauses of a dribble."""

from __future__ import annotations

import pytest

from mockserver.delivery import PIECES, dribble
from mockserver.effects import LONGEST_DELAY

BODY = bytes(range(256)) * 4


def list_events(body: bytes, seconds: float) -> list[bytes | float]:
    """The pieces of a dribble and the waits between them, in their order."""
    events: list[bytes | float] = []
    for piece in dribble(body, seconds, events.append):
        events.append(piece)
    return events


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"ab", [b"a", 6, b"b"]),
        (b"abc", [b"a", 3, b"b", 3, b"c"]),
        (b"abcd", [b"a", 2, b"b", 2, b"c", 2, b"d"]),
    ],
)
def test_short_body_dribbles_by_the_byte(body: bytes, events: list[bytes | float]) -> None:
    assert list_events(body, 6) == events


@pytest.mark.parametrize("length", [*range(2, 3 * PIECES), 437, len(BODY)])
@pytest.mark.parametrize("seconds", [0.0, 3.0, LONGEST_DELAY])
def test_last_piece_comes_after_exactly_the_seconds(seconds: float, length: int) -> None:
    events = list_events(BODY[:length], seconds)

    pieces = [each for each in events[0::2] if isinstance(each, bytes)]
    waits = [each for each in events[1::2] if isinstance(each, float)]
    assert b"".join(pieces) == BODY[:length]
    assert (len(pieces), len(waits)) == (min(PIECES, length), min(PIECES, length) - 1)
    assert sum(waits) == pytest.approx(seconds)


@pytest.mark.parametrize("length", [2, PIECES, PIECES + 1, 2 * PIECES - 1, 437, len(BODY)])
def test_pieces_and_pauses_are_even(length: int) -> None:
    events = list_events(BODY[:length], 3)

    sizes = {len(each) for each in events[0::2] if isinstance(each, bytes)}
    assert max(sizes) - min(sizes) <= 1
    assert len({*events[1::2]}) == 1


def test_dribble_waits_only_as_far_as_it_is_read() -> None:
    waits: list[float] = []
    pieces = dribble(BODY, 19, waits.append)

    assert (next(pieces), [*waits], next(pieces), waits) == (BODY[:51], [], BODY[51:102], [1.0])
