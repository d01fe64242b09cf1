"""What differs between two schemas: their types, null, alternatives, members and items, at every depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, Final

from mockserver.checks.keywords import to_schema
from mockserver.conformance.schema_alternatives import Part, divide, split_schema
from mockserver.conformance.schema_keywords import Difference, Effect, compare_keywords, list_allowed
from mockserver.contract.intersections import Schema
from mockserver.documents.json_text import to_key


def compare_schemas(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield the differences between two schemas whose references are written out."""
    # The schemas of components are mappings that `to_key` does not take.
    old, new = dict(old), dict(new)
    if to_key(old) == to_key(new):
        return
    before, after = split_schema(old), split_schema(new)
    if before.allows_null != after.allows_null:
        yield _compare_null(new, is_allowed=after.allows_null)
    yield from _compare_alternatives(before.parts, after.parts)


def _compare_null(new: Schema, *, is_allowed: bool) -> Difference:
    effect = Effect.WIDENED if is_allowed else Effect.NARROWED
    step = next((each for each in ("type", "enum", "oneOf", "anyOf") if each in new), "")
    text = "may be null" if is_allowed else "may no longer be null"
    return Difference(f"null-{effect.value}", effect, (step,), text)


def _compare_alternatives(before: tuple[Part, ...], after: tuple[Part, ...]) -> Iterator[Difference]:
    """Compare the alternatives that differ: in pairs, or else each has to fit into one of the other side."""
    known, kept = ({to_key(part.schema) for part in parts} for parts in (before, after))
    gone = [part for part in before if to_key(part.schema) not in kept]
    come = [part for part in after if to_key(part.schema) not in known]
    pairs = _pair(gone, come)
    if pairs:
        for pair in pairs:
            yield from _compare_parts(*pair)
        return
    is_affordable = _weigh(gone) * _weigh(after) + _weigh(come) * _weigh(before) <= _MOST_WEIGHT
    for part in gone:
        if not (is_affordable and _fits(part, after)):
            text = "no longer has one of its alternatives" if after else "no longer allows any value"
            yield Difference("alternative-narrowed", Effect.NARROWED, part.steps, text, is_removed=True)
    for part in come:
        if not (is_affordable and _fits(part, before)):
            yield Difference("alternative-widened", Effect.WIDENED, part.steps, "has one alternative more")


def _pair(gone: list[Part], come: list[Part]) -> list[tuple[Part, Part]]:
    """Pair alternatives by their types and tags; empty if that is not possible."""
    if len(gone) == len(come) == 1:
        return [(gone[0], come[0])]
    named, others = ({_identify(part): part for part in parts} for parts in (gone, come))
    is_possible = len(named) == len(gone) == len(come) and named.keys() == others.keys()
    return [(named[key], part) for key, part in others.items()] if is_possible else []


def _identify(part: Part) -> tuple[frozenset[str], str]:
    """Return the types, and the members that can have one value only, such as `kind: {const: cat}`."""
    members = ((name, list_allowed(to_schema(rule))) for name, rule in part.schema.get("properties", {}).items())
    return part.types, to_key({name: values for name, values in members if values is not None and len(values) == 1})


def _weigh(parts: Iterable[Part]) -> int:
    """Return how long the schemas are: to compare each with each takes at most as long as the product of two sides."""
    return sum(100 + len(to_key(part.schema)) for part in parts)


def _fits(part: Part, others: tuple[Part, ...]) -> bool:
    """Return whether every value of a part is a value of one of the others; each type may fit into another one."""
    return all(any(_is_within(each, other) for other in others) for each in divide(part))


def _is_within(part: Part, other: Part) -> bool:
    return all(each.effect not in (Effect.NARROWED, Effect.CHANGED) for each in _compare_parts(part, other))


def _compare_parts(before: Part, after: Part) -> Iterator[Difference]:
    are_listed = all(list_allowed(part.schema) is not None for part in (before, after))
    types = () if are_listed else tuple(_compare_types(before.types, after.types))
    for each in types if types and types[0].effect == Effect.CHANGED else _compare_all(before, after, types):
        yield replace(each, steps=(*(before if each.is_removed else after).steps, *each.steps))


def _compare_types(before: frozenset[str], after: frozenset[str]) -> Iterator[Difference]:
    gone, come = sorted(before - after), sorted(after - before)
    if gone and not before & after:
        text = f"has the type {_join(after)}, had {_join(before)}"
        yield Difference("type-changed", Effect.CHANGED, ("type",), text)
        return
    if gone:
        yield Difference("type-narrowed", Effect.NARROWED, ("type",), f"no longer has the type {_join(gone)}")
    if come:
        yield Difference("type-widened", Effect.WIDENED, ("type",), f"may also have the type {_join(come)}")


def _join(types: Iterable[str]) -> str:
    return " or ".join(sorted(types))


