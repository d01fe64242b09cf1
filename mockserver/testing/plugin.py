"""The pytest plugin: the fixtures `mock_api` and `mock_api_app`, and what a run tells of the requests of its tests.

Everything else of the package is imported when a test first uses one of the fixtures.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from mockserver.testing.coverage_sum import CoverageSum
    from mockserver.testing.mock_api import MockApi, MockAppApi
    from mockserver.testing.running_stub import RunningStub

_Api = TypeVar("_Api", bound="MockApi")

_APIS: Final = pytest.StashKey[list["MockApi"]]()
_COVERAGE: Final = pytest.StashKey["CoverageSum"]()
_SHOWN: Final = 20
"""How many requests the report of a failed test shows."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; each has a setting of the same name in the configuration file."""
    group = parser.getgroup("mockserver", "stub of an API (mock_api)")
    for name, text in (
        ("url", "Running stub to use, in place of one in this process."),
        ("token", "Token of the running stub."),
        ("coverage-min", "Least coverage of the contract in per cent; below it the run fails."),
        ("coverage-report", "File for the coverage, .json or .md."),
    ):
        group.addoption(f"--mock-{name}", help=text)
        parser.addini(f"mock_{name.replace('-', '_')}", text)
    for name, text in (
        ("strict", "Fail a test whose requests got a hint, or no answer of the stub."),
        ("unused", "Fail a test that adds an answer which no request gets."),
        ("coverage", "Show at the end what the requests of all tests have exercised."),
    ):
        group.addoption(f"--mock-{name}", action="store_true", default=None, help=text)
        parser.addini(f"mock_{name}", text, type="bool", default=False)
    text = "Setting of the stub as NAME=VALUE, such as fixtures=tests/fixtures; repeatable."
    group.addoption("--mock-set", action="append", default=[], metavar="NAME=VALUE", help=text)
    parser.addini("mock_settings", text, type="linelist")


def _get(config: pytest.Config, name: str) -> Any:  # noqa: ANN401 - text, or true or false
    given = config.getoption(f"mock_{name}")
    return config.getini(f"mock_{name}") if given is None else given


# Fixtures


@pytest.fixture(scope="session")
def mock_api_settings() -> dict[str, Any]:
    """Return arguments of `create_app` for the stub; override this to give some, such as `schemas`."""
    return {}


@pytest.fixture(scope="session")
def _mock_stub(pytestconfig: pytest.Config, mock_api_settings: dict[str, Any]) -> Iterator[RunningStub]:
    from mockserver.documents.problems import StartError
    from mockserver.testing.given_settings import read_settings
    from mockserver.testing.running_stub import RunningStub

    lines = [*pytestconfig.getini("mock_settings"), *pytestconfig.getoption("mock_set")]
    try:
        stub = RunningStub({**read_settings(lines, pytestconfig.rootpath), **mock_api_settings})
    except StartError as error:
        pytest.exit(f"The stub of mock_api cannot start: {error}", returncode=pytest.ExitCode.USAGE_ERROR)
    yield stub
    stub.stop()


@pytest.fixture
def mock_api(request: pytest.FixtureRequest) -> Iterator[MockApi]:
    """A running stub of the API, with a session of this test alone: `mock_api.url`, `answer`, `record`, `verify`."""
    from mockserver.testing.mock_api import MockApi
    from mockserver.testing.transports import HttpTransport

    url, session = _get(request.config, "url"), _name_session(request.config)
    if url:
        api = MockApi.attach(url, session, token=_get(request.config, "token") or None)
    else:
        stub: RunningStub = request.getfixturevalue("_mock_stub")
        api = MockApi(HttpTransport(stub.url, keeps=True), session, stub.root, prefix=stub.prefix, token=stub.token)
    yield from _lend(request.node, api)


