"""The parts of waitress that the server overrides or uses: a version that changes one fails here, by its name."""

from __future__ import annotations

import ast
import inspect
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from waitress import parser, utilities, wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask

import mockserver.server
from mockserver.server.channel import Channel
from mockserver.server.parser import Parser
from mockserver.server.tasks import Answering, Refusing
from mockserver.server.threads import Threads
from tests.support.applications import plain

SIGNATURES: list[tuple[Callable[..., object], str]] = [
    (parser.HTTPRequestParser.__init__, "(self, adj)"),
    (parser.HTTPRequestParser.received, "(self, data)"),
    (parser.HTTPRequestParser.parse_header, "(self, header_plus)"),
    (parser.get_header_lines, "(header)"),
    (utilities.Error.__init__, "(self, body)"),
    (HTTPChannel.__init__, "(self, server, sock, addr, adj, map=None)"),
    (HTTPChannel.readable, "(self)"),
    (HTTPChannel.received, "(self, data)"),
    (HTTPChannel.handle_read, "(self)"),
    (HTTPChannel.handle_close, "(self)"),
    (HTTPChannel.write_soon, "(self, data)"),
    (Task.build_response_header, "(self)"),
    (Task.set_close_on_finish, "(self) -> None"),
    (Task.write, "(self, data)"),
    (WSGITask.get_environment, "(self)"),
    (ErrorTask.execute, "(self)"),
    (BaseWSGIServer.pull_trigger, "(self)"),
    (create_server, "(application, map=None, _start=True, _sock=None, _dispatcher=None, **kw)"),
    (ThreadedTaskDispatcher.__init__, "(self)"),
    (ThreadedTaskDispatcher.add_task, "(self, task)"),
    (ThreadedTaskDispatcher.set_thread_count, "(self, count)"),
    (ThreadedTaskDispatcher.shutdown, "(self, cancel_pending=True, timeout=5)"),
    (wasyncore.dispatcher.close, "(self)"),
    (wasyncore.loop, "(timeout=30.0, use_poll=False, map=None, count=None)"),
]


@pytest.mark.parametrize(("part", "signature"), SIGNATURES, ids=lambda each: getattr(each, "__qualname__", ""))
def test_method_is_called_as_before(part: Callable[..., object], signature: str) -> None:
    assert str(inspect.signature(part)) == signature


NAMES = {
    "parser": "body_rcv chunked command completed connection_close content_length error expect_continue first_line "
    "fragment header_plus headers parse_header path proxy_netloc proxy_scheme query received request_uri url_scheme "
    "version",
    "error": "body code reason",
    "channel": "addr adj check_client_disconnected close_when_flushed connected error_task_class handle_close "
    "handle_read parser_class readable service received request requests server socket task_class total_outbufs_len "
    "will_close write_soon",
    "task": "build_response_header channel chunked_response close_on_finish complete content_bytes_written "
    "content_length execute has_body request response_headers set_close_on_finish start_time status version write "
    "wrote_header",
    "wsgi_task": "environ get_environment",
    "server": "active_channels add_task asyncore channel_class pull_trigger task_dispatcher trigger",
    "trigger": "close",
    "task_dispatcher": "active_count add_task lock logger queue queue_logger set_thread_count shutdown "
    "stop_count threads",
    "asyncore": "dispatcher loop",
    "dispatcher": "close",
}
"""The attributes and methods by the object that has them."""


@pytest.fixture(scope="module")
def parts() -> Iterator[Mapping[str, Any]]:
    """One object of each kind, as waitress makes them."""
    listening = socket.create_server(("127.0.0.1", 0))
    server: Any = create_server(plain, map={}, sockets=[listening], threads=1)
    request: Any = parser.HTTPRequestParser(Adjustments())
    request.received(b"GET / HTTP/1.1\r\n\r\n")
    here, there = socket.socketpair()
    channel = HTTPChannel(server, here, ("", 0), server.adj, map={})
    with closing(there), closing(here), closing(listening):
        yield {
            "parser": request,
            "error": utilities.BadRequest("odd"),
            "channel": channel,
            "task": ErrorTask(channel, request),
            "wsgi_task": WSGITask(channel, request),
            "server": server,
            "trigger": server.trigger,
            "task_dispatcher": server.task_dispatcher,
            "asyncore": server.asyncore,
            "dispatcher": server.asyncore.dispatcher,
        }
        server.task_dispatcher.shutdown()
        server.close()


@pytest.mark.parametrize(("part", "name"), [(part, name) for part, names in NAMES.items() for name in names.split()])
def test_part_is_there(part: str, name: str, parts: Mapping[str, Any]) -> None:
    assert hasattr(parts[part], name)


def test_every_part_that_is_used_is_named(parts: Mapping[str, Any]) -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in Path(mockserver.server.__path__[0]).glob("*.py")]
    used = {node.attr for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    overridden = {name for each in (Parser, Channel, Answering, Refusing, Threads) for name in vars(each)}
    waitress = {name for each in parts.values() for name in dir(each) if not name.startswith("__")}

    named = {name for names in NAMES.values() for name in names.split()}
    others = {"cancel", "getsockname", "recv", "run", "send", "start"}
    assert (used | overridden) & waitress - named == others
