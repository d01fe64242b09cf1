"""The media type and charset of an answer, as System.Net.Http.Formatting.DefaultContentNegotiator chooses them.

There is only the JSON formatter. If nothing matches, the framework uses its first type; only a negotiator that is set
to refuse (excludeMatchOnTypeOnly) answers with a 406.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import itemgetter
from typing import Final

from mockserver.http.bodies import CHARSETS

# Possessive quantifiers, so that a long malformed header is read only once. They stand behind single characters only:
# Python 3.11 raises SystemError over possessive groups that capture.
_BLANK: Final = r"[ \t]*+"
_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_VALUE: Final = rf'(?:{_NAME}|"(?:[^"\\]|\\.)*")'
_PARAMETERS: Final = rf"(?:;{_BLANK}{_NAME}{_BLANK}(?:={_BLANK}{_VALUE}{_BLANK})?)*"
_RANGE: Final = rf"{_BLANK}({_NAME}){_BLANK}/{_BLANK}({_NAME}){_BLANK}({_PARAMETERS})"
_MEDIA_TYPE: Final = re.compile(_RANGE)
_ELEMENT: Final = re.compile(rf"(?:{_RANGE}|{_BLANK})(?:,|\Z)")
_PARAMETER: Final = re.compile(rf";{_BLANK}({_NAME}){_BLANK}(?:={_BLANK}({_VALUE}))?")
_CHARSET: Final = re.compile(rf"{_BLANK}(?:({_NAME}){_BLANK}({_PARAMETERS}))?{_BLANK}")
_QUALITY: Final = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")


def choose_media_type(accept: Iterable[str], content_type: str | None, offered: tuple[str, ...]) -> str:
    """Return the media type of `offered` (not empty) that the lines of Accept, or else the request's own type, ask for.

    The highest quality wins, then the more precise range, then the first. A range of quality 0 is skipped, so another
    range may still choose the type.
    """
    return _find_media_type(_read_lines(accept), content_type, offered) or offered[0]


def accepts_any(accept: Iterable[str], content_type: str | None, offered: tuple[str, ...]) -> bool:
    """Return whether one of `offered` is acceptable; everything is without a well-formed Accept line."""
    ranges = _read_lines(accept)
    return not ranges or _find_media_type(ranges, content_type, offered) is not None


def _read_lines(lines: Iterable[str]) -> list[tuple[str, float]]:
    """Return the ranges of all Accept lines; malformed lines have none."""
    return [each for line in lines for each in _read_accept(line)]


def _find_media_type(ranges: list[tuple[str, float]], content_type: str | None, offered: tuple[str, ...]) -> str | None:
    matches = [
        (quality, -media_range.count("*"), media_type)
        for media_range, quality in ranges
        if quality > 0 and (media_type := _find_covered(media_range, offered))
    ]
    if matches:
        return max(matches, key=itemgetter(0, 1))[2]
    own = _MEDIA_TYPE.fullmatch(content_type or "")
    return _find_covered(f"{own[1]}/{own[2]}".lower(), offered) if own else None


def choose_charset(accept_charset: str | None, content_type: str | None) -> str:
    """Return the charset that Accept-Charset, or else the request's own Content-Type, asks for; UTF-8 by default.

    The formatter writes UTF-8 and UTF-16, and knows only these two names (SelectResponseCharacterEncoding).
    """
    if accept_charset is None and content_type is None:
        return CHARSETS[0]  # As nearly always.
    wanted = sorted(_read_charsets(accept_charset or ""), key=itemgetter(1), reverse=True)
    for name, quality in wanted:
        if quality > 0 and name in CHARSETS:
            return name
        if quality > 0 and name == "*":
            return CHARSETS[0]
    own = _MEDIA_TYPE.fullmatch(content_type or "")
    charset = next((v for n, v in _PARAMETER.findall(own[3]) if n.lower() == "charset"), "") if own else ""
    name = charset.strip('"').lower()
    return name if name in CHARSETS else CHARSETS[0]


def _read_charsets(accept_charset: str) -> list[tuple[str, float]]:
    """Return the names of an Accept-Charset header, in lower case, and their qualities; none if it is malformed."""
    charsets: list[tuple[str, float]] = []
    for element in accept_charset.split(","):
        match = _CHARSET.fullmatch(element)
        if match is None:
            return []
        if match[1]:
            charsets.append((match[1].lower(), _read_quality(match[2])))
    return charsets


def _find_covered(media_range: str, offered: tuple[str, ...]) -> str | None:
    """Return the first of `offered` that a range covers (MediaTypeHeaderValueExtensions.IsSubsetOf)."""
    if media_range == "*/*":
        return offered[0]
    if media_range.endswith("/*"):
        return next((media_type for media_type in offered if media_type.startswith(media_range[:-1])), None)
    return media_range if media_range in offered else None


@lru_cache(maxsize=64)
def _read_accept(accept: str) -> tuple[tuple[str, float], ...]:
    """Return the ranges of an Accept line, in lower case, and their qualities.

    One malformed element voids the whole line (HttpHeaders.TryParseAndAddRawHeaderValue); empty elements are ignored.
    """
    ranges: list[tuple[str, float]] = []
    at = 0
    while at < len(accept):
        element = _ELEMENT.match(accept, at)
        if element is None:
            return ()
        if element[1]:
            ranges.append((f"{element[1]}/{element[2]}".lower(), _read_quality(element[3])))
        at = element.end()
    return tuple(ranges)


def _read_quality(parameters: str) -> float:
    """Return the first `q`; anything but a plain number counts as 1 (HeaderUtilities.GetQuality)."""
    for name, value in _PARAMETER.findall(parameters):
        if name.lower() == "q":
            return float(value) if _QUALITY.fullmatch(value) else 1.0
    return 1.0
