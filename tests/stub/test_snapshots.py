"""Every change of an input is seen in a snapshot, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.stub.snapshots import scan_files
from tests.support.files import save
from tests.support.saving import FIXTURE, person, save_in_place

pytestmark = pytest.mark.usefixtures("files")


def test_inputs_fixtures_and_bodies_are_looked_at() -> None:
    for name in ("a.yaml", "b.YML", "sub/c.yaml", "sub/sub/d.yml", ".e.yaml", ".sub/f.yaml", "g.md", "h.yaml~"):
        save(Path("files", name), "")
    save(Path("openapi.yaml"), "")

    rows = scan_files([Path("openapi.yaml"), Path("files")], [Path("files/g.md"), Path("files/sub")])

    looked = ("openapi.yaml", "files", "files/a.yaml", "files/b.YML", "files/sub/c.yaml", "files/sub/sub/d.yml")
    assert sorted(row.path for row in rows) == sorted([*looked, "files/g.md", "files/sub"])


def keep_times() -> None:
    times = FIXTURE.stat()
    save_in_place(FIXTURE, person("Eva"))
    os.utime(FIXTURE, ns=(times.st_atime_ns, times.st_mtime_ns))


CHANGES: dict[str, Callable[[], object]] = {
    "in place": lambda: save_in_place(FIXTURE, person("Eva")),
    "in place, same times": keep_times,
    "replaced": lambda: save(FIXTURE, person("Eva")),
    "touched": lambda: os.utime(FIXTURE),
    "longer": lambda: save(FIXTURE, person("Evangeline")),
    "gone": FIXTURE.unlink,
    "renamed": lambda: FIXTURE.rename("files/b.yaml"),
    "another": lambda: save(Path("files/b.yaml"), "{}"),
    "in a new folder": lambda: save(Path("files/new/new/b.yml"), "{}"),
    "link": lambda: Path("files/b.yaml").symlink_to("a.yaml"),
    "folder gone": lambda: shutil.rmtree("files"),
    "empty folder gone": lambda: shutil.rmtree("empty"),
    "other folder": lambda: Path("files").rename("other"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_seen(change: str) -> None:
    save(FIXTURE, person("Ada"))
    Path("empty").mkdir()
    before = scan_files([Path("files"), Path("empty")])

    CHANGES[change]()

    assert scan_files([Path("files"), Path("empty")]) != before


def test_other_files_are_not_seen() -> None:
    save(FIXTURE, person("Ada"))
    before = scan_files([Path("files")])

    for name in (".a.yaml.swp", ".b.yaml", ".git/c.yaml", "4913", "a.yaml~", "notes.md", "sub/x.json"):
        save(Path("files", name), "[")
    FIXTURE.read_text(encoding="utf-8")

    assert scan_files([Path("files")]) == before
