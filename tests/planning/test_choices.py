"""What a request can choose to be answered, of the shipped contract and of one of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import pytest
from marshmallow import RAISE, Schema, fields, validate

from mockserver.documents.nodes import Json
from mockserver.fixtures.answers import Answer
from mockserver.fixtures.written_replies import AnswerReply
from mockserver.generation.edges import EDGES
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.choices import refuse_unknown
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from mockserver.state.overlays import NOTHING_ADDED
from mockserver.state.sessions import Session
from mockserver.stub.loading import Stub
from tests.support.files import Write
from tests.support.stubs import load_stub

JSON = ("Content-Type", "application/json; charset=utf-8")
HOST = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))
VARY = ("Vary", "Prefer")

RECORDS = """\
schema: Customer
records:
  - PersonalId: known
    FirstName: Ada
answers:
  - name: teapot
    operation: getCustomer
    when: {id: answered}
    reply: {status: 418, headers: {X-Pot: blue}, text: short and stout}
  - name: everywhere
    operation: getCustomer
    reply: {headers: {X-Env: stub, Vary: Origin}}
  - name: flow
    operation: getCustomer
    when: {id: flow}
    reply: {sequence: [{status: 503}, {status: 429}]}
  - name: once
    operation: getCustomer
    when: {id: once, call: 3}
    times: 1
    reply: {status: 503, chance: 0}
  - name: hello
    operation: getCustomer
    when: {id: hello}
    reply: {status: 409, text: "hello {id}"}
"""

TEAPOT = "answer teapot files/all.yaml:6"
BLANK = "example=idTypeBlank"
EVERYWHERE = " + answer everywhere files/all.yaml:10"


@pytest.fixture
def planner(write: Write) -> Planner:
    return load_stub(fixtures=write("all.yaml", RECORDS)).planner


@pytest.fixture(scope="module")
def shipped() -> Stub:
    return load_stub()


def prefer(planner: Planner, value: str, target: str = "/Customers/known", session: Session | None = None) -> Plan:
    return planner.plan(
        Request("GET", target, headers=(("prefer", value),)), None if session is None else session.visit()
    )


def read(plan: Plan) -> dict[str, object]:
    body: dict[str, object] = json.loads(plan.reply.body)
    return body


def applied(plan: Plan) -> tuple[int, str | None]:
    return plan.reply.status, plan.reply.header("Preference-Applied")


def refuse(message: str) -> Plan:
    headers = (*HOST, JSON, VARY, ("X-Mock-Source", "preferences"))
    body = json.dumps({"Message": message}, separators=(",", ":"), ensure_ascii=False).encode()
    return Plan(Reply(400, headers, body), Source("preferences"))


# Statuses

BODIES = {
    400: {"Message": "The request is invalid.", "ModelState": {"idType": ["The value 'abc' is not valid for Int32."]}},
    405: {"Message": "The requested resource does not support http method 'POST'."},
    500: {"Message": "An error has occurred."},
}
"""The contract's own, by status."""


@pytest.mark.parametrize("status", [*range(201, 400), *range(401, 405), *range(406, 500), *range(501, 600)])
def test_status_without_content_is_given_without(shipped: Stub, status: int) -> None:
    plan = prefer(shipped.planner, f"code={status}")

    headers = (*HOST, ("Preference-Applied", f"code={status}"), VARY, ("X-Mock-Source", f"code {status}"))
    assert plan == Plan(Reply(status, headers), Source("code", str(status)))


@pytest.mark.parametrize("status", BODIES)
def test_declared_status_has_the_body_and_the_headers_of_the_contract(shipped: Stub, status: int) -> None:
    plan = prefer(shipped.planner, f"code={status}")

    allow = (("Allow", "GET"),) if status == 405 else ()
    honoured = (("Preference-Applied", f"code={status}"), VARY, ("X-Mock-Source", f"code {status}"))
    body = json.dumps(BODIES[status], separators=(",", ":")).encode()
    assert plan == Plan(Reply(status, (*HOST, JSON, *allow, *honoured), body), Source("code", str(status)))


