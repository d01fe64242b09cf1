"""The ready file: what is said where it cannot be removed."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import Mock

import pytest

from mockserver.commands.ready_file import ReadyFile
from mockserver.documents.problems import SettingError


def test_file_that_cannot_be_removed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ready"
    ready_file = ReadyFile(str(path))
    ready_file.write("http://localhost:1")
    monkeypatch.setattr(Path, "unlink", Mock(side_effect=PermissionError(13, "Permission denied")))

    with pytest.raises(SettingError) as caught:
        ready_file.remove("http://localhost:1")

    assert str(caught.value) == f"ready_file: '{path}' cannot be removed: Permission denied. Choose another file."
