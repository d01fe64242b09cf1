"""Responses that a contract declares beside, or in place of, its own: in its operations and in its document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from mockserver.contract.contract import Contract, Operation, ResponseSpec
from mockserver.contract.references import ReferenceReader
from mockserver.documents.nodes import Json, Node, write_scalar

Response = dict[str, Json]
"""A response as the document writes it."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A response to declare for an operation.

    `rewrite` gets the response that the document declares for that status, references to it and to its media types
    followed (empty if there is none), and returns the new one.
    """

    spec: ResponseSpec
    rewrite: Callable[[Response], Response]


def declare_responses(contract: Contract, declarations: Mapping[str, Sequence[Declaration]]) -> Contract:
    """Return a contract that declares these responses by operationId; `contract` itself does not change."""
    reader = ReferenceReader(_to_node(dict(contract.document)))
    written: list[tuple[dict[str, Node], str, Node]] = []
    for operation in contract.operations:
        owner = _find_responses(reader, operation)
        for each in declarations.get(operation.id, ()):
            status = str(each.spec.status)
            written.append((owner, status, _to_node(each.rewrite(_read_response(reader, owner.get(status))))))
    for owner, status, node in written:
        owner[status] = node
    return replace(
        contract,
        operations=tuple(_add_specs(each, declarations.get(each.id, ())) for each in contract.operations),
        document=MappingProxyType({key: node.to_json() for key, node in reader.members(reader.root).items()}),
    )


def _add_specs(operation: Operation, declarations: Sequence[Declaration]) -> Operation:
    specs = {each.spec.status: each.spec for each in declarations}
    return replace(operation, responses=MappingProxyType({**operation.responses, **specs}))


def _find_responses(reader: ReferenceReader, operation: Operation) -> dict[str, Node]:
    item = reader.resolve(reader.root.find(["paths", operation.path]))
    written = reader.resolve(reader.members(item)[operation.method.lower()])
    return reader.members(reader.members(written)["responses"])


def _read_response(reader: ReferenceReader, node: Node | None) -> Response:
    members = reader.members(reader.resolve(node))
    response = {key: child.to_json() for key, child in members.items()}
    content = {name: reader.resolve(media) for name, media in reader.members(members.get("content")).items()}
    resolved: Json = {name: media.to_json() for name, media in content.items() if media is not None}
    return {**response, "content": resolved} if "content" in response else response


def _to_node(value: Json) -> Node:
    """Return a JSON value as a node without a place."""
    if isinstance(value, dict):
        return Node({key: _to_node(child) for key, child in value.items()}, "", 0, 0)
    if isinstance(value, list):
        return Node([_to_node(child) for child in value], "", 0, 0)
    return Node(value, "", 0, 0, text=write_scalar(value))