@pytest.mark.parametrize(
    ("target", "source", "name"),
    [
        ("/Customers/known", "record files/all.yaml:3", "known"),
        ("/Customers/known?idType=7", "record files/all.yaml:3", "known"),
        ("/Customers/stranger", "generated", "stranger"),
        # No answer stands in the way of what was asked for.
        ("/Customers/answered", "generated", "answered"),
        # What nobody can have is left out; what is null is null.
        ("/Customers/" + "x" * 31, "generated", None),
        ("/Customers/%20", "generated", None),
        ("/Customers/known?idType=abc", "record files/all.yaml:3", "known"),
        ("/Customers/known?idType=", "record files/all.yaml:3", "known"),
    ],
)
@pytest.mark.parametrize("setting", ["auto", "fixtures"])
def test_success_is_a_record_or_else_a_generated_one(
    write: Write, setting: str, target: str, source: str, name: str | None
) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), source=setting).planner

    plan = prefer(planner, "code=200", target)

    assert (str(plan.source), applied(plan)) == (source, (200, "code=200"))
    assert name in (None, read(plan)["PersonalId"])
    assert CustomerSchema().validate(read(plan)) == {}


@pytest.mark.parametrize(
    ("missing", "status", "message"),
    [
        ("message", 404, "No Customer with Id known was found."),
        ("null", 404, None),
        ("empty", 404, None),
    ],
)
def test_not_found_is_as_the_host_says_it(write: Write, missing: str, status: int, message: str | None) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), missing=missing).planner

    chosen = prefer(planner, "code=404")
    met = planner.plan(Request("GET", "/Customers/" + "x" * 31))

    assert applied(chosen) == (status, "code=404")
    if message is None:
        assert chosen.reply.body == b""
    else:
        assert list(read(chosen)) == list(read(met)) == ["Message"]


@pytest.mark.parametrize("code", [200, 400, 405, 500])
def test_body_that_no_format_suits_is_406(write: Write, code: int) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), refuse_unacceptable=True).planner
    headers = (("accept", "image/png"), ("prefer", f"code={code}"))

    plan = planner.plan(Request("GET", "/Customers/known", headers=headers))

    assert plan == Plan(Reply(406, (*HOST, VARY, ("X-Mock-Source", "framework"))), Source("framework"))


@pytest.mark.parametrize("wanted", ["edge=emoji", "example=found", "example=nobody", "code=99"])
def test_whatever_has_a_body_is_406_where_no_format_suits(write: Write, wanted: str) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), refuse_unacceptable=True).planner
    headers = (("accept", "image/png"), ("prefer", wanted))

    plan = planner.plan(Request("GET", "/Customers/known", headers=headers))

    assert (applied(plan), plan.reply.body) == ((406, None), b"")


def test_status_without_content_is_given_whatever_is_accepted(write: Write) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), refuse_unacceptable=True).planner
    headers = (("accept", "image/png"), ("prefer", "code=503"))

    plan = planner.plan(Request("GET", "/Customers/known", headers=headers))

    assert applied(plan) == (503, "code=503")


# Generated or not


