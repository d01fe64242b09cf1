"""The parameters of an operation: where they stand, their types and defaults, how they select records."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockserver.contract.contract import PARAMETER_TYPES, Parameter, Selector
from mockserver.contract.references import ReferenceReader
from mockserver.documents.nodes import Json, Node, Scalar
from mockserver.documents.wording import show_node


def collect_parameters(reader: ReferenceReader, *owners: Node | None) -> list[Node]:
    """Return the parameters of a path and its operation; one of a later owner replaces one of the same name."""
    found: dict[str, Node] = {}
    for owner in owners:
        own: dict[str, Node] = {}
        for each in reader.items(reader.members(owner).get("parameters")):
            node = reader.resolve(each)
            name = reader.text(node, "name", node) if node is not None else ""
            if name.casefold() in own:
                reader.add(each.place, f"The parameter {name} is given twice. Keep one of the two.")
            elif node is not None and name:
                own[name.casefold()] = node
        found |= own
    return list(found.values())


def read_parameter(reader: ReferenceReader, node: Node, record: Mapping[str, Json]) -> Parameter:
    """Return one parameter; `record` has the members of the records that it may select by, empty if unknown."""
    members = reader.members(node)
    name = reader.text(node, "name", node)
    kind = _read_kind(reader, name, node)
    type_, _, format_ = kind.partition(" ")
    default = reader.members(reader.find_owner(members.get("schema"), "default")).get("default")
    return Parameter(
        name=name,
        location=_read_location(reader, name, node),
        type=type_,
        format=format_,
        is_required=reader.is_required(node),
        default=_read_value(reader, default, f"The default of {name}", kind),
        selects=_read_selector(reader, members.get("x-mock-selects"), name, kind, record),
        description=reader.prose(node, "description"),
    )


def read_examples(reader: ReferenceReader, nodes: list[Node]) -> dict[str, dict[str, Scalar]]:
    """Return the named examples of all parameters: name of the example -> parameter -> value."""
    found: dict[str, dict[str, Scalar]] = {}
    for node in nodes:
        parameter = reader.text(node, "name", node)
        kind = _read_kind(reader, parameter, node)
        for name, value in reader.examples(node).items():
            argument = _read_value(reader, value, f"The example {name} of {parameter}", kind)
            found.setdefault(name, {})[parameter] = argument
    return found


_ALWAYS_GIVEN: Final[Mapping[str, bool]] = MappingProxyType({"path": True, "query": False})
"""The locations that are supported, and whether a request always gives the parameters there."""


def _read_location(reader: ReferenceReader, name: str, node: Node) -> str:
    location = reader.text(node, "in", node)
    if location and location not in _ALWAYS_GIVEN:
        reader.add(node.find(["in"]).place, f"{name} is in {location}. Write {' or '.join(_ALWAYS_GIVEN)}.")
    if _ALWAYS_GIVEN.get(location) and not reader.is_required(node):
        reader.add(node.place, f"{name} is in the {location}, so it is always given. Write required: true.")
    return location


def _read_kind(reader: ReferenceReader, name: str, node: Node) -> str:
    """Return type and format in one, a key of PARAMETER_TYPES; empty, with a problem, for any other."""
    if "schema" not in reader.members(node):
        reader.add(node.place, f"{name} has no schema. Add one with a type.")
    schema = reader.find_owner(reader.members(node).get("schema"), "type")
    if schema is None:
        return ""
    words = [reader.text(schema, "type", schema)]
    formatted = reader.find_owner(reader.members(node).get("schema"), "format")
    if formatted is not None and "format" in reader.members(formatted):
        words.append(reader.text(formatted, "format", formatted))
    kind = " ".join(words)
    if kind in PARAMETER_TYPES:
        return kind
    if all(words):
        known = ", ".join(PARAMETER_TYPES)
        reader.add(schema.place, f"{name} is of type {kind}, which is not supported. Write one of {known}.")
    return ""


def _read_selector(
    reader: ReferenceReader, node: Node | None, parameter: str, kind: str, record: Mapping[str, Json]
) -> Selector | None:
    if node is None:
        return None
    reader.check_keys(node, ("member", "unless"))
    member = reader.text(node, "member", node)
    if member and record and member not in record:
        nearest = reader.suggest(member, record) or ". Name a member of the records."
        reader.add(node.find(["member"]).place, f"The records have no member {member!r}{nearest}")
    unless = reader.members(node).get("unless")
    value = _read_value(reader, unless, f"unless of {parameter}", kind)
    return Selector(parameter, member, () if unless is None else (value,))


def _read_value(reader: ReferenceReader, node: Node | None, what: str, kind: str) -> Scalar:
    value = reader.scalar(node)
    if node is not None and value is not None and kind and type(value) is not PARAMETER_TYPES[kind]:
        reader.add(node.place, f"{what} is {show_node(node)}, which is not of type {kind}. Change one of the two.")
    return value
