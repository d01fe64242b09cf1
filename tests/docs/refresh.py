"""Writes what is printed now into the pages, for a change of a message: `uv run python -m tests.docs.refresh`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.support.doc_blocks import PAGES, ROOT, Block, find_recipes, find_runners, read_blocks, read_page
from tests.support.recipes import PACKAGES, run_recipe
from tests.support.terminal import Terminal


def run_blocks(page: str) -> Iterator[tuple[Block, str]]:
    """Run the blocks of a page and give each with what it ought to be; recipes only where their packages are."""
    blocks = [block for block in read_blocks(page) if find_runners(block) == ["terminal"]]
    with tempfile.TemporaryDirectory() as folder, closing(Terminal(Path(folder))) as terminal:
        yield from [(block, terminal.type(block)) for block in blocks]
    for recipe in find_recipes(page).values() if PACKAGES else ():
        with tempfile.TemporaryDirectory() as folder:
            yield from zip(recipe, run_recipe(recipe, Path(folder), Path(str(PACKAGES))), strict=True)


def refresh(page: str) -> bool:
    """Put what the blocks of a page print in their places; return whether that changed anything."""
    lines = read_page(page).splitlines()
    for block, printed in sorted(run_blocks(page), key=lambda pair: pair[0].line, reverse=True):
        lines[block.line : block.line + block.text.count("\n")] = printed.rstrip("\n").splitlines()
    text = "\n".join(lines) + "\n"
    is_changed = text != read_page(page)
    (ROOT / page).write_text(text, encoding="utf-8")
    return is_changed


def main() -> None:
    """Refresh every page."""
    for page in PAGES:
        sys.stdout.write(f"{page}: {'changed' if refresh(page) else 'as it was'}\n")


if __name__ == "__main__":
    main()
