"""Modules and files of the repository that the pages name are there."""

from __future__ import annotations

import importlib.util
import re

import pytest

from tests.support.doc_blocks import PAGES, ROOT, read_page

GUIDES = (*PAGES, "CONTRIBUTING.md")
MODULE = re.compile(r"\bpython -m ((?:mockserver|tests|bench)[\w.]*)")
FILE = re.compile(r"`((?:mockserver|tests|bench|docs|\.ci)/[\w./-]+)`")


@pytest.mark.parametrize(
    ("page", "module"), [(page, module) for page in GUIDES for module in MODULE.findall(read_page(page))]
)
def test_module_that_a_page_runs_is_there(page: str, module: str) -> None:
    assert importlib.util.find_spec(module) is not None


@pytest.mark.parametrize(("page", "file"), [(page, file) for page in GUIDES for file in FILE.findall(read_page(page))])
def test_file_that_a_page_names_is_there(page: str, file: str) -> None:
    assert (ROOT / file).exists()
