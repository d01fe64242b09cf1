"""The command line: `mockserver serve`, `run`, `check`, `check-provider` and so on."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

import click

from mockserver.commands.collection import without_collection
from mockserver.commands.log_lines import set_up_logging
from mockserver.commands.terminal import show_problem
from mockserver.version import __version__

_COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "capture": "Write records of a real provider as fixtures.",
        "check": "Check the contract and every fixture without serving.",
        "check-provider": "Hold a real provider against contract and fixtures.",
        "coverage": "Show what requests to the stub at URL have exercised.",
        "diff": "Show what the contract NEW changes for consumers of OLD.",
        "edges": "List the edge cases of each operation.",
        "explain": "Explain step by step why a REQUEST gets its answer.",
        "generate": "Print generated records as fixtures or as JSON.",
        "init": "Write fixtures and a settings file to begin with into DIR.",
        "mcp": "Offer a stub to coding agents as tools.",
        "run": "Serve the stub on a free port while COMMAND runs.",
        "selftest": "Test what the stub sends against contract and fixtures.",
        "serve": "Serve the stub until Ctrl-C or SIGTERM.",
    }
)
"""The names of the commands, each with the first sentence of its help."""


def import_command(name: str) -> click.Command:
    """Return a command from the module that has its name, with `_` for `-`."""
    word = name.replace("-", "_")
    with without_collection():
        command: click.Command = getattr(import_module(f"mockserver.commands.{word}"), word)
    return command


class _Group(click.Group):
    """Imports the command that runs, and no other; help and completion show the others by their first sentences."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return name and command that the arguments begin with, and the rest of them."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and import_command(str(command.name)), rest


@click.group(
    cls=_Group,
    commands={name: click.Command(name, help=sentence) for name, sentence in _COMMANDS.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
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
