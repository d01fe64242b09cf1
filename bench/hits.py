"""What a known answer costs in process: the application is called as the server calls it, without a server."""

from __future__ import annotations

import sys
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from mockserver import create_app
from mockserver.http.messages import HEADER_FIELDS, HEADER_LINES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

CALLS: Final = 5000
PATH: Final = b"/API/Customers/100200300"
FIELDS: Final = b"Host: 127.0.0.1:8080\r\nUser-Agent: bench/1.0\r\nAccept: application/json\r\nConnection: keep-alive"


def time_hits(rounds: int) -> dict[str, list[float]]:
    """Microseconds of CPU of a known answer in each round, and of the same without a journal or without the cache."""
    apps = {
        "known answer": (create_app(), CALLS),
        "known answer, no journal": (create_app(journal_entries=0), CALLS),
        "known answer, no cache": (create_app(cache=False), CALLS // 20),
    }
    costs: dict[str, list[float]] = {name: [] for name in apps}
    for _ in range(rounds):
        for name, (app, calls) in apps.items():
            costs[name].append(_time(app.wsgi_app, calls))
    return costs


def _time(app: WSGIApplication, calls: int) -> float:
    app(_make_environ(), _start)
    environs = [_make_environ() for _ in range(calls)]
    began = process_time()
    for each in environs:
        app(each, _start)
    between = process_time()
    for each in environs:
        _do_nothing(each, _start)
    return (2 * between - began - process_time()) / calls * 1e6


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
