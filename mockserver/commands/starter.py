"""The starter: the files with which a user begins, the shipped fixtures and a settings file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import Field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from mockserver.commands.serve_settings import describe_settings
from mockserver.commands.settings_file import FILE
from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem, StartError
from mockserver.fixtures.readers.files import find_files
from mockserver.stub.inputs import locate_fixtures

_FIXTURES: Final = "fixtures"

_OPENING: Final = """\
# Settings of mockserver, read by the commands that run in this folder. Options of the command line and MOCKSERVER_*
# variables come first. Each line with # before a name shows a default: remove the # and change the value.
"""


def make_starter() -> dict[str, bytes]:
    """Return the content of each file by its path from the folder of the starter, with `/` between its parts."""
    shipped = locate_fixtures(None).path
    fixtures = {f"{_FIXTURES}/{file.relative_to(shipped).as_posix()}": file for file in find_files(shipped)}
    settings = "\n".join(_write_settings()).encode()
    return {FILE: settings, **{name: file.read_bytes() for name, file in fixtures.items()}}


def write_starter(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write the files into a folder, which is created if need be. Return their paths.

    Raises:
        StartError: One is there already, in which case nothing is written, or one cannot be written.
    """
    paths = {folder / name: content for name, content in files.items()}
    taken = [path for path in paths if os.path.lexists(path)]
    if taken:
        finding = "This is there already, and nothing was written. Name another folder, or move it away."
        raise DocumentError(Problem(Place(str(path), 0), finding) for path in taken)
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
        for path, content in paths.items():
            with path.open("xb") as file:
                file.write(content)
    except OSError as error:
        raise StartError(f"{error.filename}: this cannot be written: {error.strerror}. Name another folder.") from None
    return list(paths)


def _write_settings() -> Iterator[str]:
    """Yield the lines of the settings file."""
    yield _OPENING
    described = sorted(describe_settings().values(), key=_find_rank)
    for group, settings in groupby(described, lambda each: str(each.metadata["group"])):
        yield f"\n# {group.upper()}\n"
        for each in settings:
            yield from _write_setting(each)


def _find_rank(described: Field[Any]) -> int:
    """Return the place of a setting's group among all, each of which comes where its first setting is."""
    groups = [str(each.metadata["group"]) for each in describe_settings().values()]
    return groups.index(described.metadata["group"])


def _write_setting(described: Field[Any]) -> Iterator[str]:
    """Yield what a setting is for, then its name with its default."""
    name, default, details = described.name, described.default, described.metadata
    choices = f" One of {', '.join(details['choices'])}." if details.get("choices") else ""
    yield f"# {details['help']}{choices}"
    if name == "fixtures":
        yield f'{name} = "{_FIXTURES}"\n'
    elif described.repr:
        value = details.get("metavar") if default is None else default
        instead = f"  # default: {details['instead']}" if details.get("instead") else ""
        yield f"#{name} = {json.dumps(value)}{instead}\n"
    else:
        yield f"# A secret has no place in this file: set the variable MOCKSERVER_{name.upper()}.\n"
