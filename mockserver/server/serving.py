"""The WSGI server: waitress on a socket of our own; when it is stopped, open requests are finished."""

from __future__ import annotations

import errno
import logging
import os
import socket
from collections.abc import Mapping
from functools import partial
from ipaddress import ip_address
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from waitress.server import create_server

from mockserver.documents.problems import StartError
from mockserver.server.channel import Channel
from mockserver.server.limits import Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FINISH_SECONDS: Final = 2.0
"""How long open requests may take after the server was told to stop."""

_LEAVE_SECONDS: Final = 0.2
"""How long threads may take to end after that. An application that hangs is left behind."""

_OWN_SOCKETS: Final = 2
"""Sockets that waitress counts as connections: the one that listens, and the one that wakes the loop."""

_REQUEST_LINE_BYTES: Final = 1024
"""Bytes that a head may have besides the target and the headers: the method, the version, ends of lines."""

_RECEIVED_BYTES: Final = 96 * 1024
"""Bytes that are taken at once: mostly a whole head, so that its refusal is made in knowledge of its headers."""

_LOOPBACK: Final[Mapping[int, str]] = MappingProxyType({4: "127.0.0.1", 6: "::1"})
"""The address of this machine by the version of IP."""

_FAILURES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.EADDRINUSE: "Port {port} of {host} is taken. Stop what uses it, or give another --port (0 finds one).",
        errno.EACCES: "Port {port} of {host} is not allowed. Give a --port above 1023 (0 finds a free one).",
        errno.EPERM: "Port {port} of {host} is not allowed. Give a --port above 1023 (0 finds a free one).",
        errno.EADDRNOTAVAIL: "{host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has.",
    }
)
"""The message for each error of the system about a port."""

_OTHER_FAILURE: Final = "Port {port} of {host} cannot be used: {reason}. Choose another host or port."


class Server:
    """A server of one WSGI application. It listens as soon as it is created, and answers while `run` runs.

    Open requests have `finish_seconds` to finish after `stop`. With `cors`, pages of other origins may read what the
    server answers by itself.

    Raises:
        StartError: The host is unknown, or the port is taken or not allowed.
    """

    def __init__(
        self,
        app: WSGIApplication,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: Limits | None = None,
        finish_seconds: float = FINISH_SECONDS,
        *,
        cors: bool = True,
    ) -> None:
        limits = limits or Limits()
        for name in ("waitress", "waitress.queue"):
            # The lengths of its queues are not for the terminal.
            logging.getLogger(name).setLevel(logging.ERROR)
        self._host = host
        self._finish_seconds = finish_seconds
        self._sockets: dict[int, Any] = {}
        self._is_stopping = False
        self._is_woken = False
        self._server = cast(
            "Any",
            create_server(
                app,
                map=self._sockets,
                sockets=[_listen(host, port)],
                threads=limits.threads,
                connection_limit=limits.connections + _OWN_SOCKETS,
                recv_bytes=_RECEIVED_BYTES,
                max_request_header_size=limits.max_target + limits.max_headers + _REQUEST_LINE_BYTES,
                max_request_body_size=limits.max_body + 1,
                clear_untrusted_proxy_headers=False,
                log_socket_errors=False,
                ident=None,
            ),
        )
        self._server.channel_class = partial(Channel, limits, cors)

    @property
    def url(self) -> str:
        """The root URL without a trailing slash: the port in use, and a host that clients on this machine reach."""
        bound = ip_address(self._server.effective_host)
        host = _LOOPBACK[bound.version] if bound.is_unspecified else self._host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._server.effective_port}"

    @property
    def is_stopping(self) -> bool:
        """Whether the server was told to stop."""
        return self._is_stopping

    def run(self) -> None:
        """Answer requests until `stop` is called, then finish those that are open."""
        while not self._is_stopping:
            self._turn(1.0)
        for _ in ("accept", "read"):
            self._turn(0)  # Requests that arrived before the call of `stop` are open too.
        # Accept no more. Waitress' own `close` would also close the trigger, by which its threads wake the loop.
        self._server.asyncore.dispatcher.close(self._server)
        deadline = monotonic() + self._finish_seconds
        # The trigger is closed at the end, so wait until `stop` has pulled it.
        while (self._is_busy() or not self._is_woken) and monotonic() < deadline:
            self._turn(0.05)
        self.close()

    def stop(self) -> None:
        """Tell `run` to finish. Any thread and any signal handler may call this."""
        if not self._is_stopping:
            # No lock and no Event: a signal handler would wait for ever for one that the main thread holds.
            self._is_stopping = True
            self._server.pull_trigger()
            self._is_woken = True

    def close(self) -> None:
        """Close all connections at once. Only for a server that is not running."""
        self._is_stopping = True
        self._server.asyncore.dispatcher.close(self._server)
        for channel in list(self._server.active_channels.values()):
            channel.abort()
        # The trigger goes last: a thread that still answers would write to whatever file gets its number next.
        self._server.task_dispatcher.shutdown(timeout=_LEAVE_SECONDS)
        self._server.trigger.close()

    def _turn(self, timeout: float) -> None:
        self._server.asyncore.loop(timeout=timeout, map=self._sockets, use_poll=os.name == "posix", count=1)

    def _is_busy(self) -> bool:
        """Whether a request is arriving or being answered, or an answer is being sent."""
        channels = list(self._server.active_channels.values())
        return any(channel.request or channel.requests or channel.total_outbufs_len for channel in channels)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        # Python raises UnicodeError for a name with a label that is empty or too long.
        raise StartError(f"The host {host!r} is not known. Use an address of this machine: 127.0.0.1.") from None
    family, _, _, _, address = found[0]
    has_both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(address, family=family, dualstack_ipv6=has_both)
    except OSError as error:
        text = _FAILURES.get(error.errno or 0, _OTHER_FAILURE)
        raise StartError(text.format(port=port, host=host, reason=error.strerror)) from None
