"""Replays the recorded exchanges of the real framework against the stub.

Run it for the score by area and profile: `uv run python -m tests.vendors.aspnet.replaying`, with `--socket` over a real
connection.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import re
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask

from mockserver import create_app
from mockserver.server.endpoint import Endpoint
from mockserver.server.serving import Server

RECORDED = Path(__file__).parent / "recorded"

PROFILES: dict[str, dict[str, Any]] = {
    "attr": {"model_state": "ignored"},
    "checked": {"model_state": "checked"},
    "typed": {"model_state": "ignored", "missing": "message"},
    "nulls": {"model_state": "ignored", "missing": "null"},
    "strict406": {"model_state": "ignored", "refuse_unacceptable": True},
}
"""How the stub is set up to be the application of a profile."""


@dataclass(frozen=True)
class Answer:
    """What is compared: status, Content-Type, Allow and the body; some members of it read `*`."""

    status: int
    content_type: str | None
    allow: frozenset[str]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """A recorded request and its answer. `advisory`: it hinges on the runtime that recorded it."""

    name: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    request_body: bytes
    answer: Answer
    masks: tuple[str, ...]
    advisory: bool

    @property
    def area(self) -> str:
        return self.name.split("/")[0]

    @property
    def profile(self) -> str:
        return self.name.split("/")[1]


@cache
def load_exchanges() -> tuple[Exchange, ...]:
    lines = (RECORDED / "exchanges.jsonl").read_text("utf-8").split("\n")
    return tuple(read_exchange(json.loads(line)) for line in lines if line)


def read_exchange(row: dict[str, Any]) -> Exchange:
    request, response = row["request"], row["response"]
    masks = tuple(row.get("masks", ()))
    return Exchange(
        name=row["name"],
        method=request["method"],
        target=request["target"],
        headers=tuple((name, value) for name, value in request["headers"]),
        request_body=read_body(request),
        answer=make_answer(response["status"], response["headers"], read_body(response), masks),
        masks=masks,
        advisory="runtime" in row.get("depends", ()),
    )


def read_body(message: dict[str, Any]) -> bytes:
    if "body_b64" in message:
        return base64.b64decode(message["body_b64"])
    return str(message.get("body", "")).encode()


def make_answer(status: int, headers: Any, body: bytes, masks: tuple[str, ...]) -> Answer:
    by_name: dict[str, list[str]] = {}
    for name, value in headers:
        by_name.setdefault(name.lower(), []).append(value)
    allow = frozenset(each.strip() for value in by_name.get("allow", ()) for each in value.split(","))
    if "StackTrace" in masks:
        body = re.sub(rb'"StackTrace":"(?:[^"\\]|\\.)*"', b'"StackTrace":"*"', body)
    if "MessageDetail(controller namespace)" in masks:
        body = re.sub(rb"in '\w+\.", b"in '*.", body)
    return Answer(status, by_name.get("content-type", [None])[0], allow, body)


@cache
def make_app(profile: str) -> Flask:
    name, _, detail = profile.partition("+")
    return create_app(
        fixtures=RECORDED,
        source="fixtures",
        base_path="/",
        error_detail=bool(detail),
        host_headers=False,
        cors=False,
        **PROFILES[name],
    )


def ask_in_process(exchange: Exchange) -> Answer:
    """The answer over the WSGI surface, the target as it is."""
    path, _, query = exchange.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": exchange.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode("utf-8")).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": exchange.target,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(exchange.request_body),
    }
    for name, value in exchange.headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = f"{environ[key]}, {value}" if key in environ else value
    status, headers, body = "", [], b""

    def start_response(line: str, sent: list[tuple[str, str]], _error: object = None) -> None:
        nonlocal status, headers
        status, headers = line, sent

    body = b"".join(make_app(exchange.profile)(environ, start_response))  # type: ignore[arg-type]
    return make_answer(int(status[:3]), headers, body, exchange.masks)


@contextmanager
def serve_profiles(kind: Callable[[Flask], Endpoint] = Server) -> Iterator[Callable[[Exchange], Answer]]:
    """A way to ask over a socket: a server for each profile, and a connection for each request."""
    servers = {profile: kind(make_app(profile)) for profile in {each.profile for each in load_exchanges()}}
    threads = [threading.Thread(target=server.run) for server in servers.values()]
    for thread in threads:
        thread.start()
    try:
        yield lambda exchange: ask_over_socket(exchange, servers[exchange.profile])
    finally:
        for server in servers.values():
            server.stop()
        for thread in threads:
            thread.join()


def ask_over_socket(exchange: Exchange, server: Endpoint) -> Answer:
    host, port = server.url.removeprefix("http://").split(":")
    lines = [f"{exchange.method} {exchange.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in exchange.headers if name.lower() != "content-length"]
    lines += [f"Content-Length: {len(exchange.request_body)}"] if exchange.request_body else []
    if not any(name.lower() == "connection" for name, _ in exchange.headers):
        lines.append("Connection: close")
    lines += ["", ""]
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall("\r\n".join(lines).encode("utf-8") + exchange.request_body)
        received = http.client.HTTPResponse(connection, method=exchange.method)
        received.begin()
        return make_answer(received.status, received.getheaders(), received.read(), exchange.masks)


def score(ask: Callable[[Exchange], Answer]) -> Iterator[str]:
    """A line for each area and profile: how many answers are equal, of how many."""
    equal: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    for exchange in load_exchanges():
        for key in ((exchange.area, exchange.profile), ("all", "all")):
            total[key] += 1
            equal[key] += ask(exchange) == exchange.answer
    for area, profile in sorted(total):
        yield f"{area:14}{profile:18}{equal[area, profile]:4} of {total[area, profile]}"


def main() -> None:
    if "--socket" in sys.argv[1:]:
        with serve_profiles() as ask:
            sys.stdout.write("\n".join(score(ask)) + "\n")
    else:
        sys.stdout.write("\n".join(score(ask_in_process)) + "\n")


if __name__ == "__main__":
    main()
