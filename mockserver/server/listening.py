"""The sockets of a server: one for each address of its host, all with the same port."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any, Final

from mockserver.documents.problems import SettingError, StartError

_ATTEMPTS: Final = 20
"""How often a port that is free at the first address is looked for, until it is free at the others too."""

_Address = tuple[int, tuple[Any, ...]]
"""The family of an address, and the address as a socket has it, with port 0."""

_LOCALHOST: Final[tuple[_Address, ...]] = (
    (socket.AF_INET, ("127.0.0.1", 0)),
    (socket.AF_INET6, ("::1", 0, 0, 0)),
)
"""What browsers and Node take `localhost` for, whatever the machine has in its table of hosts."""

_LOOPBACK: Final[Mapping[int, str]] = MappingProxyType({4: "127.0.0.1", 6: "::1"})
"""The address of this machine by the version of IP."""

_FAILURES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.EADDRINUSE: "Port {port} of {host} is taken. Stop what uses it, or give another --port (0 finds one).",
        errno.EACCES: "Port {port} of {host} is not allowed. Give a --port above 1023 (0 finds a free one).",
        errno.EPERM: "Port {port} of {host} is not allowed. Give a --port above 1023 (0 finds a free one).",
    }
)
"""The message for each error of the system about a port."""

_OTHER_FAILURE: Final = "Port {port} of {host} cannot be used: {reason}. Choose another host or port."


@dataclass(frozen=True, slots=True)
class Listening:
    """Sockets that listen.

    Attributes:
        sockets: One for each address.
        url: The root URL without a trailing slash, with a host that clients on this machine reach.
        remarks: One line for each address of the host that cannot be listened on.
    """

    sockets: tuple[socket.socket, ...]
    url: str
    remarks: tuple[str, ...]


def listen(host: str, port: int, attempts: int = _ATTEMPTS) -> Listening:
    """Listen on all addresses of a host, on the same port; 0 finds one that is free at each of them.

    The first address is needed. Any other that cannot be listened on is left out, with a remark.

    Raises:
        StartError: The host is unknown, or the port is taken or not allowed.
    """
    needed, *others = _find_addresses(host)
    try:
        first = _open(needed, port, has_both=not others)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            remedy = "Use 127.0.0.1, or 0.0.0.0 for all it has."
            raise SettingError("host", f"{host!r} is not an address of this machine. {remedy}") from None
        text = _FAILURES.get(error.errno or 0, _OTHER_FAILURE)
        raise StartError(text.format(port=port, host=host, reason=error.strerror)) from None
    chosen = first.getsockname()[1]
    opened, failures = _open_all(others, chosen)
    is_taken = errno.EADDRINUSE in failures.values()
    if is_taken and port == 0 and attempts > 1:
        for each in (first, *opened):
            each.close()
        return listen(host, port, attempts - 1)
    sure = _write_url(first.getsockname()[0], chosen)
    url = sure if is_taken else _write_url(first.getsockname()[0], chosen, host)
    return Listening((first, *opened), url, tuple(_write_remarks(failures, chosen, sure)))


def _find_addresses(host: str) -> list[_Address]:
    if host.lower() == "localhost":
        return list(_LOCALHOST)
    try:
        found = socket.getaddrinfo(host or None, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        # Python raises UnicodeError for a name with a label that is empty or too long.
        finding = f"{host!r} is not known."
        raise SettingError("host", f"{finding} Use localhost, or an address of this machine.") from None
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _open(place: _Address, port: int, *, has_both: bool = False) -> socket.socket:
    """Return a socket that listens; with `has_both`, one of IPv6 takes connections of IPv4 too if it can."""
    family, address = place
    is_dual = has_both and family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    return socket.create_server((address[0], port, *address[2:]), family=family, dualstack_ipv6=is_dual)


def _open_all(places: Iterable[_Address], port: int) -> tuple[list[socket.socket], dict[str, int]]:
    """Return the sockets that listen, and the number of the system's error for each address that cannot."""
    opened: list[socket.socket] = []
    failures: dict[str, int] = {}
    for place in places:
        try:
            opened.append(_open(place, port))
        except OSError as error:
            failures[place[1][0]] = error.errno or 0
    return opened, failures


def _write_remarks(failures: Mapping[str, int], port: int, url: str) -> Iterator[str]:
    for address, number in failures.items():
        if number == errno.EADDRINUSE:
            yield f"Port {port} of {address} is taken by another program. Use {url}, or give another --port."
        else:
            finding = f"{address} cannot be listened on: {os.strerror(number)}"
            yield f"{finding}. Give {url} to clients that try that address alone."


def _write_url(address: str, port: int, host: str = "") -> str:
    """Return the root URL: with the host, or else with the address, for which loopback stands if it is every one."""
    bound = ip_address(address.partition("%")[0])
    name = _LOOPBACK[bound.version] if bound.is_unspecified else host or address
    return f"http://{f'[{name}]' if ':' in name else name}:{port}"
