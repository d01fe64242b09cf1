"""Placeholders in replies: `{id}` stands for what a request asks for, `{{id}}` for `{id}` itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mockserver.contract import Arguments
from mockserver.documents import Json, write_scalar

_PLACEHOLDER: Final = re.compile(r"\{(\{)?([A-Za-z_][A-Za-z0-9_.-]*)\}(?(1)\})")


def find_placeholders(text: str) -> tuple[str, ...]:
    """The names of all placeholders in a *text*, those of `{{id}}` left out."""
    return tuple(found[2] for found in _PLACEHOLDER.finditer(text) if not found[1])


def changes_when_filled(text: str) -> bool:
    """Whether filling in would change the *text*, placeholders or not: `{{id}}` becomes `{id}`."""
    return _PLACEHOLDER.search(text) is not None


def fill_text(text: str, arguments: Arguments) -> str:
    """The *text* with its placeholders filled in; what stands for none of the *arguments* is blank."""

    def fill(found: re.Match[str]) -> str:
        return f"{{{found[2]}}}" if found[1] else write_scalar(arguments.get(found[2]))

    return _PLACEHOLDER.sub(fill, text)


def fill_value(value: Json, arguments: Arguments) -> Json:
    """The *value* with all texts in it filled in. A text that is one placeholder becomes the argument itself.

    So `"{idType}"` is a number where that is one. Names of members are no texts.
    """
    if isinstance(value, dict):
        return {name: fill_value(part, arguments) for name, part in value.items()}
    if isinstance(value, list):
        return [fill_value(part, arguments) for part in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    return arguments.get(whole[2]) if whole and not whole[1] else fill_text(value, arguments)


def iter_texts(value: Json) -> Iterator[str]:
    """All texts in a *value* that may have placeholders."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from iter_texts(part)
    elif isinstance(value, str):
        yield value
