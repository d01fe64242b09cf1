"""The Flask application: Flask in, Flask out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from os import PathLike
from time import perf_counter
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, NotFound

from mockserver.admin import is_browser, make_admin, redirect_to_page
from mockserver.aspnet.faults import describe_error
from mockserver.aspnet.formatting import format_json
from mockserver.aspnet.hosting import HOST_HEADERS
from mockserver.cors import PREFLIGHT_HEADERS, SOURCE, answer_preflight, share_answer
from mockserver.exchange import Exchange, Reply, Request
from mockserver.planning import READ_HEADERS
from mockserver.replies import make_json_reply
from mockserver.schemas import SchemaClass
from mockserver.stub import DEFAULT_PREFIX, Stub, load_stub

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask.typing import ResponseReturnValue

Observer = Callable[[Exchange, float], None]
"""Is told of every exchange and the seconds that it took, in the thread that answered it."""


def _pair_with_key(header: str) -> tuple[str, str]:
    """A request header and the key under which CGI, and so WSGI, has it."""
    key = header.upper().replace("-", "_")
    return header, key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


_REASONS: Final = MappingProxyType({each.value: each.phrase for each in HTTPStatus})
_LOG: Final = logging.getLogger("mockserver")
_READ: Final = tuple(map(_pair_with_key, READ_HEADERS))
_READ_OF_PREFLIGHT: Final = tuple(map(_pair_with_key, PREFLIGHT_HEADERS))


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
        observe: Is told of every exchange.

    Raises:
        StartError: A setting makes no sense, or an input is missing or wrong (DocumentError, with its faults).
    """
    stub = load_stub(
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
    app = _StubApp(stub, observe, cors=cors)
    app.register_blueprint(make_admin(stub), url_prefix=stub.prefix)
    app.register_error_handler(Exception, _answer_error)
    return app


class _Response(Response):
    # Without content there is no Content-Type either; Flask's default would add one.
    default_mimetype = None


class _StubApp(Flask):
    """Flask routes the stub's own pages; whatever it has no route for is the API's, by its raw target."""

    response_class = _Response

    def __init__(self, stub: Stub, observe: Observer | None, *, cors: bool) -> None:
        super().__init__("mockserver", static_folder=None, template_folder=None)
        self.url_map.merge_slashes = False
        self.extensions["mockserver"] = stub
        self._plan = stub.planner.plan
        self._has_free_root = not stub.planner.has_route("/")
        self._observe = observe
        self._cors = cors

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Share all answers with pages of other origins, around Flask, so that its own errors are among them.

        A browser sends `Origin` where a script is to read the answer, and `Sec-Fetch-Site` with every request.
        """
        if not self._cors or ("HTTP_ORIGIN" not in environ and "HTTP_SEC_FETCH_SITE" not in environ):
            return super().wsgi_app(environ, start_response)
        start_shared = _share(environ.get("HTTP_ORIGIN"), start_response)
        preflight = self._answer_preflight(environ) if environ["REQUEST_METHOD"] == "OPTIONS" else None
        return (preflight or super().wsgi_app)(environ, start_shared)

    def _answer_preflight(self, environ: WSGIEnvironment) -> Response | None:
        started = perf_counter()
        incoming = read_request(environ, _READ_OF_PREFLIGHT)
        reply = answer_preflight(incoming)
        if reply is None:
            return None
        if self._observe is not None:
            self._observe(Exchange(incoming, reply, SOURCE), perf_counter() - started)
        return make_response(reply)

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer from a plan, or by the view of a page of our own."""
        if isinstance(request.routing_exception, NotFound):
            return redirect_to_page() if self._is_lost_browser() else self._answer()
        return super().dispatch_request()

    def _is_lost_browser(self) -> bool:
        """Whether a browser asks for the root of the server, where no operation is."""
        is_root = request.environ["PATH_INFO"] in ("", "/")
        return is_root and self._has_free_root and request.method in ("GET", "HEAD") and is_browser()

    def _answer(self) -> Response:
        started = perf_counter()
        incoming = read_request(request.environ)
        plan = self._plan(incoming)
        if plan.alarm is not None:
            _LOG.error("%s", plan.alarm)
        if self._observe is not None:
            self._observe(Exchange(incoming, plan.reply, plan.source), perf_counter() - started)
        return make_response(plan.reply)


def _share(origin: str | None, start_response: StartResponse) -> StartResponse:
    """The *start_response* of an answer that pages of *origin* may read."""

    def start(
        status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        return start_response(status, list(share_answer(origin, tuple(headers))), error)

    return start


def read_request(environ: WSGIEnvironment, read: tuple[tuple[str, str], ...] = _READ) -> Request:
    """Take a request from the WSGI environment, with the headers to *read*: those that the pipeline reads."""
    return Request(
        method=environ["REQUEST_METHOD"],
        target=_read_target(environ),
        scheme=environ["wsgi.url_scheme"],
        host=environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}",
        headers=tuple((name, environ[key]) for name, key in read if key in environ),
    )


def _read_target(environ: WSGIEnvironment) -> str:
    """The raw target below the path that the application is mounted at.

    Waitress and Werkzeug give the raw target as REQUEST_URI, Gunicorn as RAW_URI; elsewhere it is put together
    again from the decoded path, which cannot tell an escaped slash from a plain one.
    """
    raw = environ.get("REQUEST_URI") or environ.get("RAW_URI")
    target = raw or _escape_path(environ.get("PATH_INFO", ""))
    query = environ.get("QUERY_STRING", "")
    if query and "?" not in target:
        # Werkzeug's test client may give the query apart from the raw target.
        target = f"{target}?{query}"
    if not target.isascii():
        target = "".join(map(_escape_byte, target))
    below = target.removeprefix(_escape_path(environ.get("SCRIPT_NAME", ""))) if raw else target
    return below if below.startswith(("/", "?")) or not below else target


def _escape_path(path: str) -> str:
    return quote(path.encode("latin-1"), safe="/!$&'()*+,;=:@~")


def _escape_byte(character: str) -> str:
    """A byte of the target; one that is not ASCII is sent as it stands by some clients, and means its escape."""
    return character if character < "\x80" else f"%{ord(character):02X}"


def make_response(reply: Reply) -> Response:
    """The Flask response of a reply, with the reason as the framework writes it; Werkzeug's is in upper case."""
    reason = _REASONS.get(reply.status, "Unknown")
    return _Response(reply.body, status=f"{int(reply.status)} {reason}", headers=list(reply.headers))


def _answer_error(error: Exception) -> Response:
    """What nobody planned for, as JSON like every other answer, its traceback in the log."""
    if isinstance(error, HTTPException):
        methods = sorted(getattr(error, "valid_methods", None) or ())
        allow = (("Allow", ", ".join(methods)),) if methods else ()
        body = format_json({"Message": error.description})
        return make_response(make_json_reply(error.code or 500, body, headers=allow))
    _LOG.error("%s %s could not be answered.", request.method, request.full_path.rstrip("?"), exc_info=error)
    return make_response(make_json_reply(500, format_json(describe_error()), headers=HOST_HEADERS))
