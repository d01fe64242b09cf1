"""What a known answer costs in process: the application is called as the server calls it, without a server."""

from __future__ import annotations

import sys
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from mockserver import create_app
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES
from mockserver.server.environs import renew

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

CALLS: Final = 5000
PATH: Final = b"/API/Customers/100200300"
FIELDS: Final = b"Host: 127.0.0.1:8080\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\nConnection: keep-alive"


def time_hits(rounds: int) -> dict[str, list[float]]:
    """Microseconds of CPU of a known answer in each round.

    A server does not read an equal head again, and the cache finds in its environment what it has read there before. In
    the other rows each head is read: with all else as it is, without a journal, and without the cache.
    """
    app = create_app()
    contestants = {
        "known answer, equal head": (app, CALLS, _make_equal_environs),
        "known answer": (app, CALLS, _make_environs),
        "known answer, no journal": (create_app(journal_entries=0), CALLS, _make_environs),
        "known answer, no cache": (create_app(cache=False), CALLS // 20, _make_environs),
    }
    costs: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, (stub, calls, make) in contestants.items():
            costs[name].append(_time(stub.wsgi_app, make(stub.wsgi_app, calls)))
    return costs


def _make_environs(app: WSGIApplication, calls: int) -> list[WSGIEnvironment]:
    """Return environments as a server makes them of heads that it reads, after such a request was answered."""
    app(_make_environ(), _start)
    return [_make_environ() for _ in range(calls)]


def _make_equal_environs(app: WSGIApplication, calls: int) -> list[WSGIEnvironment]:
    """Return environments as a server makes them of a head that it has kept."""
    app(_make_environ(), _start)
    kept = _make_environ()
    app(kept, _start)
    return [renew(kept, ("127.0.0.1", "50000")) for _ in range(calls)]


def _time(app: WSGIApplication, environs: list[WSGIEnvironment]) -> float:
    began = process_time()
    for each in environs:
        app(each, _start)
    between = process_time()
    for each in environs:
        _do_nothing(each, _start)
    return (2 * between - began - process_time()) / len(environs) * 1e6


def _do_nothing(_environ: object, _start_response: object) -> None:
    """Stand for the call itself."""


def _start(_status: str, _headers: list[tuple[str, str]], _error: object = None, /) -> Any:  # noqa: ANN401 - never used
    """Take the head of an answer."""


def _make_environ() -> WSGIEnvironment:
    """Return an environment as the server makes it: with texts of its own, whose hashes are not known yet."""
    path = PATH.decode()
    return {
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "50000",
        "REQUEST_METHOD": "GET",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "REQUEST_URI": f"{path}?idType=1",
        "QUERY_STRING": "idType=1",
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "HTTP_HOST": "127.0.0.1:8080",
        "HTTP_USER_AGENT": "bench/1.0",
        "HTTP_ACCEPT": "application/json",
        "HTTP_CONNECTION": "keep-alive",
        HEADER_LINES: {},
        HEADER_FIELDS: bytes(bytearray(FIELDS)),
    }
