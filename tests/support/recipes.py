"""The recipes of the docs for node: the packages they name, and a folder in which they run."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tests.support.doc_blocks import PAGES, ROOT, Block, find_recipes, read_blocks
from tests.support.terminal import Terminal

PIPELINES: Final = MappingProxyType(
    {
        "github-workflows": ("docs/pipelines.md", "name: tests"),
        "gitlab-ci": ("docs/pipelines.md", "stages: [test]"),
    }
)
"""The keys of the blocks that are pipelines, by the names of their schemas."""

PACKAGES: Final = os.environ.get("RECIPE_PACKAGES")
"""The `node_modules` with the packages of all recipes, which `.ci/recipes` installs; None elsewhere."""

CHROMIUM: Final = shutil.which("chromium")

INSTALL: Final = "npm install "

CLIENT: Final = ("path/to/mockserver/clients/js", str(ROOT / "clients" / "js"))
"""How pages name the folder of the JavaScript client, and the folder."""

RECIPES: Final = {f"{page}: {section}": blocks for page in PAGES for section, blocks in find_recipes(page).items()}


def list_packages(blocks: list[Block]) -> list[str]:
    """Return what the blocks install, such as `vite@8.3.8` or the folder of the client."""
    lines = [line for block in blocks if is_installation(block) for line in block.text.splitlines()]
    words = [word for line in lines for word in line.removeprefix(INSTALL).replace(*CLIENT).split()]
    return [word for word in words if not word.startswith("--")]


def is_installation(block: Block) -> bool:
    """Whether all that a block does is to install packages."""
    return block.language == "sh" and all(line.startswith(INSTALL) for line in block.text.splitlines())


def run_recipe(blocks: list[Block], folder: Path, packages: Path) -> list[str]:
    """Do what a recipe says in a folder that has its packages; return its blocks as they ought to be."""
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(packages)
    browser = {} if CHROMIUM is None else {"CHROMIUM": CHROMIUM}
    variables = {"npm_config_update_notifier": "false", **browser}
    with closing(Terminal(folder, packages / ".bin", variables)) as terminal:
        return list(_iter_printed(blocks, terminal))


def _iter_printed(blocks: list[Block], terminal: Terminal) -> Iterator[str]:
    for block in blocks:
        yield block.text if is_installation(block) else terminal.type(block)


def main() -> None:
    """Print what `.ci/recipes` needs: the npm packages of all recipes, or else the pipeline of a schema."""
    if len(sys.argv) > 1:
        key = PIPELINES[sys.argv[1]]
        sys.stdout.write(next(block.text for block in read_blocks(key[0]) if block.key == key))
    else:
        sys.stdout.write("\n".join(sorted({each for blocks in RECIPES.values() for each in list_packages(blocks)})))


if __name__ == "__main__":
    main()
