"""`python -m bench.seeded_faults`: seeds faults into a copy of the stub, one at a time, and counts what tests catch.

To compare two states of the code, run it on the first, save the output, and run it on the second with `--again` and
that file. It names each fault by its function, and so finds it again after the function has moved to another module.
`SUBJECTS` says where functions and tests are now.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import venv
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Final

from bench.seeding import SeededFault, choose_faults, find_again, find_faults


@dataclass(frozen=True, slots=True)
class Subject:
    """What faults are seeded into, and the arguments with which pytest runs the tests of it."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


SUBJECTS: Final[Mapping[str, Subject]] = {
    "preferences": Subject(
        ("mockserver/http/preferences.py",),
        (
            "tests/http/test_preferences.py",
            "tests/planning",
            # 60 long headers take 15 seconds, and concern only regular expressions, which get no faults.
            "--deselect=tests/http/test_preferences.py::test_hostile_header_is_read_to_its_end",
        ),
    ),
    "readers": Subject(
        tuple(
            f"mockserver/fixtures/readers/{name}.py"
            for name in (
                *("condition_reader", "reply_reader", "body_reader", "effect_reader", "header_reader"),
                *("placeholder_reader", "value_reader"),
            )
        ),
        ("tests/fixtures/readers",),
    ),
    "sessions": Subject(
        tuple(f"mockserver/state/{name}.py" for name in ("sessions", "overlays", "visits")),
        ("tests/state", "tests/planning", "tests/web/admin/test_control.py", "tests/web/admin/test_posted.py"),
    ),
    "openapi": Subject(
        tuple(
            f"mockserver/contract/{name}.py"
            for name in ("openapi", "operations", "parameters", "responses", "components", "references")
        ),
        ("tests/contract", "tests/test_document.py", "tests/web/test_second_operation.py"),
    ),
    "connections": Subject(
        tuple(f"mockserver/server/{name}.py" for name in ("channel", "parser", "tasks", "limits")),
        ("tests/server", "tests/web/test_delivery.py", "--ignore=tests/server/test_load.py"),
    ),
}

