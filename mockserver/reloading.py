"""Saved files become the next good stub; a broken save leaves the last good one in place, and says so."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mockserver.documents import DocumentError, StartError
from mockserver.exchange import to_header
from mockserver.stub import Stub

POLL_SECONDS: Final = 0.2
"""How often files are looked at. By looking, and not by being told, a change on a container's mount is seen too."""

LONGEST_STALE: Final = 200
"""Characters that X-Mock-Stale has at the most."""

Snapshot = frozenset[tuple[str, int, int, int]]
"""Path, time of the last change in ns, size and inode of each file."""


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: the last good stub, and where the files that were saved since are wrong."""

    stub: Stub
    stale: str | None = None


class Current:
    """What is served at this moment. It is replaced as a whole, so whoever has taken it sees no change.

    Args:
        load: Reads the files and puts a stub together.
        inputs: The files, and the folders with all that is below them.
    """

    def __init__(self, load: Callable[[], Stub], inputs: Iterable[Path] = ()) -> None:
        self._load = load
        self._inputs = tuple(inputs)
        before = scan_files(self._inputs)
        self.served = Served(load())
        self.loaded = before | scan_files(self.served.stub.fixtures.bodies)

    def scan(self) -> Snapshot:
        """How the files are now."""
        return scan_files(self._inputs) | scan_files(self.served.stub.fixtures.bodies)

    def reload(self) -> StartError | None:
        """Serve what the files hold now; the error where they cannot be served, and the last good stub stays."""
        self.loaded = self.scan()
        try:
            self.served = Served(self._load())
        except StartError as error:
            return self._go_stale(error)
        except Exception as error:  # noqa: BLE001 - whatever a save brings about, the server goes on
            return self._go_stale(StartError(f"The files cannot be loaded: {error!r}. Save them again."))
        return None

    def _go_stale(self, error: StartError) -> StartError:
        self.served = replace(self.served, stale=_name_place(error))
        return error


def _name_place(error: StartError) -> str:
    """Where the first fault is, as a header has it; what went wrong, where that has no place."""
    place = error.faults[0].place if isinstance(error, DocumentError) else None
    text = str(error) if place is None else f"{place.path}:{place.line}"
    return to_header(text[:LONGEST_STALE])


def scan_files(paths: Iterable[Path]) -> Snapshot:
    """How the files at and below *paths* are now; those whose name begins with a dot are passed over."""
    return frozenset(row for path in paths for row in _scan(path))


def _scan(path: Path) -> Iterator[tuple[str, int, int, int]]:
    try:
        status = path.stat()
        yield str(path), status.st_mtime_ns, status.st_size, status.st_ino
    except OSError:
        return  # One that is not there (any more) is missed in the snapshot, and loading tells what is wrong.
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith("."):
                yield from _scan(Path(folder, name))


class Watcher:
    """Looks at the files of a stub and has it loaded anew when they have changed.

    Args:
        current: What is served.
        tell: Is told each line of what is wrong, and that all is well again.
    """

    def __init__(self, current: Current, tell: Callable[[str], None]) -> None:
        self._current = current
        self._tell = tell
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reload", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def look(self, before: Snapshot) -> Snapshot:
        """Look once. What has changed is loaded once it is as it was *before*, so that a save is over."""
        now = self._current.scan()
        if now == before and now != self._current.loaded:
            self._reload()
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
            return
        for line in str(error).splitlines():
            self._tell(line)
        self._tell("The last good files are served.")
