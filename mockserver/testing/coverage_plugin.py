"""The part of the pytest plugin that adds up the coverage of all tests, and shows, writes or requires it at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver.insight.coverage_texts import write_as_markdown, write_as_table
from mockserver.testing.coverage_sum import CoverageSum

_COUNTED: Final = "mockserver_coverage"
"""Under which name a worker of pytest-xdist hands over what it has counted."""


class CoveragePlugin:
    """Hooks of one run.

    Args:
        report: The file for the coverage, if it is to be written.
        least: The least coverage in per cent.
        is_shown: Whether all of it is shown, not only its first line.
    """

    def __init__(self, report: Path | None, least: int, *, is_shown: bool) -> None:
        self.counted: Final = CoverageSum()
        self._report = report
        self._least = least
        self._is_shown = is_shown
        self._faults: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:  # noqa: ANN401 - a class of pytest-xdist
        """Take what a worker of pytest-xdist has counted."""
        counted = getattr(node, "workeroutput", {}).get(_COUNTED)
        if counted is not None:
            self.counted.add(json.loads(counted))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what a worker has counted; fail the run if the coverage is too low."""
        worker: dict[str, object] | None = getattr(session.config, "workeroutput", None)
        if worker is not None:
            worker[_COUNTED] = self.counted.to_json()
            return
        percent = self.counted.coverage.percent
        if percent < self._least:
            self._faults.append(f"{percent} % is below --mock-coverage-min={self._least}.")
        if self._report:
            self._write(self._report)
        if self._faults and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _write(self, path: Path) -> None:
        text = self.counted.to_json() if path.suffix == ".json" else write_as_markdown(self.counted.coverage)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            self._faults.append(f"{path} cannot be written: {error.strerror}.")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the coverage."""
        terminalreporter.section("coverage of the API")
        lines = write_as_table(self.counted.coverage).splitlines()
        for line in lines if self._is_shown else lines[:1]:
            terminalreporter.write_line(line)
        for fault in self._faults:
            terminalreporter.write_line(f"FAILED: {fault}", red=True)
