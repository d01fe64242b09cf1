"""The README tells the truth: its commands are run and its tables compared with the program."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from mockserver import create_app
from mockserver.commands.console import describe_stub
from mockserver.commands.main import main
from mockserver.stub.loading import load_stub

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def find_blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def find_commands() -> list[tuple[str, str]]:
    """Each command behind `$ ` in a console block, with the output printed below it."""
    parts = [re.split(r"^\$ (.+)\n", block, flags=re.MULTILINE)[1:] for block in find_blocks("console")]
    return [(command, output.strip()) for part in parts for command, output in zip(part[::2], part[1::2], strict=True)]


def run_curl(words: list[str]) -> str:
    url = urlsplit(words[-1])
    answer = create_app().test_client().get(f"{url.path}?{url.query}")
    lines = []
    if "-i" in words:
        lines = [f"HTTP/1.1 {answer.status}"]
        lines += sorted(f"{name}: {value}" for name, value in answer.headers if name != "Content-Length")
        lines.append("")
    return "\n".join([*lines, answer.get_data(as_text=True)]).strip()


def run_mockserver(words: list[str], folder: Path) -> str:
    (folder / "my-fixtures").mkdir()
    faulty = next(block for block in find_blocks("yaml") if "FirstNam:" in block)
    (folder / "my-fixtures" / "customers.yaml").write_text(faulty, encoding="utf-8")
    return CliRunner().invoke(main, words[1:]).output.strip()


@pytest.mark.parametrize(("command", "output"), find_commands(), ids=[command for command, _ in find_commands()])
def test_readme_command_prints_what_is_shown(
    command: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)

    printed = run_curl(words) if words[0] == "curl" else run_mockserver(words, tmp_path)

    assert printed == output


def test_readme_start_table_is_the_one_that_serve_prints() -> None:
    table = "\n".join(describe_stub(load_stub(), "http://127.0.0.1:8080"))

    assert any(table in block for block in find_blocks("text"))


@pytest.mark.parametrize("block", [block for block in find_blocks("yaml") if "FirstNam:" not in block])
def test_readme_fixtures_load(block: str, tmp_path: Path) -> None:
    (tmp_path / "fixtures.yaml").write_text(block, encoding="utf-8")

    fixtures = load_stub(fixtures=tmp_path).fixtures

    assert fixtures.records or fixtures.answers


@pytest.mark.parametrize("block", find_blocks("python"))
def test_readme_python_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-fixtures").mkdir()
    monkeypatch.chdir(tmp_path)

    exec(compile(block, "README.md", "exec"), {})


def test_readme_settings_are_those_of_serve_and_create_app() -> None:
    row = r"^\| (?:`(--[a-z-]+).*?`)? ?\| (?:`(MOCKSERVER_\w+)`)? ?\| (?:`(\w+)`)? ?\|"
    rows = re.findall(row, README, re.MULTILINE)
    options = {param.opts[0]: param.envvar for param in main.commands["serve"].params}

    assert {option: variable for option, variable, _ in rows if option} == options
    assert {argument for _, _, argument in rows if argument} == set(inspect.signature(create_app).parameters)


def test_readme_test_command_is_the_one_that_ci_runs() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert ".tools/bin/uv run pytest" in find_blocks("sh")[1]
    assert "\n.tools/bin/uv run pytest\n" in ci
