"""Files are read as they are; nothing else is waited for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from mockserver.documents.files import LongFileError, NoFileError, read_file
from mockserver.documents.loading import load_document
from mockserver.documents.problems import StartError
from mockserver.stub.inputs import require_contract
from mockserver.stub.loading import load_stub
from mockserver.stub.settings import Settings
from tests.support.problems import list_problems

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_link(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


KINDS = [
    (make_pipe, "a named pipe"),
    (make_socket, "a socket"),
    (make_device, "a device"),
    (make_folder, "a folder"),
    (make_link, "a named pipe"),
]


@pytest.fixture(autouse=True)
def short_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of sockets may have about 100 bytes."""
    monkeypatch.chdir(tmp_path)


@needs_pipes
@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_what_is_no_file_is_named(make: Callable[[Path], None], kind: str) -> None:
    file = Path("a.yaml")
    make(file)

    with pytest.raises(NoFileError) as caught:
        read_file(file, 10)

    assert caught.value.kind == kind
    assert list_problems(load_document, file) == [f"a.yaml:1:1: This is {kind}. Put a file in its place."]


@needs_pipes
@pytest.mark.parametrize(("make", "kind"), [row for row in KINDS if row[1] != "a folder"])
def test_fixture_that_is_no_file_is_a_problem(make: Callable[[Path], None], kind: str) -> None:
    folder = Path("fixtures")
    folder.mkdir()
    make(folder / "a.yaml")
    told = f"fixtures/a.yaml:1:1: This is {kind}. Put a file in its place."

    assert list_problems(load_stub, Settings(fixtures="fixtures")) == [told]
    assert list_problems(load_stub, Settings(fixtures="fixtures/a.yaml")) == [told]


@needs_pipes
@pytest.mark.parametrize(("make", "kind"), KINDS)
def test_contract_that_is_no_file_is_refused(make: Callable[[Path], None], kind: str) -> None:
    make(Path("a.yaml"))

    with pytest.raises(StartError, match=f"^contract: 'a.yaml' is {kind}. Name the OpenAPI document itself.$"):
        require_contract("a.yaml")
    assert list_problems(load_stub, Settings(contract="a.yaml")) == [
        f"a.yaml:1:1: This is {kind}. Put a file in its place."
    ]


@needs_pipes
@pytest.mark.parametrize(("make", "_"), KINDS)
def test_body_that_is_no_file_is_a_problem(make: Callable[[Path], None], _: str) -> None:
    Path("f").mkdir()
    make(Path("f/b.txt"))
    answer = "answers: [{name: a, operation: getCustomer, reply: {status: 500, body_file: b.txt}, unchecked: true}]"
    Path("f/a.yaml").write_text(answer, encoding="utf-8")

    [problem] = list_problems(load_stub, Settings(fixtures="f"))

    assert problem.startswith("f/a.yaml:1:")


@pytest.mark.parametrize(("content", "size"), [(b"", None), (b"1234567890", None), (b"12345678901", 11)])
def test_file_is_read_up_to_its_limit(content: bytes, size: int | None) -> None:
    file = Path("a.yaml")
    file.write_bytes(content)

    if size is None:
        assert read_file(file, 10) == content
        return
    with pytest.raises(LongFileError) as caught:
        read_file(file, 10)
    assert caught.value.size == size


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system has no files without a size")
def test_file_without_a_size_has_a_limit() -> None:
    with pytest.raises(LongFileError):
        read_file(Path("/proc/self/status"), 10)


@needs_pipes
def test_file_replaced_by_a_pipe_does_not_block(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path("a.yaml")
    file.touch()
    before = file.stat()
    file.unlink()
    os.mkfifo(file)
    monkeypatch.setattr(Path, "stat", lambda _: before)

    with pytest.raises(NoFileError):
        read_file(file, 10)
