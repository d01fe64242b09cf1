"""What a YAML scalar without quotes stands for.

The few rules here take the place of those of the usual loaders, which turn `NO` into false and `00012345` into 5349.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockserver.documents.nodes import Scalar

_NUMBER_LENGTH_LIMIT: Final = 400
"""Characters that a number may have."""

_CONSTANTS: Final[Mapping[str, Scalar]] = MappingProxyType(
    {
        **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
    }
)
_NUMBER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_PADDED: Final = re.compile(r"[-+]?0[0-9]+")
_NUMBER_STARTS: Final = frozenset("-+0123456789")


def resolve_plain(text: str) -> Scalar:
    """Return null, true, false or a decimal number where the text stands for one, otherwise the text itself.

    Raises:
        ValueError: It looks like a number that readers take differently or not at all; says so, with the remedy.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _resolve_number(text) if text[0] in _NUMBER_STARTS else text


def _resolve_number(text: str) -> int | float | str:
    number = _NUMBER.fullmatch(text)
    if number is None:
        if _PADDED.fullmatch(text):
            raise _quote_it(text, f"{_cut(text)} has leading zeros, and readers differ on what that is")
        return text
    if len(text) > _NUMBER_LENGTH_LIMIT or math.isinf(float(text)):
        raise _quote_it(text, "This number is too long or too large")
    return float(text) if number.lastindex else int(text)


def _quote_it(text: str, finding: str) -> ValueError:
    return ValueError(f'{finding}. Quote it to keep it as text: "{_cut(text)}".')


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
