"""The protocol of a vendor: all that the rest of the package knows of a server stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mockserver.contract.contract import Arguments, Contract, Operation, ResponseSpec
from mockserver.documents.nodes import Json
from mockserver.http.bodies import Format
from mockserver.http.headers import Headers
from mockserver.http.messages import Request


@dataclass(frozen=True, slots=True)
class Route:
    """The operation that a request leads to, the text of its path parameters, and its decoded query.

    `query` has the values of each key in their order; a vendor that ignores the case of keys has them in lower case.
    """

    operation: Operation
    values: Mapping[str, str]
    query: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the stack answers in place of the operation: a status, and a body where it has content.

    Attributes:
        status: The status.
        value: The body as a JSON value.
        headers: Further headers, such as Allow.
        operation: The operation that declares the status, where one was found.
        has_content: Whether the value is sent; an empty 404 has none.
    """

    status: int
    value: Json = None
    headers: Headers = ()
    operation: Operation | None = None
    has_content: bool = True


@dataclass(frozen=True, slots=True)
class Bound:
    """The arguments of a request, and why the stack refuses them where it does.

    A parameter without a value is null. Arguments are complete even where they are refused.
    """

    arguments: Arguments
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ExceptionDetail:
    """An exception that an error may tell of: its type, its message, its stack trace, and the exception inside it."""

    type: str
    message: str
    stack_trace: str | None = None
    inner: ExceptionDetail | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What an error body may speak of.

    Attributes:
        operation: The operation, where one was found.
        arguments: Its bound arguments.
        method: The method as it was sent.
        detail: What a developer should know beside the message.
        exception: The exception behind a 500, or only its message.
    """

    operation: Operation | None = None
    arguments: Arguments = field(default_factory=dict)
    method: str = ""
    detail: str | None = None
    exception: ExceptionDetail | str | None = None


class Router(Protocol):
    """The paths of one contract under one or more roots."""

    def find(self, request: Request) -> Route | Refusal:
        """Find the operation of a request, or phrase why there is none (404, 405 or an unreadable target)."""

    def has_path(self, path: str) -> bool:
        """Return whether an operation is served at the escaped `path`, whatever its method."""


class Vendor(Protocol):
    """A server stack, set up in one way. Threads share it, and no method changes it."""

    @property
    def error_component(self) -> str | None:
        """The name that the contract gives the schema of the stack's error bodies; None if it may have any."""

    @property
    def read_headers(self) -> Sequence[str]:
        """The request headers, in lower case, that can change an answer of the stack."""

    @property
    def host_headers(self) -> Headers:
        """The headers that the host adds to every answer."""

    @property
    def host_header_names(self) -> frozenset[str]:
        """The names, in lower case, that belong to the host even where it is set up to leave them out."""

    @property
    def friendly_formats(self) -> Mapping[str, Callable[[str], str]]:
        """How text that people write for a member of an `x-mock-format` becomes the text that is sent."""

    def declare(self, contract: Contract) -> Contract:
        """Return the contract with all responses declared that this set-up gives.

        Raises:
            StartError: The contract has no room for them.
        """

    def make_router(self, contract: Contract, roots: Sequence[str]) -> Router:
        """Compile the paths of a contract under these roots; "" is the root of the server."""

    def bind(self, route: Route, request: Request) -> Bound:
        """Turn the text of a route and a query into arguments, or refuse it.

        A stack that reads bodies does so here: by a 415 for a media type that it does not take, a 401 for a caller
        that it does not know, a 422 for a value that it cannot use.
        """

    def choose_response(self, operation: Operation, request: Request) -> ResponseSpec:
        """Choose the response that a record of the operation is sent with, among those that succeed."""

    def choose_format(self, request: Request, offered: Sequence[str]) -> Format | None:
        """Choose the media type, of those `offered` or else of the stack's own, and the charset of a JSON body.

        None stands for a 406: nothing that is offered is acceptable.
        """

    def write_json(self, value: object) -> str:
        """Return the JSON text of a value as the stack writes it."""

    def phrase(self, status: int, situation: Situation) -> Json:
        """Return the body that the stack sends with an error by itself; null where it sends none."""

    def refuse_missing(self, operation: Operation, arguments: Arguments) -> Refusal:
        """Return what an operation answers for which there is no record."""

    def describe_undeclared(self, status: int) -> ResponseSpec:
        """Return what holds for an error of the stack that the contract does not declare."""
