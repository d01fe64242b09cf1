"""The hand-written marshmallow classes of the shipped contract."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marshmallow import RAISE, Schema, fields

from mockserver.checks.fields import DotNetDateTime, Text, flag, int32, integer, nullable_text
from mockserver.checks.judging import SchemaClass


class CustomerSchema(Schema):
    """The 16 members of a customer in the contract's order, all required."""

    class Meta(Schema.Meta):
        """Options without a `description`: with one, apispec leaves out `additionalProperties`."""

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
        """Options without a `description`, for the reason given at `CustomerSchema`."""

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


SHIPPED: Mapping[str, SchemaClass] = MappingProxyType({"Customer": CustomerSchema, "HttpError": HttpErrorSchema})
"""Schema classes by the names of the components that they check."""
