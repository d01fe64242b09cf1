"""Headers that a user gives for requests to a provider: secrets come from variables and files, and are never shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockserver.documents.problems import SettingError
from mockserver.http.headers import TOKEN, Headers, is_framing
from mockserver.http.secret_names import SecretNames

_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHORTEST_SECRET: Final = 4
"""A shorter value would be found in many texts that have nothing to do with it."""


@dataclass(frozen=True, slots=True)
class GivenHeaders:
    """Headers that go with every request.

    Attributes:
        headers: Their names and values.
        options: How a curl line gives them: variables and files by their names, in the place of secrets.
        secrets: The values that must not be shown, longer ones first, each with what is shown instead.
    """

    headers: Headers = ()
    options: tuple[str, ...] = ()
    secrets: tuple[tuple[str, str], ...] = ()

    def hide(self, text: str) -> str:
        """Return the text with something else in the place of each secret."""
        for secret, shown in self.secrets:
            text = text.replace(secret, shown)
        return text


NO_HEADERS: Final = GivenHeaders()


def read_given_headers(
    given: Iterable[str], variables: Mapping[str, str], names: SecretNames, option: str = "header"
) -> GivenHeaders:
    """Read headers such as `Accept: text/json`, `Authorization: Bearer ${TOKEN}` and `@FILE`, as curl has them.

    Args:
        given: The headers, or files with a header on each line.
        variables: What `${NAME}` stands for.
        names: The names of headers whose values are secrets.
        option: What problems call the option that gives them.

    Raises:
        SettingError: A header is malformed, a variable or a file is missing, or a secret is written out.
    """
    reader = _Reader(variables, names, option)
    for each in given:
        reader.read(each)
    secrets = sorted(reader.secrets.items(), key=lambda pair: -len(pair[0]))
    return GivenHeaders(tuple(reader.headers), tuple(reader.options), tuple(secrets))


class _Reader:
    def __init__(self, variables: Mapping[str, str], names: SecretNames, option: str) -> None:
        self.headers: list[tuple[str, str]] = []
        self.options: list[str] = []
        self.secrets: dict[str, str] = {}
        self._variables = variables
        self._names = names
        self._option = option

    def read(self, given: str) -> None:
        if given.startswith("@"):
            self._read_file(given)
            return
        name, value = self._split(given, given)
        parts = _VARIABLE.findall(value)
        is_secret = self._names.is_secret(name)
        if is_secret and value and not parts:
            remedy = f"Write '{name}: ${{VARIABLE}}' or @FILE, as others can read a command line."
            raise SettingError(self._option, f"{name} holds a secret. {remedy}")
        filled = _VARIABLE.sub(self._fill, value)
        if is_secret:
            for each in parts:
                self._keep_secret(self._variables[each], f"${{{each}}}")
        self._add(name, filled, given)
        self.options.append(f"-H {_quote(given)}")

    def _read_file(self, given: str) -> None:
        for line in self._read_lines(Path(given[1:])):
            name, value = self._split(line, given)
            self._keep_secret(value, f"({name} of {given[1:]})")
            self._add(name, value, given)
        self.options.append(f"-H {_quote(given)}")

    def _read_lines(self, path: Path) -> Iterator[str]:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise SettingError(self._option, f"'{path}' cannot be read: {reason}. Name a file of headers.") from None
        return (line for line in text.splitlines() if line.strip())

    def _split(self, line: str, given: str) -> tuple[str, str]:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not TOKEN.fullmatch(name):
            shown = f"a line of {given}" if given.startswith("@") else repr(name if colon else given)
            raise SettingError(self._option, f"{shown} is not a header. Write one such as 'Accept: application/json'.")
        if is_framing(name) or name.lower() == "content-length":
            raise SettingError(self._option, f"{name} is written for each request. Leave it out.")
        return name, value.strip()

    def _fill(self, found: re.Match[str]) -> str:
        value = self._variables.get(found[1])
        if value is None:
            raise SettingError(self._option, f"The variable {found[1]} is not set. Set it, or write another name.")
        return value

    def _keep_secret(self, secret: str, shown: str) -> None:
        if len(secret) >= _SHORTEST_SECRET:
            self.secrets[secret] = shown

    def _add(self, name: str, value: str, given: str) -> None:
        if not value.isprintable() or not value.isascii():
            where = f" of {given[1:]}" if given.startswith("@") else ""
            raise SettingError(self._option, f"The value of {name}{where} is not printable ASCII. Change it.")
        self.headers.append((name, value))


def _quote(given: str) -> str:
    """Return an argument as a shell reads it, in which variables stay variables."""
    escaped = re.sub(r'([\\"`]|\$(?!\{[A-Za-z_][A-Za-z0-9_]*\}))', r"\\\1", given)
    return f'"{escaped}"'
