"""Runs the commands that end by themselves: `check`, `edges`, and `serve` where it cannot start."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from bench.replay.inputs import Row, cells, to_text

SECONDS: Final = 60
"""How long a command may take; one that serves is ended then."""

LINES: Final = cells("""
check | check --contract contract.yaml | check --contract nowhere | check --contract own | check x
check --on-breach warn | check --contract contract.yaml --fixtures numbers | check --fixtures own
check --fixtures own/people.yaml | check --fixtures records | check --fixtures answers | check --fixtures texts
check --fixtures breaches | check --fixtures hollow | check --fixtures nowhere
check --fixtures own/bodies/page.txt | check --fixtures own --strict --missing null --error-detail
check --locale xx | check --source generated --seed 5 --utc-offset -03:30 | edges | edges --contract contract.yaml
edges x | edges --contract nowhere | edges --contract hollow/empty.yaml | --help | -h | --version | serve --help
check --help | edges --help | server | --nope | serve x | serve --port=99999 | serve --port=x | serve --port=
serve --source=x | serve --on-breach=x | serve --missing=x | serve --model-state=x | serve --threads=0
serve --connections=0 | serve --max-body=-1 | serve --locale=xx | serve --utc-offset=9 | serve --prefix=/
serve --base-path=x | serve --fixtures=nowhere | serve --nope | serve --contract=nowhere | serve --contract=own
serve --fixtures=records | serve --host=no.such.invalid | serve --strict=1 | serve --ready-file=no/where
serve --ready-file=own | serve --admin-token=é | serve --host=203.0.113.7""")
VARIABLES: Final = {"PORT": "x", "SOURCE": "x", "STRICT": "maybe", "BASE_PATH": "/a b", "CORS": "2", "LOCALE": "xx"}


def run_commands() -> Iterator[Row]:
    """Yield exit code, output and errors of each command."""
    _run(["--version"], {})
    for line in ("", *LINES):
        arguments = line.replace("serve -", "serve --port=0 -").split()
        yield f"command {line}", _run(arguments, {})
    for name, value in VARIABLES.items():
        yield f"command serve with {name}={value}", _run(["serve"], {f"MOCKSERVER_{name}": value})
    for file in sorted(Path("contracts").iterdir()):
        yield f"command check of {file}", _run(["check", "--contract", str(file), "--fixtures", "numbers"], {})


def _run(arguments: Sequence[str], variables: Mapping[str, str]) -> dict[str, str]:
    """Run the command in a fork of this process, which has imported most of it: that is ten times as fast."""
    with TemporaryFile() as out, TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            signal.alarm(SECONDS)
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.update({"COLUMNS": "100", **variables})
            os._exit(_be_command(arguments))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        err.seek(0)
        return {"exit code": str(code), "output": to_text(out.read()), "errors": to_text(err.read())}


def _be_command(arguments: Sequence[str]) -> int:
    sys.argv = ["mockserver", *arguments]
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
    try:
        runpy.run_module("mockserver", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:  # noqa: BLE001 - the fork must never become a second replay
        print(repr(error), file=sys.stderr)
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0
