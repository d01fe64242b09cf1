"""Whether a value fits a JSON Schema, and how a text is cut to fit it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from mockserver.checks.formats import has_format
from mockserver.checks.keywords import list_written
from mockserver.documents.ecma_patterns import find_ecma_pattern
from mockserver.documents.json_text import to_key
from mockserver.documents.numbers import Number, WrittenNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from mockserver.contract.intersections import Schema


def fits(value: object, schema: Schema | bool) -> bool:
    """Return whether `value` satisfies the keywords in `_CHECKS`; other keywords are ignored."""
    return schema if isinstance(schema, bool) else not find_unmet(value, schema)


def find_unmet(value: object, schema: Schema) -> list[str]:
    """Return the keywords of a schema that a value does not satisfy."""
    plain = value.plain if type(value) is WrittenNumber else value
    rules = _RULES.get(type(plain), _NO_RULES)
    return [keyword for keyword in schema if keyword in rules and not rules[keyword](plain, schema)]


def cut(text: str, limit: int) -> str:
    """Return the start of `text`, at most `limit` UTF-16 code units, without splitting a surrogate pair."""
    if len(text) * 2 <= limit:
        return text
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


def _is_one_of(value: object, others: Iterable[object]) -> bool:
    key = to_key(value)
    return any(to_key(other) == key for other in others)


def _has_type(value: object, schema: Schema) -> bool:
    names, allowed = _TYPE_NAMES[type(value)], schema["type"]
    return allowed in names if isinstance(allowed, str) else not names.isdisjoint(allowed)


def _matches_pattern(text: str, schema: Schema) -> bool:
    pattern = find_ecma_pattern(schema["pattern"])
    # A pattern that cannot be read is taken to match the values that stand beside it.
    return text in list_written(schema) if pattern is None else pattern.is_in(text)


def _is_multiple(number: Number, schema: Schema) -> bool:
    return (Fraction(str(number)) / Fraction(str(schema["multipleOf"]))).denominator == 1


def _is_unique(items: list[object], schema: Schema) -> bool:
    return not schema["uniqueItems"] or len(list(distinct(items))) == len(items)


def _fits_properties(value: Mapping[str, object], schema: Schema) -> bool:
    return all(fits(value[key], member) for key, member in schema["properties"].items() if key in value)


def _fits_additional(value: Mapping[str, object], schema: Schema) -> bool:
    named, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    others = (key for key in value if key not in named and not any(_matches(key, each) for each in patterns))
    return all(fits(value[key], schema["additionalProperties"]) for key in others)


def _fits_patterns(value: Mapping[str, object], schema: Schema) -> bool:
    rules = schema["patternProperties"].items()
    return all(fits(value[key], rule) for pattern, rule in rules for key in value if _matches(key, pattern))


def _fits_names(value: Mapping[str, object], schema: Schema) -> bool:
    return all(fits(name, schema["propertyNames"]) for name in value)


def _matches(text: str, pattern: str) -> bool:
    return _matches_pattern(text, {"pattern": pattern})


def _fits_items(items: list[object], schema: Schema) -> bool:
    first = len(schema.get("prefixItems", ()))
    return all(fits(item, schema["items"]) for item in items[first:])


def _fits_contains(items: list[object], schema: Schema) -> bool:
    count = sum(fits(item, schema["contains"]) for item in items)
    least, most = schema.get("minContains", 1), schema.get("maxContains", count)
    return bool(least <= count <= most)


def _fits_condition(value: object, schema: Schema) -> bool:
    return fits(value, schema.get("then" if fits(value, schema["if"]) else "else", True))


def _has_followers(value: Mapping[str, object], schema: Schema) -> bool:
    followers = schema["dependentRequired"].items()
    return all(name in value for owner, names in followers if owner in value for name in names)


def _fits_dependents(value: Mapping[str, object], schema: Schema) -> bool:
    return all(fits(value, rule) for owner, rule in schema["dependentSchemas"].items() if owner in value)


_Rule: TypeAlias = "Callable[[Any, Schema], bool]"


@dataclass(frozen=True, slots=True)
class _Check:
    """The rule of a keyword, for values of exactly these classes: True is not a number."""

    classes: Collection[type]
    holds: _Rule


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
        "type": _Check(_ANY, _has_type),
        "const": _Check(_ANY, lambda value, schema: _is_one_of(value, [schema["const"]])),
        "enum": _Check(_ANY, lambda value, schema: _is_one_of(value, schema["enum"])),
        "oneOf": _Check(_ANY, lambda value, schema: sum(fits(value, one) for one in schema["oneOf"]) == 1),
        "anyOf": _Check(_ANY, lambda value, schema: any(fits(value, one) for one in schema["anyOf"])),
        "allOf": _Check(_ANY, lambda value, schema: all(fits(value, one) for one in schema["allOf"])),
        "not": _Check(_ANY, lambda value, schema: not fits(value, schema["not"])),
        "if": _Check(_ANY, _fits_condition),
        "minLength": _Check(_TEXT, lambda text, schema: len(text) >= schema["minLength"]),
        # .NET counts UTF-16 code units; there are never fewer of them than of JSON Schema's code points.
        "maxLength": _Check(_TEXT, lambda text, schema: cut(text, schema["maxLength"]) == text),
        "pattern": _Check(_TEXT, _matches_pattern),
        "format": _Check(_SINGLE, lambda value, schema: has_format(value, schema["format"])),
        "contentEncoding": _Check(_TEXT, lambda text, schema: has_format(text, schema["contentEncoding"])),
        "x-mock-format": _Check(_SINGLE, lambda value, schema: has_format(value, schema["x-mock-format"])),
        "minimum": _Check(_NUMBER, lambda number, schema: number >= schema["minimum"]),
        "maximum": _Check(_NUMBER, lambda number, schema: number <= schema["maximum"]),
        "exclusiveMinimum": _Check(_NUMBER, lambda number, schema: number > schema["exclusiveMinimum"]),
        "exclusiveMaximum": _Check(_NUMBER, lambda number, schema: number < schema["exclusiveMaximum"]),
        "multipleOf": _Check(_NUMBER, _is_multiple),
        "minItems": _Check(_LIST, lambda items, schema: len(items) >= schema["minItems"]),
        "maxItems": _Check(_LIST, lambda items, schema: len(items) <= schema["maxItems"]),
        "items": _Check(_LIST, _fits_items),
        "prefixItems": _Check(_LIST, lambda items, schema: all(map(fits, items, schema["prefixItems"]))),
        "contains": _Check(_LIST, _fits_contains),
        "uniqueItems": _Check(_LIST, _is_unique),
        "required": _Check(_OBJECT, lambda value, schema: all(name in value for name in schema["required"])),
        "properties": _Check(_OBJECT, _fits_properties),
        "additionalProperties": _Check(_OBJECT, _fits_additional),
        "patternProperties": _Check(_OBJECT, _fits_patterns),
        "propertyNames": _Check(_OBJECT, _fits_names),
        "minProperties": _Check(_OBJECT, lambda value, schema: len(value) >= schema["minProperties"]),
        "maxProperties": _Check(_OBJECT, lambda value, schema: len(value) <= schema["maxProperties"]),
        "dependentRequired": _Check(_OBJECT, _has_followers),
        "dependentSchemas": _Check(_OBJECT, _fits_dependents),
        **dict.fromkeys(_UNREAD, _Check(_ANY, lambda value, schema: _is_one_of(value, list_written(schema)))),
    }
)


def _select_rules(kind: type) -> Mapping[str, _Rule]:
    return MappingProxyType({name: check.holds for name, check in _CHECKS.items() if kind in check.classes})


_RULES: Final[Mapping[type, Mapping[str, _Rule]]] = MappingProxyType({kind: _select_rules(kind) for kind in _ANY})
"""The rules by the class of a value."""

_NO_RULES: Final[Mapping[str, _Rule]] = MappingProxyType({})
