"""Values and text as the page shows them: on one line, cut, with nothing invisible in them."""

from __future__ import annotations

from typing import Final
from unicodedata import category

from mockserver.documents.json_text import write_json

LONGEST_TEXT: Final = 80
"""The most characters of a text that are shown."""

_ESCAPED: Final = ("Cc", "Cs", "Zl", "Zp")
"""Categories of Unicode whose characters are shown escaped: controls, lone surrogates, line and paragraph ends."""


def show_value(value: object) -> str:
    """Return text as it is, and any other value as JSON; so too text that is empty or has blanks around it."""
    is_visible = isinstance(value, str) and value.strip() == value != ""
    return show_text(value if is_visible and isinstance(value, str) else write_json(value))


def show_text(text: str) -> str:
    """Return text on one line and cut, with escapes for what cannot be seen or ends a line."""
    cut = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}…"
    return "".join(c.encode("unicode_escape").decode() if category(c) in _ESCAPED else c for c in cut)
