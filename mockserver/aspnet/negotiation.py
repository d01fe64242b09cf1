"""Which media type an answer gets: System.Net.Http.Formatting.DefaultContentNegotiator.

There is one formatter, that of JSON, so the framework never answers 406: with no match it uses the first type.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Final

# Possessive, so that a long and wrong header is not gone over again and again. Single characters only: Python 3.11
# raises SystemError over possessive groups that capture.
_BLANK: Final = r"[ \t]*+"
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_VALUE: Final = rf'(?:{_NAME}|"(?:[^"\\]|\\.)*")'
_PARAMETERS: Final = rf"(?:;{_BLANK}{_NAME}{_BLANK}(?:={_BLANK}{_VALUE}{_BLANK})?)*"
_RANGE: Final = rf"{_BLANK}({_NAME}){_BLANK}/{_BLANK}({_NAME}){_BLANK}({_PARAMETERS})"

_MEDIA_TYPE: Final = re.compile(_RANGE)
_ELEMENT: Final = re.compile(rf"(?:{_RANGE}|{_BLANK})(?:,|\Z)")
_PARAMETER: Final = re.compile(rf";{_BLANK}({_NAME}){_BLANK}(?:={_BLANK}({_VALUE}))?")
_QUALITY: Final = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")


def choose_media_type(accept: str | None, content_type: str | None, offered: tuple[str, ...]) -> str:
    """The media type of *offered* (not empty) that the Accept header, or else the request's own type, asks for.

    The highest quality wins, then the more precise range, then the first. What has quality 0 is passed over, which
    is no veto: another range may still ask for it.
    """
    matches = [
        (quality, -media_range.count("*"), media_type)
        for media_range, quality in _read_accept(accept or "")
        if quality > 0 and (media_type := _find_covered(media_range, offered))
    ]
    if matches:
        return max(matches, key=itemgetter(0, 1))[2]
    own = _MEDIA_TYPE.fullmatch(content_type or "")
    return (own and _find_covered(f"{own[1]}/{own[2]}".lower(), offered)) or offered[0]


def _find_covered(media_range: str, offered: tuple[str, ...]) -> str | None:
    """The first of *offered* that a range covers (MediaTypeHeaderValueExtensions.IsSubsetOf)."""
    if media_range == "*/*":
        return offered[0]
    if media_range.endswith("/*"):
        return next((media_type for media_type in offered if media_type.startswith(media_range[:-1])), None)
    return media_range if media_range in offered else None


def _read_accept(accept: str) -> list[tuple[str, float]]:
    """The ranges of an Accept header, in lower case, and their qualities.

    One malformed element voids the whole header (HttpHeaders.TryParseAndAddRawHeaderValue), an empty one does not.
    """
    ranges: list[tuple[str, float]] = []
    at = 0
    while at < len(accept):
        element = _ELEMENT.match(accept, at)
        if element is None:
            return []
        if element[1]:
            ranges.append((f"{element[1]}/{element[2]}".lower(), _read_quality(element[3])))
        at = element.end()
    return ranges


def _read_quality(parameters: str) -> float:
    """The first `q`; what is no plain number counts as 1 (HeaderUtilities.GetQuality)."""
    for name, value in _PARAMETER.findall(parameters):
        if name.lower() == "q":
            return float(value) if _QUALITY.fullmatch(value) else 1.0
    return 1.0
