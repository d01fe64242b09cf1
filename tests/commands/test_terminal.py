"""Lines on the terminal: what they can never do there, and what happens if nobody reads them."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mockserver.commands.terminal import LINES, Writer, show_line, show_problem
from tests.support.waiting import SECONDS, has_come

# One line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("plain \\ text: דנה 😀 é", "plain \\ text: דנה 😀 é"),
        ("a\x1b[31m\nb\r\x85\u2028c\t\x00", "a\\x1b[31m\\nb\\r\\x85\\u2028c\\t\\x00"),
        ("\u202eevil\u2066\udcff\U000e0001", "\\u202eevil\\u2066\\udcff\\U000e0001"),
    ],
)
def test_line_cannot_move_the_cursor(line: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_line(line)
    show_problem(line)

    assert capsys.readouterr() == (f"{shown}\n", f"{shown}\n")


def test_head_of_a_line_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Writer() as writer:
        writer.show("\x1b[32mtarget", head="\x1b[32m200\x1b[0m ")

    assert capsys.readouterr().out == "\x1b[32m200\x1b[0m \\x1b[32mtarget\n"


@pytest.mark.parametrize(("name", "show"), [("stdout", show_line), ("stderr", show_problem)])
def test_stream_that_nobody_reads_is_discarded(
    name: str, show: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    raw = io.BufferedWriter(io.FileIO(writing, "w"))
    with closing(io.TextIOWrapper(raw, encoding="utf-8")) as stream:
        monkeypatch.setattr(sys, name, stream)

        show("first")
        show("second")
        stream.flush()

        assert os.fstat(stream.fileno()).st_rdev == Path(os.devnull).stat().st_rdev


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("utf-8", "דנה é\n".encode()), ("latin-1", b"\\u05d3\\u05e0\\u05d4 \xe9\n"), ("ascii", None)],
)
@pytest.mark.parametrize("is_buffered", [False, True])
def test_line_is_written_in_the_stream_encoding(
    is_buffered: bool, encoding: str, written: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out"
    raw = io.FileIO(file, "w")
    buffer: Any = io.BufferedWriter(raw) if is_buffered else raw
    with closing(io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", newline="\n")) as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        stream.write("before ")
        show_line("דנה é")
        got = file.read_bytes()

    assert got == b"before " + (written or b"\\u05d3\\u05e0\\u05d4 \\xe9\n")


def test_program_without_a_console_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)

    show_line("nowhere")

    assert capfd.readouterr() == ("", "")


# The writer


def test_lines_come_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    with Writer() as writer:
        for number in range(0, 9, 3):
            writer.show(str(number), str(number + 1))
            writer.show_problem(str(number + 2))

    assert capsys.readouterr() == ("0\n1\n3\n4\n6\n7\n", "2\n5\n8\n")


class Unread:
    """A terminal that takes no line until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.entered = threading.Event()
        self.lines: list[str] = []

    def show(self, line: str, *, head: str = "") -> None:
        self.entered.set()
        assert self.opened.wait(SECONDS)
        self.lines.append(head + line)


@pytest.mark.parametrize(
    ("more", "told"), [(0, []), (1, ["1 line dropped"]), (12, ["12 lines dropped"])], ids=["none", "one", "several"]
)
def test_what_does_not_fit_is_dropped_and_counted(more: int, told: list[str]) -> None:
    unread = Unread()
    with Writer(unread.show) as writer:
        writer.show("first")
        assert unread.entered.wait(SECONDS)
        for number in range(LINES + more):
            writer.show(str(number))
        unread.opened.set()
        assert has_come(lambda: len(unread.lines) > LINES + len(told))
        writer.show("last")

    assert unread.lines == ["first", *map(str, range(LINES)), *told, "last"]


def test_many_lines_are_shown_or_dropped_together() -> None:
    unread = Unread()
    many = [str(number) for number in range(2 * LINES)]
    with Writer(unread.show) as writer:
        writer.show("first")
        assert unread.entered.wait(SECONDS)
        writer.show(*many)
        writer.show("a", "b", "c")
        unread.opened.set()

    assert unread.lines == ["first", *many, "3 lines dropped"]


def test_blocked_writer_does_not_delay_the_end() -> None:
    unread = Unread()

    with Writer(unread.show) as writer:
        writer.show("first")

    assert unread.lines == []
    unread.opened.set()
