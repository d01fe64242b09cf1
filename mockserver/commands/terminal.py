"""The terminal: lines on standard output and standard error, and a thread that writes them while the stub serves."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Final, Self, TextIO

from mockserver.documents.wording import count, escape

LINES: Final = 1000
"""How many lines wait for the terminal; further ones are dropped."""

_CLOSE_SECONDS: Final = 1.0
"""How long the lines that still wait at the end have to be written."""


class Writer:
    """Writes lines in a thread of its own, so that a terminal that nobody reads holds up nobody else.

    `LINES` lines may wait while others are written. Further ones are dropped, and their number is shown instead.
    """

    def __init__(self, show: Callable[..., None] | None = None) -> None:
        self._show_line = show or show_line
        self._changed = threading.Condition()
        self._waiting: list[Callable[[], None]] = []
        self._dropped = 0
        self._is_closed = False
        # A daemon: whoever never reads the terminal cannot keep the process from ending.
        self._thread = threading.Thread(target=self._write_all, name="terminal", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join(_CLOSE_SECONDS)

    def show(self, *lines: str, head: str = "") -> None:
        """Show lines soon, all or none of them, with the `head` of `show_line` before each."""
        self._add(partial(self._show_line, head=head), lines)

    def show_problem(self, *lines: str) -> None:
        """Show problems on standard error soon, all or none of them."""
        self._add(show_problem, lines)

    def _add(self, show: Callable[[str], None], lines: Sequence[str]) -> None:
        with self._changed:
            if len(self._waiting) < LINES:
                self._waiting += [partial(show, line) for line in lines]
            else:
                self._dropped += len(lines)
            self._changed.notify()

    def _write_all(self) -> None:
        is_last = False
        while not is_last:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                lines, self._waiting = self._waiting, []
                dropped, self._dropped = self._dropped, 0
                is_last = self._is_closed
            for write in lines:
                write()
            if dropped:
                self._show_line(f"{count(dropped, 'line')} dropped")


def show_line(line: str, *, head: str = "", err: bool = False) -> None:
    """Show a line on the terminal; escape what could move the cursor or begin another line.

    The `head` is shown before it as it is, so nothing of it may come from outside.
    """
    stream: TextIO | None = sys.stderr if err else sys.stdout
    if stream is None:  # Python has none in a program without a console.
        return
    try:
        _write(stream, head + escape(line))
    except OSError:
        _discard(stream)


def show_bytes(content: bytes) -> None:
    """Write a text for other programs on standard output as it is, whatever the encoding of the terminal.

    Raises:
        OSError: It cannot be written, although somebody may read it.
    """
    stream: TextIO | None = sys.stdout
    if stream is None:
        return
    try:
        stream.buffer.write(content)
        stream.flush()
    except OSError as error:
        _discard(stream)
        if not isinstance(error, BrokenPipeError):
            raise


def show_problem(text: str) -> None:
    """Show a problem on standard error."""
    show_line(text, err=True)


def _write(stream: TextIO, line: str) -> None:
    """Write a line past the buffer of a stream: Python cannot end while a thread waits in there."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    if raw is None:
        stream.write(f"{line}\n")
        stream.flush()
        return
    stream.flush()
    rest = memoryview(f"{line}{os.linesep}".encode(stream.encoding, "backslashreplace"))
    while rest:
        rest = rest[raw.write(rest) or 0 :]


def _discard(stream: TextIO) -> None:
    """Connect a stream that nobody reads to the null device, so that Python can flush it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
