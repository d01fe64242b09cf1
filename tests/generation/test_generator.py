"""Generated records: repeatable, independent, and valid against their schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.problems import StartError
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator, find_gaps

ROOT = Path(__file__).parents[2]
CUSTOMER: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))["components"]["schemas"][
    "Customer"
]
MEMBERS = tuple(CUSTOMER["properties"])
VALIDATOR = jsonschema_rs.Draft202012Validator(CUSTOMER)
LOCALES = (
    *("en_US", "en_AU", "de_DE", "fr_FR", "he_IL", "zh_CN", "ja_JP"),
    *("ar_SA", "ru_RU", "hi_IN", "th_TH", "el_GR", "tr_TR"),
)
BLUEPRINT = Blueprint(CUSTOMER)
GOLDEN_SEED = Generator(seed="golden")
repeatable = settings(derandomize=True, database=None, deadline=None)

GOLDEN = {
    "42": (
        '{"CustomerId": 4096460, "PersonalId": "42", "PersonalIdTypeId": 1, '
        '"PersonalIdTypeExtRef": "NATIONAL-ID", "FirstName": "Yvette", "LastName": "Camacho", '
        '"Email": "yvette.camacho7@example.org", "TelNumber1": "001-559-349-2956", '
        '"TelNumber2": "+1-857-589-4624x41333", "DOB": "1960-06-17T00:00:00+10:00", "Sex": 2, '
        '"Notes": null, "ExtRef": null, "NotificationConsent": true, "IsActive": true, '
        '"CustomProperties": {}}'
    ),
    "100200300": (
        '{"CustomerId": 9949229, "PersonalId": "100200300", "PersonalIdTypeId": 3, '
        '"PersonalIdTypeExtRef": null, "FirstName": "Heather", "LastName": "Herrera", '
        '"Email": "heatherherrera@example.com", "TelNumber1": "341-648-5541x2842", '
        '"TelNumber2": null, "DOB": "1956-11-13T00:00:00+10:00", "Sex": 0, '
        '"Notes": "Paid at the counter, receipt handed over.", "ExtRef": null, '
        '"NotificationConsent": false, "IsActive": true, '
        '"CustomProperties": {"InterpreterNeeded": "no", "PreferredLanguage": "he"}}'
    ),
    "דנה \u0001😀": (
        '{"CustomerId": 1004597, "PersonalId": "\\u05d3\\u05e0\\u05d4 \\u0001\\ud83d\\ude00", '
        '"PersonalIdTypeId": 1, "PersonalIdTypeExtRef": null, "FirstName": "Rita", '
        '"LastName": "West", "Email": "west.rita@example.com", "TelNumber1": "998-650-0120x820", '
        '"TelNumber2": "456.800.4531x98286", "DOB": "1997-05-28T00:00:00+10:00", "Sex": 2, '
        '"Notes": null, "ExtRef": "CRM-498119", "NotificationConsent": true, "IsActive": true, '
        '"CustomProperties": {}}'
    ),
}

IN_A_FRESH_PROCESS = """
import json, sys, yaml
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator
schema = yaml.safe_load(open("openapi.yaml", encoding="utf-8"))["components"]["schemas"]["Customer"]
make = Generator(seed="golden").generate
for id in reversed(json.loads(sys.argv[1])):
    print(json.dumps(make("Customer", Blueprint(schema), {"PersonalId": id}, {"PersonalId": id})))
