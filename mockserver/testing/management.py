"""The addresses of a stub, as whoever tests or looks at it asks them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from string import punctuation
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, urlencode

from mockserver.testing.transports import Answered, StubError, Transport

PREFIX: Final = "/__mock"
"""The path of a stub's own addresses, unless it was started with another."""

_REMEDY: Final = "Write the URL that the stub has printed, and its --prefix."

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class Management:
    """The addresses of a stub.

    Args:
        transport: How the stub is reached.
        prefix: The path of its addresses.
        token: Its token, if it has one.
        session: The session that all requests are in.
    """

    def __init__(
        self, transport: Transport, prefix: str = PREFIX, token: str | None = None, session: str | None = None
    ) -> None:
        self.url: Final = transport.url
        self._transport = transport
        self._prefix = prefix.rstrip("/")
        self._session = _NONE if session is None else {"X-Mock-Session": session}
        self._token = _NONE if token is None else {"Authorization": f"Bearer {token}"}

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """Return the text at a path below the prefix.

        Raises:
            StubError: There is no stub, or it refuses.
        """
        return self._manage("GET", f"{path}?{urlencode(query)}").body.decode(errors="replace")

    def ask(self, method: str, path: str, sent: object = None, accepted: Collection[int] = ()) -> dict[str, Any]:
        """Return the JSON object at a path below the prefix, empty for no body; `sent` is sent as JSON.

        Raises:
            StubError: There is no stub, or it answers with an error whose status is none of the `accepted` ones; or
                what is to be sent is no JSON.
        """
        __tracebackhide__ = True  # A failing test of pytest shows the line of the test.
        try:
            body = b"" if sent is None else json.dumps(sent).encode()
        except (TypeError, ValueError) as error:
            raise StubError(f"This cannot be sent as JSON: {error}. Give text, numbers, lists and dicts.") from None
        answered = self._manage(method, path, body, accepted)
        shown = _read_object(answered) if answered.body else {}
        if shown is None:
            raise self._refuse(path, answered)
        return shown

    def send(self, method: str, target: str, headers: Mapping[str, str] = _NONE, body: bytes = b"") -> Answered:
        """Return the answer of the API to a request; other characters than printable ASCII are escaped in its target.

        Raises:
            StubError: There is no stub, the connection breaks, or the request cannot be sent.
        """
        return self._transport.send(method, quote(target, safe=punctuation), {**self._session, **headers}, body)

    def _manage(self, method: str, path: str, body: bytes = b"", accepted: Collection[int] = ()) -> Answered:
        __tracebackhide__ = True
        headers = {**self._token, "Content-Type": "application/json"}
        answered = self.send(method, f"{self._prefix}/{path}", headers, body)
        if answered.status >= HTTPStatus.MULTIPLE_CHOICES and answered.status not in accepted:
            raise self._refuse(path, answered)
        return answered

    def _refuse(self, path: str, answered: Answered) -> StubError:
        """Return what an answer says that is none: problems of what was sent, or else the address and the message."""
        error = _read_object(answered) or {}
        if error.get("Problems"):
            return StubError("\n".join(map(str, error["Problems"])))
        address = f"{self.url}{self._prefix}/{path.partition('?')[0]}"
        message = error.get("Message") or f"this is no stub. {_REMEDY}"
        if ("x-mock-source", "framework") in [(name.lower(), value) for name, value in answered.headers]:
            message = f"the stub serves its API there. {_REMEDY}"
        return StubError(f"{address} answers {answered.status}: {message}")


def _read_object(answered: Answered) -> dict[str, Any] | None:
    """Return the JSON object in an answer; None if it has another body."""
    try:
        shown = answered.read()
    except ValueError:
        return None
    return shown if isinstance(shown, dict) else None
