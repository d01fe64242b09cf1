"""Compares JSON values: whether one has all that another one wants."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.documents.nodes import Json
from mockserver.documents.wording import show, show_name


def find_differences(wanted: Json, given: object, path: str) -> Iterator[str]:
    """Yield a sentence for each place where `given` lacks what is wanted; `path` names the whole value.

    Of an object only the wanted members are compared; lists have as many items, and each is compared in its place.
    """
    if isinstance(wanted, dict) and isinstance(given, dict):
        for name, value in wanted.items():
            below = f"{path}.{show_name(name)}"
            if name in given:
                yield from find_differences(value, given[name], below)
            else:
                yield f"{below} is missing, wanted {show(value)}"
    elif isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        for number, pair in enumerate(zip(wanted, given, strict=True)):
            yield from find_differences(*pair, f"{path}.{number}")
    elif isinstance(wanted, list) and isinstance(given, list):
        yield f"{path} has {len(given)} items, wanted {len(wanted)}"
    elif isinstance(wanted, bool) is not isinstance(given, bool) or wanted != given:
        yield f"{path} is {show(given)}, wanted {show(wanted)}"
