"""Schemathesis holds the running stub against the document: every phase and every check, in both media types."""

import copy
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from schemathesis.engine import Status, events

from mockserver.conformance.fuzzing import PHASES, run_engine
from mockserver.http.messages import Exchange
from mockserver.server.serving import Server
from mockserver.web.app import create_app
from tests.support.stubs import load_stub

Document = dict[str, Any]

SEEDS: Final = int(os.environ.get("SCHEMATHESIS_SEEDS", "5"))
"""How many seeds are tried beside the fixed run; more is better and slower."""

CHECKS: Final = {
    "allow_header_conformance",
    "content_type_conformance",
    "negative_data_rejection",
    "not_a_server_error",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
}
"""Those that one operation without credentials or required headers can be held against; all others are on too."""


@dataclass
class Run:
    """What became of one run."""

    phases: dict[str, str] = field(default_factory=dict)
    checks: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


def run(document: Document, app: Flask | None, settings: Mapping[str, Any], seed: int | None = None) -> Run:
    """Run everything; in process, or where there is no application against the base URL of the settings."""
    result = Run()
    for event in run_engine(document, settings, app, seed):
        if isinstance(event, events.PhaseFinished) and event.phase.name in PHASES:
            result.phases[event.phase.name.value] = event.phase.skip_reason or event.status
        elif isinstance(event, events.ScenarioFinished):
            nodes = [node for nodes in event.recorder.checks.values() for node in nodes]
            result.checks |= {node.name for node in nodes}
            result.failures += [str(node.failure_info) for node in nodes if node.status != Status.SUCCESS]
        elif isinstance(event, events.NonFatalError | events.FatalError | events.SchemaAnalysisWarnings):
            result.failures.append(str(event))
    return result


@pytest.fixture(scope="module")
def shipped() -> Document:
    """The document as Schemathesis reads it from its file."""
    document: Document = schemathesis.openapi.from_path(load_stub().contract_path).raw_schema
    return document


@pytest.fixture(scope="module")
def linked(shipped: Document) -> Document:
    """The document with the ids of the fixtures as examples, and a link from a customer to itself by its id.

    The stateful phase follows links, and the contract has none.
    """
    # Twice in a row, as the examples of the other parameters take turns: each record is asked for with both of them.
    ids = [str(record.members["PersonalId"]) for record in load_stub().fixtures.records for _ in range(2)]
    document = add_examples(shipped, ids)
    link = {"operationId": "getCustomer", "parameters": {"id": "$response.body#/PersonalId"}}
    document["paths"]["/Customers/{id}"]["get"]["responses"]["200"]["links"] = {"same": link}
    return document


@pytest.fixture(scope="module")
def enriched(linked: Document) -> Document:
    """The document with some hundred numbers as examples too."""
    return add_examples(linked, [str(number * number * 7919) for number in range(250)])


def add_examples(document: Document, ids: Sequence[str]) -> Document:
    """The document with examples of the path parameter, as random strings hardly ever are the id of a record."""
    document = copy.deepcopy(document)
    parameter = document["paths"]["/Customers/{id}"]["get"]["parameters"][0]
    parameter["examples"] |= {f"id {number} {text}": {"value": text} for number, text in enumerate(ids)}
    return document


class Seen:
    """An observer that counts what was answered."""

    def __init__(self) -> None:
        self.targets: list[str] = []
        self.kinds: Counter[tuple[int, str | None]] = Counter()
        self.sources: set[str] = set()

    def __call__(self, exchange: Exchange) -> None:
        self.targets.append(f"{exchange.request.method} {exchange.request.target}")
        self.kinds[exchange.reply.status, exchange.reply.header("Content-Type")] += 1
        self.sources.add(str(exchange.source))


def kinds_in(media_type: str) -> set[tuple[int, str | None]]:
    """The answers that a run in one media type has to have seen."""
    content_type = f"{media_type}; charset=utf-8"
    return {(200, content_type), (400, content_type), (404, None), (405, content_type)}


PASSED: Final = {"examples": "success", "coverage": "success", "fuzzing": "success", "stateful": "success"}


def test_document_is_kept_in_process(shipped: Document) -> None:
    seen = Seen()

    result = run(shipped, create_app(observe=seen), {})

    assert result == Run(PASSED | {"stateful": "not_applicable"}, result.checks, [])
    assert result.checks >= CHECKS
    assert seen.kinds.keys() >= kinds_in("application/json")


@pytest.mark.parametrize("media_type", ["application/json", "text/json"])
def test_document_with_more_examples_is_kept_in_process(enriched: Document, media_type: str) -> None:
    seen = Seen()
    app = create_app(observe=seen)

    result = run(enriched, app, {"headers": {"Accept": media_type}})

    assert result == Run(PASSED, result.checks, [])
    assert result.checks >= CHECKS
    assert seen.kinds.keys() == kinds_in(media_type)
    first = {each.members["PersonalId"]: f"record {each.place}" for each in load_stub().fixtures.records[::-1]}
    assert seen.sources >= set(first.values())


def test_run_can_be_repeated(shipped: Document) -> None:
    seen = [Seen(), Seen()]

    for each in seen:
        run(shipped, create_app(observe=each), {})

    assert seen[0].targets == seen[1].targets


@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_document_is_kept_whatever_the_seed(linked: Document, seed: int) -> None:
    accept = ("application/json", "text/json")[seed % 2]

    result = run(linked, create_app(), {"headers": {"Accept": accept}}, seed)

    assert result == Run(PASSED, result.checks, [])


@pytest.fixture
def url() -> Iterator[str]:
    """The root URL of a server of the shipped stub."""
    server = Server(create_app())
    thread = threading.Thread(target=server.run)
    thread.start()
    yield server.url
    server.stop()
    thread.join()


@pytest.mark.parametrize(("root", "media_type"), [("/API", "text/json"), ("", "application/json")])
def test_document_is_kept_over_a_socket(enriched: Document, url: str, root: str, media_type: str) -> None:
    settings = {"base-url": f"{url}{root}", "headers": {"Accept": media_type}}

    result = run(enriched, None, settings)

    assert result == Run(PASSED, result.checks, [])
    assert result.checks >= CHECKS


def test_stub_keeps_its_served_document_over_sockets(url: str) -> None:
    served: Document = schemathesis.openapi.from_url(f"{url}/__mock/openapi.yaml").raw_schema

    result = run(served, None, {"base-url": served["servers"][0]["url"]})

    assert served["servers"][0]["url"] == f"{url}/API"
    assert result == Run(PASSED | {"stateful": "not_applicable"}, result.checks, [])
    assert result.checks >= CHECKS


@pytest.mark.parametrize("edge", ["all-null", "control-characters", "huge-map"])
def test_document_is_kept_by_edge_cases(shipped: Document, edge: str) -> None:
    # What is chosen is answered even where a parameter is none.
    settings = {"headers": {"Prefer": f"edge={edge}"}, "checks": {"negative_data_rejection": {"enabled": False}}}

    result = run(shipped, create_app(), settings)

    assert result == Run(PASSED | {"stateful": "not_applicable"}, result.checks, [])
