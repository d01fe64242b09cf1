"""How to ask for other answers, in words: for the page and for whoever reads the contract that is given out."""

from __future__ import annotations

from typing import Final

from mockserver.http.effects import FAULTS, LONGEST_DELAY
from mockserver.http.preferences import STATUSES, TWIN

TITLE: Final = "Asking for other answers"


_PREFERENCES: Final = (
    (
        "code=404",
        f"that status, {STATUSES[0]} to {STATUSES[-1]}; with the contract's own body and headers where it has one",
    ),
    ("example=NAME", "an example of this contract, or an answer of the fixtures, by its name"),
    ("dynamic=true", "a generated record, whatever the fixtures hold; `dynamic=false` is one of theirs, or none"),
    ("seed=7", "another generated record"),
    ("edge=NAME", "an edge case: an odd but valid record"),
    ("delay=1.5", f"the answer after so many seconds, 0 to {LONGEST_DELAY:g}"),
    ("fault=NAME", f"a fault of the connection: {', '.join(f'`{each}`' for each in FAULTS)}"),
)


def describe_steering(prefix: str) -> str:
    """What requests may ask for, as CommonMark; *prefix* is where the stub's own pages are."""
    listed = "\n".join(f"- `{wish}`: {about}." for wish, about in _PREFERENCES)
    return f"""\
The stub answers any request otherwise that asks it to, by the header `Prefer` (RFC 7240) or by the query: \
`Prefer: code=404, delay=1` is `?{TWIN}code=404&{TWIN}delay=1`. The vendor's server knows nothing of this.

{listed}

`Preference-Applied` tells what was honoured. What makes no sense, or is not there, is a 400 that says what there is.

`POST`, `GET` and `DELETE` of `{prefix}/answers` add, list and remove answers written like those of a fixture file; \
`PUT {prefix}/defaults` takes preferences for every request, as a JSON object; `POST {prefix}/reset` takes all of that \
back. Users of one stub see nothing of each other where each has a session of its own: by the header `X-Mock-Session`, \
the cookie `mock-session`, or `{prefix}/s/SESSION` before the path.
"""
