"""Each rule of the shipped schemas as a row, the sentences that breaches make, and the `Schemas` object."""

import json
from collections.abc import Mapping, Sequence

import marshmallow
import pytest
from marshmallow import fields

from mockserver.checks.breaches import Breach
from mockserver.checks.judging import Schemas
from mockserver.schemas import SHIPPED, CustomerSchema, HttpErrorSchema

SCHEMAS = Schemas(SHIPPED)

MEMBERS = (
    "CustomerId",
    "PersonalId",
    "PersonalIdTypeId",
    "PersonalIdTypeExtRef",
    "FirstName",
    "LastName",
    "Email",
    "TelNumber1",
    "TelNumber2",
    "DOB",
    "Sex",
    "Notes",
    "ExtRef",
    "NotificationConsent",
    "IsActive",
    "CustomProperties",
)

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
INTEGER = "the contract wants an integer"
NO_NULL = "the contract does not allow null"
TEXT = "the contract wants a string"
TRUTH = "the contract wants true or false"
OBJECT = "the contract wants an object"
FORM = (
    "the contract wants yyyy-MM-ddTHH:mm:ss, then at most 7 decimals of which the last is not 0, "
    "then Z, an offset of at most 14:00 or nothing"
)
DAY = "the contract wants a day that the calendar has"
SURROGATE = "the contract wants text without lone surrogates"

ACCEPTED: list[tuple[str, object]] = [
    ("CustomerId", 2**31 - 1),
    ("CustomerId", -(2**31)),
    ("CustomerId", 0),
    ("PersonalId", None),
    ("PersonalId", ""),
    ("PersonalId", "x" * 30),
    ("PersonalId", "😀" * 15),
    ("PersonalId", "é" * 30),
    ("PersonalIdTypeId", None),
    ("PersonalIdTypeId", 2**31 - 1),
    ("PersonalIdTypeExtRef", None),
    ("PersonalIdTypeExtRef", "x" * 5000),
    ("FirstName", None),
    ("FirstName", "x" * 50),
    ("LastName", None),
    ("LastName", "x" * 50),
    ("Email", None),
    ("Email", "x" * 100),
    ("TelNumber1", None),
    ("TelNumber1", "x" * 25),
    ("TelNumber2", None),
    ("TelNumber2", "x" * 25),
    ("DOB", None),
    ("DOB", "1984-03-12T00:00:00"),
    ("DOB", "1984-03-12T00:00:00Z"),
    ("DOB", "1984-03-12T00:00:00+10:00"),
    ("DOB", "1984-03-12T23:59:59.1234567-14:00"),
    ("DOB", "1984-03-12T00:00:00.1+14:00"),
    ("DOB", "1984-03-12T00:00:00.0000001-00:30"),
    ("DOB", "2024-02-29T00:00:00"),
    ("DOB", "2000-02-29T00:00:00"),
    ("DOB", "0001-01-01T00:00:00"),
    ("DOB", "9999-12-31T23:59:59.9999999"),
    ("Sex", None),
    ("Sex", 0),
    ("Sex", 1),
    ("Sex", 2),
    ("Notes", None),
    ("Notes", "x" * 250),
    ("ExtRef", None),
    ("ExtRef", "x" * 200),
    ("NotificationConsent", False),
    ("IsActive", False),
    ("CustomProperties", None),
    ("CustomProperties", {}),
    ("CustomProperties", {"": "", "vip": None, "branch": "x" * 5000}),
]

