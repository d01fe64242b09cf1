"""Reports: what came out when answers were held against the contract, case by case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mockserver.documents.nodes import Place


class Kind(Enum):
    """What a finding means, in the words that people read."""

    BREACH = "breaks the contract"
    """The answer is one that the contract does not allow."""
    BREAK = "breaks consumers"
    """A new version of the contract does not allow what consumers of the old one do or expect."""
    UNREACHED = "is not reached"
    """No request gets the record or the answer that somebody wrote."""
    ALTERED = "is not sent as it was written"
    """The stub sends something else than a fixture has."""
    UNSTABLE = "is not repeatable"
    """The same request got another answer."""
    PROBLEM = "stops the start"
    """The contract, a fixture or a setting cannot be used."""
    UNCHECKED = "could not be checked"
    """There was no answer, or none that could be judged."""
    DIFFERENCE = "differs from the fixture"
    """The answer keeps the contract, and is not what somebody wrote."""
    NOTE = "note"
    """Worth knowing."""

    @property
    def fails(self) -> bool:
        """Whether it fails its case."""
        return self not in (Kind.DIFFERENCE, Kind.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        kind: What it means.
        text: The finding and the remedy, in plain sentences.
        place: Where the fixture or the contract says otherwise; None if no file says anything.
        pointer: The JSON pointer of the part of the contract, such as `#/components/schemas/Thing`; empty for none.
        curl: The command line that shows it; empty for none.
    """

    kind: Kind
    text: str
    place: Place | None = None
    pointer: str = ""
    curl: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that was tried.

    Attributes:
        group: What it is one of: `fixtures`.
        name: What was tried; no other case of the group has this name.
        findings: What was found.
        seconds: How long it took; None if that was not measured.
        requests: How many requests it took.
        skipped: Why it was not tried; empty if it was.
    """

    group: str
    name: str
    findings: tuple[Finding, ...] = ()
    seconds: float | None = None
    requests: int = 0
    skipped: str = ""

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings that fail it."""
        return tuple(each for each in self.findings if each.kind.fails)

    @property
    def verdict(self) -> str:
        """Whether it is `passed`, `failed`, `skipped`, or `unchecked` because nothing could be judged."""
        if self.failures:
            return "unchecked" if all(each.kind is Kind.UNCHECKED for each in self.failures) else "failed"
        return "skipped" if self.skipped else "passed"


@dataclass(frozen=True, slots=True)
class Report:
    """All cases that were tried, in their order.

    Attributes:
        name: What tried them: `selftest`.
        subject: What was tried: a contract, or the URL of a provider.
        cases: What was tried.
        is_complete: Whether it came to its end; False if it was interrupted.
    """

    name: str
    subject: str
    cases: tuple[Case, ...]
    is_complete: bool = True

    @property
    def failures(self) -> int:
        """How many findings fail a case."""
        return sum(len(case.failures) for case in self.cases)

    @property
    def exit_code(self) -> int:
        """0 if every case passed, 1 if one failed, 2 if none failed but not every case could be checked."""
        verdicts = {case.verdict for case in self.cases}
        if "failed" in verdicts:
            return 1
        return 0 if self.is_complete and verdicts & {"passed"} and "unchecked" not in verdicts else 2
