"""The formats of JSON Schema and of OpenAPI's registry: whether a text or a number has the one that is named."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from ipaddress import IPv4Address, IPv6Address
from types import MappingProxyType
from typing import Final

UTC_OFFSET: Final = r"[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00"
"""The form of an offset that .NET accepts, a regular expression."""

RANGES: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "int8": (-(2**7), 2**7 - 1),
        "int16": (-(2**15), 2**15 - 1),
        "int32": (-(2**31), 2**31 - 1),
        "int64": (-(2**63), 2**63 - 1),
        "uint8": (0, 2**8 - 1),
        "uint16": (0, 2**16 - 1),
        "uint32": (0, 2**32 - 1),
        "uint64": (0, 2**64 - 1),
        "double-int": (1 - 2**53, 2**53 - 1),
        "sf-integer": (1 - 10**15, 10**15 - 1),
        "unixtime": (-(2**63), 2**63 - 1),
    }
)
"""The formats of integers, each with the least and the greatest one."""


def has_format(value: str | float, name: str) -> bool:
    """Return whether a text or a number has the format; every value has an unknown one, or one of another type."""
    if isinstance(value, str):
        form, read = _read_form(name), _READERS.get(name)
        return (form is None or form.fullmatch(value) is not None) and (read is None or _is_read(read, value))
    if name not in RANGES:
        return True
    least, most = RANGES[name]
    return least <= value <= most and value == int(value)


def _is_read(read: Callable[[str], object], text: str) -> bool:
    """Return whether a text can be read, where its form alone does not decide that."""
    try:
        read(text)
    except ValueError:
        return False
    return True


_DAY: Final = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
_ZONE: Final = r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
_DURATION: Final = r"P(?:\d+W|(?:\d+D|\d+M(?:\d+D)?|\d+Y(?:\d+M(?:\d+D)?)?)(?:T{time})?|T{time})".replace(
    "{time}", r"(?:\d+S|\d+M(?:\d+S)?|\d+H(?:\d+M(?:\d+S)?)?)"
)
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REFERENCE: Final = r"(?:[!#$&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]|%[0-9A-Fa-f]{2})"
_WIDE_REFERENCE: Final = _REFERENCE.replace("_a-z", "_a-z\u00a0-\U0010fffd")
_SCHEME: Final = "[A-Za-z][A-Za-z0-9+.-]*:"
_LITERAL: Final = r"(?:[^\x00- \"'<>\\^`{|}%]|%[0-9A-Fa-f]{2})"
_VARIABLE: Final = r"(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+(?:\*|:[1-9]\d{0,3})?"
_POINTER: Final = r"(?:/(?:[^~/]|~[01])*)*"
_DIGITS: Final = "[A-Za-z0-9+/]"
_DAYS: Final = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_MONTHS: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"

_READERS: Final[Mapping[str, Callable[[str], object]]] = MappingProxyType(
    {
        **dict.fromkeys(("date", "date-time", "date-time-local"), lambda text: date.fromisoformat(text[:10])),
        "ipv4": IPv4Address,
        "ipv6": IPv6Address,
    }
)

# Each has one way to match, so that the time is linear.
_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date": _DAY,
        "date-time": f"{_DAY}[Tt]{_CLOCK}{_ZONE}",
        "date-time-local": f"{_DAY}[Tt]{_CLOCK}",
        # Without the name of an interface.
        "ipv6": "[^%]*",
        "dotnet-date-time": rf"{_DAY}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{0,6}}[1-9])?(?:Z|{UTC_OFFSET})?",
        "time": _CLOCK + _ZONE,
        "time-local": _CLOCK,
        "duration": _DURATION,
        # Up to the first point that is not the first character.
        **dict.fromkeys(("email", "idn-email"), r"[^@\s]++@[^@\s][^@\s.]*+\.[^@\s]+"),
        "hostname": rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*",
        "idn-hostname": r"(?=.{1,253}\Z)[^\s.]{1,63}(?:\.[^\s.]{1,63})*",
        "uri": f"{_SCHEME}{_REFERENCE}+",
        "uri-reference": f"{_REFERENCE}*",
        "iri": f"{_SCHEME}{_WIDE_REFERENCE}+",
        "iri-reference": f"{_WIDE_REFERENCE}*",
        "uri-template": rf"(?:{_LITERAL}|\{{[+#./;?&]?{_VARIABLE}(?:,{_VARIABLE})*\}})*",
        "uuid": r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        "json-pointer": _POINTER,
        "relative-json-pointer": rf"(?:0|[1-9]\d*)(?:#|{_POINTER})",
        **dict.fromkeys(("byte", "base64"), f"(?:{_DIGITS}{{4}})*(?:{_DIGITS}{{2}}==|{_DIGITS}{{3}}=)?"),
        "base64url": r"(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?",
        "char": r"[\s\S]",
        "http-date": rf"{_DAYS}, \d{{2}} {_MONTHS} \d{{4}} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d GMT",
        "media-range": rf'{_WORD}/{_WORD}(?:[ \t]*;[ \t]*{_WORD}=(?:{_WORD}|"[^"]*"))*',
        "sf-string": r'"(?:[ !#-\[\]-~]|\\["\\])*"',
        "sf-token": r"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*",
        "sf-binary": f":(?:{_DIGITS}|=)*:",
        "sf-boolean": r"\?[01]",
        **dict.fromkeys(("decimal", "decimal128"), r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"),
        **dict.fromkeys(("int64", "uint64"), r"-?\d+"),
    }
)


@cache
def _read_form(name: str) -> re.Pattern[str] | None:
    """Return the form of a format when it is first asked for: few contracts have more than a handful of formats."""
    form = _FORMS.get(name)
    return None if form is None else re.compile(form, re.ASCII)
