"""What is served: the last good stub, which a save replaces and a broken save leaves in place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from time import time_ns
from typing import Final

from mockserver.documents.problems import DocumentError, StartError
from mockserver.http.headers import to_header
from mockserver.stub.loading import Stub
from mockserver.stub.snapshots import Snapshot, scan_files

LONGEST_STALE: Final = 200
"""Characters of an error without a place that X-Mock-Stale has at the most."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the last good stub, and where the files that were saved since are wrong."""

    stub: Stub
    stale: str | None = None


class Current:
    """What is served at this moment. It is replaced as a whole, so whoever has taken it sees no change.

    Args:
        load: Reads the files and puts a stub together.
        inputs: The files, and the folders with the fixtures that are below them.
        clock: Nanoseconds, as the times of files have them.

    The files that bodies of answers are in are looked at too, those of a broken save included.
    """

    def __init__(
        self, load: Callable[[], Stub], inputs: Iterable[Path] = (), clock: Callable[[], int] = time_ns
    ) -> None:
        self._load = load
        self._clock = clock
        self._inputs = tuple(inputs)
        self._bodies: frozenset[Path] = frozenset()
        started, before = self._clock(), self.scan()
        self.served = Served(load())
        self.loaded = before | self._add_bodies(self.served.stub.fixtures.bodies, started)

    def scan(self) -> Snapshot:
        """How the files are now."""
        return scan_files(self._inputs, self._bodies)

    def reload(self) -> StartError | None:
        """Serve what the files hold now; the error where they cannot be served, and the last good stub stays."""
        started, before = self._clock(), self.scan()
        error, bodies = self._load_next()
        if error is not None:
            self.served = replace(self.served, stale=_name_place(error))
        self.loaded = before | self._add_bodies(bodies, started)
        return error

    def _load_next(self) -> tuple[StartError | None, Iterable[Path]]:
        try:
            self.served = Served(self._load())
        except DocumentError as error:
            return error, error.files
        except StartError as error:
            return error, ()
        except Exception as error:  # noqa: BLE001 - whatever a save brings about, the server goes on
            return StartError(f"The files cannot be loaded: {error!r}. Save them again."), ()
        return None, self.served.stub.fixtures.bodies

    def _add_bodies(self, files: Iterable[Path], started: int) -> Snapshot:
        """Look at these *files* too from now on; how those were when the load *started* that are new.

        One that has changed since is left out, so that it is loaded again.
        """
        added = frozenset(files) - self._bodies
        self._bodies |= added
        return frozenset(row for row in scan_files((), added) if max(row[3:]) < started)


def _name_place(error: StartError) -> str:
    """Where the first problem is, as a header has it; what went wrong, where that has no place."""
    if isinstance(error, DocumentError):
        place = error.problems[0].place
        return to_header(f"{place.path}:{place.line}")
    return to_header(str(error)[:LONGEST_STALE])
