"""The end of standard input, which comes when the program that started the command has ended."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_STANDARD_INPUT: Final = 0
_CHUNK_BYTES: Final = 4096


def watch_input(end: Callable[[], None]) -> None:
    """Call `end` from a thread once standard input has ended; at once if there is none."""
    # A daemon: an input that stays open cannot keep the process from ending.
    threading.Thread(target=_read_to_end, args=(end,), name="input", daemon=True).start()


def _read_to_end(end: Callable[[], None]) -> None:
    # Past the buffer of `sys.stdin`: Python cannot end while a thread waits in there.
    with suppress(OSError):
        while os.read(_STANDARD_INPUT, _CHUNK_BYTES):
            pass
    end()
