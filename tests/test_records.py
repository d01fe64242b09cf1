"""Look-up of records: the rules as rows, the index against a plain reading of them, and how much work it does."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.contract import Arguments, Operation
from mockserver.documents import Json
from mockserver.openapi import load_contract
from mockserver.records import Record, RecordIndex

OPERATION = load_contract(Path(__file__).parents[1] / "openapi.yaml").operations[0]
repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=1000)


def record(line: int = 1, **members: Json) -> Record:
    return Record("Customer", members, "fixtures/customers.yaml", line, dict.fromkeys(members, line + 1))


def arguments(id: str = "1", idType: int = 0, idTypeExtRef: str = "") -> Arguments:  # noqa: A002, N803  # the contract's names
    return {"id": id, "idType": idType, "idTypeExtRef": idTypeExtRef}


def find_naively(operation: Operation, records: Iterable[Record], asked: Arguments) -> Record | None:
    """The rules of the contract, one record after the other."""
    matching = [each for each in records if matches(operation, each, asked)]
    return min(matching, key=lambda each: rank(operation, each, asked), default=None)


def rank(operation: Operation, candidate: Record, asked: Arguments) -> tuple[int, int]:
    """What it gives of that which was asked for, then what it gives at all: more comes first."""
    given = [each for each in operation.filters if each.member in candidate.members]
    return -sum(each.restricts(asked[each.parameter]) for each in given), -len(given)


def matches(operation: Operation, candidate: Record, asked: Arguments) -> bool:
    for selector in operation.selectors:
        wanted = asked[selector.parameter]
        if selector.is_key or (selector.restricts(wanted) and selector.member in candidate.members):
            found = candidate.members.get(selector.member)
            if type(found) is not type(wanted) or found != wanted:
                return False
    return True


def count_calls(index: RecordIndex, asked: Arguments) -> int:
    """The functions, of Python and of C, that one look-up calls."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    # The collector calls back whoever has asked it to, at times that have nothing to do with the look-up.
    gc.disable()
    sys.setprofile(count)
    try:
        index.find(asked)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


LEFT_OUT = record(10, PersonalId="1")
FIRST_TYPE = record(20, PersonalId="1", PersonalIdTypeId=1)
SECOND_TYPE = record(30, PersonalId="1", PersonalIdTypeId=2)
NO_TYPE = record(40, PersonalId="1", PersonalIdTypeId=0)
NULL_TYPE = record(50, PersonalId="1", PersonalIdTypeId=None)
REFERENCE = record(60, PersonalId="1", PersonalIdTypeExtRef="PASSPORT")
EMPTY_REFERENCE = record(70, PersonalId="1", PersonalIdTypeExtRef="")
BOTH = record(80, PersonalId="1", PersonalIdTypeId=2, PersonalIdTypeExtRef="PASSPORT")
OTHER = record(90, PersonalId="2")

