"""Decides who may change the stub: programs and pages of this machine, and callers with the token."""

from __future__ import annotations

import re
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_PORT: Final = re.compile(r":[0-9]*\Z")

_LONGEST_NAME: Final = 80
"""Characters of a Host or an Origin that an objection repeats."""


def find_objection(environ: WSGIEnvironment, token: str | None) -> str | None:
    """Return why the caller may not change the stub, and what to do; None if it may."""
    if token is not None and _has_token(environ, token):
        return None
    otherwise = "Send Authorization: Bearer with the token of --admin-token."
    if not _is_loopback(environ.get("REMOTE_ADDR", "")):
        return f"Only callers on the same machine, by 127.0.0.1 or localhost, may change what is served. {otherwise}"
    host = environ.get("HTTP_HOST", "")
    if not _is_local(host):
        shown = repr(host[:_LONGEST_NAME])
        return f"The Host {shown} is not a name of this machine, such as 127.0.0.1 or localhost. {otherwise}"
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() != f"{environ['wsgi.url_scheme']}://{host}".lower():
        return f"A page of {origin[:_LONGEST_NAME]!r} may not change what is served. {otherwise}"
    return None


def _has_token(environ: WSGIEnvironment, token: str) -> bool:
    scheme, _, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.strip().encode("latin-1", "replace"), token.encode())


def _is_local(host: str) -> bool:
    """Return whether a Host names this machine by itself; any other name may be resolved to anywhere."""
    name = _PORT.sub("", host).lower().removesuffix(".")
    return name == "localhost" or name.endswith(".localhost") or _is_loopback(name.strip("[]"))


def _is_loopback(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
