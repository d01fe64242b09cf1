"""Shows which bytes a restructuring changes: records what the stub answers, and compares it later.

Record with one commit and compare with another, each from the top folder of its checkout:

    python -m bench.replay record FILE [--socket [--server granian]]
    python -m bench.replay compare FILE [--socket [--server granian]] [--known PATTERNS]

Without --socket the WSGI application of `create_app` and the commands that end by themselves are asked, with it a
running `mockserver serve`. `compare` exits with 1 if an answer differs in a way that no line of PATTERNS, a file of
regular expressions, finds in the key of the request or in the text of the difference.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.replay.commands import run_commands
from bench.replay.differences import find_differences, print_differences
from bench.replay.in_process import ask_groups
from bench.replay.inputs import Row, list_files
from bench.replay.over_socket import ask_servers


def main() -> None:
    """Record or compare, as the command line says."""
    parser = argparse.ArgumentParser("bench.replay", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("action", choices=("record", "compare"))
    parser.add_argument("file", type=Path)
    parser.add_argument("--socket", action="store_true")
    parser.add_argument("--server", choices=("waitress", "granian"))
    parser.add_argument("--known", type=Path)
    given = parser.parse_args()
    started = perf_counter()
    rows = dict(_name_repeated(_answer(given.socket, given.server or "waitress")))
    print(f"{len(rows):,} answers in {perf_counter() - started:.0f} s")
    if given.action == "record":
        given.file.write_text("".join(f"{json.dumps([key, row])}\n" for key, row in rows.items()), encoding="ascii")
        return
    before = dict(json.loads(line) for line in given.file.read_text(encoding="ascii").splitlines())
    lines = given.known.read_text(encoding="utf-8").splitlines() if given.known else []
    known = [re.compile(line) for line in lines if line.strip()]
    sys.exit(print_differences(find_differences(before, rows), known))


def _answer(is_over_socket: bool, server: str) -> Iterator[Row]:
    """Yield all answers, in a new folder with the files that they are about."""
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        for name, content in list_files().items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        os.chdir(folder)
        try:
            yield from ask_servers(server) if is_over_socket else chain(ask_groups(), run_commands())
        finally:
            os.chdir(here)


def _name_repeated(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the answers, with a number behind the key of what was asked before."""
    asked: dict[str, int] = {}
    for key, row in rows:
        asked[key] = asked.get(key, 0) + 1
        yield (key if asked[key] == 1 else f"{key} #{asked[key]}"), row


if __name__ == "__main__":
    main()
