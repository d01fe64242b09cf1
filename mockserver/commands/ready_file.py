"""The ready file: holds the URL of a server while it answers requests."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from mockserver.documents.files import LongFileError, NoFileError, read_file, replace_file
from mockserver.documents.problems import SettingError

_URL: Final = re.compile(rb"\s*(?:https?://\S*\s*)?")
"""What a ready file holds: a URL, or nothing yet if a script has made the file before."""

_LONGEST: Final = 1000
"""Bytes of a ready file at most."""

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
        """Remove a file that would announce a server that is not ready; keep that of a server that is.

        Anything else that the path names by mistake, such as a fixture file or a device, is kept: it is an error.
        """
        if self._path is None:
            return
        url = self._read()
        if url is None:
            finding = f"'{self._path}' is there already, and is not a ready file, which holds a URL."
            raise SettingError("ready_file", f"{finding} Choose another file.")
        if not _accepts(url):
            self._unlink(self._path)

    def write(self, url: str) -> None:
        """Write the URL in one step, so that nobody reads half of it."""
        if self._path is None:
            return
        try:
            replace_file(self._path, f"{url}\n".encode())
        except OSError as error:
            raise _make_error(self._path, "written", error) from None

    def remove(self, url: str) -> None:
        """Remove the file, unless another server has written its own URL since."""
        if self._path is not None and self._read() == url:
            self._unlink(self._path)

    def _read(self) -> str | None:
        """Return the URL in the file; blank if there is no file, and None if it is not a ready file."""
        try:
            content = b"" if self._path is None else read_file(self._path, _LONGEST)
        except (NoFileError, LongFileError, PermissionError):
            return None
        except OSError:
            return ""
        return content.decode(errors="replace").strip() if _URL.fullmatch(content) else None

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
