"""Writes what is printed now into the pages, for a change of a message: `uv run python -m tests.docs.refresh`."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path

from tests.support.doc_blocks import PAGES, ROOT, Block, find_runners, read_blocks, read_page
from tests.support.terminal import Terminal


def refresh(page: str, blocks: list[Block]) -> bool:
    """Run the blocks of a page and put what they print in their places; return whether that changed anything."""
    lines = read_page(page).splitlines()
    with tempfile.TemporaryDirectory() as folder, closing(Terminal(Path(folder))) as terminal:
        printed = [terminal.type(block).rstrip("\n").splitlines() for block in blocks]
    for block, output in reversed(list(zip(blocks, printed, strict=True))):
        lines[block.line : block.line + block.text.count("\n")] = output
    text = "\n".join(lines) + "\n"
    is_changed = text != read_page(page)
    (ROOT / page).write_text(text, encoding="utf-8")
    return is_changed


def main() -> None:
    """Refresh every page that has commands."""
    for page in PAGES:
        blocks = [block for block in read_blocks(page) if find_runners(block) == ["terminal"]]
        if blocks:
            sys.stdout.write(f"{page}: {'changed' if refresh(page, blocks) else 'as it was'}\n")


if __name__ == "__main__":
    main()
