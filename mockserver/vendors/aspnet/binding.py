"""Binding: text of route and query becomes arguments and a model state, as in System.Web.Http.ModelBinding."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

from mockserver.contract.contract import Parameter
from mockserver.documents.nodes import WHITE_SPACE, Scalar

_REQUIRED_MESSAGE: Final = "A value is required but was not present in the request."

_CONVERSION_MESSAGE: Final = "An error has occurred."
"""What callers without error detail see in place of the text of an exception (an overflow)."""

_CONVERSION_EXCEPTION: Final = (
    "The parameter conversion from type 'System.String' to type '{}' failed. "
    "See the inner exception for more information."
)
"""The text of that exception, by the type (ValueProviderResult)."""


@dataclass(frozen=True, slots=True)
class ModelError:
    """One error of the model state: a blank value (`is_blank`), or text that could not be converted.

    `exception` is the text of an exception, which replaces the message for callers who see error detail.
    """

    key: str
    message: str
    is_blank: bool
    exception: str | None = field(default=None, compare=False)

    @property
    def detail(self) -> str:
        """The message for callers who see error detail."""
        return self.message if self.exception is None else self.exception


class Binding(NamedTuple):
    """The arguments of a request, and the errors in its text.

    `null_argument` names the first parameter that is null and must not be: its text is blank, or cannot be converted
    and there is no default. Then the action is never called (ReflectedHttpActionDescriptor), whether or not it looks
    at the model state.
    """

    arguments: Mapping[str, Scalar]
    errors: tuple[ModelError, ...]
    null_argument: str | None


class UnclosedBracketError(ValueError):
    """A query key has `[` without `]`: NormalizeJQueryToMvc refuses the whole query with an ArgumentException."""


def read_query(query: str | None, *, ignore_unclosed: bool) -> dict[str, list[str]]:
    """Decode a query into lower-case keys and their values in order.

    Args:
        query: The text after the question mark; None without one.
        ignore_unclosed: Whether a key with an unclosed bracket is left out instead of refused.

    Raises:
        UnclosedBracketError: A key has an unclosed bracket, and `ignore_unclosed` is false.
    """
    values: dict[str, list[str]] = {}
    for pair in query.split("&") if query else []:
        name, _, value = pair.partition("=")
        try:
            key = _normalize_key(unquote_plus(name))
        except UnclosedBracketError:
            if ignore_unclosed:
                continue
            raise
        values.setdefault(key.lower(), []).append(unquote_plus(value))
    return values


def _normalize_key(key: str) -> str:
    """Turn jQuery's brackets into dots: `a[]` is `a`, `a[b]` is `a.b`, `a[0]` stays (NormalizeJQueryToMvc).

    Raises:
        UnclosedBracketError: There is a `[` without a `]` after it.
    """
    parts: list[str] = []
    at = 0
    while (opening := key.find("[", at)) >= 0:
        closing = key.find("]", opening)
        if closing < 0:
            raise UnclosedBracketError(key)
        inner = key[opening + 1 : closing]
        parts += [key[at:opening], f"[{inner}]" if inner[:1].isdecimal() else f".{inner}" if inner else ""]
        at = closing + 1
    return "".join(parts) + key[at:]


def bind_arguments(
    parameters: tuple[Parameter, ...],
    route: Mapping[str, str],
    query: Mapping[str, Sequence[str]],
    *,
    strict: bool = False,
) -> Binding:
    """Bind each parameter from the query, else from the route, else from the query key without a name.

    With `strict` an integer has to be plain decimal, which the framework does not require.
    """
    arguments: dict[str, Scalar] = {}
    errors: list[ModelError] = []
    null_argument = None
    for parameter in parameters:
        value = _bind(parameter, route, query, errors, strict=strict)
        if value is None and not _is_nullable(parameter):
            null_argument = null_argument or parameter.name
        arguments[parameter.name] = value
    return Binding(MappingProxyType(arguments), tuple(errors), null_argument)


def _is_nullable(parameter: Parameter) -> bool:
    """Return whether the argument may be null: text, or an optional value without a default (in C# `int?`)."""
    return parameter.type == "string" or not (parameter.is_required or parameter.default is not None)


def _bind(
    parameter: Parameter,
    route: Mapping[str, str],
    query: Mapping[str, Sequence[str]],
    errors: list[ModelError],
    *,
    strict: bool,
) -> Scalar:
    """Return the argument for one parameter; add to `errors` what is wrong with its text.

    After text that cannot be converted, the key without a name is tried too (CompositeModelBinder). A blank value
    there is not a second error, as ModelValidationNode skips parameters that have an error.
    """
    name = parameter.name
    failed = False
    for key, texts in ((name, query.get(name.lower()) or _listed(route.get(name))), ("", query.get(""))):
        if not texts:
            continue
        if not texts[0].strip(WHITE_SPACE):
            if not failed:
                errors.append(ModelError(f"{name}.{_name_type(parameter)}", _REQUIRED_MESSAGE, is_blank=True))
            return None
        try:
            return _convert(parameter, texts[0], strict=strict)
        except OverflowError:
            exception = _CONVERSION_EXCEPTION.format(name_full_type(parameter))
            errors.append(ModelError(key, _CONVERSION_MESSAGE, is_blank=False, exception=exception))
        except ValueError:
            message = f"The value '{','.join(texts)}' is not valid for {_name_type(parameter)}."
            errors.append(ModelError(key, message, is_blank=False))
        failed = True
    return parameter.default


def _listed(text: str | None) -> list[str]:
    return [] if text is None else [text]


def _convert(parameter: Parameter, text: str, *, strict: bool) -> Scalar:
    """Convert text to the type of a parameter.

    Raises:
        ValueError: .NET raises FormatException.
        OverflowError: .NET raises another exception.
    """
    _, convert = _CONVERTERS[parameter.kind]
    if strict and parameter.type == "integer" and not _PLAIN.fullmatch(text):
        raise ValueError(text)
    return convert(text)


def name_full_type(parameter: Parameter) -> str:
    """Return the type of a parameter with its namespace: System.Type.FullName."""
    return f"System.{_CONVERTERS[parameter.kind][0]}"


def name_signature_type(parameter: Parameter) -> str:
    """Return the type of a parameter as MethodInfo.ToString writes it: primitive types without namespace."""
    return name_full_type(parameter) if parameter.type == "string" else _CONVERTERS[parameter.kind][0]


def _name_type(parameter: Parameter) -> str:
    """Return the type of a parameter as keys and messages name it: System.Type.Name."""
    if parameter.type != "string" and _is_nullable(parameter):
        return "Nullable`1"
    return _CONVERTERS[parameter.kind][0]


_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"([-+]?)([0-9]+)[\t-\r ]*\x00*")
_HEXADECIMAL: Final = re.compile(r"(?:#|0[xX]|&[hH])(.*)", re.DOTALL)
_HEXADECIMAL_DIGITS: Final = "0123456789ABCDEFabcdef"


