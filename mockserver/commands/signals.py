"""The signals that end a command which keeps running."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Final

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""SIGHUP comes when the terminal is closed; Windows has SIGBREAK in its place, for Ctrl-Break and to end another
process group."""


def handle_ends(handle: Callable[[int, object], object]) -> None:
    """Have each of them handled, except a SIGHUP that is ignored: `nohup` has the end of the terminal ignored."""
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and not (name == "SIGHUP" and signal.getsignal(number) is signal.SIG_IGN):
            signal.signal(number, handle)
