"""The paths of a document and the operations below them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mockserver.contract.components import Components
from mockserver.contract.contract import Operation, Parameter, ResponseSpec
from mockserver.contract.parameters import collect_parameters, read_examples, read_parameter
from mockserver.contract.references import ReferenceReader
from mockserver.contract.responses import read_responses
from mockserver.documents.nodes import Json, Node, Scalar

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The keys of a path that are methods."""

_UNSUPPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "requestBody": "Request bodies are not supported yet. Remove it.",
        "servers": "Servers are read at the top of the document only. Move them there.",
    }
)
"""Keys of an operation or a path that OpenAPI has and the stub does not support, each with the problem."""

_KEYS: Final = (*METHODS, *_UNSUPPORTED, "summary", "description", "parameters")
"""The keys that a path may have."""


def read_operations(reader: ReferenceReader, paths: Node | None, components: Components) -> Iterator[Operation]:
    """Iterate over the operations of all `paths` in the order of the document."""
    for path, child in reader.entries(paths):
        _check_path(reader, path, child)
        item = reader.resolve(child)
        _refuse_unsupported(reader, item)
        for key, node in reader.entries(item):
            operation = reader.resolve(node) if key in METHODS else None
            if operation is not None:
                yield _read_operation(reader, path, key, operation, item, components)
            elif key not in _KEYS:
                nearest = reader.suggest(key, METHODS) or f". Write one of {', '.join(METHODS)}."
                reader.add(node.key_place, f"{key} is not a method{nearest}")


_PATH: Final = re.compile(r"(?:/(?:[^/?#<>{}%\\\s]+|\{[^/{}\s]+\}))*/?")
_PARAMETER: Final = re.compile(r"\{([^{}]+)\}")


def _check_path(reader: ReferenceReader, path: str, node: Node) -> None:
    if not _PATH.fullmatch(path) or not path.startswith("/"):
        remedy = "Write one such as /things/{id}, each parameter between slashes."
        reader.add(node.key_place, f"The path {path!r} is not a plain path. {remedy}")
    shape = _PARAMETER.sub("{}", path).rstrip("/").casefold()
    reader.claim(("path", shape), node.key_place, f"A path like {path}")


def _refuse_unsupported(reader: ReferenceReader, node: Node | None) -> None:
    for key, text in _UNSUPPORTED.items():
        if key in reader.members(node):
            reader.add(reader.members(node)[key].key_place, text)


def _read_operation(
    reader: ReferenceReader, path: str, method: str, node: Node, item: Node | None, components: Components
) -> Operation:
    _refuse_unsupported(reader, node)
    responses = dict(read_responses(reader, node, components))
    record = _find_record(reader, responses, node, components)
    nodes = collect_parameters(reader, item, node)
    parameters = tuple(read_parameter(reader, each, record) for each in nodes)
    _check_path_parameters(reader, path, parameters, node)
    return Operation(
        id=_read_operation_id(reader, node),
        method=method.upper(),
        path=path,
        segments=tuple(filter(None, path.split("/"))),
        parameters=parameters,
        responses=MappingProxyType(responses),
        examples=_keep_complete(read_examples(reader, nodes), parameters),
        summary=reader.prose(node, "summary"),
        description=reader.prose(node, "description"),
    )


def _read_operation_id(reader: ReferenceReader, node: Node) -> str:
    name = reader.text(node, "operationId", node)
    if name:
        reader.claim(("operationId", name), node.find(["operationId"]).place, f"The operationId {name}")
    return name


def _find_record(
    reader: ReferenceReader, responses: Mapping[int, ResponseSpec], node: Node, components: Components
) -> Mapping[str, Json]:
    """Return the members of the records, the content of the lowest 2xx; empty if they are not known."""
    success = [spec for status, spec in sorted(responses.items()) if 200 <= status < 300]
    if not success:
        reader.add(node.place, "The operation has no response from 200 to 299. Add the one that its records get.")
        return {}
    members = components.get(success[0].component or "", {}).get("properties")
    return members if isinstance(members, dict) else {}


def _check_path_parameters(reader: ReferenceReader, path: str, parameters: tuple[Parameter, ...], node: Node) -> None:
    named = set(_PARAMETER.findall(path))
    declared = {each.name for each in parameters if each.location == "path"}
    for name in sorted(named ^ declared):
        where = "declared" if name in named else "in the path"
        reader.add(node.place, f"The path parameter {name} is not {where}. Write it in both places.")


def _keep_complete(
    examples: Mapping[str, Mapping[str, Scalar]], parameters: tuple[Parameter, ...]
) -> Mapping[str, Mapping[str, Scalar]]:
    """Return the examples that give every parameter that has to be given, so that a request can ask for them."""
    needed = {each.name for each in parameters if each.has_to_be_given}
    return MappingProxyType({k: MappingProxyType(v) for k, v in examples.items() if needed <= v.keys()})
