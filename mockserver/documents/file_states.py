"""The state of a file at a moment: two states differ if the file was changed, added or removed in the meantime."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR
from typing import NamedTuple


class FileState(NamedTuple):
    """A file at a moment: its size, its inode, and when its content and its metadata last changed, in ns.

    A folder has its path alone: its times change with every draft and back-up that an editor leaves in it.
    """

    path: str
    size: int
    inode: int = 0
    modified: int = 0
    changed: int = 0


def look_at(path: Path) -> FileState:
    """Return the state of a file now; its size is -1 if there is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # It is missing, or cannot be a file: loading reports which.
        return FileState(str(path), -1)
    if S_ISDIR(found.st_mode):
        return FileState(str(path), 0)
    return FileState(str(path), found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)