_ROOT: Final = Path(__file__).parents[1]
_PYTEST: Final = ("-x", "-q", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib")
_PARALLEL: Final = 2
"""Runs that go on at once, each in a copy of its own."""

_FIRST_SECONDS: Final = 300
"""The time limit of the run without a fault; the others have three times what that took, and ten seconds."""


class _Workplace:
    """A copy of the work tree, with a virtual environment whose Python imports that copy, in child processes too."""

    def __init__(self, folder: Path) -> None:
        self._root = folder / "tree"
        shutil.copytree(_ROOT, self._root, ignore=shutil.ignore_patterns(".*", "__pycache__", "dist", "build"))
        venv.create(folder / "venv", symlinks=True)
        scheme = {"base": str(folder / "venv")}
        packages = Path(sysconfig.get_path("purelib", "venv", scheme)) / "packages.pth"
        packages.write_text(f"{self._root}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
        self._python = Path(sysconfig.get_path("scripts", "venv", scheme)) / "python"

    def write(self, file: str, text: str) -> None:
        """Put `text` into the `file`, and forget what was compiled of it."""
        path = self._root / file
        path.write_text(text, encoding="utf-8")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()

    def restore(self, file: str) -> None:
        """Put the text without a fault into the `file`, without comments too, as texts with faults are."""
        self.write(file, ast.unparse(ast.parse((_ROOT / file).read_text(encoding="utf-8"))))

    def run_with(self, file: str, text: str, subject: Subject, limit: float) -> str | None:
        """Run the tests as `run` does while the `file` has another `text`."""
        self.write(file, text)
        try:
            return self.run(subject, limit)
        finally:
            self.restore(file)

    def run(self, subject: Subject, limit: float) -> str | None:
        """Return the first test that fails, or `time limit` after `limit` seconds; None if all pass."""
        others = {name: value for name, value in os.environ.items() if not name.startswith(("MOCKSERVER_", "PYTHON"))}
        with subprocess.Popen(
            [self._python, "-m", "pytest", *_PYTEST, *subject.tests],
            cwd=self._root,
            env={**others, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            try:
                output = process.communicate(timeout=limit)[0]
            except subprocess.TimeoutExpired:
                return "time limit"
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        failed = re.search(r"^(?:FAILED|ERROR) (tests/.+?)(?: - |$)", output, re.MULTILINE)
        return None if process.returncode == 0 else failed[1] if failed else output[-200:]


def main() -> None:
    """Seed, run and print."""
    parser = argparse.ArgumentParser(
        prog="bench.seeded_faults", description="Count the seeded faults that tests catch."
    )
    parser.add_argument("--module", choices=SUBJECTS, help="one of the subjects, instead of all")
    parser.add_argument("--seed", type=int, default=0, help="another number chooses other faults")
    parser.add_argument("--count", type=int, default=40, help="faults for each subject")
    parser.add_argument("--again", type=Path, metavar="FILE", help="seed the faults that an earlier output names")
    options = parser.parse_args()
    earlier = options.again.read_text(encoding="utf-8") if options.again else None
    os.nice(10)
    rows: list[str] = []
    survivors: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        places = [_Workplace(Path(folder) / str(number)) for number in range(_PARALLEL)]
        for name in [options.module] if options.module else SUBJECTS:
            faults = _choose(name, options.count, options.seed, earlier)
            started = perf_counter()
            survived = _seed(name, faults, places)
            seconds = perf_counter() - started
            rows.append(f"| {name} | {len(faults) - len(survived)} | {len(faults)} | {seconds:.0f} |")
            survivors += survived
    print("", "| subject | caught | of | s |", "|---|---|---|---|", *rows, "", "Survivors:", *survivors, sep="\n")


def _choose(name: str, count: int, seed: int, earlier: str | None) -> list[SeededFault]:
    """Return the faults of a subject: some of all, or those that the output of an `earlier` run names."""
    faults = [fault for file in SUBJECTS[name].files for fault in find_faults(_ROOT, file)]
    if earlier is None:
        print(f"\n{name}: {len(faults)} faults can be seeded.", flush=True)
        return choose_faults(faults, count, seed)
    lines = [re.split(r"  +", line) for line in earlier.splitlines() if re.match(rf"(caught|survived) +{name} ", line)]
    found = {line[2]: find_again(faults, line[2], line[4]) for line in lines}
    again = [fault for fault in found.values() if fault is not None]
    lost = [each for each, fault in found.items() if fault is None]
    differ = [fault.name for fault in again if fault.change not in earlier]
    print(
        f"\n{name}: {len(again)} of {len(found)} faults are found again. Lost: {lost}. They differ: {differ}.",
        flush=True,
    )
    return list(dict.fromkeys(again))


def _seed(name: str, faults: Sequence[SeededFault], places: Sequence[_Workplace]) -> list[str]:
    """Run the tests with each of the `faults`, print a line for each, and return the lines of the survivors."""
    subject = SUBJECTS[name]
    free: SimpleQueue[_Workplace] = SimpleQueue()
    for place in places:
        free.put(place)

    def run(file: str, text: str) -> str | None:
        place = free.get()
        try:
            return place.run_with(file, text, subject, limit)
        finally:
            free.put(place)

    survivors: list[str] = []
    with ThreadPoolExecutor(len(places)) as pool:
        limit = 3 * max(pool.map(lambda place: _time_without_fault(place, subject), places)) + 10
        files, texts = [fault.file for fault in faults], [fault.write() for fault in faults]
        for fault, catcher in zip(faults, pool.map(run, files, texts), strict=True):
            verdict = "survived" if catcher is None else "caught  "
            line = f"{verdict}  {name}  {fault.name}  {fault.place}  {fault.change}"
            print(line if catcher is None else f"{line}  [{catcher}]", flush=True)
            if catcher is None:
                survivors.append(line)
    return survivors


def _time_without_fault(place: _Workplace, subject: Subject) -> float:
    for file in subject.files:
        place.restore(file)
    started = perf_counter()
    stopped = place.run(subject, _FIRST_SECONDS)
    if stopped is not None:
        raise SystemExit(f"Without a fault the tests fail: {stopped}. Run them to see why.")
    return perf_counter() - started


if __name__ == "__main__":
    main()
