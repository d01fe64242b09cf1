"""A real Chromium, where one is installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ARGUMENTS: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-quic"),
)
MILLISECONDS: Final = 60_000
"""The longest that a test waits."""


@contextmanager
def launching() -> Iterator[Browser]:
    """Run a Chromium; skip the test if there is none, or nothing that drives it."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is in the group browser")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("There is no chromium on the path. Install it: apt-get install chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS, timeout=MILLISECONDS)
        yield browser
        browser.close()
