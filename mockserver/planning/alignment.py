"""Alignment: how the segments of a path differ from those of a route."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote

from mockserver.documents.wording import find_nearest

NO_ROOT: Final = "lacks the root"
TWO_ROOTS: Final = "has the root twice"
ONE_SEGMENT: Final = "differs in one segment"
MISSING: Final = "lacks one segment"
SURPLUS: Final = "has one segment too many"

_Folded = tuple[str | None, ...]
"""Segments, decoded and in one case; None for a parameter, which any text fits."""

_Places = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """The path of a route with its methods and its segments; the first `root` segments are those of the root.

    `literals` are the folded segments below the root that are no parameters.
    """

    path: str
    methods: tuple[str, ...]
    root: int
    segments: tuple[str, ...]
    folded: _Folded
    literals: frozenset[str]

    @classmethod
    def of(cls, root: str, path: str, methods: tuple[str, ...]) -> Template:
        """Return the template of a path below a root."""
        segments = split_path(root + path)
        folded = tuple(None if is_parameter(each) else fold(each) for each in segments)
        size = len(split_path(root))
        return cls(root + path, methods, size, segments, folded, frozenset(filter(None, folded[size:])))


class Alignment(NamedTuple):
    """How a path differs from a template, and for each segment of the template its place in the path."""

    differences: tuple[str, ...]
    places: _Places


def split_path(path: str) -> tuple[str, ...]:
    """Return the segments of a path that are not empty."""
    return tuple(filter(None, path.split("/")))


def is_parameter(segment: str) -> bool:
    """Return whether a segment of a template stands for an argument."""
    return segment.startswith("{")


def fold(segment: str) -> str:
    """Return a segment decoded and in one case, to be compared."""
    return unquote(segment).casefold()


def align(template: Template, path: tuple[str, ...]) -> Alignment | None:
    """Return how a path of folded segments differs, as mildly as possible; None if they have little in common."""
    if len(template.literals) > 1 and template.literals.isdisjoint(path):
        return None
    return min(_list_alignments(template, path), key=lambda each: len(each.differences), default=None)


def _list_alignments(template: Template, path: tuple[str, ...]) -> Iterator[Alignment]:
    """Yield the alignments without the root of the template, with two of it, and with the root as it is."""
    size = template.root
    root = template.folded[:size]
    is_shared = not template.literals.isdisjoint(path)
    if root and path[:size] != root:
        for told, places in _compare(template.folded[size:], path, 0, is_shared=is_shared):
            yield Alignment((NO_ROOT, *told), (*(None for _ in root), *places))
    if root and path[: 2 * size] == root * 2:
        for told, places in _compare(template.folded, path[size:], size, is_shared=is_shared):
            yield Alignment((TWO_ROOTS, *told), tuple(None if each is None else each + size for each in places))
    for told, places in _compare(template.folded, path, size, is_shared=is_shared):
        yield Alignment(told, places)


def _compare(
    wanted: _Folded, path: tuple[str, ...], root: int, *, is_shared: bool
) -> Iterator[tuple[tuple[str, ...], _Places]]:
    """Yield the difference and the places if at most one segment is wrong; `is_shared` if any literal is equal."""
    places = tuple(range(len(path)))
    match len(path) - len(wanted):
        case 0:
            wrong = [at for at in places if wanted[at] not in (None, path[at])]
            if not wrong:
                yield (), places
            elif len(wrong) == 1 and _is_near(wanted, path, wrong[0], root):
                yield (ONE_SEGMENT,), places
        case 1 if is_shared:
            shorter = [places[:at] + places[at + 1 :] for at in reversed(places)]
            yield from (((SURPLUS,), kept) for kept in _choose(wanted, path, shorter, root))
        case -1 if is_shared:
            longer = [(*places[:at], None, *places[at:]) for at in reversed(range(len(wanted)))]
            yield from (((MISSING,), filled) for filled in _choose(wanted, path, longer, root))


def _choose(wanted: _Folded, path: tuple[str, ...], found: Sequence[_Places], root: int) -> Iterator[_Places]:
    """Yield the places with the most literals, if any fit."""
    best = max(found, key=lambda places: _count_literals(wanted, path, places, root))
    if _count_literals(wanted, path, best, root):
        yield best


def _is_near(wanted: _Folded, path: tuple[str, ...], at: int, root: int) -> bool:
    """Return whether the wrong segment is misspelt, or is of another root before a path that is right."""
    if at < root:
        return _count_literals(wanted[root:], path[root:], tuple(range(len(path) - root)), 0) > 0
    return find_nearest(path[at], [wanted[at] or ""]) is not None


def _count_literals(wanted: _Folded, path: tuple[str, ...], places: _Places, root: int) -> int:
    """Return how many literals below the root have an equal segment; 0 if any segment does not fit."""
    shared = 0
    for number, (each, at) in enumerate(zip(wanted, places, strict=True)):
        if each is not None and at is not None:
            if each != path[at]:
                return 0
            shared += number >= root
    return shared
