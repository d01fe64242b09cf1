"""What has changed between two editions of a contract: its servers and its operations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mockserver.conformance.changes import Change, Editions, Subject
from mockserver.conformance.editions import Edition
from mockserver.conformance.parameter_changes import compare_parameters
from mockserver.conformance.response_changes import compare_responses
from mockserver.contract.contract import Operation


def find_changes(old: Edition, new: Edition) -> tuple[Change, ...]:
    """Return the changes from an old edition to a new one: the breaking ones first, each group by place."""
    found = dict.fromkeys(_iter_changes(Editions(old, new)))
    return tuple(sorted(found, key=lambda each: (not each.is_breaking, each.place, each.pointer, each.rule)))


def _iter_changes(both: Editions) -> Iterator[Change]:
    yield from _compare_roots(both)
    before, after = (_name_operations(each.contract.operations) for each in (both.old, both.new))
    kept = [(operation, after[key]) for key, operation in before.items() if key in after]
    for pair in kept:
        yield from _compare_operations(both, *pair)
    yield from _compare_bodies(both, kept)
    for key, operation in before.items():
        if key not in after:
            yield both.make_removed("operation-removed", both.old.find_operation(operation), Subject.of(operation))
    for key, operation in after.items():
        if key not in before:
            yield both.make("operation-added", both.new.find_operation(operation), Subject.of(operation))


def _compare_roots(both: Editions) -> Iterator[Change]:
    before, after = both.old.contract.roots, both.new.contract.roots
    for root in before:
        if root not in after:
            yield both.make_removed("server-removed", both.old.find("servers"), Subject(root or "/"))
    for root in after:
        if root not in before:
            yield both.make("server-added", both.new.find("servers"), Subject(root or "/"))


def _name_operations(operations: Iterable[Operation]) -> dict[tuple[str, str], Operation]:
    """Return the operations by method and path: requests do not show the names of path parameters."""
    return {(each.method, re.sub(r"\{[^{}]+\}", "{}", each.path)): each for each in operations}


def _compare_operations(both: Editions, before: Operation, after: Operation) -> Iterator[Change]:
    node = both.new.find_operation(after)
    if before.id != after.id:
        yield both.make("operation-id-changed", both.new.locate(node, ["operationId"]), Subject.of(after))
    yield from compare_parameters(both, before, after)
    yield from compare_responses(both, before, after)


def _compare_bodies(both: Editions, operations: Iterable[tuple[Operation, Operation]]) -> Iterator[Change]:
    """Compare the components of bodies: two that several responses have are compared once."""
    specs = ((spec, new.responses.get(status)) for old, new in operations for status, spec in old.responses.items())
    for old, new in dict.fromkeys((before.component, after.component) for before, after in specs if after is not None):
        if old is not None and new is not None:
            bodies = both.old.describe_component(old), both.new.describe_component(new)
            yield from both.compare("response", Subject("", new), *bodies)
