"""The option `--report`: which values it takes, and what becomes of files that are there."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mockserver.commands.report_files import Destination, add_report_option
from mockserver.conformance.report_texts import write_as_annotations, write_as_json, write_as_junit
from mockserver.documents.problems import StartError
from tests.support.process import SEPARATE
from tests.support.reports import REPORT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@click.command()
@add_report_option
def tell(destinations: tuple[Destination, ...]) -> None:
    for each in destinations:
        each.write(REPORT)


def run(*options: str) -> tuple[int, str, str]:
    result = CliRunner(**SEPARATE).invoke(tell, list(options))
    return result.exit_code, result.stdout, result.stderr


def test_reports_are_written_and_printed(folder: Path) -> None:
    options = ("--report", "junit=a.xml", "--report", "json=b=c.json", "--report", "github")

    assert run(*options) == (0, write_as_annotations(REPORT), "")
    assert (folder / "a.xml").read_text(encoding="utf-8") == write_as_junit(REPORT)
    assert (folder / "b=c.json").read_text(encoding="utf-8") == write_as_json(REPORT)
    assert sorted(each.name for each in folder.iterdir()) == ["a.xml", "b=c.json"]


@pytest.mark.parametrize("option", ["junit=report", "json=report"])
def test_report_of_before_is_replaced(folder: Path, option: str) -> None:
    file = folder / "report"
    file.touch()
    assert run("--report", option)[0] == 0
    written = file.read_bytes()
    file.write_bytes(written + b"more")

    assert run("--report", option)[0] == 0
    assert file.read_bytes() == written


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "'' is not one of junit=FILE, json=FILE, github."),
        ("junti=a.xml", "'junti' is not one of junit=FILE, json=FILE, github; did you mean 'junit'?"),
        ("github=a", "github takes no file: it is printed. Write github alone."),
        ("junit", "junit needs a file. Write junit=FILE."),
        ("json=", "json needs a file. Write json=FILE."),
        ("json=none/a.json", "'none' is not a folder to write in. Create it, or name another file."),
        ("json=notes/a.json", "'notes' is not a folder to write in. Create it, or name another file."),
        ("json=.", "'.' is a folder. Name a file."),
        ("json=notes", "'notes' is there already, and is no such report. Name another file."),
        ("json=loop", "'loop' cannot be read: Too many levels of symbolic links. Name another file."),
    ],
)
def test_bad_value_is_told(folder: Path, given: str, told: str) -> None:
    (folder / "notes").write_text("Keep this.", encoding="utf-8")
    (folder / "loop").symlink_to("loop")

    code, output, errors = run("--report", given)

    assert (code, output) == (2, "")
    assert errors.endswith(f"Error: Invalid value for '--report': {told}\n")
    assert (folder / "notes").read_text(encoding="utf-8") == "Keep this."


def test_file_is_not_given_twice() -> None:
    code, _, errors = run("--report", "json=a", "--report", f"junit={Path('a').absolute()}")

    assert code == 2
    assert errors.endswith("Two reports have the same file. Give each its own.\n")


def test_file_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "a").mkdir()

    with pytest.raises(StartError, match=r"^--report: 'a' cannot be written: Is a directory. Name another file.$"):
        Destination("json", Path("a")).write(REPORT)

    assert [each.name for each in folder.iterdir()] == ["a"]
