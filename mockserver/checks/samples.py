"""The check of a contract's own examples and defaults: bodies by their classes, all others by their schemas."""

from __future__ import annotations

from collections.abc import Iterator

from mockserver.checks.fitting import find_unmet, fits
from mockserver.checks.judging import Schemas
from mockserver.contract.contract import Contract
from mockserver.contract.intersections import Schema
from mockserver.contract.samples import Sample
from mockserver.documents.nodes import Node
from mockserver.documents.problems import Problem
from mockserver.documents.wording import end_sentence, show, show_name, show_node

_CHANGE = "Change the example or the contract."


def find_sample_problems(contract: Contract, schemas: Schemas) -> tuple[list[Problem], list[Problem]]:
    """Return the problems of samples that are sent, and those of all others, which the stub passes over."""
    sent: list[Problem] = []
    others: list[Problem] = []
    for sample in contract.samples:
        found = _judge(sample, schemas)
        (sent if sample.owner in ("body", "header") else others).extend(found)
    return sent, others


def _judge(sample: Sample, schemas: Schemas) -> Iterator[Problem]:
    if sample.owner != "body" or sample.component is None or sample.component not in schemas:
        yield from _find_misfits(sample.node, sample.schema, f"the {sample.name}")
        return
    for breach in schemas.find_breaches(sample.component, sample.node.to_json()):
        place = sample.node.find(breach.member.split(".")).place
        yield Problem(place, f"{end_sentence(str(breach))} {_CHANGE}")


def _find_misfits(node: Node, schema: Schema | bool, name: str) -> Iterator[Problem]:
    """Yield a problem for each innermost value that does not fit its schema; `name` is what people call the value."""
    if isinstance(schema, bool):
        if not schema:
            yield Problem(node.place, f"{_begin(name)} is {show_node(node)}, and its schema allows no value. {_CHANGE}")
        return
    below = list(_find_misfits_below(node, schema, name))
    yield from below
    for keyword in () if below else find_unmet(node.to_json(), schema):
        finding = f"{_begin(name)} is {show_node(node)}, and its schema has {keyword}: {show(schema[keyword])}."
        yield Problem(node.place, f"{finding} {_CHANGE}")


def _find_misfits_below(node: Node, schema: Schema, name: str) -> Iterator[Problem]:
    for step, child, rule in _list_parts(node, schema):
        if not fits(child.to_json(), rule):
            yield from _find_misfits(child, rule, f"{step} of {name}")


def _list_parts(node: Node, schema: Schema) -> Iterator[tuple[str, Node, Schema | bool]]:
    """Yield the members and items of a value that one schema alone is for, each with its name."""
    if isinstance(node.value, dict):
        named = schema.get("properties", {})
        other = True if "patternProperties" in schema else schema.get("additionalProperties", True)
        yield from ((show_name(key), child, named.get(key, other)) for key, child in node.value.items())
    elif isinstance(node.value, list) and "prefixItems" not in schema:
        yield from ((f"item {number}", child, schema.get("items", True)) for number, child in enumerate(node.value, 1))


def _begin(name: str) -> str:
    """Return a name as the beginning of a sentence; the names of members keep their letters."""
    return f"T{name[1:]}" if name.startswith("the ") else name
