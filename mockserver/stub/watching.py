"""The watcher, which looks at the files and has the stub loaded anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from mockserver.stub.current import Current
from mockserver.stub.snapshots import Snapshot

POLL_SECONDS: Final = 0.2
"""How often files are looked at. By looking, and not by being told, a change on a container's mount is seen too."""


MOST_LOOKS: Final = 3
"""How many looks in a row may each see another change before it is loaded."""


STOP_SECONDS: Final = 1.0
"""How long the end waits for a load that is under way."""


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
