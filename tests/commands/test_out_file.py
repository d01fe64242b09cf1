"""The option `--out`: a file that appeared or broke in the meantime, and text on standard output."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mockserver.commands.out_file import put_out, require_free
from mockserver.documents.problems import SettingError, StartError


def test_file_that_appeared_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    require_free(path)
    path.write_text("kept", encoding="utf-8")

    with pytest.raises(SettingError, match="cannot be written: File exists"):
        put_out("text", path)

    assert path.read_text(encoding="utf-8") == "kept"


def test_broken_link_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")

    with pytest.raises(SettingError, match="is there already"):
        require_free(tmp_path / "link")


class FullDisk(io.BytesIO):
    def write(self, _: Any, /) -> int:
        raise OSError(28, "No space left on device")


def test_half_a_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.yaml"

    def open_full(self: Path, _mode: str) -> FullDisk:
        self.touch()
        return FullDisk()

    monkeypatch.setattr(Path, "open", open_full)

    with pytest.raises(SettingError, match="cannot be written: No space left on device"):
        put_out("text", path)

    assert not path.exists()


def test_text_may_have_no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        put_out("text", None)

        # What is written later, such as by Python at its end, goes nowhere.
        assert os.write(write, b"more") == 4


def test_program_without_a_console_prints_nothing(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    put_out("text", None)

    assert capfd.readouterr() == ("", "")


def test_text_that_is_lost_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "output").open("w") as output:
        full = FullDisk()
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=full, flush=full.flush, fileno=output.fileno))

        with pytest.raises(StartError) as caught:
            put_out("text", None)

    finding = "Standard output cannot be written: No space left on device."
    assert str(caught.value) == f"{finding} Make room, or write to a file with --out."
