"""The bodies of the framework's own errors: System.Web.Http.HttpError."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.aspnet.binding import ModelError
from mockserver.documents import Json

COMPONENT = "HttpError"
"""What the contract calls the schema of these bodies."""

HttpError = dict[str, Json]


def describe_unknown_route(uri: str) -> HttpError:
    """404 of HttpRoutingDispatcher."""
    return {"Message": f"No HTTP resource was found that matches the request URI '{uri}'."}


def describe_unsupported_method(method: str) -> HttpError:
    """405 of ApiControllerActionSelector."""
    return {"Message": f"The requested resource does not support http method '{method}'."}


def describe_invalid_request(errors: Iterable[ModelError] = ()) -> HttpError:
    """400 of ApiController.BadRequest(ModelState); without errors that of an argument that cannot be null."""
    messages: dict[str, list[Json]] = {}
    for error in errors:
        messages.setdefault(error.key, []).append(error.message)
    body: HttpError = {"Message": "The request is invalid."}
    return {**body, "ModelState": dict(messages)} if messages else body


def describe_error(detail: str | None = None) -> HttpError:
    """500 of an exception that nothing handled; *detail* is for those who may see it."""
    body: HttpError = {"Message": "An error has occurred."}
    return body if detail is None else {**body, "MessageDetail": detail}
