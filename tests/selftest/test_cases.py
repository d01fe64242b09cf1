"""The self-test: its cases, and two processes that answer differently."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mockserver.conformance.editions import read_edition
from mockserver.conformance.reports import Case, Kind
from mockserver.documents.problems import StartError
from mockserver.http.messages import Request
from mockserver.selftest.cases import SelfTest
from mockserver.stub.loading import Stub
from mockserver.testing.running_stub import RunningStub
from tests.support.odd_fixtures import ODD_FIXTURES
from tests.support.stubs import load_stub

SHOWN = "http://localhost:8080"
BODY = "61" * 100


def make(stub: Stub, url: str = "http://127.0.0.1:1") -> SelfTest:
    return SelfTest(stub, read_edition(stub.contract_path), url, SHOWN)


@pytest.fixture
def odd(tmp_path: Path) -> Stub:
    (tmp_path / "f.yaml").write_text(ODD_FIXTURES, encoding="utf-8")
    return load_stub(fixtures=str(tmp_path / "f.yaml"))


def test_shipped_fixtures_are_asked_for() -> None:
    running = RunningStub({})
    test = make(running.current.served.stub, running.url)
    try:
        cases = list(test.check_fixtures())
    finally:
        running.stop()

    assert {each.verdict for each in cases} == {"passed"}
    assert test.count_cases(4) == 1 + len(cases) + 1 + 4
    assert not test.has_delays


def test_delays_are_known(odd: Stub) -> None:
    assert make(odd).has_delays


def test_stub_that_is_gone_is_unchecked(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text('schema: Customer\nrecords: [{PersonalId: "1"}]\n', encoding="utf-8")

    cases = list(make(load_stub(fixtures=str(tmp_path / "f.yaml"))).check_fixtures())

    assert {each.verdict for each in cases} == {"unchecked"}


def test_warnings_are_notes_of_the_start(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text('schema: Customer\nrecords: [{PersonalId: "1", Sex: 64}]\n', encoding="utf-8")

    case = make(load_stub(fixtures=str(tmp_path / "f.yaml"), on_breach="warn")).check_start()

    assert (case.group, case.verdict, [each.kind for each in case.findings]) == ("start", "passed", [Kind.NOTE])


def compare(stub: Stub, *told: list[Any]) -> Case:
    """The case of two processes that give every request the same, the first of which is told."""

    def ask(requests: Sequence[Request], hash_seed: int) -> list[list[Any]]:
        return [told[hash_seed - 1]] + [[200, [], "00"]] * (len(requests) - 1)

    (case,) = make(stub).compare_processes(ask)
    return case


def test_equal_processes_pass(odd: Stub) -> None:
    case = compare(odd, [200, [], ""], [200, [], ""])

    assert (case.group, case.name, case.verdict) == ("processes", "getCustomer", "passed")
    assert case.requests > 100


@pytest.mark.parametrize(
    ("second", "told"),
    [
        ([404, [["A", "1"]], BODY], "The status is '200' in one process, '404' in another."),
        ([200, [["A", "2"]], BODY], "The headers are 'A: 1' in one process, 'A: 2' in another."),
        ([200, [["A", "1"]], f"{BODY}ff"], f"The body is '{'a' * 15}' in one process, '{'a' * 15}\\\\xff' in another."),
    ],
)
def test_processes_that_differ_are_told(second: list[Any], told: str) -> None:
    case = compare(load_stub(), [200, [["A", "1"]], BODY], second)

    (finding,) = case.findings
    assert finding.kind is Kind.UNSTABLE
    assert finding.text == f"{told} Look for what depends on time, chance or the order of a set."
    assert finding.curl.startswith(f"curl -i '{SHOWN}/API/Customers/100200300?idType=1")
    assert finding.pointer == "#/paths/~1Customers~1{id}/get"


def test_process_that_fails_is_unchecked() -> None:
    def ask(_requests: Sequence[Request], _seed: int) -> list[list[Any]]:
        raise StartError("It fails.")

    (case,) = make(load_stub()).compare_processes(ask)

    assert (case.verdict, case.findings[0].text) == ("unchecked", "It fails.")
