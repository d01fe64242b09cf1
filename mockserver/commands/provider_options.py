"""The options of commands that ask a provider: headers, certificates, limits."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from mockserver.commands.numbers import Limit
from mockserver.http.secret_names import SecretNames
from mockserver.provider.addresses import read_address
from mockserver.provider.client import LIMITS, Client, Limits
from mockserver.provider.given_headers import read_given_headers

_Function = TypeVar("_Function", bound=Callable[..., object])
_Decorator = Callable[[Callable[..., object]], Callable[..., object]]


class _Option(click.Option):
    """An option that the help of a command has under a heading of its own."""

    group: Final = "How the provider is asked"


def _make_limit(name: str, default: float, metavar: str, text: str, *, may_be_zero: bool = False) -> _Decorator:
    return click.option(
        name,
        cls=_Option,
        type=Limit(may_be_zero=may_be_zero),
        default=default,
        show_default=True,
        metavar=metavar,
        help=text,
    )


_OPTIONS: Final[tuple[_Decorator, ...]] = (
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
    _make_limit(
        "--rate", LIMITS.rate, "NUMBER", "Requests in a second at the most; 0 is any number.", may_be_zero=True
    ),
    _make_limit("--connect-timeout", LIMITS.connect_seconds, "SECONDS", "How long a connection may take to be made."),
    _make_limit("--read-timeout", LIMITS.read_seconds, "SECONDS", "How long the provider may be silent."),
    _make_limit("--max-time", LIMITS.total_seconds, "SECONDS", "How long one answer may take."),
)


def add_provider_options(command: _Function) -> _Function:
    """Give a command the argument `URL` and these options."""
    decorated: Callable[..., object] = command
    for each in reversed(_OPTIONS):
        decorated = each(decorated)
    return cast("_Function", decorated)


def make_client(options: Mapping[str, object], names: SecretNames) -> Client:
    """Return the client that these options ask for.

    Raises:
        StartError: The URL, a header or a file cannot be used.
    """
    given = cast("Mapping[str, Any]", options)
    limits = Limits(given["connect_timeout"], given["read_timeout"], given["max_time"], rate=given["rate"])
    headers = read_given_headers(given["header"], os.environ, names)
    return Client(read_address(given["url"]), headers, limits, given["cacert"])
