"""Heads: what is remembered of the headers of a request, and which of them the environment says as well."""

from __future__ import annotations

import pytest

from mockserver.http.messages import HEADER_FIELDS
from mockserver.http.redaction import Redactor
from mockserver.web.heads import Heads
from tests.support.wsgi import make_environ


def make_heads() -> Heads:
    return Heads(Redactor(b"key"))


@pytest.mark.parametrize(
    ("fields", "is_plain"),
    [
        (b"Host: h", True),
        (b"host: h\r\nX-Mock-Session: s\r\nCookie: mock-session=s\r\nContent-Length: 0", True),
        (b"Accept: a", False),
        (b"Host:", False),
        (b"Host: h\r\nContent-Length: 1", False),
        (b"Host: h\r\nTransfer-Encoding: chunked", False),
        (b"Host: h\r\nExpect: 100-continue", False),
        (b"Host: h\r\nAccept: a\r\naccept: b", False),
        (b"Host: h\r\nX_Odd: a", False),
        (b"Host: h\r\nX-Mock-Sesion: s", False),
    ],
)
def test_plain_head_is_all_in_the_environment(fields: bytes, is_plain: bool) -> None:
    assert make_heads().read({HEADER_FIELDS: fields}).is_plain is is_plain


@pytest.mark.parametrize(
    ("headers", "is_plain"),
    [
        ({}, True),
        ({"CONTENT_TYPE": "", "CONTENT_LENGTH": ""}, True),
        ({"HTTP_ACCEPT": ""}, True),
        ({"HTTP_X_MOCK_SESION": ""}, False),
        ({"HTTP_EXPECT": ""}, False),
    ],
)
def test_empty_header_counts_without_bytes(headers: dict[str, str], is_plain: bool) -> None:
    assert make_heads().read(make_environ(**headers)).is_plain is is_plain


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({HEADER_FIELDS: b"Host: h\r\nX-Token: s3cret"}, ["Host", "X-Token"]),
        (make_environ(HTTP_X_TOKEN="s3cret"), ["Host", "X-Token"]),
        ({HEADER_FIELDS: b"Host: h"}, ["Host"]),
        (make_environ(HTTP_ACCEPT="a"), ["Host", "Accept"]),
    ],
)
def test_head_is_known_again_without_its_secrets(environ: dict[str, object], names: list[str]) -> None:
    heads = make_heads()

    first, second = heads.read(dict(environ)), heads.read(dict(environ))

    assert second is first
    assert [name for name, _ in first.headers] == names
    assert "s3cret" not in repr(heads._known)


def test_values_tell_heads_apart_without_bytes() -> None:
    heads = make_heads()

    found = [heads.read(make_environ(HTTP_ACCEPT=value)).headers for value in ("a", "b", "a")]

    assert [dict(each)["Accept"] for each in found] == ["a", "b", "a"]


def test_long_head_is_not_remembered() -> None:
    heads = make_heads()

    head = heads.read({HEADER_FIELDS: b"Host: h\r\nX-Long: " + b"x" * 4096})

    assert (head.size, heads._known) == (len("HosthX-Long") + 4096, {})
