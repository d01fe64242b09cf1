"""Whether a lock is held at the moment when what it guards is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

USES = (
    *("__contains__", "__delitem__", "__getitem__", "__iter__", "__len__", "__setitem__", "append", "get", "items"),
    *("pop", "popitem", "popleft", "setdefault", "values"),
)

Held = TypeVar("Held", bound="dict[Any, Any] | Any")


def watch(held: Held, is_locked: Callable[[], bool]) -> tuple[Held, list[bool]]:
    """Return an equal collection, and a list that gets at each use of it whether the lock is held."""
    seen: list[bool] = []
    kind: type[Held] = type(held)

    def note(name: str) -> Callable[..., object]:
        use = getattr(kind, name)

        def noted(*given: object) -> object:
            seen.append(is_locked())
            return use(*given)

        return noted

    watched = type("Watched", (kind,), {name: note(name) for name in USES if hasattr(kind, name)})(held)
    seen.clear()
    return watched, seen
