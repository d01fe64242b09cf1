"""Answers and defaults that are sent: what is taken, and every fault by its pointer or its line."""

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
from mockserver.state.overlays import NOTHING_ADDED, Overlay
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub, load_stub
from mockserver.web.admin.posted import LABEL, YAML_TYPES, read_answers, read_sent_defaults
from tests.fixtures.readers.test_loading import ANSWERS, CONTENTS

STUB = load_stub()
FORM = "application/x-www-form-urlencoded"
"""What `curl -d` calls whatever it sends."""

ON_PURPOSE = "or write unchecked: true beside reply if that is on purpose."


def read(text: str | bytes, media_type: str = "application/json", stub: Stub = STUB) -> list[Answer]:
    return list(read_answers(stub, text if isinstance(text, bytes) else text.encode(), media_type))


def find_faults(text: str | bytes, media_type: str = "application/json", stub: Stub = STUB) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read(text, media_type, stub)
    return [str(fault) for fault in caught.value.problems]


def entry(name: str = "n", **members: Json) -> dict[str, Json]:
    return {"name": name, "operation": "getCustomer", "reply": {"status": 404}, **members}


def answer(name: str = "n", source: str = LABEL) -> Answer:
    return Answer(name, "getCustomer", (), AnswerReply(404), source)


# Forms

FORMS: list[tuple[Json, list[Answer]]] = [
    (entry(), [answer()]),
    ([entry()], [answer()]),
    ({"answers": [entry()]}, [answer()]),
]


@pytest.mark.parametrize(("sent", "answers"), FORMS)
@pytest.mark.parametrize("media_type", ["application/json", "text/plain", FORM, ""])
@pytest.mark.parametrize("around", ["{}", " \n{}\n", "\ufeff{}"])
def test_json_is_one_answer_or_a_list_or_a_mapping(
    sent: Json, answers: list[Answer], media_type: str, around: str
) -> None:
    assert read(around.replace("{}", json.dumps(sent)), media_type) == answers


ONE_YAML = """\
name: n
operation: getCustomer
reply: {status: 404}
"""
LIST_YAML = """\
# One
- name: n
  operation: getCustomer
  reply: {status: 404}
"""
FILE_YAML = """\
answers:
- name: n
  operation: getCustomer
  reply: {status: 404}
"""


@pytest.mark.parametrize(("text", "line"), [(ONE_YAML, 1), (LIST_YAML, 2), (FILE_YAML, 2)])
@pytest.mark.parametrize("media_type", [*YAML_TYPES, "application/json", "text/plain", FORM, ""])
def test_yaml_is_one_answer_or_a_list_or_a_fixture_file(text: str, line: int, media_type: str) -> None:
    assert read(text, media_type) == [answer(source=f"run-time:{line}")]


@pytest.mark.parametrize("media_type", YAML_TYPES)
def test_yaml_that_begins_like_json_is_yaml_where_it_is_called_so(media_type: str) -> None:
    text = "[{name: n, operation: getCustomer, reply: {status: 404}}]"

    assert read(text, media_type) == [answer(source="run-time:1")]
    told = "expecting property name enclosed in double quotes: line 1 column 3 (char 2)"
    assert find_faults(text, FORM) == [f"#: This is no JSON: {told}. Correct it."]


def test_every_key_of_an_answer_may_be_sent() -> None:
    sent = entry(
        when={"id": ["a", None], "headers": {"X-A": 1.5}, "parameters": {"idType": 1}, "call": 2},
        times=3,
        unchecked=True,
        reply={"sequence": [{"status": 500, "body": {"a": "ü"}, "headers": {"Retry-After": 60}}, {"delay": 0.5}]},
    )

    sequence = (AnswerReply(500, (("Retry-After", "60"),), json='{"a":"ü"}'), AnswerReply(delay=Delay(0.5, 0.5)))
    assert read(json.dumps(sent)) == [
        Answer(
            "n",
            "getCustomer",
            (Condition("id", ("a", None)), Condition("idType", (1,))),
            AnswerReply(sequence=sequence),
            LABEL,
            unchecked=True,
            headers=(Condition("x-a", ("1.5",)),),
            call=2,
            times=3,
        )
    ]


