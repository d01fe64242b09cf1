"""`python -m bench.plugin [--quick]`: what the pytest plugin costs a run of tests, as a table in Markdown."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from importlib.metadata import entry_points
from io import StringIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from types import MappingProxyType
from typing import Final

import pytest

ROUNDS: Final = 9
TESTS: Final = 200
OWN: Final = "mockserver"
"""The name by which pytest knows the plugin."""

FILES: Final = MappingProxyType(
    {
        "one_plain": "def test_one(): pass\n",
        "plain": f"import pytest\n@pytest.fixture\ndef own(): yield\n"
        f"@pytest.mark.parametrize('n', range({TESTS}))\ndef test_one(own, n): pass\n",
        "one_stub": "def test_one(mock_api): pass\n",
        "stub": f"import pytest\n@pytest.mark.parametrize('n', range({TESTS}))\ndef test_one(mock_api, n): pass\n",
    }
)

AIMS: Final = MappingProxyType(
    {
        "a run that does not use it, CPU": 5,
        "a start of stub and server after import, CPU": 50,
        "a stop, CPU": 20,
        "a stop, on the clock": 20,
        "each test that uses it, CPU": 2,
    }
)
"""What is measured, each with the most milliseconds that it is to take."""

CHILD: Final = "import sys, bench.plugin; getattr(bench.plugin, sys.argv[1])()"
"""Runs a function of this module in a process of its own."""

PAIRS: Final = 10


def main() -> None:
    """Measure in interleaved rounds, and print."""
    parser = argparse.ArgumentParser(prog="bench.plugin", description="Measure what the pytest plugin costs.")
    parser.add_argument("--quick", action="store_true", help="a quick look: three rounds")
    rounds = 3 if parser.parse_args().quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            Path(folder, f"test_{name}.py").write_text(text, encoding="utf-8")
        seen = [_measure(Path(folder)) for _ in range(rounds + 1)][1:]  # The first round writes the bytecode.
    least, middle = (_derive({name: take(each[name] for each in seen) for name in seen[0]}) for take in (min, median))
    print(f"{rounds} interleaved rounds\n\n| Cost of the plugin | least ms | median ms | aim |\n|---|---|---|---|")
    for name, aim in AIMS.items():
        print(f"| {name} | {least[name]:.1f} | {middle[name]:.1f} | {aim} |")


def _measure(folder: Path) -> Mapping[str, float]:
    """Return the milliseconds of one round."""
    runs = {name: _run_tests(name, folder) for name in FILES}
    return {**json.loads(_time("time_start", folder)), "unused": float(_time("time_unused", folder)), **runs}


def _derive(seen: Mapping[str, float]) -> Mapping[str, float]:
    """Return the costs from what was seen."""
    stub, plain = seen["stub"] - seen["one_stub"], seen["plain"] - seen["one_plain"]
    figures = (seen["unused"], seen["start"], seen["stop"], seen["clock"], (stub - plain) / (TESTS - 1))
    return dict(zip(AIMS, figures, strict=True))


def _options(name: str) -> list[str]:
    """Return the options by which pytest runs a file with no other plugin."""
    others = (each.name for each in entry_points(group="pytest11") if each.name != OWN)
    without = [part for each in others for part in ("-p", f"no:{each}")]
    return ["-q", "-p", "no:cacheprovider", *without, f"test_{name}.py"]


def _time(function: str, folder: Path) -> str:
    return _run([sys.executable, "-c", CHILD, function], folder)


def _run(command: list[str], folder: Path) -> str:
    # Pytest keeps what it makes of the plugin in the first run, as Python does.
    kept = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def _run_tests(name: str, folder: Path) -> float:
    """Return the milliseconds of CPU that a run of pytest takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run([sys.executable, "-m", "pytest", *_options(name)], folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def time_unused() -> None:
    """Print by how many milliseconds of CPU a run of one test takes longer with the plugin, each time imported anew."""
    costs = []
    for _ in range(PAIRS):
        without = _time_run("-p", f"no:{OWN}")
        costs.append(_time_run() - without)
    print(median(costs[1:]))


def _time_run(*options: str) -> float:
    for name in [each for each in sys.modules if each.split(".")[0] == OWN]:
        del sys.modules[name]
    began = process_time()
    with redirect_stdout(StringIO()):
        assert pytest.main([*_options("one_plain"), *options]) == pytest.ExitCode.OK
    return (process_time() - began) * 1000


def time_start() -> None:
    """Print the milliseconds of CPU that a start takes after import, and a stop; and those of the stop on the clock."""
    from mockserver.testing.running_stub import RunningStub

    began = process_time()
    stub = RunningStub({})
    assert stub.url
    started, clock = process_time(), perf_counter()
    stub.stop()
    times = {"start": started - began, "stop": process_time() - started, "clock": perf_counter() - clock}
    print(json.dumps({name: seconds * 1000 for name, seconds in times.items()}))


if __name__ == "__main__":
    main()
