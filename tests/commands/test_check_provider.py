"""`mockserver check-provider`: its report, its exit codes, and what it refuses."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockserver.web.app import create_app
from tests.support.certificates import make_context
from tests.support.process import COMMAND, ENVIRONMENT, SECONDS, invoke, run
from tests.support.providers import ask_stub, make_json, providing, write_reply
from tests.support.serving import running

ALONE = ("--max-requests", "0")
"""Asks for the fixtures alone, which is faster."""

ONE = "schema: Customer\nrecords: [{PersonalId: a, FirstName: Zed}]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("one.yaml").write_text(ONE, encoding="utf-8")
    return tmp_path


pytestmark = pytest.mark.usefixtures("folder")


def test_stub_keeps_its_own_contract() -> None:
    with running(create_app(seed=5)) as server:
        code, output, errors = invoke("check-provider", f"{server.url}/API", *ALONE)

    assert (code, errors) == (0, "")
    assert output.splitlines()[0] == f"check-provider of {server.url}/API"
    assert output.splitlines()[-1] == "19 cases: 18 passed, 1 skipped."


def test_requests_are_generated_after_the_fixtures() -> None:
    with running(create_app(seed=5)) as server:
        code, output, errors = invoke("check-provider", f"{server.url}/API", "--max-requests", "10")

    groups = [line.split()[0] for line in output.splitlines()[3:-1] if line]
    assert (code, errors, groups) == (0, "", ["fixtures", "examples", "coverage", "generated", "generated"])


def test_nothing_is_generated_for_a_provider_that_is_always_wrong() -> None:
    with running(create_app()) as server:
        code, output, _ = invoke("check-provider", f"{server.url}/API/v2")

    assert code == 1
    assert output.splitlines()[-1] == "20 cases: 5 failed, 15 skipped."


def test_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "schemathesis", None)
    monkeypatch.delitem(sys.modules, "mockserver.conformance.fuzzing", raising=False)
    monkeypatch.delattr("mockserver.conformance.fuzzing", raising=False)

    code, output, errors = invoke("check-provider", "http://127.0.0.1:1")

    assert (code, output) == (2, "")
    assert errors.startswith("Schemathesis is missing: ")
    remedy = "Install mockserver with its extra: mockserver[ci]. --max-requests 0 does without."
    assert errors.endswith(f". {remedy}\n")


def test_difference_is_told_and_no_failure() -> None:
    with running(create_app(source="generated", seed=3)) as server:
        code, output, _ = invoke("check-provider", f"{server.url}/API", "--fixtures", "one.yaml", *ALONE)

    found = re.search(
        "^one.yaml:2:1: differs from the fixture: FirstName is '.+', the fixture has 'Zed'.", output, re.MULTILINE
    )
    assert code == 0
    assert found


def test_ignored_difference_is_not_told() -> None:
    with running(create_app(source="generated", seed=3)) as server:
        arguments = ("check-provider", f"{server.url}/API", "--fixtures", "one.yaml", *ALONE)

        assert "differs" in invoke(*arguments, "--ignore", "DOB")[1]
        assert "differs" not in invoke(*arguments, "--ignore", "DOB", "--ignore", "FirstName")[1]


def test_breach_fails_and_is_reported() -> None:
    good = ask_stub()
    with providing(lambda target, _: [write_reply(good(target)).replace(b'"Sex":', b'"sex":')]) as url:
        code, output, _ = invoke(
            "check-provider", f"{url}/API", "--fixtures", "one.yaml", "--report", "json=r.json", *ALONE
        )

    text = "one.yaml:2:1: BREAKS THE CONTRACT: Sex is missing, the contract requires it."
    assert code == 1
    assert text in output
    assert json.loads(Path("r.json").read_bytes())["cases"][0]["findings"][0]["kind"] == "breach"


def test_secret_is_sent_and_never_shown() -> None:
    heads = []

    def answer(_target: str, head: bytes) -> Iterator[bytes]:
        heads.append(head.decode())
        yield write_reply(make_json(401, '{"Message":"s3cret is not known."}'))

    with providing(answer) as url:
        arguments = ("--fixtures", "one.yaml", "-H", "Authorization: Bearer ${API_TOKEN}", "--max-requests", "9")
        code, output, errors = invoke("check-provider", url, *arguments, "--report", "json=r.json", API_TOKEN="s3cret")

    assert code == 1
    assert len(heads) == 10
    assert all("Authorization: Bearer s3cret\r\n" in each for each in heads)
    assert '-H "Authorization: Bearer ${API_TOKEN}"' in output
    assert "s3cret" not in output + errors + Path("r.json").read_text(encoding="utf-8")


def test_secret_of_a_fixture_is_never_shown() -> None:
    answer = "{name: a, operation: getCustomer, when: {headers: {Authorization: s3cret}}, reply: {status: 404}}"
    Path("secret.yaml").write_text(f"answers:\n- {answer}\n", encoding="utf-8")
    with running(create_app()) as server:
        _, output, _ = invoke("check-provider", f"{server.url}/API", "--fixtures", "secret.yaml", *ALONE)

    assert "-H 'Authorization: redacted'" in output
    assert "s3cret" not in output


def test_only_safe_methods_are_sent_unasked(write_contract: str) -> None:
    methods = []

    def answer(_target: str, head: bytes) -> Iterator[bytes]:
        methods.append(head.partition(b" ")[0].decode())
        yield b"HTTP/1.1 204 No Content\r\n\r\n"

    with providing(answer) as url:
        arguments = ("check-provider", url, "--contract", write_contract, "--fixtures", "methods.yaml", *ALONE)
        _, skipped, _ = invoke(*arguments)
        _, allowed, _ = invoke(*arguments, "--method", "delete")

    assert skipped.splitlines()[-1] == "2 cases: 1 passed, 1 skipped."
    assert allowed.splitlines()[-1] == "2 cases: 2 passed."
    assert methods == ["HEAD", "DELETE", "HEAD"]


@pytest.fixture
def write_contract() -> str:
    """A contract without a body or a GET, and fixtures for it."""
    Path("openapi.yaml").write_text(
        """\
