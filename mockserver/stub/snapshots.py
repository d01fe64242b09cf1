"""How files are at a moment, so that a change is seen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from stat import S_ISDIR

from mockserver.fixtures.readers.files import is_fixture

_Row = tuple[str, int, int, int, int]


Snapshot = frozenset[_Row]
"""Of each file: path, size, inode, and the times in ns of the last change to what it holds and to the file itself.

Of a folder only that it is there: its times change with every draft and back-up that an editor leaves in it.
"""


def scan_files(inputs: Iterable[Path], bodies: Iterable[Path] = ()) -> Snapshot:
    """How the *inputs*, the fixtures below those that are folders, and the *bodies* are now."""
    below = (file for path in inputs for file in _list_fixtures(path))
    return frozenset(map(_look_at, (*below, *bodies)))


def _list_fixtures(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in files if is_fixture(name))


def _look_at(path: Path) -> _Row:
    try:
        found = path.stat()
    except (OSError, ValueError):  # It is not there, or cannot be: loading tells what is wrong.
        return str(path), -1, 0, 0, 0
    if S_ISDIR(found.st_mode):
        return str(path), 0, 0, 0, 0
    return str(path), found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
