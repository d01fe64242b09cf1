"""The options of commands that ask a provider: headers, certificates, limits."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from mockserver.http.secret_names import SecretNames
from mockserver.provider.client import LIMITS, Client, Limits, read_address
from mockserver.provider.given_headers import read_given_headers

_Function = TypeVar("_Function", bound=Callable[..., object])


class _Option(click.Option):
    """An option that the help of a command has under a heading of its own."""

    group: Final = "How the provider is asked"


_SECONDS: Final = click.FloatRange(min=0, min_open=True)

_OPTIONS: Final = (
    click.argument("url"),
    click.option(
        "-H",
        "--header",
        cls=_Option,
        multiple=True,
        metavar="'NAME: VALUE'|@FILE",
        help="Header of every request, with secrets as ${VARIABLE}, or a file of headers; repeatable.",
    ),
    click.option(
        "--cacert",
        cls=_Option,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Certificates to trust for https, in PEM form.",
    ),
    click.option(
        "--rate",
        cls=_Option,
        type=click.FloatRange(min=0),
        default=LIMITS.rate,
        metavar="NUMBER",
        help="Requests in a second at the most; 0 is any number.",
    ),
    click.option(
        "--connect-timeout",
        cls=_Option,
        type=_SECONDS,
        default=LIMITS.connect_seconds,
        show_default=True,
        metavar="SECONDS",
        help="How long a connection may take to be made.",
    ),
    click.option(
        "--read-timeout",
        cls=_Option,
        type=_SECONDS,
        default=LIMITS.read_seconds,
        show_default=True,
        metavar="SECONDS",
        help="How long the provider may be silent.",
    ),
    click.option(
        "--max-time",
        cls=_Option,
        type=_SECONDS,
        default=LIMITS.total_seconds,
        show_default=True,
        metavar="SECONDS",
        help="How long one answer may take.",
    ),
)


def add_provider_options(command: _Function) -> _Function:
    """Give a command the argument `URL` and these options."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def make_client(options: Mapping[str, object], names: SecretNames) -> Client:
    """Return the client that these options ask for.

    Raises:
        StartError: The URL, a header or a file cannot be used.
    """
    given = cast("Mapping[str, Any]", options)
    limits = Limits(given["connect_timeout"], given["read_timeout"], given["max_time"], rate=given["rate"])
    headers = read_given_headers(given["header"], os.environ, names)
    return Client(read_address(given["url"]), headers, limits, given["cacert"])
