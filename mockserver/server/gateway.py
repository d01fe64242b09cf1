"""A WSGI application as one of ASGI: known answers at once, all others by threads that may wait."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from io import BytesIO
from time import time
from typing import TYPE_CHECKING, Final

from mockserver.http.effects import WAIT_KEY
from mockserver.http.messages import Request
from mockserver.server.endpoint import Recall
from mockserver.server.environs import (
    Framing,
    Scope,
    hide_missing_host,
    identify,
    make_environ,
    read_framing,
    read_headers,
    read_target,
    renew,
)
from mockserver.server.host_header import find_host_problem
from mockserver.server.kept_heads import KeptHead, KeptHeads
from mockserver.server.limits import Limits
from mockserver.server.refusals import Refused, Refuser
from mockserver.server.sending import Receive, Send, Sending, write_head
from mockserver.server.workers import Workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_ENVIRON: Final = "mockserver.environ"
"""The key of the scope for the environment, once it was made."""


class Gateway:
    """Answers requests of ASGI by a WSGI application.

    Args:
        app: The application.
        limits: The limits of the server.
        refuser: Answers the requests that the application does not see.
        recall: Knows some answers without the application.
    """

    def __init__(self, app: WSGIApplication, limits: Limits, refuser: Refuser, recall: Recall | None = None) -> None:
        self._app = app
        self._limits = limits
        self._refuser = refuser
        self._recall = recall
        self._heads = KeptHeads()
        self._workers = Workers(limits.threads)

    def recall(self, scope: Scope, send: Send) -> bool:
        """Send the answer to a request if it is known; return whether it was. This never waits."""
        if self._recall is None:
            return False
        try:
            return self._send_known(scope, send, self._recall)
        except Exception:  # noqa: BLE001 - the application meets the same mistake in its thread, and reports it
            return False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. If its client leaves before its body has arrived, nobody is there to answer."""
        with suppress(ConnectionError):
            sending = Sending(receive, send)
            environ = scope.get(_ENVIRON) or await self._receive(hide_missing_host(scope), receive, sending)
            if environ is not None:
                await self._ask(scope, environ, sending)

    def _send_known(self, scope: Scope, send: Send, recall: Recall) -> bool:
        identity = identify(scope)
        kept = self._heads.find(identity)
        environ = self._read(hide_missing_host(scope)) if kept is None else renew(kept.environ, scope["client"])
        if environ is None:
            return False
        known = recall(environ)
        if known is None:
            scope[_ENVIRON] = environ
            return False
        if kept is None:
            self._heads.keep(identity, KeptHead(environ))
        send(write_head(known.status, known.headers))
        send({"type": "http.response.body", "body": b"".join(known.body)})
        return True

    def _read(self, scope: Scope) -> WSGIEnvironment | None:
        """Return the environment of a request without a body, unless it is refused."""
        framing = read_framing(scope)
        if framing.has_body or self._find_fault(scope, framing) is not None:
            return None
        return make_environ(scope, BytesIO(), 0)

    async def _receive(self, scope: Scope, receive: Receive, sending: Sending) -> WSGIEnvironment | None:
        """Return the environment of a request and its body; if it is refused, send why, and return None."""
        framing = read_framing(scope)
        refused = self._find_fault(scope, framing)
        body = b""
        if refused is None and framing.has_body:
            body = await _read_body(receive, self._limits.max_body)
            refused = self._refuse(scope, 413) if len(body) > self._limits.max_body else None
        if refused is None:
            return make_environ(scope, BytesIO(body), len(body))
        await sending.send_reply(self._refuser.answer(refused, time()))
        return None

    async def _ask(self, scope: Scope, environ: WSGIEnvironment, sending: Sending) -> None:
        """Let a thread of the application answer."""
        environ[WAIT_KEY] = sending.wait
        if not await sending.run_in(self._workers, partial(self._app, environ)):
            await sending.send_reply(self._refuser.answer(self._refuse(scope, 500), time(), is_told=False))

    def _find_fault(self, scope: Scope, framing: Framing) -> Refused | None:
        """Return what is refused in the head of a request."""
        limits = self._limits
        if len(read_target(scope)) > limits.max_target:
            return self._refuse(scope, 414)
        if framing.size > limits.max_headers:
            return self._refuse(scope, 431)
        problem = find_host_problem(framing.hosts, scope["http_version"])
        if problem is not None:
            return self._refuse(scope, 400, problem)
        return self._refuse(scope, 413) if framing.length > limits.max_body else None

    def _refuse(self, scope: Scope, status: int, finding: str = "") -> Refused:
        asked = Request(scope["method"], read_target(scope), headers=read_headers(scope))
        return Refused(status, finding, self._limits, asked, is_whole=True)


async def _read_body(receive: Receive, most: int) -> bytes:
    """Return the body, or the beginning of one that has more bytes than `most`.

    Raises:
        ConnectionError: The client has left.
    """
    body = bytearray()
    while len(body) <= most:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionError
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)
