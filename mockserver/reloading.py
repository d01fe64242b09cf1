"""Saved files become the next good stub; a broken save leaves the last good one in place, and says so."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR
from time import time_ns
from typing import Final

from mockserver.documents import DocumentError, StartError
from mockserver.exchange import to_header
from mockserver.readers import is_fixture
from mockserver.stub import Stub

POLL_SECONDS: Final = 0.2
"""How often files are looked at. By looking, and not by being told, a change on a container's mount is seen too."""

MOST_LOOKS: Final = 3
"""How many looks in a row may each see another change before it is loaded."""

LONGEST_STALE: Final = 200
"""Characters of an error without a place that X-Mock-Stale has at the most."""

STOP_SECONDS: Final = 1.0
"""How long the end waits for a load that is under way."""

_Row = tuple[str, int, int, int, int]

Snapshot = frozenset[_Row]
"""Of each file: path, size, inode, and the times in ns of the last change to what it holds and to the file itself.

Of a folder only that it is there: its times change with every draft and back-up that an editor leaves in it.
"""


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
    """Where the first fault is, as a header has it; what went wrong, where that has no place."""
    if isinstance(error, DocumentError):
        place = error.faults[0].place
        return to_header(f"{place.path}:{place.line}")
    return to_header(str(error)[:LONGEST_STALE])


def scan_files(inputs: Iterable[Path], bodies: Iterable[Path] = ()) -> Snapshot:
    """How the *inputs*, the fixtures below those that are folders, and the *bodies* are now."""
    below = (file for path in inputs for file in _list_fixtures(path))
    return frozenset(map(_look_at, (*below, *bodies)))


def _list_fixtures(path: Path) -> Iterator[Path]:
    yield path
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in files if is_fixture(name))


def _look_at(path: Path) -> _Row:
    try:
        found = path.stat()
    except (OSError, ValueError):  # It is not there, or cannot be: loading tells what is wrong.
        return str(path), -1, 0, 0, 0
    if S_ISDIR(found.st_mode):
        return str(path), 0, 0, 0, 0
    return str(path), found.st_size, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


class Watcher:
    """Looks at the files of a stub and has it loaded anew when they have changed.

    Args:
        current: What is served.
        tell: Is told each line of what is wrong, and that all is well again.
    """

    def __init__(self, current: Current, tell: Callable[[str], None]) -> None:
        self._current = current
        self._tell = tell
        self._unsettled = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reload", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more; a load that goes on for long is left behind."""
        self._ended.set()
        self._thread.join(STOP_SECONDS)

    def look(self, before: Snapshot) -> Snapshot:
        """Look once. What has changed is loaded once it is as it was *before*, so that a save is over.

        Where one save follows the other it is loaded all the same, after `MOST_LOOKS`.
        """
        now = self._current.scan()
        if now == self._current.loaded:
            self._unsettled = 0
        elif now == before or self._unsettled == MOST_LOOKS:
            self._unsettled = 0
            self._reload()
        else:
            self._unsettled += 1
        return now

    def _run(self) -> None:
        before = self._current.loaded
        while not self._ended.wait(POLL_SECONDS):
            before = self.look(before)

    def _reload(self) -> None:
        was_stale = self._current.served.stale is not None
        error = self._current.reload()
        if error is None:
            self._tell("All is well again: the files are served as they are." if was_stale else "Reloaded.")
            for warning in self._current.served.stub.fixtures.warnings:
                self._tell(f"WARNING: {warning}")
            return
        for line in str(error).splitlines():
            self._tell(line)
        self._tell("The last good files are served.")
