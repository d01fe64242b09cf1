"""The same request gets the same bytes and headers in any process and after any other requests."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.stubs import load_stub

ASK = """
import json, sys
from mockserver import create_app

client = create_app(**json.loads(sys.argv[1])).test_client()
for line in sys.stdin:
    method, accept, target = line.rstrip("\\n").split(" ", 2)
    response = client.open(target, method=method, headers={"Accept": accept})
    answer = response.status_code, response.headers.to_wsgi_list(), response.data.hex()
    print(json.dumps([line.rstrip("\\n"), answer]))
"""

REQUESTS = (
    *(f"GET */* /API/Customers/{record.members['PersonalId']}" for record in load_stub().fixtures.records),
    *(f"GET */* /Customers/{number}" for number in range(100)),
    *(f"GET text/json /Customers/{number}?idType=3&idTypeExtRef=X" for number in range(95, 105)),
    *(f"GET */* /Customers/{each}" for each in ("100200309?idType=2", "100200309?idType=3", "%F0%9F%98%80%00%25")),
    *(f"GET */* /Customers/{each}" for each in ("not-found", "server-error", "1?idType=abc", "1?idType=")),
    *(f"GET */* /__mock/{page}" for page in ("", "health", "openapi.json", "openapi.yaml")),
    *("GET */* /nowhere", "POST */* /Customers/1"),
)


def ask(folder: Path, hash_seed: str, requests: Sequence[str], settings: dict[str, str]) -> set[str]:
    """Ask a new process; return request, status, headers and hexadecimal body of each different answer, as JSON."""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASK, json.dumps(settings)],
        input="".join(f"{request}\n" for request in requests),
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(process.stdout.splitlines())


@pytest.mark.parametrize("settings", [{}, {"source": "generated", "seed": "x", "locale": "de_DE"}])
def test_processes_give_equal_answers_in_any_order(tmp_path: Path, settings: dict[str, str]) -> None:
    first = ask(tmp_path, "1", REQUESTS, settings)
    second = ask(tmp_path, "2", [*REQUESTS[::-2], *REQUESTS, *REQUESTS[::-1]], settings)

    assert len(first) == len(set(REQUESTS))
    assert first == second
