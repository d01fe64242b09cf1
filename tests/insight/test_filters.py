"""Filters: what a query of the journal may say, and what is wrong with it."""

from __future__ import annotations

import pytest

from mockserver.fixtures.conditions import Condition
from mockserver.http.redaction import Redactor
from mockserver.insight.filters import FilterError, Filters, read_filters
from mockserver.insight.queries import Query
from tests.support.stubs import load_stub

STUB = load_stub()
REDACTOR = Redactor(b"key", ["idTypeExtRef"])


def read(*pairs: tuple[str, str]) -> Filters:
    return read_filters(pairs, STUB, REDACTOR)


@pytest.mark.parametrize(
    ("name", "value", "filters"),
    [
        ("session", "a", Filters(Query(), session="a")),
        ("operation", "getCustomer", Filters(Query(operation="getCustomer"))),
        ("argument.id", "42", Filters(Query(arguments=(Condition("id", ("42",)),)))),
        ("argument.query.idType", "1", Filters(Query(arguments=(Condition("idType", ("1",)),)))),
        (
            "argument.idTypeExtRef",
            "x",
            Filters(Query(arguments=(Condition("idTypeExtRef", (REDACTOR.digest("x"),)),))),
        ),
        ("header.X-Tenant", "acme", Filters(Query(headers=(Condition("x-tenant", ("acme",)),)))),
        ("header.Cookie", "a", Filters(Query(headers=(Condition("cookie", (REDACTOR.digest("a"),)),)))),
        ("status", "404", Filters(Query(status=404))),
        ("source", "no record", Filters(Query(source="no record"))),
        ("source", "answer locked a.yaml:4", Filters(Query(source="answer locked a.yaml:4"))),
        ("matched", "true", Filters(Query(is_matched=True))),
        ("matched", "false", Filters(Query(is_matched=False))),
        ("since", "7", Filters(Query(), since=7)),
        ("limit", "0", Filters(Query(), limit=0)),
        ("wait", "1.5", Filters(Query(), wait=1.5)),
        ("count", "3", Filters(Query(), count=3)),
    ],
)
def test_filter_is_read(name: str, value: str, filters: Filters) -> None:
    assert read((name, value)) == filters


@pytest.mark.parametrize(
    ("name", "value", "finding"),
    [
        ("sesion", "a", "There is no filter 'sesion'; did you mean 'session'? Use session, operation, status,"),
        ("x", "", "There is no filter 'x'. Use session,"),
        (
            "operation",
            "getCustomr",
            "There is no operation 'getCustomr'; did you mean 'getCustomer'? There are getCustomer.",
        ),
        ("argument.idd", "1", "There is no argument 'idd'; did you mean 'id'? There are id, path.id, idType,"),
        ("argument.", "1", "There is no argument ''. There are id,"),
        ("source", "recrd", "There is no source 'recrd'; did you mean 'record'? There are record, generated,"),
        ("matched", "1", "matched is '1'. Write true or false."),
        ("status", "600", "status is '600'. Write a whole number from 0 to 599."),
        ("status", "-1", "status is '-1'. Write a whole number from 0 to 599."),
        ("since", "-1", "since is '-1'. Write a whole number from 0 to 1000000000."),
        ("since", "9" * 5000, f"since is '{'9' * 80}'. Write a whole number from 0 to 1000000000."),
        ("limit", "x", "limit is 'x'. Write a whole number from 0 to 1000000000."),
        ("count", "²", "count is '²'. Write a whole number from 0 to 1000000000."),
        ("wait", "31", "wait is '31'. Write seconds from 0 to 30."),
        ("wait", "nan", "wait is 'nan'. Write seconds from 0 to 30."),
        ("wait", "", "wait is ''. Write seconds from 0 to 30."),
    ],
)
def test_wrong_filter_is_told(name: str, value: str, finding: str) -> None:
    with pytest.raises(FilterError) as caught:
        read((name, value))

    assert str(caught.value).startswith(finding)


def test_filter_that_is_given_twice_is_told() -> None:
    with pytest.raises(FilterError, match=r"status is given twice\. Keep one of the two\."):
        read(("status", "200"), ("status", "404"))
