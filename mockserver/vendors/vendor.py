"""The protocol of a vendor: everything that the rest of the package knows of a server stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from mockserver.contract.contract import Arguments, Contract, Operation, ResponseSpec
from mockserver.documents.nodes import Json
from mockserver.http.bodies import Format
from mockserver.http.headers import Headers
from mockserver.http.hints import Hints
from mockserver.http.messages import Request


class Route(NamedTuple):
    """The operation of a request, the text of its path parameters, and its decoded query.

    `query` has the values of each key in their order. A vendor that ignores the case of keys gives them in lower case.
    """

    operation: Operation
    values: Mapping[str, str]
    query: Mapping[str, Sequence[str]]


class Refusal(NamedTuple):
    """An answer of the stack in place of the operation: a status, and a body if it has content.

    Attributes:
        status: The status.
        value: The body as a JSON value.
        headers: Further headers, such as Allow.
        operation: The operation that declares the status, if one was found.
        has_content: Whether the value is sent; an empty 404 has none.
        hints: What people are told beside it.
    """

    status: int
    value: Json = None
    headers: Headers = ()
    operation: Operation | None = None
    has_content: bool = True
    hints: Hints = ()


class Bound(NamedTuple):
    """The arguments of a request, and the refusal of the stack if it does not accept them.

    A parameter without a value is null. Refused arguments are complete too.
    """

    arguments: Arguments
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class ExceptionDetail:
    """An exception in an error body: its type, message and stack trace, and the exception that caused it."""

    type: str
    message: str
    stack_trace: str | None = None
    inner: ExceptionDetail | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What an error body is about.

    Attributes:
        operation: The operation, if one was found.
        arguments: Its bound arguments.
        method: The method as it was sent.
        detail: A text for developers in addition to the message.
        exception: The exception that caused a 500, or its message.
    """

    operation: Operation | None = None
    arguments: Arguments = field(default_factory=dict)
    method: str = ""
    detail: str | None = None
    exception: ExceptionDetail | str | None = None


class Router(Protocol):
    """The paths of one contract under one or more roots."""

    def find(self, request: Request) -> Route | Refusal:
        """Find the operation of a request, or refuse it (404, 405, or an unreadable target)."""

    def has_path(self, path: str) -> bool:
        """Return whether an operation is served at the escaped `path`, with any method."""


class Vendor(Protocol):
    """A server stack, set up in one way. Threads share it, and no method changes it."""

    @property
    def error_component(self) -> str | None:
        """The name that the contract gives the schema of the stack's error bodies; None if it may have any."""

    @property
    def read_headers(self) -> Sequence[str]:
        """The request headers, in lower case, that can change an answer of the stack."""

    @property
    def reads_bodies(self) -> bool:
        """Whether `bind` looks at the body of a request; if not, the body is not read."""

    @property
    def host_headers(self) -> Headers:
        """The headers that the host adds to each answer."""

    @property
    def host_header_names(self) -> frozenset[str]:
        """The names of the host's headers, in lower case, also if it is set up to leave them out."""

    @property
    def friendly_formats(self) -> Mapping[str, Callable[[str], str]]:
        """By `x-mock-format`, how the text that people write for a member becomes the text that is sent."""

    def declare(self, contract: Contract) -> Contract:
        """Return the contract with the responses declared that this set-up adds or changes.

        Raises:
            StartError: The contract has no room for them.
        """

    def make_router(self, contract: Contract, roots: Sequence[str]) -> Router:
        """Compile the paths of a contract under these roots; "" is the root of the server."""

    def bind(self, route: Route, request: Request) -> Bound:
        """Turn the text of a route and a query into arguments, or refuse it.

        As arguments of text, all words of one length are alike, except those that a path of the contract has as a
        segment. A word is ASCII letters, digits, `-` and `_`.

        A stack that reads request bodies does so here, and refuses with 415 a media type that it does not read, with
        401 an unknown caller, and with 422 an invalid value.
        """

    def choose_response(self, operation: Operation, request: Request) -> ResponseSpec:
        """Choose the successful response with which a record of the operation is sent."""

    def choose_format(self, request: Request, offered: Sequence[str]) -> Format | None:
        """Choose the charset and media type of a JSON body, from those `offered` or else from the stack's own.

        None stands for a 406: no offered media type is acceptable.
        """

    def write_json(self, value: object) -> str:
        """Return the JSON text of a value as the stack writes it."""

    def phrase(self, status: int, situation: Situation) -> Json:
        """Return the body that the stack itself sends with a status; null if it sends none."""

    def refuse_missing(self, operation: Operation, arguments: Arguments) -> Refusal:
        """Return the answer of an operation that finds no record."""

    def describe_undeclared(self, status: int) -> ResponseSpec:
        """Return the response of an error of the stack that the contract does not declare."""
