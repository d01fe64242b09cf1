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
