"""The command itself: how it is started, its help, and wrong usage."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

import mockserver
from mockserver.commands.main import import_command, main
from mockserver.version import __version__
from tests.support.process import invoke, run

pytestmark = pytest.mark.usefixtures("handlers_of_before")


def test_version_is_told(tmp_path: Path) -> None:
    assert run("--version", folder=tmp_path) == (0, f"mockserver {__version__}\n", "")


def test_module_is_the_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["anything", "--version"])

    # By its path: pytest loads the modules of a plugin in a way that `runpy.run_module` cannot.
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(mockserver.__file__).parent / "__main__.py"), run_name="__main__")

    assert (ended.value.code, capsys.readouterr().out) == (0, f"mockserver {__version__}\n")


def test_command_runs_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)

    with pytest.raises(SystemExit) as ended:
        main(["check", "--locale", "xx"], standalone_mode=False)

    assert ended.value.code == 2


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_lists_the_commands(option: str) -> None:
    code, output, _ = invoke(option)

    listed = " ".join(line.split()[0] for line in output.partition("Commands:\n")[2].splitlines())
    names = "capture check check-provider coverage diff edges explain generate init mcp run selftest serve"
    assert (code, listed) == (0, names)


@pytest.mark.parametrize("name", main.commands)
def test_help_of_a_command_begins_with_its_sentence(name: str) -> None:
    command = import_command(name)

    assert command.name == name
    assert command.get_short_help_str(limit=200) == main.commands[name].get_short_help_str(limit=200)


@pytest.mark.parametrize("name", main.commands)
def test_list_shows_whole_sentences(name: str) -> None:
    free = 80 - len(max(main.commands, key=len)) - 8  # click's margins

    assert main.commands[name].get_short_help_str(limit=free) == main.commands[name].help


@pytest.mark.parametrize("command", ["serve", "check", "edges"])
@pytest.mark.parametrize("options", [["--nope"], ["more"], ["--seed"]], ids=" ".join)
def test_wrong_usage_is_told(command: str, options: list[str]) -> None:
    code, output, errors = invoke(command, *options)

    assert (code, output) == (2, "")
    assert errors.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize(
    ("command", "remedy"), [("serve", "For fixtures, write --fixtures more."), ("edges", "Leave it out.")]
)
def test_text_without_an_option_is_told(command: str, remedy: str) -> None:
    code, _, errors = invoke(command, "more")

    assert (code, errors.splitlines()[-1]) == (2, f"Error: 'more' belongs to no option. {remedy}")


@pytest.mark.parametrize("value", ["tcp://10.0.0.12:8080", "udp://10.0.0.12:53"])
def test_address_of_a_service_is_no_setting(value: str) -> None:
    code, output, errors = invoke("check", MOCKSERVER_SEED=value)

    note = f"NOTE: MOCKSERVER_SEED is {value!r}, the address of a service. It is not a setting, and is passed over.\n"
    assert (code, errors) == (0, note)
    assert output.startswith("No problems")
