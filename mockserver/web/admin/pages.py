"""The pages of the stub that only read: the page for people, the health and the contract."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, abort, render_template, request, url_for

from mockserver.documents.nodes import Json
from mockserver.generation.fakes import find_faker_version
from mockserver.http.headers import HOST
from mockserver.http.messages import Reply
from mockserver.insight.filters import FilterError, has_flag
from mockserver.state.sessions import Sessions
from mockserver.stub.current import Current
from mockserver.stub.links import Links
from mockserver.stub.loading import Stub
from mockserver.version import __version__
from mockserver.web.admin.bare import make_bare
from mockserver.web.admin.guide import TITLE, describe_steering
from mockserver.web.admin.servers import add_description, place_servers, write_yaml
from mockserver.web.environ import pair_with_keys, read_host, read_request, read_session
from mockserver.web.responses import answer_wrong_query, make_json, make_response

_SCRIPTS: Final = Path(__file__).with_name("scripts")
"""The modules of the page for people."""


def make_pages(current: Current, sessions: Sessions) -> Blueprint:
    """Return the blueprint of the pages, which show what is served at the moment."""
    pages = Blueprint("pages", __name__, template_folder="templates")
    views = _Views(current, sessions)
    pages.add_url_rule("", "page_without_slash", redirect_to_page)
    for path, view in (
        ("/", views.page),
        ("/page/<name>.js", views.script),
        ("/health", views.health),
        ("/openapi.yaml", views.openapi_yaml),
        ("/openapi.json", views.openapi_json),
    ):
        pages.add_url_rule(path, view.__name__, view)
    pages.register_error_handler(FilterError, answer_wrong_query)
    return pages


class _Views:
    """A view for each page."""

    def __init__(self, current: Current, sessions: Sessions) -> None:
        self._current = current
        self._sessions = sessions

    def page(self) -> Response:
        # Here, so that a start without a look at the page does not pay for its modules.
        from mockserver.web.admin.lists import Turned
        from mockserver.web.admin.page import make_page

        served = self._current.served
        links = self._make_links(served.stub)
        turned = Turned(request.args.get("list", ""), request.args.get("page", ""))
        style = render_template("page.css")
        html = render_template("page.html", page=make_page(served.stub, links, turned, served.stale), style=style)
        return Response(html.encode(errors="replace"), content_type="text/html; charset=utf-8", headers=_protect(style))

    def script(self, name: str) -> Response:
        path = next((each for each in _SCRIPTS.glob("*.js") if each.stem == name), None)
        if path is None:
            abort(404)
        response = Response(path.read_bytes(), content_type="text/javascript; charset=utf-8", headers=dict(_REREAD))
        response.add_etag()
        response.make_conditional(request)
        return response

    def _make_links(self, stub: Stub) -> Links:
        """Return the links as the caller would follow them, in the session that the request for the page names."""
        visit = self._sessions.look_at(read_session(request.environ)).visit()
        headers = pair_with_keys(stub.planner.list_headers(visit))
        return Links(stub, read_request(request.environ, headers, "/"), visit)

    def health(self) -> Response:
        served = self._current.served
        stub = served.stub
        state = {"ready": True, "stale": served.stale, "version": __version__, "faker": find_faker_version()}
        shown = {**state, "contract": stub.contract.title, "roots": stub.roots}
        return make_json({**shown, **stub.counts, **stub.settings.shown})

    def openapi_yaml(self) -> Response:
        return Response(write_yaml(_place_contract(self._current.served.stub)), content_type="application/yaml")

    def openapi_json(self) -> Response:
        return make_json(_place_contract(self._current.served.stub))


def redirect_to_page() -> Response:
    """Send a browser to the page for people."""
    return make_response(Reply(302, (("Location", url_for("pages.page")), ("Vary", "Accept"))))


def is_browser() -> bool:
    """Return whether the Accept header names text/html; a wildcard is not enough."""
    return any(name.lower() == "text/html" and quality > 0 for name, quality in request.accept_mimetypes)


_REREAD: Final = MappingProxyType({"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})
"""Headers that let a browser keep what it got, and ask each time whether that is still the same."""


def _protect(style: str) -> dict[str, str]:
    """Return headers that let a browser run the scripts of this server alone, and call this server alone.

    The page's `style` is allowed by its hash. Trusted types let no script turn text into elements.
    """
    digest = b64encode(sha256(style.encode()).digest()).decode()
    closed = "; ".join(f"{each} 'none'" for each in ("default-src", "base-uri", "form-action", "frame-ancestors"))
    scripts = "script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
    return {
        **_REREAD,
        "Content-Security-Policy": f"{closed}; {scripts}; style-src 'sha256-{digest}'; img-src data:",
        "Referrer-Policy": "no-referrer",
    }


def _place_contract(stub: Stub) -> dict[str, Json]:
    """Return the contract with the URLs under which this caller reaches the stub; paths if the Host is not valid.

    Raises:
        FilterError: The query has a value of `bare` that cannot be read.
    """
    document = place_servers(stub.contract.document, stub.roots, f"{_find_origin()}{request.script_root}")
    if has_flag(request.args, "bare"):
        return make_bare(document)
    return add_description(document, TITLE, describe_steering(f"{request.script_root}{stub.prefix}"))


def _find_origin() -> str:
    """Return scheme and host of this request, without a default port; nothing if the Host is not valid."""
    host = read_host(request.environ).removesuffix(":443" if request.scheme == "https" else ":80")
    return f"{request.scheme}://{host}" if HOST.fullmatch(host) else ""
