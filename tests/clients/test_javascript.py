"""The JavaScript client passes the tests that are written for node, beside a stub of this environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mockserver.version import __version__
from tests.support.process import ENVIRONMENT, SECONDS

TESTS = Path(__file__).with_name("mockserver.test.js")
CLIENT = Path(__file__).parents[2] / "clients" / "js"
OLDEST = 20


def find_node() -> int:
    """Return the version of node that is installed, or 0."""
    program = shutil.which("node")
    if program is None:
        return 0
    printed = subprocess.run([program, "--version"], capture_output=True, encoding="utf-8", check=True).stdout
    return int(printed.removeprefix("v").partition(".")[0])


@pytest.mark.skipif(find_node() < OLDEST, reason=f"node {OLDEST} or newer is not installed")
def test_client_passes_its_tests() -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), ENVIRONMENT["PATH"]))
    done = subprocess.run(
        ["node", "--test", "--test-reporter=tap", str(TESTS)],
        env={**ENVIRONMENT, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS * 2,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "# pass 0\n" not in done.stdout


def test_package_says_what_is_supported() -> None:
    package = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))

    assert (package["version"], package["engines"]) == (__version__, {"node": f">={OLDEST}"})
    assert {name for name in package if name.lower().endswith("dependencies")} == set()
    assert all((CLIENT / file).is_file() for file in package["exports"]["."].values())
