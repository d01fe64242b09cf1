"""The Flask application: Flask in, Flask out."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from os import PathLike
from time import monotonic, perf_counter, sleep
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound

from mockserver.checks.judging import SchemaClass
from mockserver.documents.json_text import write_json
from mockserver.documents.problems import StartError
from mockserver.http.bodies import make_json_reply
from mockserver.http.cors import PREFLIGHT_HEADERS, SOURCE, answer_preflight, share_answer
from mockserver.http.effects import CUT_KEY, CUTS, Cut
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.state.sessions import SessionError, Sessions
from mockserver.stub.current import Current, Served
from mockserver.stub.inputs import locate_inputs
from mockserver.stub.loading import DEFAULT_PREFIX, load_stub
from mockserver.vendors.aspnet.errors import describe_error
from mockserver.vendors.aspnet.hosting import HOST_HEADERS
from mockserver.web.admin.blueprint import is_browser, make_admin, redirect_to_page
from mockserver.web.admin.control import NAME as MANAGEMENT
from mockserver.web.admin.control import READING, make_management
from mockserver.web.delivery import Wait, dribble, find_obstacle
from mockserver.web.environ import pair_with_keys, read_request, read_session, read_target, split_session

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.typing import ResponseReturnValue


Observer = Callable[[Exchange, float], None]
"""Is told of every exchange and the seconds that it took, in the thread that answered it."""


_REASONS: Final = MappingProxyType({each.value: each.phrase for each in HTTPStatus})


LARGEST_POST: Final = 8 * 1024 * 1024
"""Bytes that may be sent to the stub's own pages; the command that serves allows fewer from the start."""


SERVED: Final = "mockserver.served"
"""Under this key of the WSGI environment is what was served when the request came: it is answered from one stub."""


SESSION_PATH: Final = "/s/"
"""Below the prefix: what follows is a session's id, and then a path of the API."""


_SESSION_SOURCE: Final = (("X-Mock-Source", "session"),)


_Headers = list[tuple[str, str]]


_LOG: Final = logging.getLogger("mockserver")


_READ_OF_PREFLIGHT: Final = pair_with_keys(PREFLIGHT_HEADERS)


def create_app(
    *,
    contract: str | PathLike[str] | None = None,
    fixtures: str | PathLike[str] | None = None,
    schemas: Mapping[str, SchemaClass] | None = None,
    source: str = "auto",
    seed: str | int = "0",
    locale: str = "en_US",
    utc_offset: str = "+10:00",
    on_breach: str = "refuse",
    base_path: str | Sequence[str] = (),
    prefix: str = DEFAULT_PREFIX,
    model_state: str = "contract",
    missing: str = "empty",
    error_detail: bool = False,
    refuse_unacceptable: bool = False,
    strict: bool = False,
    host_headers: bool = True,
    cors: bool = True,
    admin_token: str | None = None,
    observe: Observer | None = None,
) -> Flask:
    """Make the application that serves the stub; every argument is an option of `mockserver serve` too.

    Args:
        contract: The OpenAPI document; the shipped one by default.
        fixtures: The folder or file of records and answers; the shipped ones by default.
        schemas: Marshmallow classes by the name of the component they check, beside the shipped ones.
        source: Where records come from: `auto` (fixtures, then generated), `fixtures` or `generated`.
        seed: What generated records depend on, beside the request.
        locale: The Faker locale of generated records.
        utc_offset: The offset of generated dates, such as `+10:00`.
        on_breach: `refuse` what breaks the contract, or `warn` and serve it as it stands.
        base_path: The paths the API is served under; those of the contract's servers by default.
        prefix: The path of the stub's own pages.
        model_state: What an action makes of what could not be bound: `contract`, `checked` or `ignored`.
        missing: What is answered where nobody is found: `empty`, `message` or `null`.
        error_detail: Whether errors tell what a caller on the server's own machine sees.
        refuse_unacceptable: Whether an Accept header that nothing suits is 406.
        strict: Whether integers are taken in plain decimal only.
        host_headers: Whether the headers are added that a host adds.
        cors: Whether pages of other origins may ask and read.
        admin_token: Whoever sends it may change what is served from anywhere; others only from this machine.
        observe: Is told of every exchange.

    Raises:
        StartError: A setting makes no sense, or an input is missing or wrong (DocumentError, with its problems).
    """
    load = partial(
        load_stub,
        contract=contract,
        fixtures=fixtures,
        schemas=schemas,
        source=source,
        seed=seed,
        locale=locale,
        utc_offset=utc_offset,
        on_breach=on_breach,
        base_path=base_path,
        prefix=prefix,
        model_state=model_state,
        missing=missing,
        error_detail=error_detail,
        refuse_unacceptable=refuse_unacceptable,
        strict=strict,
        host_headers=host_headers,
    )
    current = Current(load, locate_inputs(contract, fixtures))
    sessions = Sessions(monotonic)
    app = _StubApp(current, sessions, observe, sleep, cors=cors)
    prefix = current.served.stub.prefix
    app.register_blueprint(make_admin(current), url_prefix=prefix)
    app.register_blueprint(make_management(current, sessions, _check_token(admin_token)), url_prefix=prefix)
    app.register_error_handler(Exception, _answer_error)
    return app