REFUSED: list[tuple[str, object, str]] = [
    ("CustomerId", None, f"CustomerId is null, {NO_NULL}"),
    ("CustomerId", 2**31, f"CustomerId is 2147483648, {INT32}"),
    ("CustomerId", -(2**31) - 1, f"CustomerId is -2147483649, {INT32}"),
    ("CustomerId", 1.0, f"CustomerId is 1.0, {INTEGER}"),
    ("CustomerId", True, f"CustomerId is true, {INTEGER}"),
    ("CustomerId", "1", f"CustomerId is '1', {INTEGER}"),
    ("CustomerId", float("nan"), f"CustomerId is NaN, {INTEGER}"),
    ("PersonalId", 1, f"PersonalId is 1, {TEXT}"),
    ("PersonalId", False, f"PersonalId is false, {TEXT}"),
    ("PersonalId", b"1", f"""PersonalId is "b'1'", {TEXT}"""),
    ("PersonalId", "\ud800", f"PersonalId is '\\ud800', {SURROGATE}"),
    ("PersonalIdTypeId", 2**31, f"PersonalIdTypeId is 2147483648, {INT32}"),
    ("PersonalIdTypeId", "", f"PersonalIdTypeId is '', {INTEGER}"),
    ("PersonalIdTypeExtRef", [], f"PersonalIdTypeExtRef is [], {TEXT}"),
    ("FirstName", {"a": None}, f'FirstName is {{"a": null}}, {TEXT}'),
    ("DOB", 0, f"DOB is 0, {TEXT}"),
    ("DOB", "", f"DOB is '', {FORM}"),
    ("DOB", "1984-03-12", f"DOB is '1984-03-12', {FORM}"),
    ("DOB", "1984-03-12 00:00:00", f"DOB is '1984-03-12 00:00:00', {FORM}"),
    ("DOB", "1984-3-12T00:00:00", f"DOB is '1984-3-12T00:00:00', {FORM}"),
    ("DOB", "1984-W11-1T00:00:00", f"DOB is '1984-W11-1T00:00:00', {FORM}"),
    ("DOB", "1984-03-12T00:00", f"DOB is '1984-03-12T00:00', {FORM}"),
    ("DOB", "1984-03-12T00:00:00z", f"DOB is '1984-03-12T00:00:00z', {FORM}"),
    ("DOB", "1984-03-12T00:00:00\n", f"DOB is '1984-03-12T00:00:00\\n', {FORM}"),
    ("DOB", "1984-03-12T00:00:00.", f"DOB is '1984-03-12T00:00:00.', {FORM}"),
    ("DOB", "1984-03-12T00:00:00.0", f"DOB is '1984-03-12T00:00:00.0', {FORM}"),
    ("DOB", "1984-03-12T00:00:00.120", f"DOB is '1984-03-12T00:00:00.120', {FORM}"),
    ("DOB", "1984-03-12T00:00:00.12345678", f"DOB is '1984-03-12T00:00:00.12345678', {FORM}"),
    ("DOB", "1984-03-12T00:00:00+14:01", f"DOB is '1984-03-12T00:00:00+14:01', {FORM}"),
    ("DOB", "1984-03-12T00:00:00-15:00", f"DOB is '1984-03-12T00:00:00-15:00', {FORM}"),
    ("DOB", "1984-03-12T00:00:00+1000", f"DOB is '1984-03-12T00:00:00+1000', {FORM}"),
    ("DOB", "1984-03-12T24:00:00", f"DOB is '1984-03-12T24:00:00', {FORM}"),
    ("DOB", "1984-03-12T00:60:00", f"DOB is '1984-03-12T00:60:00', {FORM}"),
    ("DOB", "1984-03-12T00:00:60", f"DOB is '1984-03-12T00:00:60', {FORM}"),
    ("DOB", "1984-13-12T00:00:00", f"DOB is '1984-13-12T00:00:00', {FORM}"),
    ("DOB", "0000-01-01T00:00:00", f"DOB is '0000-01-01T00:00:00', {FORM}"),
    ("DOB", "10000-01-01T00:00:00", f"DOB is '10000-01-01T00:00:00', {FORM}"),
    ("DOB", "1984-03-\u0661\u0662T00:00:00", f"DOB is '1984-03-\u0661\u0662T00:00:00', {FORM}"),
    ("DOB", "2024-02-30T00:00:00", f"DOB is '2024-02-30T00:00:00', {DAY}"),
    ("DOB", "2023-02-29T00:00:00", f"DOB is '2023-02-29T00:00:00', {DAY}"),
    ("DOB", "1900-02-29T00:00:00", f"DOB is '1900-02-29T00:00:00', {DAY}"),
    ("DOB", "2024-04-31T00:00:00", f"DOB is '2024-04-31T00:00:00', {DAY}"),
    ("Sex", 3, "Sex is 3, the contract allows 0 to 2"),
    ("Sex", -1, "Sex is -1, the contract allows 0 to 2"),
    ("Sex", True, f"Sex is true, {INTEGER}"),
    ("NotificationConsent", None, f"NotificationConsent is null, {NO_NULL}"),
    ("NotificationConsent", 1, f"NotificationConsent is 1, {TRUTH}"),
    ("NotificationConsent", "yes", f"NotificationConsent is 'yes', {TRUTH}"),
    ("IsActive", None, f"IsActive is null, {NO_NULL}"),
    ("IsActive", "true", f"IsActive is 'true', {TRUTH}"),
    ("CustomProperties", "", f"CustomProperties is '', {OBJECT}"),
    ("CustomProperties", [], f"CustomProperties is [], {OBJECT}"),
    ("CustomProperties", {"vip": 1}, f"CustomProperties.vip is 1, {TEXT}"),
    ("CustomProperties", {"vip": True}, f"CustomProperties.vip is true, {TEXT}"),
    ("CustomProperties", {"vip": {"a": "b"}}, f'CustomProperties.vip is {{"a": "b"}}, {TEXT}'),
    ("CustomProperties", {"": []}, f"CustomProperties.'' is [], {TEXT}"),
    ("CustomProperties", {"_schema": 1}, f"CustomProperties._schema is 1, {TEXT}"),
    ("CustomProperties", {"vip": "\udfff"}, f"CustomProperties.vip is '\\udfff', {SURROGATE}"),
    ("CustomProperties", {"\ud800": "x"}, f"CustomProperties.\\ud800 is 'x', {SURROGATE}"),
]

