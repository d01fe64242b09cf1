"""The import of the fuzzer: where its files go, and what is told where it is missing."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.process import COMMAND, ENVIRONMENT, SECONDS

PROGRAM = """\
from mockserver.commands.fuzzing_import import import_fuzzing
with import_fuzzing() as fuzzing:
    document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": {"responses": {
        "204": {"description": "d"}}, "parameters": [{"name": "b", "in": "query", "schema": {"type": "string"}}]}}}}
    def app(environ, start_response):
        start_response("204 No Content", [])
        return []
    print(len(list(fuzzing.run_engine(document, {}, app, 1))) > 9)
"""


def test_fuzzer_leaves_no_files(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND[0], "-c", PROGRAM],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
    assert list(tmp_path.iterdir()) == []
