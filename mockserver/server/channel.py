"""One connection: waitress' channel, which can be cut, can linger, and sees a client leave while it waits."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from functools import partial
from ipaddress import ip_address
from typing import Any, Final, cast

from waitress.channel import HTTPChannel

from mockserver.http.effects import CUTS
from mockserver.server.kept_heads import KeptHeads
from mockserver.server.limits import LINGER_BYTES, Limits
from mockserver.server.parser import Parser
from mockserver.server.refusals import Refuser
from mockserver.server.tasks import Answering, Refusing

_READ_AHEAD: Final = 16
"""How many requests of one client are read while an answer to it waits; behind more of them its end is not seen."""

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER: on, for 0 seconds.


class Channel(HTTPChannel):
    """A connection, which lingers after a refusal and after a cut that is not a reset.

    A connection that lingers sends no more, and reads until the client closes. A client that still sends when the
    connection is closed would get a reset, and would lose the answer.

    While an answer waits, the connection is read on. At the end of the client's input the wait ends: the client either
    has left, or gets its answer at once.

    Attributes:
        refuser: Answers the requests that the application does not see.
        will_linger: Whether the connection lingers when waitress wants to close it.
    """

    parser_class: Any
    task_class = Answering
    error_task_class = Refusing
    will_linger = False
    _is_lingering = False
    _is_waiting = False
    _dropped = 0
    _fault: str | None = None
    _sendable = 0

    def __init__(
        self,
        limits: Limits,
        refuser: Refuser,
        heads: KeptHeads,
        *place: Any,  # noqa: ANN401 - passed on
        **settings: Any,  # noqa: ANN401 - passed on
    ) -> None:
        self.refuser = refuser
        super().__init__(*place, **settings)
        self.parser_class = partial(Parser, limits, heads)
        self._has_ended = threading.Event()

    @property
    def address(self) -> str:
        """The address of this machine that the client has connected to, as a URL has it."""
        name = cast("socket.socket", self.socket).getsockname()[0]
        found = ip_address(name.partition("%")[0])  # Without the zone, which has no meaning elsewhere.
        address = getattr(found, "ipv4_mapped", None) or found
        return f"[{address}]" if address.version == 6 else str(address)

    def readable(self) -> bool:
        """Return whether the loop should read more. It asks each connection at each turn, so this is kept short."""
        if self._is_lingering:
            return True
        if self._is_waiting and len(self.requests) <= _READ_AHEAD and not self._has_ended.is_set():
            return True
        return not (self.requests or self.total_outbufs_len or self.will_close or self.close_when_flushed)

    def handle_read(self) -> None:
        """Read more. While an answer is made or sent, note the end of the input; later the connection is closed."""
        if not self.requests and not self.total_outbufs_len:
            super().handle_read()
            return
        try:
            data = cast("socket.socket", self.socket).recv(self.adj.recv_bytes)
        except BlockingIOError:
            return
        except OSError:
            self._has_ended.set()
            self.abort()
            return
        if data:
            self.received(data)
        else:
            self._has_ended.set()

    def wait(self, seconds: float) -> None:
        """Wait for so many seconds, but no longer than the client's input goes on.

        The thread that answers calls this.
        """
        self._is_waiting = True
        if self.connected:
            self.server.pull_trigger()  # The loop reads on, where it may have stopped.
        self._has_ended.wait(seconds)
        self._is_waiting = False

    def received(self, data: bytes) -> bool:
        """Take the next bytes; drop them while the connection lingers."""
        if not self._is_lingering:
            return super().received(data)
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self.handle_close()
        return False

    def handle_close(self) -> None:
        """Close the connection, or begin to linger."""
        may_linger = self.will_linger and self._fault != "reset"
        if may_linger and self.connected and not self.total_outbufs_len:
            self._begin_to_linger()
        else:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once, without sending or reading the rest."""
        if self._fault == "reset" and self.connected:
            with suppress(OSError):  # Some systems refuse this if the client has left.
                cast("socket.socket", self.socket).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        super().handle_close()

    def cut(self, fault: str) -> None:
        """Cut the answer that is being made in one of the ways of `CUTS`.

        The thread that answers calls this; the loop closes the connection when that thread has finished.
        """
        if fault not in CUTS:
            raise ValueError(f"{fault!r} does not name a way to cut a connection. Use one of {', '.join(CUTS)}.")
        self._fault = fault
        self.will_linger = True

    def expect(self, head: int, body: int) -> None:
        """Note how many bytes of head and body come next: a cut in the middle sends half of the body."""
        if self._fault == "close-mid-body":
            self._sendable = head + body // 2

    def write_soon(self, data: bytes) -> int:
        """Take bytes to send; return how many. A cut drops bytes here, where waitress counts them as sent."""
        if self._fault is None:
            return super().write_soon(data)
        self._sendable -= super().write_soon(data[: self._sendable])
        return len(data)

    def _begin_to_linger(self) -> None:
        self.will_linger = self.will_close = False
        self._is_lingering = True
        self.request = None  # Bytes after the last request may have looked like the start of another.
        with suppress(OSError):  # If the client has left, the next turn of the loop sees it.
            cast("socket.socket", self.socket).shutdown(socket.SHUT_WR)
