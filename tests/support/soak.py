"""A long load: many more requests than a test should send, in rounds, with the memory of the server after each.

Run it with `uv run python -m tests.support.soak`; it ends
with 1 where an answer was wrong or memory grew by over 10 MB.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from time import monotonic

from tests.support.load import Served, find_wrong_answers, list_targets, serve

MEGABYTE = 1_000_000
ROOM = 10
"""Megabytes that memory may grow by."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Warm up, then send rounds until all is sent or time is up."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000, help="how many, after the warm-up")
    parser.add_argument("--warm-up", type=int, default=5_000, help="how many before")
    parser.add_argument("--connections", type=int, default=64, help="how many clients at once")
    parser.add_argument("--seconds", type=float, default=900, help="begin no round after so long")
    options = parser.parse_args(arguments)
    with serve() as served:
        return _soak(served, options)


def _soak(served: Served, options: argparse.Namespace) -> int:
    deadline = monotonic() + options.seconds
    wrong = find_wrong_answers(served.url, list_targets(0, options.warm_up), options.connections)
    before = (served.measure_memory() or 0) / MEGABYTE
    grown, sent, size = 0.0, 0, max(1, options.requests // 10)
    _say(f"{options.connections} connections, {options.warm_up} requests to warm up: {before:.1f} MB")
    while sent < options.requests and monotonic() < deadline:
        start = options.warm_up + sent
        wrong += find_wrong_answers(served.url, list_targets(start, start + size), options.connections)
        sent += size
        grown = (served.measure_memory() or 0) / MEGABYTE - before
        _say(f"{sent:7} requests: {len(wrong)} wrong, {before + grown:.1f} MB ({grown:+.1f})")
    for line in wrong[:20]:
        _say(f"wrong: {line}")
    return int(bool(wrong) or grown > ROOM)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
