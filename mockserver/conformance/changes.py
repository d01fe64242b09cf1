"""Changes of a contract, whom each hurts, and whether it breaks callers.

A request that was allowed has to stay allowed, so consumers break if requests are narrowed. Consumers expect the
responses of the old contract, so they break if responses are widened. The opposite is for the provider to follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

from mockserver.conformance.editions import Described, Edition
from mockserver.conformance.schema_changes import compare_schemas
from mockserver.conformance.schema_keywords import Difference, Effect
from mockserver.conformance.text_changes import compare_texts
from mockserver.contract.contract import Operation
from mockserver.documents.nodes import Node, Place
from mockserver.documents.wording import show_name


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a contract.

    Attributes:
        rule: The rule that found it: `response-null-widened`.
        pointer: The JSON pointer of what changed: in the new document, or in the old one for what was removed.
        place: Where that stands.
        text: The change in words.
        is_breaking: Whether consumers of the old contract may fail with a provider of the new one.
        hurts: Who has to do something: `consumers`, `provider` or `nobody`.
    """

    rule: str
    pointer: str
    place: Place
    text: str
    is_breaking: bool
    hurts: str


@dataclass(frozen=True, slots=True)
class _Verdict:
    is_breaking: bool
    hurts: str


_BREAKS: Final = _Verdict(is_breaking=True, hurts="consumers")
_AFFECTS: Final = _Verdict(is_breaking=False, hurts="consumers")
_FOLLOWS: Final = _Verdict(is_breaking=False, hurts="provider")
_HARMLESS: Final = _Verdict(is_breaking=False, hurts="nobody")

_EFFECTS: Final[Mapping[str, Mapping[Effect, _Verdict]]] = MappingProxyType(
    {
        "request": MappingProxyType(
            {
                Effect.NARROWED: _BREAKS,
                Effect.WIDENED: _FOLLOWS,
                Effect.CHANGED: _BREAKS,
                Effect.EXTENDED: _FOLLOWS,
                Effect.REDUCED: _AFFECTS,
                Effect.ALTERED: _BREAKS,
            }
        ),
        "response": MappingProxyType(
            {
                Effect.NARROWED: _FOLLOWS,
                Effect.WIDENED: _BREAKS,
                Effect.CHANGED: _BREAKS,
                Effect.EXTENDED: _FOLLOWS,
                Effect.REDUCED: _AFFECTS,
                Effect.ALTERED: _HARMLESS,
            }
        ),
    }
)
"""What becomes of a difference between schemas: direction -> effect -> verdict."""

_RULES: Final[Mapping[str, tuple[str, _Verdict]]] = MappingProxyType(
    {
        "server-removed": ("is no longer a path of a server", _BREAKS),
        "server-added": ("is a new path of a server", _FOLLOWS),
        "operation-removed": ("is removed", _BREAKS),
        "operation-added": ("is a new operation", _FOLLOWS),
        # Generated clients call operations and parameters by these names.
        "operation-id-changed": ("has another operationId", _AFFECTS),
        "path-parameter-renamed": ("has another name", _AFFECTS),
        "parameter-removed": ("is removed, so the provider ignores or refuses it", _BREAKS),
        "parameter-added": ("is a new optional parameter", _FOLLOWS),
        "required-parameter-added": ("is a new required parameter", _BREAKS),
        "parameter-became-required": ("is required now", _BREAKS),
        "parameter-became-optional": ("is no longer required", _FOLLOWS),
        "success-status-removed": ("is removed", _BREAKS),
        "status-removed": ("is removed; it was no success", _HARMLESS),
        # RFC 9110, section 15: clients take a status that they do not know as the x00 of its class.
        "status-added": ("is a new status", _AFFECTS),
        "media-type-removed": ("is removed", _BREAKS),
        "media-type-added": ("is a new media type", _FOLLOWS),
        "required-header-removed": ("is removed; it was required", _BREAKS),
        "header-removed": ("is removed; it was optional", _AFFECTS),
        "header-added": ("is a new header", _FOLLOWS),
        "header-became-optional": ("is no longer required", _BREAKS),
        "header-became-required": ("is required now", _FOLLOWS),
    }
)
"""What changes outside of schemas: rule -> text and verdict."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What changes: an `owner`, such as an operation, or a `part` of it."""

    owner: str
    part: str = ""

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """Return an operation as what changes."""
        return cls(f"{operation.method} {operation.path}")

    def write(self, pointer: str) -> str:
        """Return the subject in words; what stands in the components may have several owners, so none is named."""
        is_shared = pointer.startswith("#/components/") and self.part
        return self.part if is_shared else ", ".join(filter(None, (self.owner, self.part)))


@dataclass(frozen=True, slots=True)
class Editions:
    """Both editions, from which changes are made."""

    old: Edition
    new: Edition

    def make(self, rule: str, node: Node, subject: Subject) -> Change:
        """Return the change that a rule of the table stands for, of a node of the new document."""
        return _apply_rule(self.new, rule, node, subject)

    def make_removed(self, rule: str, node: Node, subject: Subject) -> Change:
        """Return the change that a rule of the table stands for, of a node of the old document."""
        return _apply_rule(self.old, rule, node, subject)

    def compare(self, direction: str, subject: Subject, old: Described, new: Described) -> Iterator[Change]:
        """Yield the changes of a schema that requests or responses have."""
        compare = compare_texts if old.is_text and new.is_text else compare_schemas
        for each in compare(old.schema, new.schema):
            edition, described = (self.old, old) if each.is_removed else (self.new, new)
            node = edition.locate(described.node, each.steps)
            part = replace(subject, part=_name_part(subject.part, each))
            yield _make(edition, f"{direction}-{each.rule}", node, (part, each.text), _EFFECTS[direction][each.effect])


def _apply_rule(edition: Edition, rule: str, node: Node, subject: Subject) -> Change:
    text, verdict = _RULES[rule]
    return _make(edition, rule, node, (subject, text), verdict)


def _make(edition: Edition, rule: str, node: Node, words: tuple[Subject, str], verdict: _Verdict) -> Change:
    pointer = edition.pointers[id(node)]
    subject, text = words
    sentence = f"{subject.write(pointer)} {text}."
    return Change(rule, pointer, node.key_place, sentence, verdict.is_breaking, verdict.hurts)


def _name_part(name: str, difference: Difference) -> str:
    """Return what differs as a path, such as `Customer.Notes[].Text`; the keyword at the end is left out."""
    way = difference.steps[:-1]
    steps = iter(difference.steps if way and way[-1] in _NAMED else way)
    for step in steps:
        write = _NAMED.get(step)
        name += _PARTS.get(step, "") if write is None else write(next(steps, ""))
    return name


_NAMED: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "properties": lambda name: f".{show_name(name)}",
        "prefixItems": lambda number: f"[{number}]",
        **dict.fromkeys(("oneOf", "anyOf"), lambda _: ""),
    }
)
"""Keywords after which a step names one of several schemas, and how a path writes that step."""

_PARTS: Final[Mapping[str, str]] = MappingProxyType({"items": "[]", "additionalProperties": ".*"})
"""How a path writes keywords whose value is the schema of parts without a name."""
