"""Asks the addresses of a running stub."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from http import HTTPStatus
from string import punctuation
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from mockserver.documents.problems import StartError
from mockserver.testing.transports import Answered, HttpTransport, StubError

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Management:
    """The addresses of the stub at a root URL.

    Args:
        url: The URL that the stub has printed, such as `http://localhost:8080`.
        prefix: The path of its addresses.
        token: Its token, if it has one.
        session: The session that all requests are in.

    Raises:
        StartError: The URL is none of HTTP.
    """

    def __init__(self, url: str, prefix: str = "/__mock", token: str | None = None, session: str | None = None) -> None:
        self.url: Final = url
        self._prefix = prefix.rstrip("/")
        self._session = _NONE if session is None else {"X-Mock-Session": session}
        self._token = _NONE if token is None else {"Authorization": f"Bearer {token}"}
        with closing(self._connect()):
            pass

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return the text at a path below the prefix.

        Raises:
            StartError: There is no stub, or it refuses.
        """
        return self._manage("GET", f"{path}?{urlencode(query)}").body.decode(errors="replace")

    def ask(self, method: str, path: str, sent: object = None, accepted: Collection[int] = ()) -> dict[str, Any]:
        """Return the JSON object at a path below the prefix, empty for no body; `sent` is sent as JSON.

        Raises:
            StartError: There is no stub, or it answers with an error whose status is none of the `accepted` ones.
        """
        body = b"" if sent is None else json.dumps(sent).encode()
        answered = self._manage(method, path, body, accepted)
        shown: Any = answered.read() if answered.body else {}
        return dict(shown)

    def send(self, method: str, target: str, headers: Mapping[str, str] = _NONE, body: bytes = b"") -> Answered:
        """Return the answer of the API to a request; other characters than printable ASCII are escaped in its target.

        Raises:
            StartError: There is no stub, the connection breaks, or the request cannot be sent.
        """
        try:
            with closing(self._connect()) as transport:
                return transport.send(method, quote(target, safe=punctuation), {**self._session, **headers}, body)
        except StubError as error:
            raise StartError(f"{error} Start one with mockserver serve.") from None
        except ValueError as error:
            raise StartError(f"The request cannot be sent: {error}.") from None

    def _connect(self) -> HttpTransport:
        try:
            return HttpTransport(self.url)
        except StubError as error:
            raise StartError(str(error)) from None

    def _manage(self, method: str, path: str, body: bytes = b"", accepted: Collection[int] = ()) -> Answered:
        headers = {**self._token, "Content-Type": "application/json"}
        answered = self.send(method, f"{self._prefix}/{path}", headers, body)
        if answered.status >= HTTPStatus.MULTIPLE_CHOICES and answered.status not in accepted:
            address = f"{self.url.rstrip('/')}{self._prefix}/{path.partition('?')[0]}"
            raise StartError(f"{address} answers {answered.status}: {_read_message(answered)}")
        return answered


def _read_message(answered: Answered) -> str:
    """Return the problems or the message of an error of a stub, or what to do about one of another server."""
    try:
        error = json.loads(answered.body)
        return "\n".join(error.get("Problems") or [str(error["Message"])])
    except (ValueError, KeyError, AttributeError):
        return "this is no stub. Write the URL that the stub has printed, and its --prefix."
