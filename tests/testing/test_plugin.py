"""The pytest plugin: what tests get, what fails them, and what a run tells at its end."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

import mockserver
from mockserver.testing import plugin
from mockserver.testing.coverage_plugin import CoveragePlugin
from mockserver.testing.transports import StubError
from mockserver.web.app import create_app
from tests.support.serving import running

CLIENT = """
import json, urllib.error, urllib.request

def look_up(id, base, **headers):
    try:
        request = urllib.request.Request(f"{base}/Customers/{id}", headers=headers)
        with urllib.request.urlopen(request) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        error.close()
        return None
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(client=CLIENT)
    pytester.makeini("[pytest]\n")
    return pytester


def run(folder: pytest.Pytester, text: str, *options: str) -> pytest.RunResult:
    """Run tests of this text."""
    folder.makepyfile(test_it=f"from client import look_up\n{text}")
    return folder.runpytest_inprocess("-p", "no:cacheprovider", *options)


def test_test_of_the_issue_passes(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
def test_nobody(mock_api):
    mock_api.answer("getCustomer", when={"id": "42"}, status=404)
    mock_api.record("Customer", PersonalId="9", FirstName="Zed")

    assert look_up("42", base=mock_api.url, **{"X-Tenant": "acme"}) is None
    assert look_up("9", base=mock_api.url)["FirstName"] == "Zed"

    mock_api.verify("getCustomer", arguments={"id": "42"}, headers={"X-Tenant": "acme"}, exactly=1)
    mock_api.verify_order({"arguments": {"id": "42"}, "operation": "getCustomer"}, {"path": "/Customers/9"})
    assert [each.status for each in mock_api.requests] == [404, 200]
    assert mock_api.requests[0].header("x-tenant") == "acme"
    assert mock_api.requests[0].source == "answer answer-1 run-time"

    mock_api.prefer(code=503)
    assert look_up("9", base=mock_api.url) is None
    mock_api.reset()
    assert mock_api.requests == []
    assert look_up("42", base=mock_api.url)["PersonalId"] == "42"
""",
    )

    result.assert_outcomes(passed=1)


def test_tests_have_sessions_of_their_own(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_one(mock_api, number):
    assert mock_api.requests == []
    mock_api.answer("getCustomer", status=409 + number)
    assert look_up(number, base=mock_api.url) is None
    assert mock_api.requests[-1].status == 409 + number
""",
        "-n2",
    )

    result.assert_outcomes(passed=6)


