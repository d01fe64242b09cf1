"""Reports in each format: whole, escaped, and told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

from mockserver.conformance.report_texts import write_as_annotations, write_as_json, write_as_junit, write_as_table
from mockserver.conformance.reports import Case, Finding, Kind, Report
from tests.support.reports import REPORT

SHOWN = """Name is '\\x1b[2J\\x00\\ufffe<b>&"]]>\\n::error::%'. Change it."""
PLACE = "fixtures/things, all.yaml:7:3"
FAILED = f"{PLACE}: BREAKS THE CONTRACT: {SHOWN} (#/components/schemas/Thing)"
SLOW = "schemathesis, slow: COULD NOT BE CHECKED: There was no answer within 1 s. Is the provider slow?"
DIFFERENCE = f"{PLACE}: differs from the fixture: Size is 2, the fixture has 1."
CURL = "  curl -i http://127.0.0.1/things/1"


def test_table_has_groups_then_findings() -> None:
    assert write_as_table(REPORT).splitlines() == [
        "check-provider of http://127.0.0.1/\\x07",
        "",
        "                 passed     failed  unchecked    skipped   requests",
        "fixtures              2          1          -          -      1,503",
        "schemathesis          -          -          1          1          -",
        "",
        FAILED,
        CURL,
        "",
        SLOW,
        "",
        "#/0: note: The answer is a redirect.",
        "",
        DIFFERENCE,
        "",
        DIFFERENCE,
        "",
        "Interrupted: not every case was tried. 5 cases: 2 passed, 1 failed, 1 unchecked, 1 skipped.",
    ]


def test_table_of_nothing_says_so() -> None:
    assert write_as_table(Report("r", "s", ())).endswith("\n0 cases.\n")


def test_table_counts_findings_beyond_a_hundred() -> None:
    case = Case("g", "n", tuple(Finding(Kind.NOTE, f"Number {number}.") for number in range(102)))

    assert write_as_table(Report("r", "s", (case,))).splitlines()[-4:] == [
        "",
        "and 2 more findings",
        "",
        "1 case: 1 passed.",
    ]


def test_json_has_all_of_it() -> None:
    text = write_as_json(REPORT)
    shown = json.loads(text)

    assert text.isascii()
    assert {**shown, "cases": len(shown["cases"])} == {
        "name": "check-provider",
        "subject": "http://127.0.0.1/\x07",
        "complete": False,
        "exit_code": 1,
        "failures": 2,
        "cases": 5,
    }
    assert {**shown["cases"][0], "findings": 3} == {
        "group": "fixtures",
        "name": "thing 1",
        "findings": 3,
        "seconds": 0.25,
        "requests": 2,
        "skipped": "",
        "verdict": "failed",
    }
    assert shown["cases"][0]["findings"][1] == {
        "kind": "breach",
        "fails": True,
        "text": "Name is '\x1b[2J\x00\ufffe<b>&\"]]>\n::error::%'. Change it.",
        "file": "fixtures/things, all.yaml",
        "line": 7,
        "column": 3,
        "pointer": "#/components/schemas/Thing",
        "curl": "curl -i http://127.0.0.1/things/1",
    }
    assert shown["cases"][3]["findings"][0]["file"] is None


def test_junit_has_suites_that_parsers_read() -> None:
    text = write_as_junit(REPORT)
    root = ElementTree.fromstring(text)

    counts = {"tests": "6", "failures": "1", "errors": "2", "skipped": "1", "time": "0.750"}
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="check-provider" ')
    assert root.attrib == {"name": "check-provider", **counts}
    assert [suite.attrib for suite in root] == [
        {"name": "fixtures", "tests": "3", "failures": "1", "errors": "0", "skipped": "0", "time": "0.750"},
        {"name": "schemathesis", "tests": "2", "failures": "0", "errors": "1", "skipped": "1"},
        {"name": "interrupted", "tests": "1", "failures": "0", "errors": "1", "skipped": "0"},
    ]


def test_junit_tells_what_was_found() -> None:
    root = ElementTree.fromstring(write_as_junit(REPORT))
    told = [
        (case.get("name"), case.get("time"), [(each.tag, dict(each.attrib), each.text) for each in case])
        for case in root.iter("testcase")
    ]

    failure = ("failure", {"message": FAILED, "type": "breaks the contract"}, f"{FAILED}\n{CURL}")
    others: tuple[str, dict[str, str], str] = ("system-out", {}, f"#/0: note: The answer is a redirect.\n{DIFFERENCE}")
    ended = {"message": "Interrupted: not every case was tried.", "type": "interrupted"}
    assert told == [
        ("thing 1", "0.250", [failure, others]),
        ("thing 2", "0.500", [("system-out", {}, DIFFERENCE)]),
        ("thing 3", None, []),
        ("slow", None, [("error", {"message": SLOW, "type": "could not be checked"}, SLOW)]),
        ("POST /things", None, [("skipped", {"message": "It could change data."}, None)]),
        ("the whole run", None, [("error", ended, None)]),
    ]


def test_junit_names_the_run_of_a_case() -> None:
    root = ElementTree.fromstring(write_as_junit(REPORT))

    assert {case.get("classname") for case in root.iter("testcase")} == {
        "check-provider.fixtures",
        "check-provider.schemathesis",
        "check-provider",
    }


def test_junit_of_a_whole_run_has_its_groups() -> None:
    root = ElementTree.fromstring(write_as_junit(replace(REPORT, is_complete=True)))

    assert [suite.get("name") for suite in root] == ["fixtures", "schemathesis"]


def test_annotations_escape_what_the_runner_reads() -> None:
    where = "file=fixtures/things%2C all.yaml,line=7,col=3"
    shown = FAILED.replace("%", "%25")
    warning = f"::warning {where},title=differs from the fixture::{DIFFERENCE}"

    assert write_as_annotations(REPORT).splitlines() == [
        "::notice title=note::#/0: note: The answer is a redirect.",
        f"::error {where},title=breaks the contract::{shown}%0A{CURL}",
        warning,
        warning,
        f"::error title=could not be checked::{SLOW}",
        "::error::Interrupted: not every case was tried.",
    ]


def test_annotations_of_no_findings_are_empty() -> None:
    assert write_as_annotations(replace(REPORT, cases=(), is_complete=True)) == ""
