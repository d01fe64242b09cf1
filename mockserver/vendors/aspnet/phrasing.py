"""What the framework answers by itself with a status."""

from __future__ import annotations

from typing import Final

from mockserver.contract.contract import Arguments, Operation, ResponseSpec
from mockserver.vendors.aspnet.errors import (
    COMPONENT,
    HttpError,
    describe_error,
    describe_invalid_request,
    describe_not_found,
    describe_unsupported_method,
)
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.vendor import ExceptionDetail

FRAMEWORK_MEDIA_TYPES: Final = ("application/json", "text/json")
"""What the framework's own errors come in where the contract says nothing of them."""


def describe_status(
    status: int | None,
    exception: ExceptionDetail | str,
    operation: Operation,
    arguments: Arguments,
    method: str,
    host: Host,
) -> HttpError | None:
    """Return what the framework says with a status by itself; None where it says nothing."""
    match status:
        case 400:
            return describe_invalid_request()
        case 404 if host.missing == "message":
            return describe_missing(operation, arguments)
        case 405:
            return describe_unsupported_method(method)
        case 500:
            told = ExceptionDetail("System.Exception", exception) if isinstance(exception, str) else exception
            return describe_error(exception=told if host.error_detail else None)
        case _:
            return None


def describe_missing(operation: Operation, arguments: Arguments) -> HttpError:
    """Who was not found: the component's name and the text of its key."""
    keys = ", ".join(str(arguments.get(each.parameter) or "") for each in operation.keys)
    return describe_not_found(operation.component or operation.id, keys)


def framework_response(status: int) -> ResponseSpec:
    """What holds for an error of the framework that the contract does not declare."""
    return ResponseSpec(status, FRAMEWORK_MEDIA_TYPES, COMPONENT, ())
