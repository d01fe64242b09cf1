"""How a command tries cases and reports on them: a progress bar, the table, files for CI, the exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

import click

from mockserver.commands.report_files import Destination
from mockserver.commands.signals import handling_ends
from mockserver.commands.terminal import show_line
from mockserver.conformance.report_texts import write_as_table
from mockserver.conformance.reports import Case, Report
from mockserver.documents.wording import escape

_NAME_WIDTH: Final = 40
"""Columns of a case's name beside the progress bar."""


def try_cases(name: str, subject: str, cases: Iterable[Case], expected: int) -> Report:
    """Return the report on all cases; after Ctrl-C, SIGTERM or the end of the terminal that on the cases before.

    A progress bar on standard error shows how many of the `expected` cases were tried, if that is a terminal.
    """
    tried: list[Case] = []
    try:
        with handling_ends(signal.default_int_handler), _open_progress(expected) as show:
            for case in cases:
                tried.append(case)
                show(case)
    except KeyboardInterrupt:
        return Report(name, subject, tuple(tried), is_complete=False)
    return Report(name, subject, tuple(tried))


def conclude(report: Report, destinations: Iterable[Destination]) -> NoReturn:
    """Show the report, write it wherever else it goes, and end with its exit code.

    Raises:
        StartError: A file cannot be written.
    """
    for line in write_as_table(report).splitlines():
        show_line(line)
    for each in destinations:
        each.write(report)
    sys.exit(report.exit_code)


@contextmanager
def _open_progress(expected: int) -> Iterator[Callable[[Case], None]]:
    """Show a progress bar while cases are tried; nothing where standard error is no terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _case: None
        return
    with click.progressbar(length=expected, file=sys.stderr, item_show_func=_show_name) as bar:
        yield lambda case: bar.update(1, case)


def _show_name(case: Case | None) -> str:
    return "" if case is None else escape(case.name[:_NAME_WIDTH])
