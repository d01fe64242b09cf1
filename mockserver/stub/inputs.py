"""The files that a stub is made of: those that were named, or the shipped ones."""

from __future__ import annotations

from os import PathLike
from pathlib import Path


def locate(given: str | PathLike[str] | None, shipped: str) -> tuple[Path, str]:
    """The path that is meant and what problems call it: the one given, or the shipped one.

    A wheel has the shipped files inside the package; in a checkout they stand beside it.
    """
    if given is not None:
        return Path(given), str(Path(given))
    package = Path(__file__).parents[1]
    inside = package / "shipped" / shipped
    return (inside if inside.exists() else package.parent / shipped), shipped


def locate_contract(contract: str | PathLike[str] | None) -> tuple[Path, str]:
    """The contract that is meant, and what problems call it."""
    return locate(contract, "openapi.yaml")


def locate_inputs(contract: str | PathLike[str] | None, fixtures: str | PathLike[str] | None) -> tuple[Path, Path]:
    """The contract, and the folder or file of fixtures, that are meant."""
    return locate_contract(contract)[0], locate(fixtures, "fixtures")[0]
