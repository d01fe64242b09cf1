"""The answer cache: a WSGI middleware that sends again what an equal request was sent, before Flask is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING, Final

from mockserver.http.messages import HEAD_READING
from mockserver.state.overlays import Overlay
from mockserver.state.sessions import SessionError, Sessions
from mockserver.stub.current import Current, Served
from mockserver.web.api import MISTAKE, REPEATABLE, SERVED, Repeatable
from mockserver.web.environ import OwnPaths, find_session, pair_with_keys
from mockserver.web.heads import Head, Heads
from mockserver.web.kept_answers import KeptAnswer, KeptAnswers, Key
from mockserver.web.recording import Recorder

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SHARING: Final = ("HTTP_HOST", "HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE")
"""The keys of the headers that change an answer of any stub: its URL, and who may read it."""


_MISSED: Final = "mockserver.missed"
"""The key of the WSGI environment for where the answer to a request is kept, once there is one."""


_Asked = tuple[Head, str | None, str]
"""A head, the session that it names, and the target in the API."""

_Reading = tuple[_Asked, object, object, Key]
"""What a head asks, and the key of its answer behind the mark of the shelf and the version of the overlay for it."""


class AnswerCache:
    """Keeps the answers that depend on their request alone, until something else is served.

    Requests with a body, with odd headers or for the stub's own pages are passed on, and preflights are.

    Args:
        app: The application.
        current: What is served.
        sessions: The sessions of the server.
        own_paths: The paths of the stub's own addresses.
        heads: Reads the headers.
        recorder: Records the exchanges.
    """

    def __init__(
        self,
        app: WSGIApplication,
        current: Current,
        sessions: Sessions,
        own_paths: OwnPaths,
        heads: Heads,
        recorder: Recorder,
    ) -> None:
        self._app = app
        self._current = current
        self._sessions = sessions
        self._own_paths = own_paths
        self._heads = heads
        self._recorder = recorder
        self._shelf = _Shelf(current.served)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send the answer that is kept for the request, or else that of the application."""
        known = None if _MISSED in environ else self.recall(environ)
        if known is not None:
            start_response(known.status, list(known.headers))
            return known.body
        missed: tuple[_Shelf, Key, Overlay] | None = environ.pop(_MISSED, None)
        return self._app(environ, start_response) if missed is None else self._ask(environ, start_response, *missed)

    def recall(self, environ: WSGIEnvironment) -> KeptAnswer | None:
        """Return the answer that is kept for the request, and record it as sent. This never waits."""
        started = perf_counter()
        reading: _Reading | None = environ.get(HEAD_READING)
        asked = self._read(environ) if reading is None else reading[0]
        if asked is None or MISTAKE in environ:
            return None
        head, session, target = asked
        try:
            visit = self._sessions.use(session).visit()
        except SessionError:
            return None
        shelf, served, overlay = self._shelf, self._current.served, visit.overlay
        if shelf.served is not served:
            shelf = self._shelf = _Shelf(served)  # The answers of what was served before are dropped.
        if reading is None or reading[1] is not shelf.mark or reading[2] is not overlay.version:
            reading = asked, shelf.mark, overlay.version, shelf.make_key(environ, target, overlay)
        key = reading[3]
        answer = shelf.answers.find(key)
        if answer is None:
            environ[_MISSED] = shelf, key, overlay
            return None
        try:
            self._recorder.record_again(answer.outcome, head, session, visit.log, started)
        except Exception as error:  # noqa: BLE001 - an observer may have any mistake
            environ[MISTAKE] = error
            return None
        if not head.has_secret:
            environ[HEAD_READING] = reading
        return answer

    def _read(self, environ: WSGIEnvironment) -> _Asked | None:
        """Return what a plain request asks of the API; None if others may answer."""
        head = self._heads.read(environ)
        is_preflight = environ["REQUEST_METHOD"] == "OPTIONS"  # Preflights are of no session.
        if is_preflight or not head.is_plain or self._own_paths.has_page(environ["PATH_INFO"]):
            return None
        session, target = find_session(environ, self._own_paths.sessions)
        return head, session, target

    def _ask(
        self, environ: WSGIEnvironment, start_response: StartResponse, shelf: _Shelf, key: Key, overlay: Overlay
    ) -> Iterable[bytes]:
        """Send the answer of the application, and keep it if an equal request gets it again."""
        sent: list[tuple[str, list[tuple[str, str]]]] = []

        def start(
            status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
        ) -> Callable[[bytes], object]:
            sent.append((status, headers))
            return start_response(status, headers, error)

        body = self._app(environ, start)
        found: Repeatable | None = environ.pop(REPEATABLE, None)
        # Another thread may have changed the session or the files in the meantime.
        if found is None or found.version is not overlay.version or environ[SERVED] is not shelf.served:
            return body
        pieces = _read_all(body)
        status, headers = sent[-1]
        shelf.answers.keep(key, KeptAnswer(status, tuple(headers), tuple(pieces), found.outcome))
        return pieces


class _Shelf:
    """The answers of what was served at some moment."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.answers = KeptAnswers()
        self.mark = object()
        """Stands for this shelf, without holding what it has."""
        self._headers = served.stub.planner.headers
        self._keys = _find_keys(self._headers)

    def make_key(self, environ: WSGIEnvironment, target: str, overlay: Overlay) -> Key:
        """Return all that the answer to a plain request depends on."""
        keys = _find_keys(self._headers | overlay.headers) if overlay.headers else self._keys
        values = map(environ.get, keys)
        return (environ["REQUEST_METHOD"], target, environ["wsgi.url_scheme"], overlay.version, *values)


def _find_keys(headers: frozenset[str]) -> tuple[str, ...]:
    """Return the keys of the WSGI environment that have what an answer depends on."""
    return (*_SHARING, *(key for _, key in pair_with_keys(headers)))


def _read_all(body: Iterable[bytes]) -> list[bytes]:
    """Return the pieces of a body, and close it."""
    try:
        return list(body)
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
