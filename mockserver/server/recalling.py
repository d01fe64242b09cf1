"""Known answers of waitress: its loop sends them itself, since to wake a thread costs more than these."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from threading import get_ident
from typing import TYPE_CHECKING, Any, Final

from mockserver.server.tasks import Answering, leave_connection

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from mockserver.server.channel import Channel
    from mockserver.server.endpoint import Known, Recall

_KNOWN: Final = "mockserver.known"
"""The key of the WSGI environment for a known answer."""


def send_known(app: WSGIApplication) -> WSGIApplication:
    """Return an application that gives the known answer of a request, or else asks `app`."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        known: Known | None = environ.pop(_KNOWN, None)
        if known is None:
            return app(environ, start_response)
        start_response(known.status, list(known.headers))
        return known.body

    return answer


class Recalling:
    """Takes the requests that arrive in the loop of some servers.

    Args:
        recall: Knows some answers. It never waits.
        servers: Waitress' servers of one loop.
    """

    def __init__(self, recall: Recall, servers: Iterable[Any]) -> None:
        self._recall = recall
        self._arrived: deque[tuple[Channel, Callable[[Channel], None]]] = deque()
        self._loop = 0
        self._is_answering = False
        for each in servers:
            each.add_task = partial(self._take, each.add_task)
            each.pull_trigger = partial(self._wake, each.pull_trigger)

    def answer(self) -> None:
        """Answer the requests that have arrived, or let threads answer them. The loop calls this after each turn."""
        self._loop = get_ident()
        self._is_answering = True
        try:
            while self._arrived:
                channel, add_task = self._arrived.popleft()
                if not self._answer(channel):
                    add_task(channel)
        finally:
            self._is_answering = False

    def _take(self, add_task: Callable[[Channel], None], channel: Channel) -> None:
        """Note a channel whose request has arrived in the loop; behind an answer of a thread a thread goes on."""
        if get_ident() == self._loop:
            self._arrived.append((channel, add_task))
        else:
            add_task(channel)

    def _wake(self, pull_trigger: Callable[[], None]) -> None:
        """Wake the loop, unless it is awake: it looks at all channels after it has answered."""
        if not self._is_answering:
            pull_trigger()

    def _answer(self, channel: Channel) -> bool:
        """Send the answer to the next request of a channel, if it is known; return whether it was.

        Nothing here may wait: not for a client that does not read the answers before either.
        """
        request: Any = channel.requests[0]
        if request.error is not None or channel.total_outbufs_len:
            return False
        environ = Answering(channel, request).get_environment()
        try:
            known = self._recall(environ)
        except Exception:  # noqa: BLE001 - the application meets the same mistake in its thread, and reports it
            return False
        if known is None:
            return False
        if request.kept is None:
            request.keep(leave_connection(environ))
        environ[_KNOWN] = known
        channel.service()
        return True
