"""Another process gives the answers of a stub of the same settings."""

from __future__ import annotations

import json
import runpy
import sys
from io import StringIO
from pathlib import Path

import pytest

from mockserver import create_app
from mockserver.commands import other_process
from mockserver.commands.other_process import answer_all, ask_other_process
from mockserver.documents.problems import StartError
from mockserver.http.messages import Request

REQUESTS = (
    Request("GET", "/API/Customers/42?idType=1"),
    Request("GET", "/API/Customers/42", headers=(("prefer", "code=404"),)),
    Request("POST", "/nowhere"),
)
GIVEN = {"settings": {"seed": "7"}, "requests": [[each.method, each.target, dict(each.headers)] for each in REQUESTS]}


def test_answers_are_those_of_the_stub() -> None:
    answers = ask_other_process({"seed": "7"}, REQUESTS, 1)

    assert answers == answer_all(GIVEN)
    assert [each[0] for each in answers] == [200, 404, 404]
    body = create_app(seed="7").test_client().get("/API/Customers/42?idType=1").data
    assert bytes.fromhex(answers[0][2]) == body


def test_module_answers_what_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    output = StringIO()
    monkeypatch.setattr(sys, "stdin", StringIO(json.dumps(GIVEN)))
    monkeypatch.setattr(sys, "stdout", output)

    runpy.run_path(str(other_process.__file__), run_name="__main__")

    assert json.loads(output.getvalue()) == answer_all(GIVEN)


def test_process_that_fails_is_told() -> None:
    with pytest.raises(StartError, match=r"^Another process of Python cannot serve these settings: .*SettingError"):
        ask_other_process({"seed": "7", "locale": "xx"}, REQUESTS, 1)


def test_silent_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(StartError, match="no reason is given"):
        ask_other_process({}, REQUESTS, 1)


def test_processes_order_their_sets_differently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Python imports this first: a stub whose records depend on the order of sets.
    (tmp_path / "sitecustomize.py").write_text(HASHING, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    first, second, again = (ask_other_process({}, REQUESTS[:1], seed) for seed in (1, 2, 1))

    assert first == again
    assert first != second


HASHING = """\
from mockserver.web import app

create_app = app.create_app
app.create_app = lambda **settings: create_app(**{**settings, "seed": str(hash("x"))})
"""
