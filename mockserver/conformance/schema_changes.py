"""What differs between two schemas: their types, null, alternatives, members and items, at every depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from types import MappingProxyType
from typing import Any, Final

from mockserver.checks.fitting import fits
from mockserver.checks.keywords import to_schema
from mockserver.conformance.schema_keywords import Difference, Effect, compare_keywords, list_allowed
from mockserver.contract.intersections import Schema, intersect
from mockserver.documents.json_text import to_key


def compare_schemas(old: Schema, new: Schema) -> Iterator[Difference]:
    """Yield the differences between two schemas whose references are written out."""
    # The schemas of components are mappings that `to_key` does not take.
    old, new = dict(old), dict(new)
    if to_key(old) == to_key(new):
        return
    before, after = _split(old), _split(new)
    if before.allows_null != after.allows_null:
        yield _compare_null(new, is_allowed=after.allows_null)
    yield from _compare_alternatives(before.parts, after.parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """One alternative of a schema without null; `types` are those it allows, `steps` lead to it."""

    schema: Schema
    types: frozenset[str]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Split:
    """A schema as its alternatives, and whether one of them allows null."""

    allows_null: bool
    parts: tuple[_Part, ...]


def _split(schema: Schema) -> _Split:
    """Split a schema at `oneOf` or `anyOf`; `type: [string, "null"]` and an alternative for null are then the same."""
    allows_null, parts = False, []
    found = list(islice(_iter_alternatives(schema, ()), _MOST_ALTERNATIVES + 1))
    for steps, each in found if len(found) <= _MOST_ALTERNATIVES else [((), schema)]:
        types, allowed = _expand(each), list_allowed(each)
        allows_null |= "null" in types and (allowed is None or None in allowed)
        left = None if allowed is None else [value for value in allowed if value is not None]
        if types - {"null"} and left != []:
            kept = each if left is None or "const" in each else {**each, "enum": left}
            parts.append(_Part(kept, types - {"null"}, steps))
    return _Split(allows_null, tuple(parts))


def _iter_alternatives(schema: Schema, steps: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    keyword = next((each for each in ("oneOf", "anyOf") if each in schema), None)
    if keyword is None:
        yield steps, schema
        return
    for number, branch in enumerate(schema[keyword]):
        joined = to_schema(intersect(_without(schema, keyword), branch))
        yield from _iter_alternatives(joined, (*steps, keyword, str(number)))


def _without(schema: Schema, keyword: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != keyword}


def _expand(schema: Schema) -> frozenset[str]:
    """Return the types that a schema allows; a number may be an integer."""
    kinds = schema.get("type", _TYPES)
    listed = frozenset((kinds,) if isinstance(kinds, str) else kinds)
    named = listed | {"integer"} if "number" in listed else listed
    allowed = list_allowed(schema)
    return named if allowed is None else named & {_find_type(value) for value in allowed}


def _find_type(value: object) -> str:
    return next(kind for kind in _TYPES if fits(value, {"type": kind}))


def _compare_null(new: Schema, *, is_allowed: bool) -> Difference:
    effect = Effect.WIDENED if is_allowed else Effect.NARROWED
    step = next((each for each in ("type", "enum", "oneOf", "anyOf") if each in new), "")
    text = "may be null" if is_allowed else "may no longer be null"
    return Difference(f"null-{effect.value}", effect, (step,), text)


def _compare_alternatives(before: tuple[_Part, ...], after: tuple[_Part, ...]) -> Iterator[Difference]:
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


def _pair(gone: list[_Part], come: list[_Part]) -> list[tuple[_Part, _Part]]:
    """Pair alternatives by their types and tags; empty if that is not possible."""
    if len(gone) == len(come) == 1:
        return [(gone[0], come[0])]
    named, others = ({_identify(part): part for part in parts} for parts in (gone, come))
    is_possible = len(named) == len(gone) == len(come) and named.keys() == others.keys()
    return [(named[key], part) for key, part in others.items()] if is_possible else []


def _identify(part: _Part) -> tuple[frozenset[str], str]:
    """Return the types, and the members that can have one value only, such as `kind: {const: cat}`."""
    members = ((name, list_allowed(to_schema(rule))) for name, rule in part.schema.get("properties", {}).items())
    return part.types, to_key({name: values for name, values in members if values is not None and len(values) == 1})


def _weigh(parts: Iterable[_Part]) -> int:
    """Return how long the schemas are: to compare each with each takes at most as long as the product of two sides."""
    return sum(100 + len(to_key(part.schema)) for part in parts)


def _fits(part: _Part, others: tuple[_Part, ...]) -> bool:
    """Return whether every value of a part is a value of one of the others; each type may fit into another one."""
    return all(any(_is_within(each, other) for other in others) for each in _divide(part))


def _divide(part: _Part) -> Iterator[_Part]:
    kinds = part.types - {"integer"} if "number" in part.types else part.types
    for kind in sorted(kinds):
        schema = {**part.schema, "type": kind}
        yield replace(part, schema=schema, types=_expand(schema))


def _is_within(part: _Part, other: _Part) -> bool:
    return all(each.effect not in (Effect.NARROWED, Effect.CHANGED) for each in _compare_parts(part, other))


def _compare_parts(before: _Part, after: _Part) -> Iterator[Difference]:
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


def _compare_all(before: _Part, after: _Part, types: tuple[Difference, ...]) -> Iterator[Difference]:
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

_MOST_ALTERNATIVES: Final = 1_000
"""So many alternatives are told apart; with more of them, `oneOf` and `anyOf` are compared as a whole."""

_MOST_WEIGHT: Final = 400_000_000
"""Up to this product, alternatives are compared each with each; beyond it, those that are not equal count as others."""

_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
"""All types; an integer is found before it is taken for a number."""
