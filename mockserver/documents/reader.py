"""The reader of documents: it reads the forms that it expects, and collects a problem for each other form."""

from __future__ import annotations

from collections.abc import Iterable

from mockserver.documents.nodes import Node, Place, Scalar
from mockserver.documents.problems import SHOWN_PROBLEMS, Problem
from mockserver.documents.wording import find_nearest, suggest_nearest


class DocumentReader:
    """A reader that expects a form of each node, and collects a problem where the node has another form.

    A missing or wrong node reads as empty, so that reading goes on and finds every problem at once. Readers of parts
    of one document can share their `problems`.
    """

    def __init__(self, problems: list[Problem] | None = None) -> None:
        self.problems = [] if problems is None else problems
        self._claims: dict[object, Place] = {}

    def claim(self, identity: object, place: Place, what: str) -> None:
        """Claim an identity for what stands at `place`; note a problem if another place has claimed it before."""
        self._claims.setdefault(identity, place)
        self.claim_for_some(identity, place, what)

    def claim_for_some(self, identity: object, place: Place, what: str) -> None:
        """Note a problem if another place has claimed the identity before, but claim it for no place itself."""
        first = self._claims.get(identity, place)
        if first != place:
            self.add(place, f"{what} stands already at {first}. Change one of the two, or remove it.")

    def add(self, place: Place, text: str) -> None:
        """Note a problem; `text` is finding and remedy."""
        self.problems.append(Problem(place, text))

    def suggest(self, word: str, known: Iterable[str]) -> str:
        """Return `suggest_nearest` for a problem; empty for one that no list shows, as comparing takes long."""
        return suggest_nearest(word, known) if len(self.problems) < SHOWN_PROBLEMS else ""

    def find_meant(self, word: str, known: Iterable[str]) -> str | None:
        """Return the known name that was probably meant, as `suggest` does."""
        return find_nearest(word, known) if len(self.problems) < SHOWN_PROBLEMS else None

    def members(self, node: Node | None) -> dict[str, Node]:
        """Return the members of a mapping."""
        if node is None:
            return {}
        if not isinstance(node.value, dict):
            self.add(node.place, "A mapping is wanted here. Write keys and values.")
            return {}
        return node.value

    def items(self, node: Node | None) -> list[Node]:
        """Return the entries of a list."""
        if node is None:
            return []
        if not isinstance(node.value, list):
            self.add(node.place, "A list is wanted here. Begin each entry with a dash.")
            return []
        return node.value

    def text(self, node: Node | None, key: str, owner: Node) -> str:
        """Return the text under `key` of the mapping `node`, or empty text; `owner` holds a missing mapping."""
        members = self.members(node)
        child = members.get(key)
        if child is None:
            if node is None or isinstance(node.value, dict):
                self.add((node or owner).place, f"{key} is missing. Add it.")
            return ""
        if not isinstance(child.value, str):
            remedy = f'Quote it: "{child.text}".' if child.text else "Write text."
            self.add(child.place, f"{key} is not text. {remedy}")
            return ""
        return child.value

    def scalar(self, node: Node | None) -> Scalar:
        """Return a single value; null for a missing node."""
        if node is None:
            return None
        if isinstance(node.value, dict | list):
            self.add(node.place, "A single value is wanted here. Write text, a number, true, false or null.")
            return None
        return node.value

    def check_keys(self, node: Node, known: Iterable[str]) -> None:
        """Note a problem for every key of the mapping that is not in `known`."""
        names = tuple(known)
        for key, child in self.members(node).items():
            if key not in names:
                nearest = self.suggest(key, names) or f". Write one of {', '.join(names)}."
                self.add(child.key_place, f"{key} is not known here{nearest}")
