"""The WSGI server: waitress on a socket of our own, its loop, and an end that lets open requests finish."""

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
from mockserver.server.limits import ROOM, Limits

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


OWN_SOCKETS: Final = 2
"""What waitress counts beside connections: the socket that listens, and the one that wakes the loop."""


FINISH_SECONDS: Final = 2.0
"""How long open requests may take after the server was told to stop."""


LEAVE_SECONDS: Final = 0.2
"""How long the threads may take to end after that; an application that hangs is left behind."""


LOOPBACK: Final[Mapping[int, str]] = MappingProxyType({4: "127.0.0.1", 6: "::1"})
"""Where a client on this machine finds a server that listens on every address, by the version of IP."""


FAILURES: Final[Mapping[int, str]] = MappingProxyType(
    {
        errno.EADDRINUSE: "Port {port} of {host} is taken. Stop what uses it, or choose another (0 finds a free one).",
        errno.EACCES: "Port {port} of {host} is not allowed. Choose one above 1023 (0 finds a free one).",
        errno.EPERM: "Port {port} of {host} is not allowed. Choose one above 1023 (0 finds a free one).",
        errno.EADDRNOTAVAIL: "{host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all it has.",
    }
)
"""What is said of a port that cannot be listened on, by the error that the system gives."""


class Server:
    """Serves a WSGI application; listens from the moment it is made, answers while `run` runs.

    Raises:
        StartError: The host is unknown, or the port is taken or not allowed.
    """

    def __init__(
        self, app: WSGIApplication, host: str = "127.0.0.1", port: int = 0, limits: Limits | None = None
    ) -> None:
        limits = limits or Limits()
        for name in ("waitress", "waitress.queue"):
            # Its notes on queue depth and connection counts are not for the terminal.
            logging.getLogger(name).setLevel(logging.ERROR)
        self._host = host
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
                connection_limit=limits.connections + OWN_SOCKETS,
                max_request_header_size=limits.max_target + limits.max_headers + ROOM,
                max_request_body_size=limits.max_body + 1,
                clear_untrusted_proxy_headers=False,
                log_socket_errors=False,
                ident=None,
            ),
        )
        self._server.channel_class = partial(Channel, limits)

    @property
    def url(self) -> str:
        """The root URL, with the true port and a host that a client on this machine can use; no slash behind."""
        bound = ip_address(self._server.effective_host)
        host = LOOPBACK[bound.version] if bound.is_unspecified else self._host
        return f"http://{f'[{host}]' if ':' in host else host}:{self._server.effective_port}"

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._is_stopping

    def run(self) -> None:
        """Answer requests until `stop` is called, then finish those that are open."""
        while not self._is_stopping:
            self._turn(1.0)
        for _ in ("accept", "read"):
            self._turn(0)  # What came together with the word to stop is open too.
        # No new connections; waitress' own close would take away the trigger that workers wake the loop with.
        self._server.asyncore.dispatcher.close(self._server)
        deadline = monotonic() + FINISH_SECONDS
        # Whoever told it to stop has to be through with the trigger before that is closed.
        while (self._is_busy() or not self._is_woken) and monotonic() < deadline:
            self._turn(0.05)
        self.close()

    def stop(self) -> None:
        """Let `run` come to its end; may be called from any thread and from a signal handler."""
        if not self._is_stopping:
            # No lock and no Event: a signal handler would wait for ever for one that the main thread holds.
            self._is_stopping = True
            self._server.pull_trigger()
            self._is_woken = True

    def close(self) -> None:
        """Close all connections, finished or not; only for a server that does not run (any more)."""
        self._is_stopping = True
        self._server.asyncore.dispatcher.close(self._server)
        for channel in list(self._server.active_channels.values()):
            channel.abort()
        # The trigger goes last: a thread that still answers would write to whatever file takes its number.
        self._server.task_dispatcher.shutdown(timeout=LEAVE_SECONDS)
        self._server.trigger.close()

    def _turn(self, timeout: float) -> None:
        self._server.asyncore.loop(timeout=timeout, map=self._sockets, use_poll=os.name == "posix", count=1)

    def _is_busy(self) -> bool:
        """Whether a request is arriving, is being answered, or its answer is being sent."""
        channels = list(self._server.active_channels.values())
        return any(channel.request or channel.requests or channel.total_outbufs_len for channel in channels)


def _listen(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        # UnicodeError is what Python raises for a name with a label that is empty or too long.
        raise StartError(f"The host {host!r} is not known. Use an address of this machine: 127.0.0.1.") from None
    family, _, _, _, address = found[0]
    has_both = family == socket.AF_INET6 and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(address, family=family, dualstack_ipv6=has_both)
    except OSError as error:
        raise StartError(describe_failure(host, port, error)) from None


def describe_failure(host: str, port: int, error: OSError) -> str:
    """Why *port* of *host* cannot be listened on, and what to do, in a line."""
    otherwise = "Port {port} of {host} cannot be used: {reason}. Choose another host or port."
    text = FAILURES.get(error.errno or 0, otherwise)
    return text.format(port=port, host=host, reason=error.strerror)
