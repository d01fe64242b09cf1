"""Problems: what is wrong with an input, with place, finding and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.documents.file_states import FileState
from mockserver.documents.nodes import DEPTH_LIMIT, Node, Place
from mockserver.documents.wording import escape

TOO_MANY_LEVELS: Final = f"Over {DEPTH_LIMIT} levels stand inside each other. Flatten them."
"""The finding and remedy of a document that is nested too deep."""


_LONGEST_LINE: Final = 4000
"""Characters of a problem's line at most, which no list of names that exist reaches."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong with an input: its place, then finding and remedy in plain sentences."""

    place: Place
    text: str

    def __str__(self) -> str:
        """Write the problem on one line, cut short: line breaks and control characters of the document are escaped.

        A long name of the document is cut out of the middle, so that place and remedy stay.
        """
        return to_line(f"{self.place}: {self.text}")


def to_line(text: str) -> str:
    """Return text on one line, as problems are written: escaped, and without the middle of a very long one."""
    if len(text) > _LONGEST_LINE:
        text = f"{text[: _LONGEST_LINE // 2]}…{text[-_LONGEST_LINE // 2 :]}"
    return escape(text)


SHOWN_PROBLEMS: Final = 100
"""Problems that a list shows; whoever has more has one cause, or will run the check again."""


def list_problems(problems: Sequence[Problem]) -> list[str]:
    """Return a line for each of the first 100 problems, and one that says how many more there are."""
    hidden = len(problems) - SHOWN_PROBLEMS
    return [*map(str, problems[:SHOWN_PROBLEMS]), *([f"and {hidden:,} more"] if hidden > 0 else [])]


class StartError(Exception):
    """The stub cannot start with its settings or inputs; the text says why, for people."""


class SettingError(StartError):
    """A setting cannot be used: its `name`, and as `text` the finding and the remedy.

    Commands show another name: that of the option, the variable or the key of a file that gave the value.
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        super().__init__(f"{name}: {text}")


class DocumentError(StartError):
    """One or more documents cannot be used.

    `problems` holds every problem, sorted by place. `root` is the document if it could be read to its end all the
    same, so that its other problems can be reported too. `files` are the other files that the documents name, there or
    not, as they were when they were read.
    """

    def __init__(self, problems: Iterable[Problem], root: Node | None = None, files: Iterable[FileState] = ()) -> None:
        self.problems = tuple(sorted(set(problems)))
        self.root = root
        self.files = tuple(files)
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        """The problems for people, a line each; the text of the error has the same."""
        return list_problems(self.problems)
