"""Clients that do not speak HTTP/1: what the terminal says of them."""

from __future__ import annotations

from typing import Final

from mockserver.server.parser import METHOD

_TLS: Final = b"\x16"
"""The first byte of TLS, whose first message is a handshake."""

_HTTP2: Final = b"PRI * HTTP/2"
"""The beginning of HTTP/2 for a client that takes it for granted (RFC 9113, section 3.4)."""

_SHOWN_BYTES: Final = 16
"""So few that they tell the protocol and hardly a secret."""


def describe_stranger(head: bytes, url: str) -> str | None:
    """Return what a client spoke and what it should do; None if its bytes begin as a request of HTTP/1.

    `url` is the root URL of the stub.
    """
    if head.startswith(_TLS):
        return f"spoke TLS; the stub speaks plain HTTP: use {url}"
    if head.startswith(_HTTP2):
        return "spoke HTTP/2 from the start; the stub speaks HTTP/1.1: let the client use that"
    if METHOD.match(head):
        return None
    shown = ascii(head[:_SHOWN_BYTES].decode("latin-1"))
    more = "..." if len(head) > _SHOWN_BYTES else ""
    return f"sent {shown}{more}, which begins no request; the stub speaks plain HTTP: use {url}"
