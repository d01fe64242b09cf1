"""The addresses that change a running stub: its answers, records, defaults and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.links import link_record
from mockserver.fixtures.records import Record
from mockserver.http.preferences import Preferences
from mockserver.http.sources import Source
from mockserver.insight.filters import has_flag
from mockserver.state.sessions import Session, Sessions
from mockserver.stub.current import Current
from mockserver.stub.settings import Settings
from mockserver.web.admin.addresses import make_addresses
from mockserver.web.admin.posted import read_answers, read_records, read_sent_defaults
from mockserver.web.environ import read_session
from mockserver.web.responses import make_empty, make_error, make_json

NAME: Final = "control"
"""The name of the blueprint."""

SOURCE: Final = Source("management")
"""Where the answers of these addresses come from, for whoever observes."""

READING: Final = ("GET", "HEAD", "OPTIONS")
"""The methods that change nothing."""

_LONGEST_NAME: Final = 80
"""Characters of a name that an error repeats."""


def make_control(current: Current, sessions: Sessions, settings: Settings) -> Blueprint:
    """Return the blueprint; the settings say who may use it."""
    views = _Views(current, sessions)
    addresses = (
        ("GET", "/answers", views.list_answers),
        ("POST", "/answers", views.add_answers),
        ("GET", "/answers/<path:name>", views.show_answer),
        ("DELETE", "/answers/<path:name>", views.remove_answer),
        ("GET", "/records", views.list_records),
        ("POST", "/records", views.add_records),
        ("DELETE", "/records", views.remove_records),
        ("DELETE", "/records/<path:key>", views.remove_record),
        ("GET", "/defaults", views.show_defaults),
        ("PUT", "/defaults", views.put_defaults),
        ("POST", "/reset", views.reset),
        ("GET", "/sessions", views.list_sessions),
        ("DELETE", "/sessions/<name>", views.drop_session),
    )
    return make_addresses(NAME, settings, addresses, "Nothing was changed. ")


class _Views:
    """A view for each address; it works on the session that the request names."""

    def __init__(self, current: Current, sessions: Sessions) -> None:
        self._current = current
        self._sessions = sessions

    def _use_session(self) -> Session:
        """Return the session, and create it if there is none."""
        return self._sessions.use(read_session(request.environ))

    def _look_at_session(self) -> Session:
        """Return the session without creating it."""
        return self._sessions.look_at(read_session(request.environ))

    def list_answers(self) -> Response:
        session = self._look_at_session()
        added = [_show_answer(each, session, is_added=True) for each in session.overlay.answers]
        loaded = [_show_answer(each, session, is_added=False) for each in self._list_loaded(session)]
        return make_json({"answers": added + loaded})

    def show_answer(self, name: str) -> Response:
        """Give out an answer as it was written, so that it can be changed and sent again."""
        session = self._look_at_session()
        in_force = (*session.overlay.answers, *self._list_loaded(session))
        found = next((each for each in in_force if each.name == name), None)
        if found is None:
            return make_error(404, f"There is no answer {name[:_LONGEST_NAME]!r}. GET answers lists those in force.")
        return make_json(found.written)

    def _list_loaded(self, session: Session) -> list[Answer]:
        """Return the answers of the files that the session does not hide."""
        overlay = session.overlay
        return [each for each in self._current.served.stub.fixtures.answers if not overlay.hides(each)]

    def add_answers(self) -> Response:
        answers = read_answers(self._current.served.stub, request.get_data(), request.mimetype)
        self._use_session().add(answers)
        return make_json({"added": [each.name for each in answers]}, 201)

    def remove_answer(self, name: str) -> Response:
        if self._look_at_session().remove(name):
            return make_empty()
        return make_error(404, f"No answer {name[:_LONGEST_NAME]!r} was added. GET answers lists those that were.")

    def list_records(self) -> Response:
        records = self._look_at_session().overlay.records
        loaded = self._current.served.stub.fixtures.records if has_flag(request.args, "all") else ()
        return make_json({"records": [self._show_record(each) for each in (*records, *loaded)]})

    def add_records(self) -> Response:
        stub = self._current.served.stub
        records = read_records(stub, request.get_data(), request.mimetype)
        self._use_session().add_records(records, stub.contract.operations)
        return make_json({"added": [self._show_record(each) for each in records]}, 201)

    def remove_records(self) -> Response:
        self._look_at_session().remove_records()
        return make_empty()

    def remove_record(self, key: str) -> Response:
        if self._look_at_session().remove_record(key, self._current.served.stub.contract.operations):
            return make_empty()
        return make_error(404, f"No record {key[:_LONGEST_NAME]!r} was added. GET records lists those that were.")

    def _show_record(self, record: Record) -> Mapping[str, object]:
        """Return what is known of an added record, and where each operation that returns it can be asked for it."""
        stub = self._current.served.stub
        operations = [each for each in stub.contract.operations if each.component == record.component]
        targets = filter(None, (link_record(each, record) for each in operations))
        root = request.script_root + stub.root
        shown = {"key": record.key, "schema": record.component, "source": record.place, "members": record.members}
        return {**shown, "links": [root + target for target in targets]}

    def show_defaults(self) -> Response:
        return make_json(_show_preferences(self._look_at_session().overlay.defaults))

    def put_defaults(self) -> Response:
        overlay = self._look_at_session().overlay
        defaults = read_sent_defaults(self._current.served.stub, request.get_data(), overlay)
        self._use_session().set_defaults(defaults)
        return make_json(_show_preferences(defaults))

    def reset(self) -> Response:
        self._look_at_session().reset()
        return make_empty()

    def list_sessions(self) -> Response:
        return make_json({"sessions": [_show_session(each) for each in self._sessions.list_all()]})

    def drop_session(self, name: str) -> Response:
        if self._sessions.drop(name):
            return make_empty()
        return make_error(404, f"There is no session {name[:_LONGEST_NAME]!r}. GET sessions lists all sessions.")


def _show_answer(answer: Answer, session: Session, *, is_added: bool) -> Mapping[str, object]:
    calls, given = session.count_of(answer.name)
    shown = {"name": answer.name, "operation": answer.operation, "source": answer.place, "added": is_added}
    return {**shown, "calls": calls, "given": given} if answer.is_counted else shown


def _show_session(session: Session) -> Mapping[str, object]:
    overlay = session.overlay
    counts = {"answers": len(overlay.answers), "records": len(overlay.records)}
    return {"id": session.name, **counts, "defaults": _show_preferences(overlay.defaults)}


def _show_preferences(preferences: Preferences) -> Mapping[str, object]:
    return {key: value for key, value in preferences._asdict().items() if value is not None}
