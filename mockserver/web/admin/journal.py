"""The addresses of the journal: what was asked of the stub, and whether it is what somebody expects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from mockserver.documents.problems import DocumentError
from mockserver.http.redaction import Redactor
from mockserver.insight.filters import Filters, read_choice, read_filters, read_names
from mockserver.state.journal import Entry, Journal, View
from mockserver.state.sessions import Session, Sessions
from mockserver.stub.current import Current
from mockserver.stub.settings import Settings
from mockserver.web.admin.addresses import make_addresses
from mockserver.web.admin.posted import read_document
from mockserver.web.admin.shown_entries import make_har, show_entry
from mockserver.web.environ import read_session
from mockserver.web.responses import make_empty, make_error, make_json

if TYPE_CHECKING:
    from mockserver.insight.verification import Miss, Verdict

PATHS: Final = ("/requests", "/verify", "/coverage", "/explain")
"""The paths, below the prefix, whose answers pages of other origins never get to read."""

WAITING: Final = 16
"""How many callers may wait at once; each holds a thread."""


def make_journal(
    current: Current, sessions: Sessions, journal: Journal, redactor: Redactor, settings: Settings
) -> Blueprint:
    """Return the blueprint; the settings say who may use it."""
    views = _Views(current, sessions, journal, redactor)
    addresses = (
        ("GET", "/requests", views.list_requests),
        ("DELETE", "/requests", views.forget_requests),
        ("GET", "/requests/count", views.count_requests),
        ("GET", "/requests/har", views.archive_requests),
        ("GET", "/requests/<int:number>", views.show_request),
        ("POST", "/verify", views.verify),
        ("GET", "/coverage", views.show_coverage),
        ("GET", "/explain", views.explain),
    )
    return make_addresses("journal", settings, addresses)


class _Views:
    """A view for each address; what only some of them need is imported there, so that a start does not pay for it."""

    def __init__(self, current: Current, sessions: Sessions, journal: Journal, redactor: Redactor) -> None:
        self._current = current
        self._sessions = sessions
        self._journal = journal
        self._redactor = redactor
        self._places = BoundedSemaphore(WAITING)

    def list_requests(self) -> Response:
        filters = self._read_filters()
        if filters.wait and not self._wait(filters):
            return make_error(503, f"{WAITING} callers wait already. Ask again, or ask without wait.")
        view, found = self._find(filters)
        shown = found if filters.limit is None else found[len(found) - min(filters.limit, len(found)) :]
        entries = [show_entry(each, self._redactor) for each in shown]
        return make_json({"requests": entries, "total": view.total, "evicted": view.evicted})

    def count_requests(self) -> Response:
        view, found = self._find(self._read_filters())
        return make_json({"count": len(found), "total": view.total, "evicted": view.evicted})

    def archive_requests(self) -> Response:
        _, found = self._find(self._read_filters())
        return make_json(make_har(found, self._redactor))

    def show_request(self, number: int) -> Response:
        view = self._read_view(read_session(request.environ))
        found = next((each for each in view.entries if each.number == number), None)
        if found is None:
            return make_error(404, f"The journal has no request {number}. GET requests lists those that it has.")
        return make_json(show_entry(found, self._redactor))

    def forget_requests(self) -> Response:
        for session in self._find_sessions(self._read_filters().session):
            session.forget_requests()
        return make_empty()

    def verify(self) -> Response:
        from mockserver.insight.expectation_reader import ExpectationReader
        from mockserver.insight.verification import verify, verify_order

        root = read_document(request.get_data(), request.mimetype)
        reader = ExpectationReader(self._current.served.stub, self._redactor)
        is_order = root.child("in_order") is not None or root.child("requests") is not None
        expected = reader.read_order(root) if is_order else [reader.read_one(root)]
        if reader.problems:
            raise DocumentError(reader.problems)
        session = self._sessions.look_at(read_session(request.environ))
        view = self._journal.read([session.log])
        return _answer_verdict(verify_order(expected, view) if is_order else verify(expected[0], view), view)

    def explain(self) -> Response:
        from mockserver.insight.asked import read_asked
        from mockserver.insight.explanation import explain, show_explanation

        asked = read_asked(request.args.items(multi=True), request.scheme, request.host)
        name = asked.session or read_session(request.environ)
        session = self._sessions.default if name is None else self._sessions.look_at(name)
        stub = self._current.served.stub
        return make_json(show_explanation(explain(stub, asked.request, session.visit(), self._redactor)))

    def show_coverage(self) -> Response:
        from mockserver.insight.coverage import measure_coverage
        from mockserver.insight.coverage_texts import FORMATS

        given = read_names(request.args.items(multi=True), ("session", "format"))
        media_type, write = FORMATS[read_choice(given, "format", list(FORMATS))]
        sessions = self._find_sessions(given.get("session") or read_session(request.environ))
        tallies = self._journal.read_tallies([each.log for each in sessions])
        added = [source for each in sessions for source in each.overlay.sources]
        measured = measure_coverage(self._current.served.stub, tallies, added)
        return Response(write(measured), content_type=media_type)

    def _read_filters(self) -> Filters:
        """Return the filters of the query; a session may be named by it, or as for every other address."""
        filters = read_filters(request.args.items(multi=True), self._current.served.stub, self._redactor)
        return filters if filters.session else replace(filters, session=read_session(request.environ))

    def _wait(self, filters: Filters) -> bool:
        """Wait until there are as many entries as are wanted; return False if too many callers wait already."""
        if not self._places.acquire(blocking=False):
            return False
        try:
            self._journal.wait(lambda: len(self._find(filters)[1]) >= filters.count, filters.wait)
        finally:
            self._places.release()
        return True

    def _find(self, filters: Filters) -> tuple[View, list[Entry]]:
        view = self._read_view(filters.session)
        return view, filters.choose(view)

    def _read_view(self, session: str | None) -> View:
        """Return what the journal holds of a session, or of all if none is named."""
        return self._journal.read([each.log for each in self._find_sessions(session)])

    def _find_sessions(self, name: str | None) -> Collection[Session]:
        return [self._sessions.default, *self._sessions.list_all()] if name is None else [self._sessions.look_at(name)]


def _answer_verdict(verdict: Verdict, view: View) -> Response:
    shown = {
        "Message": verdict.finding,
        "verified": verdict.is_met,
        "count": len(verdict.found),
        "requests": [each.number for each in verdict.found],
        "nearest": [_show_miss(each) for each in verdict.nearest],
        "total": view.total,
        "evicted": view.evicted,
    }
    return make_json(shown, 200 if verdict.is_met else 409)


def _show_miss(miss: Miss) -> Mapping[str, object]:
    sent = miss.entry.exchange.request
    shown = {"number": miss.entry.number, "method": sent.method, "target": sent.target}
    return {**shown, "differences": miss.differences}
