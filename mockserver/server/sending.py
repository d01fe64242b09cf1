"""The sending of one answer of a WSGI application by ASGI, while a thread may still make the rest of it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

from mockserver.http.headers import Headers
from mockserver.http.messages import Reply
from mockserver.server.workers import Workers

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse

Message = Mapping[str, Any]
"""A message of ASGI."""

Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Ask = Callable[["StartResponse"], Iterable[bytes]]
"""An application that has its environment."""

_KNOWN: Final = 1024
"""How many heads are kept as they are sent."""

_LOG: Final = logging.getLogger("mockserver")


class Sending:
    """Sends one answer: as a whole, or before each wait what was made until then."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._head: Message | None = None
        self._pieces: list[bytes] = []
        self._watch: asyncio.Future[None] | None = None

    def start(
        self, status: str, headers: list[tuple[str, str]], _: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """Take status and headers, as `start_response` of WSGI."""
        self._head = write_head(status, tuple(headers))
        return self._pieces.append

    async def send_reply(self, reply: Reply) -> None:
        """Send a reply of the server's own."""
        self.start(str(int(reply.status)), [*reply.headers, ("Content-Length", str(len(reply.body)))])
        await self.send_last([reply.body])

    async def send_last(self, pieces: Iterable[bytes] = ()) -> None:
        """Send what is left of the answer, with these pieces behind it."""
        await self._send_head()
        made = self._take_pieces() if self._pieces else ()
        await self._send({"type": "http.response.body", "body": b"".join((*made, *pieces))})

    async def run_in(self, workers: Workers, ask: Ask) -> bool:
        """Let a thread make the answer, and send it. Return False if the application failed."""
        self._loop, self._has_left = asyncio.get_running_loop(), threading.Event()
        made: asyncio.Future[bool] = self._loop.create_future()
        workers.run(partial(self._make_and_tell, ask, made))
        try:
            is_made = await made
            if is_made:
                await self.send_last()
            return is_made
        finally:
            self._has_left.set()
            if self._watch is not None:
                self._watch.cancel()

    def wait(self, seconds: float) -> None:
        """Send what was made so far, and wait for so many seconds, but not longer than the client stays.

        The thread that makes the answer calls this.
        """
        if not self._has_left.is_set():
            asyncio.run_coroutine_threadsafe(self._flush(), self._loop).result()
            self._has_left.wait(seconds)

    def _make_and_tell(self, ask: Ask, made: asyncio.Future[bool]) -> None:
        is_made = self._make(ask)
        with suppress(RuntimeError):  # The loop is closed: the server has ended, and nobody waits for the answer.
            self._loop.call_soon_threadsafe(_settle, made, is_made)

    def _make(self, ask: Ask) -> bool:
        try:
            body = ask(self.start)
            for piece in body:
                self._pieces.append(piece)
            if hasattr(body, "close"):
                body.close()
        except Exception as error:  # noqa: BLE001 - an application may have any mistake
            _LOG.error("The application failed.", exc_info=error)
            return False
        return True

    async def _flush(self) -> None:
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watch_client())
        pieces = self._take_pieces()
        if pieces:
            await self._send_head()
            await self._send({"type": "http.response.body", "body": b"".join(pieces), "more_body": True})

    async def _watch_client(self) -> None:
        """Note when the client leaves."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._has_left.set()

    async def _send_head(self) -> None:
        """Send status and headers, unless they are sent."""
        if self._head is not None:
            head, self._head = self._head, None
            await self._send(head)

    def _take_pieces(self) -> list[bytes]:
        pieces, self._pieces[:] = self._pieces[:], ()
        return pieces


@lru_cache(maxsize=_KNOWN)
def write_head(status: str, headers: Headers) -> Message:
    """Return the message for status and headers; equal ones are made once."""
    lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": int(status[:3]), "headers": lines}


def _settle(future: asyncio.Future[bool], result: bool) -> None:
    """Give a future its result."""
    with suppress(asyncio.InvalidStateError):  # It is cancelled if the server was stopped in the meantime.
        future.set_result(result)
