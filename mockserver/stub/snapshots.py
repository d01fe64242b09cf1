"""Snapshots of files: two of them differ if a file was changed, added or removed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mockserver.documents.file_states import FileState, look_at
from mockserver.fixtures.readers.files import walk_files

Snapshot = frozenset[FileState]


def scan_files(inputs: Iterable[Path], bodies: Iterable[Path] = ()) -> Snapshot:
    """Return how the inputs, the fixtures in those that are folders, and the body files are now."""
    files = (file for path in inputs for file in (path, *walk_files(path)))
    return frozenset(map(look_at, (*files, *bodies)))
