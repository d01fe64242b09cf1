"""`mockserver init`: writes a starter."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from mockserver.commands.options import Command
from mockserver.commands.starter import make_starter, write_starter
from mockserver.commands.terminal import show_line


@click.command(cls=Command)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Write fixtures and a settings file to begin with into DIR. No file is overwritten."""
    for path in write_starter(folder, make_starter()):
        show_line(f"Wrote {path}")
    show_line("Next:")
    if folder != Path():
        show_line(f"  cd {shlex.quote(str(folder))}")
    show_line("  mockserver serve")
