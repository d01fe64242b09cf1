"""The shipped schemas: the members of each component, and the limits of each member."""

import json
from collections.abc import Mapping

import pytest

from mockserver.checks.breaches import Breach
from mockserver.schemas import SHIPPED, CustomerSchema, HttpErrorSchema
from tests.support.shipped import SCHEMAS

# Printed by the vendor's help page. 64 is what its generator writes for any byte.
SAMPLE = """{
"CustomerId": 1,
"PersonalId": "sample string 2",
"PersonalIdTypeId": 1,
"PersonalIdTypeExtRef": "sample string 3",
"FirstName": "sample string 4",
"LastName": "sample string 5",
"Email": "sample string 6",
"TelNumber1": "sample string 7",
"TelNumber2": "sample string 8",
"DOB": "2026-04-05T04:15:57.2773368+10:00",
"Sex": 64,
"Notes": "sample string 9",
"ExtRef": "sample string 10",
"NotificationConsent": true,
"IsActive": true,
"CustomProperties": {
"sample string 1": "sample string 2",
"sample string 3": "sample string 4"
}
}"""

CUSTOMER: Mapping[str, object] = json.loads(SAMPLE) | {"Sex": 2}
INT32 = "the contract allows -2147483648 to 2147483647"
NO_NULL = "the contract does not allow null"
TEXT = "the contract wants a string"
REQUIRED = "the contract requires it"


def find_sentences(component: str, value: object) -> list[str]:
    return [str(breach) for breach in SCHEMAS.find_breaches(component, value)]


def test_shipped_table_cannot_be_changed() -> None:
    assert dict(SHIPPED) == {"Customer": CustomerSchema, "HttpError": HttpErrorSchema}
    assert not hasattr(SHIPPED, "__setitem__")


def test_sample_of_the_help_page_has_one_breach() -> None:
    breaches = SCHEMAS.find_body_breaches("Customer", SAMPLE)

    assert breaches == (Breach("Sex", "the contract allows 0 to 2", "64"),)
    assert SCHEMAS.find_body_breaches("Customer", SAMPLE.replace("64", "2")) == ()


def test_customer_has_sixteen_members_in_order() -> None:
    assert tuple(CustomerSchema().fields) == tuple(CUSTOMER)
    assert len(CUSTOMER) == 16


@pytest.mark.parametrize("member", CUSTOMER)
def test_every_member_is_required(member: str) -> None:
    members = {name: value for name, value in CUSTOMER.items() if name != member}

    assert SCHEMAS.find_breaches("Customer", members) == (Breach(member, REQUIRED, None),)


@pytest.mark.parametrize("member", CUSTOMER)
def test_three_members_are_never_null(member: str) -> None:
    never = member in ("CustomerId", "NotificationConsent", "IsActive")

    assert find_sentences("Customer", {**CUSTOMER, member: None}) == [f"{member} is null, {NO_NULL}"] * never


@pytest.mark.parametrize(
    ("member", "most"),
    [
        ("PersonalId", 30),
        ("FirstName", 50),
        ("LastName", 50),
        ("Email", 100),
        ("TelNumber1", 25),
        ("TelNumber2", 25),
        ("Notes", 250),
        ("ExtRef", 200),
    ],
)
def test_texts_have_a_greatest_length(member: str, most: int) -> None:
    (breach,) = SCHEMAS.find_breaches("Customer", {**CUSTOMER, member: "a" * (most + 1)})

    assert SCHEMAS.find_breaches("Customer", {**CUSTOMER, member: "a" * most}) == ()
    assert (breach.member, breach.rule) == (member, f"the contract allows at most {most} UTF-16 units")
    assert str(breach.value).endswith(f"' ({most + 1} units)")


@pytest.mark.parametrize(
    ("member", "value", "sentence"),
    [
        ("CustomerId", 2**31, f"CustomerId is 2147483648, {INT32}"),
        ("PersonalIdTypeId", -(2**31) - 1, f"PersonalIdTypeId is -2147483649, {INT32}"),
        ("PersonalIdTypeExtRef", 1, f"PersonalIdTypeExtRef is 1, {TEXT}"),
        ("DOB", "2024-02-30T00:00:00", "DOB is '2024-02-30T00:00:00', the contract wants a day that the calendar has"),
        ("Sex", 3, "Sex is 3, the contract allows 0 to 2"),
        ("Sex", -1, "Sex is -1, the contract allows 0 to 2"),
        ("NotificationConsent", 1, "NotificationConsent is 1, the contract wants true or false"),
        ("IsActive", "true", "IsActive is 'true', the contract wants true or false"),
        ("CustomProperties", {"vip": 1}, f"CustomProperties.vip is 1, {TEXT}"),
        ("Note", "red", "Note is 'red', the contract has no such member; did you mean 'Notes'?"),
    ],
)
def test_value_is_refused(member: str, value: object, sentence: str) -> None:
    assert find_sentences("Customer", {**CUSTOMER, member: value}) == [sentence]


@pytest.mark.parametrize(
    ("member", "value"),
    [("PersonalIdTypeExtRef", "x" * 5000), ("CustomProperties", {"": "", "vip": None, "branch": "x" * 5000})],
)
def test_value_without_a_limit_is_accepted(member: str, value: object) -> None:
    assert find_sentences("Customer", {**CUSTOMER, member: value}) == []


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ({"Message": ""}, []),
        ({"Message": "m", "MessageDetail": "d", "ModelState": {}}, []),
        ({"Message": "m", "ModelState": {"idType": ["a", "b"], "id": []}}, []),
        ({}, [f"Message is missing, {REQUIRED}"]),
        ({"Message": None}, [f"Message is null, {NO_NULL}"]),
        ({"Message": "m", "MessageDetail": None}, [f"MessageDetail is null, {NO_NULL}"]),
        ({"Message": "m", "ModelState": None}, [f"ModelState is null, {NO_NULL}"]),
        ({"Message": "m", "ModelState": {"id": "a"}}, ["ModelState.id is 'a', the contract wants a list"]),
        ({"Message": "m", "ModelState": {"id": {}}}, ["ModelState.id is {}, the contract wants a list"]),
        ({"Message": "m", "ModelState": {"id": [1]}}, [f"ModelState.id.0 is 1, {TEXT}"]),
        ({"Message": "m", "ModelState": {"id": ["a", None]}}, [f"ModelState.id.1 is null, {NO_NULL}"]),
        (
            {"message": "m"},
            [
                f"Message is missing, {REQUIRED}",
                "message is 'm', the contract has no such member; did you mean 'Message'?",
            ],
        ),
    ],
)
def test_error_body_has_rules_of_its_own(body: object, sentences: list[str]) -> None:
    assert find_sentences("HttpError", body) == sentences
