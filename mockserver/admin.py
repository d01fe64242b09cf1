"""The stub's own pages, beside the API and under a prefix: health and contract."""

from __future__ import annotations

from flask import Blueprint, Response, request

from mockserver import __version__
from mockserver.aspnet.formatting import format_json
from mockserver.documents import Json
from mockserver.servers import place_servers, write_placed
from mockserver.stub import Stub


def make_admin(stub: Stub) -> Blueprint:
    """The blueprint of the pages of one stub."""
    admin = Blueprint("admin", __name__)

    @admin.get("/health")
    def health() -> Response:
        return _make_json(
            {
                "ready": True,
                "version": __version__,
                "contract": stub.contract.title,
                "operations": len(stub.contract.operations),
                "records": len(stub.fixtures.records),
                "answers": len(stub.fixtures.answers),
                **stub.settings,
            }
        )

    @admin.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return Response(write_placed(stub.document, _place_contract(stub)), content_type="application/yaml")

    @admin.get("/openapi.json")
    def openapi_json() -> Response:
        return _make_json(_place_contract(stub))

    return admin


def _place_contract(stub: Stub) -> dict[str, Json]:
    """The contract with the addresses at which whoever asks reaches the stub; without a host where none is told."""
    origin = f"{request.scheme}://{request.host}" if request.host else ""
    return place_servers(stub.contract.document, stub.roots, f"{origin}{request.script_root}")


def _make_json(value: object) -> Response:
    """A page of JSON, its members in the order they were given."""
    return Response(format_json(value), content_type="application/json")