@pytest.mark.parametrize(
    ("wanted", "target", "source", "status", "said"),
    [
        ("dynamic=true", "/Customers/known", "generated", 200, "dynamic=true"),
        ("dynamic=true", "/Customers/answered", "generated", 200, "dynamic=true"),
        ("dynamic=true", "/Customers/" + "x" * 31, "no record", 404, "dynamic=true"),
        ("dynamic=true", "/Customers/known?idType=abc", "framework", 400, None),
        ("dynamic=false", "/Customers/known", f"record files/all.yaml:3{EVERYWHERE}", 200, "dynamic=false"),
        ("dynamic=false", "/Customers/stranger", f"no record{EVERYWHERE}", 404, "dynamic=false"),
        ("dynamic=false", "/Customers/answered", f"{TEAPOT}{EVERYWHERE}", 418, None),
        # A status asks for a record whatever there is.
        ("code=200, dynamic=true", "/Customers/known", "generated", 200, "code=200, dynamic=true"),
        ("code=200, dynamic=false", "/Customers/known", "record files/all.yaml:3", 200, "code=200, dynamic=false"),
        ("code=200, dynamic=false", "/Customers/stranger", "generated", 200, "code=200"),
        ("code=404, dynamic=true", "/Customers/known", "code 404", 404, "code=404"),
    ],
)  # fmt: skip
def test_records_are_generated_or_not_as_asked(
    planner: Planner, wanted: str, target: str, source: str, status: int, said: str | None
) -> None:
    plan = prefer(planner, wanted, target)

    assert (str(plan.source), applied(plan)) == (source, (status, said))


def test_records_are_found_where_the_setting_only_generates(write: Write) -> None:
    planner = load_stub(fixtures=write("all.yaml", RECORDS), source="generated").planner

    plans = [prefer(planner, wanted) for wanted in ("dynamic=false", "code=200, dynamic=false", "code=200")]

    assert [read(plan)["FirstName"] == "Ada" for plan in plans] == [True, True, False]


def test_records_are_generated_where_the_setting_never_does(write: Write) -> None:
    folder = write("all.yaml", RECORDS)
    planner = load_stub(fixtures=folder, source="fixtures").planner

    plan = prefer(planner, "dynamic=true", "/Customers/stranger")

    generated = load_stub(fixtures=folder, source="generated").planner
    assert plan.reply.body == prefer(generated, "dynamic=true", "/Customers/stranger").reply.body


@pytest.mark.parametrize("wanted", ["", "code=200, ", "dynamic=true, ", "edge=emoji, "])
def test_seed_decides_what_is_generated(write: Write, wanted: str) -> None:
    folder = write("all.yaml", RECORDS)
    own, other = (load_stub(fixtures=folder, seed=seed).planner for seed in ("0", "7"))
    target = "/Customers/stranger"

    bodies = [prefer(planner, f"{wanted}seed={seed}", target).reply.body for planner, seed in ((own, 7), (other, 7))]

    assert bodies[0] == bodies[1] == prefer(other, f"{wanted}delay=0", target).reply.body
    assert bodies[0] != prefer(own, f"{wanted}seed=8", target).reply.body
    assert applied(prefer(own, f"{wanted}seed=7", target))[1] in (f"{wanted}seed=7", "seed=7, edge=emoji")


def test_seed_of_an_answer_without_anything_drawn_is_not_honoured(planner: Planner) -> None:
    assert applied(prefer(planner, "seed=7", "/Customers/answered")) == (418, None)


def test_seed_decides_what_is_drawn(write: Write) -> None:
    text = "answers: [{name: a, operation: getCustomer, reply: {status: 503, delay: {uniform: [0, 60]}}}]"
    planner = load_stub(fixtures=write("all.yaml", text)).planner

    plans = [prefer(planner, f"seed={seed}", session=Session()) for seed in (1, 1, 2)]

    assert [applied(plan) for plan in plans] == [(503, "seed=1"), (503, "seed=1"), (503, "seed=2")]
    assert plans[0].effect == plans[1].effect != plans[2].effect


# Edge cases


@pytest.mark.parametrize("name", EDGES)
@pytest.mark.parametrize(
    "target", ["/Customers/known", "/Customers/a%20b?idType=7&idTypeExtRef=x", "/Customers/1?idType=x"]
)
def test_edge_case_passes_the_check_and_is_of_the_one_asked_for(shipped: Stub, name: str, target: str) -> None:
    plan = prefer(shipped.planner, f"edge={name}", target)

    body = read(plan)
    assert (str(plan.source), applied(plan), plan.alarm) == (f"edge {name}", (200, f"edge={name}"), None)
    assert (CustomerSchema().validate(body), list(body)) == ({}, list(CustomerSchema().fields))
    assert body["PersonalId"] == {"/Customers/known": "known", "/Customers/1?idType=x": "1"}.get(target, "a b")
    if "idType=7" in target:
        assert (body["PersonalIdTypeId"], body["PersonalIdTypeExtRef"]) == (7, "x")


