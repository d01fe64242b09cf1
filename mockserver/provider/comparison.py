"""The comparison of a body with a fixture, member by member."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from mockserver.documents.wording import show, show_name
from mockserver.fixtures.volatile import is_volatile

_MISSING: Final = object()
"""What stands for a member or an item that is not there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A member that is not as the fixture has it; `str()` gives `Sex is 1, the fixture has 2`.

    Attributes:
        path: The names and numbers that lead to it, as people read them.
        names: The names among them as they are.
        given: The value in the body.
        wanted: The value in the fixture.
    """

    path: tuple[str, ...]
    names: tuple[str, ...]
    given: str
    wanted: str

    def __str__(self) -> str:
        return f"{'.'.join(self.path) or 'the body'} is {self.given}, the fixture has {self.wanted}"


class Comparison:
    """Compares bodies with fixtures.

    Args:
        volatile: The dotted names of members that are not compared; numbers of items are left out of them.
        is_secret: Whether the value of a member of this name must not be shown.
    """

    def __init__(self, volatile: frozenset[str], is_secret: Callable[[str], bool]) -> None:
        self._volatile = volatile
        self._is_secret = is_secret

    def compare_members(self, wanted: Mapping[str, object], given: object) -> Iterator[Difference]:
        """Yield what differs in the wanted members; others may have any value."""
        members = given if isinstance(given, dict) else {}
        for name, value in wanted.items():
            yield from self._compare(value, members.get(name, _MISSING), (name,), (name,))

    def compare(self, wanted: object, given: object) -> Iterator[Difference]:
        """Yield what differs in a whole body."""
        yield from self._compare(wanted, given, (), ())

    def _compare(
        self, wanted: object, given: object, path: tuple[str, ...], names: tuple[str, ...]
    ) -> Iterator[Difference]:
        if is_volatile(names, self._volatile):
            return
        if isinstance(wanted, dict) and isinstance(given, dict):
            for name in dict.fromkeys((*wanted, *given)):
                below = (*path, show_name(name)), (*names, name)
                yield from self._compare(wanted.get(name, _MISSING), given.get(name, _MISSING), *below)
        elif isinstance(wanted, list) and isinstance(given, list):
            for number, (own, other) in enumerate(zip_longest(wanted, given, fillvalue=_MISSING)):
                yield from self._compare(own, other, (*path, str(number)), names)
        elif isinstance(wanted, bool) is not isinstance(given, bool) or wanted != given:
            is_hidden = any(map(self._is_secret, names))
            shown = (_show(given, "missing", is_hidden=is_hidden), _show(wanted, "none", is_hidden=is_hidden))
            yield Difference(path, names, *shown)


def _show(value: object, instead: str, *, is_hidden: bool) -> str:
    if value is _MISSING:
        return instead
    return "a secret" if is_hidden and value is not None else show(value)