def _check_token(token: str | None) -> str | None:
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise StartError("admin_token is blank, or has other characters than printable ASCII. Write another.")
    return token


class _Response(Response):
    # Without content there is no Content-Type either; Flask's default would add one.
    default_mimetype = None


class _StubApp(Flask):
    """Flask routes the stub's own pages; whatever it has no route for is the API's, by its raw target."""

    response_class = _Response

    def __init__(
        self, current: Current, sessions: Sessions, observe: Observer | None, wait: Wait, *, cors: bool
    ) -> None:
        super().__init__("mockserver", static_folder=None, template_folder=None)
        self.url_map.merge_slashes = False
        self.config["MAX_CONTENT_LENGTH"] = LARGEST_POST
        self.extensions["mockserver"] = current
        self._current = current
        self._sessions = sessions
        self._session_path = f"{current.served.stub.prefix}{SESSION_PATH}"
        self._observe = observe
        self._wait = wait
        self._cors = cors

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Share all answers with pages of other origins, around Flask, so that its own errors are among them.

        A browser sends `Origin` where a script is to read the answer, and `Sec-Fetch-Site` with every request.
        """
        origin = environ.get("HTTP_ORIGIN")
        is_shared = self._cors and (origin is not None or "HTTP_SEC_FETCH_SITE" in environ)
        if is_shared:
            start_response = _add_headers(start_response, lambda headers: list(share_answer(origin, tuple(headers))))
        served = environ[SERVED] = self._current.served
        stale = served.stale
        if stale is not None:
            # Before the answer is shared, which lists the headers that a page may read.
            start_response = _add_headers(start_response, lambda headers: [*headers, ("X-Mock-Stale", stale)])
        preflight = self._answer_preflight(environ) if is_shared and environ["REQUEST_METHOD"] == "OPTIONS" else None
        return (preflight or super().wsgi_app)(environ, start_response)

    def _answer_preflight(self, environ: WSGIEnvironment) -> Response | None:
        started = perf_counter()
        incoming = read_request(environ, _READ_OF_PREFLIGHT, read_target(environ))
        reply = answer_preflight(incoming)
        if reply is None:
            return None
        self._tell(incoming, reply, SOURCE, started)
        return make_response(reply)

    def full_dispatch_request(self) -> Response:
        """Answer, and tell of what was changed or refused to be, as of every answer of the API."""
        started = perf_counter()
        response = super().full_dispatch_request()
        if request.blueprint == MANAGEMENT and request.method not in READING:
            incoming = read_request(request.environ, (), read_target(request.environ))
            self._tell(
                incoming, Reply(response.status_code), _name_session(MANAGEMENT, read_session(request.environ)), started
            )
        return response

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer from a plan, or by the view of a page of our own."""
        if isinstance(request.routing_exception, NotFound):
            return redirect_to_page() if self._is_lost_browser() else self._answer()
        return super().dispatch_request()

    def _is_lost_browser(self) -> bool:
        """Whether a browser asks for the root of the server, where no operation is."""
        is_root = request.environ["PATH_INFO"] in ("", "/")
        if not is_root or request.method not in ("GET", "HEAD") or not is_browser():
            return False
        return not _find_planner(request.environ).has_route("/")

    def _answer(self) -> Response:
        started = perf_counter()
        environ = request.environ
        named, target = split_session(read_target(environ), self._session_path)
        name = named if named is not None else read_session(environ)
        try:
            session = self._sessions.default if name is None else self._sessions.use(name)
        except SessionError as error:
            reply = make_json_reply(400, write_json({"Message": str(error)}), headers=_SESSION_SOURCE)
            self._tell(read_request(environ, (), read_target(environ)), reply, "session", started)
            return make_response(reply)
        planner = _find_planner(environ)
        visit = session.visit()
        compared = visit.overlay.headers
        incoming = read_request(
            environ, pair_with_keys(planner.headers | compared if compared else planner.headers), target
        )
        plan = planner.plan(incoming, visit)
        if plan.alarm is not None:
            _LOG.error("%s", plan.alarm)
        return self._send(incoming, plan, _name_session(str(plan.source), name), environ.get(CUT_KEY), started)

    def _send(self, incoming: Request, plan: Plan, source: str, cut: Cut | None, started: float) -> Response:
        """The reply of a plan: held back, in pieces or cut off, as it says; told of with its *source*."""
        effect = plan.effect
        if effect.is_nothing:
            self._tell(incoming, plan.reply, source, started)
            return make_response(plan.reply)
        if effect.delay:
            self._wait(effect.delay)
        obstacle = find_obstacle(effect.fault, plan.reply, cut)
        reply = obstacle or plan.reply
        self._tell(incoming, reply, f"{source} with {effect.fault}" if effect.fault else source, started)
        response = make_response(reply)
        if effect.fault in CUTS and cut is not None and obstacle is None:
            cut(effect.fault)
        elif effect.fault == "dribble":
            response.headers["Content-Length"] = str(len(reply.body))
            response.response = dribble(reply.body, effect.dribble, self._wait)
        return response

    def _tell(self, incoming: Request, reply: Reply, source: str, started: float) -> None:
        if self._observe is not None:
            self._observe(Exchange(incoming, reply, source), perf_counter() - started)


