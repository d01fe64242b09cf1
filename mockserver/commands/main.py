"""The command line: `mockserver serve`, `mockserver check` and `mockserver edges`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Final, TypeVar

import click

from mockserver.commands.console import Console, set_up_logging, show_line, show_problem
from mockserver.conformance.records import find_record_problems
from mockserver.contract.openapi import load_contract
from mockserver.documents.problems import DocumentError, StartError
from mockserver.documents.wording import count
from mockserver.generation.edges import EDGES, list_edges
from mockserver.planning.supply import SOURCES
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from mockserver.stub.current import Current
from mockserver.stub.inputs import locate_contract
from mockserver.stub.loading import DEFAULT_PREFIX, ON_BREACH, Stub, load_stub
from mockserver.stub.watching import Watcher
from mockserver.vendors.aspnet.hosting import MISSING, MODEL_STATES
from mockserver.version import __version__
from mockserver.web.app import create_app

AT_LEAST_ONE: Final = click.IntRange(1)


Command = TypeVar("Command", bound=Callable[..., object])


PROBLEMS: Final = 1


UNUSABLE: Final = 2


SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")
"""What ends the server. Windows alone has the last, for Ctrl-Break and for programs that end another's group."""


def _option(name: str, help_text: str, **settings: object) -> Callable[[Command], Command]:
    """An option that is a `MOCKSERVER_*` variable of the environment too."""
    variable = f"MOCKSERVER_{name.partition('/')[0].removeprefix('--').upper().replace('-', '_')}"
    settings = {"show_default": "default" in settings, **settings}
    return click.option(name, envvar=variable, show_envvar=True, help=help_text, **settings)  # type: ignore[arg-type]  # click types its settings one by one


_INPUTS: Final = (
    _option("--contract", "The OpenAPI document.  [default: the shipped one]", metavar="FILE"),
    _option("--fixtures", "Records and answers.  [default: the shipped ones]", metavar="PATH"),
    _option("--source", "Where records come from.", type=click.Choice(tuple(SOURCES)), default="auto"),
    _option("--seed", "What generated records depend on.", default="0"),
    _option("--locale", "The Faker locale of generated records.", default="en_US"),
    _option("--utc-offset", "The offset of generated dates.", default="+10:00"),
)


_HOST: Final = (
    _option("--model-state", "What becomes of a wrong one.", type=click.Choice(MODEL_STATES), default="contract"),
    _option("--missing", "What is answered where nobody is found.", type=click.Choice(MISSING), default="empty"),
    _option("--error-detail", "Tell what a caller on the server's own machine sees.", is_flag=True),
    _option("--refuse-unacceptable", "Answer 406 where nothing suits the Accept header.", is_flag=True),
    _option("--strict", "Take integers in plain decimal only.", is_flag=True),
    _option("--host-headers/--no-host-headers", "Add the headers that a host adds.", default=True),
)


_SERVER: Final = (
    _option("--host", "The address to listen on.", default="127.0.0.1"),
    _option("--port", "The port; 0 finds a free one.", type=click.IntRange(0, 65535), default=8080),
    _option("--threads", "Requests answered at once.", type=click.IntRange(1, 1000), default=Limits().threads),
    _option("--connections", "Connections held at once.", type=AT_LEAST_ONE, default=Limits().connections),
    _option("--max-target", "The longest target, in bytes.", type=AT_LEAST_ONE, default=Limits().max_target),
    _option("--max-headers", "The longest headers, in bytes.", type=AT_LEAST_ONE, default=Limits().max_headers),
    _option("--max-body", "The longest body, in bytes.", type=click.IntRange(0), default=Limits().max_body),
    _option("--on-breach", "What to do with a breach of the contract.", type=click.Choice(ON_BREACH), default="refuse"),
    _option("--base-path", "Serve here; repeatable.  [default: the contract's servers]", multiple=True, metavar="PATH"),
    _option("--prefix", "The path of the stub's own pages.", default=DEFAULT_PREFIX),
    _option("--cors/--no-cors", "Let pages of other origins ask and read.", default=True),
    _option("--admin-token", "Who sends it may change what is served from anywhere.", metavar="TEXT"),
    _option("--reload/--no-reload", "Serve what is saved to contract and fixtures.", default=True),
    _option("--ready-file", "Write the root URL here once requests are answered.", metavar="FILE"),
    _option("--quiet", "Show the URL only, no table and no requests.", is_flag=True),
)


