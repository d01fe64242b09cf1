"""Cases are tried and reported on: the table, the exit code, the bar, and what is left after Ctrl-C."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.commands.report_files import Destination
from mockserver.commands.reporting import conclude, try_cases
from mockserver.conformance.report_texts import write_as_json, write_as_table
from mockserver.conformance.reports import Case, Report
from tests.support.reports import REPORT

CASES = (Case("g", "first\x1b"), Case("g", "second"))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def show_progress(monkeypatch: pytest.MonkeyPatch, term: str) -> str:
    """What a terminal of that kind gets."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", term)
    try_cases("r", "s", CASES, 2)
    return terminal.getvalue()


def interrupt_after(cases: tuple[Case, ...], number: int) -> Iterator[Case]:
    yield from cases
    os.kill(os.getpid(), number)
    yield Case("g", "never")


def test_all_cases_are_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert try_cases("r", "s", CASES, 2) == Report("r", "s", CASES)
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes without a signal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_interrupted_report_has_the_cases_before(name: str) -> None:
    number = getattr(signal, name)
    signal.signal(number, signal.SIG_DFL)

    report = try_cases("r", "s", interrupt_after(CASES, number), 3)

    assert report == Report("r", "s", CASES, is_complete=False)
    assert signal.getsignal(number) is signal.SIG_DFL


def test_terminal_shows_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = show_progress(monkeypatch, "xterm")

    assert "100%" in shown
    assert "first\\x1b" in shown


def test_dumb_terminal_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    assert show_progress(monkeypatch, "dumb") == ""


def test_report_is_shown_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    complete = replace(REPORT, is_complete=True)
    with pytest.raises(SystemExit) as ended:
        conclude(complete, [Destination("json", tmp_path / "report.json")])

    assert ended.value.code == 1
    assert capsys.readouterr() == (write_as_table(complete), "")
    assert (tmp_path / "report.json").read_text(encoding="utf-8") == write_as_json(complete)
