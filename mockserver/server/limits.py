"""The limits of a server: how much it takes at once and of one request."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_CONNECTIONS: Final = 1000 if os.name == "posix" else 500
"""Waitress accepts no connection beyond its limit, and a handful of browsers holds its default of 100 open.

Windows has only `select`, which fails with more than 512 sockets.
"""

LINGER_BYTES: Final = 64 * 2**20
"""Bytes that a client may still send after its last answer: they are read and dropped, so that it reads the answer."""

_REQUEST_LINE_BYTES: Final = 1024
"""Bytes that a head may have besides the target and the headers: the method, the version, ends of lines."""


def _describe(text: str, *, least: int, most: int | None = None) -> Mapping[str, object]:
    """Return the metadata of a limit: its group, one line of help, and the range of its values."""
    return {"group": "Limits", "help": text, "least": least, "most": most}


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests answered at once, connections held at once, and the largest parts of one request, in bytes."""

    threads: int = field(default=128, metadata=_describe("Requests answered at once.", least=1, most=1000))
    connections: int = field(default=_CONNECTIONS, metadata=_describe("Connections held at once.", least=1))
    max_target: int = field(default=8 * 1024, metadata=_describe("Longest path with its query, in bytes.", least=1))
    max_headers: int = field(default=64 * 1024, metadata=_describe("Longest headers together, in bytes.", least=1))
    max_body: int = field(default=1024 * 1024, metadata=_describe("Longest body, in bytes.", least=0))

    @property
    def max_head(self) -> int:
        """The most bytes of a head."""
        return self.max_target + self.max_headers + _REQUEST_LINE_BYTES
