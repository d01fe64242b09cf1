"""A working folder of its own, so that places are short."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder `files` in the working folder."""
    monkeypatch.chdir(tmp_path)
    Path("files").mkdir()
    return Path("files")
