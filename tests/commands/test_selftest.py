"""`mockserver selftest`: the table, the reports, the exit code, and what stops it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mockserver.selftest.cases import SelfTest
from tests.support.odd_fixtures import ODD_FIXTURES
from tests.support.process import ENVIRONMENT, invoke, run

EXTRA = ("schemathesis", "hypothesis", "requests", "urllib3", "httpx")
"""What the extra brings, and clients that nobody needs without it."""

FEW = ("--fuzz-examples", "5")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "odd.yaml").write_text(ODD_FIXTURES, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text('schema: Customer\nrecords: [{PersonalId: "1", Sex: 64}]\n', encoding="utf-8")
    return tmp_path


pytestmark = pytest.mark.usefixtures("folder", "handlers_of_before")


def test_shipped_stub_passes_alike_each_time(folder: Path) -> None:
    before = sorted(each.name for each in folder.iterdir())

    code, output, errors = run("selftest", *FEW, "--report", "json=a.json", folder=folder)
    again = invoke("selftest", *FEW, "--report", "json=b.json")

    lines = output.splitlines()
    assert (code, errors, lines[0]) == (0, "", "selftest of openapi.yaml")
    assert [line.split()[:3] for line in lines[3:10]] == [
        ["start", "1", "-"],
        ["fixtures", "19", "-"],
        ["processes", "1", "-"],
        ["examples", "1", "-"],
        ["coverage", "1", "-"],
        ["fuzzing", "1", "-"],
        ["stateful", "-", "-"],
    ]
    assert lines[-1] == "25 cases: 24 passed, 1 skipped."
    assert again == (0, output, "")
    assert read_cases(folder / "a.json") == read_cases(folder / "b.json")
    assert sorted(each.name for each in folder.iterdir()) == sorted([*before, "a.json", "b.json"])


def read_cases(path: Path) -> list[Any]:
    """The cases of a report without their times."""
    report: Any = json.loads(path.read_text(encoding="utf-8"))
    return [{**each, "seconds": 0} for each in report["cases"]]


@pytest.mark.parametrize(
    "options",
    [
        ("--fixtures", "odd.yaml", "--model-state", "ignored"),
        ("--missing", "null", "--source", "fixtures", "--strict", "--no-host-headers", "--model-state", "checked"),
        ("--source", "generated", "--base-path", "/é", "--prefix", "/stub", "--admin-token", "secret"),
    ],
    ids=" ".join,
)
def test_settings_of_the_user_pass(options: tuple[str, ...]) -> None:
    code, output, errors = invoke("selftest", *FEW, "--fuzz-seed", "3", *options)

    assert (code, errors) == (0, ""), output


def test_breach_is_found_by_both_judges() -> None:
    code, output, errors = invoke("selftest", *FEW, "--fixtures", "bad.yaml", "--on-breach", "warn")

    told = "BREAKS THE CONTRACT: "
    assert (code, errors) == (1, "")
    assert f"bad.yaml:2:1: {told}Sex is 64, the contract allows 0 to 2. Change the fixture or the contract." in output
    assert f"{told}Response violates schema: 64 is greater than the maximum of 2" in output
    assert "curl -i 'http://localhost:8080/API/Customers/1?" in output


def test_fault_of_a_fixture_is_named() -> None:
    code, output, errors = invoke("selftest", "--fixtures", "bad.yaml", "--report", "github")

    text = "bad.yaml:2:34: STOPS THE START: Sex is 64, the contract allows 0 to 2. Change the record or the contract."
    assert (code, errors) == (1, "")
    assert output.splitlines()[5] == text
    assert output.splitlines()[-1] == f"::error file=bad.yaml,line=2,col=34,title=stops the start::{text}"


def test_fault_of_a_contract_is_named(folder: Path) -> None:
    (folder / "c.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")

    code, output, _ = invoke("selftest", "--contract", "c.yaml", "--report", "junit=r.xml")

    assert code == 1
    assert "c.yaml:1:1: STOPS THE START: " in output
    assert "c.yaml:1:1: STOPS THE START: " in (folder / "r.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--contract", "none.yaml"), "--contract: 'none.yaml' cannot be read: "),
        (("--fixtures", "none"), "--fixtures: none: there is no such folder or file. "),
        (("--source", "fixture"), "--source: 'fixture' is not one of "),
        (("--fuzz-examples", "0"), "Error: Invalid value for '--fuzz-examples': "),
        (("--fuzz-seed", "x"), "Error: Invalid value for '--fuzz-seed': "),
        (("--report", "xml=a"), "Error: Invalid value for '--report': 'xml' is not one of "),
    ],
)
def test_wrong_usage_is_told(options: tuple[str, ...], told: str) -> None:
    code, output, errors = invoke("selftest", *options)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith(told)


def test_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mockserver.conformance.fuzzing", raising=False)
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    monkeypatch.setattr("mockserver.conformance.fuzzing", None, raising=False)
    monkeypatch.delattr("mockserver.conformance.fuzzing")

    code, output, errors = invoke("selftest")

    assert (code, output) == (2, "")
    assert errors.startswith("Schemathesis is missing: ")
    assert errors.endswith(". Install mockserver with its extra: mockserver[ci].\n")


def test_interrupted_run_reports_what_it_has(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(SelfTest, "compare_processes", interrupt)

    code, output, _ = invoke("selftest", "--report", "json=r.json")

    assert code == 2
    assert output.endswith("Interrupted: not every case was tried. 20 cases: 20 passed.\n")
    assert json.loads((folder / "r.json").read_text(encoding="utf-8"))["complete"] is False


SERVE = """
import mockserver.commands.main, mockserver.commands.serve
from mockserver import create_app
assert create_app().test_client().get("/API/Customers/1").status_code == 200
"""
TEST = """
import urllib.request

def test_one(mock_api, mock_api_app):
    mock_api.record("Customer", PersonalId="9", FirstName="Zed")
    urllib.request.urlopen(f"{mock_api.url}/Customers/9").close()
    mock_api.verify("getCustomer", exactly=1)
"""
PLUGIN = """
import pytest
assert pytest.main(["-q", "--capture=sys", "-p", "mockserver.testing.plugin", "--mock-coverage", "test_it.py"]) == 0
"""


@pytest.mark.parametrize("code", [SERVE, PLUGIN], ids=["serve", "plugin"])
def test_nobody_else_imports_the_extra(folder: Path, code: str) -> None:
    (folder / "test_it.py").write_text(TEST, encoding="utf-8")
    told = f"{code}\nimport sys\nprint([each for each in {EXTRA} if each in sys.modules])"
    # The fuzzer has a plugin of its own, which pytest would load.
    own = ENVIRONMENT | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

    done = subprocess.run([sys.executable, "-c", told], cwd=folder, env=own, capture_output=True, text=True)

    assert (done.stdout.splitlines()[-1], done.stderr, done.returncode) == ("[]", "", 0)
