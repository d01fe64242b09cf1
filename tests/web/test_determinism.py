"""The same request gets the same bytes and headers in any process and after any other requests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mockserver.stub.loading import load_stub

Ask = Callable[[str, Sequence[str], dict[str, str]], set[str]]
"""Asks a new process: gives request, status, headers and hexadecimal body of each different answer, as JSON."""

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
    "GET */* /Customers/100200309?idType=2",
    "GET */* /Customers/100200309?idType=3",
    "GET */* /Customers/%F0%9F%98%80%00%25",
    "GET */* /Customers/not-found",
    "GET text/json /Customers/server-error",
    "GET text/json /Customers/1?idType=abc",
    "GET */* /Customers/1?idType=",
    "GET */* /nowhere",
    "POST */* /Customers/1",
    "GET */* /__mock/",
    "GET */* /__mock/health",
    "GET */* /__mock/openapi.json",
    "GET */* /__mock/openapi.yaml",
)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def ask_in_a_new_process(hash_seed: str, requests: Sequence[str], settings: dict[str, str]) -> set[str]:
        command = [sys.executable, "-W", "error", "-c", ASK, json.dumps(settings)]
        env = os.environ | {"PYTHONHASHSEED": hash_seed}
        lines = "".join(f"{request}\n" for request in requests)
        process = subprocess.run(
            command, input=lines, env=env, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return set(process.stdout.splitlines())

    return ask_in_a_new_process


@pytest.mark.parametrize("settings", [{}, {"source": "generated", "seed": "x", "locale": "de_DE"}])
def test_two_processes_give_the_same_answers_in_any_order(ask: Ask, settings: dict[str, str]) -> None:
    first = ask("1", REQUESTS, settings)
    second = ask("2", [*REQUESTS[::-2], *REQUESTS, *REQUESTS[::-1]], settings)

    assert len(first) == len(set(REQUESTS))
    assert first == second


def test_another_id_is_another_person(ask: Ask) -> None:
    answers = ask("random", [f"GET */* /Customers/{number}" for number in range(300)], {})

    bodies = [bytes.fromhex(json.loads(answer)[1][2]) for answer in answers]
    people = {json.dumps(json.loads(body) | {"PersonalId": None}) for body in bodies}
    assert len(people) == 300
