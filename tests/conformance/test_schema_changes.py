"""Differences between two schemas: what each means in a request and in a response, in both orders."""

from __future__ import annotations

import pytest

from mockserver.conformance.changes import Change, Editions, Subject
from mockserver.conformance.editions import Edition, make_edition
from mockserver.documents.yaml_text import parse_document
from tests.support.contracts import THINGS

OBJECT = "type: object, properties: {a: {type: string}"
OPTIONAL, REQUIRED = f"{OBJECT}}}", f"{OBJECT}}}, required: [a]"
EMPTY, CLOSED = "type: object, properties: {}", "type: object, additionalProperties: false"
ONE_OF = "oneOf: [{type: string}, {type: integer}]"

# An old schema and a new one; the rules from old to new, and those from new to old. Two letters behind each rule say
# what it means in a request and in a response: B breaks consumers, who may notice C, P is for the provider
# to follow, - is harmless.
ROWS = [
    # types
    ("type: string", "type: integer", "type-changed BB", "type-changed BB"),
    ("type: integer", "type: number", "type-widened PB", "type-narrowed BP"),
    ("type: string", "type: [string, integer]", "type-widened PB", "type-narrowed BP"),
    ("type: string", "", "null-widened PB, type-widened PB", "null-narrowed BP, type-narrowed BP"),
    ("type: [string, integer]", "type: [integer, string]", "", ""),
    (
        "type: [string, integer]",
        "type: [string, boolean]",
        "type-narrowed BP, type-widened PB",
        "type-narrowed BP, type-widened PB",
    ),
    # null, in each of its forms
    ("type: string", "type: [string, 'null']", "null-widened PB", "null-narrowed BP"),
    ("type: string", "oneOf: [{type: string}, {type: 'null'}]", "null-widened PB", "null-narrowed BP"),
    ("type: string", "anyOf: [{type: 'null'}, {type: string}]", "null-widened PB", "null-narrowed BP"),
    ("type: [string, 'null']", "oneOf: [{type: string}, {type: 'null'}]", "", ""),
    ("enum: [a]", "enum: [a, null]", "null-widened PB", "null-narrowed BP"),
    ("const: null", "type: 'null'", "", ""),
    # values
    ("enum: [a, b]", "enum: [a]", "enum-narrowed BP", "enum-widened PB"),
    ("enum: [a, b]", "enum: [b, c]", "enum-narrowed BP, enum-widened PB", "enum-narrowed BP, enum-widened PB"),
    ("enum: [1]", "enum: [true]", "enum-narrowed BP, enum-widened PB", "enum-narrowed BP, enum-widened PB"),
    ("type: string", "{type: string, enum: [a]}", "enum-narrowed BP", "enum-widened PB"),
    ("const: a", "enum: [a]", "", ""),
    ("const: a", "enum: [a, b]", "enum-widened PB", "enum-narrowed BP"),
    ("{const: a, enum: [a, b]}", "const: b", "enum-narrowed BP, enum-widened PB", "enum-narrowed BP, enum-widened PB"),
    ("const: a", "{const: a, enum: [b]}", "alternative-narrowed BP", "alternative-widened PB"),
    ("{type: string, enum: [a, 1]}", "const: a", "", ""),
    ("type: string", "enum: [a]", "enum-narrowed BP", "enum-widened PB"),
    ("type: integer", "enum: [1, a]", "enum-narrowed BP, type-widened PB", "enum-widened PB, type-narrowed BP"),
    (
        "oneOf: [{type: integer}, {type: string}]",
        "oneOf: [{const: 1}, {const: a}, {const: b}]",
        "alternative-narrowed BP, alternative-narrowed BP",
        "alternative-widened PB, alternative-widened PB",
    ),
    # numbers
    ("{type: integer, maximum: 9}", "{type: integer, maximum: 8}", "bound-narrowed BP", "bound-widened PB"),
    ("{type: integer, minimum: 1}", "{type: integer, minimum: 2}", "bound-narrowed BP", "bound-widened PB"),
    ("type: integer", "{type: integer, minimum: 2}", "bound-narrowed BP", "bound-widened PB"),
    ("{type: integer, minimum: 1}", "{type: integer, exclusiveMinimum: 0}", "", ""),
    ("{type: integer, maximum: 1}", "{type: integer, exclusiveMaximum: 1.5}", "", ""),
    ("{type: integer, maximum: 1e400}", "{type: integer, maximum: 1}", "bound-narrowed BP", "bound-widened PB"),
    ("{type: number, maximum: 1}", "{type: number, exclusiveMaximum: 1}", "bound-narrowed BP", "bound-widened PB"),
    (
        "{type: integer, format: int32}",
        "{type: integer, format: int64}",
        "bound-widened PB, bound-widened PB",
        "bound-narrowed BP, bound-narrowed BP",
    ),
    ("{type: integer, format: int32}", "{type: integer, minimum: -2147483648, maximum: 2147483647}", "", ""),
    ("type: number", "{type: number, multipleOf: 2}", "multipleOf-narrowed BP", "multipleOf-widened PB"),
    (
        "{type: number, multipleOf: 2}",
        "{type: number, multipleOf: 4}",
        "multipleOf-narrowed BP",
        "multipleOf-widened PB",
    ),
    (
        "{type: number, multipleOf: 2}",
        "{type: number, multipleOf: 3}",
        "multipleOf-changed BB",
        "multipleOf-changed BB",
    ),
    # text
    ("{type: string, minLength: 1}", "{type: string, minLength: 2}", "minLength-narrowed BP", "minLength-widened PB"),
    ("{type: string, maxLength: 2}", "{type: string, maxLength: 1}", "maxLength-narrowed BP", "maxLength-widened PB"),
    ("type: string", "{type: string, maxLength: 1}", "maxLength-narrowed BP", "maxLength-widened PB"),
    ("type: string", "{type: string, minLength: 0}", "", ""),
    ("type: string", "{type: string, pattern: a}", "pattern-narrowed BP", "pattern-widened PB"),
    ("{type: string, pattern: a}", "{type: string, pattern: b}", "pattern-changed BB", "pattern-changed BB"),
    ("type: string", "{type: string, format: date}", "format-narrowed BP", "format-widened PB"),
    ("{type: string, format: date}", "{type: string, format: uuid}", "format-changed BB", "format-changed BB"),
    (
        "type: string",
        "{type: string, contentEncoding: base64}",
        "contentEncoding-narrowed BP",
        "contentEncoding-widened PB",
    ),
    (
        "{type: string, contentMediaType: text/html}",
        "{type: string, contentMediaType: text/csv}",
        "contentMediaType-changed BB",
        "contentMediaType-changed BB",
    ),
    ("type: string", "{type: string, pattern: .*}", "", ""),
    ("type: string", "{type: string, default: a}", "default-altered B-", "default-altered B-"),
    # members
    (EMPTY, OPTIONAL, "member-added PP", "member-removed CC"),
    (EMPTY, REQUIRED, "required-member-added BP", "required-member-removed PB"),
    (OPTIONAL, REQUIRED, "member-became-required BP", "member-became-optional PB"),
    (EMPTY, f"{EMPTY}, required: [a]", "member-became-required BP", "member-became-optional PB"),
    (OPTIONAL, CLOSED, "member-forbidden BP, others-narrowed BP", "member-added PP, others-extended PP"),
    (
        REQUIRED,
        CLOSED,
        "others-narrowed BP, required-member-forbidden BB",
        "others-extended PP, required-member-added BP",
    ),
    # A member that stays required, and whose schema is gone.
    (
        REQUIRED,
        f"{CLOSED}, required: [a]",
        "others-narrowed BP, required-member-forbidden BB",
        "others-extended PP, required-member-added BP",
    ),
    (
        REQUIRED,
        f"{EMPTY}, required: [a]",
        "null-widened PB, type-widened PB",
        "null-narrowed BP, type-narrowed BP",
    ),
    ("type: object", CLOSED, "others-narrowed BP", "others-extended PP"),
    ("type: object", "{type: object, additionalProperties: {}}", "", ""),
    (
        "{type: object, additionalProperties: {type: string}}",
        "{type: object, additionalProperties: {type: integer}}",
        "type-changed BB",
        "type-changed BB",
    ),
    (
        "{type: object, additionalProperties: {type: integer}}",
        OPTIONAL,
        "member-added PP, null-widened PB, type-changed BB, type-widened PB",
        "member-removed CC, null-narrowed BP, type-changed BB, type-narrowed BP",
    ),
    ("type: object", "{type: object, minProperties: 1}", "minProperties-narrowed BP", "minProperties-widened PB"),
    ("type: object", "{type: object, maxProperties: 1}", "maxProperties-narrowed BP", "maxProperties-widened PB"),
    (
        "type: object",
        "{type: object, propertyNames: {maxLength: 1}}",
        "propertyNames-narrowed BP",
        "propertyNames-widened PB",
    ),
    (
        "type: object",
        "{type: object, dependentRequired: {a: [b]}}",
        "dependentRequired-narrowed BP",
        "dependentRequired-widened PB",
    ),
    # items
    (
        "{type: array, items: {type: string}}",
        "{type: array, items: {type: integer}}",
        "type-changed BB",
        "type-changed BB",
    ),
    ("{type: array, maxItems: 2}", "{type: array, maxItems: 1}", "maxItems-narrowed BP", "maxItems-widened PB"),
    ("{type: array, minItems: 1}", "{type: array, minItems: 2}", "minItems-narrowed BP", "minItems-widened PB"),
    (
        "{type: array, uniqueItems: false}",
        "{type: array, uniqueItems: true}",
        "uniqueItems-narrowed BP",
        "uniqueItems-widened PB",
    ),
    (
        "{type: array, prefixItems: [{enum: [a]}]}",
        "{type: array, prefixItems: [{enum: [a]}, {enum: [b, null]}]}",
        "enum-narrowed BP, type-narrowed BP",
        "enum-widened PB, type-widened PB",
    ),
    (
        "{type: array, prefixItems: [{}], items: false}",
        "{type: array, prefixItems: [{}]}",
        "alternative-widened PB, null-widened PB",
        "alternative-narrowed BP, null-narrowed BP",
    ),
    ("type: array", "{type: array, minContains: 2}", "minContains-narrowed BP", "minContains-widened PB"),
    ("type: array", "{type: array, minContains: 0}", "minContains-widened PB", "minContains-narrowed BP"),
    ("type: array", "{type: array, minContains: 1}", "", ""),
    ("type: array", "{type: array, maxContains: 2}", "maxContains-narrowed BP", "maxContains-widened PB"),
    (
        "{type: array, contains: {const: 1}}",
        "{type: array, contains: {const: 2}}",
        "contains-changed BB",
        "contains-changed BB",
    ),
    # alternatives
    (ONE_OF, f"{ONE_OF[:-1]}, {{type: boolean}}]", "alternative-widened PB", "alternative-narrowed BP"),
    (ONE_OF, "oneOf: [{type: integer}, {type: string}]", "", ""),
    (ONE_OF, "type: [string, integer]", "", ""),
    (ONE_OF, "oneOf: [{type: string}, {type: integer, maximum: 9}]", "bound-narrowed BP", "bound-widened PB"),
    (
        ONE_OF,
        "oneOf: [{type: string, maxLength: 1}, {type: integer, maximum: 9}]",
        "bound-narrowed BP, maxLength-narrowed BP",
        "bound-widened PB, maxLength-widened PB",
    ),
    (
        "oneOf: [{properties: {a: {const: 1}, b: {maxLength: 2}}}, {properties: {a: {const: 2}, b: {maxLength: 2}}}]",
        "oneOf: [{properties: {a: {const: 2}, b: {maxLength: 1}}}, {properties: {a: {const: 1}, b: {maxLength: 1}}}]",
        "maxLength-narrowed BP, maxLength-narrowed BP",
        "maxLength-widened PB, maxLength-widened PB",
    ),
    (
        "oneOf: [{const: a, title: A}, {type: integer}]",
        "oneOf: [{type: string}, {type: number}, {type: array}]",
        "alternative-widened PB, alternative-widened PB, alternative-widened PB",
        "alternative-narrowed BP, alternative-narrowed BP, alternative-narrowed BP",
    ),
    (ONE_OF, f"{ONE_OF}, not: {{const: a}}", "not-narrowed BP, not-narrowed BP", "not-widened PB, not-widened PB"),
    (
        "anyOf: [{oneOf: [{const: a}, {const: b}]}, {const: c}]",
        "anyOf: [{const: a}, {const: b}]",
        "alternative-narrowed BP",
        "alternative-widened PB",
    ),
    # at depth
    (
        f"{OBJECT[:-1]}, maxLength: 2}}}}",
        f"{OBJECT[:-1]}, maxLength: 1}}}}",
        "maxLength-narrowed BP",
        "maxLength-widened PB",
    ),
    (
        "{type: array, items: {properties: {a: {items: {enum: [1, 2]}}}}}",
        "{type: array, items: {properties: {a: {items: {enum: [1]}}}}}",
        "enum-narrowed BP",
        "enum-widened PB",
    ),
    # words for people
    ("{type: string, description: A, examples: [a]}", "{type: string, title: B, deprecated: true}", "", ""),
]


