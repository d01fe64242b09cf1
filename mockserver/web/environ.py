"""Reads a WSGI environment: the request, and the session that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote

from mockserver.http.headers import UNMARKED_KEYS, Headers, find_key
from mockserver.http.hints import PREFIX, SESSION, is_own
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_Pairs = tuple[tuple[str, str], ...]
"""Names of request headers in lower case, each with its key in CGI and so in WSGI."""

_OWN: Final = find_key(PREFIX)
_SESSION_HEADER: Final = find_key(SESSION)
_SESSION_COOKIE: Final = re.compile(r"(?:^|;)\s*mock-session=\"?([^;\"]*)")

_ORIGIN: Final = re.compile("(?i)https?://[^/?]*")
"""Scheme and host of a target in absolute form."""


class OwnPaths:
    """The paths of a stub's own addresses, all below one prefix.

    Attributes:
        pages: The prefix.
        sessions: The path behind which a target names a session and then a path of the API.
    """

    def __init__(self, prefix: str) -> None:
        self.pages = prefix
        self.sessions = f"{prefix}/s/"
        self._pages = to_path_info(self.pages)
        self._sessions = to_path_info(self.sessions)

    def has_page(self, path: str) -> bool:
        """Return whether a page may answer at a path, which is given as PATH_INFO; at all others only the API does.

        It may at the root: from there a browser is sent to the page.
        """
        return len(path) <= 1 or (path.startswith(self._pages) and not path.startswith(self._sessions))


@lru_cache(maxsize=256)
def pair_with_keys(names: tuple[str, ...] | frozenset[str]) -> _Pairs:
    """Pair header names with their keys; a set is sorted, so that equal requests read equal."""
    ordered = sorted(names) if isinstance(names, frozenset) else names
    return tuple((name, find_key(name)) for name in ordered)


def read_request(environ: WSGIEnvironment, headers: _Pairs, target: str, body: bytes = b"") -> Request:
    """Return the request for a target, with those of the `headers` that were sent: one pair for each line.

    Headers that look like the stub's own are added, as hints tell of those that are not known.
    """
    lines = environ.get(HEADER_LINES)
    sent = _read_joined(environ, headers) if lines is None else tuple(_split_lines(environ, headers, lines))
    own = _read_own(environ, headers)
    return Request(
        method=environ["REQUEST_METHOD"],
        target=target,
        scheme=environ["wsgi.url_scheme"],
        host=read_host(environ),
        headers=sent + own if own else sent,
        body=body,
    )


def read_host(environ: WSGIEnvironment) -> str:
    """Return the Host header, or the address of the server where there is none."""
    return environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"


def read_all_headers(environ: WSGIEnvironment) -> Headers:
    """Return all request headers: as they were sent if the server says so, or else as the environment has them.

    The environment has one value for each name, and no difference between its capital and small letters. Of the headers
    that are `UNMARKED_KEYS` an empty one counts as none: servers add it to requests that lack it.
    """
    fields: bytes | None = environ.get(HEADER_FIELDS)
    if fields is not None:
        pairs = (line.partition(":") for line in fields.decode("latin-1").split("\r\n"))
        return tuple((name, value.strip(" \t")) for name, mark, value in pairs if mark)
    keys = (key for key, value in environ.items() if is_header(key) and (value or key not in UNMARKED_KEYS))
    return tuple((_find_name(key), environ[key]) for key in keys)


def is_header(key: str) -> bool:
    """Return whether a key of the WSGI environment is that of a request header."""
    return key.startswith("HTTP_") or key in UNMARKED_KEYS


def _find_name(key: str) -> str:
    return key.removeprefix("HTTP_").replace("_", "-").title()


def _read_joined(environ: WSGIEnvironment, headers: _Pairs) -> Headers:
    return tuple((name, environ[key]) for name, key in headers if key in environ)


def _split_lines(
    environ: WSGIEnvironment, headers: _Pairs, lines: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Yield the headers line by line; the server has joined those that were sent more than once.

    The key of a name with an underscore is that of the same name with a hyphen, so the server tells it apart.
    """
    for name, key in headers:
        given = lines.get(name)
        if given is not None:
            yield from ((name, line) for line in given)
        elif "_" not in name and key in environ:
            yield name, environ[key]


