"""Options of the commands, made from the fields that describe settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])


class Command(click.Command):
    """A command of options alone; whoever names fixtures without one is told which."""

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line.

        Raises:
            click.UsageError: Something stands there that belongs to no option.
        """
        extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            raise click.UsageError(
                f"{extra[0]!r} belongs to no option. For fixtures, write --fixtures {extra[0]}.", ctx
            )
        return extra


def add_options(described: Iterable[Field[Any]]) -> Callable[[_Command], _Command]:
    """Give a command an option for each of these fields, in their order.

    The type of a default decides the type of the option. The metadata of a field gives `help` and, where it has them,
    `choices`, `least` and `most` of a number, `metavar`, and `instead` for the text of a default.
    """
    options = [_make_option(each) for each in described]

    def decorate(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def select(described: Iterable[Field[Any]], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the values for these fields among those that a command was given."""
    return {each.name: given[each.name] for each in described if each.name in given}


def _make_option(described: Field[Any]) -> Callable[[_Command], _Command]:
    """Return an option that is a `MOCKSERVER_*` variable of the environment too."""
    name, default, details = described.name.replace("_", "-"), described.default, described.metadata
    return click.option(
        f"--{name}/--no-{name}" if default is True else f"--{name}",
        help=details["help"],
        type=_choose_type(default, details),
        default=default,
        is_flag=isinstance(default, bool),
        multiple=isinstance(default, tuple),
        metavar=details.get("metavar"),
        envvar=f"MOCKSERVER_{described.name.upper()}",
        show_envvar=True,
        show_default=details.get("instead") or bool(default),
    )


def _choose_type(default: object, details: Mapping[str, Any]) -> click.ParamType[Any] | None:
    if details.get("choices"):
        return click.Choice(details["choices"])
    if isinstance(default, int) and not isinstance(default, bool):
        number = click.IntRange(details.get("least"), details.get("most"))
        number.name = "integer"  # Click says "is not a valid integer range" otherwise.
        return number
    return None
