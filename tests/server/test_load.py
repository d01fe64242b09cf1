"""Many requests at once: none fails, none is answered wrongly, and nothing piles up."""

from __future__ import annotations

import pytest

from tests.support.load import find_wrong_answers, list_targets, serve
from tests.support.soak import main

CONNECTIONS = 64
REQUESTS = 2000
ROOM = 10_000_000
"""How many bytes the server may have grown by after as many requests again."""


def test_many_connections_get_right_answers_without_leaks() -> None:
    with serve() as served:
        warm_up = find_wrong_answers(served.url, list_targets(0, REQUESTS), CONNECTIONS)
        before = served.measure_memory() or 0
        wrong = find_wrong_answers(served.url, list_targets(REQUESTS, 2 * REQUESTS), CONNECTIONS)
        after = served.measure_memory() or 0

    assert (warm_up, wrong) == ([], [])
    assert after - before < ROOM


def test_soak_says_what_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--requests", "40", "--warm-up", "20", "--connections", "4"])

    lines = capsys.readouterr().out.splitlines()
    assert (code, len(lines)) == (0, 11)
    assert lines[-1].startswith("     40 requests: 0 wrong, ")
