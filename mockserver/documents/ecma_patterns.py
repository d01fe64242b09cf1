r"""Regular expressions of a contract: JSON Schema takes them from ECMAScript, which differs from Python's `re`.

They are read as with ECMAScript's flag `u`, together with what older scripts write: `[\w-.]`, and a brace by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import real

from mockserver.documents.patterns import Pattern, PatternError, compile_pattern, write_literal


def read_ecma_pattern(text: str) -> Pattern:
    """Read a `pattern` of JSON Schema. Raises PatternError."""
    return compile_pattern(text, "".join(_rewrite(text)), real.ASCII)


@lru_cache(maxsize=1000)
def find_ecma_pattern(text: str) -> Pattern | None:
    """Return the pattern, or None if it cannot be read; those in use are kept."""
    try:
        return read_ecma_pattern(text)
    except PatternError:
        return None


_HEX: Final = "[0-9A-Fa-f]"


_ESCAPE: Final = (
    rf"\\(?P<escaped>u\{{{_HEX}{{1,6}}\}}|u[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}|u{_HEX}{{4}}|x{_HEX}{{2}}"
    r"|c[A-Za-z]|[pP]\{[A-Za-z0-9_=]+\}|0(?![0-9])|0[0-9]|.)"
)


_OUTSIDE: Final = re.compile(
    rf"{_ESCAPE}|(?P<nothing>\[\])|(?P<all>\[\^\])|(?P<opened>\[\^?)|(?P<group>\((?:\?<[A-Za-z_$][\w$]*>)?(?!\?))"
    r"|(?P<kept>\(\?(?:[:=!]|<[=!])|[)|])|(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\??(?P<possessive>\+)?"
    r"|(?P<refused>\(\?|\{,[0-9]*\})|(?P<plain>.)",
    re.DOTALL,
)


_INSIDE: Final = re.compile(rf"{_ESCAPE}|(?P<closed>\])|(?P<plain>.)", re.DOTALL)


_SPACES: Final = r"\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


_NO_SPACES: Final = (
    r"\u0000-\u0008\u000e-\u001f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
    r"\u2060-\u2fff\u3001-\ufefe\uff00-\U0010ffff"
)


_ANCHORS: Final = {"^": r"\A", "$": r"\Z", ".": r"[^\n\r\u2028\u2029]"}.items()


def _rewrite(text: str) -> Iterator[str]:
    """Yield the pieces of the pattern as the engine reads them. Raises PatternError."""
    at = 0
    while at < len(text):
        piece = _OUTSIDE.match(text, at)
        assert piece is not None, "any character is a piece"
        found, at = piece.groupdict(), piece.end()
        if found["refused"] or found["possessive"]:
            raise PatternError(f"ECMAScript has no {piece[0]} at position {piece.start()}")
        if found["nothing"] or found["all"]:
            yield "(?!)" if found["nothing"] else r"[\u0000-\U0010ffff]"
        elif found["opened"]:
            inner, at = _rewrite_class(text, at)
            yield f"{found['opened']}{inner}]"
        elif found["escaped"]:
            yield _rewrite_escape(found["escaped"], piece.start())
        elif found["group"]:
            yield "(?:"
        else:
            yield piece[0] if found["plain"] is None else _write_plain(found["plain"])


def _write_plain(character: str) -> str:
    """Return what a character stands for outside of a class."""
    return dict(_ANCHORS).get(character) or write_literal(character)


def _rewrite_class(text: str, at: int) -> tuple[str, int]:
    """Return the inner part of the class that begins at a position, and where the pattern goes on."""
    parts: list[tuple[str, bool]] = []
    while (piece := _INSIDE.match(text, at)) is not None:
        at = piece.end()
        if piece["closed"]:
            return _join_class(parts), at
        if piece["escaped"] is None:
            parts.append(("-" if piece[0] == "-" else write_literal(piece[0]), False))
        else:
            parts.append(_rewrite_member(piece["escaped"], piece.start()))
    raise PatternError("a class is not closed")


def _join_class(parts: list[tuple[str, bool]]) -> str:
    """Join the parts of a class; a hyphen beside a part that stands for many characters stands for itself."""
    sets = [False, *(is_set for _, is_set in parts), False]
    return "".join(
        write_literal("-") if part == "-" and (sets[number] or sets[number + 2]) else part
        for number, (part, _) in enumerate(parts)
    )


def _rewrite_member(escaped: str, at: int) -> tuple[str, bool]:
    """Return an escape in a class, and whether it stands for many characters."""
    if escaped in ("s", "S"):
        return _SPACES if escaped == "s" else _NO_SPACES, True
    if escaped == "b":
        return write_literal("\b"), False
    return _rewrite_escape(escaped, at), escaped[0] in "dDwWpP"


def _rewrite_escape(escaped: str, at: int) -> str:
    """Return an escape as the engine reads it. Raises PatternError."""
    if escaped in ("s", "S"):
        return f"[{_SPACES}]" if escaped == "s" else f"[^{_SPACES}]"
    if escaped in tuple("dDwWbBfnrtv") or (escaped[0] in "pP" and len(escaped) > 1):
        return f"\\{escaped}"
    if escaped[0] == "c" and len(escaped) > 1:
        return write_literal(chr(ord(escaped[1]) % 32))
    if escaped[0] in "ux" and len(escaped) > 1:
        return write_literal(_read_code(escaped, at))
    if escaped == "0":
        return write_literal("\0")
    if escaped.isascii() and escaped.isalnum():
        raise PatternError(f"ECMAScript has no \\{escaped}, or it refers to a group, at position {at}")
    return write_literal(escaped)


def _read_code(escaped: str, at: int) -> str:
    """Return the character that hexadecimal digits stand for; two halves of one are written together."""
    first, *second = (int(part.strip("ux{}"), 16) for part in escaped.split("\\"))
    code = 0x10000 + ((first - 0xD800) << 10) + second[0] - 0xDC00 if second else first
    if code > 0x10FFFF or 0xD800 <= code < 0xE000:
        raise PatternError(f"\\{escaped} is no character, at position {at}")
    return chr(code)
