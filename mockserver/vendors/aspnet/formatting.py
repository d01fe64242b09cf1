"""Values to the text that Json.NET writes."""

from __future__ import annotations

import json
from typing import Final

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def format_json(value: object) -> str:
    """The JSON text of a value: no blanks, members in their order, only what Json.NET escapes escaped.

    JavaScriptUtils escapes three characters more than Python does; they can only stand inside strings.
    """
    text = _ENCODE(value)
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
