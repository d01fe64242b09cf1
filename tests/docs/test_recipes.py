"""The recipes for node print what is shown. They need npm packages, which `.ci/recipes` installs before."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.support.doc_blocks import Block
from tests.support.recipes import CHROMIUM, CLIENT, PACKAGES, RECIPES, list_packages, run_recipe
from tests.support.terminal import SECONDS, Terminal

needs_packages = pytest.mark.skipif(PACKAGES is None, reason=".ci/recipes installs the npm packages of the recipes")
VITE = "docs/frontend.md: Vite"


def skip_without_browser(blocks: list[Block]) -> pytest.MarkDecorator:
    is_browser = any("CHROMIUM" in block.text for block in blocks)
    return pytest.mark.skipif(is_browser and CHROMIUM is None, reason="chromium is not installed")


@needs_packages
@pytest.mark.parametrize(
    "blocks",
    [
        pytest.param(blocks, id=name, marks=skip_without_browser(blocks))
        for name, blocks in RECIPES.items()
        if name != VITE
    ],
)
def test_recipe_prints_what_is_shown(blocks: list[Block], tmp_path: Path) -> None:
    printed = run_recipe(blocks, tmp_path, Path(str(PACKAGES)))

    assert any(block.language == "console" for block in blocks)
    assert printed == [block.text for block in blocks]


def test_packages_of_recipes_have_one_exact_version() -> None:
    packages = {package for blocks in RECIPES.values() for package in list_packages(blocks)} - {CLIENT[1]}

    assert packages
    assert all(re.fullmatch(r"@?[a-z/-]+@\d+\.\d+\.\d+", package) for package in packages)
    assert len({package.rpartition("@")[0] for package in packages}) == len(packages)


@pytest.fixture
def vite(tmp_path: Path) -> Iterator[str]:
    """Host and port of Vite's development server, with the configuration of the page and a running stub behind it."""
    packages = Path(str(PACKAGES))
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(packages)
    with closing(Terminal(tmp_path, packages / ".bin")) as terminal:
        for block in RECIPES[VITE]:
            if block.title is not None:
                terminal.type(block)
        terminal.start_stub()
        command = terminal.start("vite", "--host", "127.0.0.1", "--port", "5173", "--strictPort")
        yield from _wait_for(command)


def _wait_for(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            address = re.search(r"http://(127\.0\.0\.1:\d+)/", line)
            if address:
                yield address[1]
                break
        else:
            pytest.fail("vite ended")
    finally:
        process.terminate()
        process.wait(SECONDS)
        process.stdout.close()


@contextmanager
def ask(address: str, target: str) -> Iterator[tuple[socket.socket, HTTPResponse]]:
    with closing(HTTPConnection(address, timeout=SECONDS)) as client:
        client.connect()
        connection = client.sock
        client.request("GET", target)
        with client.getresponse() as answer:
            yield connection, answer


@needs_packages
def test_vite_passes_calls_on(vite: str) -> None:
    with ask(vite, "/API/Customers/100200300") as (_, answer):
        assert (answer.status, answer.headers["X-Mock-Source"]) == (200, "record fixtures/customers.yaml:7")


@needs_packages
@pytest.mark.parametrize("fault", ["reset", "empty"])
def test_vite_turns_broken_connection_into_502(vite: str, fault: str) -> None:
    with ask(vite, f"/API/Customers/100200300?__fault={fault}") as (_, answer):
        assert (answer.status, answer.headers["X-Mock-Source"]) == (502, None)


@needs_packages
def test_vite_never_ends_half_a_body(vite: str) -> None:
    with ask(vite, "/API/Customers/100200300?__fault=close-mid-body") as (connection, answer):
        connection.settimeout(3)
        assert answer.status == 200
        with pytest.raises(TimeoutError):
            answer.read()