"""

WITHOUT_FAKER = """
import json, sys, yaml
from mockserver.generation.blueprints import Blueprint
from mockserver.generation.generator import Generator, find_gaps
schema = yaml.safe_load(open("openapi.yaml", encoding="utf-8"))["components"]["schemas"]["Customer"]
gaps = find_gaps(schema)
Generator(seed="1", locale="de_DE").generate("Customer", Blueprint(schema), {}, dict.fromkeys(schema["properties"]))
print(gaps, "faker" in sys.modules)
"""


def make_customer(personal_id: str, generator: Generator = GOLDEN_SEED, **known: object) -> dict[str, Any]:
    identity = {"PersonalId": personal_id}
    return generator.generate("Customer", BLUEPRINT, identity, {**identity, **known})


def run_python(code: str, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": "4242"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


# Repeatable


@pytest.mark.parametrize("personal_id", GOLDEN)
def test_record_stays_the_same_byte_for_byte(personal_id: str) -> None:
    record = make_customer(personal_id)

    assert json.dumps(record) == GOLDEN[personal_id]


def test_another_process_makes_the_same_records() -> None:
    output = run_python(IN_A_FRESH_PROCESS, json.dumps(list(GOLDEN)))

    assert output.splitlines() == [*reversed(GOLDEN.values())]


def test_eight_threads_make_the_same_records() -> None:
    ids = [str(number % 1000) for number in range(4000)]
    shared, blueprint = Generator(seed="threads"), Blueprint(CUSTOMER)
    alone = Generator(seed="threads")
    expected = {each: make_customer(each, alone) for each in dict.fromkeys(ids)}

    with ThreadPoolExecutor(8) as pool:
        records = list(
            pool.map(
                lambda each: shared.generate("Customer", blueprint, {"PersonalId": each}, {"PersonalId": each}), ids
            )
        )

    assert records == [expected[each] for each in ids]


def test_complete_records_need_no_faker() -> None:
    output = run_python(WITHOUT_FAKER)

    assert output == "() False\n"


@pytest.mark.parametrize(
    ("seed", "component", "identity"),
    [
        ("other", "Customer", {"PersonalId": "42"}),
        ("golden", "Client", {"PersonalId": "42"}),
        ("golden", "Customer", {"PersonalId": 42}),
        ("golden", "Customer", {"PersonalId": "42", "More": None}),
    ],
)
def test_another_origin_gives_another_person(seed: str, component: str, identity: dict[str, object]) -> None:
    other = Generator(seed=seed).generate(component, BLUEPRINT, identity, {})

    known = make_customer("42")
    assert (other["LastName"], other["DOB"]) != (known["LastName"], known["DOB"])


def test_seed_of_a_generator_can_be_changed() -> None:
    other = Generator(seed="other", utc_offset="-03:30")

    expected = make_customer("42", Generator(seed="golden", utc_offset="-03:30"))
    assert make_customer("42", other.with_seed("golden")) == expected
    assert other.seed == "other"


def test_order_of_the_identity_does_not_matter() -> None:
    generator = Generator(seed="order")

    one = generator.generate("Customer", BLUEPRINT, {"a": 1, "b": 2}, {})
    other = generator.generate("Customer", BLUEPRINT, {"b": 2, "a": 1}, {})

    assert one == other


def test_a_thousand_ids_give_different_persons() -> None:
    generator = Generator(seed="crowd")

    crowd = [make_customer(str(number), generator) for number in range(1000)]

    assert len({(person["FirstName"], person["LastName"], person["DOB"]) for person in crowd}) > 998
    assert len({person["CustomerId"] for person in crowd}) > 990


# Given members


@pytest.mark.parametrize("member", [name for name in MEMBERS if name not in ("Sex", "FirstName", "LastName")])
def test_given_member_changes_no_other(member: str) -> None:
    expected = make_customer("42")

    record = make_customer("42", GOLDEN_SEED, **{member: "given"})

    assert record == {**expected, member: "given"}


@pytest.mark.parametrize(
    ("member", "value", "followers"),
    [
        ("Sex", 1, {"FirstName", "Email"}),
        ("FirstName", "Zoe", {"Email"}),
        ("LastName", "Zimmermann", {"Email"}),
    ],
)
def test_dependent_members_follow_a_given_one(member: str, value: object, followers: set[str]) -> None:
    before = make_customer("42")

    after = make_customer("42", GOLDEN_SEED, **{member: value})

    assert {name for name in MEMBERS if before[name] != after[name]} == {member, *followers}


def test_added_member_changes_no_other() -> None:
    wider = {**CUSTOMER, "properties": {"Added": {"type": "string"}, **CUSTOMER["properties"]}}

    record = GOLDEN_SEED.generate("Customer", Blueprint(wider), {"PersonalId": "42"}, {"PersonalId": "42"})

    assert record == {"Added": record["Added"], **make_customer("42")}


def test_members_stand_in_order_and_others_last() -> None:
    record = make_customer("42", Second=2, Sex=0, First=1)

    assert tuple(record) == (*MEMBERS, "Second", "First")


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.text(st.characters())
    | st.sampled_from(["王小明", "Ελένη", "\ud800", "😀" * 200, date(2020, 1, 1), object()]),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


@repeatable
@given(st.dictionaries(st.sampled_from([*MEMBERS, "Extra"]), junk))
def test_odd_given_values_break_no_other(values: dict[str, object]) -> None:
    known = make_customer("42")

    record = GOLDEN_SEED.generate("Customer", BLUEPRINT, {"PersonalId": "junk"}, values)

    assert all(record[name] is value for name, value in values.items())
    VALIDATOR.validate({name: known[name] if name in values else record[name] for name in MEMBERS})


# Valid against the schema


@repeatable
@given(
    st.text(max_size=15),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.text(),
)
def test_record_of_any_identity_is_valid(personal_id: str, id_type: int | None, reference: str | None) -> None:
    record = make_customer(personal_id, PersonalIdTypeId=id_type, PersonalIdTypeExtRef=reference)

    VALIDATOR.validate(record)
    assert tuple(record) == MEMBERS
    assert datetime.fromisoformat(record["DOB"]).isoformat() == record["DOB"]


def test_thousands_of_records_are_valid() -> None:
    generator = Generator(seed="many")

    records = (make_customer(str(number), generator) for number in range(5000))

    assert [record for record in records if not VALIDATOR.is_valid(record)] == []


@pytest.mark.parametrize("locale", [*LOCALES, "en_PH"])
def test_records_of_any_locale_are_valid(locale: str) -> None:
    generator = Generator(seed="locales", locale=locale)

    for number in range(200):
        record = make_customer(str(number), generator)
        VALIDATOR.validate(record)
        assert re.fullmatch(r"[a-z0-9]+(\.[a-z0-9]+)?@example\.(com|net|org)", record["Email"])
        assert record["FirstName"] == record["FirstName"].strip() != ""


# Settings


@pytest.mark.parametrize("offset", ["+10:00", "-03:30", "+00:00", "+14:00", "-14:00", "+13:59"])
def test_births_carry_the_offset(offset: str) -> None:
    record = make_customer("42", Generator(seed="golden", utc_offset=offset))

    assert record["DOB"] == f"1960-06-17T00:00:00{offset}"
    VALIDATOR.validate(record)


@pytest.mark.parametrize("offset", ["", "Z", "10:00", "+1:00", "+10", "+14:01", "-15:00", "+09:60", "+\u0661\u0660:00"])
def test_malformed_offset_is_refused(offset: str) -> None:
    with pytest.raises(StartError) as refusal:
        Generator(seed="", utc_offset=offset)

    assert str(refusal.value) == (
        f"utc_offset: {offset!r} is not an offset from UTC. "
        "Write +hh:mm or -hh:mm within -14:00 to +14:00, such as '+10:00'."
    )


@pytest.mark.parametrize(
    ("locale", "nearest"), [("de-DE", "de_DE"), ("en_UK", "en_US"), ("../person", "en_US"), ("", "en_US")]
)
def test_unknown_locale_is_refused(locale: str, nearest: str) -> None:
    with pytest.raises(StartError) as refusal:
        Generator(seed="", locale=locale)

    assert str(refusal.value) == (f"locale: Faker has no locale {locale!r}. Use one that it has, such as {nearest!r}.")


# Gaps


@pytest.mark.parametrize("schema", [CUSTOMER, {"type": "string"}])
def test_possible_members_leave_no_gaps(schema: dict[str, Any]) -> None:
    assert find_gaps(schema) == ()