LOOK_UPS: list[tuple[str, list[Record], Arguments, Record | None]] = [
    ("no records", [], arguments(), None),
    ("another id", [OTHER], arguments(), None),
    ("the same id", [OTHER, LEFT_OUT], arguments(), LEFT_OUT),
    ("case counts", [record(PersonalId="a")], arguments("A"), None),
    ("no form is normalized", [record(PersonalId="e\u0301")], arguments("\u00e9"), None),
    ("leading zeros count", [record(PersonalId="01")], arguments("1"), None),
    ("left out matches any type", [LEFT_OUT], arguments(idType=7), LEFT_OUT),
    ("left out matches any reference", [LEFT_OUT], arguments(idTypeExtRef="X"), LEFT_OUT),
    ("left out matches both", [LEFT_OUT], arguments(idType=7, idTypeExtRef="X"), LEFT_OUT),
    ("the type asked for", [FIRST_TYPE, SECOND_TYPE], arguments(idType=2), SECOND_TYPE),
    ("a type that none has", [FIRST_TYPE, SECOND_TYPE], arguments(idType=3), None),
    ("type 0 restricts nothing", [FIRST_TYPE, SECOND_TYPE], arguments(), FIRST_TYPE),
    ("a record of type 0 is not any type", [NO_TYPE], arguments(idType=1), None),
    ("null is not any type", [NULL_TYPE], arguments(idType=1), None),
    ("null is found where nothing restricts", [NULL_TYPE], arguments(), NULL_TYPE),
    ("the reference asked for", [LEFT_OUT, REFERENCE], arguments(idTypeExtRef="PASSPORT"), REFERENCE),
    ("the case of a reference counts", [REFERENCE], arguments(idTypeExtRef="passport"), None),
    ("an empty reference is not any", [EMPTY_REFERENCE], arguments(idTypeExtRef="PASSPORT"), None),
    ("a blank reference restricts nothing", [REFERENCE], arguments(), REFERENCE),
    ("both must hold", [BOTH], arguments(idType=1, idTypeExtRef="PASSPORT"), None),
    ("both hold", [BOTH], arguments(idType=2, idTypeExtRef="PASSPORT"), BOTH),
    ("giving it comes before leaving it out", [LEFT_OUT, SECOND_TYPE], arguments(idType=2), SECOND_TYPE),
    ("also where nothing restricts", [LEFT_OUT, SECOND_TYPE], arguments(), SECOND_TYPE),
    ("also with null", [LEFT_OUT, NULL_TYPE], arguments(), NULL_TYPE),
    ("two given before one", [LEFT_OUT, SECOND_TYPE, BOTH], arguments(idType=2), BOTH),
    ("what matches not is passed over", [LEFT_OUT, FIRST_TYPE], arguments(idType=2), LEFT_OUT),
    ("giving what is asked for before another", [REFERENCE, SECOND_TYPE], arguments(idType=2), SECOND_TYPE),
    ("of equals the first in file order", [SECOND_TYPE, REFERENCE], arguments(), SECOND_TYPE),
    ("of equals the first the other way", [REFERENCE, SECOND_TYPE], arguments(), REFERENCE),
    ("of twins the first", [LEFT_OUT, record(11, PersonalId="1")], arguments(), LEFT_OUT),
    ("text is no number", [record(PersonalId="1", PersonalIdTypeId="2")], arguments(idType=2), None),
]


@pytest.mark.parametrize(("records", "asked", "expected"), [row[1:] for row in LOOK_UPS], ids=[r[0] for r in LOOK_UPS])
def test_record_is_looked_up_by_the_rules(records: list[Record], asked: Arguments, expected: Record | None) -> None:
    found = RecordIndex(OPERATION, records).find(asked)

    assert found is expected


TYPE_IDS = st.sampled_from([None, 0, 1, 2])
REFERENCES = st.sampled_from([None, "", "N", "P"])
RECORDS = st.fixed_dictionaries(
    {"PersonalId": st.sampled_from(["a", "b"])},
    optional={"PersonalIdTypeId": TYPE_IDS, "PersonalIdTypeExtRef": REFERENCES},
)
ASKED = st.builds(
    arguments,
    id=st.sampled_from(["a", "b", "A"]),
    idType=st.integers(0, 3),
    idTypeExtRef=st.sampled_from(["", "N", "P", "n"]),
)


@repeatable
@given(st.lists(RECORDS, max_size=12), ASKED)
def test_index_finds_what_a_plain_search_finds(members: list[dict[str, Json]], asked: Arguments) -> None:
    records = [record(line, **each) for line, each in enumerate(members)]

    found = RecordIndex(OPERATION, records).find(asked)

    assert found is find_naively(OPERATION, records, asked)


def all_different(count: int) -> list[Record]:
    return [record(line, PersonalId=str(line)) for line in range(count)]


def one_id_many_types(count: int) -> list[Record]:
    return [record(line, PersonalId="1", PersonalIdTypeId=line) for line in range(count)]


def all_the_same(count: int) -> list[Record]:
    return [record(line, PersonalId="1", PersonalIdTypeId=1, PersonalIdTypeExtRef="N") for line in range(count)]


@pytest.mark.parametrize("make", [all_different, one_id_many_types, all_the_same])
@pytest.mark.parametrize("asked", [arguments(), arguments(idType=1), arguments(idTypeExtRef="X"), arguments("none")])
def test_ten_thousand_records_cost_no_more_than_ten(make: Callable[[int], list[Record]], asked: Arguments) -> None:
    few, many = RecordIndex(OPERATION, make(10)), RecordIndex(OPERATION, make(10_000))

    calls = count_calls(many, asked)

    assert calls == count_calls(few, asked)
    assert calls < 50


def test_source_is_the_file_and_line_of_the_record() -> None:
    assert LEFT_OUT.source == "fixtures/customers.yaml:10"


def test_source_of_a_member_is_its_line() -> None:
    assert LEFT_OUT.source_of("PersonalId") == "fixtures/customers.yaml:11"


def test_source_of_a_member_left_out_is_the_record() -> None:
    assert LEFT_OUT.source_of("Sex") == "fixtures/customers.yaml:10"
