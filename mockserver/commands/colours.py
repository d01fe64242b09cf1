"""Colours of the terminal: which status has which, and whether there are any."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TextIO

_COLOURS: Final[Mapping[int, str]] = MappingProxyType({2: "32", 3: "36", 4: "33", 5: "31"})
"""Green, cyan, yellow and red for the classes of statuses, as the terminal's own numbers."""


def has_colours(stream: TextIO | None, environment: Mapping[str, str], system: str = os.name) -> bool:
    """Return whether the stream shows colours; the variables decide as they do for Python itself.

    A console of Windows may print the escapes instead, so it has colours only where `FORCE_COLOR` is set.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and environment.get("TERM") != "dumb" and system != "nt"


def colour_status(status: int) -> str:
    """Return the status in the colour of its class."""
    colour = _COLOURS.get(status // 100)
    return str(status) if colour is None else f"\x1b[{colour}m{status}\x1b[0m"