def test_workers_share_a_running_stub(folder: pytest.Pytester) -> None:
    text = """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_one(mock_api, number):
    mock_api.answer("getCustomer", status=409)
    assert look_up(number, base=mock_api.url) is None
    mock_api.verify("getCustomer", exactly=1)
"""
    with running(create_app(admin_token="t0ken", prefix="/stub")) as server:
        options = ("-n2", "--mock-url", f"{server.url}/stub")
        result = run(folder, text, *options, "--mock-token", "t0ken")
        refused = run(folder, text, *options)

        alone = run(folder, text, "--mock-url", f"{server.url}/stub", "--mock-token", "t0ken")

    for each in (result, alone):
        each.assert_outcomes(passed=4)
    refused.assert_outcomes(errors=4)
    told = "The stub of --mock-url and --mock-token cannot be used: *"
    refused.stdout.fnmatch_lines(["*ERROR at setup*", "*", f"{told} answers 403: Only callers with the token *"])
    refused.stdout.no_fnmatch_line("During handling of *")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("localhost:8080", "'localhost:8080' is no URL of a stub. Write one such as http://localhost:8080."),
        ("http://127.0.0.1:1", "No stub answers at http://127.0.0.1:1: *"),
        (
            "{url}/API",
            "{url}/API/health answers 404: the stub serves its API there. Write the URL that *",
        ),
    ],
)
def test_stub_that_is_not_there_ends_the_run(folder: pytest.Pytester, url: str, line: str) -> None:
    with running(create_app()) as server:
        result = run(folder, "def test_one(mock_api): pass", "--mock-url", url.format(url=server.url))

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    told = line.format(url=server.url)
    result.stdout.fnmatch_lines([f"*The stub of --mock-url and --mock-token cannot be used: {told}*"])


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--mock-url="], "--mock-url is empty. Write the URL that the stub has printed, or leave it out."),
        (["--mock-token=a"], "--mock-token is for the stub at --mock-url. Write that, too."),
        (["--mock-coverage-min=x"], "--mock-coverage-min is 'x'. Write a whole number from 0 to 100."),
        (["--mock-coverage-min=-1"], "--mock-coverage-min is '-1'. Write a whole number from 0 to 100."),
        (["--mock-coverage-min=101"], "--mock-coverage-min is '101'. Write a whole number from 0 to 100."),
        (
            ["--mock-coverage-report=a.txt"],
            "--mock-coverage-report is 'a.txt'. Write a name that ends in .json or .md.",
        ),
    ],
)
def test_wrong_option_ends_the_run(folder: pytest.Pytester, options: list[str], line: str) -> None:
    result = folder.runpytest_inprocess(*options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {line}"])


def test_application_is_reached_without_a_socket(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
def test_one(mock_api_app):
    from mockserver.testing.transports import WsgiTransport
    mock_api_app.answer("getCustomer", status=409, times=1)
    target = mock_api_app.url.removeprefix("http://localhost") + "/Customers/1"
    answered = [WsgiTransport(mock_api_app.app).send("GET", target, {}, b"").status for _ in range(2)]
    assert answered == [409, 200]
    mock_api_app.verify("getCustomer", exactly=2)
""",
    )

    result.assert_outcomes(passed=1)


def test_token_of_the_own_stub_is_sent(folder: pytest.Pytester) -> None:
    text = "def test_one(mock_api, mock_api_app): mock_api.prefer(code=503); mock_api_app.prefer(code=503)"

    run(folder, text, "--mock-set", "admin_token=t0ken").assert_outcomes(passed=1)


def test_failed_verification_names_the_nearest(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
def test_one(mock_api):
    look_up("42?idType=2", base=mock_api.url)
    mock_api.verify("getCustomer", arguments={"id": "42", "idType": 1})
""",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*VerificationError: getCustomer with id '42' and idType 1: at least 1 request wanted, 0 seen.",
            "E*  1 GET /API/Customers/42?idType=2: idType is 2, wanted 1",
            "*- requests to the stub -*",
            "1 GET /API/Customers/42?idType=2 -> 200 generated*",
        ]
    )


def test_wrong_answer_is_told(folder: pytest.Pytester) -> None:
    result = run(folder, 'def test_one(mock_api): mock_api.answer("getCustomr", statu=404)')

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*StubError: #/operation: The contract has no operation 'getCustomr'; did you mean 'getCustomer'?",
            "*#/reply/statu: *did you mean 'status'?",
        ]
    )


def test_report_says_that_the_stub_is_gone(folder: pytest.Pytester) -> None:
    with running(create_app()) as server:
        moved = "transport = mock_api._management._transport; transport.close(); transport._connect = refuse"
        result = run(
            folder,
            f"def refuse(): raise OSError('gone')\ndef test_one(mock_api): {moved}; assert False",
            "--mock-url",
            server.url,
        )

    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*- requests to the stub -*", f"No stub answers at {server.url}: *"])


