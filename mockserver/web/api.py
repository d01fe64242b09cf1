"""The journey of a request for the API: its session, the request, the plan, and the sending."""

from __future__ import annotations

import logging
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from flask import Response, request

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.cors import PREFLIGHT_HEADERS, answer_preflight
from mockserver.http.cors import SOURCE as PREFLIGHT
from mockserver.http.effects import CUT_KEY, CUTS, WAIT_KEY, Cut, Effect, Wait
from mockserver.http.messages import Reply
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.planning.writing import write_error
from mockserver.state.journal import Outcome
from mockserver.state.sessions import SessionError, Sessions
from mockserver.stub.current import Served
from mockserver.vendors.vendor import Situation
from mockserver.web.delivery import dribble, find_obstacle
from mockserver.web.environ import OwnPaths, find_session, pair_with_keys, read_request, read_target
from mockserver.web.recording import Arrival, Recorder
from mockserver.web.responses import make_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


SERVED: Final = "mockserver.served"
"""The key of the WSGI environment for what is served; a reload does not change it for a request that has come."""

REPEATABLE: Final = "mockserver.repeatable"
"""The key of the WSGI environment under which a `Repeatable` is left, if the answer is one."""

MISTAKE: Final = "mockserver.mistake"
"""The key of the WSGI environment for an exception of the observer, over which a request gets a 500."""

_BAD_SESSION: Final = Source("session")
_EXCEPTION: Final = Source("exception")
_PREFLIGHT_PAIRS: Final = pair_with_keys(PREFLIGHT_HEADERS)
_LOG: Final = logging.getLogger("mockserver")


class Repeatable(NamedTuple):
    """An exchange whose answer an equal request gets again, as long as the same is served.

    Attributes:
        version: The version of the session's overlay.
        outcome: What the journal was told.
    """

    version: object
    outcome: Outcome


class Api:
    """Answers requests for the API, and records each.

    Args:
        sessions: The sessions of the server.
        own_paths: The paths of the stub's own addresses.
        recorder: Records the exchanges.
        wait: Waits for some seconds if the server has no way of its own.
    """

    def __init__(self, sessions: Sessions, own_paths: OwnPaths, recorder: Recorder, wait: Wait) -> None:
        self._sessions = sessions
        self._own_paths = own_paths
        self._recorder = recorder
        self._wait = wait

    def answer(self, environ: WSGIEnvironment) -> Response:
        """Find the session, read the request, plan the reply, and send it."""
        started = perf_counter()
        name, target = find_session(environ, self._own_paths.sessions)
        try:
            session = self._sessions.use(name)
        except SessionError as error:
            incoming = read_request(environ, (), read_target(environ))
            return self._send(Arrival(environ, incoming, None, self._sessions.default.log, started), _refuse(error))
        planner = find_planner(environ)
        visit = session.visit()
        body = request.get_data() if planner.reads_bodies else b""
        incoming = read_request(environ, pair_with_keys(planner.list_headers(visit)), target, body)
        arrival = Arrival(environ, incoming, name, visit.log, started)
        try:
            plan = planner.plan(incoming, visit)
        except Exception as error:  # noqa: BLE001 - a class of the user may have any mistake
            return self._send(arrival, self._report(arrival, error))
        if plan.alarm is not None:
            _LOG.error("%s", plan.alarm)
        if not plan.effect.is_nothing:
            return self._send_with_effect(arrival, plan)
        outcome = self._recorder.record(arrival, plan)
        if plan.is_repeatable:
            environ[REPEATABLE] = Repeatable(visit.overlay.version, outcome)
        return make_response(plan.reply)

    def _report(self, arrival: Arrival, error: Exception) -> Plan:
        """Return the 500 of a server whose code has a mistake; the log has its place."""
        target = self._recorder.redact_target(arrival.request.target)
        _LOG.error("%s %s could not be answered.", arrival.request.method, target, exc_info=error)
        served: Served = arrival.environ[SERVED]
        vendor = served.stub.vendor
        reply = write_error(vendor, 500, Situation()).with_headers(vendor.host_headers)
        return Plan(reply.with_headers((("X-Mock-Source", str(_EXCEPTION)),)), _EXCEPTION)

    def _send(self, arrival: Arrival, plan: Plan) -> Response:
        self._recorder.record(arrival, plan)
        return make_response(plan.reply)

    def _send_with_effect(self, arrival: Arrival, plan: Plan) -> Response:
        """Wait, then send the reply with the fault of the plan, or the 501 if the fault cannot be applied."""
        effect = plan.effect
        cut: Cut | None = arrival.environ.get(CUT_KEY)
        wait: Wait = arrival.environ.get(WAIT_KEY, self._wait)
        if effect.delay:
            wait(effect.delay)
        obstacle = find_obstacle(effect.fault, plan.reply, cut)
        reply = obstacle or plan.reply
        self._recorder.record(arrival, replace(plan, reply=reply), effect.fault)
        response = make_response(reply)
        if obstacle is None:
            _apply_fault(response, reply, effect, cut, wait)
        return response

    def answer_preflight(self, environ: WSGIEnvironment) -> Response | None:
        """Send what a browser wants to know before it lets a page ask; None if this is no preflight."""
        started = perf_counter()
        incoming = read_request(environ, _PREFLIGHT_PAIRS, read_target(environ))
        reply = answer_preflight(incoming)
        if reply is None:
            return None
        return self._send(Arrival(environ, incoming, None, self._sessions.default.log, started), Plan(reply, PREFLIGHT))


def _refuse(error: SessionError) -> Plan:
    """Return a 400: no session can have this name."""
    headers = (("X-Mock-Source", str(_BAD_SESSION)),)
    return Plan(make_json_reply(400, write_json({"Message": str(error)}), headers=headers), _BAD_SESSION)


def _apply_fault(response: Response, reply: Reply, effect: Effect, cut: Cut | None, wait: Wait) -> None:
    if effect.fault in CUTS and cut is not None:
        cut(effect.fault)
    elif effect.fault == "dribble":
        response.headers["Content-Length"] = str(len(reply.body))
        response.response = dribble(reply.body, effect.dribble, wait)


def find_planner(environ: WSGIEnvironment) -> Planner:
    """Return the planner of the stub that was served when the request came."""
    served: Served = environ[SERVED]
    return served.stub.planner
