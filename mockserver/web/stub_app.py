"""Flask, which answers a request without a route as one for the API."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from flask import Flask, Response, request
from werkzeug.exceptions import NotFound

from mockserver.http.cors import share_answer
from mockserver.http.hints import hint_headers, write_hints
from mockserver.http.messages import Reply
from mockserver.planning.checking import Plan
from mockserver.stub.current import Current
from mockserver.web.admin import control
from mockserver.web.admin.pages import is_browser, redirect_to_page
from mockserver.web.api import MISTAKE, SERVED, Api, find_planner
from mockserver.web.environ import OwnPaths, read_request, read_session, read_target
from mockserver.web.recording import Arrival, Recorder
from mockserver.web.responses import BareResponse

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.typing import ResponseReturnValue
    from flask.wrappers import Request
    from werkzeug.routing import MapAdapter

LARGEST_POST: Final = 8 * 1024 * 1024
"""The most bytes that Flask reads of a body; `mockserver serve` allows fewer."""

_Headers = list[tuple[str, str]]


class StubApp(Flask):
    """Flask with one more rule: a request without a route is for the API.

    Routes are looked for below the path of the stub's own pages, and elsewhere once you add one there: Werkzeug takes a
    tenth of the time of a new answer to find that there is none, and leaves work to the garbage collector.
    """

    response_class = BareResponse

    def __init__(
        self,
        current: Current,
        api: Api,
        recorder: Recorder,
        own_paths: OwnPaths,
        private: tuple[str, ...],
        *,
        cors: bool,
    ) -> None:
        self._own_paths = own_paths
        self._has_other_routes = False
        super().__init__("mockserver", static_folder=None, template_folder=None)
        self.url_map.merge_slashes = False
        self.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
        self.extensions["mockserver"] = current
        self.extensions["mockserver.recorder"] = recorder
        self._current = current
        self._api = api
        self._recorder = recorder
        self._private = private
        self._cors = cors

    def add_url_rule(self, rule: str, *place: Any, **options: Any) -> None:  # noqa: ANN401 - passed on
        """Add a route."""
        super().add_url_rule(rule, *place, **options)
        self._has_other_routes |= not rule.startswith(self._own_paths.pages)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Return what finds the route of a request; None if there can be none."""
        if request is None or self._has_other_routes or self._own_paths.has_page(request.environ["PATH_INFO"]):
            return super().create_url_adapter(request)
        return None

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, and share the answer with pages of other origins; here, so that Flask's own errors are shared too.

        A browser sends `Origin` if a script is to read the answer, and `Sec-Fetch-Site` with every request.
        """
        origin = environ.get("HTTP_ORIGIN")
        is_shared = self._cors and (origin is not None or "HTTP_SEC_FETCH_SITE" in environ)
        is_shared = is_shared and not environ["PATH_INFO"].startswith(self._private)
        if is_shared:
            start_response = _add_headers(start_response, lambda headers: list(share_answer(origin, tuple(headers))))
        served = environ[SERVED] = self._current.served
        stale = served.stale
        if stale is not None:
            # Before the answer is shared, which lists the headers that a page may read.
            start_response = _add_headers(start_response, lambda headers: [*headers, ("X-Mock-Stale", stale)])
        is_options = is_shared and environ["REQUEST_METHOD"] == "OPTIONS"
        preflight = self._api.answer_preflight(environ) if is_options else None
        return (preflight or super().wsgi_app)(environ, start_response)

    def full_dispatch_request(self) -> Response:
        """Answer; tell the observer of changes of the stub, refused ones included."""
        started = perf_counter()
        response = super().full_dispatch_request()
        if request.blueprint is not None:
            self._tell_of_own(response, started)
        return response

    def _tell_of_own(self, response: Response, started: float) -> None:
        """Add the hints to the answer of an address of the stub's own; tell the observer if it changes the stub."""
        incoming = read_request(request.environ, (), read_target(request.environ))
        hints = hint_headers(incoming.headers)
        if hints:
            response.headers["X-Mock-Hint"] = write_hints(hints)
        if request.blueprint == control.NAME and request.method not in control.READING:
            arrival = Arrival(request.environ, incoming, read_session(request.environ), None, started)
            self._recorder.record(arrival, Plan(Reply(response.status_code), control.SOURCE, hints=hints))

    def make_default_options_response(self) -> Response:
        """Answer OPTIONS for a page, the methods in one order; Flask takes them from a set."""
        response = super().make_default_options_response()
        response.headers["Allow"] = ", ".join(sorted(response.allow))
        return response

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer by the view of a page; without a route, as the API."""
        if MISTAKE in request.environ:
            raise request.environ[MISTAKE]
        if request.url_rule is None and isinstance(request.routing_exception, NotFound | None):
            request.routing_exception = None  # The two refer to each other.
            return redirect_to_page() if _is_lost_browser() else self._api.answer(request.environ)
        return super().dispatch_request()


def _is_lost_browser() -> bool:
    """Return whether a browser asks for the root of the server, and no operation is there."""
    is_root = request.environ["PATH_INFO"] in ("", "/")
    if not is_root or request.method not in ("GET", "HEAD") or not is_browser():
        return False
    return not find_planner(request.environ).has_route("/")


def _add_headers(start_response: StartResponse, add: Callable[[_Headers], _Headers]) -> StartResponse:
    """Return a `start_response` that passes the headers through `add`."""

    def start(status: str, headers: _Headers, error: OptExcInfo | None = None, /) -> Callable[[bytes], object]:
        return start_response(status, add(headers), error)

    return start
