"""`python -m bench.plugin [--quick]`: what the pytest plugin costs a run of tests, as a table in Markdown."""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from types import MappingProxyType
from typing import Final

ROUNDS: Final = 15
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

STARTS: Final = "import bench.plugin; bench.plugin.time_start()"


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
    told = subprocess.run([sys.executable, "-c", STARTS], check=True, capture_output=True, text=True).stdout
    without = _run_tests(folder, "one_plain", "-p", f"no:{OWN}")
    return {**json.loads(told), "without": without, **{name: _run_tests(folder, name) for name in FILES}}


def _derive(seen: Mapping[str, float]) -> Mapping[str, float]:
    """Return the costs from what was seen."""
    stub, plain = seen["stub"] - seen["one_stub"], seen["plain"] - seen["one_plain"]
    unused = seen["one_plain"] - seen["without"]
    return dict(
        zip(AIMS, (unused, seen["start"], seen["stop"], seen["clock"], (stub - plain) / (TESTS - 1)), strict=True)
    )


def _run_tests(folder: Path, name: str, *options: str) -> float:
    """Return the milliseconds of CPU that pytest takes for a file, with no other plugin."""
    others = (each.name for each in entry_points(group="pytest11") if each.name != OWN)
    without = [part for each in others for part in ("-p", f"no:{each}")]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *without, *options, f"test_{name}.py"]
    return _count(lambda: subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL))


def _count(deed: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    deed()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


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
