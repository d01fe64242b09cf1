"""The WSGI server: waitress on a socket of our own; when it is stopped, open requests are finished."""

from __future__ import annotations

import logging
import os
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from waitress.server import BaseWSGIServer, create_server

from mockserver.server.channel import Channel
from mockserver.server.endpoint import Endpoint, Recall
from mockserver.server.kept_heads import KeptHeads
from mockserver.server.recalling import Recalling, send_known
from mockserver.server.refusals import Refuser
from mockserver.server.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

    from _typeshed.wsgi import WSGIApplication

_LEAVE_SECONDS: Final = 0.2
"""How long threads may take to end once open requests have finished. An application that hangs is left behind."""

_OWN_SOCKETS: Final = 2
"""Sockets that waitress counts as connections: for each that listens one more, which wakes the loop."""

_RECEIVED_BYTES: Final = 96 * 1024
"""Bytes that are taken at once: mostly a whole head, so that its refusal is made in knowledge of its headers."""


def _make_logger() -> logging.Logger:
    """Return a logger for errors alone, not for long queues; that of waitress belongs to the whole process."""
    logger = logging.Logger("waitress", logging.ERROR)
    logger.parent = logging.getLogger("waitress")
    return logger


class Server(Endpoint):
    """The server on waitress."""

    def _open(self, sockets: Sequence[socket], app: WSGIApplication, refuser: Refuser, recall: Recall | None) -> None:
        limits, heads = self._limits, KeptHeads()
        self._sockets: dict[int, Any] = {}
        self._is_woken = False
        create_server(
            app if recall is None else send_known(app),
            map=self._sockets,
            sockets=list(sockets),
            _dispatcher=Threads(limits.threads, _make_logger()),
            connection_limit=limits.connections + _OWN_SOCKETS * len(sockets),
            recv_bytes=_RECEIVED_BYTES,
            max_request_header_size=limits.max_head,
            max_request_body_size=limits.max_body + 1,
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,
            ident=None,
        )
        # Waitress makes a server for each socket. They share the map and the threads.
        self._servers: list[Any] = [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]
        for each in self._servers:
            each.channel_class = partial(Channel, limits, refuser, heads)
        self._recalling = None if recall is None else Recalling(recall, self._servers)

    def run(self) -> None:
        """Answer requests until `stop` is called, then finish those that are open."""
        while not self.is_stopping:
            self._turn(1.0)
        for _ in ("accept", "read"):
            self._turn(0)  # Requests that arrived before the call of `stop` are open too.
        self._refuse_connections()
        deadline = monotonic() + self._finish_seconds
        # The trigger is closed at the end, so wait until `stop` has pulled it.
        while not self._is_woken or (self._is_busy() and monotonic() < deadline):
            self._turn(0.05)
        self.close()

    def stop(self) -> None:
        """Tell `run` to finish. Any thread and any signal handler may call this."""
        if not self.is_stopping:
            # No lock and no Event: a signal handler would wait for ever for one that the main thread holds.
            self.is_stopping = True
            self._servers[0].pull_trigger()  # It wakes the loop for all.
            self._is_woken = True

    def close(self) -> None:
        """Close all connections at once. Only for a server that is not running."""
        self.is_stopping = True
        self._refuse_connections()
        for channel in self._list_channels():
            channel.abort()
        # The triggers go last: a thread that still answers would write to whatever file gets its number next.
        self._servers[0].task_dispatcher.shutdown(timeout=_LEAVE_SECONDS)
        for each in self._servers:
            each.trigger.close()

    def _refuse_connections(self) -> None:
        """Accept no more. Waitress' own `close` would also close the trigger, by which its threads wake the loop."""
        for each in self._servers:
            each.asyncore.dispatcher.close(each)

    def _turn(self, timeout: float) -> None:
        loop = self._servers[0].asyncore.loop
        loop(timeout=timeout, map=self._sockets, use_poll=os.name == "posix", count=1)
        if self._recalling is not None:
            self._recalling.answer()

    def _is_busy(self) -> bool:
        """Whether a request is arriving or being answered, or an answer is being sent."""
        return any(each.request or each.requests or each.total_outbufs_len for each in self._list_channels())

    def _list_channels(self) -> list[Any]:
        return [channel for each in self._servers for channel in list(each.active_channels.values())]
