"""What a YAML scalar without quotes stands for.

The few rules here take the place of those of the usual loaders, which turn `NO` into false and `00012345` into 5349. A
number is written as in JSON. What people or other readers take for one, and JSON does not, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockserver.documents.nodes import Scalar
from mockserver.documents.numbers import NUMBER, Number, read_number

_CONSTANTS: Final[Mapping[str, Scalar]] = MappingProxyType(
    {
        **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
        **dict.fromkeys(("true", "True", "TRUE"), True),
        **dict.fromkeys(("false", "False", "FALSE"), False),
    }
)
_NUMBER_STARTS: Final = frozenset("-+.0123456789\N{MINUS SIGN}")


def resolve_plain(text: str) -> Scalar:
    """Return null, true, false or a number where the text stands for one, otherwise the text itself.

    Raises:
        ValueError: It looks like a number that readers take differently or not at all; says so, with the remedy.
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    return _resolve_number(text) if text[0] in _NUMBER_STARTS else text


def _resolve_number(text: str) -> Number | str:
    number = NUMBER.fullmatch(text)
    if number is None:
        _refuse_likeness(text)
        return text
    try:
        return read_number(number)
    except ValueError:
        raise _quote_it(text, _TOO_LONG) from None


_LONGEST: Final = 500
"""Characters of a number that is spelled anew."""

_TOO_LONG: Final = "This number is too long or too large"
_LIKE_NUMBER: Final = re.compile(
    r"""
    (?P<sign>[-+\N{MINUS SIGN}]?)
    (?:
        (?P<based>0(?:[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|[oO]_*[0-7][0-7_]*|[bB]_*[01][01_]*))
        | (?=\.?[0-9]) (?P<whole>(?:[0-9_]++|[,'](?=[0-9]))*+)
          (?:\.(?P<fraction>[0-9_]*+))? (?P<exponent>[eE][-+]?[0-9]++)?
        | (?P<none>\.(?:inf|Inf|INF|nan|NaN|NAN))
    )
    """,
    re.VERBOSE,
)
_PADDED: Final = re.compile("0[0-9]+")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:([,'])[0-9]{3}(?:\1[0-9]{3})*)|[0-9_]*")


def _refuse_likeness(text: str) -> None:
    """Refuse text that is nearly a number: `.5`, `+1`, `0x1F`, `1_000`, `1,000`, `.inf`, `007`."""
    found = _LIKE_NUMBER.fullmatch(text)
    if found is None:
        return
    if len(text) > _LONGEST:
        raise _quote_it(text, _TOO_LONG)
    if found["none"]:
        raise _quote_it(text, f"JSON has no number {text}")
    if _PADDED.fullmatch(found["whole"] or ""):
        raise _quote_it(text, f"{_cut(text)} has leading zeros, and readers differ on what that is")
    finding = f"{_cut(text)} is not how JSON writes a number"
    raise ValueError(f'{finding}. Write {_cut(_spell(found))}, or quote it to keep it as text: "{_cut(text)}".')


def _spell(number: re.Match[str]) -> str:
    """Return the number as JSON writes it; a hint where `1,50` may be two numbers."""
    sign = "" if number["sign"] in ("", "+") else "-"
    if number["based"]:
        return f"{sign}{int(number['based'].replace('_', ''), 0)}"
    if not _THOUSANDS.fullmatch(number["whole"]):
        return "it with digits and a point only"
    digits = re.sub("[_,']", "", number["whole"]).lstrip("0") or "0"
    decimals = (number["fraction"] or "").replace("_", "")
    return f"{sign}{digits}{decimals and f'.{decimals}'}{number['exponent'] or ''}"


def _quote_it(text: str, finding: str) -> ValueError:
    return ValueError(f'{finding}. Quote it to keep it as text: "{_cut(text)}".')


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
