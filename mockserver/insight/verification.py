"""Verification: whether the journal has the requests that somebody expects, and which came nearest where it has not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.documents.wording import count
from mockserver.insight.queries import Query
from mockserver.state.journal import Entry, View

_NEAREST: Final = 3
"""How many near misses are told."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A query, and how many exchanges there are to be of it; without `most` there may be any number.

    `text` says what is looked for: `getCustomer with id 42`.
    """

    query: Query
    text: str
    least: int = 1
    most: int | None = None

    @property
    def wanted(self) -> str:
        """The number in words: `exactly 2 requests`."""
        if self.most is None:
            return f"at least {count(self.least, 'request')}"
        bounds = [f"at least {self.least} and"] if 0 < self.least < self.most else []
        return " ".join((*bounds, "exactly" if self.most == self.least else "at most", count(self.most, "request")))


@dataclass(frozen=True, slots=True)
class Miss:
    """An exchange that is nearly as expected, and how it differs."""

    entry: Entry
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the requests were as expected: the finding in words, those `found`, and the `nearest` of the others."""

    is_met: bool
    finding: str
    found: Sequence[Entry]
    nearest: Sequence[Miss] = ()


def verify(expected: Expectation, view: View) -> Verdict:
    """Count the exchanges that are as expected.

    Those that the journal has dropped may have been too, so they leave only "at least" certain.
    """
    found = expected.query.find(view.entries)
    is_too_much = expected.most is not None and len(found) > expected.most
    is_too_few = len(found) < expected.least
    may_be_more = view.evicted > 0 and expected.most is not None
    is_met = not (is_too_much or is_too_few or may_be_more)
    finding = f"{expected.text}: {expected.wanted} wanted, {len(found):,} seen."
    doubt = "" if is_met or is_too_much else _doubt(view)
    return Verdict(is_met, finding + doubt, found, list_misses(expected.query, view.entries) if is_too_few else ())


def verify_order(expected: Sequence[Expectation], view: View) -> Verdict:
    """Look for one exchange of each, in this order; others may stand between."""
    found: list[Entry] = []
    for place, each in enumerate(expected, start=1):
        rest = [entry for entry in view.entries if not found or entry.number > found[-1].number]
        met = each.query.find(rest)
        if not met:
            behind = f" after request {found[-1].number}" if found else ""
            finding = f"{each.text}, number {place} of the order, was not seen{behind}.{_doubt(view)}"
            return Verdict(is_met=False, finding=finding, found=found, nearest=list_misses(each.query, rest))
        found.append(met[0])
    return Verdict(is_met=True, finding=f"{len(found)} requests were seen in this order.", found=found)


def list_misses(query: Query, entries: Sequence[Entry]) -> tuple[Miss, ...]:
    """Return the exchanges with the fewest differences from a query, later ones first."""
    misses = [Miss(each, tuple(query.differences(each.exchange))) for each in entries]
    misses = [each for each in misses if each.differences]
    return tuple(sorted(misses, key=lambda each: (len(each.differences), -each.entry.number))[:_NEAREST])


def _doubt(view: View) -> str:
    told = f" Uncertain: {count(view.evicted, 'request')} evicted from the journal. Raise --journal-entries."
    return told if view.evicted else ""
