"""Asks the WSGI application in process."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from urllib.parse import unquote_to_bytes

import yaml
from werkzeug.test import run_wsgi_app

from bench.replay.inputs import THING, Row, sort_allowed, to_text
from bench.replay.requests import Ask, list_groups

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Ear(logging.Handler):
    """What is told of a request beside its answer: its source, lines of the log, and waits, which take no time here."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname}: {record.getMessage()}")

    def wait(self, seconds: float) -> None:
        """Stand for `time.sleep`."""
        self.heard.append(f"waits {seconds!r} s")

    def observe(self, exchange: Any, *_: object) -> None:  # noqa: ANN401 - before, the seconds came beside it
        """Stand for whoever is told of exchanges; the source may name session and fault, or they stand beside it."""
        request = f"{exchange.request.method} {exchange.request.target[:200]}"
        session, fault = getattr(exchange, "session", None), getattr(exchange, "fault", None)
        beside = f"{'' if session is None else f' in session {session[:80]}'}{f' with {fault}' if fault else ''}"
        self.heard.append(f"{request} {exchange.reply.status} {exchange.source}{beside}")


def ask_groups() -> Iterator[Row]:
    """Yield the answer to each request, and what becomes of each set-up."""
    ear = _Ear()
    with patch("time.sleep", ear.wait):
        from mockserver import create_app  # Not before: the application takes `sleep` when it is imported.

        logging.getLogger("mockserver").addHandler(ear)
        for settings, asks in list_groups():
            try:
                given = yaml.safe_load(f"{{{settings}}}")
                given |= {"schemas": {"Thing": THING}} if given.get("contract") == "things.yaml" else {}
                app = create_app(observe=ear.observe, **given)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
                yield f"start with {settings}", {"error": str(error)}
                continue
            for each in asks:
                ear.heard.clear()
                row = _ask(app, each)
                shown = (each.line[:300], ", ".join(each.headers)[:300], to_text(each.body[:99]))
                yield " | ".join((settings, *shown)), {**row, "told": "\n".join(ear.heard)}


def _ask(app: WSGIApplication, each: Ask) -> dict[str, str]:
    method, _, target = each.line.partition(" ")
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "REQUEST_URI": target,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": str(len(each.body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(each.body),
        "wsgi.errors": io.StringIO(),
    }
    for name, _, value in (header.partition(": ") for header in each.headers):
        key = name.upper().replace("-", "_")
        environ[name if name in environ else key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    environ["PATH_INFO"] = str(environ["PATH_INFO"]).removeprefix(str(environ["SCRIPT_NAME"]))
    try:
        pieces, status, headers = run_wsgi_app(app, environ)
        body = [piece for piece in pieces if piece]
    except Exception as error:  # noqa: BLE001 - whatever it is, it is recorded
        return {"error": repr(error)}
    lines = "\n".join(f"{name}: {value}" for name, value in headers.to_wsgi_list())
    lengths = " ".join(str(len(piece)) for piece in body) if len(body) > 1 else ""
    return {"status": status, "headers": sort_allowed(lines), "body": to_text(b"".join(body)), "pieces": lengths}
