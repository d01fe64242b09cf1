"""When answers are given, as people write it: what becomes of it, and every fault with its place and its text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockserver.answers import Condition
from mockserver.contract import Operation
from mockserver.documents import Fault, Place, Scalar
from mockserver.json_documents import parse_json
from mockserver.openapi import load_contract, read_contract
from mockserver.parsing import parse_document
from mockserver.readers.condition_reader import RESERVED, ConditionReader, When

CUSTOMER = load_contract(Path(__file__).parents[1] / "openapi.yaml").operations[0]

SEARCH, RING, COUNT = read_contract(
    parse_document(
        """
        openapi: 3.1.0
        info: {title: Searches, version: "1"}
        paths:
          /Search:
            get:
              operationId: search
              parameters:
              - {name: isNew, in: query, schema: {type: boolean}}
              - {name: from, in: query, schema: {type: integer, format: int64}}
              responses: {"204": {description: d}}
          /Ring:
            get:
              operationId: ring
              parameters:
              - {name: call, in: query, schema: {type: string}}
              - {name: headers, in: query, schema: {type: boolean}}
              - {name: parameters, in: query, schema: {type: string}}
              responses: {"204": {description: d}}
          /Count:
            get:
              operationId: count
              responses: {"204": {description: d}}
        """,
        "contract.yaml",
    )
).operations


def read(text: str, operation: Operation = CUSTOMER) -> When:
    """What stands under `when` where it has no faults."""
    faults: list[Fault] = []
    when = ConditionReader(faults).read(parse_document(text, "f.yaml"), operation)
    assert faults == []
    return when


def find_faults(text: str, operation: Operation = CUSTOMER) -> list[str]:
    faults: list[Fault] = []
    ConditionReader(faults).read(parse_document(text, "f.yaml"), operation)
    return [str(fault) for fault in faults]


def test_answer_without_when_compares_nothing() -> None:
    faults: list[Fault] = []

    assert ConditionReader(faults).read(None, CUSTOMER) == When()
    assert (read("{}"), faults) == (When(), [])


def test_parameters_headers_and_call_are_compared_together() -> None:
    when = read("{id: a, headers: {X-Tenant: acme}, parameters: {idType: [1, 2]}, call: 3}")

    assert when == When((Condition("id", ("a",)), Condition("idType", (1, 2))), (Condition("x-tenant", ("acme",)),), 3)


# Parameters

CONDITIONS: list[tuple[str, tuple[Scalar, ...]]] = [
    ("id: a", ("a",)),
    ('id: "1"', ("1",)),
    ("id: [a]", ("a",)),
    ("id: [a, b]", ("a", "b")),
    ("id: null", (None,)),
    ("id: ", (None,)),
    ('id: ""', ("",)),
    ("id: 1984-03-12", ("1984-03-12",)),
    ("id: NO", ("NO",)),
    ("idType: 1", (1,)),
    ("idType: -2147483648", (-2147483648,)),
    ("idType: 2147483647", (2147483647,)),
    ('idTypeExtRef: ["", x, null]', ("", "x", None)),
]


@pytest.mark.parametrize(("written", "values"), CONDITIONS)
def test_condition_compares_values_of_the_type_of_its_parameter(written: str, values: tuple[Scalar, ...]) -> None:
    when = When((Condition(written.partition(":")[0], values),))

    assert read(f"{{{written}}}") == when
    assert read(f"{{parameters: {{{written}}}}}") == when


TYPED: list[tuple[str, list[Condition]]] = [
    (
        "{isNew: true, from: 9223372036854775807}",
        [Condition("isNew", (True,)), Condition("from", (9223372036854775807,))],
    ),
    (
        "{isNew: [true, false], from: -9223372036854775808}",
        [Condition("isNew", (True, False)), Condition("from", (-9223372036854775808,))],
    ),
]


@pytest.mark.parametrize(("text", "conditions"), TYPED)
def test_condition_compares_flags_and_long_numbers(text: str, conditions: list[Condition]) -> None:
    assert read(text, SEARCH) == When(tuple(conditions))


def test_condition_takes_a_regular_expression() -> None:
    assert read("{id: {matches: 'a[0-9]+'}}") == When((Condition("id", pattern=re.compile("a[0-9]+")),))


def test_enormous_list_is_taken() -> None:
    when = read(f"{{id: [{', '.join(f'a{number}' for number in range(20_000))}]}}")

    assert len(when.parameters[0].values) == 20_000


def test_parameter_with_the_name_of_a_key_is_written_below_parameters() -> None:
    when = read("{call: 2, parameters: {call: again, headers: true, parameters: x}, headers: {call: now}}", RING)

    conditions = (Condition("call", ("again",)), Condition("headers", (True,)), Condition("parameters", ("x",)))
    assert when == When(conditions, (Condition("call", ("now",)),), 2)


NUMBER = "Write a whole number of its range, without quotes."
COUNTED = "Write a whole number from 1 on, without quotes."
PARAMETERS = "Write parameters under it (id, idType, idTypeExtRef), each with its value."
NAMES = "Write their names and values under it."
SINGLE = "A single value is wanted here. Write text, a number, true, false or null."
PYTHON = "Write it as Python's re module has it."
NO_PATTERN = "This is no regular expression of Python:"

FAULTS: list[tuple[str, list[str]]] = [
    ("5", [f"1:1: when is 5. {PARAMETERS}"]),
    ("~", [f"1:1: when is null. {PARAMETERS}"]),
    ("[id]", [f'1:1: when is ["id"]. {PARAMETERS}']),
    ("{Id: a}", ["1:2: getCustomer has no parameter 'Id'; did you mean 'id'?"]),
    (
        "{colour: a}",
        [f"1:2: getCustomer has no parameter 'colour'. Write one of id, idType, idTypeExtRef, {', '.join(RESERVED)}."],
    ),
    ("{id: 5}", ['1:6: id is 5, which is no string. Quote it: "5".']),
    ("{id: 1.50}", ['1:6: id is 1.50, which is no string. Quote it: "1.50".']),
    ("{id: true}", ['1:6: id is true, which is no string. Quote it: "true".']),
    ("{id: [a, 5]}", ['1:10: id is 5, which is no string. Quote it: "5".']),
    ("{idType: '1'}", [f"1:10: idType is '1', which is no int32. {NUMBER}"]),
    ("{idType: 1.0}", [f"1:10: idType is 1.0, which is no int32. {NUMBER}"]),
    ("{idType: true}", [f"1:10: idType is true, which is no int32. {NUMBER}"]),
    ("{idType: }", [f"1:10: idType is null, which is no int32. {NUMBER}"]),
    ("{idType: 2147483648}", [f"1:10: idType is 2147483648, which is no int32. {NUMBER}"]),
    ("{idType: -2147483649}", [f"1:10: idType is -2147483649, which is no int32. {NUMBER}"]),
    ("{id: []}", ["1:6: An empty list is never met. Give the values to compare with."]),
    ("{id: [[a]]}", [f"1:7: {SINGLE}"]),
    ("{idType: [1, {a: 1}]}", [f"1:14: {SINGLE}"]),
    # Patterns
    ("{id: {}}", ["1:6: matches is missing. Add it."]),
    ("{id: {matches: 5}}", ['1:16: matches is no text. Quote it: "5".']),
    ("{id: {matches: }}", ["1:16: matches is no text. Write text."]),
    ("{id: {matches: a, flags: i}}", ["1:19: flags is not known here. Write one of matches."]),
    (
        "{id: {matches: '(a'}}",
        [f"1:16: {NO_PATTERN} missing ), unterminated subpattern at position 0. {PYTHON}"],
    ),
    ("{id: {matches: '(?<year>.)'}}", [f"1:16: {NO_PATTERN} unknown extension ?<y at position 1. {PYTHON}"]),
    ("{id: {matches: 'a{4294967296}'}}", [f"1:16: {NO_PATTERN} the repetition number is too large. {PYTHON}"]),
    ("{id: {matches: '[[:digit:]]'}}", [f"1:16: {NO_PATTERN} Possible nested set at position 1. {PYTHON}"]),
    # Below `parameters`
    ("{parameters: 5}", [f"1:14: parameters is 5. {NAMES}"]),
    ("{parameters: }", [f"1:14: parameters is null. {NAMES}"]),
    ("{parameters: [id]}", [f'1:14: parameters is ["id"]. {NAMES}']),
    ("{parameters: {Id: a}}", ["1:15: getCustomer has no parameter 'Id'; did you mean 'id'?"]),
    (
        "{parameters: {colour: a}}",
        ["1:15: getCustomer has no parameter 'colour'. Write one of id, idType, idTypeExtRef."],
    ),
    ("{parameters: {idType: a}}", [f"1:23: idType is 'a', which is no int32. {NUMBER}"]),
    ("{id: a, parameters: {id: a}}", ["1:22: id is compared twice. Keep one of the two."]),
    ("{parameters: {id: a, idType: 1}, idType: 1}", ["1:22: idType is compared twice. Keep one of the two."]),
    # Calls
    ("{call: 0}", [f"1:8: call is 0. {COUNTED}"]),
    ("{call: -1}", [f"1:8: call is -1. {COUNTED}"]),
    ("{call: 1.0}", [f"1:8: call is 1.0. {COUNTED}"]),
    ("{call: '3'}", [f"1:8: call is '3'. {COUNTED}"]),
    ("{call: true}", [f"1:8: call is true. {COUNTED}"]),
    ("{call: }", [f"1:8: call is null. {COUNTED}"]),
    ("{call: [1, 2]}", [f"1:8: call is [1, 2]. {COUNTED}"]),
    ("{header: {}}", ["1:2: getCustomer has no parameter 'header'; did you mean 'headers'?"]),
    ("{calls: 1}", ["1:2: getCustomer has no parameter 'calls'; did you mean 'call'?"]),
    # All at once
    (
        "{Id: a, idType: b, call: x, headers: {A B: c}}",
        [
            "1:2: getCustomer has no parameter 'Id'; did you mean 'id'?",
            f"1:17: idType is 'b', which is no int32. {NUMBER}",
            "1:39: The header 'A B' is no header name. Change or remove it.",
            f"1:26: call is 'x'. {COUNTED}",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS, ids=[row[0] for row in FAULTS])
def test_fault_names_place_finding_and_remedy(text: str, expected: list[str]) -> None:
    assert find_faults(text) == [f"f.yaml:{line}" for line in expected]


TYPE_FAULTS: list[tuple[str, str]] = [
    ("{isNew: 1}", "1:9: isNew is 1, which is no boolean. Write true or false, without quotes."),
    ("{isNew: 'true'}", "1:9: isNew is 'true', which is no boolean. Write true or false, without quotes."),
    ("{isNew: }", "1:9: isNew is null, which is no boolean. Write true or false, without quotes."),
    ("{from: 9223372036854775808}", f"1:8: from is 9223372036854775808, which is no int64. {NUMBER}"),
]


@pytest.mark.parametrize(("text", "expected"), TYPE_FAULTS)
def test_value_that_no_request_can_have_is_a_fault(text: str, expected: str) -> None:
    assert find_faults(text, SEARCH) == [f"f.yaml:{expected}"]


def test_key_of_when_is_no_parameter_even_where_one_is_called_so() -> None:
    assert find_faults("{call: again, headers: true, parameters: x}", RING) == [
        f"f.yaml:1:42: parameters is 'x'. {NAMES}",
        "f.yaml:1:24: headers is true. Write names and values under it, each with a colon.",
        f"f.yaml:1:8: call is 'again'. {COUNTED}",
    ]


NONE_KNOWN: list[tuple[str, str]] = [
    ("{parameters: {id: a}}", "1:15: count has no parameter 'id'. It has none."),
    ("{id: a}", f"1:2: count has no parameter 'id'. Write one of {', '.join(RESERVED)}."),
    ("5", f"1:1: when is 5. Write {', '.join(RESERVED[:2])} under it, each with its value."),
]


@pytest.mark.parametrize(("text", "expected"), NONE_KNOWN)
def test_operation_without_parameters_has_headers_and_calls_to_compare(text: str, expected: str) -> None:
    assert read("{headers: {X-A: b}, call: 1}", COUNT) == When((), (Condition("x-a", ("b",)),), 1)
    assert find_faults(text, COUNT) == [f"f.yaml:{expected}"]


def test_expression_that_nests_too_deep_is_a_fault() -> None:
    faults: list[Fault] = []

    ConditionReader(faults).read(parse_document(f"{{id: {{matches: '{'(' * 20_000}'}}}}", "f.yaml"), CUSTOMER)

    assert [fault.place for fault in faults] == [Place("f.yaml", 1, 16)]


# Headers

HEADERS: list[tuple[str, tuple[Condition, ...]]] = [
    ("{}", ()),
    ("{X-Tenant: acme}", (Condition("x-tenant", ("acme",)),)),
    ("{x-tenant: acme}", (Condition("x-tenant", ("acme",)),)),
    ("{X-TENANT: [acme, Acme]}", (Condition("x-tenant", ("acme", "Acme")),)),
    ("{X-A: a, X-B: b}", (Condition("x-a", ("a",)), Condition("x-b", ("b",)))),
    # A header that is not sent, or blank
    ("{X-A: null}", (Condition("x-a", (None,)),)),
    ("{X-A: }", (Condition("x-a", (None,)),)),
    ('{X-A: ""}', (Condition("x-a", ("",)),)),
    ("{X-A: [null, a]}", (Condition("x-a", (None, "a")),)),
    # A number stands for its text
    ("{X-A: 1.50}", (Condition("x-a", ("1.50",)),)),
    ("{X-A: [1, 2e3]}", (Condition("x-a", ("1", "2e3")),)),
    ('{X-A: "true"}', (Condition("x-a", ("true",)),)),
    ("{X-A: {matches: 'a|b'}}", (Condition("x-a", pattern=re.compile("a|b")),)),
    ('{"!#$%&\'*+.^_`|~09Az-": x}', (Condition("!#$%&'*+.^_`|~09az-", ("x",)),)),
]


@pytest.mark.parametrize(("text", "conditions"), HEADERS, ids=[row[0] for row in HEADERS])
def test_header_is_compared_by_its_name_in_any_case(text: str, conditions: tuple[Condition, ...]) -> None:
    assert read(f"{{headers: {text}}}") == When(headers=conditions)


NO_HEADERS = "Write names and values under it, each with a colon."
NO_NAME = "is no header name. Change or remove it."

HEADER_FAULTS: list[tuple[str, list[str]]] = [
    ("5", [f"1:11: headers is 5. {NO_HEADERS}"]),
    ("", [f"1:11: headers is null. {NO_HEADERS}"]),
    ("[X-A]", [f'1:11: headers is ["X-A"]. {NO_HEADERS}']),
    ("{A B: c}", [f"1:12: The header 'A B' {NO_NAME}"]),
    ("{'': c}", [f"1:12: The header '' {NO_NAME}"]),
    ("{'X-A:': c}", [f"1:12: The header 'X-A:' {NO_NAME}"]),
    ("{Ä: c}", [f"1:12: The header 'Ä' {NO_NAME}"]),
    ('{"A\\nB": c}', [f"1:12: The header 'A\\nB' {NO_NAME}"]),
    ("{X-A: a, x-a: b}", ["1:20: The header 'x-a' is compared twice. Change or remove it."]),
    ("{X-A: true}", ['1:17: The header X-A is true, which is no text. Quote it: "true".']),
    ("{X-A: [a, False]}", ['1:21: The header X-A is false, which is no text. Quote it: "False".']),
    ("{X-A: []}", ["1:17: An empty list is never met. Give the values to compare with."]),
    ("{X-A: [[a]]}", [f"1:18: {SINGLE}"]),
    (
        "{X-A: {match: a}}",
        ["1:18: match is not known here; did you mean 'matches'?", "1:17: matches is missing. Add it."],
    ),
    (
        "{X-A: {matches: '('}}",
        [f"1:27: {NO_PATTERN} missing ), unterminated subpattern at position 0. {PYTHON}"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), HEADER_FAULTS, ids=[row[0] for row in HEADER_FAULTS])
def test_header_that_cannot_be_compared_is_a_fault(text: str, expected: list[str]) -> None:
    assert find_faults(f"{{headers: {text}}}") == [f"f.yaml:{line}" for line in expected]


def test_json_is_compared_as_yaml_is() -> None:
    faults: list[Fault] = []
    text = '{"id": "a", "idType": 1, "call": 2, "headers": {"X-A": [1.5, null], "X-B": true, "A/B": 1}}'

    when = ConditionReader(faults).read(parse_json(text), CUSTOMER)

    conditions = (Condition("id", ("a",)), Condition("idType", (1,)))
    assert when == When(conditions, (Condition("x-a", ("1.5", None)), Condition("x-b", (True,))), 2)
    assert [str(fault) for fault in faults] == [
        '#/headers/X-B: The header X-B is true, which is no text. Quote it: "true".',
        "#/headers/A~1B: The header 'A/B' is no header name. Change or remove it.",
    ]


# Counts


@pytest.mark.parametrize("count", [1, 2, 10**30])
def test_count_is_a_whole_number_from_1_on(count: int) -> None:
    reader = ConditionReader([])

    assert reader.read_count(parse_document(str(count), "f.yaml"), "times") == count
    assert (reader.read_count(None, "times"), reader.faults) == (None, [])


@pytest.mark.parametrize("text", ["0", "-2", "1.5", "true", "'1'", "[1]", "many", "~"])
def test_any_other_count_is_a_fault(text: str) -> None:
    reader = ConditionReader([])

    assert reader.read_count(parse_document(text, "f.yaml"), "times") is None
    shown = {"[1]": "[1]", "many": "'many'", "~": "null"}.get(text, text)
    assert [str(fault) for fault in reader.faults] == [f"f.yaml:1:1: times is {shown}. {COUNTED}"]
