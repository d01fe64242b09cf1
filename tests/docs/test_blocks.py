"""Every block of the README and the docs is run, and prints what is shown; or it is listed with the reason why not."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from textwrap import indent

import pytest

from mockserver import create_app
from tests.support.doc_blocks import PAGES, UNRUN, Block, find_runners, read_blocks
from tests.support.terminal import Terminal, is_same

BLOCKS = [block for page in PAGES for block in read_blocks(page)]


def select_blocks(runner: str, page: str | None = None) -> list[Block]:
    return [block for block in BLOCKS if find_runners(block) == [runner] and page in (None, block.page)]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.place for block in BLOCKS])
def test_block_has_exactly_one_runner(block: Block) -> None:
    assert len(find_runners(block)) == 1, f"{block.place}: {find_runners(block)}\n{block.text}"


def test_unrun_blocks_are_there() -> None:
    assert sorted(key for key in (block.key for block in BLOCKS) if key in UNRUN) == sorted(UNRUN)


@pytest.mark.skipif(not shutil.which("bash") or not shutil.which("curl"), reason="pages type commands of bash and curl")
@pytest.mark.parametrize("page", [page for page in PAGES if select_blocks("terminal", page)])
def test_commands_print_what_is_shown(page: str, tmp_path: Path) -> None:
    blocks = select_blocks("terminal", page)

    with closing(Terminal(tmp_path)) as terminal:
        printed = [terminal.type(block) for block in blocks]

    assert [text for text in map(describe_difference, blocks, printed) if text] == []


def describe_difference(block: Block, printed: str) -> str:
    return "" if printed == block.text else f"{block.place} prints\n{indent(printed, '    ')}"


@pytest.mark.parametrize("block", select_blocks("documents"), ids=lambda block: block.place)
def test_yaml_is_served_as_fixtures(block: Block, tmp_path: Path) -> None:
    (tmp_path / "fixtures.yaml").write_text(block.text, encoding="utf-8")

    health = create_app(fixtures=tmp_path).test_client().get("/__mock/health").json

    assert health is not None
    assert health["records"] + health["answers"] == block.text.count("  - ")


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\nb", "a\nc", False),
        ("a", "a\nb", False),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...", "a\nb\nc", True),
        ("a\n...\nd", "a\nb\nc", False),
        ("12:03:44 200     0.9 ms  GET / x", "23:59:59 200    12.3 ms  GET / x", True),
        ("12:03:44 200     0.9 ms  GET / x", "23:59:59 404    12.3 ms  GET / x", False),
    ],
)
def test_outputs_are_compared(shown: str, printed: str, *, expected: bool) -> None:
    assert is_same(shown, printed) is expected
