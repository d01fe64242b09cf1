"""Reports as people and programs read them: a table, JSON, JUnit's XML, and annotations of GitHub Actions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Final
from xml.etree import ElementTree

from mockserver.conformance.reports import Case, Finding, Kind, Report
from mockserver.documents.problems import SHOWN_PROBLEMS, to_line
from mockserver.documents.wording import count, escape

_VERDICTS: Final = ("passed", "failed", "unchecked", "skipped")


def write_as_table(report: Report) -> str:
    """Return a row of counts for each group, then the findings, those that fail first, and a line that sums up."""
    lines = [f"{report.name} of {escape(report.subject)}", "", *_list_rows(report)]
    findings = sorted(_list_findings(report), key=lambda pair: not pair[1].kind.fails)
    for case, finding in findings[:SHOWN_PROBLEMS]:
        lines += ["", to_line(_describe(case, finding)), *_list_curl(finding)]
    hidden = len(findings) - SHOWN_PROBLEMS
    lines += ["", f"and {count(hidden, 'more finding')}"] if hidden > 0 else []
    return "\n".join((*lines, "", _summarize(report), ""))


def write_as_json(report: Report) -> str:
    """Return all of it as a JSON object in ASCII."""
    shown = {
        "name": report.name,
        "subject": report.subject,
        "complete": report.is_complete,
        "exit_code": report.exit_code,
        "failures": report.failures,
        "cases": [_case_to_json(case) for case in report.cases],
    }
    return f"{json.dumps(shown, indent=2)}\n"


def write_as_junit(report: Report) -> str:
    """Return XML as JUnit's: a suite for each group; what could not be checked is an error, the rest a failure."""
    groups = {group: [_case_to_element(report, case) for case in cases] for group, cases in _group(report).items()}
    if not report.is_complete:
        element = ElementTree.Element("testcase", classname=report.name, name="the whole run")
        ElementTree.SubElement(element, "error", message=_INTERRUPTED, type="interrupted")
        groups["interrupted"] = [element]
    root = ElementTree.Element("testsuites", name=report.name)
    for group, elements in groups.items():
        suite = ElementTree.SubElement(root, "testsuite", {"name": escape(group), **_count_elements(elements)})
        suite.extend(elements)
    root.attrib.update(_count_elements(list(root.iter("testcase"))))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, "unicode")}\n'


def write_as_annotations(report: Report) -> str:
    """Return a command of GitHub Actions for each finding, which shows it beside the line of its file."""
    lines = [_annotate(case, finding) for case, finding in _list_findings(report)]
    return "".join(f"{line}\n" for line in (*lines, *([] if report.is_complete else [f"::error::{_INTERRUPTED}"])))


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = MappingProxyType(
    {"github": write_as_annotations, "json": write_as_json, "junit": write_as_junit}
)
"""The formats for programs by name, each with its writer."""

_INTERRUPTED: Final = "Interrupted: not every case was tried."


def _group(report: Report) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = {}
    for case in report.cases:
        groups.setdefault(case.group, []).append(case)
    return groups


def _list_findings(report: Report) -> Iterator[tuple[Case, Finding]]:
    yield from ((case, finding) for case in report.cases for finding in case.findings)


# Text


def _list_rows(report: Report) -> Iterator[str]:
    groups = _group(report)
    width = max(map(len, groups), default=0)
    yield f"{'':{width}}{''.join(f'{verdict:>11}' for verdict in _VERDICTS)}{'requests':>11}"
    for group, cases in groups.items():
        verdicts = Counter(case.verdict for case in cases)
        numbers = (*(verdicts[each] for each in _VERDICTS), sum(case.requests for case in cases))
        yield f"{group:{width}}{''.join(f'{_show(number):>11}' for number in numbers)}"


def _show(number: int) -> str:
    return f"{number:,}" if number else "-"


