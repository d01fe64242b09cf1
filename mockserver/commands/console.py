"""What the terminal shows of a stub that serves: the start table, one line for each request, warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from time import monotonic
from typing import Final

from mockserver.commands.colours import colour_status
from mockserver.commands.terminal import Writer
from mockserver.contract.contract import Operation
from mockserver.documents.problems import list_problems
from mockserver.documents.wording import count
from mockserver.fixtures.links import escape_path
from mockserver.http.hints import write_hints
from mockserver.http.messages import Exchange
from mockserver.stub.links import Link, Links
from mockserver.stub.loading import Stub
from mockserver.stub.settings import Settings
from mockserver.version import __version__

_LONGEST_TARGET: Final = 200
_LONGEST_SESSION: Final = 80

_TARGET_WIDTH: Final = 36
"""Columns of a target in the lines of requests; a longer one moves the source of its line to the right."""

_HINT_INDENT: Final = " " * 9
"""What stands before the hints of a request, below its time."""

_SHOWN_LINKS: Final = 20
"""How many links of one operation the start table shows."""


class Console:
    """Tells the terminal what happens; the `writer` writes the lines.

    The `clock` tells the time that a line shows; the `timer` counts seconds.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Callable[[], datetime],
        timer: Callable[[], float] = monotonic,
        *,
        quiet: bool = False,
        coloured: bool = False,
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._timer = timer
        self._quiet = quiet
        self._write_status = colour_status if coloured else str
        self._started = timer()
        self._answered: Counter[int] = Counter()
        self._lock = Lock()

    def show_remarks(self, remarks: Iterable[str]) -> None:
        """Show on standard error what the user should know of the start."""
        self._writer.show_problem(*(f"NOTE: {remark}" for remark in remarks))

    def show_warnings(self, stub: Stub) -> None:
        """Show on standard error what contract and fixtures are warned of."""
        self._writer.show_problem(*list_warnings(stub))

    def show_start(self, stub: Stub, url: str, settings_file: str = "") -> None:
        """Show the line with the URL, then the start table, which names the settings file if there is one."""
        first = f"mockserver {__version__} serves {stub.contract.title} at {url}"
        settings = (f"  settings are read from {settings_file}",) if settings_file else ()
        table = (*describe_stub(stub, url), *settings, "Stop with Ctrl-C.")
        self._writer.show(first, *(() if self._quiet else table))

    def show_exchange(self, exchange: Exchange) -> None:
        """Show one line: time, status, milliseconds, method, target, source; then one for the hints, if any."""
        if self._quiet:
            return
        status = exchange.reply.status
        head = f"{self._clock():%H:%M:%S} {self._write_status(status)}"
        request = f"{_escape(exchange.request.method):7} {_escape(exchange.request.target):{_TARGET_WIDTH}}"
        with self._lock:
            self._answered[status // 100] += 1
            self._writer.show(f" {exchange.seconds * 1000:7.1f} ms  {request}  {_describe_source(exchange)}", head=head)
            if exchange.hints:
                self._writer.show(f"{_HINT_INDENT}{write_hints(exchange.hints)}")

    def show_end(self) -> None:
        """Show how long the server ran, and how many requests were answered, by class of status."""
        if self._quiet:
            return
        with self._lock:
            answered = sorted(self._answered.items())
        told = ", ".join(f"{number} with {each}xx" for each, number in answered)
        requests = count(sum(number for _, number in answered), "request")
        duration = timedelta(seconds=int(self._timer() - self._started))
        self._writer.show(f"Stopped after {duration}. {requests} answered{f': {told}' if told else ''}.")


def _describe_source(exchange: Exchange) -> str:
    """Return the source with the session, cut, and the fault: `generated in session x with reset`."""
    session = "" if exchange.session is None else f" in session {exchange.session[:_LONGEST_SESSION]}"
    return f"{exchange.source}{session}{f' with {exchange.fault}' if exchange.fault else ''}"


def describe_stub(stub: Stub, url: str) -> Iterator[str]:
    """Yield the start table: each operation with links to its examples and answers, then the counts."""
    for operation in stub.contract.operations:
        paths = " and ".join(root + operation.path for root in stub.roots)
        yield f"  {operation.method} {paths}"
        yield from _describe_links(stub, operation, url)
    page = f"{url}{escape_path(stub.prefix)}/"
    yield f"  {stub.fixtures.counts}, {_describe_rest(stub.settings)} (seed {stub.settings.seed}); {page}"


def _describe_rest(settings: Settings) -> str:
    if not settings.generates:
        return "others are not found"
    return "others are generated" if settings.serves_fixtures else "all are generated"


def _describe_links(stub: Stub, operation: Operation, url: str) -> Iterator[str]:
    """Yield a line for each link, with the status and the kind of source that it gets now; count those left out."""
    finders = list(_list_finders(stub, operation))
    found = ((name, find()) for name, find in finders[:_SHOWN_LINKS])
    links = ((name, link) for name, link in found if link is not None)
    rows = list(dict.fromkeys((name, f"{link.status} {link.source.kind}", link.target) for name, link in links))
    width, told_width = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
    for name, told, target in rows:
        yield f"    {name:{width}}  {told:{told_width}}  {url}{target}"
    if len(finders) > _SHOWN_LINKS:
        yield f"    and {len(finders) - _SHOWN_LINKS} more"


def _list_finders(stub: Stub, operation: Operation) -> Iterator[tuple[str, Callable[[], Link | None]]]:
    """Yield the names of the examples and answers, each with what finds its link."""
    links = Links(stub)
    for name, arguments in operation.examples.items():
        yield name, partial(links.find_example, operation, arguments)
    for answer in links.list_answers(operation):
        yield answer.name, partial(links.find_answer, operation, answer)


def _escape(text: str) -> str:
    """Escape all but printable ASCII, which could move the cursor or begin a line, and cut the rest."""
    shown = "".join(c if " " < c <= "~" else c.encode("unicode_escape").decode() for c in text[:_LONGEST_TARGET])
    return shown.replace(" ", "%20") + ("..." if len(text) > _LONGEST_TARGET else "")


def list_warnings(stub: Stub) -> list[str]:
    """Return a line for each thing that contract and fixtures are warned of."""
    return [f"WARNING: {warning}" for warning in list_problems(stub.warnings)]