openapi: 3.1.0
info: {title: Locks, version: "1"}
paths:
  /lock:
    delete: {operationId: unlock, responses: {"204": {description: d}}}
    head: {operationId: look, responses: {"204": {description: d}}}
""",
        encoding="utf-8",
    )
    Path("methods.yaml").write_text(
        """\
answers:
  - {name: a, operation: unlock, reply: {status: 204}}
  - {name: b, operation: look, reply: {status: 204}}
""",
        encoding="utf-8",
    )
    return "openapi.yaml"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("example.com",), "'example.com' is not the URL of a provider. Write one such as https://example.com/API."),
        (("http://a/", "--ignore", "Note"), "--ignore: No response has a member 'Note'; did you mean 'Notes'?"),
        (("http://a/", "--ignore", "Zzz"), "--ignore: No response has a member 'Zzz'. Name a member of the contract."),
        (
            ("https://a/", "--cacert", "none"),
            "--cacert: 'none' cannot be used: No such file or directory. Name a file of certificates in PEM form.",
        ),
        (("http://a/", "-H", "a"), "--header: 'a' is not a header. Write one such as 'Accept: application/json'."),
        (
            ("http://a/", "--fixtures", "none"),
            "--fixtures: none: there is no such folder or file. Name the folder of the fixtures.",
        ),
    ],
)
def test_wrong_input_is_told(arguments: tuple[str, ...], text: str) -> None:
    assert invoke("check-provider", *arguments) == (2, "", f"{text}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        *((), ("http://a", "more"), ("http://a", "--max-time", "0"), ("http://a", "--read-timeout", "nan")),
        *(("http://a", "--connect-timeout", "inf"), ("http://a", "--rate", "-1"), ("http://a", "--rate", "x")),
        *(("http://a", "--method", "PSOT"), ("http://a", "--method", "")),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...]) -> None:
    code, output, errors = invoke("check-provider", *arguments)

    assert (code, output) == (2, "")
    assert errors.startswith("Usage: ")


def test_unreachable_provider_could_not_be_checked(folder: Path) -> None:
    with providing(lambda _target, _head: []) as url:
        pass

    code, output, errors = run("check-provider", url, "--fixtures", "one.yaml", folder=folder)

    assert (code, errors) == (2, "")
    assert f"COULD NOT BE CHECKED: {url} cannot be reached: " in output


def test_wrong_certificate_could_not_be_checked(folder: Path) -> None:
    with providing(lambda _target, _head: [], make_context(folder)) as url:
        code, output, _ = invoke("check-provider", url, "--fixtures", "one.yaml")

    assert code == 2
    assert f"COULD NOT BE CHECKED: {url}: its certificate is not trusted: " in output


@pytest.mark.skipif(os.name == "nt", reason="Windows ends processes without a signal")
def test_interrupted_check_leaves_a_report(folder: Path) -> None:
    good = ask_stub()

    def answer(target: str, _head: bytes) -> Iterator[bytes]:
        if target.startswith("/API/Customers/100200304"):
            process.send_signal(signal.SIGINT)
            time.sleep(SECONDS)
        yield write_reply(good(target))

    with providing(answer) as url:
        command = [*COMMAND, "check-provider", f"{url}/API"]
        with subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            output, errors = process.communicate(timeout=SECONDS)

    assert (process.returncode, errors) == (2, "")
    assert output.splitlines()[-1] == "Interrupted: not every case was tried. 3 cases: 3 passed."
