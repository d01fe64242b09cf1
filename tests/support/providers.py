"""Providers on this machine that answer byte by byte, as wrong as a test needs it."""

from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus

from mockserver.http.messages import Reply
from mockserver.web.app import create_app
from tests.support.waiting import SECONDS

Answer = Callable[[str, bytes], Iterable[bytes]]
"""Gives the pieces of an answer for a target and the whole head of its request."""


@contextmanager
def providing(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the answers on a port of its own; gives the URL."""

    class Handler(socketserver.StreamRequestHandler):
        timeout = SECONDS

        def handle(self) -> None:
            head = b"".join(iter(self.rfile.readline, b"\r\n"))
            with suppress(OSError):
                for piece in answer(head.split(b" ")[1].decode(), head):
                    self.wfile.write(piece)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing of clients that go, such as those that do not trust the certificate."""

    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"{'http' if context is None else 'https'}://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join(SECONDS)


def write_reply(reply: Reply, size: int | None = None) -> bytes:
    """Return a reply as it is sent, with another Content-Length if one is given."""
    lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
    lines += [f"{name}: {value}" for name, value in reply.headers if name.lower() != "content-length"]
    lines += [f"Content-Length: {len(reply.body) if size is None else size}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + reply.body


def make_json(status: int, text: str) -> Reply:
    """Return a reply with JSON text as the stub sends it."""
    return Reply(status, (("Content-Type", "application/json; charset=utf-8"),), text.encode())


def ask_stub(**settings: object) -> Callable[[str], Reply]:
    """Return what gives the answers of a stub with these settings."""
    client = create_app(**settings).test_client()  # type: ignore[arg-type]  # They come by name.

    def ask(target: str) -> Reply:
        response = client.get(target)
        return Reply(response.status_code, tuple(response.headers.items()), response.get_data())

    return ask
