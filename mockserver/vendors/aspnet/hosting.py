"""How hosts of the framework differ, and the headers that they add to each answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOST_HEADERS: Final = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
"""The headers of each answer: HttpControllerHandler sets HttpCacheability.NoCache unless an action changes it."""

MEDIA_TYPES: Final = ("application/json", "text/json")
"""The media types of the JSON formatter, the default first."""


@dataclass(frozen=True, slots=True)
class Host:
    """The switches in which real hosts differ.

    Attributes:
        model_state: What an action does with the model state. `checked` refuses every error with 400, `ignored` never
            looks at it; these two are exactly the framework's. `contract` refuses text that could not be converted
            with 400, takes the default for a blank string, and ignores unclosed brackets in the query.
        missing: What an action answers without a record: `empty` (`NotFound()`), `message` (an error) or `null`.
        error_detail: Whether all callers see what a local caller sees (IncludeErrorDetailPolicy.Always).
        refuse_unacceptable: Whether an unacceptable media type is a 406 (DefaultContentNegotiator(true)).
        strict: Whether only plain decimal integers are accepted, which is stricter than the framework.
        headers: Whether the host's own headers are added.
    """

    model_state: str = "contract"
    missing: str = "empty"
    error_detail: bool = False
    refuse_unacceptable: bool = False
    strict: bool = False
    headers: bool = True
