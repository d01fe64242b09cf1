"""Files with the bodies of answers: which are found, what they are taken for, and why one is refused."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mockserver.readers.body_files import BODY_LIMIT, BodyFile, BodyFileError, read_body_file

OUTSIDE = "lies outside of the fixtures. Name a file beside or below them."
MISSING = "is not there. Name a file, relative to the fixture file."
NO_FILE = "is no file. Name a file, relative to the fixture file."
NO_PATH = "is no path. Name a file, relative to the fixture file."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder of fixtures with bodies in it, and files around it."""
    root = tmp_path / "fixtures"
    for name in ("fixtures/a.json", "fixtures/sub/b.json", "outside.json", "fixtures-too/c.json"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(name, encoding="utf-8")
    return root


def read(folder: Path, name: str, root: Path) -> str:
    return read_body_file(name, folder, root).content.decode()


def find_error(folder: Path, name: str, root: Path) -> str:
    with pytest.raises(BodyFileError) as caught:
        read_body_file(name, folder, root)
    return str(caught.value)


# Where it may lie

INSIDE: list[tuple[str, str, str]] = [
    (".", "a.json", "fixtures/a.json"),
    (".", "./a.json", "fixtures/a.json"),
    (".", "sub/b.json", "fixtures/sub/b.json"),
    (".", "sub/../a.json", "fixtures/a.json"),
    (".", "nowhere/../a.json", "fixtures/a.json"),
    ("sub", "b.json", "fixtures/sub/b.json"),
    ("sub", "../a.json", "fixtures/a.json"),
    ("sub", "../sub/b.json", "fixtures/sub/b.json"),
    ("sub", "../../fixtures/a.json", "fixtures/a.json"),
]


@pytest.mark.parametrize(("folder", "name", "found"), INSIDE)
def test_name_is_relative_to_the_folder_of_the_fixture_file(root: Path, folder: str, name: str, found: str) -> None:
    assert read(root / folder, name, root) == found


@pytest.mark.parametrize(("folder", "name", "found"), INSIDE)
def test_folder_may_be_relative_itself(
    root: Path, folder: str, name: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)

    assert read(Path(folder), name, Path()) == found


def test_path_from_the_root_is_taken_where_it_leads_into_the_fixtures(root: Path) -> None:
    assert read(root / "sub", str(root / "a.json"), root) == "fixtures/a.json"


ELSEWHERE: list[tuple[str, str]] = [
    (".", "../outside.json"),
    (".", "../nowhere.json"),
    (".", ".."),
    (".", "sub/../../outside.json"),
    ("sub", "../../outside.json"),
    # Its path begins like that of the fixtures.
    (".", "../fixtures-too/c.json"),
    (".", "/etc/passwd"),
    (".", "/"),
    (".", "../" * 40 + "etc/passwd"),
]


@pytest.mark.parametrize(("folder", "name"), ELSEWHERE)
def test_file_outside_of_the_fixtures_is_refused(root: Path, folder: str, name: str) -> None:
    assert find_error(root / folder, name, root) == OUTSIDE


def test_absolute_path_outside_of_the_fixtures_is_refused(root: Path) -> None:
    assert find_error(root, str(root.parent / "outside.json"), root) == OUTSIDE


LINKS: list[tuple[str, str]] = [
    ("../outside.json", "link"),
    ("..", "link/outside.json"),
    ("../nowhere.json", "link"),
]


@pytest.mark.parametrize(("target", "name"), LINKS)
def test_link_out_of_the_fixtures_is_refused(root: Path, target: str, name: str) -> None:
    (root / "link").symlink_to(target)

    assert find_error(root, name, root) == OUTSIDE


def test_link_within_the_fixtures_is_followed(root: Path) -> None:
    (root / "link").symlink_to("sub")

    assert read(root, "link/b.json", root) == "fixtures/sub/b.json"
    assert read_body_file("link/b.json", root, root).path == (root / "sub" / "b.json").resolve()


def test_fixtures_may_be_a_link_themselves(root: Path) -> None:
    link = root.parent / "link"
    link.symlink_to("fixtures")

    assert read(link / "sub", "../a.json", link) == "fixtures/a.json"


# What cannot be read


UNREADABLE: list[tuple[str, str]] = [
    ("nothing.json", MISSING),
    ("nowhere/a.json", MISSING),
    ("A.JSON", MISSING),
    ("sub", NO_FILE),
    (".", NO_FILE),
    ("a.json/b", "cannot be read: Not a directory. Name one that can be."),
    ("x" * 300, "cannot be read: File name too long. Name one that can be."),
    ("a\0.json", NO_PATH),
    ("a\ud800.json", NO_PATH),
]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system says it in other words")
@pytest.mark.parametrize(("name", "error"), UNREADABLE, ids=[ascii(row[0])[:20] for row in UNREADABLE])
def test_file_that_is_none_is_refused(root: Path, name: str, error: str) -> None:
    assert find_error(root, name, root) == error


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system says it in other words")
def test_link_that_leads_to_itself_is_refused(root: Path) -> None:
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")

    assert find_error(root, "one", root) == "cannot be read: Too many levels of symbolic links. Name one that can be."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_pipe_is_refused_and_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe.json")

    assert find_error(root, "pipe.json", root) == NO_FILE


def test_file_that_may_not_be_read_is_refused(root: Path) -> None:
    (root / "a.json").chmod(0)
    if os.access(root / "a.json", os.R_OK):
        pytest.skip("nothing is unreadable for this user")

    assert find_error(root, "a.json", root) == "cannot be read: Permission denied. Name one that can be."


@pytest.mark.parametrize("size", [0, BODY_LIMIT])
def test_file_may_have_any_size_up_to_a_limit(root: Path, size: int) -> None:
    with (root / "a.json").open("wb") as file:
        file.truncate(size)

    assert len(read_body_file("a.json", root, root).content) == size


def test_file_beyond_the_limit_is_refused(root: Path) -> None:
    with (root / "a.json").open("wb") as file:
        file.truncate(BODY_LIMIT + 1)

    assert find_error(root, "a.json", root) == "is longer than 8 MB. Shorten it."


# What it is

MEDIA_TYPES: list[tuple[str, str]] = [
    ("a.json", "application/json"),
    ("A.JSON", "application/json"),
    ("a.b.json", "application/json"),
    ("a.html", "text/html"),
    ("a.txt", "text/plain"),
    ("a.csv", "text/csv"),
    ("a.png", "image/png"),
    ("a.pdf", "application/pdf"),
    ("a", "application/octet-stream"),
    ("a.", "application/octet-stream"),
    (".json", "application/octet-stream"),
    ("a.nothing-known", "application/octet-stream"),
    # Packed, and so not what it was before.
    ("a.html.gz", "application/octet-stream"),
    ("a.json.bz2", "application/octet-stream"),
    ("a.tgz", "application/octet-stream"),
]


@pytest.mark.parametrize(("name", "media_type"), MEDIA_TYPES)
def test_name_stands_for_a_media_type(root: Path, name: str, media_type: str) -> None:
    (root / name).write_bytes(b"\xff\0")

    file = read_body_file(name, root, root)

    assert file == BodyFile((root / name).resolve(), b"\xff\0", media_type)
    assert file.is_json is (media_type == "application/json")
