"""Every link of the README and the docs leads somewhere: a page that is there, and a heading on it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.support.doc_blocks import PAGES, ROOT, read_headings, read_page

LINK = re.compile(r"\]\(([^)\s]+)\)")
TRAILING_CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def list_links() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        prose = TRAILING_CODE.sub("", read_page(page))
        yield from ((page, target) for target in LINK.findall(prose))


def anchor_on_github(heading: str) -> str:
    """As GitHub makes it: each blank is a hyphen."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchor_on_site(heading: str) -> str:
    """As Python-Markdown makes it: a run of blanks and hyphens is one hyphen."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


@pytest.mark.parametrize(("page", "target"), list(list_links()))
def test_link_leads_somewhere(page: str, target: str) -> None:
    url = urlsplit(target)
    if url.scheme:
        assert (url.scheme, bool(url.hostname)) == ("https", True)
        return
    other = posixpath.normpath(posixpath.join(posixpath.dirname(page), url.path)) if url.path else page

    assert (ROOT / other).is_file()
    if url.fragment:
        assert url.fragment in [anchor_on_github(heading) for heading in read_headings(other)]


@pytest.mark.parametrize("page", PAGES)
def test_headings_have_one_anchor_wherever_they_are_shown(page: str) -> None:
    headings = read_headings(page)
    anchors = [anchor_on_github(heading) for heading in headings]

    assert anchors == [anchor_on_site(heading) for heading in headings]
    assert len(set(anchors)) == len(anchors)


def test_site_lists_every_page() -> None:
    listed = re.findall(r"\b([a-z-]+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(listed) == sorted(page.removeprefix("docs/") for page in PAGES if page.startswith("docs/"))


def test_readme_links_every_page() -> None:
    linked = {target.partition("#")[0] for page, target in list_links() if page == "README.md"}

    assert {page for page in PAGES if page.startswith("docs/")} <= linked | {"docs/index.md"}


def test_readme_is_one_page() -> None:
    assert len(read_page("README.md").splitlines()) <= 150
