"""Where records come from: fixtures or the generator, as asked and as set; and how each is completed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import pytest
from marshmallow import Schema, fields, validate

from mockserver.fixtures.records import Record
from mockserver.http.messages import Reply
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema
from mockserver.state.sessions import Session
from tests.support.contracts import THINGS
from tests.support.plans import HOST, KNOWN, NOBODY, STRANGER, VARY, ask, load_planner, read, summarize, tell
from tests.support.stubs import load_stub

Planners = Mapping[str, Planner]


@pytest.fixture(scope="module")
def planners(tmp_path_factory: pytest.TempPathFactory) -> Planners:
    """A planner for each setting of `source`."""
    folder = tmp_path_factory.mktemp("planners")
    return {source: load_planner(folder, source=source) for source in ("auto", "fixtures", "generated")}


def identify(plan: Plan) -> tuple[object, ...]:
    body = read(plan)
    return tuple(body[name] for name in ("PersonalId", "PersonalIdTypeId", "PersonalIdTypeExtRef"))


RECORD, GENERATED, NONE = "record", "generated", "no record"


@pytest.mark.parametrize(
    ("target", "auto", "fixtures", "generated"),
    [
        *((f"{KNOWN}{query}", RECORD, RECORD, GENERATED) for query in ("", "?idType=9")),
        ("/Customers/typed?idType=1", RECORD, RECORD, GENERATED),
        *((f"/Customers/typed?{query}", GENERATED, NONE, GENERATED) for query in ("idType=2", "idTypeExtRef=card")),
        ("/Customers/typed?idType=1&idTypeExtRef=X", GENERATED, NONE, GENERATED),
        *(("/Customers/TYPED", GENERATED, NONE, GENERATED), (STRANGER, GENERATED, NONE, GENERATED)),
        (NOBODY, NONE, NONE, NONE),
        ("/Customers/answered", *["answer teapot"] * 3),
        # An answer is given for an id that nobody can have.
        *(("/Customers/%20?idType=1", *["answer void"] * 3), ("/Customers/" + "x" * 31, *["answer long"] * 3)),
    ],
)
def test_setting_decides_where_records_come_from(
    planners: Planners, target: str, auto: str, fixtures: str, generated: str
) -> None:
    sources = [tell(ask(planners[each], target).source) for each in ("auto", "fixtures", "generated")]

    assert sources == [auto, fixtures, generated]


@pytest.mark.parametrize(
    ("prefer", "target", "auto", "fixtures", "generated"),
    [
        *(("dynamic=true", target, *[GENERATED] * 3) for target in (KNOWN, STRANGER, "/Customers/answered")),
        ("dynamic=true", NOBODY, *[NONE] * 3),
        *(("dynamic=false", KNOWN, *[RECORD] * 3), ("dynamic=false", STRANGER, *[NONE] * 3)),
        # A status always has a record.
        *(("code=200", KNOWN, RECORD, RECORD, GENERATED), ("code=200", STRANGER, *[GENERATED] * 3)),
        *(("code=200, dynamic=true", KNOWN, *[GENERATED] * 3), ("code=200, dynamic=false", KNOWN, *[RECORD] * 3)),
        ("code=200, dynamic=false", STRANGER, *[GENERATED] * 3),
    ],
)
def test_preference_decides_before_the_setting(
    planners: Planners, prefer: str, target: str, auto: str, fixtures: str, generated: str
) -> None:
    plans = [ask(planners[each], target, prefer) for each in ("auto", "fixtures", "generated")]

    assert [tell(plan.source) for plan in plans] == [auto, fixtures, generated]
    assert all(read(plan).get("FirstName") == "Ada" for plan in plans if plan.source.kind == RECORD)


@pytest.mark.parametrize(
    ("prefer", "target", "source", "name"),
    [
        *((prefer, KNOWN, "record known run-time:1", "Zed") for prefer in ("", "dynamic=false", "code=200")),
        ("dynamic=true", KNOWN, "generated", None),
        ("dynamic=false", "/Customers/new", "record new run-time:2", "New"),
        # A record of the session comes before one of the files that has more filters.
        ("", "/Customers/typed?idType=1&idTypeExtRef=CARD", "record typed run-time:3", "Any"),
        # What only a mistake sends can have a record of its own.
        ("", "/Customers/undefined", "record undefined run-time:4", "Nobody"),
        ("", "/Customers/answered", "answer teapot files/all.yaml:10", None),
    ],
)
@pytest.mark.parametrize("setting", ["auto", "fixtures", "generated"])
def test_records_of_a_session_come_first(
    planners: Planners, setting: str, prefer: str, target: str, source: str, name: str | None
) -> None:
    session = Session()
    rows = [("known", "Zed"), ("new", "New"), ("typed", "Any"), ("undefined", "Nobody"), ("answered", "x")]
    session.add_records(
        [
            Record("Customer", {"PersonalId": key, "FirstName": first}, "run-time", line, {}, key)
            for line, (key, first) in enumerate(rows, 1)
        ]
    )

    plan = ask(planners[setting], target, prefer, session)

    assert str(plan.source) == source
    assert name is None or read(plan)["FirstName"] == name


def test_record_of_a_session_keeps_the_identity_of_the_request(planner: Planner) -> None:
    session = Session()
    session.add_records([Record("Customer", {"PersonalId": "stranger", "Sex": 1}, "run-time", 0, {}, "stranger")])

    plans = [ask(planner, f"{STRANGER}?idType=7", session=each) for each in (session, None)]

    bodies = [read(plan) for plan in plans]
    assert (bodies[0]["Sex"], identify(plans[0])) == (1, ("stranger", 7, ""))
    assert {name for name in bodies[0] if bodies[0][name] != bodies[1][name]} <= {"Sex", "FirstName", "Email"}


def test_source_names_the_place_of_a_record(planner: Planner) -> None:
    assert str(ask(planner).source) == "record files/all.yaml:3"


@pytest.mark.parametrize("text", ["\t\n", "\u3000", "é" * 31, "😀" * 15 + "x", "😀" * 16])
def test_id_that_nobody_can_have_is_not_found(planners: Planners, text: str) -> None:
    plans = [ask(each, f"/Customers/{quote(text)}") for each in planners.values()]

    # White space is blank, which an answer of the fixtures is for.
    is_blank = not text.strip()
    if is_blank:
        assert [tell(plan.source) for plan in plans] == ["answer void"] * 3
    else:
        told = {
            "fixtures": (("X-Mock-Hint", "No record fits the request, and none is generated: --source is fixtures."),)
        }
        replies = [Reply(404, (*HOST, VARY, ("X-Mock-Source", NONE), *told.get(each, ()))) for each in planners]
        assert [(plan.reply, plan.source) for plan in plans] == [(each, Source(NONE)) for each in replies]


BLUNDERS = ("undefined", "null", "NaN", "None", "[object Object]", "{id}")


def hint_blunder(text: str, parameter: str = "id") -> str:
    finding = f"{parameter} is {text!r}, which looks like a mistake of the caller, so nothing is generated for it"
    return f"{finding}; write a record or an answer for it, or ask with __dynamic=true."


@pytest.mark.parametrize("text", BLUNDERS)
def test_id_that_only_a_mistake_sends_is_not_found(planners: Planners, text: str) -> None:
    plans = [ask(each, f"/Customers/{quote(text)}{query}") for each in planners.values() for query in ("", "?idType=1")]

    hint = hint_blunder(text)
    reply = Reply(404, (*HOST, VARY, ("X-Mock-Source", NONE), ("X-Mock-Hint", hint)))
    assert [(plan.reply, plan.source, plan.hints) for plan in plans] == [(reply, Source(NONE), (hint,))] * 6


@pytest.mark.parametrize(
    ("prefer", "expected"),
    [
        ("dynamic=true", (200, GENERATED, "dynamic=true")),
        ("dynamic=false", (404, NONE, "dynamic=false")),
        ("code=200", (200, GENERATED, "code=200")),
        ("edge=emoji", (200, "edge emoji", "edge=emoji")),
        ("example=found", (200, "example found", "example=found")),
        ("seed=7", (404, NONE, None)),
        ("delay=1", (404, NONE, "delay=1")),
    ],
)
def test_choice_is_given_for_a_mistaken_id(planner: Planner, prefer: str, expected: tuple[int, str, str]) -> None:
    plan = ask(planner, "/Customers/undefined", prefer)

    assert summarize(plan) == expected
    assert plan.hints == ((hint_blunder("undefined"),) if plan.reply.status == 404 else ())


@pytest.mark.parametrize("text", BLUNDERS)
def test_what_is_written_for_a_mistaken_id_is_given(tmp_path: Path, text: str) -> None:
    record = f"schema: Customer\nrecords: [{{PersonalId: {text!r}, FirstName: Ada}}]\nanswers:\n"
    answer = f"- {{name: a, operation: getCustomer, when: {{id: {text!r}, idType: 2}}, reply: {{status: 409}}}}\n"
    decoration = "- {name: b, operation: getCustomer, when: {idType: 3}, reply: {headers: {X-A: b}}}\n"
    planner = load_planner(tmp_path, record + answer + decoration)

    plans = [ask(planner, f"/Customers/{quote(text)}?idType={number}") for number in (1, 2, 3)]

    assert [(tell(plan.source), plan.hints) for plan in plans] == [
        *((RECORD, ()), ("answer a", ()), ("record + answer b", ())),
    ]


@pytest.mark.parametrize(
    ("text", "parameter", "is_found"),
    [
        *(("undefined", "code", False), ("{code}", "code", False), ("{id}", "code", False), ("{Code}", "code", True)),
        ("{code}", "id", True),
    ],
)
def test_key_of_any_operation_is_looked_at(tmp_path: Path, text: str, parameter: str, is_found: bool) -> None:
    contract = tmp_path / "things.yaml"
    contract.write_text(THINGS.replace("{id}", f"{{{parameter}}}").replace("name: id", f"name: {parameter}"), "utf-8")
    planner = load_planner(tmp_path, "answers: []", contract=contract, schemas={"Thing": ThingSchema})

    plan = ask(planner, f"/API/things/{quote(text)}")

    assert plan.hints == (() if is_found else (hint_blunder(text, parameter),))


def test_example_with_a_mistaken_id_is_generated(tmp_path: Path) -> None:
    contract = tmp_path / "things.yaml"
    example = "schema: {type: string}, examples: {odd: {value: undefined}}"
    contract.write_text(THINGS.replace("schema: {type: string}", example, 1), "utf-8")
    planner = load_planner(tmp_path, "answers: []", contract=contract, schemas={"Thing": ThingSchema})

    plans = [ask(planner, "/API/things/undefined", prefer) for prefer in (None, "example=odd")]

    assert [tell(plan.source) for plan in plans] == [NONE, GENERATED]


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 30, "😀" * 15, "é" * 30, "0", "a b", "\x00", "%", "..x"),
        *("Undefined", "NULL", "nan", "none", " null", "[object Object", "{Id}", "{}", "undefined1", "%7Bid%7D"),
    ],
)
def test_any_other_id_is_returned_as_personal_id(planner: Planner, text: str) -> None:
    plan = ask(planner, f"/Customers/{quote(text)}")

    assert (tell(plan.source), identify(plan)) == (GENERATED, (text, 0, ""))


@pytest.mark.parametrize(
    ("query", "id_type", "reference"),
    [
        *(("", 0, ""), ("idType=0", 0, ""), ("idType=7", 7, ""), ("idType=-2147483648", -2147483648, "")),
        *(("idType=0x1F", 31, ""), ("idTypeExtRef=a%20b", 0, "a b"), ("idTypeExtRef=%20", 0, "")),
        ("idType=7&idTypeExtRef=%D7%A9", 7, "ש"),
    ],
)
@pytest.mark.parametrize("name", ["known", "stranger"])
def test_id_type_comes_back_as_asked(planner: Planner, name: str, query: str, id_type: int, reference: str) -> None:
    plain, plan = ask(planner, f"/Customers/{name}"), ask(planner, f"/Customers/{name}?{query}")

    typed = {"PersonalId": name, "PersonalIdTypeId": id_type, "PersonalIdTypeExtRef": reference}
    assert read(plan) == read(plain) | typed


@pytest.mark.parametrize("query", ["", "idType=1", "idTypeExtRef=CARD", "idType=1&idTypeExtRef=CARD"])
def test_record_id_type_is_returned_as_given(planner: Planner, query: str) -> None:
    assert identify(ask(planner, f"/Customers/typed?{query}")) == ("typed", 1, "CARD")


@pytest.mark.parametrize(
    "query", ["idTypeExtRef=", "idTypeExtRef", "idTypeExtRef=%20", "idType=0&", "unknown=1", "id[=2"]
)
def test_query_that_restricts_nothing_changes_nothing(planner: Planner, query: str) -> None:
    assert ask(planner, f"/Customers/typed?{query}") == ask(planner, "/Customers/typed")


def test_id_is_one_generated_person_under_other_types(planner: Planner) -> None:
    second, third = (read(ask(planner, f"/Customers/typed?idType={number}")) for number in (2, 3))

    assert third == second | {"PersonalIdTypeId": 3}


def test_record_members_stay_and_others_are_generated(planners: Planners) -> None:
    generated, recorded = (read(ask(planners[source])) for source in ("generated", "auto"))

    assert list(recorded) == list(generated) == list(CustomerSchema().fields)
    assert (recorded["FirstName"], recorded["Sex"]) == ("Ada", 2)
    assert {name for name in recorded if recorded[name] != generated[name]} <= {"FirstName", "LastName", "Email", "Sex"}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Planners:
    """A planner for each of two seeds."""
    folder = tmp_path_factory.mktemp("seeded")
    return {seed: load_planner(folder, seed=seed) for seed in ("0", "7")}


@pytest.mark.parametrize(
    ("prefer", "applied"),
    [
        *(("", "seed=7"), ("code=200, ", "code=200, seed=7"), ("dynamic=true, ", "dynamic=true, seed=7")),
        ("edge=emoji, ", "seed=7, edge=emoji"),
    ],
)
def test_seed_of_a_request_stands_for_the_setting(seeded: Planners, prefer: str, applied: str) -> None:
    own, other = seeded.values()

    plans = [ask(own, STRANGER, f"{prefer}seed=7"), ask(other, STRANGER, f"{prefer}delay=0")]

    assert plans[0].reply.body == plans[1].reply.body == ask(other, STRANGER, f"{prefer}seed=7").reply.body
    assert plans[0].reply.body != ask(own, STRANGER, f"{prefer}seed=8").reply.body
    assert plans[0].reply.header("Preference-Applied") == applied


def test_setting_seed_changes_generated_members_only(seeded: Planners) -> None:
    known, stranger = ([read(ask(each, target)) for each in seeded.values()] for target in (KNOWN, STRANGER))

    assert [each["FirstName"] for each in known] == ["Ada", "Ada"]
    assert stranger[0] != stranger[1]


def test_unused_seed_is_not_applied(planner: Planner) -> None:
    assert summarize(ask(planner, "/Customers/answered", "seed=7")) == (418, "answer teapot", None)


class ThingSchema(Schema):
    Key = fields.String()
    Kind = fields.Integer(validate=validate.Range(1))


@pytest.mark.parametrize(("query", "kinds"), [("", range(1, 10)), ("?kind=7", [7])])
def test_open_filter_invalid_for_its_member_is_dropped(tmp_path: Path, query: str, kinds: Sequence[int]) -> None:
    contract = tmp_path / "things.yaml"
    contract.write_text(THINGS.replace("Kind: {type: integer}", "Kind: {type: integer, minimum: 1, maximum: 9}"))
    (tmp_path / "none").mkdir()
    planner = load_stub(contract=contract, fixtures=tmp_path / "none", schemas={"Thing": ThingSchema}).planner

    body = read(ask(planner, f"/API/things/a{query}"))

    assert (body["Key"], body["Kind"] in kinds) == ("a", True)
