"""`mockserver serve`: serves the stub until a signal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import fields
from datetime import datetime

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.colours import has_colours
from mockserver.commands.console import Console
from mockserver.commands.input_end import watch_input
from mockserver.commands.log_lines import set_up_logging
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.ready_file import ReadyFile
from mockserver.commands.serve_settings import ServeSettings, describe_settings
from mockserver.commands.settings_file import SettingsFile
from mockserver.commands.signals import handle_ends
from mockserver.commands.terminal import Writer
from mockserver.documents.problems import SettingError
from mockserver.server.endpoint import Endpoint
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from mockserver.stub.current import Current
from mockserver.stub.inputs import require_contract
from mockserver.stub.loading import Stub
from mockserver.stub.settings import Settings
from mockserver.stub.watching import Watcher
from mockserver.web.app import create_app
from mockserver.web.recording import Recorder


@click.command(cls=Command)
@add_options(describe_settings().values())
@click.pass_obj
def serve(file: SettingsFile, /, **given: object) -> None:
    """Serve the stub until Ctrl-C or SIGTERM."""
    own = ServeSettings(**select(fields(ServeSettings), given))
    limits = Limits(**select(fields(Limits), given))
    settings = select(fields(Settings), given)
    ready_file = ReadyFile(own.ready_file)
    with _ending(own.server), Writer() as writer:
        set_up_logging(writer.show_problem)
        coloured = has_colours(sys.stdout, os.environ)
        console = Console(writer, datetime.now, quiet=own.quiet, coloured=coloured)
        ready_file.remove_stale()
        require_contract(settings["contract"])
        with without_collection():
            app = create_app(observe=None if own.quiet else console.show_exchange, **settings)
        current: Current = app.extensions["mockserver"]
        watching = _watch(current, writer) if own.reload else nullcontext()
        recorder: Recorder = app.extensions["mockserver.recorder"]
        server = _find_server(own.server)(
            app,
            own.host,
            own.port,
            limits,
            cors=settings["cors"],
            observe=recorder.record_refusal,
            recall=app.extensions.get("mockserver.recall"),
        )
        if own.end_with_input:
            watch_input(server.stop)
        with closing(server), watching:
            _run(server, current.served.stub, console, ready_file, file.name)


@contextmanager
def _ending(server: str) -> Iterator[None]:
    """End the process here after granian has served, without the end of the interpreter.

    Threads of granian outlive its stop for a moment. One that asks for the interpreter while that ends is ended with
    it, which granian takes for a fault: it aborts the process.
    """
    try:
        yield
    except SystemExit:
        if server != "granian":
            raise
    if server == "granian":
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        os._exit(0)


def _find_server(name: str) -> type[Endpoint]:
    """Return the server of a name.

    Raises:
        SettingError: It is not installed.
    """
    if name == "waitress":
        return Server
    try:
        from mockserver.server.fast_serving import FastServer
    except ImportError as error:
        remedy = "Install mockserver with its extra: mockserver[fast]."
        raise SettingError("server", f"{name} is missing: {error}. {remedy}") from None
    return FastServer


@contextmanager
def _watch(current: Current, writer: Writer) -> Iterator[None]:
    """Load saved files in the meantime."""
    watcher = Watcher(current, writer.show_problem)
    watcher.start()
    try:
        yield
    finally:
        watcher.stop()


def _run(server: Endpoint, stub: Stub, console: Console, ready_file: ReadyFile, settings_file: str) -> None:
    """Serve until a signal; a second one ends at once.

    The server listens, the signals are handled and the ready file is written before the URL is shown: whoever reads
    the URL may send a request or a signal straight away.
    """

    def end(*_: object) -> None:
        if server.is_stopping:
            ready_file.remove(server.url)  # The signal may come while it is removed.
            sys.exit(0)
        server.stop()

    handle_ends(end)
    try:
        ready_file.write(server.url)
        console.show_remarks(server.remarks)
        console.show_warnings(stub)
        console.show_start(stub, server.url, settings_file)
        server.run()
        console.show_end()
    finally:
        ready_file.remove(server.url)
