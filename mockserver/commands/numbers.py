"""Numbers on the command line, whose wrong values are told with what may be written."""

from __future__ import annotations

from math import isnan

import click


def describe_whole(least: float | None, most: float | None) -> str:
    """Return which whole numbers are taken: all, those from one number on, or those between two."""
    if least is None:
        return "a whole number"
    return f"a whole number {f'of {least} or more' if most is None else f'from {least} to {most}'}"


class WholeNumber(click.IntRange):
    """A whole number, at times of a range."""

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number, or fail."""
        try:
            return int(super().convert(value, param, ctx))  # type: ignore[arg-type]
        except click.BadParameter:
            self.fail(f"{value!r} is not {describe_whole(self.min, self.max)}.", param, ctx)


class Limit(click.FloatRange):
    """A number up to a day's seconds; NaN, which compares with nothing, is none."""

    def __init__(self, *, may_be_zero: bool) -> None:
        super().__init__(min=0, min_open=not may_be_zero, max=86_400)

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or fail."""
        try:
            number = float(super().convert(value, param, ctx))  # type: ignore[arg-type]
        except click.BadParameter:
            number = float("nan")
        if isnan(number):
            least = "above 0, up to" if self.min_open else "from 0 to"
            self.fail(f"{value!r} is not a number {least} {self.max}.", param, ctx)
        return number
