"""Traits of plans: what a request exercises of the contract and the fixtures."""

from __future__ import annotations

from typing import Final

from mockserver.http.headers import read_content_type
from mockserver.http.messages import Reply
from mockserver.planning.drafts import Draft, JsonValue
from mockserver.state.tallies import Trait
from mockserver.vendors.vendor import Refusal, Route

_KNOWN: Final = 65536
"""How many traits, and how many sets of members, are shared by plans."""

_WITHOUT_PARTS: Final = frozenset((str, int, bool, float))

NO_MEMBERS: Final[frozenset[str]] = frozenset()


class Traits:
    """The traits and members of the plans of one planner; equal ones are one object. Threads may share it."""

    def __init__(self) -> None:
        self._known: dict[object, Trait] = {}
        self._known_members: dict[frozenset[str], frozenset[str]] = {}

    def find(self, route: Route | Refusal, draft: Draft, reply: Reply) -> Trait | None:
        """Return the trait of a reply; None where no operation was found."""
        if route.operation is None:
            return None
        content_type = reply.header("Content-Type")
        media_type = None if content_type is None else read_content_type(content_type)[0]
        given = _find_given(route) if isinstance(route, Route) else NO_MEMBERS
        key = (route.operation.id, reply.status, media_type, draft.source, given)
        known = self._known.get(key)
        if known is None:
            known = Trait(*key)
            if len(self._known) < _KNOWN:
                known = self._known.setdefault(key, known)
        return known

    def find_members(self, draft: Draft) -> frozenset[str]:
        """Return the dotted names of the members of a JSON body that have a value."""
        if not isinstance(draft.body, JsonValue):
            return NO_MEMBERS
        found = frozenset(_list_members(draft.body.value, ""))
        known = self._known_members.get(found)
        if known is not None or len(self._known_members) >= _KNOWN:
            return known or found
        return self._known_members.setdefault(found, found)


def _find_given(route: Route) -> frozenset[str]:
    """Return the names of the parameters that a request gives; some vendors write those of the query in lower case."""
    query = route.query
    return frozenset(
        each.name
        for each in route.operation.parameters
        if each.location == "path" or each.name in query or each.name.lower() in query
    )


def _list_members(value: object, path: str) -> list[str]:
    """Return the names below a path; most members have none below them, for which no call is made."""
    if isinstance(value, list):
        return [name for item in value for name in _list_members(item, path)]
    if not isinstance(value, dict):
        return []
    names = []
    for name, member in value.items():
        if member is not None:
            names.append(path + name)
            if type(member) not in _WITHOUT_PARTS:
                names += _list_members(member, f"{path}{name}.")
    return names
