"""The stub's own pages, beside the API and under a prefix: the page for people, health and contract."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from flask import Blueprint, Response, render_template, request, url_for

from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.stub.current import Current
from mockserver.stub.loading import Stub
from mockserver.version import __version__
from mockserver.web.admin.guide import TITLE, describe_steering
from mockserver.web.admin.page import count_things, make_page
from mockserver.web.admin.servers import add_description, place_servers, write_yaml


def make_admin(current: Current) -> Blueprint:
    """The blueprint of the pages of what is served."""
    admin = Blueprint("admin", __name__, template_folder="templates")

    @admin.get("")
    def page_without_slash() -> Response:
        return redirect_to_page()

    @admin.get("/")
    def page() -> Response:
        served = current.served
        shown = make_page(served.stub, request.args.get("list", ""), request.args.get("page", ""), served.stale)
        style = render_template("page.css")
        html = render_template("page.html", page=shown, style=style)
        return Response(html.encode(errors="replace"), content_type="text/html; charset=utf-8", headers=_protect(style))

    @admin.get("/health")
    def health() -> Response:
        served = current.served
        stub = served.stub
        return _make_json(
            {
                "ready": True,
                "stale": served.stale,
                "version": __version__,
                "contract": stub.contract.title,
                **count_things(stub),
                **stub.settings,
            }
        )

    @admin.get("/openapi.yaml")
    def openapi_yaml() -> Response:
        return Response(write_yaml(_place_contract(current.served.stub)), content_type="application/yaml")

    @admin.get("/openapi.json")
    def openapi_json() -> Response:
        return _make_json(_place_contract(current.served.stub))

    return admin


def redirect_to_page() -> Response:
    """Sends a browser to the page for people."""
    return Response(status=302, headers={"Location": url_for("admin.page"), "Vary": "Accept"})


def is_browser() -> bool:
    """Whether whoever asks names HTML among what it takes; a wildcard is no name."""
    return any(name.lower() == "text/html" and quality > 0 for name, quality in request.accept_mimetypes)


def _protect(style: str) -> dict[str, str]:
    """Headers by which a browser loads nothing and runs nothing; the one *style* of the page is known by its hash."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    closed = "; ".join(f"{each} 'none'" for each in ("default-src", "base-uri", "form-action", "frame-ancestors"))
    return {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": f"{closed}; style-src 'sha256-{digest}'; img-src data:",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _place_contract(stub: Stub) -> dict[str, Json]:
    """The contract with the addresses at which whoever asks reaches the stub; without a host where none is told."""
    origin = f"{request.scheme}://{request.host}" if request.host else ""
    document = place_servers(stub.contract.document, stub.roots, f"{origin}{request.script_root}")
    return add_description(document, TITLE, describe_steering(f"{request.script_root}{stub.prefix}"))


def _make_json(value: object) -> Response:
    """A page of JSON, its members in the order they were given."""
    return Response(write_json(value), content_type="application/json")
