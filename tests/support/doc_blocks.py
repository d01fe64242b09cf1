"""The fenced code blocks of the README and the docs, and who runs each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ("README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")))

SCRIPTS: Final = ("js", "ts")
"""A section with a block in one of these is a recipe for node."""

UNRUN: Final = MappingProxyType(
    {
        ("README.md", "python3 -m pip install --target .tools uv"): "serves until Ctrl-C; docs/index.md runs `serve`",
        ("README.md", "py -m pip install --target .tools uv"): "needs Windows",
        ("README.md", ".tools/bin/uv build --wheel"): "installs packages; .ci/wheel does the same",
        ("docs/pipelines.md", "docker build --file deploy/Dockerfile --tag mockserver ."): "needs Docker",
        (
            "docs/pipelines.md",
            'MOCK_FIXTURES="$PWD/fixtures" MOCK_TOKEN=t0ken docker compose --file deploy/compose.yaml up --wait',
        ): "needs Docker",
        ("docs/pipelines.md", "name: tests"): "needs GitHub; .ci/recipes holds it against a schema",
        ("docs/pipelines.md", "stages: [test]"): "needs GitLab; .ci/recipes holds it against a schema",
        ("docs/performance.md", "uv run python -m bench"): "takes minutes, and needs wrk",
        ("docs/performance.md", "uv run python -m bench --peers"): "takes minutes, and needs wrk, npm and Java",
        (
            "docs/performance.md",
            "uv run python -m tests.support.soak",
        ): "takes minutes; a shorter run is among the tests",
    }
)
"""The blocks that nothing runs, by page and first line, each with the reason."""

_FENCE: Final = re.compile(r"( *)```([a-z]*)(?: title=\"([^\"]+)\")?")
_HEADING: Final = re.compile(r"(#+) (.+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        page: The path of its page, from the root of the repository.
        line: The line of its opening fence.
        section: The heading that it stands under.
        language: The first word behind the fence.
        title: The file that a reader is to save it as; None for a block that is no file.
        text: Its lines.
    """

    page: str
    line: int
    section: str
    language: str
    title: str | None
    text: str

    @property
    def place(self) -> str:
        """The page and the line."""
        return f"{self.page}:{self.line}"

    @property
    def key(self) -> tuple[str, str]:
        """How `UNRUN` names it."""
        return self.page, self.text.partition("\n")[0]


def read_page(page: str) -> str:
    """Return the text of a page."""
    return (ROOT / page).read_text(encoding="utf-8")


def read_blocks(page: str) -> list[Block]:
    """Return the blocks of a page in their order.

    Raises:
        ValueError: A fence is indented, or names no language, or is written in a way that no runner understands.
    """
    return list(_iter_blocks(page, read_page(page).splitlines()))


def _iter_blocks(page: str, lines: list[str]) -> Iterator[Block]:
    section, opened, start = "", None, 0
    for number, line in enumerate(lines, 1):
        heading = _HEADING.fullmatch(line)
        if opened is None and heading:
            section = heading[2]
        if "```" not in line:
            continue
        if opened is None:
            opened, start = _FENCE.fullmatch(line), number
            if opened is None or opened[1] or not opened[2]:
                remedy = 'Write ```language or ```language title="file".'
                raise ValueError(f"{page}:{number}: {line!r} opens no block. {remedy}")
        else:
            text = "\n".join(lines[start : number - 1])
            yield Block(page, start, section, opened[2], opened[3], f"{text}\n")
            opened = None


def read_headings(page: str) -> list[str]:
    """Return the headings of a page outside of its blocks."""
    prose = re.sub(r"^```.*?^```$", "", read_page(page), flags=re.MULTILINE | re.DOTALL)
    return [heading[2] for heading in map(_HEADING.fullmatch, prose.splitlines()) if heading]


def find_recipes(page: str) -> dict[str, list[Block]]:
    """Return the sections of a page that need node, each with all of its blocks."""
    blocks = [block for block in read_blocks(page) if block.key not in UNRUN]
    sections = dict.fromkeys(block.section for block in blocks if block.language in SCRIPTS)
    return {section: [block for block in blocks if block.section == section] for section in sections}


def find_runners(block: Block) -> list[str]:
    """Return the names of the runners that take a block, or the reason why none does; there is to be one."""
    is_recipe = block.section in find_recipes(block.page)
    is_document = block.language == "yaml" and block.title is None
    is_command = block.language in ("console", "sh", "python") or block.title is not None
    is_unrun = block.key in UNRUN
    return [
        name
        for name, takes in (
            (UNRUN.get(block.key, ""), is_unrun),
            ("recipes", is_recipe and not is_unrun),
            ("documents", is_document and not is_recipe and not is_unrun),
            ("terminal", is_command and not is_recipe and not is_unrun and not is_run_by_ci(block)),
            (".ci/run", is_run_by_ci(block) and not is_unrun),
        )
        if takes
    ]


def is_run_by_ci(block: Block) -> bool:
    """Whether `.ci/run` has each command of a shell block as a line of its own."""
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    return block.language == "sh" and all(line in commands for line in block.text.splitlines())
