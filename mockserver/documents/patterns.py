"""Regular expressions that people write, for Python's `re`: matched in time that grows with the text alone.

`re` itself tries every way to match, which can take years, and holds the interpreter in the meantime. The engine here
follows all ways at once. It lacks what cannot be matched like that; the few things that it reads differently are
rewritten or refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import real

_LIMITS: Final = real.Limits(program_size=5000)
"""The steps of a pattern: what a character of the text can cost."""


class PatternError(ValueError):
    """A pattern that cannot be read: the text is the finding, a part of a sentence."""

    def __init__(self, finding: str, remedy: str = "Write it for Python's re module.") -> None:
        super().__init__(finding)
        self.remedy: Final = remedy
        """A sentence for the author of a pattern in Python's syntax."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, with its `text` as it was written; threads may share one."""

    text: str
    compiled: real.Pattern = field(repr=False, compare=False)

    def matches(self, text: str) -> bool:
        """Return whether the whole text matches."""
        return self.compiled.fullmatch(_make_whole(text)) is not None

    def is_in(self, text: str) -> bool:
        """Return whether any part of the text matches."""
        return self.compiled.search(_make_whole(text)) is not None


def _make_whole(text: str) -> str:
    """Return the text with U+FFFD for halves of characters, which the engine does not take."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def read_pattern(text: str) -> Pattern:
    """Read a pattern in the syntax of Python's `re`, without references to groups.

    Raises:
        PatternError: It is not valid, needs what the engine does not have, or is too large.
    """
    return compile_pattern(text, _rewrite(text))


def compile_pattern(text: str, rewritten: str, flags: int = real.NOFLAG) -> Pattern:
    """Return the pattern that was written as `text`, from what the engine reads for it. Raises PatternError."""
    try:
        return Pattern(text, real.compile(rewritten, flags, fallback=False, limits=_LIMITS))
    except real.error as error:
        if error.kind == "limit":
            raise PatternError("it is too large", "Write a shorter one, or smaller numbers of repeats.") from None
        if error.kind == "unsupported":
            finding = error.msg.partition(" (unsupported by ")[0]
            raise PatternError(finding, "Write it without.") from None
        # Places are those of what was written, unless it was written anew.
        raise PatternError(str(error) if rewritten == text else error.msg) from None


_ESCAPE: Final = r"(?P<escape>\\(?P<escaped>[0-7]{3}|0[0-7]?|x[0-9A-Fa-f]{2}|.))"


_OUTSIDE: Final = re.compile(
    rf"{_ESCAPE}|(?P<nested>\[\[)|(?P<opened>\[\^?\]?)|\(\?#[^)]*\)(?P<repeated>[*+?{{])?|\(\?(?:P<\w+>|<?[=!]|[:>])"
    r"|\(\?(?P<flags>[aimsux]*)(?P<rest>(?:-[imsx]+)?[:)])|\(\?(?P<unknown>.{0,2})|.",
    re.DOTALL,
)


_INSIDE: Final = re.compile(rf"{_ESCAPE}|(?P<closed>\])|(?P<nested>--|&&|~~|\|\|)|.", re.DOTALL)
"""Pieces of a character class. `re` warns that it may read the doubled signs as operators some day."""


_KNOWN_LETTERS: Final = frozenset("AZbBdDsSwWafnrtvuUN")
"""Letters that have a meaning behind a backslash, and the same one for the engine."""


def _rewrite(text: str) -> str:
    """Return the pattern with everything written so that the engine reads it as `re` does. Raises PatternError."""
    pieces: list[str] = []
    at, is_inside = 0, False
    while at < len(text):
        piece = (_INSIDE if is_inside else _OUTSIDE).match(text, at)
        assert piece is not None, "any character is a piece"
        found = piece.groupdict()
        if found["nested"]:
            raise PatternError(f"possible nested set at position {at}", f"Escape the second {found['nested'][1]}.")
        if found.get("unknown") is not None:
            raise PatternError(f"unknown extension ?{found['unknown']} at position {at + 1}")
        if found.get("repeated"):
            raise PatternError(f"a repeat of a comment at position {at}", "Write the comment behind the repeat.")
        if found["escape"]:
            pieces.append(_rewrite_escape(found["escaped"], at))
        elif found.get("flags") is not None:
            pieces.append(_write_flags(found["flags"].replace("u", ""), found["rest"]))
        else:
            pieces.append(piece[0])
        is_inside = bool(found.get("opened")) or (is_inside and not found.get("closed"))
        at = piece.end()
    return "".join(pieces)


def _rewrite_escape(escaped: str, at: int) -> str:
    r"""Return an escape by its code: for the engine `\xe9` is a byte, and `\<` the start of a word."""
    if escaped[0] == "x" and len(escaped) == 3:
        return f"\\u{int(escaped[1:], 16):04x}"
    if escaped[0] == "0" or (len(escaped) == 3 and escaped.isdecimal()):
        return f"\\u{int(escaped, 8):04x}"
    if escaped.isdecimal():
        raise PatternError(f"reference to a group at position {at}", "Write it without.")
    if escaped.isascii() and escaped.isalpha() and escaped not in _KNOWN_LETTERS:
        raise PatternError(f"bad escape \\{escaped} at position {at}")
    return f"\\{escaped}" if escaped in _KNOWN_LETTERS else write_literal(escaped)


def write_literal(character: str) -> str:
    """Return the escape of a character, which has no other meaning anywhere in a pattern."""
    return f"\\U{ord(character):08x}"


def _write_flags(flags: str, rest: str) -> str:
    """Return a group of flags; text matches by Unicode anyway."""
    return "" if not flags and rest == ")" else f"(?{flags}{rest}"
