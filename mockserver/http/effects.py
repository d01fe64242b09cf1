"""What happens to an answer while it is sent: a delay, and faults of the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

CUTS: Final = ("reset", "empty", "close-mid-body")
"""The faults that cut the connection, which needs the help of the server.

`reset` resets the connection, `empty` closes it, both before any byte is sent. `close-mid-body` closes it after the
head, with the Content-Length of the whole body, and half of the body.
"""

FAULTS: Final = (*CUTS, "dribble")
"""All faults. `dribble` sends the body slowly in pieces, which any server can."""

CUT_KEY: Final = "mockserver.cut"
"""The key of the WSGI environment under which a server that can cut connections gives a `Cut`."""

Cut = Callable[[str], None]
"""Cuts the connection in one of the ways of `CUTS`; the application calls it before it returns its last answer.

Another name raises ValueError.
"""

WAIT_KEY: Final = "mockserver.wait"
"""The key of the WSGI environment under which a server that sees clients leave gives a `Wait`."""

Wait = Callable[[float], None]
"""Waits for so many seconds; that of a server ends early when its client sends no more."""

LONGEST_DELAY: Final = 60.0
"""The longest delay or dribble, in seconds."""

DRIBBLE_SECONDS: Final = 3.0
"""How long a dribble takes by default."""


class Effect(NamedTuple):
    """A delay in seconds, one of `FAULTS`, and the seconds that a dribble takes."""

    delay: float | None = None
    fault: str | None = None
    dribble: float = DRIBBLE_SECONDS

    @property
    def is_nothing(self) -> bool:
        """Whether the answer is sent at once and whole."""
        return self.delay is None and self.fault is None

    def over(self, other: Effect) -> Effect:
        """Return this effect, with the delay or the fault of the `other` if it has none itself."""
        delay = other.delay if self.delay is None else self.delay
        given = other if self.fault is None else self
        return Effect(delay, given.fault, given.dribble)


NO_EFFECT: Final = Effect()
"""The effect of an answer that is sent at once and whole."""