@pytest.mark.parametrize("target", ["/Customers/%20", "/Customers/" + quote("😀" * 16)])
@pytest.mark.parametrize("name", EDGES)
def test_edge_case_is_there_for_an_id_that_nobody_can_have(shipped: Stub, name: str, target: str) -> None:
    plan = prefer(shipped.planner, f"edge={name}", target)

    assert (applied(plan), CustomerSchema().validate(read(plan))) == ((200, f"edge={name}"), {})


def test_edge_case_goes_with_the_status_that_it_has(planner: Planner) -> None:
    assert applied(prefer(planner, "code=200, edge=emoji")) == (200, "code=200, edge=emoji")


# Examples, and answers by name


@pytest.mark.parametrize(
    ("wanted", "target", "status", "said", "source"),
    [
        ("example=found", "/Customers/stranger", 200, "example=found", "example found"),
        ("example=sparse", "/Customers/stranger?idType=abc", 200, "example=sparse", "example sparse"),
        (BLANK, "/Customers/known", 400, BLANK, "example idTypeBlank"),
        ("example=idTypeBlank, code=400", "/Customers/known", 400, f"code=400, {BLANK}", "example idTypeBlank"),
        ("example=methodNotAllowed", "/Customers/known", 405, "example=methodNotAllowed", "example methodNotAllowed"),
        # Of the parameters: what is answered to it.
        ("example=missing", "/Customers/known", 200, "example=missing", f"generated{EVERYWHERE}"),
        (
            "example=missing, seed=7",
            "/Customers/known",
            200,
            "example=missing, seed=7",
            f"generated{EVERYWHERE}",
        ),
        # An answer, whatever its conditions, counts and chance.
        ("example=teapot", "/Customers/known", 418, "example=teapot", TEAPOT),
        ("example=once", "/Customers/known?idType=", 503, "example=once", "answer once files/all.yaml:17"),
        ("code=418, example=teapot", "/Customers/known", 418, "code=418, example=teapot", TEAPOT),
        (
            "example=everywhere",
            "/Customers/known",
            200,
            "example=everywhere",
            f"record files/all.yaml:3{EVERYWHERE}",
        ),
    ],
)  # fmt: skip
def test_example_is_given_by_its_name(
    planner: Planner, wanted: str, target: str, status: int, said: str, source: str
) -> None:
    plan = prefer(planner, wanted, target)

    assert (str(plan.source), applied(plan), plan.alarm) == (source, (status, said), None)


def test_example_of_the_contract_is_its_body(shipped: Stub) -> None:
    spec = shipped.contract.operations[0].responses[200]

    bodies = {name: read(prefer(shipped.planner, f"example={name}")) for name in spec.examples}

    assert list(bodies) == ["found", "sparse"]
    assert bodies == spec.examples


def test_answer_by_name_is_filled_in_by_the_request(planner: Planner) -> None:
    assert prefer(planner, "example=hello", "/Customers/a%20b").reply.body == b"hello a b"


def test_answer_of_a_session_is_given_by_its_name_in_that_session_alone(planner: Planner, write: Write) -> None:
    added = load_stub(fixtures=write("all.yaml", RECORDS.replace("418", "409").replace("name: hello", "name: mine")))
    session = Session()
    session.add(added.fixtures.answers)

    given = [applied(prefer(planner, f"example={name}", session=session))[0] for name in ("teapot", "mine", "hello")]
    elsewhere = [applied(prefer(planner, f"example={name}"))[0] for name in ("teapot", "mine", "hello")]

    assert (given, elsewhere) == ([409, 409, 409], [418, 400, 409])


