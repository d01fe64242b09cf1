"""The limits of a server: how much it takes at once and of one request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

_CONNECTIONS: Final = 1000 if os.name == "posix" else 500
"""Waitress accepts no connection beyond its limit, and a handful of browsers holds its default of 100 open.

Windows has only `select`, which fails with more than 512 sockets.
"""


LINGER_BYTES: Final = 64 * 2**20
"""Bytes that a client may still send after its last answer: they are read and dropped, so that it reads the answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Requests answered at once, connections held at once, and the largest parts of one request, in bytes."""

    threads: int = 128
    connections: int = _CONNECTIONS
    max_target: int = 8 * 1024
    max_headers: int = 64 * 1024
    max_body: int = 1024 * 1024
