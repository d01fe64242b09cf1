"""The Flask application: the stub's own pages by Flask's routes, everything else as requests for the API."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from secrets import token_bytes
from time import monotonic, sleep, time
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from mockserver.checks.judging import SchemaClass
from mockserver.conformance.checked_stub import load_checked_stub
from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.messages import Observer
from mockserver.http.redaction import Redactor
from mockserver.planning.writing import write_error
from mockserver.state.journal import Journal
from mockserver.state.sessions import SessionError, Sessions
from mockserver.stub.current import Current, Served
from mockserver.stub.inputs import locate_inputs
from mockserver.stub.loading import make_default_vendor
from mockserver.stub.settings import Settings
from mockserver.vendors.vendor import Situation, Vendor
from mockserver.web.admin import control
from mockserver.web.admin.journal import PATHS, make_journal
from mockserver.web.admin.pages import make_pages
from mockserver.web.answer_cache import AnswerCache
from mockserver.web.api import SERVED, Api
from mockserver.web.environ import OwnPaths, to_path_info
from mockserver.web.heads import Heads
from mockserver.web.recording import Recorder
from mockserver.web.responses import make_error, make_response
from mockserver.web.stub_app import StubApp

if TYPE_CHECKING:
    pass


_LOG: Final = logging.getLogger("mockserver")


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
    prefix: str = "/__mock",
    model_state: str = "contract",
    missing: str = "empty",
    error_detail: bool = False,
    refuse_unacceptable: bool = False,
    strict: bool = False,
    host_headers: bool = True,
    cors: bool = True,
    cache: bool = True,
    admin_token: str | None = None,
    admin_local: bool = False,
    redact: str | Sequence[str] = (),
    journal_entries: int = 1000,
    journal_bytes: int = 8 * 1024 * 1024,
    observe: Observer | None = None,
) -> Flask:
    """Make the application that serves the stub.

    Args:
        contract: OpenAPI document.
        fixtures: Folder or file of records and answers.
        schemas: Marshmallow classes by the name of the component that they check, beside the shipped ones.
        source: Where records come from; auto generates those that the fixtures lack.
        seed: Seed of generated records: another seed gives other values.
        locale: Faker locale of generated records.
        utc_offset: UTC offset of generated dates.
        on_breach: Refuse an answer that breaks the contract, or send it with a warning.
        base_path: Path that the API is served under; several may be given.
        prefix: Path of the stub's own pages.
        model_state: Which arguments are a 400: those that the contract rules out, all with an error, or none.
        missing: Answer for an unknown record: an empty 404, a 404 with a message, or 200 with null.
        error_detail: Show in errors what a caller on the server's own machine sees.
        refuse_unacceptable: Answer 406 if no media type suits the Accept header.
        strict: Accept integers in plain decimal only.
        host_headers: Add the headers that a host adds.
        cors: Let pages of other origins send requests and read answers.
        cache: Send equal requests the same answer again, without making it anew.
        admin_token: Token that callers have to send to change what is served; set it if a proxy stands before the stub.
        admin_local: With a token, let callers on the same machine do without.
        redact: Name of a header, parameter or member that holds a secret, beside those such as Authorization.
        journal_entries: Requests that the journal holds; 0 for none.
        journal_bytes: Bytes that the journal takes at most.
        observe: Called with every exchange, as the journal holds it.

    Choices and defaults are those of `mockserver.stub.settings.Settings`.

    Raises:
        StartError: A setting cannot be used, or a file is missing.
        DocumentError: The contract or the fixtures are wrong; every problem is listed.
    """
    settings = Settings(
        contract=contract,
        fixtures=fixtures,
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
        cors=cors,
        cache=cache,
        admin_token=admin_token,
        admin_local=admin_local,
        redact=redact,
        journal_entries=journal_entries,
        journal_bytes=journal_bytes,
    )
    return build_app(settings, schemas, observe)


def build_app(
    settings: Settings,
    schemas: Mapping[str, SchemaClass] | None = None,
    observe: Observer | None = None,
    make_vendor: Callable[[Settings], Vendor] = make_default_vendor,
) -> Flask:
    """Make the application of these settings; `create_app` and `load_checked_stub` describe the arguments."""
    current = Current(partial(load_checked_stub, settings, schemas, make_vendor), locate_inputs(settings))
    sessions = Sessions(monotonic)
    journal = Journal(settings.journal_entries, settings.journal_bytes)
    redactor = Redactor(token_bytes(), settings.redacted)
    heads = Heads(redactor)
    recorder = Recorder(journal, redactor, observe, time, heads)
    prefix = settings.pages
    own_paths = OwnPaths(prefix)
    private = tuple(to_path_info(prefix + path) for path in PATHS)
    api = Api(sessions, own_paths, recorder, sleep)
    app = StubApp(current, api, recorder, own_paths, private, cors=settings.cors)
    app.register_blueprint(make_pages(current, sessions), url_prefix=prefix)
    app.register_blueprint(control.make_control(current, sessions, settings), url_prefix=prefix)
    app.register_blueprint(make_journal(current, sessions, journal, redactor, settings), url_prefix=prefix)
    app.register_error_handler(SessionError, _answer_session_error)
    app.register_error_handler(HTTPException, _answer_http_error)
    app.register_error_handler(Exception, _answer_exception)
    if settings.cache:
        cache = AnswerCache(app.wsgi_app, current, sessions, own_paths, heads, recorder)
        app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's own pattern for middlewares.
        app.extensions["mockserver.recall"] = cache.recall
    return app


def _answer_session_error(error: SessionError) -> Response:
    """Answer a page or an address of the stub for a session that cannot be used."""
    return make_error(400, str(error))


def _answer_http_error(error: HTTPException) -> Response:
    """Write an error of Flask, such as the 405 of a page, as JSON."""
    if not isinstance(error, MethodNotAllowed):
        return make_error(error.code or 500, str(error.description))
    allowed = ", ".join(sorted(error.valid_methods or ()))
    message = f"{request.path} has no {request.method}. Use one of {allowed}."
    return make_response(make_json_reply(405, write_json({"Message": message}), headers=(("Allow", allowed),)))


def _answer_exception(error: Exception) -> Response:
    """Answer like a server whose code threw an exception; its place goes to the log."""
    _LOG.error("%s %s could not be answered.", request.method, request.path, exc_info=error)
    served: Served = request.environ[SERVED]
    vendor = served.stub.vendor
    return make_response(write_error(vendor, 500, Situation()).with_headers(vendor.host_headers))