LENGTHS = [
    ("PersonalId", 30),
    ("FirstName", 50),
    ("LastName", 50),
    ("Email", 100),
    ("TelNumber1", 25),
    ("TelNumber2", 25),
    ("Notes", 250),
    ("ExtRef", 200),
]

ERRORS: list[tuple[object, list[str]]] = [
    ({"Message": ""}, []),
    ({"Message": "m", "MessageDetail": "d", "ModelState": {}}, []),
    ({"Message": "m", "ModelState": {"idType": ["a", "b"], "id": []}}, []),
    ({}, ["Message is missing, the contract requires it"]),
    ({"Message": None}, [f"Message is null, {NO_NULL}"]),
    ({"Message": "m", "MessageDetail": None}, [f"MessageDetail is null, {NO_NULL}"]),
    ({"Message": "m", "ModelState": None}, [f"ModelState is null, {NO_NULL}"]),
    ({"Message": "m", "ModelState": {"id": "a"}}, ["ModelState.id is 'a', the contract wants a list"]),
    (
        {"Message": "m", "ModelState": {"id": {"a": "b"}}},
        ['ModelState.id is {"a": "b"}, the contract wants a list'],
    ),
    ({"Message": "m", "ModelState": {"idType": [1]}}, [f"ModelState.idType.0 is 1, {TEXT}"]),
    ({"Message": "m", "ModelState": {"idType": ["a", None]}}, [f"ModelState.idType.1 is null, {NO_NULL}"]),
    (
        {"message": "m"},
        [
            "Message is missing, the contract requires it",
            "message is 'm', the contract has no such member; did you mean 'Message'?",
        ],
    ),
]