def _to_integer(text: str, bits: int) -> int:
    """Convert as System.ComponentModel.BaseNumberConverter does: decimal, or hexadecimal after `#`, `0x` or `&h`.

    Raises:
        ValueError: .NET raises FormatException.
        OverflowError: .NET raises another exception.
    """
    stripped = text.strip(WHITE_SPACE)
    hexadecimal = _HEXADECIMAL.fullmatch(stripped)
    if hexadecimal:
        return _hexadecimal_to_integer(hexadecimal[1], bits)
    decimal = _DECIMAL.fullmatch(stripped)
    if not decimal:
        raise ValueError(text)
    # The first 20 digits are enough: a number with more of them is too large anyway.
    number = int(decimal[1] + (decimal[2].lstrip("0") or "0")[:20])
    limit = 1 << (bits - 1)
    if not -limit <= number < limit:
        raise OverflowError(text)
    return number


def _hexadecimal_to_integer(text: str, bits: int) -> int:
    """Convert as System.ParseNumbers with base 16: two's complement, so FFFFFFFF is -1; a second `0x` is skipped.

    Too many digits are an overflow, even if other characters follow them.
    """
    if not text or text.startswith("-"):
        raise OverflowError(text)
    unsigned = text.removeprefix("+")
    unsigned = unsigned[2:] if unsigned[:2] in ("0x", "0X") else unsigned
    rest = unsigned.lstrip(_HEXADECIMAL_DIGITS)
    digits = unsigned.removesuffix(rest)
    number = int(digits or "0", 16)
    if number >> bits:
        raise OverflowError(text)
    if rest or not digits:
        raise ValueError(text)
    return number - (1 << bits) if number >> (bits - 1) else number


_BOOLEANS: Final[Mapping[str, bool]] = MappingProxyType({"true": True, "false": False})


def _to_boolean(text: str) -> bool:
    """Convert as System.Boolean.Parse: in any case, with white space and NUL around it; ValueError otherwise."""
    value = _BOOLEANS.get(text.strip(WHITE_SPACE + "\0").lower())
    if value is None:
        raise ValueError(text)
    return value


_CONVERTERS: Final[Mapping[str, tuple[str, Callable[[str], Scalar]]]] = MappingProxyType(
    {
        "string": ("String", str),
        "integer int32": ("Int32", lambda text: _to_integer(text, 32)),
        "integer int64": ("Int64", lambda text: _to_integer(text, 64)),
        "boolean": ("Boolean", _to_boolean),
    }
)
"""The name of the .NET type and the conversion, by type and format of a parameter."""