def _describe(case: Case, finding: Finding) -> str:
    """Return place, kind and text in one sentence; the case stands in for a place that there is not."""
    head = finding.place or f"{case.group}, {case.name}"
    kind = finding.kind.value.upper() if finding.kind.fails else finding.kind.value
    return f"{head}: {kind}: {finding.text}{f' ({finding.pointer})' if finding.pointer else ''}"


def _list_curl(finding: Finding) -> list[str]:
    return [f"  {escape(finding.curl)}"] if finding.curl else []


def _summarize(report: Report) -> str:
    verdicts = Counter(case.verdict for case in report.cases)
    told = ", ".join(f"{verdicts[each]:,} {each}" for each in _VERDICTS if verdicts[each])
    summary = f"{count(len(report.cases), 'case')}{f': {told}' if told else ''}."
    return summary if report.is_complete else f"{_INTERRUPTED} {summary}"


# JSON


def _case_to_json(case: Case) -> dict[str, object]:
    findings = [_finding_to_json(each) for each in case.findings]
    return {**asdict(case), "verdict": case.verdict, "findings": findings}


def _finding_to_json(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "kind": finding.kind.name.lower(),
        "fails": finding.kind.fails,
        "text": finding.text,
        "file": place and place.path,
        "line": place and place.line,
        "column": place and place.column,
        "pointer": finding.pointer,
        "curl": finding.curl,
    }


# JUnit


def _case_to_element(report: Report, case: Case) -> ElementTree.Element:
    attributes = {"classname": f"{report.name}.{case.group}", "name": escape(case.name)}
    element = ElementTree.Element("testcase", {**attributes, **_show_time([case.seconds])})
    failures = case.failures
    others = [each for each in case.findings if not each.kind.fails]
    if failures:
        tag = "error" if case.verdict == "unchecked" else "failure"
        first = to_line(_describe(case, failures[0]))
        child = ElementTree.SubElement(element, tag, message=first, type=failures[0].kind.value)
        child.text = _write_lines(case, failures)
    elif case.skipped:
        ElementTree.SubElement(element, "skipped", message=escape(case.skipped))
    if others:
        ElementTree.SubElement(element, "system-out").text = _write_lines(case, others)
    return element


def _write_lines(case: Case, findings: Iterable[Finding]) -> str:
    return "\n".join(line for each in findings for line in (to_line(_describe(case, each)), *_list_curl(each)))


def _count_elements(elements: list[ElementTree.Element]) -> dict[str, str]:
    tags = Counter(child.tag for element in elements for child in element)
    counts = {"tests": len(elements), "failures": tags["failure"], "errors": tags["error"], "skipped": tags["skipped"]}
    times = [float(element.attrib["time"]) for element in elements if "time" in element.attrib]
    return {**{name: str(number) for name, number in counts.items()}, **_show_time(times)}


def _show_time(seconds: Iterable[float | None]) -> dict[str, str]:
    """Return the attribute for a sum of times; none where nothing was measured."""
    measured = [each for each in seconds if each is not None]
    return {"time": f"{sum(measured):.3f}"} if measured else {}


# GitHub Actions


_COMMANDS: Final[Mapping[Kind, str]] = MappingProxyType({Kind.DIFFERENCE: "warning", Kind.NOTE: "notice"})
"""The commands of findings that fail no case; all others are errors."""

_IN_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
"""How the runner of GitHub Actions has values of its commands escaped."""


def _annotate(case: Case, finding: Finding) -> str:
    place = finding.place if finding.place and finding.place.line else None
    properties = {"title": finding.kind.value}
    if place:
        properties = {"file": place.path, "line": str(place.line), "col": str(place.column), **properties}
    written = ",".join(f"{name}={escape(value).translate(_IN_PROPERTY)}" for name, value in properties.items())
    message = "\n".join((to_line(_describe(case, finding)), *_list_curl(finding)))
    return f"::{_COMMANDS.get(finding.kind, 'error')} {written}::{message.translate(_IN_DATA)}"
