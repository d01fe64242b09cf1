"""The addresses by which a running stub is changed: answers, defaults and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Final

from flask import Blueprint, Response, request

from mockserver.documents.json_text import write_json
from mockserver.documents.problems import DocumentError
from mockserver.fixtures.answers import Answer
from mockserver.http.preferences import Preferences
from mockserver.state.sessions import Session, SessionError, Sessions
from mockserver.stub.current import Current
from mockserver.web.admin.guard import find_objection
from mockserver.web.admin.posted import read_answers, read_sent_defaults
from mockserver.web.environ import read_session

NAME: Final = "management"
"""What the blueprint is called, and what the terminal says of an answer from here."""


READING: Final = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""


def make_management(current: Current, sessions: Sessions, token: str | None) -> Blueprint:
    """The blueprint of these addresses. Whoever has the *token* may use them from anywhere."""
    management = Blueprint(NAME, __name__)
    views = _Views(current, sessions)
    for method, path, view in (
        ("GET", "/answers", views.list_answers),
        ("POST", "/answers", views.add_answers),
        ("DELETE", "/answers/<path:name>", views.remove_answer),
        ("GET", "/defaults", views.show_defaults),
        ("PUT", "/defaults", views.put_defaults),
        ("POST", "/reset", views.reset),
        ("GET", "/sessions", views.list_sessions),
        ("DELETE", "/sessions/<name>", views.drop_session),
    ):
        management.add_url_rule(path, view.__name__, view, methods=[method])
    management.before_request(partial(_refuse_strangers, token))
    management.register_error_handler(SessionError, _answer_session_error)
    management.register_error_handler(DocumentError, _answer_document_error)
    return management


def _refuse_strangers(token: str | None) -> Response | None:
    """403 for whoever may not change anything; reading is free."""
    if request.method in READING:
        return None
    objection = find_objection(request.environ, token)
    return None if objection is None else _make_error(403, objection)


def _answer_session_error(error: SessionError) -> Response:
    return _make_error(400, str(error))


def _answer_document_error(error: DocumentError) -> Response:
    problems = [str(problem) for problem in error.problems]
    return _make_json(400, {"Message": f"Nothing was changed. {problems[0]}", "Problems": problems})


class _Views:
    """What is done at each address, for the session that the request names."""

    def __init__(self, current: Current, sessions: Sessions) -> None:
        self._current = current
        self._sessions = sessions

    def _use_session(self) -> Session:
        """The session that is to be changed."""
        name = read_session(request.environ)
        return self._sessions.default if name is None else self._sessions.use(name)

    def _look_at_session(self) -> Session:
        """The session, which is not begun by looking at it."""
        name = read_session(request.environ)
        return self._sessions.default if name is None else self._sessions.look_at(name)

    def list_answers(self) -> Response:
        session = self._look_at_session()
        overlay = session.overlay
        of_files = [each for each in self._current.served.stub.fixtures.answers if not overlay.hides(each)]
        added = [_show_answer(each, session, is_added=True) for each in overlay.answers]
        given = [_show_answer(each, session, is_added=False) for each in of_files]
        return _make_json(200, {"answers": added + given})

    def add_answers(self) -> Response:
        answers = read_answers(self._current.served.stub, request.get_data(), request.mimetype)
        self._use_session().add(answers)
        return _make_json(201, {"added": [each.name for each in answers]})

    def remove_answer(self, name: str) -> Response:
        if self._look_at_session().remove(name):
            return _make_empty()
        return _make_error(404, f"No answer {name[:80]!r} was added. GET answers lists those that were.")

    def show_defaults(self) -> Response:
        return _make_json(200, _show_preferences(self._look_at_session().overlay.defaults))

    def put_defaults(self) -> Response:
        overlay = self._look_at_session().overlay
        defaults = read_sent_defaults(self._current.served.stub, request.get_data(), overlay)
        self._use_session().set_defaults(defaults)
        return _make_json(200, _show_preferences(defaults))

    def reset(self) -> Response:
        self._look_at_session().reset()
        return _make_empty()

    def list_sessions(self) -> Response:
        return _make_json(200, {"sessions": [_show_session(each) for each in self._sessions.list_all()]})

    def drop_session(self, name: str) -> Response:
        if self._sessions.drop(name):
            return _make_empty()
        return _make_error(404, f"There is no session {name[:80]!r}. GET sessions lists those that there are.")


def _show_answer(answer: Answer, session: Session, *, is_added: bool) -> Mapping[str, object]:
    calls, given = session.count_of(answer.name)
    shown = {"name": answer.name, "operation": answer.operation, "source": answer.source}
    counts = {"calls": calls, "given": given} if answer.is_counted else {}
    return {**shown, "added": is_added, **counts}


def _show_session(session: Session) -> Mapping[str, object]:
    overlay = session.overlay
    return {"id": session.name, "answers": len(overlay.answers), "defaults": _show_preferences(overlay.defaults)}


def _show_preferences(preferences: Preferences) -> Mapping[str, object]:
    return {key: value for key, value in asdict(preferences).items() if value is not None}


def _make_empty() -> Response:
    """204: without content there is no Content-Type either, which Flask would add."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def _make_error(status: int, message: str) -> Response:
    return _make_json(status, {"Message": message})


def _make_json(status: int, value: object) -> Response:
    return Response(write_json(value), status, content_type="application/json")
