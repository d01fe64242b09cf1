"""The ready file: holds the URL of a server while it answers requests."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mockserver.documents.problems import SettingError

_CONNECT_SECONDS: Final = 1.0
"""How long the server that a file names may take to accept a connection."""


class ReadyFile:
    """A file that whoever starts the stub waits for; nothing is written without a path.

    Raises:
        SettingError: From each method: the file cannot be written or removed.
    """

    def __init__(self, path: str | None) -> None:
        self._path = None if path is None else Path(path)

    def remove_stale(self) -> None:
        """Remove a file that would announce a server that is not ready; keep that of a server that is."""
        if self._path is not None and not _accepts(self._read()):
            self._unlink(self._path)

    def write(self, url: str) -> None:
        """Write the URL in one step, so that nobody reads half of it."""
        if self._path is None:
            return
        draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            draft.write_text(f"{url}\n", encoding="utf-8")
            draft.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise _make_error(self._path, "written", error) from None

    def remove(self, url: str) -> None:
        """Remove the file, unless another server has written its own URL since."""
        if self._path is not None and self._read() == url:
            self._unlink(self._path)

    def _read(self) -> str:
        """Return the URL in the file; blank if there is none."""
        try:
            return "" if self._path is None else self._path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError):
            return ""

    def _unlink(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _make_error(path, "removed", error) from None


def _make_error(path: Path, deed: str, error: OSError) -> SettingError:
    return SettingError("ready_file", f"'{path}' cannot be {deed}: {error.strerror}. Choose another file.")


def _accepts(url: str) -> bool:
    """Return whether a server accepts connections at the URL."""
    try:
        place = urlsplit(url)
        if place.hostname is None or place.port is None:
            return False
        socket.create_connection((place.hostname, place.port), _CONNECT_SECONDS).close()
    except (OSError, ValueError):
        return False
    return True