def test_answers_keep_the_order_in_which_they_were_sent() -> None:
    sent = [entry(name, when={"id": name}) for name in "cab"]

    assert [each.name for each in read(json.dumps(sent))] == ["c", "a", "b"]


def test_answer_may_have_the_name_and_the_conditions_of_one_in_a_file() -> None:
    sent = entry("not-found", when={"id": "not-found"})

    assert [each.name for each in read(json.dumps(sent))] == ["not-found"]


# Faults

NO_ANSWER = "This is no answer. Write name, operation, when and reply, each with a colon."
NOTHING = "There is no answer in it. Send one answer, or a list of them."
STATUS = "Write a whole number from 200 to 599, without quotes."
TWIN = "Change one of the two, or remove it."

CHARACTER = "has a line break, a control character or one that is not Latin-1. Percent-encode it."
OUTSIDE = "lies outside of the fixtures. Name a file beside or below them."
UNKNOWN = (
    "{nobody} is no parameter of getCustomer. Write one of id, idType, idTypeExtRef. "
    "{{nobody}} stands for the text {nobody}."
)
ZEROS = '00404 has leading zeros, and readers differ on what that is. Quote it to keep it as text: "00404".'
OPEN = (
    "This is no YAML: while parsing a flow sequence, did not find expected ',' or ']'. "
    "Check indentation, quotes and colons."
)
UNQUOTED = "expecting property name enclosed in double quotes"

FAULTS_OF_JSON: list[tuple[Json, list[str]]] = [
    ([], [f"#: {NOTHING}"]),
    ({"answers": []}, [f"#/answers: {NOTHING}"]),
    ({"answers": None}, ["#/answers: A list is wanted here. Begin each entry with a dash."]),
    ({"answers": entry()}, ["#/answers: A list is wanted here. Begin each entry with a dash."]),
    (
        {"answers": [entry()], "schema": "Customer", "a/b": 1},
        [
            "#/a~1b: a/b is not known here. Write one of answers.",
            "#/schema: schema is not known here. Write one of answers.",
        ],
    ),
    ([5, None, [entry()]], [f"#/{number}: {NO_ANSWER}" for number in range(3)]),
    (
        {},
        [
            "#: name is missing. Add it.",
            "#: operation is missing. Write operation: getCustomer.",
            "#: reply is missing. Add it, with status, headers, body or text.",
        ],
    ),
    (
        [entry(name=5, operation="getCustomr", times=0, unchecked=1, replay={})],  # type: ignore[arg-type]  # on purpose
        [
            '#/0/name: name is no text. Quote it: "5".',
            "#/0/operation: The contract has no operation 'getCustomr'; did you mean 'getCustomer'?",
            "#/0/replay: replay is not known here; did you mean 'reply'?",
            "#/0/times: times is 0. Write a whole number from 1 on, without quotes.",
            "#/0/unchecked: unchecked is 1. Write true or false.",
        ],
    ),
    (entry(reply={"status": "404"}), [f"#/reply/status: status is '404'. {STATUS}"]),
    (
        [entry(), entry("m", when={"id": "m"}, reply={"status": 404.0})],
        [f"#/1/reply/status: status is 404.0. {STATUS}"],
    ),
    (
        {"answers": [entry(reply={"sequence": [{"status": 404}, {"status": 1}]})]},
        [f"#/answers/0/reply/sequence/1/status: status is 1. {STATUS}"],
    ),
    (
        entry(reply={"status": 404, "headers": {"A/B~C": "x", "X-A": True, "X-B": "a\nb", "X-C": [1, None]}}),
        [
            "#/reply/headers/A~1B~0C: The header 'A/B~C' is no header name. Change or remove it.",
            '#/reply/headers/X-A: The header X-A is true, which is no text. Quote it: "true".',
            f"#/reply/headers/X-B: The header X-B {CHARACTER}",
            "#/reply/headers/X-C/1: The header X-C is null, which is no text. Write text, or a list of texts.",
        ],
    ),
    (
        entry(when={"idd": "a", "idType": "b", "call": "c"}),
        [
            "#/when/call: call is 'c'. Write a whole number from 1 on, without quotes.",
            "#/when/idType: idType is 'b', which is no int32. Write a whole number of its range, without quotes.",
            "#/when/idd: getCustomer has no parameter 'idd'; did you mean 'id'?",
        ],
    ),
    ([entry(), entry(when={"id": "b"})], [f"#/1: An answer 'n' stands already at #/0. {TWIN}"]),
    ([entry(), entry("m")], [f"#/1: An answer to the same request stands already at #/0. {TWIN}"]),
    (
        entry(reply={"body_file": "../openapi.yaml"}),
        [
            f"#/reply/body_file: body_file ../openapi.yaml {OUTSIDE}",
        ],
    ),
    (
        entry(reply={"text": "{nobody}"}),
        [
            f"#/reply/text: {UNKNOWN}",
        ],
    ),
]


