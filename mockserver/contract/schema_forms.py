"""The forms that JSON Schema gives the values of its keywords, and what is said of a schema that has others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mockserver.contract.references import ReferenceReader
from mockserver.documents.ecma_patterns import read_ecma_pattern
from mockserver.documents.nodes import Node
from mockserver.documents.numbers import Number
from mockserver.documents.patterns import PatternError
from mockserver.documents.problems import Problem


def check_schema(reader: ReferenceReader, what: str, node: Node) -> None:
    """Report a node that is no schema, and keywords in it whose value does not have its form."""
    _check_form(reader, what, node, _SCHEMA)


def is_well_formed(keyword: str, node: Node) -> bool:
    """Return whether the value of a keyword and its entries have their forms."""
    form, entry_form = _FORMS.get(keyword), _ENTRY_FORMS.get(keyword)
    if form is not None and not _HAS_FORM[form](node):
        return False
    return entry_form is None or all(_HAS_FORM[entry_form](entry) for entry in node.children)


def restricts(keyword: str) -> bool:
    """Return whether a keyword says which values there may be, so far as it is known here."""
    return keyword in _FORMS and keyword not in ("examples", "readOnly", "writeOnly")


def _check_form(reader: ReferenceReader, what: str, node: Node, form: str | None) -> None:
    if form is not None and not _HAS_FORM[form](node):
        reader.add(node.place, f"{what} is not {form}. Write {form}.")
    elif form == _SCHEMA:
        _check_keywords(reader, node)


def _check_keywords(reader: ReferenceReader, node: Node) -> None:
    """Report keywords whose value does not have the form that JSON Schema gives it."""
    for keyword, child in reader.members(node).items() if isinstance(node.value, dict) else ():
        _check_form(reader, keyword, child, _FORMS.get(keyword))
        for entry in child.children:
            _check_form(reader, f"An entry of {keyword}", entry, _ENTRY_FORMS.get(keyword))
        if keyword == "pattern" and isinstance(child.value, str):
            _check_pattern(reader, child, child.value)


def _check_pattern(reader: ReferenceReader, node: Node, pattern: str) -> None:
    """Warn of a pattern that cannot be read; `checks.fitting` says what fits it then."""
    try:
        read_ecma_pattern(pattern)
    except PatternError as error:
        finding = f"This pattern cannot be read: {error}. It is taken to match the values that stand beside it"
        reader.warnings.append(Problem(node.place, f"{finding} (examples, enum, const, default) and no others."))


_TYPES: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
_SCHEMA: Final = "a schema"

_HAS_FORM: Final[Mapping[str, Callable[[Node], bool]]] = MappingProxyType(
    {
        _SCHEMA: lambda node: isinstance(node.value, dict | bool),
        "a mapping": lambda node: isinstance(node.value, dict),
        "a list": lambda node: isinstance(node.value, list),
        "text": lambda node: isinstance(node.value, str),
        "a type": lambda node: node.value in _TYPES,
        "a type or a list of types": lambda node: node.value in _TYPES or isinstance(node.value, list),
        "a number": lambda node: node.is_number,
        "a number over 0": lambda node: isinstance(node.value, Number) and node.is_number and node.value > 0,
        "a whole number from 0": lambda node: type(node.value) is int and node.value >= 0,
        "true or false": lambda node: isinstance(node.value, bool),
    }
)
"""The forms that values of keywords have, each with its test."""

_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "type": "a type or a list of types",
        "multipleOf": "a number over 0",
        **dict.fromkeys(
            ("items", "additionalProperties", "contains", "propertyNames", "not", "if", "then", "else"), _SCHEMA
        ),
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "dependentRequired"), "a mapping"),
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "prefixItems", "enum", "examples", "required"), "a list"),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "a number"),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), "a whole number from 0"),
        **dict.fromkeys(("minProperties", "maxProperties", "minContains", "maxContains"), "a whole number from 0"),
        **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly"), "true or false"),
        **dict.fromkeys(("format", "pattern", "contentEncoding"), "text"),
    }
)
"""The form of each keyword's value."""

_ENTRY_FORMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), _SCHEMA),
        **dict.fromkeys(("oneOf", "anyOf", "allOf", "prefixItems"), _SCHEMA),
        "dependentRequired": "a list",
        "type": "a type",
        "required": "text",
    }
)
"""The form of each entry of a keyword's list or mapping."""
