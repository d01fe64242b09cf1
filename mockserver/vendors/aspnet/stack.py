"""ASP.NET Web API 2 as a vendor: the steps of this folder behind the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from mockserver.contract.contract import Arguments, Contract, Operation, ResponseSpec, fill_defaults
from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.http.bodies import Format
from mockserver.http.headers import Headers
from mockserver.http.messages import Request
from mockserver.vendors.aspnet import errors
from mockserver.vendors.aspnet.binding import Binding, UnclosedBracketError, bind_arguments, read_query
from mockserver.vendors.aspnet.dates import FRIENDLY_FORMATS
from mockserver.vendors.aspnet.declaring import declare_host
from mockserver.vendors.aspnet.hosting import HOST_HEADERS, MEDIA_TYPES, Host
from mockserver.vendors.aspnet.negotiation import accepts_any, choose_charset, choose_media_type
from mockserver.vendors.aspnet.routing import Match, RouteTable
from mockserver.vendors.aspnet.uris import Uri, read_uri
from mockserver.vendors.vendor import Bound, ExceptionDetail, Refusal, Route, Router, Situation

_HOST_HEADER_NAMES: Final = frozenset(name.lower() for name, _ in HOST_HEADERS)


class AspNet:
    """ASP.NET Web API 2 on one host; see `vendors.vendor.Vendor` for what each method is for."""

    error_component: Final = errors.COMPONENT
    read_headers: Final = ("accept", "accept-charset", "content-type")
    reads_bodies: Final = False
    host_header_names: Final = _HOST_HEADER_NAMES
    friendly_formats: Final[Mapping[str, Callable[[str], str]]] = FRIENDLY_FORMATS

    def __init__(self, host: Host | None = None) -> None:
        self._host = host or Host()
        self.host_headers: Headers = HOST_HEADERS if self._host.headers else ()

    def declare(self, contract: Contract) -> Contract:
        """Return the contract with the responses declared that this host adds or changes."""
        return declare_host(contract, self._host)

    def make_router(self, contract: Contract, roots: Sequence[str]) -> Router:
        """Compile the path templates of a contract."""
        return _Router(RouteTable(contract, tuple(roots)), self._host)

    def bind(self, route: Route, request: Request) -> Bound:  # noqa: ARG002 - no operation reads a body so far
        """Bind the arguments; refuse those with which the action cannot be called, or that it refuses itself."""
        operation = route.operation
        binding = bind_arguments(operation.parameters, route.values, route.query, strict=self._host.strict)
        refusal = self._refuse_binding(operation, binding)
        if self._host.model_state == "contract":
            # The contract documents defaults: a blank string has that value, or stays null without one.
            return Bound(fill_defaults(operation, binding.arguments), refusal)
        return Bound(binding.arguments, refusal)

    def choose_response(self, operation: Operation, request: Request) -> ResponseSpec:  # noqa: ARG002 - an action has one
        """Return the successful response with the lowest status."""
        return operation.lowest_success_response

    def choose_format(self, request: Request, offered: Sequence[str]) -> Format | None:
        """Choose by Accept, then by the request's own Content-Type; only some hosts refuse unacceptable types."""
        accept, content_type = request.header_lines("accept"), request.header("content-type")
        media_types = tuple(offered) or MEDIA_TYPES
        if self._host.refuse_unacceptable and not accepts_any(accept, content_type, media_types):
            return None
        charset = choose_charset(request.header("accept-charset"), content_type)
        return Format(choose_media_type(accept, content_type, media_types), charset)

    def write_json(self, value: object) -> str:
        """Return the compact text that Json.NET writes, and that the package writes as well."""
        return write_json(value)

    def phrase(self, status: int, situation: Situation) -> Json:
        """Return the HttpError of a 400, 405 or 500, or of a 404 with a message; null for any other status."""
        match status:
            case HTTPStatus.BAD_REQUEST:
                return errors.describe_invalid_request()
            case HTTPStatus.NOT_FOUND if self._host.missing == "message" and situation.operation is not None:
                return _describe_missing(situation.operation, situation.arguments)
            case HTTPStatus.METHOD_NOT_ALLOWED:
                return errors.describe_unsupported_method(situation.method)
            case HTTPStatus.INTERNAL_SERVER_ERROR:
                exception = _to_exception(situation.exception) if self._host.error_detail else None
                return errors.describe_error(situation.detail, exception=exception)
            case _:
                return None

    def refuse_missing(self, operation: Operation, arguments: Arguments) -> Refusal:
        """Return an empty 404 (`NotFound()`), a 404 with a message, or null with the status of a record."""
        match self._host.missing:
            case "null":
                return Refusal(operation.lowest_success_response.status, None, operation=operation)
            case "message":
                body = _describe_missing(operation, arguments)
                return Refusal(HTTPStatus.NOT_FOUND, body, operation=operation)
            case _:
                return Refusal(HTTPStatus.NOT_FOUND, operation=operation, has_content=False)

    def describe_undeclared(self, status: int) -> ResponseSpec:
        """Return the response of an HttpError."""
        return ResponseSpec(status, MEDIA_TYPES, errors.COMPONENT, ())

    def _refuse_binding(self, operation: Operation, binding: Binding) -> Refusal | None:
        """Return the 400 of an argument that must not be null, or of a model state that the action refuses."""
        detail = self._host.error_detail
        if binding.null_argument is not None:
            body = errors.describe_null_argument(operation, binding.null_argument, detail=detail)
            return Refusal(HTTPStatus.BAD_REQUEST, body, operation=operation)
        found = [each for each in binding.errors if self._host.model_state == "checked" or not each.is_blank]
        if found and self._host.model_state != "ignored":
            body = errors.describe_invalid_request(found, detail=detail)
            return Refusal(HTTPStatus.BAD_REQUEST, body, operation=operation)
        return None


