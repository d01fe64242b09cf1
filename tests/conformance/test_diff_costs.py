"""What it takes to compare contracts grows with their length, or is bounded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from mockserver.conformance.changes import Change
from mockserver.conformance.editions import Edition, make_edition
from mockserver.conformance.operation_changes import find_changes
from mockserver.documents.yaml_text import parse_document
from tests.support.calls import count_calls


def make(body: str, others: str = "", operations: int = 1) -> Edition:
    content = "{application/json: {schema: {$ref: '#/components/schemas/Thing'}}}"
    paths = (
        f"/a{each}: {{get: {{operationId: a{each}, responses: {{'200': {{content: {content}}}}}}}}}"
        for each in range(operations)
    )
    schemas = f"{{Thing: {body}, {others}}}"
    text = f"openapi: 3.1.0\ninfo: {{title: A}}\npaths: {{{', '.join(paths)}}}\ncomponents: {{schemas: {schemas}}}"
    return make_edition(parse_document(text, "f.yaml"))


def repeat(text: str, number: int) -> str:
    return ", ".join(text.replace("<n>", str(each)) for each in range(number))


def write_members(number: int, most: int) -> str:
    return f"{{properties: {{{repeat(f'a<n>: {{type: string, maxLength: {most}}}', number)}}}}}"


def write_tagged(number: int, most: int) -> str:
    tagged = f"{{properties: {{kind: {{const: k<n>}}, a: {{type: string, maxLength: {most}}}}}}}"
    return f"{{oneOf: [{repeat(tagged, number)}]}}"


def write_untagged(number: int, most: int) -> str:
    return f"{{oneOf: [{repeat(f'{{type: string, minLength: <n>, maxLength: {most}}}', number)}]}}"


def write_references(number: int) -> str:
    reference = "r<n>: {$ref: '#/components/schemas/B'}"
    return f"{{properties: {{{repeat(reference, number)}}}}}"


def write_product(number: int, most: int) -> str:
    branches = repeat(f"{{maxLength: 1<n>{most}}}", number)
    return f"{{oneOf: [{branches}], anyOf: [{branches}]}}"


ROWS: list[tuple[str, int, Callable[[int, int], Edition]]] = [
    # What is repeated; how often at first, a step that is then taken twice; a contract of that size.
    ("members", 50, lambda n, most: make(write_members(n, most))),
    ("values", 100, lambda n, most: make(f"{{enum: [{repeat(f'a<n>{most}', n)}]}}")),
    ("tagged alternatives", 50, lambda n, most: make(write_tagged(n, most))),
    ("untagged alternatives", 200, lambda n, most: make(write_untagged(n, most))),
    ("alternatives of two kinds", 40, lambda n, most: make(write_product(n, most))),
    ("references", 10, lambda n, most: make(write_references(n), f"B: {write_members(9, most)}")),
    ("operations", 10, lambda n, most: make(write_members(9, most), operations=n)),
]


@pytest.mark.parametrize(("first", "write"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_cost_grows_linearly_with_contract(first: int, write: Callable[[int, int], Edition]) -> None:
    pairs = [[write(first * times, most) for most in (2, 1)] for times in (1, 2, 3)]

    one, two, three = (count_calls(partial(find_changes, *pair)) for pair in pairs)

    assert three - two <= 1.2 * (two - one) + 1000


def nest(levels: int, inner: str) -> str:
    return f"{{properties: {{a: {nest(levels - 1, inner)}}}}}" if levels else inner


def find(old: str, new: str) -> tuple[Change, ...]:
    return find_changes(make(old), make(new))


def test_deep_schema_costs_no_more_than_its_square() -> None:
    ten, twenty = (
        count_calls(partial(find, nest(levels, "{maxLength: 2}"), nest(levels, "{maxLength: 1}")))
        for levels in (10, 20)
    )

    assert twenty <= 4 * ten


def test_many_alternatives_are_compared_by_equality() -> None:
    changes = find(write_untagged(300, 500), write_untagged(300, 400))

    assert {each.rule for each in changes} == {"response-alternative-narrowed", "response-alternative-widened"}


def test_too_many_alternatives_are_compared_as_whole() -> None:
    changes = find(write_product(40, 2), write_product(40, 1))

    assert [each.rule for each in changes] == ["response-oneOf-changed", "response-anyOf-changed"]
