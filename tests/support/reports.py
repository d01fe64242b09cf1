"""A report with a case of every verdict and a finding of every kind, whose texts come from a hostile provider."""

from __future__ import annotations

from typing import Final

from mockserver.conformance.reports import Case, Finding, Kind, Report
from mockserver.documents.nodes import Place

PLACE: Final = Place("fixtures/things, all.yaml", 7, 3)
HOSTILE: Final = "Name is '\x1b[2J\x00\ufffe<b>&\"]]>\n::error::%'. Change it."
BREACH: Final = Finding(Kind.BREACH, HOSTILE, PLACE, "#/components/schemas/Thing", "curl -i http://127.0.0.1/things/1")
DIFFERENCE: Final = Finding(Kind.DIFFERENCE, "Size is 2, the fixture has 1.", PLACE)
NOTE: Final = Finding(Kind.NOTE, "The answer is a redirect.", Place("#/0", 0))
UNCHECKED: Final = Finding(Kind.UNCHECKED, "There was no answer within 1 s. Is the provider slow?")

REPORT: Final = Report(
    "check-provider",
    "http://127.0.0.1/\x07",
    (
        Case("fixtures", "thing 1", (NOTE, BREACH, DIFFERENCE), seconds=0.25, requests=2),
        Case("fixtures", "thing 2", (DIFFERENCE,), seconds=0.5, requests=1),
        Case("fixtures", "thing 3", requests=1_500),
        Case("schemathesis", "slow", (UNCHECKED,)),
        Case("schemathesis", "POST /things", skipped="It could change data."),
    ),
    is_complete=False,
)
