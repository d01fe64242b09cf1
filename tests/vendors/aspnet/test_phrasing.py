"""The bodies that the framework sends with a status by itself."""

from __future__ import annotations

import pytest

from mockserver.contract.contract import ResponseSpec
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.phrasing import describe_status, framework_response
from tests.support.shipped import CUSTOMER


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"Message": "The request is invalid."}),
        (405, {"Message": "The requested resource does not support http method 'PUT'."}),
        (500, {"Message": "An error has occurred."}),
        *((status, None) for status in (None, 200, 201, 204, 205, 299, 301, 304, 401, 403, 404, 406, 409)),
        *((status, None) for status in (429, 501, 503, 599)),
    ],
)
def test_three_statuses_have_a_body_of_the_framework(status: int | None, body: dict[str, str] | None) -> None:
    assert describe_status(status, "n", CUSTOMER, {}, "PUT", Host()) == body


def test_error_of_the_framework_has_its_own_response() -> None:
    assert framework_response(500) == ResponseSpec(500, ("application/json", "text/json"), "HttpError", ())
