"""The state of a file: what it tells, and that a missing one has one too."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.documents.file_states import FileState, look_at


def test_state_of_a_file_tells_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("{}", encoding="utf-8")

    found = file.stat()
    assert look_at(file) == FileState(str(file), 2, found.st_ino, found.st_mtime_ns, found.st_ctime_ns)


def test_state_of_a_folder_is_its_path(tmp_path: Path) -> None:
    assert look_at(tmp_path) == FileState(str(tmp_path), 0)


@pytest.mark.parametrize("path", ["none", "none/a.yaml", "a.yaml/b", "x" * 9999, "nul\0"])
def test_missing_file_has_no_size(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").touch()
    monkeypatch.chdir(tmp_path)

    assert look_at(Path(path)) == FileState(path, -1)
