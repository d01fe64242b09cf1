"""How hosts of the framework differ, and what each adds to every answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MODEL_STATES: Final = ("contract", "checked", "ignored")
"""What an action makes of the model state; see `Host`."""

MISSING: Final = ("empty", "message", "null")
"""What an action answers where there is no record: `NotFound()`, an error with a message, or null."""

HOST_HEADERS: Final = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
"""On every answer: HttpControllerHandler sets HttpCacheability.NoCache unless an action says otherwise."""

MEDIA_TYPES: Final = ("application/json", "text/json")
"""The media types of the JSON formatter, the default first."""


@dataclass(frozen=True, slots=True)
class Host:
    """The switches in which real hosts differ.

    Attributes:
        model_state: `contract`: what could not be converted is 400, a blank string stands for its default, and an
            unclosed bracket in the query is ignored. `checked`: whatever put an error into the model state is 400.
            `ignored`: the action never looks at it. The last two are exactly the framework's.
        missing: One of `MISSING`.
        error_detail: Whether callers see what a local caller sees (IncludeErrorDetailPolicy.Always).
        refuse_unacceptable: Whether what no format suits is 406 (DefaultContentNegotiator(true)).
        strict: Whether an integer is taken in plain decimal only, which is stricter than the framework.
        headers: Whether the host's own headers are added.
    """

    model_state: str = "contract"
    missing: str = "empty"
    error_detail: bool = False
    refuse_unacceptable: bool = False
    strict: bool = False
    headers: bool = True
