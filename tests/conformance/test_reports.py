"""Reports: verdicts of cases, and the exit code that follows."""

from __future__ import annotations

import pytest

from mockserver.conformance.reports import Case, Finding, Kind, Report


def find(*kinds: Kind) -> tuple[Finding, ...]:
    return tuple(Finding(kind, "Something is odd.") for kind in kinds)


PASSED = Case("g", "passed")
FAILED = Case("g", "failed", find(Kind.BREACH))
UNCHECKED = Case("g", "unchecked", find(Kind.UNCHECKED))
SKIPPED = Case("g", "skipped", skipped="It changes data.")


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        ((), "passed"),
        ((Kind.DIFFERENCE, Kind.NOTE), "passed"),
        ((Kind.NOTE, Kind.BREACH), "failed"),
        ((Kind.UNREACHED,), "failed"),
        ((Kind.UNSTABLE,), "failed"),
        ((Kind.UNCHECKED, Kind.DIFFERENCE), "unchecked"),
        ((Kind.UNCHECKED, Kind.BREACH), "failed"),
    ],
)
def test_findings_decide_the_verdict(kinds: tuple[Kind, ...], verdict: str) -> None:
    assert Case("g", "n", find(*kinds)).verdict == verdict


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report("r", "s", (PASSED, SKIPPED)), 0),
        (Report("r", "s", (PASSED, FAILED, UNCHECKED)), 1),
        (Report("r", "s", (PASSED, FAILED), is_complete=False), 1),
        (Report("r", "s", (PASSED, UNCHECKED)), 2),
        (Report("r", "s", (PASSED,), is_complete=False), 2),
        (Report("r", "s", (SKIPPED,)), 2),
        (Report("r", "s", ()), 2),
    ],
)
def test_verdicts_decide_the_exit_code(report: Report, code: int) -> None:
    assert report.exit_code == code


def test_skipped_case_has_its_own_verdict() -> None:
    assert SKIPPED.verdict == "skipped"
