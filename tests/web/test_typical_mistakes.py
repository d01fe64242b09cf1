"""Typical mistakes of people who use the stub, each with the sentence that tells them what is wrong."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from mockserver.web.app import create_app
from tests.support.files import Write

FIXTURES = """\
schema: Customer
records:
  - {PersonalId: "0123"}
  - {PersonalId: typed, PersonalIdTypeId: 1}
answers:
  - {name: locked, operation: getCustomer, when: {id: a, headers: {X-Tenant: acme}}, reply: {status: 423}}
"""


UNDEFINED = (
    "id is 'undefined', which looks like a mistake of the caller, so nothing is generated for it; "
    "write a record or an answer for it, or ask with __dynamic=true."
)
COMMA = (
    "#: This is not JSON: expecting property name enclosed in double quotes: line 1 column 68. "
    "Quote the name, and write no comma behind the last one."
)
OPERATION = "#/operation: The contract has no operation 'getCustomers'; did you mean 'getCustomer'?"


@pytest.fixture
def client(write: Write) -> FlaskClient:
    return create_app(fixtures=write("f.yaml", FIXTURES), base_path="/API").test_client()


@pytest.mark.parametrize(
    ("method", "target", "headers", "hint"),
    [
        ("GET", "/API/Customer/42", {}, "Path differs in one segment: did you mean /API/Customers/42?"),
        ("GET", "/Customers/42", {}, "Path lacks the root: did you mean /API/Customers/42?"),
        ("GET", "/API/API/Customers/42", {}, "Path has the root twice: did you mean /API/Customers/42?"),
        ("GET", "/API/Customers./42", {}, "Path differs in one segment: did you mean /API/Customers/42?"),
        ("GET", "/API/Customers/0123.", {}, "Record files/f.yaml:3 has the PersonalId '0123'."),
        ("GET", "/API/Customers/a%2Fb", {}, "Path has an encoded slash (%2F): did you mean /API/Customers/{id}?"),
        ("GET", "/API/Customers/", {}, "Path lacks one segment: did you mean /API/Customers/{id}?"),
        ("GET", "/orders/v2/7/lines", {}, "No route matches; the stub serves GET /API/Customers/{id}."),
        ("POST", "/API/Customers/42", {}, "POST is not served at /API/Customers/42; GET is."),
        (
            *("GET", "/API/Customers/typed?idType=2", {}),
            "Record files/f.yaml:4 has this PersonalId, but idType is 2, wanted 1.",
        ),
        ("GET", "/API/Customers/123", {}, "Record files/f.yaml:3 has the PersonalId '0123'."),
        ("GET", "/API/Customers/TYPED", {}, "Record files/f.yaml:4 has the PersonalId 'typed'."),
        ("GET", "/API/Customers/a", {}, "Answer locked (files/f.yaml:6) wants header X-Tenant 'acme', there was none."),
        (
            *("GET", "/API/Customers/a", {"X-Tenant": "other"}),
            "Answer locked (files/f.yaml:6) wants header X-Tenant 'acme', it was 'other'.",
        ),
        (
            *("GET", "/API/Customers/42", {"X-Mock-Sesion": "t1"}),
            "The stub ignores the request header X-Mock-Sesion; it reads X-Mock-Session.",
        ),
        (
            *("GET", "/API/Customers/undefined", {}),
            UNDEFINED,
        ),
        (
            *("GET", "/API/Customers/42?_code=404", {}),
            "The stub ignores the query parameter _code; write __code, with two underscores.",
        ),
    ],
)
def test_mistake_has_its_hint(
    client: FlaskClient, method: str, target: str, headers: dict[str, str], hint: str
) -> None:
    response = client.open(target, method=method, headers=headers)

    assert response.headers["X-Mock-Hint"] == hint
    (entry,) = client.get("/__mock/requests").get_json()["requests"]
    assert entry["hints"] == [hint]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"name": "a", "operation": "getCustomer", "reply": {"status": 503},}', COMMA),
        ('{"name": "a", "operation": "getCustomers", "reply": {"status": 503}}', OPERATION),
    ],
)
def test_mistake_in_an_answer_is_told(client: FlaskClient, body: str, problem: str) -> None:
    response = client.post("/__mock/answers", data=body)

    assert (response.status_code, response.get_json()["Problems"]) == (400, [problem])
