"""The command line: `mockserver serve`, `run`, `check`, `check-provider` and so on."""

from __future__ import annotations

import os
import re
import sys

import click

from mockserver.commands.check import check
from mockserver.commands.check_provider import check_provider
from mockserver.commands.console import set_up_logging
from mockserver.commands.coverage import coverage
from mockserver.commands.diff import diff
from mockserver.commands.edges import edges
from mockserver.commands.explain import explain
from mockserver.commands.init import init
from mockserver.commands.mcp import mcp
from mockserver.commands.run import run
from mockserver.commands.serve import serve
from mockserver.commands.terminal import show_problem
from mockserver.version import __version__


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="mockserver", message="%(prog)s %(version)s")
def main() -> None:
    """Serve a stub of an API from its contract, fixtures and generated records."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    set_up_logging()
    _pass_over_services()


def _pass_over_services() -> None:
    """Leave out variables that Kubernetes sets for a service called `mockserver`, such as its port as an address."""
    for name, value in list(os.environ.items()):
        if name.startswith("MOCKSERVER_") and re.match("(?:tcp|udp|sctp)://", value):
            show_problem(
                f"NOTE: {name} is {value!r}, the address of a service. It is not a setting, and is passed over."
            )
            del os.environ[name]


for _command in (serve, run, check, check_provider, edges, init, explain, coverage, diff, mcp):
    main.add_command(_command)
