"""What the contract asks of a body: hand-written marshmallow schemas, and the check that they are."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, cast

from marshmallow import RAISE, Schema, ValidationError, fields, missing, validate
from marshmallow.exceptions import SCHEMA

from mockserver.breaches import (
    TOO_DEEP,
    Breach,
    Measured,
    read_json,
    show,
    show_name,
    to_phrase,
)
from mockserver.documents import suggest_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Units(validate.Validator):
    """At most `max` UTF-16 code units, as .NET counts: an emoji is two."""

    # apispec knows a validator of lengths by these three names.
    min = equal = None

    def __init__(self, most: int) -> None:
        self.max = most

    def __call__(self, value: str) -> str:
        """Return the text, or raise ValidationError where it is too long."""
        units = len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
        if units > self.max:
            rule = Measured(f"the contract allows at most {self.max} UTF-16 units")
            rule.size = f"{units} units"
            raise ValidationError([rule])
        return value


class Prepared(fields.Field[Any]):
    """A field that puts its validators together once; marshmallow's own does so for each value."""

    @cached_property
    def _validate_all(self) -> Callable[[Any], Any]:
        return validate.And(*self.validators)


class Text(Prepared, fields.String):
    """A string that UTF-8 can carry, so one without lone surrogates."""

    def _deserialize(self, value: object, *_: object, **__: object) -> str:
        if not isinstance(value, str):
            raise ValidationError("the contract wants a string")
        if not value.isascii():
            refuse_lone_surrogates(value)
        return value


def refuse_lone_surrogates(text: str) -> None:
    """Raise ValidationError for text that UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError("the contract wants text without lone surrogates") from error


class DotNetDateTime(Text):
    """What Json.NET writes for a `DateTime`, kept as text: Python's own datetime has only six decimals."""

    FORM = re.compile(
        r"^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
        r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{0,6}[1-9])?"
        r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?$"
    )

    def _validate(self, value: str) -> None:
        super()._validate(value)
        # Not `match`: `$` also stands before a line feed at the end.
        form = self.FORM.fullmatch(value)
        if form is None:
            raise ValidationError(
                "the contract wants yyyy-MM-ddTHH:mm:ss, then at most 7 decimals of which the last is not 0, "
                "then Z, an offset of at most 14:00 or nothing"
            )
        require_day(*form.group(1, 2, 3))


class Int32(Prepared, fields.Integer):
    """A JSON integer: marshmallow's own also takes 1.0, '1' and true."""

    def _validated(self, value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise ValidationError("the contract wants an integer")


class Flag(Prepared, fields.Boolean):
    """A JSON boolean: marshmallow's own also takes 1 and 'yes'."""

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, object] | None, **kwargs: object
    ) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("the contract wants true or false")
        return super()._deserialize(value, attr, data, **kwargs)


def require_day(year: str, month: str, day: str) -> None:
    """Raise ValidationError for a day that the calendar does not have, such as 30 February."""
    try:
        datetime.date(int(year), int(month), int(day))
    except ValueError as error:
        raise ValidationError("the contract wants a day that the calendar has") from error


def nullable_text(description: str, most: int | None = None) -> Text:
    """Make a member that is null, or text of at most `most` UTF-16 units."""
    limits = [] if most is None else [Units(most)]
    return Text(required=True, allow_none=True, validate=limits, metadata={"description": description})


def integer(lowest: int, highest: int, *, null: bool = False, **metadata: str) -> Int32:
    """Make a member that is an integer within two bounds, both allowed, or null where that is allowed."""
    limits = validate.Range(lowest, highest, error="the contract allows {min} to {max}")
    return Int32(required=True, allow_none=null, validate=limits, metadata=metadata)


def int32(description: str, *, null: bool = False) -> Int32:
    """Make a member that is any integer of 32 bits."""
    return integer(-(2**31), 2**31 - 1, null=null, format="int32", description=description)


def flag(description: str) -> Flag:
    """Make a member that is true or false, never null."""
    return Flag(required=True, metadata={"description": description})


