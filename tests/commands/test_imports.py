"""What a start leaves out until it is needed, by the names of modules, each start in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
STUB: Final = ("flask", "marshmallow", "yaml", "waitress", "mockserver.stub", "mockserver.web", "mockserver.planning")
"""What makes a stub and serves it."""

OTHER_COMMANDS: Final = (
    *("mockserver.commands.agent_tools", "mockserver.commands.check", "mockserver.commands.check_provider"),
    *("mockserver.commands.coverage", "mockserver.commands.diff", "mockserver.commands.edges"),
    *("mockserver.commands.explain", "mockserver.commands.init", "mockserver.commands.run"),
)
LATER: Final = (
    *("faker", "mcp", "pydantic", "pytest", "tomllib", "mockserver.testing"),
    *("mockserver.conformance.changes", "mockserver.insight.coverage", "mockserver.insight.explanation"),
    *("mockserver.insight.verification", "mockserver.web.admin.lists", "mockserver.web.admin.page"),
)
"""What some answers, some addresses of the stub, the page for people and tests need, a start does not."""

RUN: Final = """
from mockserver.commands.main import main
main({arguments}, standalone_mode=False)
"""
ANSWER: Final = """
from mockserver import create_app
assert create_app().test_client().get("/API/Customers/100200300").status_code == 200
"""
OWN_FIXTURES: Final = f"""
from mockserver import create_app
create_app(fixtures={str(ROOT / "fixtures/answers.yaml")!r})
"""
SERVE: Final = f"import mockserver.commands.main, mockserver.commands.serve{ANSWER}"


def list_imported(code: str) -> list[str]:
    """Return the modules that a process has imported in which this code has run."""
    told = f"{code}\nimport sys\nprint('', *sys.modules, sep='\\n')"
    return subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout.splitlines()


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        pytest.param("import mockserver", (*STUB, *LATER, "click", "mockserver.commands"), id="package"),
        pytest.param(RUN.format(arguments=["--version"]), (*STUB, *LATER, *OTHER_COMMANDS), id="version"),
        pytest.param(RUN.format(arguments=["--help"]), (*STUB, *LATER, *OTHER_COMMANDS), id="help"),
        pytest.param(RUN.format(arguments=["diff", "--help"]), ("flask", "waitress", "mockserver.web"), id="diff"),
        pytest.param(ANSWER, (*LATER, "mockserver.commands", "waitress"), id="application"),
        pytest.param(OWN_FIXTURES, LATER, id="own fixtures"),
        pytest.param(SERVE, (*LATER, *OTHER_COMMANDS), id="serve"),
    ],
)
def test_start_leaves_modules_out(code: str, absent: Collection[str]) -> None:
    imported = list_imported(code)

    assert [each for each in imported if each in absent or each.startswith(tuple(f"{name}." for name in absent))] == []


@pytest.mark.parametrize("name", LATER)
def test_modules_that_are_left_out_exist(name: str) -> None:
    assert find_spec(name) is not None
