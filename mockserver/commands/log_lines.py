"""What the stub and its server log, as lines on the terminal."""

from __future__ import annotations

import logging
from collections.abc import Callable
from traceback import walk_tb

from mockserver.commands.terminal import show_problem


def set_up_logging(show: Callable[[str], None] = show_problem) -> None:
    """Show warnings and errors of the stub and its server as single lines, by default on standard error at once."""
    for name in ("mockserver", "waitress", "_granian"):
        logging.getLogger(name).handlers[:] = [_LineHandler(show)]
    # Its warnings are for those who write applications.
    logging.getLogger("waitress").setLevel(logging.ERROR)


class _LineHandler(logging.Handler):
    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = "" if error is None else f" {error!r}{_describe_place(error)}"
        self._show(f"{record.levelname}: {record.getMessage()}{told}")


def _describe_place(error: BaseException) -> str:
    """Return the line that raised it, in place of a traceback."""
    innermost = list(walk_tb(error.__traceback__))[-1:]
    return "".join(f" at {frame.f_code.co_filename}:{line}" for frame, line in innermost)
