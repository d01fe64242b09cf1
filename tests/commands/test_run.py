"""`mockserver run`: what the command gets, which exit code comes back, and who gets the signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.files import Write
from tests.support.process import ENVIRONMENT, SECONDS, invoke, is_refused, run, with_hangup

pytestmark = pytest.mark.usefixtures("handlers_of_before")

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has process groups and exit codes of signals")

PYTHON = (sys.executable, "-c")

ASK = """
import json, os, sys, urllib.request
url = os.environ["MOCK_API_URL"]
print(url.rpartition("/")[2], json.load(urllib.request.urlopen(f"{url}/Customers/7"))["PersonalId"], *sys.argv[1:])
"""

TELL_URL = "import os; open('url', 'w').write(os.environ['MOCK_API_URL'])"

TELL_SIGNAL = """
import os, signal, sys
def tell(text):
    os.write(1, f"{sys.argv[1]} {text}\\n".encode())
awaited = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
signal.pthread_sigmask(signal.SIG_BLOCK, awaited)
tell("ready")
number = signal.sigwait(awaited)
tell(signal.Signals(number).name)
sys.exit(number)
"""


def test_command_finds_the_api(tmp_path: Path) -> None:
    ended = run("run", "--seed", "3", *PYTHON, ASK, "-x", "--", "y", folder=tmp_path)

    assert ended == (0, "API 7 -x -- y\n", "")


def test_settings_and_base_path_are_kept(tmp_path: Path) -> None:
    (tmp_path / "mockserver.toml").write_text('base_path = ["/v1", "/v2"]\nport = 1\n')

    assert run("run", "--", *PYTHON, ASK, folder=tmp_path) == (0, "v1 7\n", "")


def test_warning_is_on_standard_error(write: Write) -> None:
    fixtures = write("answers.yaml", "answers: [{name: a, operation: getCustomer, reply: {status: 200, body: {}}}]")

    code, output, errors = invoke("run", "--on-breach", "warn", "--fixtures", str(fixtures), "--", *PYTHON, "")

    assert (code, output, errors[:9]) == (0, "", "WARNING: ")


@pytest.mark.parametrize("code", [0, 1, 42])
def test_exit_code_is_that_of_the_command(code: int) -> None:
    assert invoke("run", "--", *PYTHON, f"raise SystemExit({code})") == (code, "", "")


@posix
def test_command_ended_by_a_signal_is_told() -> None:
    ended = invoke("run", "--", *PYTHON, "import os; os.kill(os.getpid(), 9)")

    assert ended == (128 + signal.SIGKILL, "", "")


def test_unknown_command_is_not_found() -> None:
    finding = "COMMAND: 'no-such-command' is not found. Check its spelling and the variable PATH.\n"

    assert invoke("run", "--", "no-such-command", "--help") == (127, "", finding)


@posix
def test_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    finding = f"COMMAND: {str(tmp_path)!r} cannot be run: Permission denied. Name a program.\n"

    assert invoke("run", str(tmp_path)) == (126, "", finding)


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        (["run"], "Error: Missing argument 'COMMAND...'."),
        (["run", "--"], "Error: Missing argument 'COMMAND...'."),
        (["run", "--port", "1", "x"], "Error: No such option"),
        (["run", "--locale", "xx", "x"], "--locale: "),
        (["run", "--contract", "none", "x"], "--contract: "),
    ],
    ids=" ".join,
)
def test_wrong_usage_runs_nothing(options: list[str], finding: str) -> None:
    code, output, errors = invoke(*options)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith(finding)


def test_help_has_headings_for_options_alone() -> None:
    code, output, _ = invoke("run", "--help")

    headings = [line for line in output.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert (code, headings[0], output.count("COMMAND...")) == (0, "What is served:", 1)


def test_stub_is_gone_after_the_command(tmp_path: Path) -> None:
    run("run", "--", *PYTHON, TELL_URL, folder=tmp_path)

    assert is_refused((tmp_path / "url").read_text().removesuffix("/API"))


# Signals


@contextmanager
def running(command: list[str], stdin: int = subprocess.DEVNULL) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*with_hangup("SIG_DFL"), "run", "--", *command],
        env=ENVIRONMENT,
        stdin=stdin,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signal_is_passed_on(name: str) -> None:
    with running([*PYTHON, TELL_SIGNAL, "it"]) as process:
        assert read_line(process) == "it ready\n"
        process.send_signal(getattr(signal, name))

        assert read_line(process) == f"it {name}\n"
        assert process.wait(SECONDS) == getattr(signal, name)


@posix
def test_signal_reaches_what_the_command_started() -> None:
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TELL_SIGNAL!r}, 'inner'])"
    with running([*PYTHON, start]) as process:
        assert read_line(process) == "inner ready\n"
        process.send_signal(signal.SIGTERM)

        assert read_line(process) == "inner SIGTERM\n"
        assert process.wait(SECONDS) == 128 + signal.SIGTERM


@posix
def test_nothing_is_left_behind_when_killed() -> None:
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TELL_SIGNAL!r}, 'inner'])"
    with running([*PYTHON, start]) as process:
        assert read_line(process) == "inner ready\n"
        process.kill()

        assert read_line(process) == ""  # All who had it open have ended.


@posix
def test_command_at_a_terminal_stays_in_its_group() -> None:
    import pty

    ours, theirs = pty.openpty()
    try:
        with running([*PYTHON, f"import os; print(os.getpgrp(), flush=True)\n{TELL_SIGNAL}", "it"], theirs) as process:
            assert read_line(process) == f"{os.getpgrp()}\n"
            assert read_line(process) == "it ready\n"
            process.send_signal(signal.SIGINT)  # The terminal sends its own to the command.
            process.send_signal(signal.SIGTERM)

            assert read_line(process) == "it SIGTERM\n"
            assert process.wait(SECONDS) == signal.SIGTERM
    finally:
        os.close(ours)
        os.close(theirs)


@posix
def test_signal_before_the_start_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def signalled(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        signal.raise_signal(signal.SIGTERM)
        return start(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", signalled)

    assert invoke("run", "--", "sleep", "60")[0] == 128 + signal.SIGTERM


@posix
@pytest.mark.parametrize(
    ("is_terminal", "sent", "number"),
    [(False, "kill -INT $PPID", signal.SIGINT), (True, "kill -INT $PPID; kill -TERM $PPID", signal.SIGTERM)],
)
def test_terminal_sends_its_own_ctrl_c(
    is_terminal: bool, sent: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: is_terminal)

    assert invoke("run", "--", "sh", "-c", f"{sent}; exec sleep 60")[0] == 128 + number
