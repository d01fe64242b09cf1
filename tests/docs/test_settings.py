"""The table of settings is the one of `create_app` and of `mockserver serve --help`."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from dataclasses import dataclass

from mockserver import create_app
from tests.support.doc_blocks import read_page

OPTION = re.compile(r"^  (--[a-z-]+)(?: / --[a-z-]+)?(?: \[([a-z|]+)\])?(.*?)(?=^  -|^$|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Setting:
    """One row, or one option."""

    option: str
    variable: str
    default: str
    choices: tuple[str, ...]


def list_rows() -> list[list[str]]:
    """The cells of each row, without backticks."""
    lines = [line for line in read_page("docs/settings.md").splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.replace("`", "")[1:-1].split("|")] for line in lines]
    return [row for row in rows if len(row) == 6 and row[0] != "argument"]


def read_row(row: list[str]) -> Setting:
    _, option, variable, default, choices, _ = row
    return Setting(option.split()[0], variable, default, tuple(each.strip() for each in choices.split(",") if each))


def read_help() -> list[Setting]:
    """The options of `serve`, as its help tells them under any heading."""
    told = subprocess.run(
        [sys.executable, "-m", "mockserver", "serve", "--help"],
        env={**os.environ, "COLUMNS": "80"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    return [read_option(*found) for found in OPTION.findall(told) if found[0] != "--help"]


def read_option(option: str, choices: str, text: str) -> Setting:
    words = " ".join(text.split()).replace("host- headers", "host-headers")
    variable = re.search(r"env var: (\w+)", words)
    default = re.search(r"default: \(?([^\];)]+)", words)
    assert variable is not None
    shown = default[1] if default else ""
    flags = {option.removeprefix("--"): "on"}
    is_flag = not choices and not re.search(r"^ (?:[A-Z]+|INTEGER RANGE)\b", text)
    return Setting(
        option,
        variable[1],
        flags.get(shown, shown) or ("off" if is_flag and option != "--quiet" else ""),
        tuple(choices.split("|")) if choices else (),
    )


def test_every_option_has_its_row() -> None:
    rows = [read_row(row) for row in list_rows() if row[1]]

    assert sorted(rows, key=str) == sorted(read_help(), key=str)


def test_every_argument_has_its_row() -> None:
    parameters = inspect.signature(create_app).parameters

    assert sorted(row[0] for row in list_rows() if row[0]) == sorted(parameters)


def test_argument_and_option_have_one_name() -> None:
    both = [row for row in list_rows() if row[0] and row[1]]

    assert both
    assert [row[0] for row in both] == [row[1].split()[0].removeprefix("--").replace("-", "_") for row in both]
    assert [f"MOCKSERVER_{row[0].upper()}" for row in both] == [row[2] for row in both]
