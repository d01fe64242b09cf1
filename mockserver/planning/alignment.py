"""Alignment: how the segments of a path differ from those of a route."""

from __future__ import annotations

from collections.abc import Sequence
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

    `literals` are the folded segments below the root that are no parameters. `sizes` are the numbers of segments with
    the root, without it, and with two of it.
    """

    path: str
    methods: tuple[str, ...]
    root: int
    segments: tuple[str, ...]
    folded: _Folded
    literals: frozenset[str]
    sizes: frozenset[int]

    @classmethod
    def of(cls, root: str, path: str, methods: tuple[str, ...]) -> Template:
        """Return the template of a path below a root."""
        segments = split_path(root + path)
        folded = tuple(None if is_parameter(each) else fold(each) for each in segments)
        size = len(split_path(root))
        literals = frozenset(filter(None, folded[size:]))
        sizes = frozenset(len(segments) + each for each in (-size, 0, size))
        return cls(root + path, methods, size, segments, folded, literals, sizes)


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
    if template.literals.isdisjoint(path) and (len(template.literals) > 1 or len(path) not in template.sizes):
        return None
    found = _list_alignments(template, path)
    return min(found, key=lambda each: len(each.differences)) if found else None


def _list_alignments(template: Template, path: tuple[str, ...]) -> list[Alignment]:
    """Return the alignments without the root of the template, with two of it, and with the root as it is."""
    size = template.root
    root = template.folded[:size]
    found = []
    if root and path[:size] != root:
        below = _compare(template.folded[size:], path, 0)
        if below is not None:
            found.append(Alignment((NO_ROOT, *below.differences), (*(None for _ in root), *below.places)))
    elif root and path[size : 2 * size] == root:
        behind = _compare(template.folded, path[size:], size)
        if behind is not None:
            places = tuple(None if each is None else each + size for each in behind.places)
            found.append(Alignment((TWO_ROOTS, *behind.differences), places))
    whole = _compare(template.folded, path, size)
    return found if whole is None else [*found, whole]


def _compare(wanted: _Folded, path: tuple[str, ...], root: int) -> Alignment | None:
    """Return the alignment, if at most one segment is wrong."""
    match len(path) - len(wanted):
        case 0:
            wrong = [at for at, text in enumerate(path) if wanted[at] not in (None, text)]
            if not wrong:
                return Alignment((), tuple(range(len(path))))
            if len(wrong) == 1 and _is_near(wanted, path, wrong[0], root):
                return Alignment((ONE_SEGMENT,), tuple(range(len(path))))
        case 1 if not set(path).isdisjoint(wanted):
            places = tuple(range(len(path)))
            return _choose(SURPLUS, wanted, path, [places[:at] + places[at + 1 :] for at in reversed(places)], root)
        case -1 if not set(path).isdisjoint(wanted):
            places = tuple(range(len(path)))
            gaps = reversed(range(len(wanted)))
            return _choose(MISSING, wanted, path, [(*places[:at], None, *places[at:]) for at in gaps], root)
    return None


def _choose(
    difference: str, wanted: _Folded, path: tuple[str, ...], found: Sequence[_Places], root: int
) -> Alignment | None:
    """Return the alignment with the most literals, if any fits."""
    best = max(found, key=lambda places: _count_literals(wanted, path, places, root))
    return Alignment((difference,), best) if _count_literals(wanted, path, best, root) else None


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
