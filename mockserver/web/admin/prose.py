"""The prose of a contract, read from the part of CommonMark that the page shows: paragraphs, items, code, stress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BREAK: Final = re.compile(r"\n[ \t]*\n+|\n(?=[ \t]*[-*] )")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_ITEM: Final = re.compile(r"[-*] ")
_HEADING: Final = re.compile(r"#{1,6} ")
_SPAN: Final = re.compile(r"`([^`]+)`|\*\*([^*\s](?:[^*]*[^*\s])?)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*")
_KINDS: Final = ("code", "strong", "em")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text; its `kind` is `code`, `strong`, `em`, or empty for plain text."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item of a list, or a heading; its `kind` is `p`, `li` or `h`."""

    kind: str
    spans: tuple[Span, ...]


def read_prose(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text without its HTML comments; other CommonMark stays as it is written."""
    shown = _COMMENT.sub("", text.replace("\r\n", "\n"))
    pieces = (piece.strip() for piece in _BREAK.split(shown))
    return tuple(_read_block(piece) for piece in pieces if piece)


def _read_block(piece: str) -> Block:
    for kind, mark in (("li", _ITEM), ("h", _HEADING)):
        found = mark.match(piece)
        if found:
            return Block(kind, tuple(_read_spans(piece[found.end() :])))
    return Block("p", tuple(_read_spans(piece)))


def _read_spans(text: str) -> Iterator[Span]:
    at = 0
    for found in _SPAN.finditer(text):
        if found.start() > at:
            yield Span(text[at : found.start()])
        kind = found.lastindex or 0
        yield Span(found[kind], _KINDS[kind - 1])
        at = found.end()
    if at < len(text):
        yield Span(text[at:])
