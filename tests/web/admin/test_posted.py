"""Answers and defaults that are sent: what is taken, and every problem by its pointer or its line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.documents.nodes import Json
from mockserver.documents.problems import DocumentError, Problem
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.written_replies import AnswerReply, Delay
from mockserver.http.effects import FAULTS
from mockserver.http.messages import Request
from mockserver.http.preferences import KEYS, NO_PREFERENCES, Preferences
from mockserver.state.overlays import NO_OVERLAY, Overlay
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub
from mockserver.web.admin.posted import LABEL, read_answers, read_records, read_sent_defaults
from tests.support.files import Write
from tests.support.problems import list_problems
from tests.support.stubs import load_stub

STUB = load_stub()
WARNING = load_stub(on_breach="warn")
FORM = "application/x-www-form-urlencoded"
"""The media type that `curl -d` sends."""

UNQUOTED = "expecting property name enclosed in double quotes"
QUOTE = "Quote the name, and write no comma behind the last one."
YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")


def read(text: str | bytes, media_type: str = "application/json", stub: Stub = STUB) -> list[Answer]:
    return list(read_answers(stub, text if isinstance(text, bytes) else text.encode(), media_type))


def entry(name: str = "n", **members: Json) -> dict[str, Json]:
    return {"name": name, "operation": "getCustomer", "reply": {"status": 404}, **members}


def answer(name: str = "n", source: str = LABEL) -> Answer:
    return Answer(name, "getCustomer", (), AnswerReply(404), source)


# Answers


@pytest.mark.parametrize("sent", [entry(), [entry()], {"answers": [entry()]}])
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", FORM, ""])
@pytest.mark.parametrize("around", ["{}", " \n{}\n", "\ufeff{}"])
def test_json_answer_may_be_bare_listed_or_mapped(sent: Json, media_type: str, around: str) -> None:
    assert read(around.replace("{}", json.dumps(sent)), media_type) == [answer()]


ONE = "name: n\noperation: getCustomer\nreply: {status: 404}\n"
ITEM = "- name: n\n  operation: getCustomer\n  reply: {status: 404}\n"


@pytest.mark.parametrize(("text", "line"), [(ONE, 1), (f"# One\n{ITEM}", 2), (f"answers:\n{ITEM}", 2)])
@pytest.mark.parametrize("media_type", [*YAML_TYPES, "application/json", "text/plain", FORM, ""])
def test_yaml_answer_may_be_bare_listed_or_mapped(text: str, line: int, media_type: str) -> None:
    assert read(text, media_type) == [answer(source=f"run-time:{line}")]


@pytest.mark.parametrize("media_type", YAML_TYPES)
def test_media_type_decides_what_begins_like_json(media_type: str) -> None:
    text = "[{name: n, operation: getCustomer, reply: {status: 404}}]"

    assert read(text, media_type) == [answer(source="run-time:1")]
    assert list_problems(read, text, FORM) == [f"#: This is not JSON: {UNQUOTED}: line 1 column 3. {QUOTE}"]


def test_every_key_of_an_answer_may_be_sent() -> None:
    sent = entry(
        when={"id": ["a", " "], "headers": {"X-A": 1.5}, "parameters": {"idType": 1}, "call": 2},
        times=3,
        unchecked=True,
        reply={"sequence": [{"status": 500, "body": {"a": "ü"}, "headers": {"Retry-After": 60}}, {"delay": 0.5}]},
    )

    sequence = (AnswerReply(500, (("Retry-After", "60"),), json='{"a":"ü"}'), AnswerReply(delay=Delay(0.5, 0.5)))
    when = (Condition("id", ("a", " ")), Condition("idType", (1,)))
    headers = (Condition("x-a", ("1.5",)),)
    reply = AnswerReply(sequence=sequence)
    assert read(json.dumps(sent)) == [
        Answer("n", "getCustomer", when, reply, LABEL, unchecked=True, headers=headers, call=2, times=3)
    ]


def test_answers_keep_their_order_beside_those_of_files() -> None:
    sent = [entry(name, when={"id": name}) for name in ("c", "a", "not-found")]

    assert [each.name for each in read(json.dumps(sent))] == ["c", "a", "not-found"]


def test_body_file_is_found_from_the_fixtures(write: Write) -> None:
    for name, text in (("a.yaml", "answers: []"), ("sub/y.json", '{"Message": "y"}'), ("../z.json", "{}")):
        folder = write(name, text)

    def send(name: str) -> str:
        return json.dumps(entry(reply={"status": 500, "body_file": name}))

    for path in (folder, Path(folder, "a.yaml")):
        stub = load_stub(fixtures=path)
        assert read(send("sub/../sub/y.json"), stub=stub)[0].reply.json == '{"Message":"y"}'
        outside = "lies outside of the fixtures. Name a file beside or below them."
        assert list_problems(read, send("../z.json"), stub=stub) == [
            f"#/reply/body_file: body_file ../z.json {outside}"
        ]


# Records


@pytest.mark.parametrize(
    ("text", "media_type", "places"),
    [
        ('{"schema": "Customer", "records": [{"PersonalId": "a"}, {"PersonalId": "b"}]}', "text/plain", ["", ""]),
        ("schema: Customer\nrecords:\n- PersonalId: a\n- PersonalId: b\n", "", [":3", ":4"]),
        ("{schema: Customer, records: [{PersonalId: a},\n{PersonalId: b}]}", "text/yaml", [":1", ":2"]),
    ],
)
def test_records_may_be_json_or_yaml(text: str, media_type: str, places: list[str]) -> None:
    records = read_records(STUB, text.encode(), media_type)

    assert [(each.key, each.place) for each in records] == [
        ("a", f"run-time{places[0]}"),
        ("b", f"run-time{places[1]}"),
    ]
    assert [each.place_of("PersonalId") for each in records] == [each.place for each in records]


UNREACHED = "and no request arrives with that for id. Change it, or remove the record."
LISTED = "A list is wanted here. Begin each entry with a dash."
NO_RECORDS = "The list is empty. Send at least one record."
OF_RECORDS: list[tuple[object, ...]] = [
    ([], "#: A mapping is wanted here. Write keys and values."),
    ({}, "#: records is missing. Add the list of records.", "#: schema is missing. Write schema: Customer."),
    ({"schema": "Customer"}, "#/schema: records is missing. Add the list of records."),
    ({"records": []}, f"#/records: {NO_RECORDS}", "#/records: schema is missing. Write schema: Customer."),
    ({"schema": "Customer", "records": {}}, f"#/records: {LISTED}"),
    (
        {"schema": "Customr", "records": [5]},
        "#/records/0: This is not a record. Write its members as keys and values.",
        "#/schema: No operation returns a 'Customr'; did you mean 'Customer'?",
    ),
    (
        {"schema": "Customer", "records": [{"PersonalId": "a"}], "answers": []},
        "#/answers: answers is not known here. Write one of schema, records.",
    ),
    (
        {"schema": "Customer", "records": [{"FirstName": "Z"}]},
        "#/records/0: PersonalId is missing, and the parameter id selects by it. Add it.",
    ),
    (
        {"schema": "Customer", "records": [{"PersonalId": "a/b"}]},
        f"#/records/0/PersonalId: PersonalId is 'a/b', {UNREACHED}",
    ),
    (
        {"schema": "Customer", "records": [{"PersonalId": "a"}, {"PersonalId": "a"}]},
        "#/records/1: Every request for this record gets the one at #/records/0. Change one of the two, or remove it.",
    ),
    (
        {"schema": "Customer", "records": [{"PersonalId": "a", "Sex": 3}]},
        "#/records/0/Sex: Sex is 3, the contract allows 0 to 2. Change the record or the contract.",
    ),
]


@pytest.mark.parametrize(("sent", "lines"), [(sent, lines) for sent, *lines in OF_RECORDS])
def test_wrong_records_are_refused_as_in_a_file(sent: object, lines: list[str]) -> None:
    assert list_problems(read_records, STUB, json.dumps(sent).encode(), "application/json") == lines


def test_breaches_of_records_are_taken_where_they_are_served() -> None:
    body = json.dumps({"schema": "Customer", "records": [{"PersonalId": "a", "Sex": 3}]}).encode()

    assert [each.members for each in read_records(WARNING, body, "")] == [{"PersonalId": "a", "Sex": 3}]


# Problems of answers

NO_ANSWER = "This is not an answer. Write name, operation, when and reply, each with a colon."
EMPTY = "The list is empty. Send one answer, or a list of answers."
NO_LIST = "A list is wanted here. Begin each entry with a dash."
STATUS = "Write a whole number from 200 to 599, without quotes."
TWIN = "Change one of the two, or remove it."
DEEP = "Over 100 levels stand inside each other. Flatten them."
ON_PURPOSE = "or write unchecked: true beside reply if that is on purpose."
BREACH = entry(reply={"status": 500, "body": {"Message": 5}})
BROKEN = f"reply/body/Message: Message is 5, the contract wants a string. Change it, {ON_PURPOSE}"

OF_JSON: list[tuple[Json, list[str]]] = [
    ([], [f"#: {EMPTY}"]),
    ({"answers": []}, [f"#/answers: {EMPTY}"]),
    ({"answers": None}, [f"#/answers: {NO_LIST}"]),
    ({"answers": entry()}, [f"#/answers: {NO_LIST}"]),
    (
        {"answers": [entry()], "schema": "Customer", "a/b": 1},
        [
            f"#/{each}: {name} is not known here. Write one of answers."
            for each, name in (("a~1b", "a/b"), ("schema",) * 2)
        ],
    ),
    ([5, None, [entry()]], [f"#/{number}: {NO_ANSWER}" for number in range(3)]),
    (entry(reply={"status": "404"}), [f"#/reply/status: status is '404'. {STATUS}"]),
    (
        {"answers": [entry(reply={"sequence": [{"status": 404}, {"status": 1}]})]},
        [f"#/answers/0/reply/sequence/1/status: status is 1. {STATUS}"],
    ),
    (
        entry(reply={"status": 404, "headers": {"A/B~C": "x", "X-C": [1, None]}}),
        [
            "#/reply/headers/A~1B~0C: The header 'A/B~C' is not a header name. Change or remove it.",
            "#/reply/headers/X-C/1: The header X-C is null, which is not text. Write text, or a list of texts.",
        ],
    ),
    ([entry(), entry(when={"id": "b"})], [f"#/1: An answer 'n' stands already at #/0. {TWIN}"]),
    ([entry(), entry("m")], [f"#/1: An answer to the same request stands already at #/0. {TWIN}"]),
    ([entry("a", when={"id": "a"}), BREACH], [f"#/1/{BROKEN}"]),
    ([BREACH, entry("a", reply={"status": 1})], [f"#/0/{BROKEN}", f"#/1/reply/status: status is 1. {STATUS}"]),
]


@pytest.mark.parametrize(("sent", "problems"), OF_JSON, ids=[json.dumps(row[0])[:50] for row in OF_JSON])
def test_problem_of_json_has_a_pointer(sent: Json, problems: list[str]) -> None:
    assert list_problems(read, json.dumps(sent)) == problems


OF_YAML: list[tuple[str, str]] = [
    ("just text", f"1:1: {NO_ANSWER}"),
    ("# nothing", "1:1: The file holds nothing. Fill it or remove it."),
    ("answers:\n- 5\n", f"2:3: {NO_ANSWER}"),
    ("answers: []", f"1:10: {EMPTY}"),
    ("name: n\noperation: getCustomer\nreply: {status: '404'}\n", f"3:17: status is '404'. {STATUS}"),
    ("name: a\nname: b\n", "2:1: name is given twice, first in line 1. Keep one of the two."),
]


@pytest.mark.parametrize(("text", "problem"), OF_YAML)
@pytest.mark.parametrize("media_type", ["application/yaml", FORM])
def test_problem_of_yaml_has_a_line(text: str, problem: str, media_type: str) -> None:
    assert list_problems(read, text, media_type) == [f"body:{problem}"]


OF_BODIES: list[tuple[str | bytes, str]] = [
    *((blank, "body: The body is empty. Send JSON or YAML.") for blank in (b"", b" \r\n\t", b"\xef\xbb\xbf")),
    *((each, "body: The body is not UTF-8. Send JSON or YAML in UTF-8.") for each in (b"\xe9", "{}".encode("utf-16"))),
    ('[{"name": "a", "name": "b"}]', "#/0/name: name is given twice. Keep one of the two."),
    ('{"name": NaN}', "#: This is not JSON: it has no number NaN. Write null, or text."),
    ('{"name": "\\ud800"}', "#/name: U+D800 is half of a character. Write the whole one."),
    ("[" * 101 + "]" * 101, f"#: {DEEP}"),
    ("[" * 100_000, f"#: {DEEP}"),
]


@pytest.mark.parametrize(("body", "problem"), OF_BODIES, ids=[ascii(row[0])[:40] for row in OF_BODIES])
def test_body_that_cannot_be_read_is_a_problem(body: str | bytes, problem: str) -> None:
    assert list_problems(read, body) == [problem]


@pytest.mark.parametrize(("stub", "unchecked"), [(STUB, True), (WARNING, False)])
def test_breach_is_taken_on_purpose_or_if_served(stub: Stub, unchecked: bool) -> None:
    answers = read(json.dumps({**BREACH, "unchecked": unchecked}), stub=stub)

    reply = AnswerReply(500, json='{"Message":5}')
    assert answers == [Answer("n", "getCustomer", (), reply, LABEL, unchecked=unchecked)]


# Anything at all

TEXTS = st.sampled_from(["a", "", "{id}", " {idTypeExtRef} ", "{{id}}", "é😀", "\r\n", "p{x}", "{", "x" * 300])
BODIES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(TEXTS, below, max_size=2),
    max_leaves=5,
)
TYPES = st.sampled_from(["text/html", "application/json; charset=utf-16", "{id}", "a; charset=x"])
OPTIONAL = {
    "status": st.sampled_from([200, 201, 204, 304, 400, 404, 405, 406, 409, 500, 599]),
    "headers": st.fixed_dictionaries(
        {}, optional={"X-A": st.sampled_from(["a", "{id}", "{{x}}", 5, ["a", "b"]]), "Content-Type": TYPES}
    ),
    "delay": st.sampled_from([0, 0.5, {"uniform": [0, 1]}]),
    "fault": st.sampled_from([*FAULTS, {"dribble": 1}]),
}
REPLIES = st.one_of(
    st.fixed_dictionaries({}, optional=OPTIONAL),
    *(st.fixed_dictionaries({key: BODIES}, optional=OPTIONAL) for key in ("body", "record")),
    st.fixed_dictionaries({"text": TEXTS}, optional=OPTIONAL),
)
SEQUENCES = st.fixed_dictionaries(
    {"sequence": st.lists(REPLIES, min_size=1, max_size=3)},
    optional={"cycle": st.booleans(), "chance": st.floats(0, 1)},
)
WHEN = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", None, ["a", ""], {"matches": ".*"}]),
        "parameters": st.just({"idType": [1, 2]}),
        "headers": st.sampled_from([{"X-A": None}, {"x-a": {"matches": ""}}, {"X-A": "a"}]),
        "call": st.integers(1, 2),
    },
)
SENT = st.fixed_dictionaries(
    {"name": TEXTS, "operation": st.just("getCustomer"), "reply": REPLIES | SEQUENCES | BODIES},
    optional={"when": WHEN | BODIES, "times": st.integers(-1, 2), "unchecked": st.booleans(), "other": BODIES},
)
CALLS = [Request("GET", target) for target in ("/Customers/a?idType=1", "/Customers/a?idType=1", "/Customers/%20")]


@settings(derandomize=True, database=None, deadline=None, max_examples=250)
@given(SENT, st.sampled_from([*YAML_TYPES, "application/json"]))
def test_whatever_is_taken_can_be_given(sent: Json, media_type: str) -> None:
    session = Session()
    problems: tuple[Problem, ...] = ()

    try:
        session.add(read(json.dumps(sent), media_type, WARNING))
    except DocumentError as error:
        problems = error.problems

    plans = [WARNING.planner.plan(request, session.visit()) for request in CALLS]
    assert [plan.source for plan in plans if plan.alarm] == []
    assert [str(each) for each in problems if not re.fullmatch(r"[^\n]+[.?]", str(each))] == []


# Defaults


def read_defaults(sent: Json | str, overlay: Overlay = NO_OVERLAY) -> Preferences:
    text = sent if isinstance(sent, str) else json.dumps(sent)
    return read_sent_defaults(STUB, text.encode(), overlay)


DEFAULTS: list[tuple[Json, Preferences]] = [
    ({}, NO_PREFERENCES),
    ({"CODE": "404"}, Preferences(code=404)),
    ({"example": "not-found"}, Preferences(example="not-found")),
    ({"dynamic": "FALSE"}, Preferences(dynamic=False)),
    ({"edge": "all-null"}, Preferences(edge="all-null")),
    (
        {"code": 200, "example": "found", "dynamic": True, "seed": 7, "delay": 1, "fault": "reset"},
        Preferences(200, "found", dynamic=True, seed="7", delay=1.0, fault="reset"),
    ),
    # The first of a repeated key wins.
    ({"Code": 404, "code": 500}, Preferences(code=404)),
]


@pytest.mark.parametrize(("sent", "preferences"), DEFAULTS, ids=[json.dumps(row[0]) for row in DEFAULTS])
def test_defaults_are_preferences(sent: Json, preferences: Preferences) -> None:
    assert read_defaults(sent) == preferences


def test_default_example_may_be_an_added_answer() -> None:
    assert read_defaults({"example": "mine"}, Overlay([answer("mine")])) == Preferences(example="mine")


SINGLE = "A single value is wanted here. Write text, a number, true, false or null."
EXAMPLES = ", ".join(STUB.planner.list_names("example", NO_OVERLAY))
EDGES = ", ".join(STUB.planner.list_names("edge", NO_OVERLAY))

OF_DEFAULTS: list[tuple[Json | str, list[str]]] = [
    ([], ["#: A mapping is wanted here. Write keys and values."]),
    ("", ["body: The body is empty. Send JSON."]),
    ("{", [f"#: This is not JSON: {UNQUOTED}: line 1 column 2. {QUOTE}"]),
    ('{"code": 404, "code": 500}', ["#/code: code is given twice. Keep one of the two."]),
    ({"coed": 404}, ["#/coed: 'coed' is not a preference; did you mean 'code'?"]),
    ({"status": 404}, ["#/status: 'status' is not a preference; did you mean 'code'?"]),
    ({"step/x": 404}, [f"#/step~1x: 'step/x' is not a preference. Write one of {', '.join(KEYS)}."]),
    ({"code": 404.0}, ["#/code: code is '404.0'. Write a status from 200 to 599."]),
    ({"code": [404]}, [f"#/code: {SINGLE}"]),
    (
        {"example": "foud"},
        [f"#/example: example is 'foud', which does not exist; did you mean 'found'? There are {EXAMPLES}."],
    ),
    ('{"seed": "\\udc00"}', ["#/seed: U+DC00 is half of a character. Write the whole one."]),
    (
        {"Code": 1, "edge": "x", "delay": {"uniform": [1, 2]}, "seed": 5},
        [
            "#/Code: code is '1'. Write a status from 200 to 599.",
            f"#/delay: {SINGLE}",
            f"#/edge: edge is 'x', which does not exist. There are {EDGES}.",
        ],
    ),
]


@pytest.mark.parametrize(("sent", "problems"), OF_DEFAULTS, ids=str)
def test_problem_of_defaults_has_a_pointer(sent: Json | str, problems: list[str]) -> None:
    assert list_problems(read_defaults, sent) == problems
