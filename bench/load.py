"""Load, by wrk: how many requests a server answers, and the CPU time that each costs it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.servers import Running, pin

CONNECTIONS: Final = 32
SCRIPT: Final = Path(__file__).with_name("new_targets.lua")


@dataclass(frozen=True, slots=True)
class Speed:
    """What one run came to."""

    requests: int
    per_second: float
    cpu_microseconds: float


def require_wrk() -> None:
    """End with a clear word where there is no wrk."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing, which makes the load. Install it: apt-get install wrk")


def load(server: Running, target: str, seconds: float, core: int | None, first: int = 0, most: int = 0) -> Speed:
    """Ask for *target* as often as the server answers; a `%d` in it counts from *first*, or to *most* over and over."""
    base = f"http://127.0.0.1:{server.port}"
    command = [*pin(core), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s"]
    counting = [f"-s{SCRIPT}", base, "--", target, str(first), str(most)] if "%d" in target else [base + target]
    before = server.cpu_seconds
    printed = subprocess.run([*command, *counting], check=True, stdout=subprocess.PIPE, text=True).stdout
    used = server.cpu_seconds - before
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise SystemExit(f"Not every answer to {target} was right:\n{printed}")
    found = re.search(r"([0-9]+) requests in ", printed), re.search(r"Requests/sec: +([0-9.]+)", printed)
    assert found[0] is not None
    assert found[1] is not None
    requests = int(found[0][1])
    return Speed(requests, float(found[1][1]), used / requests * 1e6)