# What is not there

EDGE_NAMES = ", ".join(EDGES)
EXAMPLES = "found, sparse, idTypeNotInteger, idTypeBlank, methodNotAllowed, serverError"
ANSWERS = "missing, teapot, everywhere, flow, once, hello"
NAMES = f"{EXAMPLES}, {ANSWERS}"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("code=199", "Prefer: code is '199'. Write a status from 200 to 599."),
        ("dynamic=yes", "Prefer: dynamic is 'yes'. Write true or false."),
        ("delay=61", "Prefer: delay is '61'. Write seconds from 0 to 60."),
        ("fault=rest", "Prefer: fault is 'rest'. Write one of reset, empty, close-mid-body, dribble."),
        ("seed=", None),
        ("seed", "Prefer: seed is ''. Write what it is to be, or leave it out."),
        ("edge=emojis", f"edge is 'emojis', which is not there; did you mean 'emoji'? There are {EDGE_NAMES}."),
        ("edge=xyz", f"edge is 'xyz', which is not there. There are {EDGE_NAMES}."),
        ("example=fund", f"example is 'fund', which is not there; did you mean 'found'? There are {NAMES}."),
        ("example=FOUND", f"example is 'FOUND', which is not there; did you mean 'found'? There are {NAMES}."),
        (
            "example=xyz, code=400",
            f"example is 'xyz', which is not there. There are idTypeNotInteger, idTypeBlank, found, sparse, {ANSWERS}.",
        ),
        ("example=found, code=503", "example is 'found', which is answered 200, and code is 503. Leave one out."),
        (
            f"{BLANK}, code=503",
            f"example is 'idTypeBlank', which is not there. There are found, sparse, {ANSWERS}.",
        ),
        # What does not go together.
        ("example=found, code=404", "example is 'found', which is answered 200, and code is 404. Leave one out."),
        ("example=teapot, code=404", "example is 'teapot', which is answered 418, and code is 404. Leave one out."),
        ("edge=emoji, example=found", "edge is 'emoji' and example 'found'. Ask for one of the two."),
        ("edge=emoji, code=404", "edge is a record, which comes with 200, and code is 404. Leave one out."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_400_that_lists_what_there_is(
    planner: Planner, wanted: str, message: str | None
) -> None:
    plan = prefer(planner, wanted)

    expected = refuse(message) if message else planner.plan(Request("GET", "/Customers/known"))
    assert plan == expected


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        ([], "There are none."),
        (["b", "c", "b"], "There are b, c."),
        (map(str, range(20)), f"There are {', '.join(map(str, range(20)))}."),
        (map(str, range(20 + 2000)), f"There are {', '.join(map(str, range(20)))} and 2,000 more."),
    ],
)
def test_long_lists_are_cut_short(names: list[str], listed: str) -> None:
    assert str(refuse_unknown("example", "x" * 100, names)) == f"example is '{'x' * 80}', which is not there. {listed}"


def test_answer_that_one_of_another_operation_hides_is_refuse_unknown(planner: Planner) -> None:
    session = Session()
    session.add([Answer("teapot", "getOther", (), AnswerReply(409), "run-time")])

    message = read(prefer(planner, "example=teapot", session=session))["Message"]

    listed = f"{EXAMPLES}, missing, everywhere, flow, once, hello"
    assert message == f"example is 'teapot', which is not there. There are {listed}."


def test_answer_that_is_hidden_is_listed_once(planner: Planner, write: Write) -> None:
    session, elsewhere = Session(), load_stub(fixtures=write("all.yaml", RECORDS)).fixtures.answers
    session.add([each for each in elsewhere if each.name == "hello"])

    message = read(prefer(planner, "example=xyz", session=session))["Message"]

    listed = f"{EXAMPLES}, missing, hello, teapot, everywhere, flow, once"
    assert message == f"example is 'xyz', which is not there. There are {listed}."


