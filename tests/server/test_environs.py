"""Environments that are kept: equal heads are read once."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.http.messages import HEADER_FIELDS
from mockserver.server.environs import Environs, identify
from tests.support.scopes import make_scope

CLIENT = ("192.0.2.1", "4000")


def make_environ(fields: bytes = b"host: x\r\n") -> dict[str, Any]:
    return {"REQUEST_URI": "/", HEADER_FIELDS: fields, "wsgi.input": None, "REMOTE_ADDR": "192.0.2.7"}


def test_kept_environment_has_the_client_of_the_request() -> None:
    environs, environ = Environs(), make_environ()
    environs.keep("a", environ)

    first, second = environs.find("a", CLIENT), environs.find("a", ("192.0.2.2", "4001"))

    assert first is not None
    assert second is not None
    assert (first["REMOTE_ADDR"], first["REMOTE_PORT"], first["wsgi.input"].read()) == (*CLIENT, b"")
    assert (second["REMOTE_ADDR"], second["REMOTE_PORT"]) == ("192.0.2.2", "4001")
    assert first["wsgi.input"] is not second["wsgi.input"]
    assert environ == make_environ()


def test_environments_are_bounded_in_number_and_length() -> None:
    environs = Environs()

    environs.keep("long", make_environ(b"x" * 4096))
    for number in range(1000):
        environs.keep(number, make_environ())

    assert environs.find("long", CLIENT) is None
    assert environs.find(999, CLIENT) is not None
    assert len(environs._kept) <= 512


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
