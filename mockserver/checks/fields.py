"""Marshmallow fields for strict JSON: they refuse values that marshmallow's own fields would convert."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from marshmallow import ValidationError, fields, validate

from mockserver.checks.breaches import Measured

if TYPE_CHECKING:
    from collections.abc import Mapping


class Units(validate.Validator):
    """A limit of `max` UTF-16 code units, as .NET counts them: an emoji is two."""

    # apispec recognizes a validator of lengths by these three names.
    min = equal = None

    def __init__(self, most: int) -> None:
        self.max = most

    def __call__(self, value: str) -> str:
        """Return the text. Raises ValidationError if it is too long."""
        units = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
        if units > self.max:
            raise ValidationError([Measured(f"the contract allows at most {self.max} UTF-16 units", f"{units} units")])
        return value


class Text(fields.String):
    """A string that UTF-8 can encode: it has no lone surrogates."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str):
            raise ValidationError("the contract wants a string")
        if not value.isascii():
            _refuse_lone_surrogates(value)
        return value


def _refuse_lone_surrogates(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("the contract wants text without lone surrogates") from error


class DotNetDateTime(Text):
    """A date and time as Json.NET writes it, kept as text: Python's own datetime has only six decimals."""

    FORM = re.compile(
        r"^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,6}[1-9])?"
        r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?$"
    )

    def _validate(self, value: Any) -> None:  # noqa: ANN401 - as marshmallow has it
        super()._validate(value)
        # `match` would take a line feed at the end, since `$` also stands before one.
        form = self.FORM.fullmatch(value)
        if form is None:
            raise ValidationError(
                "the contract wants yyyy-MM-ddTHH:mm:ss, then at most 7 decimals of which the last is not 0, "
                "then Z, an offset of at most 14:00 or nothing"
            )
        _require_day(*form.group(1, 2, 3))


class Int32(fields.Integer):
    """A JSON integer; marshmallow's own field also accepts 1.0, '1' and true."""

    def _validated(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ValidationError("the contract wants an integer")


class Flag(fields.Boolean):
    """A JSON boolean; marshmallow's own field also accepts 1 and 'yes'."""

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("the contract wants true or false")
        return super()._deserialize(value, attr, data, **kwargs)


def _require_day(year: str, month: str, day: str) -> None:
    """Refuse a day that the calendar does not have, such as 30 February."""
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValidationError("the contract wants a day that the calendar has") from error


def nullable_text(description: str, most: int | None = None) -> Text:
    """Return a member that is null, or text of at most `most` UTF-16 units."""
    limits = [] if most is None else [Units(most)]
    return Text(required=True, allow_none=True, validate=limits, metadata={"description": description})


def integer(lowest: int, highest: int, *, null: bool = False, **metadata: str) -> Int32:
    """Return a member that is an integer from `lowest` to `highest`, or also null if `null` is true."""
    limits = validate.Range(lowest, highest, error="the contract allows {min} to {max}")
    return Int32(required=True, allow_none=null, validate=limits, metadata=metadata)


def int32(description: str, *, null: bool = False) -> Int32:
    """Return a member that is any integer of 32 bits, or also null if `null` is true."""
    return integer(-(2**31), 2**31 - 1, null=null, format="int32", description=description)


def flag(description: str) -> Flag:
    """Return a member that is true or false, never null."""
    return Flag(required=True, metadata={"description": description})
