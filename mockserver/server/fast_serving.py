"""The fast server: granian, on the sockets and with the limits that waitress has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from socket import socket
from typing import TYPE_CHECKING, Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]  # it is imported there for others
from granian.server.embed import Server as Granian

from mockserver.server.endpoint import Endpoint, Recall
from mockserver.server.gateway import Gateway
from mockserver.server.limits import Limits
from mockserver.server.refusals import Refuser

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_BACKLOG: Final = 1024
"""How many connections the system holds that nobody has accepted yet."""

_LEAST_BUFFER: Final = 8192
"""The smallest buffer that granian takes for a head."""


class FastServer(Endpoint):
    """The server on granian."""

    def _open(self, sockets: Sequence[socket], app: WSGIApplication, refuser: Refuser, recall: Recall | None) -> None:
        self._sockets = sockets
        self._gateway = Gateway(app, self._limits, refuser, recall)
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        """Answer requests until `stop` is called, then finish those that are open."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """Tell `run` to finish. Any thread and any signal handler may call this."""
        self.is_stopping = True
        loop, self._loop = self._loop, None
        if loop is not None:
            loop.call_soon_threadsafe(self._wake.set)

    def close(self) -> None:
        """Close the sockets. Only for a server that is not running."""
        self.is_stopping = True
        for each in self._sockets:
            each.close()

    async def _serve(self) -> None:
        """Run a granian for each socket."""
        self._loop = loop = asyncio.get_running_loop()
        servers = [_Granian(self._gateway, each, self._limits) for each in self._sockets]
        runs = [asyncio.ensure_future(each.serve()) for each in servers]
        told = asyncio.ensure_future(self._wake.wait())
        if self.is_stopping:
            self._wake.set()
        await asyncio.wait([told, *runs], return_when=asyncio.FIRST_COMPLETED)
        self.close()
        for each in servers:
            each.stop()  # type: ignore[no-untyped-call]  # granian has no type for it
        _, unfinished = await asyncio.wait(runs, timeout=self._finish_seconds)
        if unfinished:
            # What is still open is cancelled now, and granian then finds its futures cancelled.
            loop.set_exception_handler(lambda *_: None)


class _Granian(Granian):
    """A granian that takes a socket which listens; it would open one of its own."""

    def __init__(self, gateway: Gateway, listening: socket, limits: Limits) -> None:
        super().__init__(
            gateway,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(max_buffer_size=max(limits.max_head, _LEAST_BUFFER)),
            websockets=False,
            backpressure=limits.connections,
            log_enabled=False,
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        take: Any = SocketHolder  # Its stub lacks the arguments: the socket, whether it is one of Unix, the backlog.
        held: Any = take(self._listening.dup().detach(), False, _BACKLOG)  # noqa: FBT003 - it takes no keywords
        self._shd = held
