"""An endpoint: what the servers have in common, on whatever library they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from socket import socket
from typing import TYPE_CHECKING, Final, Protocol

from mockserver.http.headers import Headers
from mockserver.http.messages import Observer
from mockserver.server.limits import Limits
from mockserver.server.listening import listen
from mockserver.server.refusals import Refuser

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class Known(Protocol):
    """An answer that is known: its status with the reason, its headers, and the pieces of its body."""

    @property
    def status(self) -> str: ...  # noqa: D102 - the class says it

    @property
    def headers(self) -> Headers: ...  # noqa: D102 - the class says it

    @property
    def body(self) -> Sequence[bytes]: ...  # noqa: D102 - the class says it


Recall = Callable[["WSGIEnvironment"], Known | None]
"""Returns the answer to a request without a body if it is known. It never waits."""

FINISH_SECONDS: Final = 2.0
"""How long open requests may take after the server was told to stop."""


class Endpoint(ABC):
    """A server of one WSGI application. It listens as soon as it is created, and answers while `run` runs.

    Open requests have `finish_seconds` to finish after `stop`. Some requests the server answers by itself, such as
    malformed ones: `observe` is told of these, and with `cors` pages of other origins may read the answers. It sends
    what `recall` knows without a thread.

    Attributes:
        url: The root URL without a trailing slash: the port in use, and a host that clients on this machine reach.
        remarks: One line for each address of the host that cannot be listened on.
        is_stopping: Whether the server was told to stop.

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
        observe: Observer | None = None,
        recall: Recall | None = None,
    ) -> None:
        listening = listen(host, port)
        self.url = listening.url
        self.remarks = listening.remarks
        self.is_stopping = False
        self._limits = limits or Limits()
        self._finish_seconds = finish_seconds
        self._open(listening.sockets, app, Refuser(self.url, observe, shares=cors), recall)

    @abstractmethod
    def _open(self, sockets: Sequence[socket], app: WSGIApplication, refuser: Refuser, recall: Recall | None) -> None:
        """Get ready to serve on sockets that listen."""

    @abstractmethod
    def run(self) -> None:
        """Answer requests until `stop` is called, then finish those that are open."""

    @abstractmethod
    def stop(self) -> None:
        """Tell `run` to finish. Any thread and any signal handler may call this."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections at once. Only for a server that is not running."""