def _read_own(environ: WSGIEnvironment, others: _Pairs) -> Headers:
    """Return the headers whose names begin as those of the stub, without the session and `others`, in one order."""
    keys = [key for key in environ if key.startswith(_OWN) and key != _SESSION_HEADER]
    lines: Mapping[str, tuple[str, ...]] = environ.get(HEADER_LINES) or {}
    found = {key.removeprefix("HTTP_").lower().replace("_", "-"): environ[key] for key in keys}
    found |= {name: ", ".join(lines[name]) for name in lines if "_" in name and is_own(name)}
    known = {name for name, _ in others} if found else ()
    return tuple((name, found[name]) for name in sorted(found) if name not in known)


def read_target(environ: WSGIEnvironment) -> str:
    """Return the raw target below the path at which the application is mounted.

    Waitress and Werkzeug give the raw target as REQUEST_URI, Gunicorn as RAW_URI. Elsewhere it is rebuilt from the
    decoded path, which cannot tell an escaped slash from a plain one.
    """
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    target = raw or _escape_path(environ.get("PATH_INFO", ""))
    query = environ.get("QUERY_STRING", "")
    if query and "?" not in target:
        # Werkzeug's test client may give the query apart from the raw target.
        target = f"{target}?{query}"
    if not target.isascii():
        target = "".join(map(_escape_byte, target))
    mount = environ.get("SCRIPT_NAME", "")
    return _cut_mount(target, mount) if raw and mount else target


def _cut_mount(target: str, mount: str) -> str:
    """Return a raw target without the path of the mount, or as it is if it has none."""
    origin, target = _split_origin(target)
    path, mark, query = target.partition("?")
    below = _cut(f"{path}/", f"{mount.encode('latin-1').decode(errors='replace')}/")
    return origin + target if below is None else f"{origin}{f'/{below}'.removesuffix('/')}{mark}{query}"


def _escape_path(path: str) -> str:
    return quote(path.encode("latin-1"), safe="/!$&'()*+,;=:@~")


def _escape_byte(character: str) -> str:
    """Percent-encode a byte beyond ASCII, which some clients send unescaped; WSGI gives bytes as Latin-1."""
    return character if character < "\x80" else f"%{ord(character):02X}"


def to_path_info(path: str) -> str:
    """Return a path as PATH_INFO has it: bytes as Latin-1."""
    return path.encode().decode("latin-1")


def split_session(target: str, path: str) -> tuple[str | None, str]:
    """Return the session that a target names below `path`, and the target of the API behind it.

    `/__mock/s/ID/API/...` stands for `/API/...` in the session `ID`. The target may have a scheme and a host before
    its path, which then stand before that of the API too.
    """
    if not target.startswith("/") or "%" in target:
        origin, target = _split_origin(target)
        below = _cut(target, path)
    else:
        origin, below = "", target[len(path) :] if target.startswith(path) else None
    if below is None:
        return None, origin + target
    name = re.split("[/?]", below, maxsplit=1)[0]
    rest = below[len(name) :]
    return unquote(name), origin + (rest if rest.startswith("/") else f"/{rest}")


def _split_origin(target: str) -> tuple[str, str]:
    """Return scheme and host of a target in absolute form, and the rest of it."""
    found = _ORIGIN.match(target)
    end = found.end() if found else 0
    return target[:end], target[end:]


def _cut(target: str, path: str) -> str | None:
    """Return what stands behind a `path` in a target, which may escape any character of it; None if it is not there."""
    steps = path.split("/")
    given = target.partition("?")[0].split("/", len(steps) - 1)
    if len(given) < len(steps) or [unquote(each) for each in given[:-1]] != steps[:-1]:
        return None
    return target.split("/", len(steps) - 1)[-1]


def find_session(environ: WSGIEnvironment, path: str) -> tuple[str | None, str]:
    """Return the session of a request for the API, and its target there.

    The target names the session below `path`, or else a header does, or a cookie.
    """
    name, target = split_session(read_target(environ), path)
    return (read_session(environ) if name is None else name), target


def read_session(environ: WSGIEnvironment) -> str | None:
    """Return the session that a header names, or else a cookie."""
    if _SESSION_HEADER in environ:
        return str(environ[_SESSION_HEADER])
    cookie = environ.get("HTTP_COOKIE")
    found = _SESSION_COOKIE.search(cookie) if cookie else None
    return found[1].strip() if found else None