class CustomerSchema(Schema):
    """The 16 members of a customer in the contract's order, all of them always there."""

    class Meta(Schema.Meta):
        """No `description`: apispec leaves `additionalProperties` out of a schema that has one."""

        unknown = RAISE

    CustomerId = int32("Q-Flow's own id of the customer.")
    PersonalId = nullable_text("The vendor's customer identifier.", 30)
    PersonalIdTypeId = int32("Q-Flow's id of the identifier's type.", null=True)
    PersonalIdTypeExtRef = nullable_text("External reference of the identifier's type.")
    FirstName = nullable_text("First name.", 50)
    LastName = nullable_text("Last name.", 50)
    Email = nullable_text("Email address.", 100)
    TelNumber1 = nullable_text("First phone number.", 25)
    TelNumber2 = nullable_text("Second phone number.", 25)
    DOB = DotNetDateTime(
        required=True,
        allow_none=True,
        metadata={
            "description": "Date of birth, as .NET writes a date and time.",
            "pattern": DotNetDateTime.FORM.pattern,
            "x-mock-format": "dotnet-date-time",
        },
    )
    Sex = integer(0, 2, null=True, description="0 is unknown, 1 is male, 2 is female.")
    Notes = nullable_text("Notes.", 250)
    ExtRef = nullable_text("Custom external reference.", 200)
    NotificationConsent = flag("Whether the customer agrees to be notified.")
    IsActive = flag("Whether the customer record is enabled.")
    CustomProperties = fields.Dict(
        keys=Text(),
        values=Text(allow_none=True),
        required=True,
        allow_none=True,
        metadata={"description": "All custom properties of the customer, by key."},
    )


class HttpErrorSchema(Schema):
    """The body of an error, as ASP.NET Web API 2 writes it."""

    class Meta(Schema.Meta):
        """No `description`, for the reason given at `CustomerSchema`."""

        unknown = RAISE

    Message = Text(required=True, metadata={"description": "What went wrong."})
    MessageDetail = Text(metadata={"description": "More about it, where the host shows error detail."})
    ModelState = fields.Dict(
        keys=Text(),
        values=fields.List(Text()),
        metadata={"description": "What is wrong with each parameter, by its name."},
    )
    ExceptionMessage = Text(metadata={"description": "What the exception says, where the host shows error detail."})
    ExceptionType = Text(
        metadata={"description": "The full name of the exception's type, where the host shows error detail."}
    )
    StackTrace = Text(metadata={"description": "Where the exception was thrown, where the host shows error detail."})
    InnerException = fields.Dict(
        keys=Text(),
        metadata={"description": "The exception inside it, with the same members, where the host shows error detail."},
    )


SchemaClass = type[Schema]
"""What `create_app` takes as the check of a component."""

SHIPPED: Mapping[str, SchemaClass] = MappingProxyType({"Customer": CustomerSchema, "HttpError": HttpErrorSchema})
"""Schema class by name of the component that it checks."""


class Schemas:
    """The check on every body: a ready schema for each component, safe to share between threads.

    A component that has no schema is a KeyError in every method that takes one.
    """

    __slots__ = ("_members", "_ready")

    def __init__(self, classes: Mapping[str, SchemaClass] = SHIPPED) -> None:
        self._ready = {component: make_ready(schema_class) for component, schema_class in classes.items()}
        self._members = {component: name_to_field(schema) for component, schema in self._ready.items()}

    @classmethod
    def with_shipped(cls, extra: Mapping[str, SchemaClass]) -> Self:
        """Make the shipped schemas and others ready; one of the same name replaces the shipped one."""
        return cls({**SHIPPED, **extra})

    def __contains__(self, component: object) -> bool:
        return component in self._ready

    def find_breaches(self, component: str, value: object) -> tuple[Breach, ...]:
        """Find the breaches of a decoded JSON value, in the schema's order."""
        return check(self._ready[component], value)

    def find_member_breaches(self, component: str, members: Mapping[str, object]) -> tuple[Breach, ...]:
        """Find the breaches of the members given, each by itself; one that is not given is none.

        Rules between members (marshmallow's `validates_schema`) wait until all of them are there.
        """
        schema = self._ready[component]
        errors = dict(iter_member_errors(schema, self._members[component], members))
        return tuple(errors_to_breaches(errors, JudgedValue((), members, schema))) if errors else ()

    def find_body_breaches(self, component: str, text: str) -> tuple[Breach, ...]:
        """Find the breaches of JSON text, read strictly: no name twice, no NaN, nothing behind the value."""
        try:
            value, repeats = read_json(text)
        except ValueError as error:
            return (Breach("", str(error), show(text)),)
        return (*repeats, *self.find_breaches(component, value))


def is_schema_class(given: object) -> bool:
    """Whether it is a marshmallow class, and no instance of one."""
    return isinstance(given, type) and issubclass(given, Schema)


def make_ready(schema_class: SchemaClass) -> Schema:
    """Make the one instance, which takes a tenth of a millisecond."""
    schema = schema_class()
    # A body that goes out has the members that are written: with `dump_only` ones, without `load_only` ones.
    schema.load_fields = schema.dump_fields
    return schema


