"""What happens to an answer on its way out: a delay, and faults of the connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

CUTS: Final = ("reset", "empty", "close-mid-body")
"""Faults that cut the connection, for which a server has to help.

`reset`: reset, nothing is sent. `empty`: closed in good order, nothing is sent. `close-mid-body`: the head with the
whole Content-Length and half of the body are sent, then it is closed.
"""


FAULTS: Final = (*CUTS, "dribble")
"""All faults; `dribble` sends the body in pieces over a time, which any server can."""


CUT_KEY: Final = "mockserver.cut"
"""Under this key of the WSGI environment a server that can cut connections gives a `Cut`."""


Cut = Callable[[str], None]
"""Called with one of `CUTS` before the answer is returned: that answer is cut, and the connection is over.

Any other name is a ValueError.
"""


LONGEST_DELAY: Final = 60.0
"""Seconds that an answer may be held back, or dribble."""


DRIBBLE_SECONDS: Final = 3.0
"""How long a dribble takes where nothing is said."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A delay in seconds, and one of `FAULTS`; `dribble` are the seconds that such a fault takes."""

    delay: float | None = None
    fault: str | None = None
    dribble: float = DRIBBLE_SECONDS

    @property
    def is_nothing(self) -> bool:
        """Whether the answer is sent as it is, at once."""
        return self.delay is None and self.fault is None

    def over(self, other: Effect) -> Effect:
        """This one's delay and fault, and those of the *other* where this one has none."""
        delay = other.delay if self.delay is None else self.delay
        given = other if self.fault is None else self
        return Effect(delay, given.fault, given.dribble)


NOTHING: Final = Effect()
