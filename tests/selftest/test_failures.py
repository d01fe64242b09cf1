"""Own failures: what the user has asked for is no failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockserver.selftest.failures import OwnFailures
from tests.support.odd_fixtures import ODD_FIXTURES
from tests.support.stubs import load_stub

WRITTEN = "On purpose: the answer {} is written so."


@pytest.mark.parametrize(
    ("check", "status", "source", "reason"),
    [
        ("not_a_server_error", 503, "answer third f.yaml:7", WRITTEN.format("third")),
        ("status_code_conformance", 404, "answer once f.yaml:15", WRITTEN.format("once")),
        ("response_schema_conformance", 404, "answer once f.yaml:15", ""),
        ("not_a_server_error", 501, "answer sequence f.yaml:11", WRITTEN.format("sequence")),
        ("not_a_server_error", 500, "answer sequence f.yaml:11 + answer tenant f.yaml:28", WRITTEN.format("sequence")),
        ("not_a_server_error", 500, "generated + answer tenant f.yaml:28", WRITTEN.format("tenant")),
        ("response_schema_conformance", 200, "answer odd f.yaml:40", "On purpose: the answer odd is unchecked."),
        ("not_a_server_error", 500, "generated", ""),
        ("negative_data_rejection", 200, "generated", ""),
    ],
)
def test_answers_of_the_user_are_excused(tmp_path: Path, check: str, status: int, source: str, reason: str) -> None:
    (tmp_path / "f.yaml").write_text(ODD_FIXTURES, encoding="utf-8")
    failures = OwnFailures(load_stub(fixtures=str(tmp_path / "f.yaml")))

    assert failures.excuse(check, status, {"x-mock-source": [source]}) == reason


def test_model_state_of_the_user_is_excused() -> None:
    failures = OwnFailures(load_stub(model_state="ignored"))

    assert failures.excuse("negative_data_rejection", 200, {}) == "On purpose: --model-state is ignored."
    assert failures.excuse("not_a_server_error", 500, {}) == ""