# A contract of its own


WITH_TEXTS = ("non-latin", "right-to-left", "emoji", "control-characters", "html")


def respond(schema: str, examples: Mapping[str, Json] | None = None, headers: Json = None) -> Json:
    named: Json = {name: {"value": value} for name, value in (examples or {}).items()}
    content: Json = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "examples": named}
    return {"description": "It is so.", "content": {"application/json": content}, "headers": headers or {}}


def require(schema: Json) -> Json:
    return {"required": True, "schema": schema}


SEVEN: dict[str, Json] = {"Number": 7, "Label": "seven"}
PROBLEM: dict[str, Json] = {"type": "about:blank", "title": "Gone", "code": 7}
OWN: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Boxes", "version": "1"},
    "paths": {
        "/boxes/{number}": {
            "get": {
                "operationId": "getBox",
                "parameters": [
                    {
                        "name": "number",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer", "format": "int32"},
                        "x-mock-selects": {"member": "Number"},
                    },
                    {"name": "__code", "in": "query", "schema": {"type": "string", "default": ""}},
                ],
                "responses": {
                    "200": respond("Box", headers={"X-Rate": require({"type": "integer", "minimum": 1, "maximum": 9})}),
                    "201": respond("Box", headers={"Location": {"example": "/boxes/7?a=b&c=\"d\"; e=100%, f"}}),
                    "204": respond("Box", {"empty": {"Number": 1}}),
                    "206": respond("HttpError"),
                    "304": {"description": "Not modified.", "headers": {"ETag": {"schema": {"const": 'W/"abc"'}}}},
                    "400": respond("Problem"),
                    "404": respond("Problem", {"gone": PROBLEM, "never": {**PROBLEM, "title": "Never"}}),
                    "410": respond("Problem", {"gone": {**PROBLEM, "code": 8}}),
                    "429": {
                        "description": "Slower.",
                        "headers": {
                            "Retry-After": require({"type": "integer", "enum": [60]}),
                            "X-Text": require({"type": "string"}),
                            "X-Name": {"schema": {"type": "string", "examples": ["דנה é", "b"]}},
                            "X-Default": {"schema": {"type": "string", "default": "usual"}},
                            "X-List": {"schema": {"const": ["a", 1, None]}},
                            "X-Map": {"schema": {"const": {"a": 1}}},
                            "X-Flag": {"examples": {"one": {"value": True}}},
                            "X-None": require({"type": "null"}),
                            "X-Optional": {"schema": {"type": "string"}},
                            "X-Bare": {"required": True, "content": {"text/plain": {}}},
                            "X-Mock-Source": require({"type": "string"}),
                            "Vary": {"schema": {"const": "Accept-Language"}},
                            "Connection": {"schema": {"const": "close"}},
                        },
                    },
                    "500": respond("HttpError"),
                },
            },
            "delete": {
                "operationId": "dropBox",
                "parameters": [
                    {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "format": "int32"}}
                ],
                "responses": {"204": {"description": "It is gone."}},
            },
        }
    },
    "components": {
        "schemas": {
            "Box": {
                "type": "object",
                "required": ["Number", "Label"],
                "properties": {
                    "Number": {"type": "integer", "minimum": 1, "maximum": 99},
                    "Label": {"type": "string", "maxLength": 20},
                },
            },
            "Problem": {
                "type": "object",
                "required": ["type", "title", "code"],
                "properties": {
                    "type": {"type": "string"},
                    "title": {"type": "string"},
                    "code": {"type": "integer", "minimum": 1, "maximum": 9},
                },
            },
            "HttpError": {
                "type": "object",
                "required": ["Message"],
                "properties": {"Message": {"type": "string"}},
            },
        }
    },
}  # fmt: skip


