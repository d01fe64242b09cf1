"""The text on how to ask for other answers, for the page and for the contract that is served."""

from __future__ import annotations

from typing import Final

from mockserver.http.effects import FAULTS, LONGEST_DELAY
from mockserver.http.preferences import STATUSES, TWIN

TITLE: Final = "Asking for other answers"
_PREFERENCES: Final = (
    (
        "code=404",
        f"this status, {STATUSES[0]} to {STATUSES[-1]}, with the body and the headers that the contract has for it",
    ),
    ("example=NAME", "an example of this contract or an answer of the fixtures, by its name"),
    ("dynamic=true", "a generated record, even if the fixtures have one; `dynamic=false` never generates one"),
    ("seed=7", "another generated record"),
    ("edge=NAME", "an edge case: an odd but valid record"),
    ("delay=1.5", f"the answer after this many seconds, 0 to {LONGEST_DELAY:g}"),
    ("fault=NAME", f"a fault of the connection: {', '.join(f'`{each}`' for each in FAULTS)}"),
)


def describe_steering(prefix: str) -> str:
    """Return how to ask for other answers, as CommonMark; the stub's own pages are below `prefix`."""
    listed = "\n".join(f"- `{preference}`: {about}." for preference, about in _PREFERENCES)
    return f"""\
A request can ask the stub for another answer, by the header `Prefer` (RFC 7240) or by the query: \
`Prefer: code=404, delay=1` is the same as `?{TWIN}code=404&{TWIN}delay=1`. The vendor's server does not know these.

{listed}

`Preference-Applied` lists what was honoured. An invalid value or name is a 400 that lists the valid ones. \
`X-Mock-Hint` tells what was ignored.

`POST`, `GET` and `DELETE` of `{prefix}/answers` and `{prefix}/records` add, list and remove answers and records, \
written as in a fixture file. \
`PUT {prefix}/defaults` sets preferences for every request, as a JSON object. `POST {prefix}/reset` undoes all this. \
Users of one stub do not see each other's changes if each has a session: by the header `X-Mock-Session`, \
the cookie `mock-session`, or `{prefix}/s/SESSION` before the path.
"""