def _compare_all(before: Part, after: Part, types: tuple[Difference, ...]) -> Iterator[Difference]:
    old, new = before.schema, after.schema
    yield from types
    yield from compare_keywords(old, new)
    yield from _compare_members(old, new)
    yield from _compare_items(old, new)


def _compare_members(old: Schema, new: Schema) -> Iterator[Difference]:
    before, after = (_Members.read(each) for each in (old, new))
    for name in dict.fromkeys((*before.schemas, *after.schemas, *before.required, *after.required)):
        yield from _compare_member(name, before, after)
    if before.others is not after.others and to_key(before.others) != to_key(after.others):
        yield from _compare_others(before.others, after.others)


@dataclass(frozen=True, slots=True)
class _Members:
    """The members of objects: their schemas, which are required, and the schema of all `others`."""

    schemas: Mapping[str, Any]
    required: tuple[str, ...]
    others: Any

    @classmethod
    def read(cls, schema: Schema) -> _Members:
        others = schema.get("additionalProperties", True)
        return cls(schema.get("properties", {}), tuple(schema.get("required", ())), True if others == {} else others)

    def expects(self, name: str) -> bool:
        """Return whether a member of that name is described, or required and not forbidden."""
        return name in self.schemas or (name in self.required and self.others is not False)


def _compare_member(name: str, before: _Members, after: _Members) -> Iterator[Difference]:
    was_required, is_required = name in before.required, name in after.required
    steps = ("properties", name)
    if name in before.schemas and not after.expects(name):
        yield _REMOVED[was_required, after.others is False].at(steps)
    elif name in after.schemas and not before.expects(name):
        yield _ADDED[is_required].at(steps)
    elif was_required != is_required:
        yield _REQUIRED[is_required].at(steps)
    yield from _enter(steps, _find(before, name), _find(after, name))


def _find(members: _Members, name: str) -> object:
    """Return the schema of a member; None if nothing but its absence is known of it."""
    found = members.schemas.get(name, members.others)
    return found if members.expects(name) or not isinstance(found, bool) else None


def _enter(steps: tuple[str, ...], old: object, new: object) -> Iterator[Difference]:
    if old is not None and new is not None:
        for each in compare_schemas(to_schema(old), to_schema(new)):
            yield replace(each, steps=(*steps, *each.steps))


def _compare_others(before: object, after: object) -> Iterator[Difference]:
    step = ("additionalProperties",)
    if before is False:
        yield Difference("others-extended", Effect.EXTENDED, step, "may have members that it does not name")
    elif after is False:
        text = "may no longer have members that it does not name"
        yield Difference("others-narrowed", Effect.NARROWED, step, text)
    else:
        yield from _enter(step, before, after)


def _compare_items(old: Schema, new: Schema) -> Iterator[Difference]:
    yield from _enter(("items",), old.get("items", True), new.get("items", True))
    pairs = zip_longest(old.get("prefixItems", ()), new.get("prefixItems", ()))
    for number, (before, after) in enumerate(pairs):
        first = old.get("items", True) if before is None else before
        second = new.get("items", True) if after is None else after
        yield from _enter(("prefixItems", str(number)), first, second)


@dataclass(frozen=True, slots=True)
class _Finding:
    """What became of a member."""

    rule: str
    effect: Effect
    text: str
    is_removed: bool = False

    def at(self, steps: tuple[str, ...]) -> Difference:
        return Difference(self.rule, self.effect, steps, self.text, self.is_removed)


_REMOVED: Final[Mapping[tuple[bool, bool], _Finding]] = MappingProxyType(
    {
        (False, False): _Finding("member-removed", Effect.REDUCED, "is removed; it was optional", is_removed=True),
        (False, True): _Finding("member-forbidden", Effect.NARROWED, "may no longer be given", is_removed=True),
        (True, False): _Finding(
            "required-member-removed", Effect.WIDENED, "is removed; it was required", is_removed=True
        ),
        (True, True): _Finding(
            "required-member-forbidden", Effect.CHANGED, "was required, may not be given now", is_removed=True
        ),
    }
)
"""What a removed member means: whether it was required, and whether other members are forbidden now."""

_ADDED: Final[Mapping[bool, _Finding]] = MappingProxyType(
    {
        False: _Finding("member-added", Effect.EXTENDED, "is a new optional member"),
        True: _Finding("required-member-added", Effect.NARROWED, "is a new required member"),
    }
)
"""What a new member means: whether it is required."""

_REQUIRED: Final[Mapping[bool, _Finding]] = MappingProxyType(
    {
        False: _Finding("member-became-optional", Effect.WIDENED, "is no longer required"),
        True: _Finding("member-became-required", Effect.NARROWED, "is required now"),
    }
)
"""What a member means that both have: whether it is required now."""

_MOST_WEIGHT: Final = 400_000_000
"""Up to this product, alternatives are compared each with each; beyond it, those that are not equal count as others."""
