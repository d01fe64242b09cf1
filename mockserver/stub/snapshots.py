"""Snapshots of files: two of them differ if a file was changed, added or removed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple

from mockserver.fixtures.readers.files import walk_files


class FileState(NamedTuple):
    """A file at a moment: its size, its inode, and when its content and its metadata last changed, in ns.

    A folder has its path alone: its times change with every draft and back-up that an editor leaves in it.
    """

    path: str
    size: int
    inode: int = 0
    modified: int = 0
    changed: int = 0


Snapshot = frozenset[FileState]


def scan_files(inputs: Iterable[Path], bodies: Iterable[Path] = ()) -> Snapshot:
    """Return how the inputs, the fixtures in those that are folders, and the body files are now."""
    files = (file for path in inputs for file in (path, *walk_files(path)))
    return frozenset(map(_look_at, (*files, *bodies)))


def keep_older(snapshot: Snapshot, moment: int) -> Snapshot:
    """Return the files of a snapshot that last changed before a moment, in ns."""
    return frozenset(each for each in snapshot if max(each.modified, each.changed) < moment)


def _look_at(path: Path) -> FileState:
    try:
        found = path.stat()
    except (OSError, ValueError):  # It is missing, or cannot be a file: loading reports which.
        return FileState(str(path), -1)
    if S_ISDIR(found.st_mode):
        return FileState(str(path), 0)
    return FileState(str(path), found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
