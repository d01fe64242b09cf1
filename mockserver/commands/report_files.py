"""The option `--report`: where reports go, and in which formats."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

import click

from mockserver.commands.terminal import show_line
from mockserver.conformance.report_texts import FORMATS
from mockserver.conformance.reports import Report
from mockserver.documents.files import describe_kind, replace_file
from mockserver.documents.problems import StartError
from mockserver.documents.wording import end_sentence, suggest_nearest

_Function = TypeVar("_Function", bound=Callable[..., object])

_PRINTED: Final = "github"
"""The format that is printed: the runner of GitHub Actions reads what a step prints."""

_BEGINNINGS: Final[Mapping[str, bytes]] = MappingProxyType(
    {"json": b'{\n  "name": "', "junit": b'<?xml version="1.0" encoding="utf-8"?>\n<testsuites '}
)
"""How files of reports begin, by their format."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a report goes, and its format; without a path it is printed."""

    form: str
    path: Path | None = None

    def write(self, report: Report) -> None:
        """Write the report.

        Raises:
            StartError: The file cannot be written.
        """
        text = FORMATS[self.form](report)
        if self.path is None:
            for line in text.splitlines():
                show_line(line)
            return
        try:
            replace_file(self.path, text.encode())
        except OSError as error:
            raise StartError(
                f"--report: '{self.path}' cannot be written: {error.strerror}. Name another file."
            ) from None


def add_report_option(command: _Function) -> _Function:
    """Give a command the option `--report`, whose value is a tuple of destinations."""
    return click.option(
        "--report",
        "destinations",
        multiple=True,
        metavar="junit=FILE|json=FILE|github",
        callback=_read_all,
        help="Write a report for CI too, or print annotations for GitHub Actions; repeatable.",
    )(command)


def _read_all(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> tuple[Destination, ...]:
    destinations = tuple(map(_read, given))
    paths = [each.path.absolute() for each in destinations if each.path]
    if len(set(paths)) < len(paths):
        raise click.BadParameter("Two reports have the same file. Give each its own.")
    return destinations


def _read(text: str) -> Destination:
    """Read `junit=FILE`, `json=FILE` or `github`; a file that is there is replaced if it is such a report."""
    form, sign, path = text.partition("=")
    if form not in FORMATS:
        finding = f"{form!r} is not one of junit=FILE, json=FILE, github{suggest_nearest(form, FORMATS)}"
        raise click.BadParameter(end_sentence(finding))
    if form == _PRINTED:
        if sign:
            raise click.BadParameter(f"{form} takes no file: it is printed. Write {form} alone.")
        return Destination(form)
    if not path:
        raise click.BadParameter(f"{form} needs a file. Write {form}=FILE.")
    _check_file(Path(path), _BEGINNINGS[form])
    return Destination(form, Path(path))


def _check_file(path: Path, beginning: bytes) -> None:
    """Refuse a file that could not be written after a long run, or that somebody would miss."""
    if not (path.parent.is_dir() and os.access(path.parent, os.W_OK)):
        raise click.BadParameter(f"'{path.parent}' is not a folder to write in. Create it, or name another file.")
    try:
        kind = describe_kind(path.stat().st_mode)
        content = b"" if kind else _read_beginning(path, len(beginning))
    except FileNotFoundError:
        return
    except OSError as error:
        raise click.BadParameter(f"'{path}' cannot be read: {error.strerror}. Name another file.") from None
    if kind:
        raise click.BadParameter(f"'{path}' is {kind}. Name a file.")
    if content and content != beginning:
        raise click.BadParameter(f"'{path}' is there already, and is no such report. Name another file.")


def _read_beginning(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)
