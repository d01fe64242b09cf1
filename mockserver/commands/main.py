"""The command line: `mockserver serve`, `mockserver check` and `mockserver edges`."""

from __future__ import annotations

import sys

import click

from mockserver.commands.check import check
from mockserver.commands.console import set_up_logging
from mockserver.commands.edges import edges
from mockserver.commands.serve import serve
from mockserver.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def main() -> None:
    """Serve a stub of an API from its contract, fixtures and generated records."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    set_up_logging()


for _command in (serve, check, edges):
    main.add_command(_command)
