"""What is served: the last good stub, which a good save replaces and a broken save leaves in place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mockserver.documents.file_states import FileState
from mockserver.documents.problems import DocumentError, StartError
from mockserver.http.headers import to_header
from mockserver.stub.loading import Stub
from mockserver.stub.snapshots import Snapshot, scan_files

_LONGEST_STALE: Final = 200
"""How many characters of an error X-Mock-Stale shows if the error has no place."""


@dataclass(frozen=True, slots=True)
class Served:
    """The last good stub, and the place of the first problem if files were saved since that cannot be loaded."""

    stub: Stub
    stale: str | None = None


class Current:
    """What is served now. It is replaced as a whole: whoever has taken it sees no change.

    Args:
        load: Reads the files and puts a stub together.
        inputs: The files, and the folders of fixtures, to look at.

    Body files of answers are looked at too, even those that only a broken save names.
    """

    def __init__(self, load: Callable[[], Stub], inputs: Iterable[Path] = ()) -> None:
        self._load = load
        self._inputs = tuple(inputs)
        self._bodies: frozenset[Path] = frozenset()
        before = self.scan()
        self.served = Served(load())
        self.loaded = before | self._add_bodies(self.served.stub.fixtures.bodies)

    def scan(self) -> Snapshot:
        """Return how the files are now; `loaded` is how they were when they were last loaded."""
        return scan_files(self._inputs, self._bodies)

    def reload(self) -> StartError | None:
        """Serve the files as they are now. Return the error if that fails: the last good stub stays then."""
        before = self.scan()
        error, bodies = self._load_next()
        if error is not None:
            self.served = replace(self.served, stale=_find_place(error, self._inputs))
        self.loaded = before | self._add_bodies(bodies)
        return error

    def _load_next(self) -> tuple[StartError | None, Iterable[FileState]]:
        """Load, and return the error and the body files that the fixtures name, as they were when they were read."""
        try:
            self.served = Served(self._load())
        except DocumentError as error:
            return error, error.files
        except StartError as error:
            return error, ()
        except Exception as error:  # noqa: BLE001 - a save must never stop the server
            return StartError(f"The files cannot be loaded: {error!r}. Save them again."), ()
        return None, self.served.stub.fixtures.bodies

    def _add_bodies(self, files: Iterable[FileState]) -> Snapshot:
        """Look at these body files from now on. Return the states of those that are new."""
        added = frozenset(each for each in files if Path(each.path) not in self._bodies)
        self._bodies |= {Path(each.path) for each in added}
        return added


def _find_place(error: StartError, inputs: Iterable[Path]) -> str:
    """Return the place of the first problem, or else the error itself, as text for a header."""
    if isinstance(error, DocumentError):
        place = error.problems[0].place
        return to_header(f"{_hide_folders(place.path, inputs)}:{place.line}")
    return to_header(_hide_folders(str(error), inputs)[:_LONGEST_STALE])


def _hide_folders(text: str, inputs: Iterable[Path]) -> str:
    """Cut the folders above the inputs off absolute paths in a text: no answer tells where the machine has them."""
    above = {path.parent for each in inputs for path in (each, each.resolve()) if path.is_absolute()}
    for folder in sorted(map(str, above), key=len, reverse=True):
        text = text.replace(f"{folder.rstrip(os.sep)}{os.sep}", "") if folder != os.sep else text
    return text