@pytest.mark.parametrize(("sent", "expected"), FAULTS_OF_JSON, ids=[json.dumps(row[0])[:50] for row in FAULTS_OF_JSON])
def test_fault_of_json_is_named_by_its_pointer(sent: Json, expected: list[str]) -> None:
    assert find_faults(json.dumps(sent)) == expected


FAULTS_OF_YAML: list[tuple[str, list[str]]] = [
    ("just text", [f"body:1:1: {NO_ANSWER}"]),
    ("5", [f"body:1:1: {NO_ANSWER}"]),
    ("# nothing", ["body:1:1: The file holds nothing. Fill it or remove it."]),
    ("answers:\n- 5\n", [f"body:2:3: {NO_ANSWER}"]),
    ("answers: []", [f"body:1:10: {NOTHING}"]),
    (
        "name: n\noperation: getCustomer\nreply: {status: '404'}\n",
        [f"body:3:17: status is '404'. {STATUS}"],
    ),
    (
        "- name: n\n  operation: getCustomer\n  reply:\n    status: 00404\n",
        [
            f"body:4:13: {ZEROS}",
        ],
    ),
    ("name: a\nname: b\n", ["body:2:1: name is given twice, first in line 1. Keep one of the two."]),
    (
        "name: [a",
        [
            f"body:1:9: {OPEN}",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAULTS_OF_YAML, ids=[row[0] for row in FAULTS_OF_YAML])
@pytest.mark.parametrize("media_type", ["application/yaml", FORM])
def test_fault_of_yaml_is_named_by_its_line(text: str, expected: list[str], media_type: str) -> None:
    assert find_faults(text, media_type) == expected


BODIES: list[tuple[str | bytes, list[str]]] = [
    (b"", ["body: The body is empty. Send JSON or YAML."]),
    (b" \r\n\t", ["body: The body is empty. Send JSON or YAML."]),
    (b"\xef\xbb\xbf", ["body: The body is empty. Send JSON or YAML."]),
    (b'{"name": "\xe9"}', ["body: The body is no UTF-8. Send JSON or YAML in UTF-8."]),
    ("{}".encode("utf-16"), ["body: The body is no UTF-8. Send JSON or YAML in UTF-8."]),
    (
        '[{"name": "a", "name": "b", "reply": {"a/b": 1, "a/b": 2}}]',
        [
            "#/0/name: name is given twice. Keep one of the two.",
            "#/0/reply/a~1b: a/b is given twice. Keep one of the two.",
        ],
    ),
    ('{"name": NaN}', ["#: This is no JSON: it has no number NaN. Correct it."]),
    ('{"name": "n"', ["#: This is no JSON: expecting ',' delimiter: line 1 column 13 (char 12). Correct it."]),
    ('{"name": "\\ud800"}', ["#/name: U+D800 is half of a character. Write the whole one."]),
    ('{"reply": {"body": 1e999}}', ["#/reply/body: This number is too large. Write a smaller one, or text."]),
    ("[" * 101 + "]" * 101, ["#: Over 100 levels stand inside each other. Flatten them."]),
    ("[" * 100_000, ["#: Over 100 levels stand inside each other. Flatten them."]),
]


@pytest.mark.parametrize(("body", "expected"), BODIES, ids=[ascii(row[0])[:40] for row in BODIES])
def test_body_that_cannot_be_read_is_a_fault(body: str | bytes, expected: list[str]) -> None:
    assert find_faults(body) == expected


# Breaches

BREACH = entry(reply={"status": 500, "body": {"Message": 5}})


def test_breach_is_refused_where_breaches_are() -> None:
    assert find_faults(json.dumps([entry("a", when={"id": "a"}), BREACH])) == [
        f"#/1/reply/body/Message: Message is 5, the contract wants a string. Change it, {ON_PURPOSE}"
    ]


def test_breach_and_faults_are_told_together() -> None:
    assert find_faults(json.dumps([BREACH, entry("a", reply={"status": 1})])) == [
        f"#/0/reply/body/Message: Message is 5, the contract wants a string. Change it, {ON_PURPOSE}",
        f"#/1/reply/status: status is 1. {STATUS}",
    ]


def test_breach_on_purpose_is_taken() -> None:
    answers = read(json.dumps({**BREACH, "unchecked": True}))

    assert answers == [Answer("n", "getCustomer", (), AnswerReply(500, json='{"Message":5}'), LABEL, unchecked=True)]


def test_breach_is_taken_where_breaches_are_served() -> None:
    stub = load_stub(on_breach="warn")

    answers = read(json.dumps(BREACH), stub=stub)

    assert answers == [Answer("n", "getCustomer", (), AnswerReply(500, json='{"Message":5}'), LABEL)]


# Anything at all

WARNING = load_stub(on_breach="warn")


TEXTS = st.sampled_from(
    ["a", "", "{id}", "{idType}", " {idTypeExtRef} ", "{{id}}", "é😀", "\r\n", "p{x}", "{", "x" * 300]
)
ANY_BODY = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(TEXTS, below, max_size=2),
    max_leaves=5,
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "X-A": st.sampled_from(["a", "{id}", "{{x}}", 5, ["a", "b"]]),
        "Content-Type": st.sampled_from(["text/html", "application/json; charset=utf-16", "{id}", "a; charset=x"]),
    },
)
REPLIES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from([200, 201, 204, 304, 400, 404, 405, 406, 409, 500, 599]),
        "headers": HEADERS,
        "delay": st.sampled_from([0, 0.5, {"uniform": [0, 1]}]),
        "fault": st.sampled_from([*FAULTS, {"dribble": 1}]),
    },
).flatmap(lambda reply: st.just(reply) | st.sampled_from(["body", "text"]).flatmap(lambda key: with_body(reply, key)))


