"""Decides who may change the stub and read what it was asked: callers with the token, and those of this machine."""

from __future__ import annotations

import re
from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from flask import Response, request

from mockserver.stub.settings import Settings
from mockserver.web.responses import make_error

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_PORT: Final = re.compile(r":[0-9]*\Z")

_LONGEST_NAME: Final = 80
"""Characters of a Host or an Origin that an objection repeats."""

_FORWARDING: Final = re.compile(r"HTTP_(?:X_)?FORWARDED(?:_.*)?|HTTP_X_REAL_IP|HTTP_VIA")
"""Headers that a proxy adds, as keys of a WSGI environment: the caller behind it may be anywhere."""

_REMEDY: Final = "Send Authorization: Bearer with the token of --admin-token."

_LOCAL_REMEDY: Final = "Send it as Authorization: Bearer, or start the stub with --admin-local to trust this machine."


def refuse_strangers(settings: Settings) -> Response | None:
    """Return a 403 for a request of a caller that may not change the stub; any may ask which methods there are."""
    if request.method == "OPTIONS":
        return None
    objection = find_objection(request.environ, settings.admin_token, trusts_local=settings.admin_local)
    return None if objection is None else make_error(403, objection)


def find_objection(environ: WSGIEnvironment, token: str | None, *, trusts_local: bool = False) -> str | None:
    """Return why the caller may not change the stub, and what to do; None if it may.

    Callers on this machine may if there is no token, or if `trusts_local`.
    """
    if token is None:
        return _find_stranger(environ)
    if _has_token(environ, token):
        return None
    if trusts_local:
        return _find_stranger(environ)
    return f"Only callers with the token of --admin-token may use this address. {_LOCAL_REMEDY}"


def _find_stranger(environ: WSGIEnvironment) -> str | None:
    """Return what shows that the caller may not be on this machine; None if nothing does."""
    if not _is_loopback(environ.get("REMOTE_ADDR", "")):
        return f"Only callers on the same machine, by 127.0.0.1 or localhost, may use this address. {_REMEDY}"
    forwarding = sorted(key for key in environ if _FORWARDING.fullmatch(key))
    if forwarding:
        header = forwarding[0].removeprefix("HTTP_").replace("_", "-").title()
        return f"The header {header} shows that a proxy sent this for a caller elsewhere. {_REMEDY}"
    host = environ.get("HTTP_HOST", "")
    if not _is_local(host):
        shown = repr(host[:_LONGEST_NAME])
        return f"The Host {shown} is not a name of this machine, such as 127.0.0.1 or localhost. {_REMEDY}"
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin.lower() != f"{environ['wsgi.url_scheme']}://{host}".lower():
        return f"A page of {origin[:_LONGEST_NAME]!r} may not use this address. {_REMEDY}"
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
