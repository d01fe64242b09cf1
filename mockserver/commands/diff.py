"""`mockserver diff`: what a changed contract breaks."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from mockserver.commands.options import Command
from mockserver.commands.report_files import Destination, add_report_option
from mockserver.commands.terminal import show_line
from mockserver.conformance.changes import Change
from mockserver.conformance.editions import read_edition
from mockserver.conformance.operation_changes import find_changes
from mockserver.conformance.reports import Case, Finding, Kind, Report
from mockserver.documents.wording import count

_BREAKING: Final = 1
"""The exit code if consumers break."""


@click.command(cls=Command)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@add_report_option
def diff(old: Path, new: Path, as_json: bool, destinations: Sequence[Destination]) -> None:
    """Show what the contract NEW changes for consumers of OLD.

    Exit with 0 if consumers of OLD can go on with NEW, with 1 if they break, with 2 if a file cannot be read.
    """
    if as_json and any(each.path is None for each in destinations):
        raise click.UsageError("--json and --report github both print. Leave one of them out.")
    changes = find_changes(read_edition(old), read_edition(new))
    _show(changes, as_json=as_json)
    for each in destinations:
        each.write(_make_report(old, new, changes))
    if any(each.is_breaking for each in changes):
        sys.exit(_BREAKING)


def _show(changes: Sequence[Change], *, as_json: bool) -> None:
    breaking = sum(each.is_breaking for each in changes)
    if as_json:
        show_line(json.dumps({"breaking": breaking, "changes": [_to_json(each) for each in changes]}))
    else:
        for each in changes:
            show_line(_write(each))
        show_line(f"{count(breaking, 'breaking change')}, {count(len(changes) - breaking, 'other change')}.")


def _write(change: Change) -> str:
    head = "BREAKING" if change.is_breaking else _HEADS[change.hurts]
    return f"{change.place}: {head}: {change.text} ({change.rule} at {change.pointer})"


def _make_report(old: Path, new: Path, changes: Sequence[Change]) -> Report:
    """Return the changes as findings of one case, which fails if one breaks consumers."""
    return Report("diff", str(new), (Case("contract", f"changes from {old}", tuple(map(_make_finding, changes))),))


def _make_finding(change: Change) -> Finding:
    kind, head = (Kind.BREAK, "") if change.is_breaking else (Kind.NOTE, f"{_HEADS[change.hurts]}: ")
    return Finding(kind, f"{head}{change.text} {change.rule}.", change.place, change.pointer)


_HEADS: Final[Mapping[str, str]] = MappingProxyType(
    {"consumers": "consumers may notice", "provider": "the provider has to follow", "nobody": "harmless"}
)
"""How lines of changes begin that break nobody, by whom they hurt."""


def _to_json(change: Change) -> dict[str, Any]:
    return {
        "rule": change.rule,
        "pointer": change.pointer,
        "file": change.place.path,
        "line": change.place.line,
        "column": change.place.column,
        "text": change.text,
        "breaking": change.is_breaking,
        "hurts": change.hurts,
    }