NOT_OBJECTS: list[tuple[object, str]] = [
    (None, "null"),
    (True, "true"),
    (1, "1"),
    (1.5, "1.5"),
    ("Sex", "'Sex'"),
    ([], "[]"),
    ([{"Sex": None}], '[{"Sex": null}]'),
    (["\ud800"], '["\\ud800"]'),
    (list(range(100)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, …"),
    ("x" * 61, "'" + "x" * 59 + "…'"),
    ("it's", '"it\'s"'),
]

NOT_JSON = [
    ("", "''", "expecting value: line 1 column 1 (char 0)"),
    ("{} x", "'{} x'", "extra data: line 1 column 4 (char 3)"),
    (
        "{'a': 1}",
        "\"{'a': 1}\"",
        "expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    ),
    ("[NaN]", "'[NaN]'", "it has no number NaN"),
    ("Infinity", "'Infinity'", "it has no number Infinity"),
    ("-Infinity", "'-Infinity'", "it has no number -Infinity"),
]


def labels(rows: Sequence[tuple[object, ...]]) -> list[str]:
    return [f"{row[0]}-{index}" for index, row in enumerate(rows)]


def customer_with(**members: object) -> dict[str, object]:
    return {**CUSTOMER, **members}


def sentences(breaches: tuple[Breach, ...]) -> list[str]:
    return [str(breach) for breach in breaches]


def nest(depth: int) -> object:
    value: object = []
    for _ in range(depth):
        value = [value]
    return value


def test_the_pages_own_sample_is_refused_for_its_sex_alone() -> None:
    breaches = SCHEMAS.find_body_breaches("Customer", SAMPLE)

    assert breaches == (Breach("Sex", "the contract allows 0 to 2", "64"),)


def test_the_sample_with_a_sex_of_the_contract_is_accepted() -> None:
    breaches = SCHEMAS.find_body_breaches("Customer", SAMPLE.replace("64", "2"))

    assert breaches == ()


def test_a_customer_has_the_sixteen_members_in_the_contracts_order() -> None:
    names = tuple(CustomerSchema().fields)

    assert names == MEMBERS


@pytest.mark.parametrize(("member", "value"), ACCEPTED, ids=labels(ACCEPTED))
def test_a_value_that_the_contract_allows_is_accepted(member: str, value: object) -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(**{member: value}))

    assert breaches == ()


@pytest.mark.parametrize(("member", "value", "sentence"), REFUSED, ids=labels(REFUSED))
def test_a_value_that_the_contract_does_not_allow_is_named(member: str, value: object, sentence: str) -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(**{member: value}))

    assert sentences(breaches) == [sentence]


@pytest.mark.parametrize(("member", "most"), LENGTHS)
def test_one_unit_too_many_is_a_breach(member: str, most: int) -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(**{member: "a" * (most + 1)}))

    shown = "'" + "a" * (most + 1) + "'" if most < 60 else "'" + "a" * 59 + "…'"
    assert breaches == (
        Breach(member, f"the contract allows at most {most} UTF-16 units", f"{shown} ({most + 1} units)"),
    )


def test_an_emoji_counts_two_units() -> None:
    sixteen = "😀" * 16

    breaches = SCHEMAS.find_breaches("Customer", customer_with(PersonalId=sixteen))

    assert sentences(breaches) == [f"PersonalId is '{sixteen}' (32 units), the contract allows at most 30 UTF-16 units"]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_member_left_out_is_a_breach(member: str) -> None:
    members = {name: value for name, value in CUSTOMER.items() if name != member}

    breaches = SCHEMAS.find_breaches("Customer", members)

    assert breaches == (Breach(member, "the contract requires it", None),)
    assert sentences(breaches) == [f"{member} is missing, the contract requires it"]


@pytest.mark.parametrize(
    ("name", "shown", "remark"),
    [
        ("Colour", "Colour", ""),
        ("Note", "Note", "; did you mean 'Notes'?"),
        ("SEX", "SEX", "; did you mean 'Sex'?"),
        ("_schema", "_schema", ""),
        ("", "''", ""),
        ("\ud800\x1b", "\\ud800\\x1b", ""),
    ],
)
def test_an_unknown_member_is_a_breach_and_the_nearest_name_is_suggested(name: str, shown: str, remark: str) -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(**{name: "red"}))

    assert sentences(breaches) == [f"{shown} is 'red', the contract has no such member{remark}"]


def test_breaches_stand_in_the_contracts_order_and_unknown_members_behind_them_as_given() -> None:
    members = {"Zoo": 1, "Ant": 2, **CUSTOMER, "IsActive": 0, "CustomProperties": {"b": 1, "a": 2}, "Sex": 3}

    breaches = SCHEMAS.find_breaches("Customer", members)

    found = [breach.member for breach in breaches]
    assert found == ["Sex", "IsActive", "CustomProperties.b", "CustomProperties.a", "Zoo", "Ant"]


@pytest.mark.parametrize(("value", "shown"), NOT_OBJECTS)
def test_a_body_that_is_no_object_is_one_breach_of_the_whole(value: object, shown: str) -> None:
    breaches = SCHEMAS.find_breaches("Customer", value)

    assert breaches == (Breach("", "the contract wants an object", shown),)
    assert sentences(breaches) == [f"the body is {shown}, the contract wants an object"]


def test_a_number_too_long_to_print_is_described() -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(CustomerId=10**5000))

    assert breaches == (Breach("CustomerId", INT32, "a number of thousands of digits"),)


def test_a_value_of_any_depth_is_judged() -> None:
    breaches = SCHEMAS.find_breaches("Customer", customer_with(Notes=nest(100_000)))

    assert breaches == (Breach("Notes", TEXT, "[" * 59 + "…"),)


@pytest.mark.parametrize(("body", "expected"), ERRORS)
def test_an_error_body_is_judged_by_its_own_rules(body: object, expected: list[str]) -> None:
    breaches = SCHEMAS.find_breaches("HttpError", body)

    assert sentences(breaches) == expected


