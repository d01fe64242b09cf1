"""The bodies of the framework's own errors: System.Web.Http.HttpError.

`detail` adds what only callers who see error detail get (HttpConfiguration.IncludeErrorDetailPolicy).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockserver.contract.contract import Operation
from mockserver.documents.nodes import Json
from mockserver.vendors.aspnet.binding import ModelError, name_full_type, name_signature_type
from mockserver.vendors.vendor import ExceptionDetail

COMPONENT: Final = "HttpError"
"""The name of the schema of these bodies in the contract."""

_STACK_TRACE: Final = "   at System.Web.Http.Controllers.ReflectedHttpActionDescriptor.ExecuteAsync"
HttpError = dict[str, Json]

UNCLOSED_BRACKET: Final = ExceptionDetail(
    "System.ArgumentException",
    "The key is invalid JQuery syntax because it is missing a closing bracket\r\nParameter name: key",
    "   at System.Web.Http.ModelBinding.FormDataCollectionExtensions.NormalizeJQueryToMvc",
)
"""The exception for a query key with an unclosed bracket."""


def describe_unknown_route(uri: str, *, detail: bool = False) -> HttpError:
    """Return the 404 of HttpRoutingDispatcher."""
    return _describe_unknown(uri, "No route data was found for this request." if detail else None)


def describe_unknown_action(uri: str, operation: Operation, *, detail: bool = False) -> HttpError:
    """Return the 404 of ApiControllerActionSelector, for a request that leaves out a required parameter."""
    text = f"No action was found on the controller '{_name_controller(operation)}' that matches the request."
    return _describe_unknown(uri, text if detail else None)


def _describe_unknown(uri: str, detail: str | None) -> HttpError:
    body: HttpError = {"Message": f"No HTTP resource was found that matches the request URI '{uri}'."}
    return body if detail is None else {**body, "MessageDetail": detail}


def _name_controller(operation: Operation) -> str:
    """Return the name of the controller: the first part of the path that is no parameter."""
    return next((each for each in operation.segments if not each.startswith("{")), "Default")


def describe_unsupported_method(method: str) -> HttpError:
    """Return the 405 of ApiControllerActionSelector."""
    return {"Message": f"The requested resource does not support http method '{method}'."}


def describe_invalid_request(errors: Iterable[ModelError] = (), *, detail: bool = False) -> HttpError:
    """Return the 400 of ApiController.BadRequest(ModelState)."""
    messages: dict[str, list[Json]] = {}
    for error in errors:
        messages.setdefault(error.key, []).append(error.detail if detail else error.message)
    body: HttpError = {"Message": "The request is invalid."}
    return {**body, "ModelState": dict(messages)} if messages else body


def describe_null_argument(operation: Operation, parameter: str, *, detail: bool = False) -> HttpError:
    """Return the 400 of ReflectedHttpActionDescriptor for an argument that must not be null."""
    body = describe_invalid_request()
    if not detail:
        return body
    named = next(each for each in operation.parameters if each.name == parameter)
    types = ", ".join(name_signature_type(each) for each in operation.parameters)
    method = f"System.Web.Http.IHttpActionResult {operation.method.capitalize()}({types})"
    controller = _name_controller(operation)
    text = (
        f"The parameters dictionary contains a null entry for parameter '{parameter}' of non-nullable type "
        f"'{name_full_type(named)}' for method '{method}' in 'Stub.{controller}Controller'. An optional parameter "
        "must be a reference type, a nullable type, or be declared as an optional parameter."
    )
    return {**body, "MessageDetail": text}


def describe_not_found(noun: str, key: str) -> HttpError:
    """Return the 404 of an action that says what was not found (CreateErrorResponse)."""
    return {"Message": f"{noun} '{key}' was not found."}


def describe_error(message_detail: str | None = None, *, exception: ExceptionDetail | None = None) -> HttpError:
    """Return the 500 of an unhandled exception, with the exception if callers may see it."""
    body: HttpError = {"Message": "An error has occurred."}
    if message_detail is not None:
        body["MessageDetail"] = message_detail
    if exception is not None:
        body |= {
            "ExceptionMessage": exception.message,
            "ExceptionType": exception.type,
            "StackTrace": _STACK_TRACE if exception.stack_trace is None else exception.stack_trace,
        }
        if exception.inner is not None:
            body["InnerException"] = describe_error(exception=exception.inner)
    return body
