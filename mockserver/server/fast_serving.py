"""The fast server: granian, on the sockets and with the limits that waitress has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from socket import socket
from typing import TYPE_CHECKING, Any, Final

from granian import _granian
from granian.http import HTTP1Settings

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
        servers = [_Granian(self._gateway, each, self._limits, loop) for each in self._sockets]
        if self.is_stopping:
            self._wake.set()
        await self._wake.wait()
        self.close()
        for each in servers:
            each.stop()
        with suppress(TimeoutError):  # The end of the loop cancels what is still open.
            async with asyncio.timeout(self._finish_seconds):
                for each in servers:
                    await each.ended.wait()


class _Granian:
    """The part of granian that serves one socket.

    Attributes:
        ended: Is set when the last connection is closed after `stop`.
    """

    def __init__(self, gateway: Gateway, listening: socket, limits: Limits, loop: asyncio.AbstractEventLoop) -> None:
        self.ended = asyncio.Event()
        self._signal = _granian.WorkerSignal()
        self._signal.add_cb(lambda: loop.call_soon_threadsafe(self.ended.set))
        make: Any = _granian  # Its stub lacks some of the arguments.
        held = make.SocketHolder(listening.dup().detach(), False, _BACKLOG)  # noqa: FBT003 - it takes no keywords
        settings = HTTP1Settings(max_buffer_size=max(limits.max_head, _LEAST_BUFFER))
        worker = make.ASGIWorker(1, (None, held), None, backpressure=limits.connections, http1_opts=settings)
        worker.serve_async(_Scheduler(loop, gateway, None, None, None), loop, self._signal)

    def stop(self) -> None:
        """Accept no more connections, and close each when its open request is answered."""
        self._signal.set()


class _Scheduler(_granian.CallbackScheduler):
    """Takes requests: granian's thread sends known answers itself, since to wake the loop costs more than these."""

    def __init__(self, _: asyncio.AbstractEventLoop, gateway: Gateway, *__: None) -> None:
        self._gateway = gateway
        self._schedule_fn = self._take

    def _take(self, watcher: Any) -> None:  # noqa: ANN401 - granian's own
        if not self._gateway.recall(watcher.scope, watcher.proto.send):
            with suppress(RuntimeError):  # The loop is closed: the server has ended, and nobody waits for the answer.
                self._loop.call_soon_threadsafe(self._begin, watcher)

    def _begin(self, watcher: Any) -> None:  # noqa: ANN401 - granian's own
        watcher.taskref(self._loop.create_task(self._answer(watcher)))  # The loop itself does not hold its tasks.

    async def _answer(self, watcher: Any) -> None:  # noqa: ANN401 - granian's own
        try:
            await self._gateway(watcher.scope, watcher.proto.receive, watcher.proto.send)
        finally:
            watcher.done()
