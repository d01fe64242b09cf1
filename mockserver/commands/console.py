"""What the terminal shows: the start table, a line a request, problems."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from traceback import walk_tb
from typing import Final, TextIO

import click

from mockserver.contract.contract import Operation, write_target
from mockserver.documents.wording import count
from mockserver.fixtures.links import escape_path, link_answer
from mockserver.http.messages import Exchange
from mockserver.stub.loading import Stub
from mockserver.version import __version__

LONGEST_TARGET: Final = 200


LONGEST_SESSION: Final = 80


SHOWN_LINKS: Final = 20
"""Links of one operation that the start table shows at the most."""


Clock = Callable[[], datetime]


class Console:
    """Writes to the terminal; falls silent, instead of failing, when nobody reads any more."""

    def __init__(self, clock: Clock, *, quiet: bool = False) -> None:
        self._clock = clock
        self._quiet = quiet
        self._lock = threading.Lock()

    def show_start(self, stub: Stub, url: str) -> None:
        """The line with the URL, then what is served, with links to try."""
        self._write(f"mockserver {__version__} serves {stub.contract.title} at {url}")
        if not self._quiet:
            for line in describe_stub(stub, url):
                self._write(line)
            self._write("Stop with Ctrl-C.")

    def show_exchange(self, exchange: Exchange, seconds: float) -> None:
        """One line: time, method, target, status, source, milliseconds."""
        if self._quiet:
            return
        time = self._clock().strftime("%H:%M:%S")
        request = f"{escape(exchange.request.method)} {escape(exchange.request.target)}"
        self._write(f"{time} {request} {exchange.reply.status} {_describe_source(exchange)} {seconds * 1000:.1f} ms")

    def show_reload(self, line: str) -> None:
        """What became of files that were saved, on standard error."""
        with self._lock:
            show_problem(line)

    def _write(self, line: str) -> None:
        with self._lock:  # A text stream is not made for threads.
            show_line(line)


def _describe_source(exchange: Exchange) -> str:
    """Return the source with the session, cut, and the fault: `generated in session x with reset`."""
    session = "" if exchange.session is None else f" in session {exchange.session[:LONGEST_SESSION]}"
    return f"{exchange.source}{session}{f' with {exchange.fault}' if exchange.fault else ''}"


def describe_stub(stub: Stub, url: str) -> Iterator[str]:
    """The start table: each operation with links to its examples and answers, then the counts."""
    for operation in stub.contract.operations:
        paths = " and ".join(root + operation.path for root in stub.roots)
        yield f"  {operation.method} {paths}"
        yield from _describe_links(stub, operation, url)
    rest = {
        "auto": "others are generated",
        "fixtures": "others are not found",
        "generated": "all are generated",
    }
    fixtures = f"{count(len(stub.fixtures.records), 'record')} and {count(len(stub.fixtures.answers), 'answer')}"
    page = f"{url}{escape_path(stub.prefix)}/"
    yield f"  {fixtures}, {rest[str(stub.settings['source'])]} (seed {stub.settings['seed']}); {page}"


def _describe_links(stub: Stub, operation: Operation, url: str) -> Iterator[str]:
    links = list(dict.fromkeys(_list_links(stub, operation)))
    shown = links[:SHOWN_LINKS]
    width = max((len(name) for name, _ in shown), default=0)
    for name, target in shown:
        yield f"    {name:{width}}  {url}{escape_path(stub.roots[0])}{target}"
    if links != shown:
        yield f"    and {len(links) - len(shown)} more"


def _list_links(stub: Stub, operation: Operation) -> Iterator[tuple[str, str]]:
    """Names and targets: every example, and the answers that a link alone can ask for."""
    for name, arguments in operation.examples.items():
        yield name, write_target(operation, arguments)
    for answer in stub.fixtures.answers:
        target = link_answer(operation, answer) if answer.operation == operation.id else None
        if target is not None:
            yield answer.name, target


def escape(text: str) -> str:
    """Text that cannot move the cursor or begin a line: everything but printable ASCII escaped, and cut."""
    shown = "".join(c if " " < c <= "~" else c.encode("unicode_escape").decode() for c in text[:LONGEST_TARGET])
    return shown.replace(" ", "%20") + ("..." if len(text) > LONGEST_TARGET else "")


def show_line(line: str, *, err: bool = False) -> None:
    """A line on the terminal, with escapes for what could move its cursor or begin another line."""
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    try:
        click.echo(shown, err=err)
    except OSError:
        _discard(sys.stderr if err else sys.stdout)


def _discard(stream: TextIO) -> None:
    """Lead a stream that nobody reads to nowhere; else Python fails at its end on what the stream still holds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def show_problem(text: str) -> None:
    """A problem, on standard error."""
    show_line(text, err=True)


def set_up_logging() -> None:
    """Warnings and errors of the stub and its server as single lines on standard error."""
    for name in ("mockserver", "waitress"):
        logging.getLogger(name).handlers[:] = [_LineHandler()]


class _LineHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        told = "" if error is None else f" {error!r}{_place_of(error)}"
        show_problem(f"{record.levelname}: {record.getMessage()}{told}")


def _place_of(error: BaseException) -> str:
    """Where it was raised; one line instead of a traceback."""
    innermost = list(walk_tb(error.__traceback__))[-1:]
    return "".join(f" at {frame.f_code.co_filename}:{line}" for frame, line in innermost)
