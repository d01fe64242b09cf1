"""The settings file: `mockserver.toml`, or `[tool.mockserver]` in `pyproject.toml`, in the current folder."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mockserver.commands.serve_settings import ServeSettings, describe_range, describe_settings, is_in_range
from mockserver.documents.nodes import Place
from mockserver.documents.problems import DocumentError, Problem, SettingError
from mockserver.documents.text_files import place_behind, read_text
from mockserver.documents.wording import show, suggest_nearest
from mockserver.stub.settings import Settings

FILE: Final = "mockserver.toml"
_SHARED_FILE: Final = "pyproject.toml"
_TABLE: Final = ("tool", "mockserver")
_SIZE_LIMIT: Final = 1024 * 1024

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {"bool": "true or false", "int": "a whole number", "str": "text in quotes", "Sequence[str]": "a list of texts"}
)
"""What is written for each type of a setting."""


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """The settings that a file has; without a file there is no name and no setting.

    Attributes:
        name: The file, from the current folder.
        text: Its text.
        table: The names of the table in which the settings stand.
        values: The settings by their names, as TOML reads them.
    """

    name: str = ""
    text: str = ""
    table: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def find_place(self, *keys: str) -> Place:
        """Return the place of a setting, or of the table without one."""
        line = _find_line(self.text, (*self.table, *keys))
        written = self.text.split("\n")[line - 1]
        return Place(self.name, line, len(written) - len(written.lstrip()) + 1)


def read_settings_file(folder: Path) -> SettingsFile:
    """Return the settings of the file in this folder.

    Raises:
        DocumentError: There are two such files, one is not TOML, or a setting is unknown, secret or of another type.
    """
    own, shared = _read_table(folder / FILE, ()), _read_table(folder / _SHARED_FILE, _TABLE)
    if own is not None and shared is not None:
        finding = f"Settings stand here and in {FILE}. Keep them in one of the two."
        raise DocumentError([Problem(shared.find_place(), finding)])
    file = own or shared or SettingsFile()
    problems = list(_find_problems(file))
    if problems:
        raise DocumentError(problems)
    return file


def _read_table(path: Path, table: tuple[str, ...]) -> SettingsFile | None:
    """Return the settings in a table of a file, or None without the file or the table."""
    if not path.exists():
        return None
    text = read_text(path, path.name, _SIZE_LIMIT).replace("\r\n", "\n")
    values = _find_value(_parse(text, path.name), table)
    if values is None:
        return None
    if isinstance(values, dict):
        return SettingsFile(path.name, text, table, values)
    place = SettingsFile(path.name, text, table).find_place()
    raise DocumentError([Problem(place, f"This is not a table. Write settings below [{'.'.join(table)}].")])


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return _read_toml(text)
    except (ValueError, RecursionError) as error:
        found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        reason, line, column = found.groups() if found else (str(error), "1", "1")
        place = Place(name, int(line), int(column)) if line else place_behind(text, name)
        finding = f"This is not TOML: {reason[:1].lower()}{reason[1:]}. Check quotes, brackets and equals signs."
        raise DocumentError([Problem(place, finding)]) from None


def _read_toml(text: str) -> dict[str, Any]:
    from tomllib import loads  # Most starts have no settings file.

    return loads(text)


def _find_problems(file: SettingsFile) -> Iterator[Problem]:
    described = describe_settings()
    for key, value in file.values.items():
        text = _judge(described[key], value) if key in described else _describe_unknown(key, described)
        if text is not None:
            yield Problem(file.find_place(key), text)


def _describe_unknown(key: str, known: Iterable[str]) -> str:
    remedy = suggest_nearest(key, known) or ". Remove it; `mockserver serve --help` lists the settings."
    return f"There is no setting {key!r}{remedy}"


def _judge(described: Field[Any], value: object) -> str | None:
    """Return what is wrong with a value, as far as it shows without the contract."""
    name, types = described.name, str(described.type).split(" | ")
    if not described.repr:
        return f"{name}: A secret has no place in this file. Set the variable MOCKSERVER_{name.upper()} instead."
    is_list_of_text = isinstance(value, list) and all(isinstance(each, str) for each in value)
    if type(value).__name__ not in types and not (is_list_of_text and "Sequence[str]" in types):
        wanted = " or ".join(_WORDS[each] for each in types if each in _WORDS)
        return f"{name}: {show(value)} has the wrong type. Write {wanted}."
    if isinstance(value, int) and not is_in_range(described, value):
        return f"{name}: {value} is not {describe_range(described)}."
    return _judge_alone(name, value)


def _judge_alone(name: str, value: object) -> str | None:
    """Return what the settings of the stub and of `serve` say to this value beside all defaults."""
    given: dict[str, Any] = {name: value}
    try:
        for kind in (Settings, ServeSettings):
            kind(**{each.name: given[each.name] for each in fields(kind) if each.name in given})
    except SettingError as error:
        return str(error)
    return None


def _find_value(tree: object, path: Sequence[str]) -> object:
    """Return what stands at a path of keys, or None."""
    for key in path:
        tree = tree.get(key) if isinstance(tree, dict) else None
    return tree


def _find_line(text: str, path: Sequence[str]) -> int:
    """Return the line, counted from 1, on which the statement begins that writes the value at a path of keys.

    `tomllib` keeps no places. But a document can be cut behind any statement, and not inside of one: the statement
    ends where the shortest such beginning that has the value ends, and begins where the one before ends.
    """
    lines = text.split("\n")

    def parse(number: int) -> tuple[int, object]:
        """Return the longest beginning of at most that many lines that can be parsed, and its length."""
        while True:
            try:
                return number, _read_toml("\n".join(lines[:number]))
            except ValueError:
                number -= 1

    def has_value(number: int) -> bool:
        return _find_value(parse(number)[1], path) is not None

    end = bisect_left(range(len(lines)), 1, key=has_value)
    return parse(end - 1)[0] + 1
