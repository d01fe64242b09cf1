"""The gateway: known answers, which the thread of the server sends without waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mockserver.http.messages import HEAD_READING, HEADER_LINES
from mockserver.server.gateway import Gateway
from mockserver.server.limits import Limits
from mockserver.server.refusals import Refuser
from tests.support.applications import Known, plain
from tests.support.scopes import make_scope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from mockserver.server.endpoint import Recall

LIMITS = Limits(max_target=10)


def recall(environ: WSGIEnvironment) -> Known | None:
    """Know one path."""
    if environ["PATH_INFO"] == "/mistake":
        raise LookupError
    if "HTTP_SECRET" not in environ:
        environ[HEAD_READING] = ()
    return Known() if environ["PATH_INFO"] == "/known" else None


def ask(scope: dict[str, Any], recall: Recall | None = recall) -> list[Any]:
    """Return the messages of a known answer; nothing is sent where there is none."""
    sent: list[Any] = []
    gateway = Gateway(plain, LIMITS, Refuser("http://x", None, shares=True), recall)
    assert gateway.recall(scope, sent.append) is bool(sent)  # type: ignore[arg-type]
    return sent


def test_known_answer_is_sent_in_two_messages() -> None:
    headers = [(b"Content-Type", b"text/plain"), (b"Content-Length", b"5")]

    assert ask(make_scope()) == [
        {"type": "http.response.start", "status": 200, "headers": headers},
        {"type": "http.response.body", "body": b"known"},
    ]


@pytest.mark.parametrize(
    "scope",
    [
        make_scope("/other"),
        make_scope("/mistake"),
        make_scope("/known?longer"),
        make_scope("/known", ("content-length", "0")),
        make_scope("/known", ("transfer-encoding", "chunked")),
    ],
)
def test_all_others_are_left_to_the_loop(scope: dict[str, Any]) -> None:
    assert ask(scope) == []


def test_nothing_is_known_without_recall() -> None:
    assert ask(make_scope(), None) == []


@pytest.mark.parametrize(
    ("scope", "is_kept"),
    [
        (make_scope(), True),
        (make_scope("/known", ("secret", "s3cret")), False),
        (make_scope("/known", ("long", "x" * 4096)), False),
        (make_scope("/other"), False),
    ],
)
def test_equal_heads_are_read_once(scope: dict[str, Any], *, is_kept: bool) -> None:
    read: list[Any] = []

    def note(environ: WSGIEnvironment) -> Known | None:
        read.append(environ[HEADER_LINES])
        return recall(environ)

    gateway = Gateway(plain, Limits(), Refuser("http://x", None, shares=True), note)
    for _ in range(2):
        gateway.recall(dict(scope), lambda _: None)  # type: ignore[arg-type, return-value]  # as above

    assert (read[0] is read[1]) is is_kept
    assert "s3cret" not in repr(vars(gateway._heads))
