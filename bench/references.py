"""A constant WSGI app, by waitress or granian as they come: the most that a Python application can reach.

`python -m bench.references waitress|granian PORT < JSON`, which has `status`, `headers` and `body`.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def make_constant_app(status: int, headers: list[tuple[str, str]], body: str) -> WSGIApplication:
    """One answer, whatever is asked."""
    line, data = f"{status} {HTTPStatus(status).phrase}", body.encode()
    sent = [*((name, value) for name, value in headers), ("Content-Length", str(len(data)))]

    def answer(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(line, list(sent))
        return [data]

    return answer


def serve_by_waitress(app: WSGIApplication, port: int) -> None:
    """Serve by waitress with its defaults."""
    import waitress

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # It would tell of each request that waits.
    waitress.serve(app, host="127.0.0.1", port=port)


def serve_by_granian(app: WSGIApplication, port: int) -> None:
    """Serve by granian with one thread for Python, by which it is fastest."""
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "app", port=port, interface=Interfaces.WSGI, blocking_threads=1, websockets=False, log_enabled=False
    )
    server.serve(target_loader=lambda *_: app, wrap_loader=False)


if __name__ == "__main__":
    serve = {"waitress": serve_by_waitress, "granian": serve_by_granian}[sys.argv[1]]
    serve(make_constant_app(**json.load(sys.stdin)), int(sys.argv[2]))
