"""The fuzzer: what schemathesis finds becomes cases with places, and what is on purpose does not fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from schemathesis.core.errors import InvalidSchema
from schemathesis.engine import Status, events
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import PhaseName

from mockserver.conformance import fuzzing
from mockserver.conformance.editions import make_edition
from mockserver.conformance.fuzzing import Excuse, Fuzzer
from mockserver.conformance.reports import Case, Finding, Kind
from mockserver.documents.nodes import Place
from mockserver.documents.yaml_text import parse_document
from tests.support.contracts import THINGS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

    App = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

CONTRACT = THINGS.replace("{properties: {Key", "{type: object, properties: {Key")
ROOT = parse_document(CONTRACT, "f.yaml")
DOCUMENT: Any = ROOT.to_json()
EDITION = make_edition(ROOT)
PLACE = Place("f.yaml", 6, 5)
POINTER = "#/paths/~1things~1{id}/get"
LABEL = "GET /things/{id}"


def answer(status: str, body: object) -> App:
    """An application that gives every request the same JSON."""

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start(status, [("Content-Type", "application/json"), ("X-Why", "because")])
        return [json.dumps(body).encode()]

    return app


def fuzz(app: App, document: Mapping[str, Any] = DOCUMENT, excuse: Excuse = lambda *_: "", *without: str) -> list[Case]:
    """The cases of a short run without some checks, as these applications take all methods and arguments."""
    checks = {each: {"enabled": False} for each in without or ("unsupported_method", "negative_data_rejection")}
    return list(Fuzzer(EDITION, {"generation": {"max-examples": 5}, "checks": checks}, app, 1, excuse).fuzz(document))


def test_healthy_api_passes_each_phase() -> None:
    cases = fuzz(answer("200 OK", {"Key": "1"}))

    verdicts = [(each.group, each.name, each.verdict) for each in cases]
    assert ("coverage", LABEL, "passed") in verdicts
    assert ("fuzzing", LABEL, "passed") in verdicts
    assert ("stateful", "all operations", "skipped") in verdicts
    assert sum(each.requests for each in cases) > 20


def test_breach_is_found_once_in_a_phase() -> None:
    cases = fuzz(answer("200 OK", {"Key": 1}))

    (found,) = next(each for each in cases if each.group == "fuzzing").findings
    text = (
        'Response violates schema: 1 is not of type "string", Validated against the response schema for status code 200'
    )
    assert found.text == f"{text}, says the schema at /properties/Key. Change the answer or the contract."
    assert (found.kind, found.place, found.pointer) == (Kind.BREACH, PLACE, POINTER)
    assert found.curl.replace("'", "").startswith("curl -i http://localhost/API/things/")


def test_undeclared_status_is_found() -> None:
    cases = fuzz(answer("418 Teapot", {}))

    told = {each.text for case in cases for each in case.findings}
    assert "Undocumented status code: Received: 418, Documented: 200. Change the answer or the contract." in told


def test_excused_failure_is_a_note() -> None:
    seen = []

    def excuse(check: str, status: int, headers: Mapping[str, Sequence[str]]) -> str:
        seen.append((check, status, headers["x-why"]))
        return "It is on purpose."

    cases = fuzz(answer("200 OK", {}), DOCUMENT, excuse, "unsupported_method")

    found = [each for case in cases for each in case.findings]
    assert {each.kind for each in found} == {Kind.NOTE}
    assert all(each.text.endswith(". It is on purpose.") for each in found)
    assert set(map(str, seen)) == {"('negative_data_rejection', 200, ['because'])"}


def test_numbers_are_read_as_written() -> None:
    text = CONTRACT.replace("Kind: {type: integer}", "Kind: {type: number, maximum: 1.50}")
    document: Any = parse_document(text, "f.yaml").to_json()

    cases = fuzz(answer("200 OK", {"Kind": 2}), document)

    assert any("2 is greater than the maximum of 1.5" in each.text for case in cases for each in case.findings)


def test_walks_along_links_are_one_case() -> None:
    document = json.loads(json.dumps(DOCUMENT))
    link = {"operationId": "getThing", "parameters": {"id": "$response.body#/Key"}}
    document["paths"]["/things/{id}"]["get"]["responses"]["200"]["links"] = {"same": link}

    cases = fuzz(answer("200 OK", {"Key": "1"}), document)

    walks = [each for each in cases if each.group == "stateful"]
    assert [(each.name, each.verdict) for each in walks] == [("all operations", "passed")]
    assert walks[0].requests > 10


def test_broken_contract_is_no_success() -> None:
    document = {
        **DOCUMENT,
        "paths": {"/things/{id}": {"get": {"parameters": [{"$ref": "#/nowhere"}], "responses": {}}}},
    }

    cases = fuzz(answer("200 OK", {}), document)

    assert {each.verdict for each in cases} <= {"unchecked", "skipped"}
    assert "unchecked" in {each.verdict for each in cases}


def scenario(status: Status, recorder: ScenarioRecorder) -> events.ScenarioFinished:
    started = events.ScenarioStarted(
        phase=PhaseName.FUZZING, suite_id=events.SuiteStarted(phase=PhaseName.FUZZING).id, label=LABEL
    )
    return events.ScenarioFinished(
        id=started.id,
        phase=PhaseName.FUZZING,
        suite_id=started.suite_id,
        label=LABEL,
        status=status,
        recorder=recorder,
        elapsed_time=0.5,
        skip_reason=None,
        is_final=True,
    )


def tell(monkeypatch: pytest.MonkeyPatch, *told: events.EngineEvent) -> list[Case]:
    """The cases of an engine that tells this."""
    monkeypatch.setattr(fuzzing, "run_engine", lambda *_: iter(told))
    return fuzz(answer("200 OK", {}))


def unchecked(text: str) -> Finding:
    return Finding(Kind.UNCHECKED, text, PLACE, POINTER)


def test_interruption_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        tell(monkeypatch, events.Interrupted(phase=None))


def test_scenario_with_an_error_is_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = tell(monkeypatch, scenario(Status.ERROR, ScenarioRecorder(label=LABEL)))

    assert cases == [Case("fuzzing", LABEL, (unchecked("An error ended it, which schemathesis tells."),), 0.5)]


def test_failing_check_is_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = ScenarioRecorder(label=LABEL)
    recorder.record_check_error(name="my_check", case_id="1")

    cases = tell(monkeypatch, scenario(Status.ERROR, recorder))

    assert cases[0].findings == (unchecked("The check my_check of schemathesis fails itself."),)


def test_errors_of_the_engine_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    error = events.NonFatalError(error=InvalidSchema("Odd."), phase=None, label=LABEL, related_to_operation=True)
    fatal = events.FatalError(exception=ValueError("odd"))

    assert tell(monkeypatch, error, fatal) == [
        Case("schemathesis", f"{LABEL}: Schema Error", (unchecked("Schema Error: Odd."),)),
        Case("schemathesis", "all operations", (Finding(Kind.UNCHECKED, "Schemathesis fails: ValueError('odd')."),)),
    ]