class BoxSchema(Schema):
    class Meta(Schema.Meta):
        unknown = RAISE

    Number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 99))
    Label = fields.String(required=True, validate=validate.Length(max=20))


class ProblemSchema(Schema):
    class Meta(Schema.Meta):
        unknown = RAISE

    type = fields.String(required=True)
    title = fields.String(required=True)
    code = fields.Integer(required=True, strict=True, validate=validate.Range(1, 9))


@pytest.fixture
def boxes(tmp_path: Path, write: Write) -> Planner:
    contract = tmp_path / "contract.yaml"
    contract.write_text(json.dumps(OWN), encoding="utf-8")
    folder = write("boxes.yaml", "schema: Box\nrecords: [{Number: 7, Label: seven}]")
    classes = {"Box": BoxSchema, "Problem": ProblemSchema}
    return load_stub(contract=contract, fixtures=folder, schemas=classes).planner


CHECKS: Mapping[int, type[Schema]] = {
    200: BoxSchema,
    201: BoxSchema,
    206: HttpErrorSchema,
    400: ProblemSchema,
    404: ProblemSchema,
    410: ProblemSchema,
    500: HttpErrorSchema,
}


@pytest.mark.parametrize("target", ["/boxes/7", "/boxes/8", "/boxes/100", "/boxes/x", "/boxes/%20"])
@pytest.mark.parametrize("status", CHECKS)
def test_declared_status_of_any_contract_passes_its_check(boxes: Planner, status: int, target: str) -> None:
    plan = prefer(boxes, f"code={status}", target)

    assert (applied(plan), plan.alarm) == ((status, f"code={status}"), None)
    assert CHECKS[status]().validate(read(plan)) == {}


@pytest.mark.parametrize(
    ("wanted", "target", "body"),
    [
        ("code=200", "/boxes/7", SEVEN),
        ("code=201", "/boxes/7", SEVEN),
        ("code=404", "/boxes/7", PROBLEM),
        ("code=410", "/boxes/7", {**PROBLEM, "code": 8}),
        ("code=500", "/boxes/7", {"Message": "An error has occurred."}),
        ("example=gone", "/boxes/7", PROBLEM),
        ("example=never", "/boxes/7", {**PROBLEM, "title": "Never"}),
        ("code=410, example=gone", "/boxes/7", {**PROBLEM, "code": 8}),
    ],
)
def test_body_of_a_status_is_the_contract_s_own(boxes: Planner, wanted: str, target: str, body: object) -> None:
    assert read(prefer(boxes, wanted, target)) == body


@pytest.mark.parametrize("name", ["empty-strings", "max-lengths", "min-numbers", "max-numbers", *WITH_TEXTS])
@pytest.mark.parametrize("target", ["/boxes/8", "/boxes/100", "/boxes/x"])
def test_edge_case_of_any_contract_passes_its_check(boxes: Planner, name: str, target: str) -> None:
    plan = prefer(boxes, f"edge={name}", target)

    assert (applied(plan), plan.alarm) == ((200, f"edge={name}"), None)
    assert BoxSchema().validate(read(plan)) == {}


@pytest.mark.parametrize("status", [204, 205, 304])
def test_status_that_has_no_body_has_none_whatever_the_contract_says(boxes: Planner, status: int) -> None:
    plan = prefer(boxes, f"code={status}", "/boxes/7")

    assert (applied(plan), plan.reply.body, plan.alarm) == ((status, f"code={status}"), b"", None)
    assert plan.reply.header("Content-Type") is None
    assert plan.reply.header("ETag") == ('W/"abc"' if status == 304 else None)


def test_example_of_a_status_that_has_no_body_is_refuse_unknown(boxes: Planner) -> None:
    message = read(prefer(boxes, "example=empty", "/boxes/7"))["Message"]

    assert message == "example is 'empty', which is not there. There are gone, never."


