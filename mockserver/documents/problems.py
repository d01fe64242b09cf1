"""Problems: what is wrong with an input, with place, finding and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mockserver.documents.nodes import Node, Place


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with an input: its place, then finding and remedy in plain sentences."""

    place: Place
    text: str

    def __str__(self) -> str:
        """On one line, whatever stands in the document: line breaks and control characters are escaped."""
        line = f"{self.place}: {self.text}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class StartError(Exception):
    """What was asked for cannot be started; the text is for people and stands on one line."""


class DocumentError(StartError):
    """One or more documents cannot be used.

    `problems` holds every problem, sorted by place. `root` is the document where it could be read to its end all the
    same, so that what else is wrong in it can be told at once. `files` are other files that they name, there or not.
    """

    def __init__(self, problems: Iterable[Problem], root: Node | None = None, files: Iterable[Path] = ()) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.root = root
        self.files = tuple(files)
        super().__init__("\n".join(map(str, self.problems)))