def _with(options: tuple[Callable[[Command], Command], ...]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def main() -> None:
    """Serve a stub of an API from its contract, fixtures and generated records."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    set_up_logging()


@main.command()
@_with(_INPUTS)
@_with(_HOST)
@_with(_SERVER)
def serve(
    contract: str | None,
    host: str,
    port: int,
    ready_file: str | None,
    *,
    quiet: bool,
    reload: bool,
    **settings: object,
) -> None:
    """Serve the stub until Ctrl-C or SIGTERM."""
    console = Console(datetime.now, quiet=quiet)
    limits = Limits(**{each.name: settings.pop(each.name) for each in fields(Limits)})  # type: ignore[arg-type]  # integers
    try:
        _remove(ready_file)
        _require_contract(contract)
        app = create_app(contract=contract, observe=console.show_exchange, **settings)  # type: ignore[arg-type]  # named as its options
        current = app.extensions["mockserver"]
        with closing(Server(app, host, port, limits)) as server, _watch(current, console) if reload else nullcontext():
            _run(server, current.served.stub, console, ready_file)
    except StartError as error:
        for line in _list_lines(error):
            show_problem(line)
        sys.exit(UNUSABLE)


@contextmanager
def _watch(current: Current, console: Console) -> Iterator[None]:
    """Have saved files loaded anew meanwhile."""
    watcher = Watcher(current, console.show_reload)
    watcher.start()
    try:
        yield
    finally:
        watcher.stop()


def _run(server: Server, stub: Stub, console: Console, ready_file: str | None) -> None:
    """Serve until a signal; a second one ends at once.

    The signals are obeyed and the ready file is there before the URL is shown. The server listens by then, so
    whoever reads either may send a request, or a signal, straight away.
    """

    def end(*_: object) -> None:
        if server.is_stopping:
            sys.exit(0)
        server.stop()

    for name in SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), end)
    try:
        _write_ready(ready_file, server.url)
        for warning in stub.fixtures.warnings:
            show_problem(f"WARNING: {warning}")
        console.show_start(stub, server.url)
        server.run()
    finally:
        _remove(ready_file)


def _write_ready(ready_file: str | None, url: str) -> None:
    """Write the URL in one step, so that whoever waits for the file never reads half of it."""
    if ready_file is None:
        return
    path = Path(ready_file)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(f"{url}\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StartError(f"{path}: the ready file cannot be written: {error.strerror}. Choose another.") from None


def _remove(ready_file: str | None) -> None:
    """An old ready file would tell that a server is ready which is not."""
    if ready_file is not None:
        try:
            Path(ready_file).unlink(missing_ok=True)
        except OSError as error:
            finding = f"the ready file cannot be removed: {error.strerror}. Choose another."
            raise StartError(f"{ready_file}: {finding}") from None


def _require_contract(contract: str | None) -> None:
    """A file that is not there is no problem in a document: it was named wrongly."""
    if contract is None:
        return
    path = Path(contract)
    try:
        path.stat()
    except OSError as error:
        raise StartError(f"{path}: the contract cannot be read: {error.strerror}. Name an OpenAPI document.") from None
    if path.is_dir():
        raise StartError(f"{path}: the contract is a folder. Name the OpenAPI document itself.")


def _list_lines(error: StartError) -> list[str]:
    return [str(problem) for problem in error.problems] if isinstance(error, DocumentError) else [str(error)]


@main.command()
@_with(_INPUTS)
@_with(_HOST)
def check(contract: str | None, **settings: object) -> None:
    """Check the contract and every fixture: 0 when clean, 1 with problems, 2 for wrong usage."""
    try:
        _require_contract(contract)
        stub = load_stub(contract=contract, **settings)  # type: ignore[arg-type]  # the options are named as its arguments
        problems = find_record_problems(stub)
        if problems:
            raise DocumentError(problems)
    except DocumentError as error:
        for line in _list_lines(error):
            show_line(line)
        show_line(f"{count(len(error.problems), 'problem')}.")
        sys.exit(PROBLEMS)
    except StartError as error:
        show_problem(str(error))
        sys.exit(UNUSABLE)
    fixtures = stub.fixtures
    show_line(
        f"No problems: {count(len(stub.contract.operations), 'operation')}, "
        f"{count(len(fixtures.records), 'record')} and {count(len(fixtures.answers), 'answer')} "
        f"in {count(len(fixtures.files), 'file')}."
    )


@main.command()
@_with(_INPUTS[:1])
def edges(contract: str | None) -> None:
    """List the edge cases of each operation: odd but valid records, to be had by `?__edge=NAME`."""
    try:
        _require_contract(contract)
        loaded = load_contract(*locate_contract(contract))
    except StartError as error:
        for line in _list_lines(error):
            show_problem(line)
        sys.exit(UNUSABLE)
    for operation in loaded.operations:
        names = list_edges(loaded.components[operation.component]) if operation.component else ()
        show_line(f"{operation.id}{'' if names else ': none'}")
        for name in names:
            show_line(f"  {name:18} {EDGES[name].about}")
