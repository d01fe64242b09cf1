"""`mockserver mcp`: offers a stub to agents, by the Model Context Protocol on standard input and output."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

import click

from mockserver.commands.console import list_warnings
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.terminal import show_problem
from mockserver.documents.problems import StartError
from mockserver.stub.inputs import require_contract
from mockserver.stub.settings import Settings
from mockserver.stub.watching import Watcher
from mockserver.testing.management import Management
from mockserver.testing.running_stub import RunningStub
from mockserver.testing.transports import HttpTransport


@click.command(cls=Command)
@click.option("--url", help="Running stub, as it has printed its URL; by default one of these settings is started.")
@click.option("--session", help="Session that all requests are in.")
@add_options(fields(Settings))
def mcp(url: str | None, session: str | None, **given: object) -> None:
    """Offer a stub to coding agents as tools.

    They speak the Model Context Protocol (MCP) on standard input and output.
    """
    try:
        from mockserver.commands.agent_tools import make_server
    except ImportError as error:
        raise StartError(
            f"The MCP SDK is missing: {error}. Install mockserver with its extra: mockserver[mcp]."
        ) from None
    settings = select(fields(Settings), given)
    with _find_stub(url, settings) as root:
        prefix, token = Settings(**settings).pages, settings["admin_token"]
        make_server(Management(HttpTransport(root), prefix, token, session)).run()


@contextmanager
def _find_stub(url: str | None, settings: dict[str, Any]) -> Iterator[str]:
    """Yield the URL of the running stub, or of one that is started for the meantime and loads saved files."""
    if url is not None:
        yield url
        return
    require_contract(settings["contract"])
    stub = RunningStub(settings)
    for warning in list_warnings(stub.current.served.stub):
        show_problem(warning)
    watcher = Watcher(stub.current, show_problem)
    watcher.start()
    try:
        yield stub.url
    finally:
        watcher.stop()
        stub.stop()
