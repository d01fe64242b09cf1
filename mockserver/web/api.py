"""The journey of a request for the API: its session, the request, the plan, and the sending."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from flask import Response, request

from mockserver.documents.json_text import write_json
from mockserver.http.bodies import make_json_reply
from mockserver.http.cors import PREFLIGHT_HEADERS, answer_preflight
from mockserver.http.cors import SOURCE as PREFLIGHT
from mockserver.http.effects import CUT_KEY, CUTS, WAIT_KEY, Cut, Effect, Wait
from mockserver.http.messages import Exchange, Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.state.sessions import SessionError, Sessions
from mockserver.state.visits import Visit
from mockserver.stub.current import Served
from mockserver.web.delivery import dribble, find_obstacle
from mockserver.web.environ import pair_with_keys, read_request, read_session, read_target, split_session
from mockserver.web.responses import make_response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


Observer = Callable[[Exchange, float], None]
"""Is told of every exchange and of the seconds that it took, in the thread that answers it."""

SERVED: Final = "mockserver.served"
"""The key of the WSGI environment for what is served; a reload does not change it for a request that has come."""

_BAD_SESSION: Final = Source("session")
_PREFLIGHT_PAIRS: Final = pair_with_keys(PREFLIGHT_HEADERS)
_LOG: Final = logging.getLogger("mockserver")


class Api:
    """Answers requests for the API, and tells the observer of each.

    Args:
        sessions: The sessions of the server.
        session_path: The path below which targets name a session.
        observe: The observer, if there is one.
        wait: Waits for some seconds if the server has no way of its own.
    """

    def __init__(self, sessions: Sessions, session_path: str, observe: Observer | None, wait: Wait) -> None:
        self._sessions = sessions
        self._session_path = session_path
        self._observe = observe
        self._wait = wait

    def answer(self, environ: WSGIEnvironment) -> Response:
        """Find the session, read the request, plan the reply, and send it."""
        started = perf_counter()
        in_path, target = split_session(read_target(environ), self._session_path)
        name = read_session(environ) if in_path is None else in_path
        try:
            session = self._sessions.default if name is None else self._sessions.use(name)
        except SessionError as error:
            return self._refuse_session(environ, error, started)
        planner = find_planner(environ)
        visit = session.visit()
        body = request.get_data() if planner.reads_bodies else b""
        incoming = read_request(environ, pair_with_keys(_list_headers(planner, visit)), target, body)
        plan = planner.plan(incoming, visit)
        if plan.alarm is not None:
            _LOG.error("%s", plan.alarm)
        if not plan.effect.is_nothing:
            return self._send_with_effect(incoming, plan, name, environ, started)
        self.tell(Exchange(incoming, plan.reply, plan.source, name, hints=plan.hints), started)
        return make_response(plan.reply)

    def _refuse_session(self, environ: WSGIEnvironment, error: SessionError, started: float) -> Response:
        """Send a 400: no session can have this name."""
        headers = (("X-Mock-Source", str(_BAD_SESSION)),)
        reply = make_json_reply(400, write_json({"Message": str(error)}), headers=headers)
        self.tell(Exchange(read_request(environ, (), read_target(environ)), reply, _BAD_SESSION), started)
        return make_response(reply)

    def _send_with_effect(
        self, incoming: Request, plan: Plan, session: str | None, environ: WSGIEnvironment, started: float
    ) -> Response:
        """Wait, then send the reply with the fault of the plan, or the 501 if the fault cannot be applied."""
        effect = plan.effect
        cut: Cut | None = environ.get(CUT_KEY)
        wait: Wait = environ.get(WAIT_KEY, self._wait)
        if effect.delay:
            wait(effect.delay)
        obstacle = find_obstacle(effect.fault, plan.reply, cut)
        reply = obstacle or plan.reply
        self.tell(Exchange(incoming, reply, plan.source, session, effect.fault, plan.hints), started)
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
        self.tell(Exchange(incoming, reply, PREFLIGHT), started)
        return make_response(reply)

    def tell(self, exchange: Exchange, started: float) -> None:
        """Tell the observer of an exchange that `started` at this time."""
        if self._observe is not None:
            self._observe(exchange, perf_counter() - started)


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


def _list_headers(planner: Planner, visit: Visit) -> frozenset[str]:
    """Return the request headers that can change an answer: of the fixtures and of the session."""
    compared = visit.overlay.headers
    return planner.headers | compared if compared else planner.headers
