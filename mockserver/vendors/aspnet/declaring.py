"""The contract of a host that is set up otherwise: the same document, with what that host answers declared."""

from __future__ import annotations

import copy
from dataclasses import replace
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from mockserver.contract.contract import Contract, Operation, ResponseSpec
from mockserver.documents.problems import StartError
from mockserver.vendors.aspnet.errors import COMPONENT
from mockserver.vendors.aspnet.hosting import MEDIA_TYPES, Host

NULL_SCHEMA: Final = MappingProxyType({"type": "null"})


def declare_host(contract: Contract, host: Host) -> Contract:
    """The contract with the answers declared that this *host* gives otherwise; the same one where there are none.

    Raises:
        StartError: A message is asked for, and the document has no component for errors.
    """
    if host.missing == "empty" and not host.refuse_unacceptable:
        return contract
    if host.missing == "message" and COMPONENT not in contract.components:
        finding = f"missing is 'message', and the contract has no component {COMPONENT} for it."
        raise StartError(f"{finding} Add the component, or choose empty or null.")
    document = copy.deepcopy(dict(contract.document))
    operations = tuple(_declare(operation, host, document) for operation in contract.operations)
    return replace(contract, operations=operations, document=MappingProxyType(document))


def _declare(operation: Operation, host: Host, document: dict[str, Any]) -> Operation:
    """The operation with its responses, which are written into the *document* too."""
    responses = dict(operation.responses)
    path = _resolve(document, document["paths"][operation.path])
    written = _resolve(document, path[operation.method.lower()])["responses"]
    success = operation.lowest_success_response
    if host.missing == "message" and HTTPStatus.NOT_FOUND in responses:
        responses[404] = replace(responses[404], media_types=MEDIA_TYPES, component=COMPONENT)
        written["404"] = _with_content(_resolve(document, written["404"]))
    if host.missing == "null" and success.component is not None:
        responses[success.status] = replace(success, is_nullable=True)
        written[str(success.status)] = _with_null(_resolve(document, written[str(success.status)]))
    if host.refuse_unacceptable:
        responses[406] = ResponseSpec(406, (), None, ())
        written["406"] = {"description": "No media type of this contract suits the Accept header. It is empty."}
    return replace(operation, responses=MappingProxyType(responses))


def _resolve(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def _with_content(response: dict[str, Any]) -> dict[str, Any]:
    """The 404 with the message of an error as its body."""
    schema = {"$ref": f"#/components/schemas/{COMPONENT}"}
    content = {media_type: {"schema": schema} for media_type in MEDIA_TYPES}
    return {**response, "description": "There is none, and the message says so.", "content": content}


def _with_null(response: dict[str, Any]) -> dict[str, Any]:
    """The response whose body may be null too."""
    content = {
        media_type: {**media, "schema": {"oneOf": [media["schema"], dict(NULL_SCHEMA)]}}
        for media_type, media in response["content"].items()
    }
    return {**response, "description": f"{response['description']} Null where there is none.", "content": content}
