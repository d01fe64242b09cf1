"""A connection: waitress' channel, which can be cut and lingers."""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from waitress.channel import HTTPChannel

from mockserver.http.effects import CUTS
from mockserver.server.limits import LINGER_BYTES, Limits
from mockserver.server.parser import Parser
from mockserver.server.tasks import Answering, Refusing

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class _Ending:
    """What a cut comes to: whether head and half of the body are sent, and whether the connection is reset."""

    sends_half: bool = False
    resets: bool = False


_ENDINGS: Final[Mapping[str, _Ending]] = MappingProxyType(
    {"reset": _Ending(resets=True), "empty": _Ending(), "close-mid-body": _Ending(sends_half=True)}
)


_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)  # SO_LINGER is on, for no time at all.


class Channel(HTTPChannel):
    """A connection. One that is refused, or cut in good order, is closed on our side, and read until the client closes.

    To close it at once would reset it while the client still sends, and the client would lose what was sent.
    """

    parser_class: Any
    task_class = Answering
    error_task_class = Refusing
    is_to_linger = False
    _is_lingering = False
    _dropped = 0
    _ending: _Ending | None = None
    _is_to_reset = False
    _sendable = 0

    def __init__(self, limits: Limits, *place: Any, **settings: Any) -> None:  # noqa: ANN401 - passed on to waitress
        super().__init__(*place, **settings)
        self.parser_class = partial(Parser, limits)

    def readable(self) -> bool:
        """Whether more is to be read."""
        return self._is_lingering or super().readable()

    def received(self, data: bytes) -> bool:
        """Take the next bytes; those behind the last request are dropped."""
        if not self._is_lingering:
            return super().received(data)
        self._dropped += len(data)
        if self._dropped > LINGER_BYTES:
            self.handle_close()
        return False

    def handle_close(self) -> None:
        """Close the connection, or begin to where the client may still be sending."""
        may_linger = self.is_to_linger and not self._is_to_reset
        if may_linger and self.connected and not self.total_outbufs_len:
            self._stop_sending()
        else:
            self.abort()

    def abort(self) -> None:
        """Close the connection at once, whatever is still to be sent or read."""
        if self._is_to_reset and self.connected:
            with suppress(OSError):  # Some systems refuse it once the client is gone.
                cast("socket.socket", self.socket).setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        super().handle_close()

    def cut(self, name: str) -> None:
        """Let the answer that is being made be the last, and cut it in one of the ways of `CUTS`.

        Called by the thread that answers; the loop closes the connection when that thread is done.
        """
        if name not in _ENDINGS:
            raise ValueError(f"{name!r} is no way to cut a connection. Use one of {', '.join(CUTS)}.")
        self._ending = _ENDINGS[name]
        self._is_to_reset = self._ending.resets
        self.is_to_linger = True

    def expect(self, head: int, body: int) -> None:
        """Be told how many bytes the head and the body have that are about to be written."""
        if self._ending and self._ending.sends_half:
            self._sendable = head + body // 2

    def write_soon(self, data: bytes) -> int:
        """Take what is to be sent; what a cut leaves out is dropped here, where the task does not miss it and warn."""
        if self._ending is None:
            return super().write_soon(data)
        self._sendable -= super().write_soon(data[: self._sendable])
        return len(data)

    def _stop_sending(self) -> None:
        self.is_to_linger = self.will_close = False
        self._is_lingering = True
        self.request = None  # What came behind the last request and looks like another.
        with suppress(OSError):  # A client that is gone is noticed by the next turn of the loop.
            cast("socket.socket", self.socket).shutdown(socket.SHUT_WR)
