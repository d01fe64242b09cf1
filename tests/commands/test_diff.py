"""`mockserver diff`: its lines, its JSON, its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.contracts import THINGS
from tests.support.process import invoke

NARROWED = THINGS.replace("default: 0", "default: 0, maximum: 9")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old.yaml", THINGS), ("new.yaml", NARROWED), ("broken.yaml", "openapi: 3.1.0")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


pytestmark = pytest.mark.usefixtures("folder")

POINTER = "#/paths/~1things~1{id}/get/parameters/1/schema/maximum"


def test_break_is_told() -> None:
    text = "GET /things/{id}, parameter kind has the maximum 9, had 2147483647."
    line = f"new.yaml:12:62: BREAKING: {text} (request-bound-narrowed at {POINTER})"

    assert invoke("diff", "old.yaml", "new.yaml") == (1, f"{line}\n1 breaking change, 0 other changes.\n", "")


def test_change_that_breaks_nobody_is_told() -> None:
    code, output, errors = invoke("diff", "new.yaml", "old.yaml")

    assert (code, errors) == (0, "")
    assert output.startswith("old.yaml:12:35: the provider has to follow: GET /things/{id}, parameter kind has the ")
    assert output.endswith("\n0 breaking changes, 1 other change.\n")


def test_changes_are_told_as_json() -> None:
    code, output, errors = invoke("diff", "old.yaml", "new.yaml", "--json")

    change = {
        "rule": "request-bound-narrowed",
        "pointer": POINTER,
        "file": "new.yaml",
        "line": 12,
        "column": 62,
        "text": "GET /things/{id}, parameter kind has the maximum 9, had 2147483647.",
        "breaking": True,
        "hurts": "consumers",
    }
    assert (code, json.loads(output), errors) == (1, {"breaking": 1, "changes": [change]}, "")


@pytest.mark.parametrize("files", [("nowhere.yaml", "new.yaml"), ("old.yaml", "broken.yaml"), (".", "new.yaml")])
def test_unreadable_file_is_told(files: tuple[str, str]) -> None:
    code, output, errors = invoke("diff", *files)

    assert (code, output) == (2, "")
    assert any(errors.startswith(f"{each}:1:1: ") for each in files)


def test_reports_are_written_for_ci() -> None:
    reports = ("--report", "junit=a.xml", "--report", "json=a.json", "--report", "github")

    code, output, errors = invoke("diff", "old.yaml", "new.yaml", *reports)

    text = "GET /things/{id}, parameter kind has the maximum 9, had 2147483647. request-bound-narrowed."
    line = f"new.yaml:12:62: BREAKS CONSUMERS: {text} ({POINTER})"
    annotation = f"::error file=new.yaml,line=12,col=62,title=breaks consumers::{line}"
    assert (code, output.splitlines()[2:], errors) == (1, [annotation], "")
    report = json.loads(Path("a.json").read_text(encoding="utf-8"))
    finding = report["cases"][0]["findings"][0]
    assert (report["name"], report["subject"], report["exit_code"]) == ("diff", "new.yaml", 1)
    assert (finding["kind"], finding["line"], finding["pointer"]) == ("break", 12, POINTER)
    assert '<testcase classname="diff.contract" name="changes from old.yaml">' in Path("a.xml").read_text("utf-8")


def test_report_without_breaks_has_passed() -> None:
    code, output, errors = invoke("diff", "new.yaml", "old.yaml", "--report", "json=a.json", "--report", "github")

    report = json.loads(Path("a.json").read_text(encoding="utf-8"))
    assert (code, report["exit_code"], report["cases"][0]["verdict"], errors) == (0, 0, "passed", "")
    assert (
        "::notice file=old.yaml,line=12,col=35,title=note::old.yaml:12:35: note: the provider has to follow" in output
    )


def test_equal_contracts_give_report_that_passed() -> None:
    assert invoke("diff", "old.yaml", "old.yaml", "--report", "json=a.json")[0] == 0

    assert json.loads(Path("a.json").read_text(encoding="utf-8"))["exit_code"] == 0


def test_two_printed_formats_are_refused() -> None:
    code, output, errors = invoke("diff", "old.yaml", "new.yaml", "--json", "--report", "github")

    assert (code, output) == (2, "")
    assert "--json and --report github both print. Leave one of them out." in errors


def test_report_that_cannot_be_written_is_told() -> None:
    code, _, errors = invoke("diff", "old.yaml", "new.yaml", "--report", f"json={'a' * 255}")

    assert (code, errors) == (2, f"--report: '{'a' * 255}' cannot be written: File name too long. Name another file.\n")
