"""Alignment: by rows of templates and paths."""

from __future__ import annotations

import pytest

from mockserver.planning.alignment import (
    MISSING,
    NO_ROOT,
    ONE_SEGMENT,
    SURPLUS,
    TWO_ROOTS,
    Template,
    align,
    fold,
    split_path,
)


@pytest.mark.parametrize(
    ("root", "template", "path", "differences", "places"),
    [
        ("", "/things/{id}", "/Things/a", (), (0, 1)),
        ("", "/d%C3%A9/{id}", "/D%c3%89/a", (), (0, 1)),
        ("", "/things/{id}", "/thing/a", (ONE_SEGMENT,), (0, 1)),
        ("", "/things/{id}/parts", "/things/a/part", (ONE_SEGMENT,), (0, 1, 2)),
        ("", "/things/{id}", "/things", (MISSING,), (0, None)),
        ("", "/things/{id}/parts", "/things/parts", (MISSING,), (0, None, 1)),
        ("", "/things/{id}", "/things/a/b", (SURPLUS,), (0, 1)),
        ("", "/things/{id}", "/v1/things/b", (SURPLUS,), (1, 2)),
        ("/a/b", "/things/{id}", "/things/a", (NO_ROOT,), (None, None, 0, 1)),
        ("/a", "/things/{id}", "/thing/a", (NO_ROOT, ONE_SEGMENT), (None, 0, 1)),
        ("/a", "/things/{id}", "/things", (NO_ROOT, MISSING), (None, 0, None)),
        ("/a/b", "/things/{id}", "/a/b/a/b/things/c", (TWO_ROOTS,), (2, 3, 4, 5)),
        ("/a", "/things/{id}", "/a/a/things", (TWO_ROOTS, MISSING), (1, 2, None)),
        ("/a", "/things/{id}", "/other/things/c", (ONE_SEGMENT,), (0, 1, 2)),
        ("/a", "/{id}", "/a/c", (), (0, 1)),
    ],
)
def test_path_is_aligned_with_a_route(
    root: str, template: str, path: str, differences: tuple[str, ...], places: tuple[int | None, ...]
) -> None:
    assert align(Template.of(root, template, ("GET",)), _fold(path)) == (differences, places)


@pytest.mark.parametrize(
    ("root", "template", "path"),
    [
        *(
            ("", "/things/{id}", path)
            for path in ("/", "/a", "/other/a", "/a/b/c", "/a/things/b/c", "/a/thing/b", "/a/b/things")
        ),
        *(("/a", "/things/{id}", path) for path in ("/a", "/a/c", "/a/other/c", "/b/other/c", "/a/a")),
        ("/a", "/{id}", "/b/c"),
        ("", "/things/{id}/parts", "/a/b/c"),
    ],
)
def test_path_with_little_in_common_is_not_aligned(root: str, template: str, path: str) -> None:
    assert align(Template.of(root, template, ("GET",)), _fold(path)) is None


def _fold(path: str) -> tuple[str, ...]:
    return tuple(map(fold, split_path(path)))