def _find_planner(environ: WSGIEnvironment) -> Planner:
    """The planner of what was served when the request came."""
    served: Served = environ[SERVED]
    return served.stub.planner


def _name_session(source: str, session: str | None) -> str:
    """Where an answer came from, as the terminal shows it: with the session, if it is of one."""
    return source if session is None else f"{source} in session {session[:80]}"


def _add_headers(start_response: StartResponse, add: Callable[[_Headers], _Headers]) -> StartResponse:
    """The *start_response* of an answer whose headers are those that *add* makes of its own."""

    def start(status: str, headers: _Headers, error: OptExcInfo | None = None, /) -> Callable[[bytes], object]:
        return start_response(status, add(headers), error)

    return start


def make_response(reply: Reply) -> Response:
    """The Flask response of a reply, with the reason as the framework writes it; Werkzeug's is in upper case."""
    reason = _REASONS.get(reply.status, "Unknown")
    return _Response(reply.body, status=f"{int(reply.status)} {reason}", headers=list(reply.headers))


def _answer_error(error: Exception) -> Response:
    """What nobody planned for, as JSON like every other answer, its traceback in the log."""
    if isinstance(error, HTTPException):
        methods = sorted(getattr(error, "valid_methods", None) or ())
        allow = (("Allow", ", ".join(methods)),) if methods else ()
        body = write_json({"Message": error.description})
        return make_response(make_json_reply(error.code or 500, body, headers=allow))
    _LOG.error("%s %s could not be answered.", request.method, request.full_path.rstrip("?"), exc_info=error)
    return make_response(make_json_reply(500, write_json(describe_error()), headers=HOST_HEADERS))
