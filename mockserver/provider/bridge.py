"""The bridge: an application that passes the requests of a fuzzer on to a provider, within a budget."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from http.client import responses
from typing import TYPE_CHECKING, Final

from mockserver.http.headers import HOP_BY_HOP
from mockserver.http.messages import Reply
from mockserver.provider.client import Client, NoAnswerError, UnreachableError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

_OF_THE_CLIENT: Final = frozenset(("host", "content-length", "accept-encoding", *HOP_BY_HOP))
"""Headers that the client writes itself."""

_CONTENT_TYPE: Final = "CONTENT_TYPE"
"""The key of a header in a WSGI environment that does not begin with HTTP_."""


class EndedError(KeyboardInterrupt):
    """No more is asked; whatever drives the fuzzer lets this through, as it does Ctrl-C."""


class Bridge:
    """Passes requests on, and their answers back.

    Args:
        client: What asks the provider.
        methods: The methods that may be sent.
        declared: The statuses that the contract declares; redirects among them are not followed.
        budget: How many requests may be sent.
    """

    def __init__(self, client: Client, methods: Collection[str], declared: Collection[int], budget: int) -> None:
        self._client = client
        self._methods = methods
        self._declared = declared
        self._rest = budget
        self.has_ended = False
        """Whether no more is asked."""
        self.reason: str | None = None
        """Why the provider cannot be asked any more; None for a budget that is spent."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Ask the provider.

        Raises:
            EndedError: The budget is spent, or the provider cannot be reached.
            ConnectionError: The request may not be sent, or there is no whole answer.
        """
        method = environ["REQUEST_METHOD"]
        if method not in self._methods:
            raise ConnectionError(f"{method} is not sent unless --method {method} allows it.")
        if self._rest <= 0:
            self.has_ended = True
            raise EndedError
        self._rest -= 1
        reply = self._ask(method, environ)
        headers = [(name, value) for name, value in reply.headers if name.lower() not in HOP_BY_HOP]
        start_response(f"{reply.status} {responses.get(reply.status, 'Other')}", headers)
        return [reply.body]

    def _ask(self, method: str, environ: WSGIEnvironment) -> Reply:
        target = _read_target(environ).removeprefix(self._client.address.path)
        body = environ["wsgi.input"].read()
        try:
            return self._client.ask(method, target, tuple(_list_headers(environ)), body, self._declared).reply
        except NoAnswerError as error:
            raise ConnectionError(f"The answer to {method} {target} {error}.") from None
        except UnreachableError as error:
            self.has_ended, self.reason = True, str(error)
            raise EndedError from None


def _read_target(environ: WSGIEnvironment) -> str:
    """Return the raw target; Werkzeug's test client gives the query apart from it."""
    target, query = environ["REQUEST_URI"], environ.get("QUERY_STRING")
    return f"{target}?{query}" if query and "?" not in target else str(target)


def _list_headers(environ: WSGIEnvironment) -> Iterator[tuple[str, str]]:
    for key, value in environ.items():
        name = key.removeprefix("HTTP_").replace("_", "-").title()
        if (key.startswith("HTTP_") or key == _CONTENT_TYPE) and name.lower() not in _OF_THE_CLIENT:
            yield name, value