def make(schema: str) -> Edition:
    text = schema if schema.startswith("{") else f"{{{schema}}}"
    return make_edition(parse_document(f"{THINGS}    S: {text}\n", "f.yaml"))


def compare(direction: str, old: str, new: str) -> list[Change]:
    both = Editions(make(old), make(new))
    schemas = (each.describe_component("S") for each in (both.old, both.new))
    return list(both.compare(direction, Subject("", "S"), *schemas))


def judge(old: str, new: str) -> str:
    """Write each rule with its letters for a request and for a response."""
    found = []
    for request, response in zip(compare("request", old, new), compare("response", old, new), strict=True):
        rule = request.rule.removeprefix("request-")
        assert response.rule == f"response-{rule}"
        found.append(f"{rule} {write_letter(request)}{write_letter(response)}")
    return ", ".join(sorted(found))


def write_letter(change: Change) -> str:
    return "B" if change.is_breaking else {"consumers": "C", "provider": "P", "nobody": "-"}[change.hurts]


@pytest.mark.parametrize(("old", "new", "forward", "backward"), ROWS, ids=lambda value: value[:60])
def test_difference_is_judged_by_direction(old: str, new: str, forward: str, backward: str) -> None:
    assert (judge(old, new), judge(new, old)) == (forward, backward)


