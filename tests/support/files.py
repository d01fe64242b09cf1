"""Files that a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Write = Callable[[str, str], Path]
"""Writes a text, its common indentation removed, to a file of a new folder; returns the folder."""


def save(path: Path, text: str | bytes) -> None:
    """Write a file in one step, as most editors do."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(text if isinstance(text, bytes) else text.encode())
    draft.replace(path)
