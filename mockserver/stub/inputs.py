"""The files that a stub is made of: those that the settings name, or the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from mockserver.documents.files import describe_kind
from mockserver.documents.problems import SettingError
from mockserver.stub.settings import Settings


@dataclass(frozen=True, slots=True)
class Input:
    """A file or folder, and what problems call it."""

    path: Path
    name: str


def locate_contract(given: str | PathLike[str] | None) -> Input:
    """Return the contract that was given, or the shipped one."""
    return _locate(given, "openapi.yaml")


def locate_fixtures(given: str | PathLike[str] | None) -> Input:
    """Return the folder or file of fixtures that was given, or the shipped one."""
    return _locate(given, "fixtures")


def locate_inputs(settings: Settings) -> tuple[Path, Path]:
    """Return the paths of the contract and of the fixtures."""
    return locate_contract(settings.contract).path, locate_fixtures(settings.fixtures).path


def require_contract(given: str | PathLike[str] | None) -> None:
    """Refuse a contract that is not a file at all, before it is read as a document.

    Raises:
        SettingError: It cannot be looked up, or is no file.
    """
    if given is None:
        return
    path = Path(given)
    try:
        kind = describe_kind(path.stat().st_mode)
    except OSError as error:
        finding = f"'{path}' cannot be read: {error.strerror}."
        raise SettingError("contract", f"{finding} Name an OpenAPI document.") from None
    if kind is not None:
        raise SettingError("contract", f"'{path}' is {kind}. Name the OpenAPI document itself.")


def _locate(given: str | PathLike[str] | None, shipped: str) -> Input:
    """Return what was given, or what is shipped: inside the package in a wheel, beside the package in a checkout."""
    if given is not None:
        return Input(Path(given), str(Path(given)))
    package = Path(__file__).parents[1]
    inside = package / "shipped" / shipped
    return Input(inside if inside.exists() else package.parent / shipped, shipped)
