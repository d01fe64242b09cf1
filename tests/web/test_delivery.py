"""How an answer is sent: what stands in the way of a fault, and the pieces and pauses of a dribble."""

from __future__ import annotations

import pytest

from mockserver.http.effects import CUTS, FAULTS, LONGEST_DELAY, Cut
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply
from mockserver.web.delivery import PIECES, dribble, find_obstacle

BODY = bytes(range(256)) * 4
JSON = ("Content-Type", "application/json; charset=utf-8")

TOO_SHORT = "The fault close-mid-body stops half-way through the body, and this one is too short. Use empty."


def list_events(body: bytes, seconds: float) -> list[bytes | float]:
    """The pieces of a dribble and the waits between them, in their order."""
    events: list[bytes | float] = []
    for piece in dribble(body, seconds, events.append):
        events += [piece]
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


# Obstacles


def refuse(name: str) -> None:
    raise AssertionError(f"{name} is only asked about")


@pytest.mark.parametrize("fault", [None, *FAULTS])
def test_server_that_can_cut_can_do_every_fault(fault: str | None) -> None:
    assert find_obstacle(fault, Reply(200, (), b"ab"), refuse) is None


@pytest.mark.parametrize("fault", [None, "dribble"])
@pytest.mark.parametrize("body", [b"", b"a", b"ab"])
def test_server_that_cannot_cut_can_do_the_rest(body: bytes, fault: str | None) -> None:
    assert find_obstacle(fault, Reply(200, (), body), None) is None


@pytest.mark.parametrize("body", [b"", b"a", b"ab"])
@pytest.mark.parametrize("fault", CUTS)
def test_server_that_cannot_cut_says_so(fault: str, body: bytes) -> None:
    message = f"The fault {fault} cuts the connection, which this server cannot do. Use mockserver serve."

    assert find_obstacle(fault, Reply(200, (), body), None) == Reply(
        501, (JSON,), f'{{"Message":"{message}"}}'.encode()
    )


@pytest.mark.parametrize(("body", "is_told"), [(b"", True), (b"a", True), (b"ab", False), (b"abc", False)])
def test_body_without_a_half_cannot_be_cut_there(body: bytes, is_told: bool) -> None:
    found = find_obstacle("close-mid-body", Reply(404, (), body), refuse)

    assert found == (Reply(501, (JSON,), f'{{"Message":"{TOO_SHORT}"}}'.encode()) if is_told else None)


@pytest.mark.parametrize("cut", [None, refuse])
def test_obstacle_keeps_where_the_answer_came_from_and_what_it_varies_by(cut: Cut | None) -> None:
    about: Headers = (("Vary", "Accept, Prefer"), ("X-Mock-Source", "answer a"))
    others: Headers = (("Content-Type", "text/plain"), ("Preference-Applied", "fault=empty"), ("Set-Cookie", "a=b"))

    found = find_obstacle("close-mid-body", Reply(200, others + about, b""), cut)

    assert found is not None
    assert (found.status, found.headers) == (501, (JSON, *about))
