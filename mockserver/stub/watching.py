"""The watcher, which looks at the files and has the stub loaded again after a save."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from mockserver.documents.problems import list_problems
from mockserver.stub.current import Current
from mockserver.stub.snapshots import Snapshot

_POLL_SECONDS: Final = 0.2
"""How often the files are looked at. Polling also sees changes on the mounts of containers."""

_MOST_LOOKS: Final = 3
"""How many looks in a row may each see another change before the files are loaded all the same."""

_STOP_SECONDS: Final = 1.0


class Watcher:
    """Looks at the files of a stub, and has them loaded once they have changed.

    Args:
        current: What is served.
        tell: Is called with each line about a load: that it succeeded, or what is wrong.
    """

    def __init__(self, current: Current, tell: Callable[[str], None]) -> None:
        self._current = current
        self._tell = tell
        self._unsettled = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="reload", daemon=True)

    def start(self) -> None:
        """Begin to look, in a thread."""
        self._thread.start()

    def stop(self, patience: float = _STOP_SECONDS) -> None:
        """Stop looking. A load that is not over after `patience` seconds is left behind."""
        self._ended.set()
        self._thread.join(patience)

    def look(self, before: Snapshot) -> Snapshot:
        """Look once, and return what was seen. A change is loaded if it looks as it did `before`: the save is over.

        If saves follow each other without a pause, every fourth look loads them all the same.
        """
        now = self._current.scan()
        if now == self._current.loaded:
            self._unsettled = 0
        elif now == before or self._unsettled == _MOST_LOOKS:
            self._unsettled = 0
            self._reload()
        else:
            self._unsettled += 1
        return now

    def _run(self) -> None:
        before = self._current.loaded
        while not self._ended.wait(_POLL_SECONDS):
            before = self.look(before)

    def _reload(self) -> None:
        was_stale = self._current.served.stale is not None
        error = self._current.reload()
        if error is None:
            stub = self._current.served.stub
            again = "All is well again" if was_stale else "Reloaded"
            self._tell(f"{again}: {stub.fixtures.counts}.")
            for warning in list_problems(stub.warnings):
                self._tell(f"WARNING: {warning}")
            return
        for line in str(error).splitlines():
            self._tell(line)
        self._tell("The last good files are served.")