@pytest.mark.parametrize(
    ("old", "new", "text", "pointer"),
    [
        ("type: integer", "{type: integer, minimum: 2}", "S has the minimum 2, had none.", "/minimum"),
        ("{minimum: 2}", "{exclusiveMinimum: 2}", "S has the minimum 2 (exclusive), had 2.", "/exclusiveMinimum"),
        ("{format: int8}", "{}", "S has no minimum, had -128.", "/format"),
        ("{maxLength: 2}", "{}", "S has no maxLength, had 2.", "/maxLength"),
        ("{enum: [1, 2]}", "{enum: [1]}", "S no longer allows 2.", "/enum"),
        (
            "{enum: [1]}",
            "{enum: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}",
            "S also allows 2, 3, 4, 5, 6, 7, 8, 9, ....",
            "/enum",
        ),
        ("{const: 1}", "{}", "S is open, allowed only 1.", "/const"),
        ("{items: {type: string}}", "{items: {type: integer}}", "S[] has the type integer, had string.", "/items/type"),
        (
            "{prefixItems: [{type: string}]}",
            "{prefixItems: [{type: number}]}",
            "S[0] has the type integer or number, had string.",
            "/prefixItems/0/type",
        ),
        (
            "{properties: {oneOf: {type: string}}}",
            "{properties: {oneOf: {oneOf: [{type: string}, {type: 'null'}]}}}",
            "S.oneOf may be null.",
            "/properties/oneOf/oneOf",
        ),
        (
            "{additionalProperties: {type: string}}",
            "{additionalProperties: {type: [string, integer]}}",
            "S.* may also have the type integer.",
            "/additionalProperties/type",
        ),
        (
            "{properties: {a~b/c: {}}}",
            "{properties: {}}",
            "S.a~b/c is removed; it was optional.",
            "/properties/a~0b~1c",
        ),
        (
            "{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}",
            "{allOf: [{properties: {a: {}}}, {properties: {b: {type: string}}}]}",
            "S.b may no longer be null.",
            "/allOf/1/properties/b/type",
        ),
        (
            "{$ref: '#/components/schemas/Thing'}",
            "{type: object}",
            "S.Key is removed; it was optional.",
            "#/components/schemas/Thing/properties/Key",
        ),
        (
            "{oneOf: [{const: a}, {const: b}, {const: c}]}",
            "{oneOf: [{const: a}]}",
            "S no longer has one of its alternatives.",
            "/oneOf/1",
        ),
        (
            "{oneOf: [{const: a}, {const: b}]}",
            "{oneOf: [{const: a}, {const: b, enum: []}, {const: c}, {const: d}]}",
            "S has one alternative more.",
            "/oneOf/2",
        ),
        ("{type: string}", "{enum: []}", "S no longer allows any value.", ""),
    ],
)
def test_difference_is_told_with_its_place(old: str, new: str, text: str, pointer: str) -> None:
    full = pointer if pointer.startswith("#") else f"#/components/schemas/S{pointer}"

    found = {(each.text, each.pointer) for each in compare("response", old, new)}

    assert (text, full) in found, found


def test_aliases_have_one_pointer() -> None:
    changes = compare(
        "response", "{properties: {a: &x {type: string}, b: *x}}", "{properties: {a: &x {type: integer}, b: *x}}"
    )

    assert {each.pointer for each in changes} == {"#/components/schemas/S/properties/a/type"}