def with_body(reply: dict[str, object], key: str) -> st.SearchStrategy[dict[str, object]]:
    return (ANY_BODY if key == "body" else TEXTS).map(lambda body: {**reply, key: body})


SEQUENCES = st.fixed_dictionaries(
    {"sequence": st.lists(REPLIES, min_size=1, max_size=3)},
    optional={"cycle": st.booleans(), "chance": st.floats(0, 1)},
)
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["a", None, ["a", ""], {"matches": ".*"}]),
        "parameters": st.just({"idType": [1, 2]}),
        "headers": st.sampled_from([{"X-A": None}, {"x-a": {"matches": ""}}, {"X-A": "a"}]),
        "call": st.integers(1, 2),
    },
)
SENT = st.fixed_dictionaries(
    {"name": TEXTS, "operation": st.just("getCustomer"), "reply": REPLIES | SEQUENCES},
    optional={"when": CONDITIONS, "times": st.integers(1, 2), "unchecked": st.booleans()},
)
CALLS = [Request("GET", target) for target in ("/Customers/a?idType=1", "/Customers/a?idType=1", "/Customers/%20")]


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(SENT, st.sampled_from([*YAML_TYPES, "application/json"]))
def test_whatever_is_taken_can_be_given(sent: Json, media_type: str) -> None:
    session = Session()
    faults: tuple[Problem, ...] = ()

    try:
        session.add(read(json.dumps(sent), media_type, WARNING))
    except DocumentError as error:
        faults = error.problems

    plans = [WARNING.planner.plan(request, session.visit()) for request in CALLS]
    assert [plan.source for plan in plans if plan.alarm] == []
    assert [str(fault) for fault in faults if not re.fullmatch(r"[^\n]+[.?]", str(fault))] == []


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(CONTENTS | st.lists(ANSWERS, max_size=3), st.sampled_from([*YAML_TYPES, "application/json"]))
def test_whatever_is_sent_is_taken_or_told_in_sentences(content: Json, media_type: str) -> None:
    faults: tuple[Problem, ...] = ()

    try:
        read(json.dumps(content), media_type, WARNING)
    except DocumentError as error:
        faults = error.problems

    assert [str(fault) for fault in faults if not re.fullmatch(r"[^\n]+[.?]", str(fault))] == []


