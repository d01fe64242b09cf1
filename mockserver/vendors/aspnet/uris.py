"""Request targets as System.Uri reads them: the path that is routed, the query, and the URI as errors quote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final, NamedTuple

_ABSOLUTE: Final = re.compile(r"(?i)(https?)://([^/?]*)")
_DEFAULT_PORTS: Final = MappingProxyType({"http": ":80", "https": ":443"})
_ESCAPES: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_BARE_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPED_DOT: Final = re.compile(r"(?i)%2e")

_KEPT: Final = frozenset("%#?/\\&+=;@$,\x7f").union(map(chr, range(0x20)))
"""ASCII characters that Uri.ToString leaves escaped, as they would change the meaning of the URI."""

_DROPPED: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
"""Marks of writing direction, which System.Uri drops."""

_SHOWN: Final = ((0xA0, 0xD7FF), (0xF900, 0xFFEF), (0x10000, 0xDFFFF), (0xE1000, 0xEFFFF))
_PRIVATE: Final = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
"""Characters beyond ASCII that Uri.ToString shows unescaped: most of them anywhere, private ones only in a query."""


class Uri(NamedTuple):
    """The parts of a URI. `path` and `query` are still escaped; dot segments are resolved."""

    scheme: str
    host: str
    path: str
    query: str | None

    def __str__(self) -> str:
        """Return the text that Web API quotes in its 404: Uri.ToString, which unescapes what it can."""
        query = "" if self.query is None else f"?{_show(self.query, is_query=True)}"
        return f"{self.scheme}://{self.host}{_show(self.path, is_query=False)}{query}"


def read_uri(scheme: str, host: str, target: str) -> Uri:
    """Split a raw request `target` (origin form or absolute form) as System.Uri does."""
    absolute = _ABSOLUTE.match(target)
    if absolute:
        scheme, host = absolute[1].lower(), absolute[2]
        target = target[absolute.end() :]
    path, mark, query = target.partition("?")
    return Uri(
        scheme=scheme,
        host=host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "")),
        path=_resolve_dots("/" + path.replace("\\", "/").removeprefix("/")),
        query=query if mark else None,
    )


def _resolve_dots(path: str) -> str:
    if "." not in path and "%2" not in path:
        return path
    resolved: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        plain = _ESCAPED_DOT.sub(".", segment)
        if plain == "..":
            del resolved[-1:]
        elif plain != ".":
            resolved.append(segment)
    if _ESCAPED_DOT.sub(".", segments[-1]) in (".", ".."):
        resolved.append("")
    return "/" + "/".join(resolved)


def unescape_path(text: str) -> str:
    """Decode `%XX` as UTF-8; other bytes stay escaped, and invalid escapes stay as they are."""
    return _ESCAPES.sub(lambda run: _decode(run[0]).translate(_STILL_ESCAPED), text) if "%" in text else text


def _decode(run: str) -> str:
    """Return the characters of a run of escapes; a surrogate stands for a byte that is not UTF-8."""
    return bytes.fromhex(run.replace("%", "")).decode("utf-8", "surrogateescape")


_STILL_ESCAPED: Final = MappingProxyType({0xDC00 + byte: f"%{byte:02X}" for byte in range(0x80, 0x100)})


def _show(text: str, *, is_query: bool) -> str:
    text = _BARE_PERCENT.sub("%25", text)
    return _ESCAPES.sub(lambda run: "".join(_show_run(run[0], is_query)), text)


def _show_run(run: str, is_query: bool) -> Iterator[str]:
    """Give each character of a run of escapes as Uri.ToString shows it: itself, nothing, or its escapes."""
    at = 0
    for character in _decode(run):
        escapes = run[at : at + 3 * len(character.encode("utf-8", "surrogateescape"))]
        at += len(escapes)
        if character.isascii():
            yield escapes if character in _KEPT else character
        elif _is_shown(character, is_query):
            yield "" if character in _DROPPED else character
        else:
            yield escapes.upper()


def _is_shown(character: str, is_query: bool) -> bool:
    """Return whether a character beyond ASCII is shown unescaped; noncharacters of Unicode never are."""
    code = ord(character)
    is_noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    ranges = (*_SHOWN, *_PRIVATE) if is_query else _SHOWN
    return not is_noncharacter and any(first <= code <= last for first, last in ranges)