def test_failing_set_up_shows_its_requests(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
import pytest

@pytest.fixture
def ready(mock_api):
    look_up("1", base=mock_api.url)
    assert False

def test_one(ready): pass
""",
    )

    result.stdout.fnmatch_lines(["*- requests to the stub -*", "1 GET /API/Customers/1 -> 200 generated"])


def test_long_report_is_cut(folder: pytest.Pytester) -> None:
    result = run(
        folder,
        """
def test_one(mock_api):
    for number in range(25):
        look_up(number, base=mock_api.url)
    assert False
""",
    )

    result.stdout.fnmatch_lines(["5 before these", "6 GET /API/Customers/5 -> 200 generated"])


@pytest.mark.parametrize(
    ("option", "ini", "text", "line"),
    [
        (
            "--mock-strict",
            "mock_strict = true",
            'look_up("undefined", base=mock_api.url)',
            "--mock-strict: request 1 GET *undefined -> 404*",
        ),
        (
            "--mock-strict",
            "mock_strict = true",
            'look_up("1?idType=x", base=mock_api.url)',
            "--mock-strict: the stub has no answer for request 1 GET * -> 400*",
        ),
        (
            "--mock-unused",
            "mock_unused = true",
            'mock_api.answer("getCustomer", name="a", status=404)',
            "--mock-unused: no request got the answer 'a'.",
        ),
    ],
)
def test_rules_fail_a_test_that_passes(folder: pytest.Pytester, option: str, ini: str, text: str, line: str) -> None:
    test = f"def test_one(mock_api): {text}\ndef test_two(mock_api): assert look_up('1', base=mock_api.url)"

    plain, by_option = run(folder, test), run(folder, test, option)
    folder.makeini(f"[pytest]\n{ini}\n")
    by_ini = run(folder, test)

    plain.assert_outcomes(passed=2)
    for result in (by_option, by_ini):
        result.assert_outcomes(passed=1, failed=1)
        result.stdout.fnmatch_lines([line])


# Settings


def test_settings_come_from_options_ini_and_a_fixture(folder: pytest.Pytester) -> None:
    folder.makefile(".yaml", customers="schema: Customer\nrecords: [{PersonalId: '7', FirstName: Own}]")
    folder.makeini("[pytest]\nmock_settings =\n    fixtures = customers.yaml\n    missing = message\n")
    folder.makeconftest(
        "import pytest\n@pytest.fixture(scope='session')\ndef mock_api_settings(): return {'error_detail': True}"
    )
    text = """
def test_one(mock_api):
    assert look_up("7", base=mock_api.url)["FirstName"] == "Own"
    assert look_up("8", base=mock_api.url) is None
    assert "MessageDetail" in mock_api.requests[-1].reply_body or mock_api.requests[-1].reply_body
"""

    result = run(
        folder, text, "--mock-set", "source=fixtures", "--mock-set", "missing=empty", "--mock-set", "missing=message"
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("fixture=a", "'fixture=a' is no setting; did you mean 'fixtures'?"),
        ("source=x", "source: 'x' is not one of auto, fixtures, generated."),
        ("fixtures=none", "fixtures: */none: there is no such folder or file.*"),
    ],
)
def test_wrong_setting_ends_the_run(folder: pytest.Pytester, given: str, line: str) -> None:
    result = run(folder, "def test_one(mock_api): pass", "--mock-set", given)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines([f"*The stub of mock_api cannot start: {line}*"])


@pytest.mark.parametrize("name", ["mock_strict", "mock_unused", "mock_coverage"])
def test_wrong_switch_in_the_file_is_told(folder: pytest.Pytester, name: str) -> None:
    folder.makeini(f"[pytest]\n{name} = perhaps\n")

    result = folder.runpytest_inprocess()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {name}: invalid truth value 'perhaps'. Write true or false."])


# Coverage

COVERED = """
import pytest

@pytest.mark.parametrize("target", ["100200300?idType=1", "nobody?idType=x", "42?__code=404"])
def test_one(mock_api, target):
    mock_api.answer("getCustomer", when={"id": "other"}, status=409)
    look_up(target, base=mock_api.url)
"""


@pytest.mark.parametrize("workers", [[], ["-n2"]])
def test_coverage_is_shown_and_written(folder: pytest.Pytester, workers: list[str]) -> None:
    files = ("out/coverage.json", "coverage.md")

    results = [run(folder, COVERED, *workers, "--mock-coverage", "--mock-coverage-report", each) for each in files]

    for result in results:
        result.assert_outcomes(passed=3)
        result.stdout.fnmatch_lines(
            ["*= coverage of the API =*", "Coverage * %: *", "  reply      200 application/json * 1"]
        )
    measured = json.loads((folder.path / files[0]).read_text(encoding="utf-8"))
    counts = {row["name"]: row["count"] for row in measured["rows"]}
    assert (counts["path.id"], counts["400 application/json"], counts["404"], measured["fixtures"]["used"]) == (
        3,
        1,
        1,
        1,
    )
    assert (folder.path / files[1]).read_text(encoding="utf-8").startswith("**Coverage ")


@pytest.mark.parametrize(("least", "code"), [("1", 0), ("100", 1)])
def test_coverage_may_fail_the_run(folder: pytest.Pytester, least: str, code: int) -> None:
    result = run(folder, COVERED, "--mock-coverage-min", least)

    assert result.ret == code
    result.stdout.fnmatch_lines(["Coverage * %: *"])
    assert ("below --mock-coverage-min=100." in result.stdout.str()) is (code == 1)
    assert "query.idType" not in result.stdout.str()


def test_configuration_file_has_the_same_options(folder: pytest.Pytester) -> None:
    with running(create_app(admin_token="t0ken")) as server:
        given = {"url": server.url, "token": "t0ken", "coverage_min": "100", "coverage_report": "coverage.md"}
        folder.makeini("\n".join(("[pytest]", *(f"mock_{name} = {text}" for name, text in given.items()))))
        result = run(folder, COVERED)
        folder.makeini(f"[pytest]\nmock_coverage = true\nmock_url = {server.url}\nmock_token = t0ken\n")
        shown = run(folder, COVERED)

    assert (result.ret, shown.ret) == (1, 0)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*below --mock-coverage-min=100.*"])
    shown.stdout.fnmatch_lines(["*= coverage of the API =*", "  reply      200 application/json * 1"])
    assert (folder.path / "coverage.md").read_text(encoding="utf-8").startswith("**Coverage ")


def test_report_that_cannot_be_written_fails_the_run(folder: pytest.Pytester) -> None:
    folder.makefile(".md", coverage="")

    result = run(folder, COVERED, "--mock-coverage-report", "coverage.md/coverage.md")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["FAILED: *coverage.md cannot be written: *."])


# What it costs


def test_run_without_fixtures_imports_nothing_more(folder: pytest.Pytester) -> None:
    folder.makepyfile(
        test_it="""
import sys

def test_one():
    ours = {name for name in sys.modules if name.startswith("mockserver")}
    assert ours == {"mockserver", "mockserver.version", "mockserver.testing", "mockserver.testing.plugin"}
"""
    )

    folder.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_worker_fails_tests_that_need_a_stub() -> None:
    worker: Any = SimpleNamespace(workerinput={})

    with pytest.raises(pytest.fail.Exception, match=r"^No stub: gone$"), plugin._needing_stub(worker, "No stub"):
        raise StubError("gone")


def test_worker_hands_over_what_it_has_counted() -> None:
    worker: Any = SimpleNamespace(config=SimpleNamespace(workeroutput={}))

    CoveragePlugin(None, 100, is_shown=True).pytest_sessionfinish(worker)

    counted = json.loads(worker.config.workeroutput["mockserver_coverage"])
    assert (counted["rows"], counted["percent"]) == ([], 100)


def test_worker_that_was_killed_has_counted_nothing() -> None:
    coverage = CoveragePlugin(None, 100, is_shown=True)

    coverage.pytest_testnodedown(SimpleNamespace())

    assert coverage.counted.to_json() == CoveragePlugin(None, 100, is_shown=True).counted.to_json()


def test_package_gives_its_names_when_they_are_used() -> None:
    code = "import mockserver, sys; a = 'flask' in sys.modules; mockserver.create_app; print(a, 'flask' in sys.modules)"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert printed == "False True\n"
    with pytest.raises(AttributeError, match="module 'mockserver' has no attribute 'nothing'"):
        mockserver.nothing  # noqa: B018
