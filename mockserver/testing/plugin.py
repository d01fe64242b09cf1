"""The pytest plugin: the fixtures `mock_api` and `mock_api_app`, and what a run tells of the requests of its tests.

Everything else of the package is imported when a test first uses one of the fixtures.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pytest

if TYPE_CHECKING:
    from mockserver.testing.coverage_sum import CoverageSum
    from mockserver.testing.mock_api import MockApi, MockAppApi, StubPlace
    from mockserver.testing.running_stub import RunningStub

_Api = TypeVar("_Api", bound="MockApi")

_APIS: Final = pytest.StashKey[list["MockApi"]]()
_COVERAGE: Final[pytest.StashKey[CoverageSum]] = pytest.StashKey()
_SWITCHES: Final = MappingProxyType(
    {
        "strict": "Fail a test whose requests got a hint, or no answer of the stub.",
        "unused": "Fail a test that adds an answer which no request gets.",
        "coverage": "Show at the end what the requests of all tests have exercised.",
    }
)
"""Options without a value."""

_FORMATS: Final = (".json", ".md")
_MOST: Final = 100
_SHOWN: Final = 20
"""How many requests the report of a failed test shows."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; each has a setting of the same name in the configuration file."""
    group = parser.getgroup("mockserver", "stub of an API (mock_api)")
    for name, metavar, text in (
        ("url", "URL", "Running stub to use, in place of one in this process."),
        ("token", "TEXT", "Token of the running stub."),
        ("coverage-min", "PERCENT", "Least coverage of the contract in per cent; below it the run fails."),
        ("coverage-report", "FILE", "File for the coverage, .json or .md."),
    ):
        group.addoption(f"--mock-{name}", metavar=metavar, help=text)
        parser.addini(f"mock_{name.replace('-', '_')}", text)
    for name, text in _SWITCHES.items():
        group.addoption(f"--mock-{name}", action="store_true", default=None, help=text)
        parser.addini(f"mock_{name}", text, type="bool", default=False)
    text = "Setting of the stub as NAME=VALUE, such as fixtures=tests/fixtures; repeatable."
    group.addoption("--mock-set", action="append", default=[], metavar="NAME=VALUE", help=text)
    parser.addini("mock_settings", text, type="linelist")


def _get(config: pytest.Config, name: str) -> Any:  # noqa: ANN401 - text, or true or false
    given = config.getoption(f"mock_{name}")
    return config.getini(f"mock_{name}") if given is None else given


def _check_options(config: pytest.Config) -> None:
    """Refuse options that cannot be meant, before a test runs."""
    for name in _SWITCHES:
        try:
            _get(config, name)
        except (ValueError, pytest.UsageError) as error:
            raise pytest.UsageError(f"mock_{name}: {error}. Write true or false.") from None
    least, report = _get(config, "coverage_min"), _get(config, "coverage_report")
    if config.getoption("mock_url") == "":
        raise pytest.UsageError("--mock-url is empty. Write the URL that the stub has printed, or leave it out.")
    if _get(config, "token") and not _get(config, "url"):
        raise pytest.UsageError("--mock-token is for the stub at --mock-url. Write that, too.")
    if least and not (least.isdecimal() and int(least) <= _MOST):
        raise pytest.UsageError(f"--mock-coverage-min is {least!r}. Write a whole number from 0 to {_MOST}.")
    if report and Path(report).suffix not in _FORMATS:
        raise pytest.UsageError(f"--mock-coverage-report is {report!r}. Write a name that ends in .json or .md.")


# Fixtures


@pytest.fixture(scope="session")
def mock_api_settings() -> dict[str, Any]:
    """Return arguments of `create_app` for the stub; override this to give some, such as `schemas`."""
    return {}


