"""`mockserver run`: serves the stub while another command runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import fields
from time import sleep
from typing import Final

import click

from mockserver.commands.console import list_warnings
from mockserver.commands.options import Command, add_options, select
from mockserver.commands.signals import handle_ends
from mockserver.commands.terminal import show_problem
from mockserver.fixtures.links import escape_path
from mockserver.server.limits import Limits
from mockserver.stub.inputs import require_contract
from mockserver.stub.settings import Settings
from mockserver.testing.running_stub import RunningStub

_VARIABLE: Final = "MOCK_API_URL"
"""Where the command finds the base URL of the API."""

_NOT_FOUND: Final = 127
_NOT_EXECUTABLE: Final = 126
_ENDED_BY_SIGNAL: Final = 128
"""Exit codes as shells give them; the number of the signal is added to the last."""

_STANDARD_INPUT: Final = 0

_LOOK_SECONDS: Final = 0.02
"""How often signals are passed on and the end of the command is looked for. A wait without an end would sleep through a
signal that comes just before it."""

_GUARD: Final = 'read -r _ || kill -KILL "$0"'
"""A shell script that kills a process, or a group of them, if its input ends before it has got a line."""


@click.command(cls=Command, context_settings={"allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@add_options((*fields(Settings), *fields(Limits)))
def run(command: tuple[str, ...], **given: object) -> None:
    """Serve the stub on a free port while COMMAND runs.

    COMMAND finds the base URL of the API in MOCK_API_URL. Its exit code is the one of this command.
    """
    settings = select(fields(Settings), given)
    require_contract(settings["contract"])
    running = RunningStub(settings, Limits(**select(fields(Limits), given)))
    for warning in list_warnings(running.current.served.stub):
        show_problem(warning)
    url = running.url + escape_path(running.root)
    try:
        code = _Child(command, is_alone=not os.isatty(_STANDARD_INPUT)).run({**os.environ, _VARIABLE: url})
    finally:
        running.stop()
    sys.exit(code)


class _Child:
    """A command in a process of its own, which gets the signals that this process gets.

    Without a terminal it is `is_alone` in a process group, so that signals reach whatever it has started too. A
    terminal lets one group read, and sends Ctrl-C to all of that group by itself: there it stays in the group of this
    process.
    """

    def __init__(self, command: tuple[str, ...], *, is_alone: bool) -> None:
        self._command = command
        self._is_alone = is_alone and os.name == "posix"

    def run(self, environment: Mapping[str, str]) -> int:
        """Return the exit code."""
        program, *arguments = self._command
        received: list[int] = []
        handle_ends(lambda number, _: received.append(number))
        try:
            process = subprocess.Popen(  # noqa: S603 - the user's own command
                [shutil.which(program) or program, *arguments],
                env=environment,
                process_group=0 if self._is_alone else None,
            )
        except OSError as error:
            return _refuse(program, error)
        with _guard(-process.pid if self._is_alone else process.pid) if os.name == "posix" else nullcontext():
            while (code := process.poll()) is None:
                while received:
                    self._send(received.pop(0), process)
                sleep(_LOOK_SECONDS)
        return code if code >= 0 else _ENDED_BY_SIGNAL - code

    def _send(self, number: int, process: subprocess.Popen[bytes]) -> None:
        """Send a signal; a command that has just ended, or has become another user's, cannot get it."""
        with suppress(ProcessLookupError, PermissionError):
            if self._is_alone:
                os.killpg(process.pid, number)
            elif number != signal.SIGINT:
                process.send_signal(number)


@contextmanager
def _guard(target: int) -> Iterator[None]:
    """Have a process, or a group whose number is negative, killed if this process is killed meanwhile."""
    # In a session of its own, since Ctrl-C at a terminal would end it.
    guard = subprocess.Popen(  # noqa: S603 - the script above, with a number
        ["/bin/sh", "-c", _GUARD, str(target)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        guard.communicate(b"\n")


def _refuse(program: str, error: OSError) -> int:
    """Show why a command cannot be started, and return the exit code for that."""
    if isinstance(error, FileNotFoundError):
        show_problem(f"COMMAND: {program!r} is not found. Check its spelling and the variable PATH.")
        return _NOT_FOUND
    show_problem(f"COMMAND: {program!r} cannot be run: {error.strerror}. Name a program.")
    return _NOT_EXECUTABLE
