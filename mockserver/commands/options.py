"""Options of the commands, made from the fields that describe settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import Field
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click
from click.core import ParameterSource

from mockserver.commands.refusal import refuse
from mockserver.commands.serve_settings import describe_range, describe_settings
from mockserver.commands.settings_file import SettingsFile, read_settings_file
from mockserver.documents.problems import SettingError, StartError

_VARIABLE: Final = "MOCKSERVER_"
"""How the variables of the environment begin that stand in for options."""

_Command = TypeVar("_Command", bound=Callable[..., object])


class Command(click.Command):
    """A command, whose options may be settings; whoever names fixtures without an option is told which.

    If it cannot start, it shows why and ends. A setting is named as the user gave it.
    """

    allow_extra_args = True

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line.

        Raises:
            click.UsageError: Something stands there that belongs to no option.
        """
        with _refusing(ctx):
            extra = super().parse_args(ctx, args)
        if extra and not ctx.resilient_parsing:
            has_fixtures = any(each.name == "fixtures" for each in self.params)
            remedy = f"For fixtures, write --fixtures {extra[0]}." if has_fixtures else "Leave it out."
            raise click.UsageError(f"{extra[0]!r} belongs to no option. {remedy}", ctx)
        return extra

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under the headings of their groups, each heading where its first option comes."""
        described = describe_settings()
        groups: dict[str, list[click.Parameter]] = {}
        # The line of usage names the arguments.
        for each in (param for param in self.get_params(ctx) if isinstance(param, click.Option)):
            setting = described.get(str(each.name))
            heading = setting.metadata["group"] if setting else getattr(each, "group", "Options")
            groups.setdefault(heading, []).append(each)
        for heading, options in groups.items():
            records = [each.get_help_record(ctx) for each in options]
            with formatter.section(heading):
                formatter.write_dl([record for record in records if record])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _refusing(ctx):
            return super().invoke(ctx)


@contextmanager
def _refusing(ctx: click.Context) -> Iterator[None]:
    try:
        yield
    except SettingError as error:
        refuse(StartError(f"{_find_origin(ctx, error.name)}: {error.text}"))
    except StartError as error:
        refuse(error)


def _find_origin(ctx: click.Context, name: str) -> str:
    """Return what gave a setting its value: a variable, a line of the settings file, or else the option that could."""
    source = ctx.get_parameter_source(name)
    if source is ParameterSource.ENVIRONMENT:
        return f"{_VARIABLE}{name.upper()}"
    if source is ParameterSource.DEFAULT_MAP:
        return f"{_find_file(ctx).find_place(name)}: {name}"
    return f"--{name.replace('_', '-')}"


def _find_file(ctx: click.Context) -> SettingsFile:
    """Return the settings file of the current folder, which is read once; completion and help do without it."""
    if ctx.obj is None:
        ctx.obj = SettingsFile() if ctx.resilient_parsing else read_settings_file(Path())
    return cast("SettingsFile", ctx.obj)


class _Setting(click.Option):
    """An option that the settings file may give; its faulty values are problems of a setting."""

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[object, ParameterSource]:
        """Return the value and what gave it: command line, variable, settings file or default, the first of these."""
        value, source = super().consume_value(ctx, opts)
        written = _find_file(ctx).values.get(str(self.name))
        if source is not ParameterSource.DEFAULT or written is None:
            return value, source
        return [written] if self.multiple and isinstance(written, str) else written, ParameterSource.DEFAULT_MAP

    def type_cast_value(self, ctx: click.Context, value: object) -> object:
        """Return the value with the type of the option.

        Raises:
            SettingError: It cannot be read as that.
        """
        try:
            return super().type_cast_value(ctx, value)
        except click.BadParameter:
            wanted = describe_range(describe_settings()[str(self.name)]) or "1 or 0"
            raise SettingError(str(self.name), f"{value!r} is not {wanted}.") from None


class _Choice(click.Choice):  # type: ignore[type-arg]  # It takes none before click 8.2.
    """A choice that shows its values and completes them; the settings refuse others."""

    def convert(self, value: object, *_: object) -> str:
        """Return the text as it is."""
        return str(value)


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
        cls=_Setting,
        help=details["help"],
        type=_choose_type(default, details),
        default=default,
        is_flag=isinstance(default, bool),
        multiple=isinstance(default, tuple),
        metavar=details.get("metavar") or ("NUMBER" if type(default) is int else None),
        envvar=f"{_VARIABLE}{described.name.upper()}",
        show_envvar=True,
        show_default=details.get("instead") or bool(default),
    )


def _choose_type(default: object, details: Mapping[str, Any]) -> click.ParamType[Any] | None:
    if details.get("choices"):
        return _Choice(details["choices"])
    if type(default) is int:
        return click.IntRange(details.get("least"), details.get("most"))
    return None
