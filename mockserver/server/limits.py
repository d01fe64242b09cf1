"""How much a server takes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    pass


CONNECTIONS: Final = 1000 if os.name == "posix" else 500
"""Waitress stops accepting at its limit, and its default of 100 is what a handful of browsers hold open.

Windows has only `select`, which fails with more than 512 sockets.
"""


ROOM: Final = 1024
"""Bytes of a request's head beside target and headers: method, version, ends of lines."""


LINGER_BYTES: Final = 64 * 2**20
"""How much of what a client still sends behind its last answer is read and dropped, so that it comes to read that."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a server takes: requests answered at once, connections held, and bytes of one request."""

    threads: int = 128
    connections: int = CONNECTIONS
    max_target: int = 8 * 1024
    max_headers: int = 64 * 1024
    max_body: int = 1024 * 1024
