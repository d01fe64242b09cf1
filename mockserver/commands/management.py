"""Asks the addresses of a running stub."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

from mockserver.documents.problems import StartError

_SECONDS: Final = 30.0


class Management:
    """The addresses of the stub at a root URL.

    Args:
        url: The URL that the stub has printed, such as `http://localhost:8080`.
        prefix: The path of its addresses.
        token: Its token, if it has one.

    Raises:
        StartError: The URL is none of HTTP.
    """

    def __init__(self, url: str, prefix: str = "/__mock", token: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StartError(f"{url!r} is no URL. Write the one that the stub has printed: http://localhost:8080.")
        self._root = url.rstrip("/") + prefix.rstrip("/")
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        # Whatever proxy the environment names would make the stub's own machine a stranger.
        self._opener = build_opener(ProxyHandler({}))

    def get(self, path: str, query: Sequence[tuple[str, str]]) -> str:
        """Return the text at a path below the prefix.

        Raises:
            StartError: There is no stub, or it refuses.
        """
        target = f"{self._root}/{path}?{urlencode(query)}"
        try:
            request = Request(target, headers=self._headers)  # noqa: S310 - the scheme is that of HTTP
            with self._opener.open(request, timeout=_SECONDS) as response:
                text: str = response.read().decode()
                return text
        except HTTPError as error:
            raise StartError(f"{self._root}/{path} answers {error.code}: {_read_message(error)}") from None
        except (OSError, HTTPException, UnicodeDecodeError) as error:
            reason = getattr(error, "reason", None) or error
            raise StartError(f"No stub answers at {self._root}: {reason}. Start one with mockserver serve.") from None


def _read_message(error: HTTPError) -> str:
    """Return the message of an error of a stub, or what to do about one of another server."""
    try:
        return str(json.loads(error.read())["Message"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return "this is no stub. Write the URL that the stub has printed, and its --prefix."
