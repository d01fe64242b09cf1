"""Whether a value fits a JSON Schema, and how a text is cut to fit it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mockserver.checks.formats import has_format
from mockserver.checks.keywords import list_written
from mockserver.documents.ecma_patterns import find_ecma_pattern
from mockserver.documents.json_text import to_key
from mockserver.documents.numbers import WrittenNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from mockserver.contract.intersections import Schema


def fits(value: object, schema: Schema | bool) -> bool:
    """Return whether `value` satisfies the `type` and the keywords in `_CHECKS`; other keywords are ignored."""
    return _prepare(schema)(value)


def find_unmet(value: object, schema: Schema) -> list[str]:
    """Return the keywords of a schema that a value does not satisfy."""
    plain = value.plain if type(value) is WrittenNumber else value
    return [keyword for keyword, test in _bind(schema, type(plain)) if not test(plain)]


class Fitting:
    """A schema made ready for many values: its rules for a class are found when the first value of the class comes.

    Threads may share it.
    """

    __slots__ = ("_schema", "_tests")

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._tests: dict[type, tuple[_Test, ...]] = {}

    def fits(self, value: object) -> bool:
        """Return whether the value satisfies the schema, as the function `fits` does."""
        plain = value.plain if type(value) is WrittenNumber else value
        kind = type(plain)
        tests = self._tests.get(kind)
        if tests is None:
            tests = self._tests[kind] = tuple([test for _, test in _bind(self._schema, kind)])
        for test in tests:  # noqa: SIM110 - `all` takes twice as long
            if not test(plain):
                return False
        return True


def _prepare(schema: Schema | bool) -> _Test:
    return (lambda _: schema) if isinstance(schema, bool) else Fitting(schema).fits


def _bind(schema: Schema, kind: type) -> list[tuple[str, _Test]]:
    """Return the keywords of a schema that are about values of that class, each with its rule, bound to the schema."""
    rules = _RULES.get(kind, _NO_RULES)
    bound = [(keyword, rules[keyword](schema)) for keyword in schema if keyword in rules]
    return [(keyword, test) for keyword, test in bound if test is not None]


def cut(text: str, limit: int) -> str:
    """Return the start of `text`, at most `limit` UTF-16 code units, without splitting a surrogate pair."""
    if len(text) * 2 <= limit:
        return text
    if text.isascii():
        return text[:limit]
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def distinct(values: Iterable[object], patience: float = math.inf) -> Iterator[object]:
    """Yield the values, but leave out each that equals an earlier one as JSON; end after `patience` such in a row."""
    seen: set[str] = set()
    repeats = 0
    for value in values:
        key = to_key(value)
        if key not in seen:
            seen.add(key)
            repeats = 0
            yield value
        elif (repeats := repeats + 1) >= patience:
            return


def _bind_type(names: frozenset[str], schema: Schema) -> _Test | None:
    """Return the rule for values of a class, which has the `names`: none fits, or None where all fit."""
    allowed = schema["type"]
    is_allowed = allowed in names if isinstance(allowed, str) else not names.isdisjoint(allowed)
    return None if is_allowed else (lambda _: False)


def _bind_values(values: Iterable[object]) -> _Test:
    keys = {to_key(each) for each in values}
    return lambda value: to_key(value) in keys


def _bind_branches(keyword: str, decide: Callable[[Iterable[bool]], bool], schema: Schema) -> _Test:
    tests = [_prepare(branch) for branch in schema[keyword]]
    return lambda value: decide(test(value) for test in tests)


def _bind_not(schema: Schema) -> _Test:
    test = _prepare(schema["not"])
    return lambda value: not test(value)


def _bind_condition(schema: Schema) -> _Test:
    condition, then, other = (_prepare(schema.get(keyword, True)) for keyword in ("if", "then", "else"))
    return lambda value: then(value) if condition(value) else other(value)


def _bind_most_units(schema: Schema) -> _Test:
    most = schema["maxLength"]
    # .NET counts UTF-16 code units; there are never fewer of them than of JSON Schema's code points.
    return lambda text: len(text) <= most and (text.isascii() or cut(text, most) == text)


def _bind_pattern(schema: Schema) -> _Test:
    pattern = find_ecma_pattern(schema["pattern"])
    if pattern is not None:
        return pattern.is_in
    # A pattern that cannot be read is taken to match the values that stand beside it.
    written = list_written(schema)
    return lambda text: text in written


def _bind_step(schema: Schema) -> _Test:
    step = Fraction(str(schema["multipleOf"]))
    return lambda number: (Fraction(str(number)) / step).denominator == 1


def _is_unique(items: list[object]) -> bool:
    return len(list(distinct(items))) == len(items)


def _bind_items(schema: Schema) -> _Test:
    first, test = len(schema.get("prefixItems", ())), _prepare(schema["items"])
    return lambda items: all(test(item) for item in items[first:])


def _bind_first_items(schema: Schema) -> _Test:
    tests = [_prepare(rule) for rule in schema["prefixItems"]]
    return lambda items: all(test(item) for test, item in zip(tests, items, strict=False))


def _bind_contains(schema: Schema) -> _Test:
    test, least, most = _prepare(schema["contains"]), schema.get("minContains", 1), schema.get("maxContains", math.inf)
    return lambda items: bool(least <= sum(test(item) for item in items) <= most)


def _bind_required(schema: Schema) -> _Test:
    names = frozenset(schema["required"])
    return lambda value: value.keys() >= names


def _bind_properties(schema: Schema) -> _Test:
    tests = {name: _prepare(rule) for name, rule in schema["properties"].items()}
    return lambda value: all(test(value[name]) for name, test in tests.items() if name in value)


def _bind_additional(schema: Schema) -> _Test:
    named, test = schema.get("properties", {}), _prepare(schema["additionalProperties"])
    patterns = [_bind_pattern({"pattern": each}) for each in schema.get("patternProperties", ())]

    def is_other(name: str) -> bool:
        return name not in named and not any(matches(name) for matches in patterns)

    if not named and not patterns:
        return lambda value: all(map(test, value.values()))
    return lambda value: all(test(member) for name, member in value.items() if is_other(name))


def _bind_patterns(schema: Schema) -> _Test:
    tests = [(_bind_pattern({"pattern": each}), _prepare(rule)) for each, rule in schema["patternProperties"].items()]
    return lambda value: all(test(member) for matches, test in tests for name, member in value.items() if matches(name))


def _bind_names(schema: Schema) -> _Test:
    test = _prepare(schema["propertyNames"])
    return lambda value: all(test(name) for name in value)


def _bind_followers(schema: Schema) -> _Test:
    followers = {owner: frozenset(names) for owner, names in schema["dependentRequired"].items()}
    return lambda value: all(value.keys() >= names for owner, names in followers.items() if owner in value)


def _bind_dependents(schema: Schema) -> _Test:
    tests = {owner: _prepare(rule) for owner, rule in schema["dependentSchemas"].items()}
    return lambda value: all(test(value) for owner, test in tests.items() if owner in value)


_Test: TypeAlias = "Callable[[Any], bool]"
_Rule: TypeAlias = "Callable[[Schema], _Test | None]"


@dataclass(frozen=True, slots=True)
class _Check:
    """The rule of a keyword, for values of exactly these classes: True is not a number."""

    classes: Collection[type]
    bind: _Rule


_TYPE_NAMES: Final[Mapping[type, frozenset[str]]] = MappingProxyType(
    {
        str: frozenset({"string"}),
        int: frozenset({"integer", "number"}),
        **dict.fromkeys((float, WrittenNumber), frozenset({"number"})),
        bool: frozenset({"boolean"}),
        list: frozenset({"array"}),
        dict: frozenset({"object"}),
        type(None): frozenset({"null"}),
    }
)


# Keywords that are not implemented: only the values that stand beside them fit.
_UNREAD: Final = ("$ref", "$dynamicRef", "unevaluatedItems", "unevaluatedProperties")
_ANY: Final = frozenset(_TYPE_NAMES)
_TEXT: Final = (str,)
_NUMBER: Final = (int, float, WrittenNumber)
_SINGLE: Final = (str, int, float, WrittenNumber)
_LIST: Final = (list,)
_OBJECT: Final = (dict,)
_CHECKS: Final[Mapping[str, _Check]] = MappingProxyType(
    {
        "const": _Check(_ANY, lambda schema: _bind_values([schema["const"]])),
        "enum": _Check(_ANY, lambda schema: _bind_values(schema["enum"])),
        "oneOf": _Check(_ANY, partial(_bind_branches, "oneOf", lambda verdicts: sum(verdicts) == 1)),
        "anyOf": _Check(_ANY, partial(_bind_branches, "anyOf", any)),
        "allOf": _Check(_ANY, partial(_bind_branches, "allOf", all)),
        "not": _Check(_ANY, _bind_not),
        "if": _Check(_ANY, _bind_condition),
        "minLength": _Check(_TEXT, lambda schema: lambda text: len(text) >= schema["minLength"]),
        "maxLength": _Check(_TEXT, _bind_most_units),
        "pattern": _Check(_TEXT, _bind_pattern),
        "format": _Check(_SINGLE, lambda schema: lambda value: has_format(value, schema["format"])),
        "contentEncoding": _Check(_TEXT, lambda schema: lambda text: has_format(text, schema["contentEncoding"])),
        "x-mock-format": _Check(_SINGLE, lambda schema: lambda value: has_format(value, schema["x-mock-format"])),
        "minimum": _Check(_NUMBER, lambda schema: lambda number: number >= schema["minimum"]),
        "maximum": _Check(_NUMBER, lambda schema: lambda number: number <= schema["maximum"]),
        "exclusiveMinimum": _Check(_NUMBER, lambda schema: lambda number: number > schema["exclusiveMinimum"]),
        "exclusiveMaximum": _Check(_NUMBER, lambda schema: lambda number: number < schema["exclusiveMaximum"]),
        "multipleOf": _Check(_NUMBER, _bind_step),
        "minItems": _Check(_LIST, lambda schema: lambda items: len(items) >= schema["minItems"]),
        "maxItems": _Check(_LIST, lambda schema: lambda items: len(items) <= schema["maxItems"]),
        "items": _Check(_LIST, _bind_items),
        "prefixItems": _Check(_LIST, _bind_first_items),
        "contains": _Check(_LIST, _bind_contains),
        "uniqueItems": _Check(_LIST, lambda schema: _is_unique if schema["uniqueItems"] else None),
        "required": _Check(_OBJECT, _bind_required),
        "properties": _Check(_OBJECT, _bind_properties),
        "additionalProperties": _Check(_OBJECT, _bind_additional),
        "patternProperties": _Check(_OBJECT, _bind_patterns),
        "propertyNames": _Check(_OBJECT, _bind_names),
        "minProperties": _Check(_OBJECT, lambda schema: lambda value: len(value) >= schema["minProperties"]),
        "maxProperties": _Check(_OBJECT, lambda schema: lambda value: len(value) <= schema["maxProperties"]),
        "dependentRequired": _Check(_OBJECT, _bind_followers),
        "dependentSchemas": _Check(_OBJECT, _bind_dependents),
        **dict.fromkeys(_UNREAD, _Check(_ANY, lambda schema: _bind_values(list_written(schema)))),
    }
)


def _select_rules(kind: type) -> Mapping[str, _Rule]:
    of_class = {name: check.bind for name, check in _CHECKS.items() if kind in check.classes}
    return MappingProxyType({"type": partial(_bind_type, _TYPE_NAMES[kind]), **of_class})


_RULES: Final[Mapping[type, Mapping[str, _Rule]]] = MappingProxyType({kind: _select_rules(kind) for kind in _ANY})
"""The rules by the class of a value."""

_NO_RULES: Final[Mapping[str, _Rule]] = MappingProxyType({})
