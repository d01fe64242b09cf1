"""Settings of the stub as lines of text: `fixtures=tests/fixtures`, `strict=true`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import Field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mockserver.documents.problems import StartError
from mockserver.documents.wording import suggest_nearest
from mockserver.stub.settings import Settings

_PATHS: Final = ("contract", "fixtures")
_FLAGS: Final = MappingProxyType({"true": True, "false": False})
_SEPARATOR: Final = ","


def read_settings(lines: Iterable[str], folder: Path) -> dict[str, Any]:
    """Return the arguments of `create_app` that the lines give; a later line replaces an earlier one.

    Paths are relative to a folder. A setting that may have several values has them separated by commas.

    Raises:
        StartError: A setting is unknown, or cannot have the value.
    """
    known = {each.name: each for each in fields(Settings)}
    given: dict[str, Any] = {}
    for line in lines:
        name, mark, text = (part.strip() for part in line.partition("="))
        if name in known and not mark:
            raise StartError(f"{name} has no value. Write {name}=VALUE.")
        if name not in known:
            nearest = suggest_nearest(name, known) or f". Write NAME=VALUE with one of these names: {', '.join(known)}."
            raise StartError(f"{line!r} is no setting{nearest}")
        given[name] = _read(known[name], text, folder)
    return given


def _read(setting: Field[Any], text: str, folder: Path) -> object:
    default = setting.default
    if isinstance(default, bool):
        if text not in _FLAGS:
            raise StartError(f"{setting.name} is {text!r}. Write true or false.")
        return _FLAGS[text]
    if isinstance(default, int):
        if not text.isdecimal():
            raise StartError(f"{setting.name} is {text!r}. Write a whole number.")
        return int(text)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(_SEPARATOR))
    return str(folder / text) if setting.name in _PATHS else text
