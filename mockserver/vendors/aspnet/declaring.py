"""The contract of one host: the responses that its set-up adds or changes are declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mockserver.contract.contract import Contract, Operation, ResponseSpec
from mockserver.contract.declarations import Declaration, Response, declare_responses
from mockserver.documents.nodes import Json
from mockserver.documents.problems import SettingError
from mockserver.vendors.aspnet.errors import COMPONENT
from mockserver.vendors.aspnet.hosting import MEDIA_TYPES, Host


def declare_host(contract: Contract, host: Host) -> Contract:
    """Return the contract with the responses declared that this `host` gives; the same one if it changes none.

    Raises:
        SettingError: The host sends messages, and the contract has no component for errors.
    """
    if host.missing == "empty" and not host.refuse_unacceptable:
        return contract
    if host.missing == "message" and COMPONENT not in contract.components:
        finding = f"'message' needs a component {COMPONENT}, which the contract lacks."
        raise SettingError("missing", f"{finding} Add that component, or choose empty or null.")
    return declare_responses(contract, {each.id: tuple(_list_changes(each, host)) for each in contract.operations})


def _list_changes(operation: Operation, host: Host) -> Iterator[Declaration]:
    missing, success = operation.responses.get(404), operation.lowest_success_response
    if host.missing == "message" and missing is not None:
        yield Declaration(replace(missing, media_types=MEDIA_TYPES, component=COMPONENT), _add_message)
    if host.missing == "null" and success.component is not None:
        yield Declaration(replace(success, is_nullable=True), _allow_null)
    if host.refuse_unacceptable:
        yield Declaration(ResponseSpec(406, (), None, ()), _refuse_unacceptable)


def _add_message(response: Response) -> Response:
    """Return a 404 with an error as its body."""
    content: Json = {each: {"schema": {"$ref": f"#/components/schemas/{COMPONENT}"}} for each in MEDIA_TYPES}
    return {**response, "description": "No such record; the message names the key.", "content": content}


def _allow_null(response: Response) -> Response:
    """Return a response whose body may also be null."""
    content = response["content"]
    assert isinstance(content, dict), "a response with a component has content"
    description = f"{response.get('description', '')} Null if no record matches.".lstrip()
    return {
        **response,
        "description": description,
        "content": {name: _add_null(each) for name, each in content.items()},
    }


def _add_null(media: Json) -> Json:
    assert isinstance(media, dict), "a media type with a component is a mapping"
    return {**media, "schema": {"oneOf": [media["schema"], {"type": "null"}]}}


def _refuse_unacceptable(_: Response) -> Response:
    return {"description": "No offered media type is acceptable. The body is empty."}