@pytest.fixture
def mock_api_app(request: pytest.FixtureRequest, _mock_stub: RunningStub) -> Iterator[MockAppApi]:
    """The same without a socket: `mock_api_app.app` is the WSGI application that answers at `mock_api_app.url`."""
    from mockserver.testing.mock_api import MockAppApi

    stub, session = _mock_stub, _name_session(request.config)
    yield from _lend(request.node, MockAppApi(stub.app, session, stub.root, prefix=stub.prefix, token=stub.token))


def _name_session(config: pytest.Config) -> str:
    """Return a name that no other process uses at the same stub."""
    worker: dict[str, str] = getattr(config, "workerinput", {})  # pytest-xdist adds it.
    return f"{worker.get('workerid', 'test')}-{uuid4().hex[:12]}"


def _lend(item: pytest.Item, api: _Api) -> Iterator[_Api]:
    """Give a stub to a test, and drop its session after it."""
    item.stash.setdefault(_APIS, []).append(api)
    yield api
    if _COVERAGE in item.config.stash:
        item.config.stash[_COVERAGE].add(api.measure_coverage())
    api.close()


# What a test is told


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passes but breaks a rule of the options."""
    result = yield
    for api in item.stash.get(_APIS, []):
        faults = [f"request {each}" for each in _find_odd(api)] if _get(item.config, "strict") else []
        faults += (
            [f"answer {name} was never given" for name in api.list_unused()] if _get(item.config, "unused") else []
        )
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)
    return result


def _find_odd(api: MockApi) -> list[object]:
    return [each for each in api.requests if each.hints or not each.is_matched]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the requests that a failed test made to its report."""
    report = yield
    if call.when == "call" and report.failed:
        for api in item.stash.get(_APIS, []):
            report.sections.append(("requests to the stub", _tell_requests(api)))
    return report


def _tell_requests(api: MockApi) -> str:
    from mockserver.testing.transports import StubError

    try:
        requests = api.requests
    except StubError as error:
        return str(error)
    hidden = [f"{len(requests) - _SHOWN} before these"] if len(requests) > _SHOWN else []
    return "\n".join((*hidden, *map(str, requests[-_SHOWN:]))) or "none"


# What a run is told


def pytest_configure(config: pytest.Config) -> None:
    """Begin to count the coverage, if it is wanted."""
    if any(_get(config, name) for name in ("coverage", "coverage_min", "coverage_report")):
        from mockserver.testing.coverage_sum import CoverageSum

        config.stash[_COVERAGE] = CoverageSum()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:  # noqa: ANN401 - a class of pytest-xdist
    """Take what a worker of pytest-xdist has counted."""
    counted = getattr(node, "workeroutput", {}).get("mockserver_coverage")
    if counted is not None:
        node.config.stash[_COVERAGE].add(json.loads(counted))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand over what a worker has counted; fail the run if the coverage is too low."""
    config = session.config
    counted = config.stash.get(_COVERAGE, None)
    if counted is None:
        return
    worker: dict[str, object] | None = getattr(config, "workeroutput", None)
    if worker is not None:
        worker["mockserver_coverage"] = counted.to_json()
        return
    report = _get(config, "coverage_report")
    if report:
        _write_report(Path(config.rootpath, report), counted)
    if counted.coverage.percent < int(_get(config, "coverage_min") or 0) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _write_report(path: Path, counted: CoverageSum) -> None:
    from mockserver.insight.coverage_texts import write_as_markdown

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        counted.to_json() if path.suffix == ".json" else write_as_markdown(counted.coverage), encoding="utf-8"
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show the coverage."""
    counted = config.stash.get(_COVERAGE, None)
    if counted is None:
        return
    from mockserver.insight.coverage_texts import write_as_table

    terminalreporter.section("coverage of the API")
    least = int(_get(config, "coverage_min") or 0)
    lines = write_as_table(counted.coverage).splitlines()
    for line in lines if _get(config, "coverage") else lines[:1]:
        terminalreporter.write_line(line)
    if counted.coverage.percent < least:
        terminalreporter.write_line(
            f"FAILED: {counted.coverage.percent} % is below --mock-coverage-min={least}.", red=True
        )
