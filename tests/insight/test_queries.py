"""Queries: what an exchange is compared with, and how a difference is told."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.documents.numbers import WrittenNumber
from mockserver.fixtures.conditions import Condition
from mockserver.http.messages import Reply, Request
from mockserver.http.redaction import Redactor
from mockserver.http.sources import KINDS
from mockserver.insight.queries import Query, hide_secrets
from tests.support.exchanges import make_exchange

JSON = (("content-type", "application/json"),)
SENT = (("X-Tenant", "acme"), ("x-TENANT", "b"))
EXCHANGE = make_exchange(
    request=Request(
        "POST", "/API/Things/a%20b?c=d", headers=(("X-Tenant", "acme"), ("x-TENANT", "b")), body=b'{"a": 1}'
    ),
    reply=Reply(201),
    source="answer",
    operation="addThing",
    arguments={"id": "a b", "size": 3, "note": None},
)


@pytest.mark.parametrize(
    ("query", "difference"),
    [
        ({}, None),
        ({"operation": "addThing"}, None),
        ({"operation": "getThing"}, "operation is addThing, wanted getThing"),
        ({"method": "POST"}, None),
        ({"method": "GET"}, "method is POST, wanted GET"),
        ({"paths": ("/Things/a b", "/API/Things/a b")}, None),
        ({"paths": ("/Things/a", "/API/Things/a")}, "path is /API/Things/a b, wanted /Things/a"),
        ({"arguments": (Condition("id", ("a b",)),)}, None),
        ({"arguments": (Condition("size", ("3",)),)}, None),
        ({"arguments": (Condition("note", (None,)),)}, None),
        ({"arguments": (Condition("size", (4, 5)),)}, "size is 3, wanted 4 or 5"),
        ({"arguments": (Condition("other", ("x",)),)}, "other is missing, wanted 'x'"),
        ({"headers": (Condition("x-tenant", ("b",), header="X-Tenant"),)}, None),
        ({"headers": (Condition("x-tenant", ("c",), header="X-Tenant"),)}, "header X-Tenant is 'acme, b', wanted 'c'"),
        ({"body": ({"a": 1},)}, None),
        ({"body": ({"a": 2},)}, "body.a is 1, wanted 2"),
        ({"status": 201}, None),
        ({"status": 200}, "status is 201, wanted 200"),
        ({"source": "answer"}, None),
        ({"source": "record"}, "source is answer, wanted record"),
        ({"is_matched": True}, None),
        ({"is_matched": False}, "the stub had an answer"),
    ],
)
def test_difference_is_told(query: dict[str, Any], difference: str | None) -> None:
    assert list(Query(**query).differences(EXCHANGE)) == ([] if difference is None else [difference])


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_body_that_is_no_json_differs(body: bytes) -> None:
    exchange = make_exchange(request=Request("POST", "/", headers=JSON, body=body))

    assert list(Query(body=({"a": 1},)).differences(exchange)) == ['body is no JSON, wanted {"a": 1}']


def test_body_that_is_cut_cannot_be_compared() -> None:
    exchange = make_exchange(request=Request("POST", "/", headers=JSON, body=b'{"a": 1'), size=70_000)

    told = 'body has 70,000 bytes, of which the journal keeps 65,536, wanted {"a": 1}'
    assert list(Query(body=({"a": 1},)).differences(exchange)) == [told]


def test_numbers_of_a_body_are_compared_exactly() -> None:
    exchange = make_exchange(request=Request("POST", "/", headers=JSON, body=b'{"a": 0.12345678901234567890}'))

    wanted = [WrittenNumber(text) for text in ("0.1234567890123456789", "0.12345678901234567891")]
    assert [len([*Query(body=({"a": each},)).differences(exchange)]) for each in wanted] == [0, 1]


def test_body_is_read_in_its_charset() -> None:
    headers = (("Content-Type", "application/json; charset=utf-16"),)
    exchange = make_exchange(request=Request("POST", "/", headers=headers, body='{"a": "é"}'.encode("utf-16")))

    assert list(Query(body=({"a": "é"},)).differences(exchange)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_kind_says_whether_there_was_an_answer(kind: str) -> None:
    differences = list(Query(is_matched=True).differences(make_exchange(source=kind)))

    errors = ("no record", "exception", "framework", "preferences", "preflight", "session", "management", "server")
    assert differences == (["the stub had no answer"] if kind in errors else [])


def test_secrets_of_conditions_become_digests() -> None:
    redactor = Redactor(b"key")

    hidden = [hide_secrets(Condition(name, ("a", None)), redactor).values for name in ("id", "authorization")]

    assert hidden == [("a", None), (redactor.digest("a"), None)]