def test_members_given_alone_are_judged_and_missing_ones_are_no_breach() -> None:
    breaches = SCHEMAS.find_member_breaches("Customer", {"Sex": 3, "Colour": "red"})

    assert sentences(breaches) == [
        "Sex is 3, the contract allows 0 to 2",
        "Colour is 'red', the contract has no such member",
    ]


def test_no_members_at_all_are_no_breach() -> None:
    breaches = SCHEMAS.find_member_breaches("Customer", {})

    assert breaches == ()


@pytest.mark.parametrize(("text", "shown", "complaint"), NOT_JSON)
def test_text_that_is_not_json_is_one_breach_of_the_whole(text: str, shown: str, complaint: str) -> None:
    breaches = SCHEMAS.find_body_breaches("Customer", text)

    assert breaches == (Breach("", f"the contract wants JSON: {complaint}", shown),)


def test_a_number_too_long_to_read_is_a_breach() -> None:
    (breach,) = SCHEMAS.find_body_breaches("Customer", "1" * 5000)

    assert breach.member == ""
    assert breach.rule.startswith("the contract wants JSON: exceeds the limit (4300 digits)")
    assert breach.value == "'" + "1" * 59 + "…'"


def test_text_nested_too_deep_to_read_is_a_breach() -> None:
    breaches = SCHEMAS.find_body_breaches("Customer", "[" * 100_000)

    assert breaches == (Breach("", "the contract wants nothing nested as deep as this", "'" + "[" * 59 + "…'"),)


def test_a_name_given_twice_is_a_breach_wherever_it_stands() -> None:
    text = '{"Message": "a", "ModelState": {"id": ["b"], "id": ["c"]}, "Message": "d", "Message": "e"}'

    breaches = SCHEMAS.find_body_breaches("HttpError", text)

    assert breaches == (
        Breach("Message", "the contract allows it once", "given twice"),
        Breach("ModelState.id", "the contract allows it once", "given twice"),
    )


def test_a_name_given_twice_inside_a_list_is_found_beside_other_breaches() -> None:
    breaches = SCHEMAS.find_body_breaches("HttpError", '{"Message": [1, {"a": 1, "a": 2}]}')

    assert sentences(breaches) == [
        "Message.1.a is given twice, the contract allows it once",
        'Message is [1, {"a": 2}], the contract wants a string',
    ]


def test_the_shipped_schemas_are_a_table_that_cannot_be_changed() -> None:
    schemas = Schemas(SHIPPED)

    assert dict(SHIPPED) == {"Customer": CustomerSchema, "HttpError": HttpErrorSchema}
    assert not hasattr(SHIPPED, "__setitem__")
    assert all(name in schemas for name in ("Customer", "HttpError"))
    assert "Customer" in schemas
    assert "Branch" not in schemas


def test_a_component_without_a_schema_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="Branch"):
        SCHEMAS.find_breaches("Branch", {})


class StreetSchema(marshmallow.Schema):
    """A user's class of marshmallow's own fields."""

    value = fields.Integer(required=True)
    site = fields.URL()

    @marshmallow.validates_schema
    def refuse_seven(self, data: Mapping[str, object], **_: object) -> None:
        if data.get("value") == 7:
            raise marshmallow.ValidationError("Seven is taken.")


class BranchSchema(marshmallow.Schema):
    """Every way in which marshmallow nests, a name of its own in JSON, and members of one direction."""

    id = fields.Integer(dump_only=True)
    password = fields.String(load_only=True)
    kind = fields.String(data_key="Kind", validate=marshmallow.validate.OneOf(["main", "side"]))
    street = fields.Nested(StreetSchema)
    streets = fields.List(fields.Nested(StreetSchema))
    others = fields.Nested(StreetSchema, many=True)
    named = fields.Dict(
        keys=fields.String(validate=marshmallow.validate.Length(max=3)), values=fields.Nested(StreetSchema)
    )
    plucked = fields.Pluck(StreetSchema, "value")
    pair = fields.Tuple((fields.Integer(), fields.String()))
    child = fields.Nested(lambda: BranchSchema())


