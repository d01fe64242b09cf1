"""Addresses of providers: what their URLs say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from mockserver.documents.problems import StartError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a provider is: `url` is its root with the path of the API, without a slash at the end."""

    url: str
    scheme: str
    host: str
    port: int
    path: str


PORTS: Final[Mapping[str, int]] = MappingProxyType({"http": 80, "https": 443})
"""The schemes of providers, each with its port."""


def read_address(url: str) -> Address:
    """Read the URL of a provider.

    Raises:
        StartError: It is no plain URL of HTTP.
    """
    remedy = "Write one such as https://example.com/API."
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in PORTS or not url.isascii() or not url.isprintable() or " " in url:
        shown = repr(url.rpartition("@")[2])
        raise StartError(f"{shown} is not the URL of a provider. {remedy}")
    if parts.username is not None or parts.password is not None:
        raise StartError("The URL has a name or a password in it. Give them with --header instead.")
    if parts.query or parts.fragment:
        raise StartError(f"The URL has a query or a fragment. {remedy}")
    return Address(url.rstrip("/?#"), parts.scheme, host, port or PORTS[parts.scheme], parts.path.rstrip("/"))