def test_headers_of_a_status_are_the_contract_s_own(boxes: Planner) -> None:
    created, slower = (prefer(boxes, f"code={code}", "/boxes/7").reply for code in (201, 429))

    assert created.header("Location") == '/boxes/7?a=b&c="d"; e=100%, f'
    known = {
        "Retry-After": "60",
        "X-Name": "%D7%93%D7%A0%D7%94 %C3%A9",
        "X-Flag": "true",
        "X-None": "",
        "X-Optional": None,
        "X-Default": "usual",
        "X-List": "a, 1, ",
        "X-Map": "",
        "Vary": "Accept-Language, Prefer",
    }
    assert {name: slower.header(name) for name in known} == known
    assert (slower.header("Connection"), slower.header("X-Mock-Source")) == (None, "code 429")
    assert all(slower.header(name) for name in ("X-Text", "X-Bare"))


def test_required_header_without_a_value_is_generated(boxes: Planner) -> None:
    values = [prefer(boxes, "code=200", f"/boxes/{number}").reply.header("X-Rate") for number in (7, 8)]

    assert all(value is not None and 1 <= int(value) <= 9 for value in values)


def test_parameter_of_the_contract_that_is_called_like_a_twin_is_bound(boxes: Planner) -> None:
    plans = [boxes.plan(Request("GET", f"/boxes/7?__code={code}")) for code in ("404", "nonsense")]

    assert [str(plan.source) for plan in plans] == ["record files/boxes.yaml:2"] * 2


@pytest.mark.parametrize("wanted", ["code=99", "example=xyz", "edge=xyz"])
def test_refusal_is_the_stub_s_own_whatever_the_contract_says_of_400(boxes: Planner, wanted: str) -> None:
    plan = prefer(boxes, wanted, "/boxes/7")

    assert (plan.reply.status, str(plan.source), list(read(plan)), plan.alarm) == (
        400,
        "preferences",
        ["Message"],
        None,
    )


@pytest.mark.parametrize(
    ("wanted", "status", "headers"),
    [
        ("code=405", 405, (("Allow", "DELETE"), ("Preference-Applied", "code=405"), VARY)),
        ("code=204", 204, (("Preference-Applied", "code=204"), VARY)),
        ("dynamic=true, seed=7", 204, (VARY,)),
    ],
)
def test_operation_without_records_has_statuses_too(boxes: Planner, wanted: str, status: int, headers: Headers) -> None:
    plan = boxes.plan(Request("DELETE", "/boxes/7", headers=(("prefer", wanted),)))

    assert (plan.reply.status, plan.reply.headers[3:-1]) == (status, headers)


@pytest.mark.parametrize(
    ("wanted", "listed"), [("edge=emoji", "edge is 'emoji'"), ("example=gone", "example is 'gone'")]
)
def test_operation_without_records_has_no_edge_cases_and_no_examples(boxes: Planner, wanted: str, listed: str) -> None:
    plan = boxes.plan(Request("DELETE", "/boxes/7", headers=(("prefer", wanted),)))

    assert (plan.reply.status, read(plan)) == (400, {"Message": f"{listed}, which is not there. There are none."})


def test_names_of_all_operations_are_listed(planner: Planner) -> None:
    assert planner.list_names("edge", NOTHING_ADDED) == tuple(EDGES)
    assert planner.list_names("example", NOTHING_ADDED) == tuple(f"{NAMES}".split(", "))


def test_names_of_any_contract_are_listed(boxes: Planner) -> None:
    edges = ("empty-strings", "max-lengths", "min-numbers", "max-numbers", *WITH_TEXTS)

    assert (boxes.list_names("edge", NOTHING_ADDED), boxes.list_names("example", NOTHING_ADDED)) == (
        edges,
        ("gone", "never"),
    )


def test_every_status_of_http_can_be_asked_for(shipped: Stub) -> None:
    statuses = [status.value for status in HTTPStatus if status.value >= 200]

    assert [prefer(shipped.planner, f"code={status}").reply.status for status in statuses] == statuses
