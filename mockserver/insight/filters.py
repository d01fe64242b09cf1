"""Filters of the journal as the query of an address has them: `operation`, `argument.id`, `status` and so on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mockserver.contract.contract import Operation
from mockserver.documents.wording import suggest_nearest
from mockserver.fixtures.conditions import Condition
from mockserver.http.redaction import Redactor
from mockserver.http.sources import KINDS
from mockserver.insight.queries import Query, hide_secrets
from mockserver.state.journal import Entry, View
from mockserver.stub.loading import Stub

_NAMES: Final = ("session", "operation", "status", "source", "matched", "since", "limit", "wait", "count")
_ARGUMENT: Final = "argument."
_HEADER: Final = "header."
LONGEST_WAIT: Final = 30.0
"""The most seconds that a caller may wait."""

_LARGEST: Final = 10**9
_SHOWN: Final = 80
"""Characters of a value that an error repeats."""


class FilterError(ValueError):
    """A filter cannot be used; the text is a message for people on one line."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries of the journal are wanted.

    Attributes:
        query: What their exchanges are like.
        session: The session that they are of; None for all.
        since: The number that theirs are higher than.
        limit: How many are wanted at most: the last ones.
        wait: How many seconds to wait for `count` of them.
        count: How many of them to wait for.
    """

    query: Query
    session: str | None = None
    since: int = 0
    limit: int | None = None
    wait: float = 0.0
    count: int = 1

    def choose(self, view: View) -> list[Entry]:
        """Return the entries of a view that are wanted, without regard to the limit."""
        return self.query.find([each for each in view.entries if each.number > self.since])


def read_names(
    pairs: Iterable[tuple[str, str]], known: Sequence[str], prefixes: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the values of a query by name; a name is one of the `known` ones, or begins with one of the `prefixes`.

    Raises:
        FilterError: A name is unknown or given twice.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known and not name.startswith(prefixes or "\0"):
            listed = ", ".join((*known, *(f"{each}NAME" for each in prefixes)))
            raise FilterError(
                f"There is no filter {name[:_SHOWN]!r}{suggest_nearest(name, known) or '.'} Use {listed}."
            )
        if name in given:
            raise FilterError(f"{name[:_SHOWN]} is given twice. Keep one of the two.")
        given[name] = value
    return given


def read_choice(given: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """Return the value of a name that has a few; the first one by default.

    Raises:
        FilterError: The value is another.
    """
    text = given.get(name, choices[0])
    if text not in choices:
        raise FilterError(
            f"{name} is {text[:_SHOWN]!r}{suggest_nearest(text, choices) or '.'} Write {', '.join(choices)}."
        )
    return text


def has_flag(given: Mapping[str, str], name: str) -> bool:
    """Return whether a query has a name alone or as `true`.

    Raises:
        FilterError: Its value is neither that nor `false`.
    """
    return read_choice({key: text or "true" for key, text in given.items()}, name, ("false", "true")) == "true"


def read_filters(pairs: Iterable[tuple[str, str]], stub: Stub, redactor: Redactor) -> Filters:
    """Return the filters that a query has.

    Raises:
        FilterError: A filter is unknown, given twice, or has a value that it cannot have.
    """
    given = read_names(pairs, _NAMES, (_ARGUMENT, _HEADER))
    arguments = {name.removeprefix(_ARGUMENT): text for name, text in given.items() if name.startswith(_ARGUMENT)}
    headers = {name.removeprefix(_HEADER): text for name, text in given.items() if name.startswith(_HEADER)}
    query = Query(
        operation=_read_operation(given, stub),
        arguments=_read_arguments(arguments, stub, redactor),
        headers=_read_headers(headers, redactor),
        status=_read_number(given, "status", 599),
        source=_read_source(given),
        is_matched=_read_flag(given, "matched"),
    )
    return Filters(
        query=query,
        session=given.get("session"),
        since=_read_number(given, "since") or 0,
        limit=_read_number(given, "limit"),
        wait=_read_seconds(given),
        count=1 if "count" not in given else _read_number(given, "count") or 0,
    )


def _read_operation(given: Mapping[str, str], stub: Stub) -> str | None:
    name = given.get("operation")
    if name is not None and stub.contract.find_operation(name) is None:
        raise FilterError(_refuse("operation", name, [each.id for each in stub.contract.operations]))
    return name


def _read_arguments(given: Mapping[str, str], stub: Stub, redactor: Redactor) -> tuple[Condition, ...]:
    """Return conditions on arguments; each name is one of an operation, alone or behind its location."""
    known = {name: parameter for each in stub.contract.operations for name, parameter in _name_parameters(each)}
    for name in given:
        if name not in known:
            raise FilterError(_refuse("argument", name, known))
    return tuple(hide_secrets(Condition(known[name], (text,)), redactor) for name, text in given.items())


def _read_headers(given: Mapping[str, str], redactor: Redactor) -> tuple[Condition, ...]:
    conditions = (Condition(name.lower(), (text,), header=name) for name, text in given.items())
    return tuple(hide_secrets(each, redactor) for each in conditions)


def _name_parameters(operation: Operation) -> Iterable[tuple[str, str]]:
    for each in operation.parameters:
        yield each.name, each.name
        yield f"{each.location}.{each.name}", each.name


def _read_source(given: Mapping[str, str]) -> str | None:
    text = given.get("source")
    if text is not None and text.split(" ")[0] not in {kind.split(" ")[0] for kind in KINDS}:
        raise FilterError(_refuse("source", text, KINDS))
    return text


def _read_flag(given: Mapping[str, str], name: str) -> bool | None:
    text = given.get(name)
    if text not in (None, "true", "false"):
        raise FilterError(f"{name} is {text[:_SHOWN]!r}. Write true or false.")
    return None if text is None else text == "true"


def _read_number(given: Mapping[str, str], name: str, most: int = _LARGEST) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= most):
        raise FilterError(f"{name} is {text[:_SHOWN]!r}. Write a whole number from 0 to {most}.")
    return int(text)


def _read_seconds(given: Mapping[str, str]) -> float:
    text = given.get("wait", "0")
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT:
        raise FilterError(f"wait is {text[:_SHOWN]!r}. Write seconds from 0 to {LONGEST_WAIT:g}.")
    return seconds


def _refuse(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    nearest = suggest_nearest(name, names) or "."
    return f"There is no {what} {name[:_SHOWN]!r}{nearest} There are {', '.join(names)}."
