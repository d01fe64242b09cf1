"""`python -m bench [--quick]`: measures the stub and prints what came out, as tables in Markdown."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from typing import Final

from bench.hits import time_hits
from bench.inputs import FIRST_ID, write_answers, write_records
from bench.load import CONNECTIONS, Speed, load, require_wrk
from bench.new_id import time_new_id
from bench.peers import serve_peers
from bench.servers import Running, run_python, serve_bare, serve_constant, serve_stub
from bench.steps import time_steering, time_steps

FIXTURE: Final = "/API/Customers/100200300"
GENERATED: Final = "/API/Customers/42"
NEW: Final = "/API/Customers/%d"
UNKEPT: Final = f"/API/Customers/{FIRST_ID}?n=%d"
"""A record under ever new targets, so that no answer to an earlier request is there to be used."""

SESSION: Final = f"/__mock/s/bench-%d/API/Customers/{FIRST_ID}"
"""A record in one of many sessions."""

FIRST_TARGETS: Final = count(10**9, 10**7)


@dataclass(frozen=True, slots=True)
class Mode:
    """How much is measured."""

    rounds: int
    seconds: float
    past: int
    server_core: int | None
    load_core: int | None


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure how fast the stub is.")
    parser.add_argument("--quick", action="store_true", help="a quick look: one round, short runs")
    parser.add_argument(
        "--peers", action="store_true", help="beside other mock servers, which npm installs; no other table"
    )
    require_wrk()
    given = parser.parse_args()
    mode = _choose_mode(quick=given.quick)
    cores = "a core for the server, one for wrk" if mode.server_core is not None else "one core for everything"
    print(f"{platform.python_implementation()} {platform.python_version()}, {cores}, {mode.rounds} interleaved rounds.")
    if given.peers:
        _print_peers(mode)
        return
    with tempfile.TemporaryDirectory() as folder:
        _print_start(mode)
        _print_load(mode)
        _print_known(mode, Path(folder))
        _print_loading(mode, Path(folder))
        _print_growth(mode, Path(folder))
        _print_steps(mode)


def _choose_mode(*, quick: bool) -> Mode:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    server, loading = cores[:2] if len(cores) > 1 else (None, None)
    return Mode(1, 1, 5_000, server, loading) if quick else Mode(5, 3, 200_000, server, loading)


def _print_start(mode: Mode) -> None:
    """From nothing to the first right answer, and the memory then. The first start compiles, and is not counted."""
    rows: dict[str, dict[str, list[float]]] = {"complete fixture": {}, "generated": {}}
    for number in range(mode.rounds + 1):
        for name, target in zip(rows, (FIXTURE, GENERATED), strict=True):
            with serve_stub(target, core=mode.server_core) as server:
                if number > 0:
                    rows[name].setdefault("s", []).append(server.started)
                    rows[name].setdefault("MB", []).append(server.megabytes)
    _print_table("Start to first answer", ("s", "MB"), rows, 2)


def _print_load(mode: Mode) -> None:
    """The kinds of answer beside two plain apps, in turn, so that a busy moment of the machine hits all alike."""
    with ExitStack() as stack:
        stub = stack.enter_context(serve_stub(FIXTURE, core=mode.server_core))
        uncached = stack.enter_context(serve_stub(FIXTURE, "--no-cache", core=mode.server_core))
        answer = stub.ask(FIXTURE)
        constant = stack.enter_context(serve_constant(answer, FIXTURE, mode.server_core, "waitress"))
        flask = stack.enter_context(serve_bare(answer, FIXTURE, mode.server_core))
        contestants = {
            "constant WSGI app": (constant, FIXTURE),
            "bare Flask": (flask, FIXTURE),
            "known answer, fixture": (stub, FIXTURE),
            "known answer, generated": (stub, GENERATED),
            "fixture, --no-cache": (uncached, FIXTURE),
            "ever new ids": (stub, NEW),
        }
        rows = _run_rounds(mode, contestants)
    first = rows["constant WSGI app"]
    for row in rows.values():
        row["of constant"] = [own / base for own, base in zip(row["/s"], first["/s"], strict=True)]
        row["of constant, by CPU"] = [base / own for own, base in zip(row["CPU us"], first["CPU us"], strict=True)]
    columns = ("/s", "of constant", "CPU us", "of constant, by CPU")
    _print_table(f"Load of {CONNECTIONS} connections", columns, rows, 2)


def _print_known(mode: Mode, folder: Path) -> None:
    """Known answers of stubs that hold much beside ones that hold little."""
    target, rows = f"/API/Customers/{FIRST_ID}", dict[str, dict[str, list[float]]]()
    with ExitStack() as stack:

        def start(path: Path) -> Running:
            return stack.enter_context(serve_stub(target, "--fixtures", str(path), core=mode.server_core))

        few = start(write_records(folder / "10-records", 10))
        contestants = {
            "10 records": (few, target, 0),
            "10,000 records": (start(write_records(folder / "10,000-records", 10_000)), target, 0),
            "10 answers": (start(write_answers(folder / "10-answers", 10)), target, 0),
            "1,000 answers": (start(write_answers(folder / "1,000-answers", 1_000)), target, 0),
            "10 sessions": (few, SESSION, 10),
            "500 sessions": (few, SESSION, 500),
        }
        for _ in range(mode.rounds):
            for name, (server, asked, most) in contestants.items():
                speed = load(server, asked, mode.seconds, mode.load_core, 0, most)
                row = rows.setdefault(name, {"/s": [], "CPU us": []})
                row["/s"].append(speed.per_second)
                row["CPU us"].append(speed.cpu_microseconds)
    _print_table("Known answer", ("/s", "CPU us"), rows, 0)


def _print_peers(mode: Mode) -> None:
    """The stub on both servers, constant apps on these servers, and the peers, in turn."""
    with ExitStack() as stack:
        contestants = _start_peers(stack, mode.server_core)
        for running, target in contestants.values():
            _load(mode, running, target)  # Node and Java compile while they run: this round is not counted.
        rows = _run_rounds(mode, contestants)
        for name, (running, _) in contestants.items():
            rows[name] |= {"s to first answer": [running.started], "MB": [running.megabytes]}
    base = next(iter(rows.values()))["/s"]
    for row in rows.values():
        row["of the first"] = [own / first for own, first in zip(row["/s"], base, strict=True)]
    columns = ("s to first answer", "MB", "/s", "of the first", "CPU us")
    _print_table(f"Load of {CONNECTIONS} connections", columns, rows, 2)


def _start_peers(stack: ExitStack, core: int | None) -> Mapping[str, tuple[Running, str]]:
    """All that is compared, started, each with its target."""
    kinds = ("waitress", "granian")
    stubs = {kind: stack.enter_context(serve_stub(FIXTURE, "--server", kind, core=core)) for kind in kinds}
    answer = stubs["waitress"].ask(FIXTURE)
    contestants = {
        f"constant WSGI app, {kind}": (stack.enter_context(serve_constant(answer, FIXTURE, core, kind)), FIXTURE)
        for kind in kinds
    }
    contestants |= {f"stub, {kind}, fixture": (stub, FIXTURE) for kind, stub in stubs.items()}
    contestants |= {f"stub, {kind}, ever new ids": (stub, NEW) for kind, stub in stubs.items()}
    return {**contestants, **serve_peers(stack, answer[2], core)}


def _run_rounds(mode: Mode, contestants: Mapping[str, tuple[Running, str]]) -> dict[str, dict[str, list[float]]]:
    rows: dict[str, dict[str, list[float]]] = {name: {"/s": [], "CPU us": []} for name in contestants}
    for _ in range(mode.rounds):
        for name, (server, target) in contestants.items():
            speed = _load(mode, server, target)
            rows[name]["/s"].append(speed.per_second)
            rows[name]["CPU us"].append(speed.cpu_microseconds)
    return rows


def _load(mode: Mode, server: Running, target: str) -> Speed:
    return load(server, target, mode.seconds, mode.load_core, next(FIRST_TARGETS))


def _print_loading(mode: Mode, folder: Path) -> None:
    rows: dict[str, dict[str, list[float]]] = {}
    folders = {f"{size:,}": write_records(folder / str(size), size) for size in (10, 1_000, 10_000)}
    for _ in range(mode.rounds):
        for name, path in folders.items():
            seconds = float(run_python(["-m", "bench.loading", str(path)], mode.server_core))
            rows.setdefault(name, {}).setdefault("s", []).append(seconds)
    _print_table("Loading complete records", ("s",), rows, 3)


def _print_growth(mode: Mode, folder: Path) -> None:
    """CPU of a record under ever new targets, by what might make it dearer."""
    stubs = {
        "10 records": write_records(folder / "few-records", 10),
        "10,000 records": write_records(folder / "many-records", 10_000),
        "10 answers": write_answers(folder / "few-answers", 10),
        "10,000 answers": write_answers(folder / "many-answers", 10_000),
    }
    with ExitStack() as stack:

        def start(folder: Path) -> tuple[Running, str]:
            first = f"/API/Customers/{FIRST_ID}"
            return stack.enter_context(serve_stub(first, "--fixtures", str(folder), core=mode.server_core)), UNKEPT

        rows = _run_rounds(mode, {name: start(path) for name, path in stubs.items()})
        old, young = start(stubs["10 records"]), start(stubs["10 records"])
        _ask_often(mode, old[0])
        grown = old[0].megabytes - young[0].megabytes
        rows |= _run_rounds(mode, {"1 past request": young, f"{mode.past:,} past requests": old})
    _print_table("Record under ever new targets", ("CPU us",), rows, 0)
    print(f"\nAfter {mode.past:,} requests the stub holds {grown:.0f} MB more than after one.")


def _ask_often(mode: Mode, server: Running) -> None:
    asked = 0
    while asked < mode.past:
        asked += _load(mode, server, UNKEPT).requests


def _print_steps(mode: Mode) -> None:
    hits = {name: {"CPU us": costs} for name, costs in time_hits(3 * mode.rounds).items()}
    _print_table("In process", ("CPU us",), hits, 1)
    steps = time_steps(mode.rounds)
    steps["together"] = [sum(each) for each in zip(*steps.values(), strict=True)]
    steps["nothing asked for"] = time_steering(mode.rounds)
    _print_table("Step, in process", ("us",), {name: {"us": times} for name, times in steps.items()}, 1)
    new = time_new_id(10 * mode.rounds)
    _print_table("New id, in process", ("CPU us",), {name: {"CPU us": times} for name, times in new.items()}, 1)


def _print_table(
    title: str, columns: Iterable[str], rows: Mapping[str, Mapping[str, list[float]]], digits: int
) -> None:
    """The median of each value, and its least and greatest behind it."""
    names = tuple(columns)
    print(f"\n| {' | '.join((title, *names))} |")
    print(f"|---|{'---|' * len(names)}")
    for name, row in rows.items():
        print(f"| {' | '.join((name, *(_show(row[column], digits) for column in names)))} |", flush=True)


def _show(values: list[float], digits: int) -> str:
    write: Callable[[float], str] = lambda value: f"{value:,.{digits if value < 100 else 0}f}"  # noqa: E731
    return f"{write(median(values))} ({write(min(values))} to {write(max(values))})"


if __name__ == "__main__":
    main()
