"""`mockserver coverage`: what the requests to a running stub have exercised."""

from __future__ import annotations

import json
import sys

import click

from mockserver.commands.refusal import refuse
from mockserver.commands.terminal import show_line
from mockserver.documents.problems import StartError
from mockserver.testing.management import PREFIX, Management
from mockserver.testing.transports import HttpTransport


@click.command()
@click.argument("url")
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "markdown")),
    default="table",
    show_default=True,
    help="What is printed.",
)
@click.option("--session", help="Session whose requests count; all by default.")
@click.option("--min", "least", type=click.IntRange(0, 100), default=0, help="Exit with 1 below this percentage.")
@click.option("--prefix", default=PREFIX, show_default=True, help="Path of the stub's own pages.")
@click.option("--admin-token", envvar="MOCKSERVER_ADMIN_TOKEN", show_envvar=True, help="Token of the stub.")
def coverage(url: str, form: str, session: str | None, least: int, prefix: str, admin_token: str | None) -> None:
    """Show what requests to the stub at URL have exercised of its contract and its fixtures."""
    named = [] if session is None else [("session", session)]
    try:
        management = Management(HttpTransport(url), prefix, admin_token)
        text = management.get("coverage", [*named, ("format", form)])
        percent = json.loads(management.get("coverage", named))["percent"] if least else 100
    except StartError as error:
        refuse(error)
    for line in text.splitlines():
        show_line(line)
    if percent < least:
        sys.exit(1)
