"""Records as people write them: what becomes of them, and every fault with its place and its text."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from marshmallow import Schema, fields

from mockserver.contract import Contract
from mockserver.documents import Fault, Json
from mockserver.openapi import load_contract, read_contract
from mockserver.parsing import parse_document
from mockserver.readers.record_reader import RecordReader
from mockserver.records import Record
from mockserver.schemas import Schemas

CONTRACT = load_contract(Path(__file__).parents[1] / "openapi.yaml")

ORDERS = read_contract(
    parse_document(
        """
        openapi: 3.1.0
        info: {title: Orders, version: "1"}
        paths:
          /Orders/{number}:
            get:
              operationId: getOrder
              parameters:
              - {name: number, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Number}}
              responses: &responses
                "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}}
          /Customers/{name}/Orders:
            get:
              operationId: getFirstOrder
              parameters:
              - {name: name, in: path, required: true, schema: {type: string}, x-mock-selects: {member: Customer}}
              responses: *responses
          /Status:
            get:
              operationId: getStatus
              responses:
                "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Status"}}}}
          /Health:
            get:
              operationId: getHealth
              responses:
                "204": {description: d}
        components:
          schemas:
            Order: {type: object, properties: {Number: {}, Customer: {}, Lines: {}, Flags: {}, Address: {}, Note: true}}
            Status: {type: object}
        """,
        "orders.yaml",
    )
)

NO_RECORDS = read_contract(
    parse_document(
        """
        openapi: 3.1.0
        info: {title: Health, version: "1"}
        paths: {/Health: {get: {operationId: getHealth, responses: {"204": {description: d}}}}}
        """,
        "health.yaml",
    )
)


class AddressSchema(Schema):
    Town = fields.String(required=True)


class OrderSchema(Schema):
    Number = fields.String()
    Customer = fields.String()
    Lines = fields.List(fields.String())
    Flags = fields.List(fields.Boolean())
    Address = fields.Nested(AddressSchema)
    Note = fields.String()


class StatusSchema(Schema):
    Load = fields.Integer()


SCHEMAS = Schemas.with_shipped({"Order": OrderSchema, "Status": StatusSchema})


def read(text: str, contract: Contract = CONTRACT) -> RecordReader:
    reader = RecordReader(contract, SCHEMAS)
    reader.read(parse_document(dedent(text), "f.yaml"), "fixtures/f.yaml")
    return reader


def texts(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


def test_record_keeps_what_is_given_and_where() -> None:
    reader = read("""\
        schema: Customer
        records:
        - FirstName: Dana
          PersonalId: "1"

          CustomProperties: {a: null}
    """)

    members: dict[str, Json] = {"FirstName": "Dana", "PersonalId": "1", "CustomProperties": {"a": None}}
    lines = {"FirstName": 3, "PersonalId": 4, "CustomProperties": 6}
    assert reader.records == [Record("Customer", members, "fixtures/f.yaml", 3, lines)]
    assert (reader.faults, reader.breaches) == ([], [])


DATES: list[tuple[str, str]] = [
    ("1984-03-12", "1984-03-12T00:00:00"),
    ('"1984-03-12"', "1984-03-12T00:00:00"),
    ("1984-03-12 14:30", "1984-03-12T14:30:00"),
    ("1984-03-12 14:30:15", "1984-03-12T14:30:15"),
    ("1984-03-12T14:30", "1984-03-12T14:30:00"),
    ("1984-03-12t14:30z", "1984-03-12T14:30:00Z"),
    ("1984-03-12T14:30:15.120", "1984-03-12T14:30:15.12"),
    ("1984-03-12T14:30:15.000", "1984-03-12T14:30:15"),
    ("1984-03-12Z", "1984-03-12T00:00:00Z"),
    # What goes over the wire stays as it is.
    ("1984-03-12T00:00:00", "1984-03-12T00:00:00"),
    ("1984-03-12T00:00:00Z", "1984-03-12T00:00:00Z"),
    ("1984-03-12T00:00:00+10:00", "1984-03-12T00:00:00+10:00"),
    ("9999-12-31T23:59:59.9999999-14:00", "9999-12-31T23:59:59.9999999-14:00"),
]


@pytest.mark.parametrize(("written", "sent"), DATES)
def test_friendly_date_becomes_what_is_sent(written: str, sent: str) -> None:
    reader = read(f'schema: Customer\nrecords:\n- {{PersonalId: "1", DOB: {written}}}')

    assert reader.records[0].members["DOB"] == sent
    assert reader.breaches == []


def test_only_members_of_the_format_are_read_as_dates() -> None:
    reader = read('schema: Customer\nrecords:\n- {PersonalId: "1", Notes: 1984-03-12, DOB: null}')

    assert reader.records[0].members == {"PersonalId": "1", "Notes": "1984-03-12", "DOB": None}


CHANGE = "Change the record or the contract."
TEXT = "the contract wants a string."
LOST = "Quote it, or leading zeros and digits are lost:"
FORM = (
    "the contract wants yyyy-MM-ddTHH:mm:ss, then at most 7 decimals of which the last is not 0, "
    "then Z, an offset of at most 14:00 or nothing."
)

MEMBERS: list[tuple[str, str]] = [
    # Out of range, over-long, wrong type
    ("Sex: 3", f"4:8: Sex is 3, the contract allows 0 to 2. {CHANGE}"),
    ("Sex: male", f"4:8: Sex is 'male', the contract wants an integer. {CHANGE}"),
    ("Sex: 1.5", f"4:8: Sex is 1.5, the contract wants an integer. {CHANGE}"),
    (
        "CustomerId: 2147483648",
        f"4:15: CustomerId is 2147483648, the contract allows -2147483648 to 2147483647. {CHANGE}",
    ),
    ("CustomerId: null", f"4:15: CustomerId is null, the contract does not allow null. {CHANGE}"),
    ("CustomerId:", f"4:14: CustomerId is null, the contract does not allow null. {CHANGE}"),
    (
        f"TelNumber1: {'x' * 26}",
        f"4:15: TelNumber1 is '{'x' * 26}' (26 units), the contract allows at most 25 UTF-16 units. {CHANGE}",
    ),
    (
        f"TelNumber1: {'😀' * 13}",
        f"4:15: TelNumber1 is '{'😀' * 13}' (26 units), the contract allows at most 25 UTF-16 units. {CHANGE}",
    ),
    ("IsActive: yes", f"4:13: IsActive is 'yes', the contract wants true or false. {CHANGE}"),
    ("IsActive: 1", f"4:13: IsActive is 1, the contract wants true or false. {CHANGE}"),
    ("Notes: [a, b]", f'4:10: Notes is ["a", "b"], {TEXT} {CHANGE}'),
    ("Notes: {a: b}", f'4:10: Notes is {{"a": "b"}}, {TEXT} {CHANGE}'),
    ("CustomProperties: [a]", f'4:21: CustomProperties is ["a"], the contract wants an object. {CHANGE}'),
    ("CustomProperties: {a: [b]}", f'4:25: CustomProperties.a is ["b"], {TEXT} {CHANGE}'),
    # Dates
    ("DOB: 1984-02-30", f"4:8: DOB is '1984-02-30T00:00:00', the contract wants a day that the calendar has. {CHANGE}"),
    ("DOB: 12.3.1984", f"4:8: DOB is '12.3.1984', {FORM} {CHANGE}"),
    ("DOB: ''", f"4:8: DOB is '', {FORM} {CHANGE}"),
    ("DOB: 19840312", f"4:8: DOB is 19840312, {TEXT} {CHANGE}"),
    # Quotes that are missing
    ("Notes: 5", f'4:10: Notes is 5, {TEXT} {LOST} "5".'),
    ("Notes: 1.50", f'4:10: Notes is 1.5, {TEXT} {LOST} "1.50".'),
    ("Notes: +61491570006", f'4:10: Notes is 61491570006, {TEXT} {LOST} "+61491570006".'),
    ("Notes: true", f'4:10: Notes is true, {TEXT} Quote it to make it text: "true".'),
    ("CustomProperties: {a: 5}", f'4:25: CustomProperties.a is 5, {TEXT} {LOST} "5".'),
    ("CustomProperties: {a: False}", f'4:25: CustomProperties.a is false, {TEXT} Quote it to make it text: "False".'),
    ("CustomProperties: {a.b: 5}", f'4:27: CustomProperties.a.b is 5, {TEXT} {LOST} "5".'),
    ("CustomProperties: {a: x, a.b: 5}", f'4:33: CustomProperties.a.b is 5, {TEXT} {LOST} "5".'),
    ("CustomProperties: {'': 5}", f"4:21: CustomProperties.'' is 5, {TEXT} {CHANGE}"),
    (f"TelNumber1: {'1' * 26}", f"4:15: TelNumber1 is {'1' * 26}, {TEXT} {CHANGE}"),
    # Quotes that are too many
    ('Sex: "1"', "4:8: Sex is '1', the contract wants an integer. Write it without quotes: 1."),
    ('Sex: "9"', f"4:8: Sex is '9', the contract wants an integer. {CHANGE}"),
    ('Sex: "01"', f"4:8: Sex is '01', the contract wants an integer. {CHANGE}"),
    (
        'IsActive: "false"',
        "4:13: IsActive is 'false', the contract wants true or false. Write it without quotes: false.",
    ),
    # Members that the contract has not
    (
        "FirstNam: x",
        f"4:3: FirstNam is 'x', the contract has no such member; did you mean 'FirstName'? {CHANGE}",
    ),
    ("sex: 5", f"4:3: sex is 5, the contract has no such member; did you mean 'Sex'? {CHANGE}"),
    ("Colour: red", f"4:3: Colour is 'red', the contract has no such member. {CHANGE}"),
    (
        '"Se\\nx": 1',
        f"3:3: Se\\nx is 1, the contract has no such member; did you mean 'Sex'? {CHANGE}",
    ),
    (
        "First.Name: x",
        f"4:3: First.Name is 'x', the contract has no such member; did you mean 'FirstName'? {CHANGE}",
    ),
]


@pytest.mark.parametrize(("member", "expected"), MEMBERS, ids=[row[0][:40] for row in MEMBERS])
def test_breach_names_place_finding_and_remedy(member: str, expected: str) -> None:
    reader = read(f'schema: Customer\nrecords:\n- PersonalId: "1"\n  {member}')

    assert texts(reader.breaches) == [f"f.yaml:{expected}"]
    assert reader.faults == []


SELECTS = "and the parameter id selects by it."

KEYS: list[tuple[str, str]] = [
    ("Sex: 1", f"3:3: PersonalId is missing, {SELECTS} Add it."),
    ("personalid: a", f"3:3: PersonalId is missing, {SELECTS} Add it."),
    ("PersonalId: null", f"3:15: PersonalId is null, {SELECTS} Give it a value."),
    ("PersonalId:", f"3:14: PersonalId is null, {SELECTS} Give it a value."),
    ('PersonalId: ""', f"3:15: PersonalId is '', {SELECTS} Give it a value."),
    ('PersonalId: " \u3000"', f"3:15: PersonalId is ' \\u3000', {SELECTS} Give it a value."),
    ("PersonalId: 100200300", f'3:15: PersonalId is 100200300, {TEXT} {LOST} "100200300".'),
    ("PersonalId: [a]", f'3:15: PersonalId is ["a"], {TEXT} {CHANGE}'),
    (
        f"PersonalId: {'x' * 31}",
        f"3:15: PersonalId is '{'x' * 31}' (31 units), the contract allows at most 30 UTF-16 units. {CHANGE}",
    ),
]


@pytest.mark.parametrize(("member", "expected"), KEYS, ids=[row[0][:20] for row in KEYS])
def test_record_that_no_request_can_select_is_a_fault(member: str, expected: str) -> None:
    reader = read(f"schema: Customer\nrecords:\n- {member}")

    assert texts(reader.faults) == [f"f.yaml:{expected}"]


def test_record_without_key_has_its_other_faults_listed_too() -> None:
    reader = read("schema: Customer\nrecords:\n- {Sex: 3}\n- {Sex: 4}")

    assert texts(reader.faults) == [
        f"f.yaml:3:3: PersonalId is missing, {SELECTS} Add it.",
        f"f.yaml:4:3: PersonalId is missing, {SELECTS} Add it.",
    ]
    assert texts(reader.breaches) == [
        f"f.yaml:3:9: Sex is 3, the contract allows 0 to 2. {CHANGE}",
        f"f.yaml:4:9: Sex is 4, the contract allows 0 to 2. {CHANGE}",
    ]


NO_LIST = "A list is wanted here. Begin each entry with a dash."
NO_RECORD = "This is no record. Write its members as keys and values."

SHAPES: list[tuple[str, list[str]]] = [
    ("schema: Customer", ["1:1: records is missing. Add the list of records."]),
    ("schema: Customer\nrecords:", [f"2:9: {NO_LIST}"]),
    (
        "schema: Customer\nrecords: {PersonalId: a}",
        [f"2:10: {NO_LIST}"],
    ),
    (
        "schema: Customer\nrecords: [[PersonalId], 5, a, null]",
        [f"2:11: {NO_RECORD}", f"2:25: {NO_RECORD}", f"2:28: {NO_RECORD}", f"2:31: {NO_RECORD}"],
    ),
    ("records: []", ["1:1: It is not said what these records are. Write schema: Customer."]),
    ("schema: Costumer\nrecords: []", ["1:9: No operation returns a 'Costumer'; did you mean 'Customer'?"]),
    ("schema: customer\nrecords: []", ["1:9: No operation returns a 'customer'; did you mean 'Customer'?"]),
    ("schema: Pet\nrecords: [{Id: a}]", ["1:9: No operation returns a 'Pet'. Write schema: Customer."]),
    ("schema: HttpError\nrecords: []", ["1:9: No operation returns a 'HttpError'. Write schema: Customer."]),
    ("schema: ''\nrecords: [{}]", ["1:9: No operation returns a ''. Write schema: Customer."]),
    ("schema: 5\nrecords: []", ['1:9: schema is no text. Quote it: "5".']),
    ("schema:\nrecords: []", ["1:8: schema is no text. Write text."]),
    ("schema: [Customer]\nrecords: {}", ["1:9: schema is no text. Write text.", f"2:10: {NO_LIST}"]),
]


@pytest.mark.parametrize(("text", "expected"), SHAPES, ids=[row[0] for row in SHAPES])
def test_wrong_shape_is_a_fault_that_tells_the_right_one(text: str, expected: list[str]) -> None:
    reader = read(text)

    assert texts(reader.faults) == [f"f.yaml:{line}" for line in expected]
    assert reader.records == []


TWIN = "A record with this PersonalId and PersonalIdTypeId and PersonalIdTypeExtRef stands already at f.yaml:3:3."

TWINS: list[tuple[str, str, bool]] = [
    ("PersonalId: a", "PersonalId: a", True),
    ("PersonalId: a, FirstName: x", "FirstName: y, PersonalId: a", True),
    ("PersonalId: a, PersonalIdTypeId: 1", "PersonalId: a, PersonalIdTypeId: 1", True),
    ("PersonalId: a, PersonalIdTypeExtRef: ''", "PersonalId: a, PersonalIdTypeExtRef: ''", True),
    ("PersonalId: a, PersonalIdTypeId: null", "PersonalId: a, PersonalIdTypeId: null", True),
    ("PersonalId: a", "PersonalId: b", False),
    ("PersonalId: a", "PersonalId: A", False),
    ("PersonalId: a", "PersonalId: a, PersonalIdTypeId: null", False),
    ("PersonalId: a", "PersonalId: a, PersonalIdTypeId: 0", False),
    ("PersonalId: a, PersonalIdTypeId: 1", "PersonalId: a, PersonalIdTypeId: 2", False),
    ("PersonalId: a, PersonalIdTypeExtRef: ''", "PersonalId: a, PersonalIdTypeExtRef: null", False),
]


@pytest.mark.parametrize(("one", "other", "are_twins"), TWINS)
def test_two_records_of_one_identity_as_written_are_a_fault(one: str, other: str, are_twins: bool) -> None:
    reader = read(f"schema: Customer\nrecords:\n- {{{one}}}\n- {{{other}}}")

    expected = [f"f.yaml:4:3: {TWIN} Change one of the two, or remove it."] if are_twins else []
    assert texts(reader.faults) == expected


def test_record_repeated_by_an_alias_is_a_twin() -> None:
    reader = read("schema: Customer\nrecords:\n- &one {PersonalId: a}\n- *one")

    assert texts(reader.faults) == [f"f.yaml:4:3: {TWIN} Change one of the two, or remove it."]


def test_twins_are_found_across_files() -> None:
    reader = RecordReader(CONTRACT, SCHEMAS)

    for name in ("a.yaml", "b.yaml"):
        reader.read(parse_document("schema: Customer\nrecords: [{PersonalId: x}]", name), name)

    found = "A record with this PersonalId and PersonalIdTypeId and PersonalIdTypeExtRef stands already at a.yaml:2:11."
    assert texts(reader.faults) == [f"b.yaml:2:11: {found} Change one of the two, or remove it."]


def test_key_of_every_operation_that_returns_the_component_is_wanted() -> None:
    reader = read('schema: Order\nrecords:\n- Number: "1"\n- Customer: a', ORDERS)

    assert texts(reader.faults) == [
        "f.yaml:3:3: Customer is missing, and the parameter name selects by it. Add it.",
        "f.yaml:4:3: Number is missing, and the parameter number selects by it. Add it.",
    ]


NESTED: list[tuple[str, str]] = [
    ("Lines: [a, 5]", '3:41: Lines.1 is 5, not a valid string. Quote it, or leading zeros and digits are lost: "5".'),
    ("Address: {}", f"3:39: Address.Town is missing, the contract requires it. {CHANGE}"),
    ("Flags: [true, 5]", f"3:44: Flags.1 is 5, not a valid boolean. {CHANGE}"),
    ("Lines: [a, [5]]", f"3:41: Lines.1 is [5], not a valid string. {CHANGE}"),
    (
        "Address: {Town: 5}",
        '3:46: Address.Town is 5, not a valid string. Quote it, or leading zeros and digits are lost: "5".',
    ),
]


@pytest.mark.parametrize(("member", "expected"), NESTED)
def test_breach_is_placed_inside_lists_and_objects(member: str, expected: str) -> None:
    reader = read(f'schema: Order\nrecords:\n- {{Number: "1", Customer: a, {member}}}', ORDERS)

    assert texts(reader.breaches) == [f"f.yaml:{expected}"]


def test_operation_without_parameters_has_one_record() -> None:
    reader = read("schema: Status\nrecords:\n- {Load: 1}\n- {Load: 2}", ORDERS)

    assert texts(reader.faults) == [
        "f.yaml:4:3: A record with this schema stands already at f.yaml:3:3. Change one of the two, or remove it."
    ]
    assert reader.breaches == []


def test_contract_without_records_takes_none() -> None:
    reader = read("schema: Customer\nrecords: [{PersonalId: a}]", NO_RECORDS)

    assert texts(reader.faults) == ["f.yaml:1:9: No operation returns a 'Customer'. Write answers instead."]
