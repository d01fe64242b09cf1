"""The end of a command that cannot start: why, and its exit code."""

from __future__ import annotations

import sys
from typing import Final, NoReturn

from mockserver.commands.terminal import show_problem
from mockserver.documents.problems import DocumentError, StartError

_UNUSABLE: Final = 2
"""The exit code of a command that cannot start."""


def refuse(error: StartError) -> NoReturn:
    """Show why a command cannot start, and end with exit code 2."""
    for line in list_lines(error):
        show_problem(line)
    sys.exit(_UNUSABLE)


def list_lines(error: StartError) -> list[str]:
    """Return the lines of an error: one for each of its problems, if it has several."""
    return error.lines if isinstance(error, DocumentError) else [str(error)]
