"""What is read of a WSGI environment: the request, and the session that it is of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from mockserver.http.messages import Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


Pairs = tuple[tuple[str, str], ...]
"""Names of request headers in lower case, each with the key under which CGI, and so WSGI, has it."""


SESSION_HEADER: Final = "HTTP_X_MOCK_SESSION"


SESSION_COOKIE: Final = re.compile(r"(?:^|;)\s*mock-session=\"?([^;\"]*)")


@lru_cache(maxsize=256)
def pair_with_keys(names: tuple[str, ...] | frozenset[str]) -> Pairs:
    """The header *names* with their keys; those of a set are sorted, so that equal requests are equal."""
    ordered = sorted(names) if isinstance(names, frozenset) else names
    return tuple((name, _find_key(name)) for name in ordered)


def _find_key(header: str) -> str:
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def read_request(environ: WSGIEnvironment, read: Pairs, target: str) -> Request:
    """Take the request for a *target*, with the headers to *read*."""
    return Request(
        method=environ["REQUEST_METHOD"],
        target=target,
        scheme=environ["wsgi.url_scheme"],
        host=environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        headers=tuple((name, environ[key]) for name, key in read if key in environ),
    )


def read_target(environ: WSGIEnvironment) -> str:
    """The raw target below the path that the application is mounted at.

    Waitress and Werkzeug give the raw target as REQUEST_URI, Gunicorn as RAW_URI; elsewhere it is put together
    again from the decoded path, which cannot tell an escaped slash from a plain one.
    """
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    target = raw or _escape_path(environ.get("PATH_INFO", ""))
    query = environ.get("QUERY_STRING", "")
    if query and "?" not in target:
        # Werkzeug's test client may give the query apart from the raw target.
        target = f"{target}?{query}"
    if not target.isascii():
        target = "".join(map(_escape_byte, target))
    below = target.removeprefix(_escape_path(environ.get("SCRIPT_NAME", ""))) if raw else target
    return below if below.startswith(("/", "?")) or not below else target


def _escape_path(path: str) -> str:
    return quote(path.encode("latin-1"), safe="/!$&'()*+,;=:@~")


def _escape_byte(character: str) -> str:
    """A byte of the target; one that is not ASCII is sent as it stands by some clients, and means its escape."""
    return character if character < "\x80" else f"%{ord(character):02X}"


def split_session(target: str, path: str) -> tuple[str | None, str]:
    """The session that a *target* below the *path* of sessions names, and the target without it.

    `/__mock/s/ID/API/...` is served as `/API/...`.
    """
    if not target.startswith(path):
        return None, target
    end = re.search(r"[/?]|\Z", target[len(path) :])
    at = len(path) + (end.start() if end else 0)
    rest = target[at:]
    return unquote(target[len(path) : at]), rest if rest.startswith("/") else f"/{rest}"


def read_session(environ: WSGIEnvironment) -> str | None:
    """The session that a header, or else a cookie, names."""
    if SESSION_HEADER in environ:
        return str(environ[SESSION_HEADER])
    cookie = environ.get("HTTP_COOKIE")
    found = SESSION_COOKIE.search(cookie) if cookie else None
    return found[1].strip() if found else None
