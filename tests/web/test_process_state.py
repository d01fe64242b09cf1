"""What all code of a process shares stays as it is: a stub may live in the process of other tests."""

import sys
from pathlib import Path

from tests.support.process import run

ROOT = Path(__file__).parents[2]


def test_serving_and_loading_change_nothing_shared(tmp_path: Path) -> None:
    program = (sys.executable, "-m", "tests.support.process_state")

    assert run(str(tmp_path), folder=ROOT, command=program) == (0, "[]\n", "")