# Files with bodies


@pytest.mark.parametrize("is_file", [False, True])
def test_body_file_is_named_from_the_folder_of_the_fixtures(tmp_path: Path, is_file: bool) -> None:
    for name, text in (("a.yaml", "answers: []"), ("x.json", '{"Message": "x"}'), ("sub/y.json", '{"Message": "y"}')):
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(text, encoding="utf-8")
    (tmp_path / "z.json").write_text("{}", encoding="utf-8")
    stub = load_stub(fixtures=tmp_path / "mine" / "a.yaml" if is_file else tmp_path / "mine")

    def post(name: str) -> str:
        return json.dumps(entry(reply={"status": 500, "body_file": name}))

    assert [read(post(name), stub=stub)[0].reply.json for name in ("x.json", "sub/../sub/y.json")] == [
        '{"Message":"x"}',
        '{"Message":"y"}',
    ]
    assert find_faults(post("../z.json"), stub=stub) == [f"#/reply/body_file: body_file ../z.json {OUTSIDE}"]


# Defaults


def read_defaults(sent: Json, overlay: Overlay = NOTHING_ADDED) -> Preferences:
    return read_sent_defaults(STUB, json.dumps(sent).encode(), overlay)


def find_default_problems(body: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        read_sent_defaults(STUB, body.encode(), NOTHING_ADDED)
    return [str(fault) for fault in caught.value.problems]


DEFAULTS: list[tuple[Json, Preferences]] = [
    ({}, NO_PREFERENCES),
    ({"code": 404}, Preferences(code=404)),
    ({"code": "404"}, Preferences(code=404)),
    ({"CODE": 404}, Preferences(code=404)),
    ({"example": "found"}, Preferences(example="found")),
    ({"example": "not-found"}, Preferences(example="not-found")),
    ({"dynamic": True}, Preferences(dynamic=True)),
    ({"dynamic": "FALSE"}, Preferences(dynamic=False)),
    ({"seed": 7}, Preferences(seed="7")),
    ({"seed": "ü"}, Preferences(seed="ü")),
    ({"edge": "all-null"}, Preferences(edge="all-null")),
    ({"delay": 1.5}, Preferences(delay=1.5)),
    ({"delay": 60}, Preferences(delay=60.0)),
    ({"delay": 0}, Preferences(delay=0.0)),
    ({"fault": "reset"}, Preferences(fault="reset")),
    ({"fault": "dribble"}, Preferences(fault="dribble")),
    (
        {"code": 200, "example": "found", "dynamic": False, "seed": "s", "delay": 1, "fault": "reset"},
        Preferences(200, "found", dynamic=False, seed="s", delay=1.0, fault="reset"),
    ),
    # The first of a repeated key wins.
    ({"Code": 404, "code": 500}, Preferences(code=404)),
]


@pytest.mark.parametrize(("sent", "preferences"), DEFAULTS, ids=[json.dumps(row[0]) for row in DEFAULTS])
def test_defaults_are_preferences(sent: Json, preferences: Preferences) -> None:
    assert read_defaults(sent) == preferences


def test_default_example_may_be_an_answer_that_was_added() -> None:
    assert read_defaults({"example": "mine"}, Overlay([answer("mine")])) == Preferences(example="mine")


CODE = "Write a status from 200 to 599."
SECONDS = "Write seconds from 0 to 60."
LEFT_OUT = "Write what it is to be, or leave it out."
SINGLE = "A single value is wanted here. Write text, a number, true, false or null."
EXAMPLES = ", ".join(STUB.planner.list_names("example", NOTHING_ADDED))
EDGES = ", ".join(STUB.planner.list_names("edge", NOTHING_ADDED))

DEFAULT_FAULTS: list[tuple[str, list[str]]] = [
    ("[]", ["#: A mapping is wanted here. Write keys and values."]),
    ("5", ["#: A mapping is wanted here. Write keys and values."]),
    ("", ["body: The body is empty. Send JSON."]),
    (
        "{",
        [f"#: This is no JSON: {UNQUOTED}: line 1 column 2 (char 1). Correct it."],
    ),
    ('{"code": 404, "code": 500}', ["#/code: code is given twice. Keep one of the two."]),
    ('{"coed": 404}', ["#/coed: 'coed' is no preference; did you mean 'code'?"]),
    ('{"status/x": 404}', [f"#/status~1x: 'status/x' is no preference. Write one of {', '.join(KEYS)}."]),
    ('{"code": 199}', [f"#/code: code is '199'. {CODE}"]),
    ('{"code": 404.0}', [f"#/code: code is '404.0'. {CODE}"]),
    ('{"code": true}', [f"#/code: code is 'true'. {CODE}"]),
    ('{"code": ""}', [f"#/code: code is ''. {CODE}"]),
    ('{"code": [404]}', [f"#/code: {SINGLE}"]),
    ('{"code": {}}', [f"#/code: {SINGLE}"]),
    ('{"example": ""}', [f"#/example: example is ''. {LEFT_OUT}"]),
    (
        '{"example": "foud"}',
        [f"#/example: example is 'foud', which is not there; did you mean 'found'? There are {EXAMPLES}."],
    ),
    ('{"Example": "xyz"}', [f"#/Example: example is 'xyz', which is not there. There are {EXAMPLES}."]),
    ('{"dynamic": 1}', ["#/dynamic: dynamic is '1'. Write true or false."]),
    ('{"seed": ""}', [f"#/seed: seed is ''. {LEFT_OUT}"]),
    ('{"seed": "\\udc00"}', ["#/seed: U+DC00 is half of a character. Write the whole one."]),
    (
        '{"edge": "all-nul"}',
        [f"#/edge: edge is 'all-nul', which is not there; did you mean 'all-null'? There are {EDGES}."],
    ),
    ('{"delay": 60.1}', [f"#/delay: delay is '60.1'. {SECONDS}"]),
    ('{"delay": -1}', [f"#/delay: delay is '-1'. {SECONDS}"]),
    ('{"delay": {"uniform": [1, 2]}}', [f"#/delay: {SINGLE}"]),
    ('{"fault": "rest"}', [f"#/fault: fault is 'rest'. Write one of {', '.join(FAULTS)}."]),
    (
        '{"code": 1, "edge": "x", "delay": [], "seed": 5}',
        [
            f"#/code: code is '1'. {CODE}",
            f"#/delay: {SINGLE}",
            f"#/edge: edge is 'x', which is not there. There are {EDGES}.",
        ],
    ),
]


@pytest.mark.parametrize(("body", "expected"), DEFAULT_FAULTS, ids=[row[0] for row in DEFAULT_FAULTS])
def test_fault_of_defaults_is_named_by_its_pointer(body: str, expected: list[str]) -> None:
    assert find_default_problems(body) == expected


def test_names_beyond_the_first_are_counted() -> None:
    overlay = Overlay([answer(f"x{number}") for number in range(1000)])
    known = STUB.planner.list_names("example", overlay)

    with pytest.raises(DocumentError) as caught:
        read_defaults({"example": "-"}, overlay)

    shown = f"There are {', '.join(known[:20])} and {len(known) - 20} more."
    assert str(caught.value) == f"#/example: example is '-', which is not there. {shown}"
