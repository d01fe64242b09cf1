"""A connection whose reads have limits of time, as an answer is read through it."""

from __future__ import annotations

import io
import socket
from collections.abc import Callable


class PacedConnection(io.RawIOBase):
    """A connection that is read with patience: before each read it is told how many seconds that may take."""

    def __init__(self, connection: socket.socket, find_patience: Callable[[], float]) -> None:
        super().__init__()
        self._connection = connection
        self._find_patience = find_patience

    def makefile(self, *_: object) -> io.BufferedReader:
        """Return the file that an answer is read from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read what has come."""
        self._connection.settimeout(self._find_patience())
        return self._connection.recv_into(buffer)
