"""The signals that end a command which keeps running."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""SIGHUP comes when the terminal is closed; Windows has SIGBREAK in its place, for Ctrl-Break and to end another
process group."""


def handle_ends(handle: Callable[[int, FrameType | None], object]) -> None:
    """Have each of them handled, except a SIGHUP that is ignored: `nohup` has the end of the terminal ignored."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            signal.signal(number, handle)


@contextmanager
def handling_ends(handle: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    """Have each of them handled in the meantime, as `handle_ends` does."""
    numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    handle_ends(handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
