"""Heads that are kept: the same is read of equal ones, and each part tells them apart."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.http.messages import HEAD_READING, HEADER_FIELDS
from mockserver.server.environs import identify, renew
from mockserver.server.kept_heads import KeptHead, KeptHeads
from tests.support.scopes import make_scope


def make_head(fields: bytes = b"host: x\r\n", reading: str = HEAD_READING) -> KeptHead:
    return KeptHead({"REQUEST_URI": "/", HEADER_FIELDS: fields, reading: (), "REMOTE_ADDR": "192.0.2.7"})


@pytest.mark.parametrize(
    ("head", "is_kept"),
    [(make_head(), True), (make_head(reading="other"), False), (make_head(b"x" * 4096), False)],
)
def test_short_head_is_kept_with_its_reading(head: KeptHead, *, is_kept: bool) -> None:
    heads = KeptHeads()

    heads.keep("a", head)

    assert heads.find("a") is (head if is_kept else None)


def test_heads_are_bounded_in_number() -> None:
    heads = KeptHeads()

    for number in range(1000):
        heads.keep(number, make_head())

    assert heads.find(999) is not None
    assert len(heads._kept) <= 512


def test_renewed_environment_has_the_client_of_the_request() -> None:
    kept = make_head().environ

    first, second = (renew(kept, (f"192.0.2.{each}", "4000")) for each in (1, 2))

    assert (first["REMOTE_ADDR"], first["REMOTE_PORT"], first["wsgi.input"].read()) == ("192.0.2.1", "4000", b"")
    assert (second["REMOTE_ADDR"], kept["REMOTE_ADDR"]) == ("192.0.2.2", "192.0.2.7")
    assert first["wsgi.input"] is not second["wsgi.input"]


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "HEAD"},
        {"raw_path": b"/k%6Eown"},
        {"query_string": b"a"},
        {"http_version": "1"},
        {"scheme": "https"},
        {"server": ("192.0.2.9", "81")},
        {"headers": [(b"host", b"y")]},
        {"headers": [(b"host", b"x"), (b"a", b"b")]},
        {"headers": []},
    ],
)
def test_each_part_of_a_head_tells_requests_apart(changed: dict[str, Any]) -> None:
    assert identify({**make_scope(), **changed}) != identify(make_scope())


def test_clients_do_not_tell_requests_apart() -> None:
    assert identify(make_scope(client=("192.0.2.2", "4001"))) == identify(make_scope())
