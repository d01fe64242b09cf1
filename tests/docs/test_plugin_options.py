"""The table of the plugin's options lists each of them, with its setting in `pytest.ini`."""

from __future__ import annotations

import re
from typing import Any

from mockserver.testing import plugin
from tests.support.doc_blocks import read_page

RENAMED = {"mock_settings": "mock_set"}
"""The setting that has several values is named by the plural of its option."""


class Parser:
    """Keeps the options and the settings that the plugin adds."""

    def __init__(self) -> None:
        self.options: list[str] = []
        self.settings: list[str] = []

    def getgroup(self, *_: str) -> Parser:
        return self

    def addoption(self, name: str, *, metavar: str = "", **_: Any) -> None:
        self.options.append(f"{name} {metavar}".strip())

    def addini(self, name: str, *_: str, **__: Any) -> None:
        self.settings.append(name)


def test_every_option_has_its_row() -> None:
    parser = Parser()
    plugin.pytest_addoption(parser)  # type: ignore[arg-type]  # all that it uses

    rows = re.findall(r"^\| `(--mock-[^`]+)` \| `(\w+)` \|", read_page("docs/ci.md"), re.MULTILINE)

    assert sorted(option for option, _ in rows) == sorted(parser.options)
    assert sorted(setting for _, setting in rows) == sorted(parser.settings)
    assert [RENAMED.get(setting, setting) for _, setting in rows] == [
        option.split()[0].removeprefix("--").replace("-", "_") for option, _ in rows
    ]