USERS: list[tuple[object, list[str]]] = [
    ({"id": "x"}, ["id is 'x', not a valid integer"]),
    ({"password": "x"}, ["password is 'x', the contract has no such member"]),
    ({"Kind": "west"}, ["Kind is 'west', must be one of: main, side"]),
    ({"kind": "main"}, ["kind is 'main', the contract has no such member; did you mean 'Kind'?"]),
    ({"street": None}, ["street is null, the contract does not allow null"]),
    ({"street": 3}, ["street is 3, the contract wants an object"]),
    ({"street": {"value": 7}}, ['street is {"value": 7}, seven is taken']),
    ({"street": {}}, ["street.value is missing, the contract requires it"]),
    ({"street": {"value": 1, "site": "x"}}, ["street.site is 'x', not a valid URL"]),
    (
        {"street": {"value": 1, "Site": "x"}},
        ["street.Site is 'x', the contract has no such member; did you mean 'site'?"],
    ),
    ({"streets": [{"value": 1}, {"value": "x"}]}, ["streets.1.value is 'x', not a valid integer"]),
    ({"others": [{"value": 1}, {"value": "x"}]}, ["others.1.value is 'x', not a valid integer"]),
    ({"named": {"a": {"value": "x"}}}, ["named.a.value is 'x', not a valid integer"]),
    (
        {"named": {"long": {"value": "x"}}},
        [
            'named.long is {"value": "x"}, longer than maximum length 3',
            "named.long.value is 'x', not a valid integer",
        ],
    ),
    ({"plucked": "x"}, ["plucked.value is 'x', not a valid integer"]),
    ({"pair": ["x", "y"]}, ["pair.0 is 'x', not a valid integer"]),
]


@pytest.mark.parametrize(("value", "expected"), USERS)
def test_a_users_own_schema_speaks_in_the_same_form(value: object, expected: list[str]) -> None:
    schemas = Schemas({**SHIPPED, "Branch": BranchSchema})

    breaches = schemas.find_breaches("Branch", value)

    assert sentences(breaches) == expected


def test_shipped_schemas_and_a_users_own_stand_side_by_side() -> None:
    schemas = Schemas({**SHIPPED, "Branch": BranchSchema})

    assert all(name in schemas for name in ("Customer", "HttpError", "Branch"))
    assert schemas.find_breaches("Customer", dict(CUSTOMER)) == ()


def test_a_value_too_deep_for_a_schema_that_contains_itself_is_a_breach() -> None:
    schemas = Schemas({"Branch": BranchSchema})
    value: object = {}
    for _ in range(2000):
        value = {"child": value}

    breaches = schemas.find_breaches("Branch", value)

    shown = '{"child": ' * 5 + '{"child": '[:9] + "…"
    assert breaches == (Breach("", "the contract wants nothing nested as deep as this", shown),)


def test_a_broken_schema_of_a_users_is_not_taken_for_a_breach() -> None:
    class BrokenSchema(marshmallow.Schema):
        name = fields.String(validate=lambda _: 1 / 0)

    schemas = Schemas({"Broken": BrokenSchema})

    with pytest.raises(ZeroDivisionError):
        schemas.find_breaches("Broken", {"name": "x"})


class Period(marshmallow.Schema):
    First = fields.Integer(required=True, strict=True)
    Last = fields.Integer(required=True, strict=True)
    Inside = fields.Nested("Period", allow_none=True)

    @marshmallow.validates_schema
    def check_order(self, data: Mapping[str, int], **_: object) -> None:
        if data["First"] > data["Last"]:
            raise marshmallow.ValidationError("First is not behind Last")


def test_a_rule_between_members_waits_until_all_are_there() -> None:
    schemas = Schemas({"Period": Period})

    alone = schemas.find_member_breaches("Period", {"Last": 1})
    together = schemas.find_breaches("Period", {"First": 2, "Last": 1})

    assert (alone, sentences(together)) == ((), ['the body is {"First": 2, "Last": 1}, first is not behind Last'])


def test_members_given_alone_may_be_too_deep_or_unknown() -> None:
    class Open(Period):
        class Meta(marshmallow.Schema.Meta):
            unknown = marshmallow.INCLUDE

    deep: object = None
    for _ in range(100_000):
        deep = {"Inside": deep}

    assert Schemas({"Open": Open}).find_member_breaches("Open", {"Other": 1}) == ()
    assert [b.member for b in Schemas({"Period": Period}).find_member_breaches("Period", {"Inside": deep})] == [
        "Inside"
    ]
