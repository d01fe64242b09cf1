"""`mockserver coverage`: what the requests to a running stub have exercised."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from typing import Final

import click

from mockserver.commands.numbers import WholeNumber
from mockserver.commands.options import Command, add_options
from mockserver.commands.terminal import show_line
from mockserver.stub.settings import Settings
from mockserver.testing.management import Management
from mockserver.testing.transports import HttpTransport

_SETTINGS: Final = tuple(each for each in fields(Settings) if each.name in ("prefix", "admin_token"))
"""The settings of the stub that whoever asks it has to know."""


@click.command(cls=Command)
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
@click.option(
    "--min", "least", type=WholeNumber(0, 100), metavar="NUMBER", default=0, help="Exit with 1 below this percentage."
)
@add_options(_SETTINGS)
def coverage(url: str, form: str, session: str | None, least: int, prefix: str, admin_token: str | None) -> None:
    """Show what requests to the stub at URL have exercised.

    That is each reply, parameter and member of its contract, and each record and answer of its fixtures.
    """
    named = [] if session is None else [("session", session)]
    management = Management(HttpTransport(url), prefix, admin_token)
    text = management.get("coverage", [*named, ("format", form)])
    percent = json.loads(management.get("coverage", named))["percent"] if least else 100
    for line in text.splitlines():
        show_line(line)
    if percent < least:
        sys.exit(1)