@pytest.fixture(scope="session")
def _mock_stub(pytestconfig: pytest.Config, mock_api_settings: dict[str, Any]) -> Iterator[RunningStub]:
    from mockserver.testing.given_settings import read_settings
    from mockserver.testing.running_stub import RunningStub

    lines = [*pytestconfig.getini("mock_settings"), *pytestconfig.getoption("mock_set")]
    with _needing_stub(pytestconfig, "The stub of mock_api cannot start"):
        stub = RunningStub({**read_settings(lines, pytestconfig.rootpath), **mock_api_settings})
    yield stub
    stub.stop()


@contextmanager
def _needing_stub(config: pytest.Config, finding: str) -> Iterator[None]:
    """End the run if there is no stub; a worker of pytest-xdist cannot, and fails each test that needs it."""
    from mockserver.documents.problems import StartError

    try:
        yield
    except StartError as error:
        reason = f"{finding}: {error}"
        if hasattr(config, "workerinput"):
            raise pytest.fail.Exception(reason, pytrace=False) from None
        raise pytest.exit.Exception(reason, pytest.ExitCode.USAGE_ERROR) from None


@pytest.fixture(scope="session")
def _mock_place(request: pytest.FixtureRequest) -> Iterator[StubPlace]:
    """Where the stub of all tests is: one connection is kept for them."""
    from mockserver.testing.mock_api import StubPlace, find_stub
    from mockserver.testing.transports import HttpTransport

    url = _get(request.config, "url")
    if url:
        with _needing_stub(request.config, "The stub of --mock-url and --mock-token cannot be used"):
            place = find_stub(url, _get(request.config, "token") or None)
    else:
        stub: RunningStub = request.getfixturevalue("_mock_stub")
        place = StubPlace(HttpTransport(stub.url, keeps=True), stub.root, stub.prefix, stub.token)
    yield place
    place.transport.close()


@pytest.fixture
def mock_api(request: pytest.FixtureRequest, _mock_place: StubPlace) -> Iterator[MockApi]:
    """A running stub of the API, with a session of this test alone: `mock_api.url`, `answer`, `record`, `verify`."""
    from mockserver.testing.mock_api import MockApi

    yield from _lend(request.node, MockApi(_mock_place, _name_session(request.config)))


@pytest.fixture
def mock_api_app(request: pytest.FixtureRequest, _mock_stub: RunningStub) -> Iterator[MockAppApi]:
    """The same without a socket: `mock_api_app.app` is the WSGI application that answers at `mock_api_app.url`."""
    from mockserver.testing.mock_api import MockAppApi, StubPlace
    from mockserver.testing.transports import WsgiTransport

    stub = _mock_stub
    place = StubPlace(WsgiTransport(stub.app), stub.root, stub.prefix, stub.token)
    yield from _lend(request.node, MockAppApi(stub.app, place, _name_session(request.config)))


def _name_session(config: pytest.Config) -> str:
    """Return a name that no other process uses at the same stub."""
    worker: dict[str, str] = getattr(config, "workerinput", {})  # pytest-xdist adds it.
    return f"{worker.get('workerid', 'test')}-{os.urandom(6).hex()}"


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
        faults = [f"--mock-strict: {each}" for each in _find_odd(api)] if _get(item.config, "strict") else []
        unused = api.list_unused() if _get(item.config, "unused") else []
        faults += [f"--mock-unused: no request got the answer {name!r}." for name in unused]
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)
    return result


def _find_odd(api: MockApi) -> list[str]:
    """Return a line for each request that looks like a mistake; its hints stand below it."""
    return [
        f"request {each}" if each.hints else f"the stub has no answer for request {each}"
        for each in api.requests
        if each.hints or not each.is_matched
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the requests that a failed test made to its report."""
    report = yield
    if call.when != "teardown" and report.failed:
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
    """Look at the options, and begin to count the coverage if it is wanted."""
    _check_options(config)
    report, least, is_shown = (_get(config, f"coverage{part}") for part in ("_report", "_min", ""))
    if report or least or is_shown:
        from mockserver.testing.coverage_plugin import CoveragePlugin

        coverage = CoveragePlugin(config.rootpath / report if report else None, int(least or 0), is_shown=is_shown)
        config.stash[_COVERAGE] = coverage.counted
        config.pluginmanager.register(coverage)
