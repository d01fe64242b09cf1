"""The option `--out`: a file that did not exist before."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import click

from mockserver.commands.terminal import show_bytes
from mockserver.documents.problems import SettingError, StartError

add_out_option: Final = click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write, which must not exist; by default the text is printed.",
)
"""Gives a command the option `--out`, whose value is a path or None."""


def require_free(path: Path | None) -> None:
    """Refuse a file that is there already, or whose folder is not.

    Raises:
        SettingError: From `--out`, with the remedy.
    """
    if path is not None and os.path.lexists(path):
        raise SettingError("out", f"'{path}' is there already. Name another file, or move it away.")
    if path is not None and not path.parent.is_dir():
        raise SettingError("out", f"'{path.parent}' is not a folder. Create it, or name another file.")


def put_out(text: str, path: Path | None) -> None:
    """Write text as UTF-8 into a new file, or print it.

    Raises:
        SettingError: The file cannot be written.
        StartError: Standard output cannot be written.
    """
    content = text.encode()
    if path is None:
        _print(content)
        return
    try:
        with path.open("xb") as file:
            file.write(content)
    except OSError as error:
        if not isinstance(error, FileExistsError):
            with suppress(OSError):
                path.unlink()
        raise SettingError("out", f"'{path}' cannot be written: {error.strerror}. Name another file.") from None


def _print(content: bytes) -> None:
    try:
        show_bytes(content)
    except OSError as error:
        finding = f"Standard output cannot be written: {error.strerror}."
        raise StartError(f"{finding} Make room, or write to a file with --out.") from None