class _Router:
    """Finds operations, and checks requests in the order of the framework.

    That is: route, brackets of the query, required parameters, method. An action is found by the parameters that a
    request gives, whatever their values; only one that is found for another method makes a 405.
    """

    def __init__(self, table: RouteTable, host: Host) -> None:
        self._table = table
        self._host = host

    def has_path(self, path: str) -> bool:
        """Return whether a template matches the path."""
        return self._table.match(path) is not None

    def find(self, request: Request) -> Route | Refusal:
        """Find the operation of a request."""
        uri = read_uri(request.scheme, request.host, request.target)
        match = self._table.match(uri.path)
        if match is None:
            body = errors.describe_unknown_route(str(uri), detail=self._host.error_detail)
            return Refusal(HTTPStatus.NOT_FOUND, body)
        method = request.method.upper()
        query = self._read_query(uri)
        if query is None:
            exception = errors.UNCLOSED_BRACKET if self._host.error_detail else None
            body = errors.describe_error(exception=exception)
            return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, body, operation=match.operations.get(method))
        found = {key: each for key, each in match.operations.items() if not _list_left_out(each, match, query)}
        if method in found:
            return Route(found[method], match.values, query)
        return _refuse_method(found, request.method) if found else self._refuse_parameters(match, method, uri, query)

    def _refuse_parameters(self, match: Match, method: str, uri: Uri, query: Mapping[str, Sequence[str]]) -> Refusal:
        """Return the 404 of a request that leaves out a required parameter of each action on its path."""
        operation = match.operations.get(method) or next(iter(match.operations.values()))
        body = errors.describe_unknown_action(str(uri), operation, detail=self._host.error_detail)
        left_out = " and ".join(_list_left_out(operation, match, query))
        hint = f"The request leaves out {left_out}, without which {operation.id} is not found."
        return Refusal(HTTPStatus.NOT_FOUND, body, hints=(hint,))

    def _read_query(self, uri: Uri) -> Mapping[str, Sequence[str]] | None:
        """Return the decoded query; None if the framework throws over an unclosed bracket."""
        try:
            return read_query(uri.query, ignore_unclosed=self._host.model_state == "contract")
        except UnclosedBracketError:
            return None


def _list_left_out(operation: Operation, match: Match, query: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names of the parameters that a request has to give and leaves out."""
    needed = (each.name for each in operation.parameters if each.has_to_be_given)
    return [name for name in needed if name not in match.values and name.lower() not in query]


def _refuse_method(found: Mapping[str, Operation], method: str) -> Refusal:
    allow = tuple(("Allow", each) for each in found)
    operation = next(iter(found.values()))
    return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, errors.describe_unsupported_method(method), allow, operation)


def _describe_missing(operation: Operation, arguments: Arguments) -> errors.HttpError:
    """Return the error that names the component and the key that was not found."""
    keys = ", ".join(str(arguments.get(each.parameter) or "") for each in operation.keys)
    return errors.describe_not_found(operation.component or operation.id, keys)


def _to_exception(exception: ExceptionDetail | str | None) -> ExceptionDetail | None:
    return ExceptionDetail("System.Exception", exception) if isinstance(exception, str) else exception
