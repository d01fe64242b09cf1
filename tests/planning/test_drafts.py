"""Drafts of what is answered in place of the operation."""

from dataclasses import replace

import pytest

from mockserver.contract.contract import ResponseSpec
from mockserver.http.sources import Source
from mockserver.planning.drafts import Draft, JsonValue, draft_error, draft_refusal
from mockserver.vendors.vendor import Refusal
from tests.support.shipped import CUSTOMER, VENDOR

FRAMEWORK, ALLOW = Source("framework"), (("Allow", "GET"),)
UNDECLARED = VENDOR.describe_undeclared(406)
OWN = ResponseSpec(400, ("text/json",), None, ())
WITH_OWN = replace(CUSTOMER, responses={**CUSTOMER.responses, 400: OWN})


@pytest.mark.parametrize(
    ("refusal", "draft"),
    [
        (Refusal(406, {"a": 1}), Draft(None, 406, FRAMEWORK, UNDECLARED, JsonValue({"a": 1}))),
        (Refusal(406, 1, ALLOW, CUSTOMER), Draft(CUSTOMER, 406, FRAMEWORK, UNDECLARED, JsonValue(1), ALLOW)),
        (Refusal(400, operation=WITH_OWN), Draft(WITH_OWN, 400, FRAMEWORK, OWN, JsonValue(None))),
        # Without content nothing is said of its form, unless the contract says it.
        (Refusal(406, 1, ALLOW, CUSTOMER, has_content=False), Draft(CUSTOMER, 406, FRAMEWORK, None, headers=ALLOW)),
        (Refusal(400, operation=WITH_OWN, has_content=False), Draft(WITH_OWN, 400, FRAMEWORK, OWN)),
        (Refusal(404, has_content=False), Draft(None, 404, FRAMEWORK, None)),
    ],
)
def test_refusal_is_as_the_contract_declares_it(refusal: Refusal, draft: Draft) -> None:
    assert draft_refusal(refusal, VENDOR, FRAMEWORK) == draft


def test_error_over_a_preference_is_the_stubs_own() -> None:
    spec = VENDOR.describe_undeclared(400)
    body = JsonValue({"Message": "No."})

    assert draft_error("No.", VENDOR) == Draft(None, 400, Source("preferences"), spec, body)
