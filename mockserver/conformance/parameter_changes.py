"""What has changed in the parameters of an operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mockserver.conformance.changes import Change, Editions, Subject
from mockserver.conformance.editions import Edition
from mockserver.contract.contract import Operation, Parameter
from mockserver.contract.parameters import collect_parameters
from mockserver.documents.nodes import Node


def compare_parameters(both: Editions, before: Operation, after: Operation) -> Iterator[Change]:
    """Yield the changes of the parameters of an operation."""
    old, new = _read_parameters(both.old, before), _read_parameters(both.new, after)
    for key, (parameter, node) in old.items():
        subject = _name_parameter(after, parameter)
        if key in new:
            yield from _compare_parameter(both, subject, old[key], new[key])
        else:
            yield both.make_removed("parameter-removed", node, subject)
    for key, (parameter, node) in new.items():
        if key not in old:
            rule = "required-parameter-added" if parameter.is_required else "parameter-added"
            yield both.make(rule, node, _name_parameter(after, parameter))


_Parameters = Mapping[tuple[str, str], tuple[Parameter, Node]]
"""Parameters with their nodes by location and name; those of a path by their position."""


def _read_parameters(edition: Edition, operation: Operation) -> _Parameters:
    item = edition.reader.resolve(edition.find("paths", operation.path))
    nodes = collect_parameters(edition.reader, item, edition.reader.resolve(edition.find_operation(operation)))
    paired = zip(operation.parameters, nodes, strict=True)
    return {(each.location, _identify(operation, each)): (each, node) for each, node in paired}


def _identify(operation: Operation, parameter: Parameter) -> str:
    if parameter.location != "path":
        return parameter.name
    return str(operation.segments.index(f"{{{parameter.name}}}"))


def _name_parameter(operation: Operation, parameter: Parameter) -> Subject:
    return replace(Subject.of(operation), part=f"parameter {parameter.name}")


def _compare_parameter(
    both: Editions, subject: Subject, old: tuple[Parameter, Node], new: tuple[Parameter, Node]
) -> Iterator[Change]:
    (before, old_node), (after, node) = old, new
    if before.name != after.name:
        yield both.make("path-parameter-renamed", both.new.locate(node, ["name"]), subject)
    if before.is_required != after.is_required:
        rule = "parameter-became-required" if after.is_required else "parameter-became-optional"
        yield both.make(rule, both.new.locate(node, ["required"]), subject)
    yield from both.compare("request", subject, both.old.describe(old_node), both.new.describe(node))
