"""The steps of the action for GitHub, as a runner runs them; installing needs the network, and is left out."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from tests.support.doc_blocks import ROOT
from tests.support.process import ENVIRONMENT, SECONDS, is_refused
from tests.support.waiting import has_come

ACTION: dict[str, Any] = yaml.safe_load((ROOT / ".github/actions/serve/action.yml").read_text(encoding="utf-8"))
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"]}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the action is for Linux and macOS")


def run_step(folder: Path, options: str) -> tuple[int, str, dict[str, str]]:
    """Exit code, what was printed, and the outputs of the step that serves; the program tells its process id."""
    program = folder / "mockserver"
    program.write_text(f'#!/bin/sh\necho $$ >"{folder}/pid"\nexec "{sys.executable}" -m mockserver "$@"\n')
    program.chmod(0o700)
    given = {"RUNNER_TEMP": str(folder), "GITHUB_OUTPUT": str(folder / "outputs")}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS["serve"]["run"]],
        env={**ENVIRONMENT, **given, "COMMAND": str(program), "OPTIONS": options},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    outputs = folder / "outputs"
    lines = outputs.read_text().splitlines() if outputs.exists() else []
    return done.returncode, done.stdout, dict(line.split("=", 1) for line in lines)


def test_stub_is_served_with_the_options(tmp_path: Path) -> None:
    fixtures = tmp_path / "own fixtures"
    fixtures.mkdir()
    (fixtures / "customers.yaml").write_text("schema: Customer\nrecords: [{PersonalId: '7', FirstName: Own}]")

    code, printed, outputs = run_step(tmp_path, "--fixtures=own fixtures\n--seed=7\n\n")
    try:
        with urlopen(f"{outputs['url']}/API/Customers/7") as answer:
            source = answer.headers["X-Mock-Source"]
    finally:
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)

    assert (code, printed, source) == (0, "", "record own fixtures/customers.yaml:2")
    assert is_refused(outputs["url"])
    assert has_come(lambda: source in Path(outputs["log"]).read_text())


def test_stub_that_cannot_start_fails_the_step(tmp_path: Path) -> None:
    code, printed, outputs = run_step(tmp_path, "--fixtures=nowhere")

    assert (code, outputs) == (1, {})
    assert printed == (
        "--fixtures: nowhere: there is no such folder or file. Name the folder of the fixtures.\n"
        "::error::The stub has ended, or is not ready after 60 seconds. Its problems are above.\n"
    )


def test_outputs_are_those_of_the_steps() -> None:
    promised = {name: output["value"] for name, output in ACTION["outputs"].items()}
    written = {
        name: f"${{{{ steps.serve.outputs.{name} }}}}" for name in re.findall(r'echo "(\w+)=', STEPS["serve"]["run"])
    }

    assert promised == written
    assert "${{" not in "".join(step["run"] for step in STEPS.values())  # Text from outside never becomes code.
