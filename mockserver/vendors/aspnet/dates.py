"""Dates as Json.NET writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

_DATE: Final = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ](?P<time>[0-9]{2}:[0-9]{2})(?:(?P<seconds>:[0-9]{2})(?:\.(?P<fraction>[0-9]{1,7}))?)?)?"
    r"(?P<zone>[Zz]|[-+][0-9]{2}:[0-9]{2})?"
)


def _format_date_time(text: str) -> str:
    """Return what Json.NET writes for a DateTime that people write as `1984-03-12` or `1984-03-12 14:30`.

    Other text is returned unchanged, for the check to refuse.
    """
    match = _DATE.fullmatch(text.strip())
    if not match:
        return text
    fraction = (match["fraction"] or "").rstrip("0")
    time = (match["time"] or "00:00") + (match["seconds"] or ":00")
    return f"{match['date']}T{time}{'.' + fraction if fraction else ''}{(match['zone'] or '').upper()}"


FRIENDLY_FORMATS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType({"dotnet-date-time": _format_date_time})
"""By `x-mock-format`, how the text that people write for a member becomes the text that is sent."""