def iter_member_errors(
    schema: Schema, fields_by_name: Mapping[str, fields.Field[Any]], members: Mapping[str, object]
) -> Iterator[tuple[str, object]]:
    """Give marshmallow's messages about each of the members by itself."""
    for name, value in members.items():
        field = fields_by_name.get(name)
        try:
            if field is not None:
                field.deserialize(value, name, members)
            elif schema.unknown == RAISE:
                yield name, [schema.error_messages["unknown"]]
        except ValidationError as error:
            yield name, error.messages
        except RecursionError:
            yield name, [TOO_DEEP]


def check(schema: Schema, value: object) -> tuple[Breach, ...]:
    """Find the breaches of any value. With `validate`: marshmallow's `dump` checks nothing."""
    try:
        errors = schema.validate(cast("Mapping[str, object]", value))
    except RecursionError:
        # A schema that contains itself goes as deep as the value does.
        return (Breach("", TOO_DEEP, show(value)),)
    return tuple(errors_to_breaches(errors, JudgedValue((), value, schema))) if errors else ()


@dataclass(frozen=True, slots=True)
class JudgedValue:
    """A value in a body by its path, and its judge: a schema, a field, or names for an unknown member."""

    path: tuple[str, ...]
    value: object
    judge: object


def errors_to_breaches(errors: object, place: JudgedValue) -> Iterator[Breach]:
    """Walk marshmallow's messages: dicts by name or index, lists and texts, nested at will."""
    if isinstance(errors, Mapping):
        for key in sort_keys(errors, place):
            yield from errors_to_breaches(entry_to_errors(errors[key], place.judge), enter(place, key))
    elif isinstance(errors, list):
        for error in errors:
            yield from errors_to_breaches(error, place)
    else:
        yield message_to_breach(errors, place)


def sort_keys(errors: Mapping[str | int, object], place: JudgedValue) -> list[str | int]:
    """Order what concerns the whole value first, then declared members, then others as they are given."""
    given = place.value if isinstance(place.value, Mapping) else ()
    names = dict.fromkeys([*name_to_field(place.judge), *given])
    rank: dict[str | int, int] = {name: index for index, name in enumerate(names)}
    return sorted(errors, key=lambda key: rank.get(key, -1))


def entry_to_errors(entry: object, judge: object) -> object:
    """Join the messages about an entry's name and value, which a dictionary field keeps apart."""
    if isinstance(judge, fields.Mapping) and isinstance(entry, Mapping):
        return list(entry.values())
    return entry


def enter(place: JudgedValue, key: str | int) -> JudgedValue:
    """Step to a member or item, or stay where the messages are about the whole object."""
    is_member = isinstance(place.value, Mapping) and key in place.value
    if key == SCHEMA and isinstance(place.judge, Schema) and not is_member:
        return place
    path = (*place.path, show_name(key))
    return JudgedValue(path, value_below(place.value, key), judge_below(place.judge, key))


def value_below(value: object, key: str | int) -> object:
    """Give the member or item, or `missing`; a value without parts stands for itself."""
    try:
        return value[key]  # type: ignore[index]  # what has no parts raises TypeError
    except LookupError:
        return missing
    except TypeError:
        return value


def judge_below(judge: object, key: str | int) -> object:
    """Give what judges the member or item; for an unknown member the names that it might have had."""
    below: object = None
    if isinstance(judge, Schema):
        known = name_to_field(judge)
        # An index where a schema is expected: the schema stands for each item of a list.
        below = judge if isinstance(key, int) else known.get(key) or tuple(known)
    elif isinstance(judge, fields.Mapping):
        below = judge.value_field
    elif isinstance(judge, fields.List):
        below = judge.inner
    return below.schema if isinstance(below, fields.Nested) else below


def name_to_field(judge: object) -> dict[str, fields.Field[Any]]:
    """Give the fields of a schema by their names in JSON; nothing for what is no schema."""
    known = judge.load_fields if isinstance(judge, Schema) else {}
    return {name if field.data_key is None else field.data_key: field for name, field in known.items()}


RULES = MappingProxyType(
    {
        "Missing data for required field.": "the contract requires it",
        "Field may not be null.": "the contract does not allow null",
        "Invalid input type.": "the contract wants an object",
        "Not a valid mapping type.": "the contract wants an object",
        "Not a valid list.": "the contract wants a list",
        "Unknown field.": "the contract has no such member",
    }
)
"""Our words for those of marshmallow's that the shipped schemas leave as they are."""


def message_to_breach(message: object, place: JudgedValue) -> Breach:
    """Put a message, marshmallow's or that of a user's own validator, in our form."""
    rule = RULES.get(str(message)) or to_phrase(str(message))
    if isinstance(place.judge, tuple):
        rule += suggest_nearest(place.path[-1], place.judge)
    value = None if place.value is missing else show(place.value)
    if isinstance(message, Measured):
        value = f"{value} ({message.size})"
    return Breach(".".join(place.path), rule, value)
