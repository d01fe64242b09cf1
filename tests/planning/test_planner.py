"""The journey of a request without Flask: what is answered, from where, and that nothing leaves unchecked."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from marshmallow import Schema, ValidationError, pre_load, validates_schema

from mockserver.documents.wording import show
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.checking import Plan
from mockserver.planning.kept_plans import KEPT_PLANS, KEPT_SIZE
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from tests.support.stubs import load_stub

Write = Callable[[str, str], Path]

JSON = ("Content-Type", "application/json; charset=utf-8")
TEXT_JSON = ("Content-Type", "text/json; charset=utf-8")
HOST = (("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"))

# Every record, and every line number in the tests below, is one of this file.
RECORDS = """\
schema: Customer
records:
  - PersonalId: untyped
    FirstName: Ada
    Sex: 2
  - PersonalId: typed
    PersonalIdTypeId: 1
    PersonalIdTypeExtRef: CARD
  - PersonalId: answered
answers:
  - name: teapot
    operation: getCustomer
    when: {id: answered}
    reply: {status: 418, headers: {X-Pot: blue}, text: short and stout}
  - name: nobody
    operation: getCustomer
    when: {id: ""}
    reply: {status: 503}
  - name: too-long
    operation: getCustomer
    when: {id: {matches: "x{31,}"}}
    reply: {status: 503}
  - name: broken
    operation: getCustomer
    when: {id: broken}
    unchecked: true
    reply: {body: {Sex: 64}}
  - name: crash
    operation: getCustomer
    when: {id: crash}
    reply: {status: 500}
"""


@pytest.fixture
def planner(write: Write) -> Planner:
    return load_stub(fixtures=write("all.yaml", RECORDS)).planner


@pytest.fixture
def source_to_planner(write: Write) -> Mapping[str, Planner]:
    folder = write("all.yaml", RECORDS)
    return {source: load_stub(fixtures=folder, source=source).planner for source in ("auto", "fixtures", "generated")}


def get(planner: Planner, target: str, *headers: tuple[str, str]) -> Plan:
    return planner.plan(Request("GET", target, headers=headers))


def read(plan: Plan) -> dict[str, object]:
    body: dict[str, object] = json.loads(plan.reply.body)
    return body


def identify(plan: Plan) -> tuple[object, object, object]:
    body = read(plan)
    return body["PersonalId"], body["PersonalIdTypeId"], body["PersonalIdTypeExtRef"]


# The order of the journey


@pytest.mark.parametrize(
    ("method", "target", "status", "source"),
    [
        ("GET", "/Customers", 404, "framework"),
        ("GET", "/Customers/a/b", 404, "framework"),
        ("POST", "/Customers", 404, "framework"),
        ("POST", "/Customers/answered", 405, "framework"),
        ("POST", "/Customers/answered?idType=abc", 405, "framework"),
        ("GET", "/Customers/answered?idType=abc", 400, "framework"),
        ("GET", "/Customers/untyped?idType=", 400, "framework"),
        ("GET", "/Customers/answered", 418, "answer teapot files/all.yaml:11"),
        ("GET", "/Customers/untyped", 200, "record files/all.yaml:3"),
        ("GET", "/API/Customers/untyped", 200, "record files/all.yaml:3"),
        ("GET", "/Customers/stranger", 200, "generated"),
        ("GET", "/Customers/%20?idType=1", 503, "answer nobody files/all.yaml:15"),
        ("GET", "/Customers/%C3%BC" + "x" * 30, 404, "no record"),
    ],
)
def test_first_step_with_something_to_say_answers(
    planner: Planner, method: str, target: str, status: int, source: str
) -> None:
    plan = planner.plan(Request(method, target))

    assert (plan.reply.status, str(plan.source), plan.alarm) == (status, source, None)


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("/nowhere", "/nowhere"),
        ("/Customers/a%2Fb?c=d%20e", "/Customers/a%2Fb?c=d e"),
        ("/Customers/%D7%A9/x", "/Customers/ש/x"),
    ],
)
def test_unknown_route_is_quoted_in_full(planner: Planner, target: str, uri: str) -> None:
    plan = planner.plan(Request("GET", target, "https", "Example.com:8443"))

    message = f"No HTTP resource was found that matches the request URI 'https://example.com:8443{uri}'."
    headers = (*HOST, JSON, ("X-Mock-Source", "framework"))
    assert plan == Plan(Reply(404, headers, f'{{"Message":"{message}"}}'.encode()), Source("framework"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY", "x"])
def test_other_method_is_refused_with_the_allowed_one(planner: Planner, method: str) -> None:
    plan = planner.plan(Request(method, "/Customers/1"))

    body = f"""{{"Message":"The requested resource does not support http method '{method}'."}}"""
    headers = (*HOST, JSON, ("Allow", "GET"), ("X-Mock-Source", "framework"))
    assert plan == Plan(Reply(405, headers, body.encode()), Source("framework"))


def test_method_in_lower_case_is_the_same_method(planner: Planner) -> None:
    plan = planner.plan(Request("get", "/Customers/untyped"))

    assert plan == get(planner, "/Customers/untyped")


@pytest.mark.parametrize(
    ("query", "state"),
    [
        ("idType=abc", {"idType": ["The value 'abc' is not valid for Int32."]}),
        ("idType=1.0", {"idType": ["The value '1.0' is not valid for Int32."]}),
        ("idType=2147483648", {"idType": ["An error has occurred."]}),
        ("idType=abc&idType=1", {"idType": ["The value 'abc,1' is not valid for Int32."]}),
        ("=abc", {"": ["The value 'abc' is not valid for Int32."]}),
    ],
)
def test_id_type_that_is_no_int32_is_named(planner: Planner, query: str, state: object) -> None:
    plan = get(planner, f"/Customers/untyped?{query}")

    expected = {"Message": "The request is invalid.", "ModelState": state}
    assert (plan.reply.status, read(plan)) == (400, expected)


@pytest.mark.parametrize("query", ["idType=", "idType", "idType=%20", "idType=+", "&", "idTypeExtRef=x&", "IDTYPE="])
def test_blank_id_type_is_invalid_without_model_state(planner: Planner, query: str) -> None:
    plan = get(planner, f"/Customers/untyped?{query}")

    headers = (*HOST, JSON, ("X-Mock-Source", "framework"))
    assert plan == Plan(Reply(400, headers, b'{"Message":"The request is invalid."}'), Source("framework"))


@pytest.mark.parametrize(
    "query", ["idTypeExtRef=", "idTypeExtRef", "idTypeExtRef=%20", "idType=0&", "unknown=1", "id[=2"]
)
def test_query_that_restricts_nothing_changes_nothing(planner: Planner, query: str) -> None:
    plan = get(planner, f"/Customers/typed?{query}")

    assert plan == get(planner, "/Customers/typed")


# Where records come from


@pytest.mark.parametrize(
    ("target", "auto", "fixtures", "generated"),
    [
        ("/Customers/untyped", "record files/all.yaml:3", "record files/all.yaml:3", "generated"),
        ("/Customers/untyped?idType=9", "record files/all.yaml:3", "record files/all.yaml:3", "generated"),
        ("/Customers/typed?idType=1", "record files/all.yaml:6", "record files/all.yaml:6", "generated"),
        ("/Customers/typed?idType=2", "generated", "no record", "generated"),
        ("/Customers/typed?idTypeExtRef=card", "generated", "no record", "generated"),
        ("/Customers/typed?idType=1&idTypeExtRef=X", "generated", "no record", "generated"),
        ("/Customers/TYPED", "generated", "no record", "generated"),
        ("/Customers/stranger", "generated", "no record", "generated"),
        ("/Customers/%C3%BC" + "x" * 30, "no record", "no record", "no record"),
        ("/Customers/answered", *["answer teapot files/all.yaml:11"] * 3),
    ],
)
def test_source_decides_where_records_come_from(
    source_to_planner: Mapping[str, Planner], target: str, auto: str, fixtures: str, generated: str
) -> None:
    sources = {source: str(get(planner, target).source) for source, planner in source_to_planner.items()}

    assert sources == {"auto": auto, "fixtures": fixtures, "generated": generated}


@pytest.mark.parametrize("source", ["auto", "fixtures", "generated"])
@pytest.mark.parametrize("text", [" ", "\t\n", "\u3000", "x" * 31, "😀" * 15 + "x", "😀" * 16])
def test_id_that_nobody_can_have_is_not_found(source: str, text: str) -> None:
    planner = load_stub(source=source).planner

    plan = get(planner, f"/Customers/{quote(text)}")

    assert plan == Plan(Reply(404, (*HOST, ("X-Mock-Source", "no record"))), Source("no record"))


@pytest.mark.parametrize("text", ["x" * 30, "😀" * 15, "é" * 30, "0", "null", "a b", "\x00", "%", "..x"])
def test_any_other_id_comes_back_as_the_personal_id(planner: Planner, text: str) -> None:
    plan = get(planner, f"/Customers/{quote(text)}")

    assert (str(plan.source), identify(plan)) == ("generated", (text, 0, ""))


@pytest.mark.parametrize(
    ("text", "source"),
    [(" ", "answer nobody files/all.yaml:15"), ("x" * 31, "answer too-long files/all.yaml:19")],
)
def test_answer_for_an_id_that_nobody_can_have_answers(
    source_to_planner: Mapping[str, Planner], text: str, source: str
) -> None:
    plans = [get(planner, f"/Customers/{quote(text)}") for planner in source_to_planner.values()]

    assert [(plan.reply.status, str(plan.source)) for plan in plans] == [(503, source)] * 3


@pytest.mark.parametrize("name", ["untyped", "stranger"])
@pytest.mark.parametrize(
    ("query", "id_type", "reference"),
    [
        ("", 0, ""),
        ("idType=0", 0, ""),
        ("idType=7", 7, ""),
        ("idType=-2147483648", -2147483648, ""),
        ("idType=0x1F", 31, ""),
        ("idTypeExtRef=a%20b", 0, "a b"),
        ("idType=7&idTypeExtRef=%D7%A9", 7, "ש"),
        ("idTypeExtRef=%20", 0, ""),
    ],
)
def test_id_type_comes_back_as_asked(planner: Planner, name: str, query: str, id_type: int, reference: str) -> None:
    plan = get(planner, f"/Customers/{name}?{query}")

    assert identify(plan) == (name, id_type, reference)


@pytest.mark.parametrize("query", ["", "idType=1", "idTypeExtRef=CARD", "idType=1&idTypeExtRef=CARD"])
def test_id_type_of_a_record_that_gives_it_comes_back_as_given(planner: Planner, query: str) -> None:
    plan = get(planner, f"/Customers/typed?{query}")

    assert identify(plan) == ("typed", 1, "CARD")


@pytest.mark.parametrize("name", ["untyped", "stranger"])
def test_person_is_the_same_under_whatever_type(planner: Planner, name: str) -> None:
    plain = read(get(planner, f"/Customers/{name}"))

    typed = read(get(planner, f"/Customers/{name}?idType=3&idTypeExtRef=X"))

    assert typed == plain | {"PersonalIdTypeId": 3, "PersonalIdTypeExtRef": "X"}


def test_id_with_records_is_one_generated_person_under_all_other_types(planner: Planner) -> None:
    second, third = (read(get(planner, f"/Customers/typed?idType={number}")) for number in (2, 3))

    assert third == second | {"PersonalIdTypeId": 3}


def test_members_of_a_record_stay_and_the_rest_is_generated(planner: Planner) -> None:
    generated = read(get(load_stub(source="generated").planner, "/Customers/untyped"))

    recorded = read(get(planner, "/Customers/untyped"))

    assert list(recorded) == list(generated) == list(CustomerSchema().fields)
    assert (recorded["FirstName"], recorded["Sex"]) == ("Ada", 2)
    assert {name for name in recorded if recorded[name] != generated[name]} <= {"FirstName", "LastName", "Email", "Sex"}


def test_seed_changes_generated_records_only(write: Write) -> None:
    folder = write("all.yaml", "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada, Sex: 2}]")

    first, second = (load_stub(fixtures=folder, seed=seed).planner for seed in ("1", "2"))

    assert read(get(first, "/Customers/a"))["FirstName"] == read(get(second, "/Customers/a"))["FirstName"] == "Ada"
    assert read(get(first, "/Customers/b")) != read(get(second, "/Customers/b"))


# Answers and decorations

DECORATED = """\
schema: Customer
records:
  - PersonalId: recorded
answers:
  - name: everywhere
    operation: getCustomer
    reply: {headers: {X-Env: stub, Retry-After: 5}}
  - name: precise
    operation: getCustomer
    when: {id: [recorded, late, stranger]}
    reply: {headers: {X-Env: precise, Set-Cookie: [a=1, b=2]}}
  - name: late
    operation: getCustomer
    when: {id: late}
    reply: {status: 503, headers: {Retry-After: 30}}
  - name: rest
    operation: getCustomer
    when: {id: {matches: "x.*"}}
    reply: {status: 204}
"""


@pytest.mark.parametrize(
    ("target", "status", "source", "headers"),
    [
        (
            "/Customers/recorded",
            200,
            "record files/all.yaml:3 + answer precise files/all.yaml:8 + answer everywhere files/all.yaml:5",
            (JSON, ("Retry-After", "5"), ("X-Env", "precise"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        ),
        (
            "/Customers/stranger",
            200,
            "generated + answer precise files/all.yaml:8 + answer everywhere files/all.yaml:5",
            (JSON, ("Retry-After", "5"), ("X-Env", "precise"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")),
        ),
        (
            "/Customers/other",
            200,
            "generated + answer everywhere files/all.yaml:5",
            (JSON, ("X-Env", "stub"), ("Retry-After", "5")),
        ),
        (
            "/Customers/late",
            503,
            "answer late files/all.yaml:12 + answer precise files/all.yaml:8 + answer everywhere files/all.yaml:5",
            (("X-Env", "precise"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Retry-After", "30")),
        ),
        (
            "/Customers/xyz",
            204,
            "answer rest files/all.yaml:16 + answer everywhere files/all.yaml:5",
            (("X-Env", "stub"), ("Retry-After", "5")),
        ),
        ("/Customers/recorded?idType=x", 400, "framework", (JSON,)),
    ],
)
def test_decorations_add_their_headers_to_the_answer_given_otherwise(
    write: Write, target: str, status: int, source: str, headers: Headers
) -> None:
    planner = load_stub(fixtures=write("all.yaml", DECORATED)).planner

    plan = get(planner, target)

    assert (plan.reply.status, str(plan.source)) == (status, source)
    assert plan.reply.headers == (*HOST, *headers, ("X-Mock-Source", source))


def test_decoration_leaves_the_body_alone(write: Write) -> None:
    plain = load_stub(fixtures=write("all.yaml", DECORATED.partition("answers:")[0])).planner
    decorated = load_stub(fixtures=write("all.yaml", DECORATED)).planner

    bodies = {get(planner, "/Customers/recorded").reply.body for planner in (plain, decorated)}

    assert len(bodies) == 1


def test_unchecked_answer_is_served_as_it_stands_and_marked(planner: Planner) -> None:
    plan = get(planner, "/Customers/broken")

    missing = [name for name in CustomerSchema().fields if name != "Sex"]
    named = ", ".join(["Sex", *missing[:9]])
    headers = (*HOST, JSON, ("X-Mock-Source", "answer broken files/all.yaml:23"), ("X-Mock-Breach", named))
    assert plan == Plan(Reply(200, headers, b'{"Sex":64}'), Source("answer", "broken", "files/all.yaml:23"))


def test_unchecked_answer_without_a_breach_is_marked_too(write: Write) -> None:
    answers = "answers: [{name: a, operation: getCustomer, unchecked: true, reply: {status: 409, text: no}}]"

    plan = get(load_stub(fixtures=write("all.yaml", answers)).planner, "/Customers/1")

    text = ("Content-Type", "text/plain; charset=utf-8")
    headers = (*HOST, text, ("X-Mock-Source", "answer a files/all.yaml:1"), ("X-Mock-Breach", "unchecked"))
    assert plan.reply == Reply(409, headers, b"no")


def test_source_is_percent_encoded_in_its_header(write: Write) -> None:
    folder = write("כרטיס 100%.yaml", "schema: Customer\nrecords: [{PersonalId: a}]")

    plan = get(load_stub(fixtures=folder).planner, "/Customers/a")

    header = "record files/%D7%9B%D7%A8%D7%98%D7%99%D7%A1 100%25.yaml:2"
    assert (str(plan.source), plan.reply.header("x-mock-source")) == ("record files/כרטיס 100%.yaml:2", header)


# Media types and headers


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("text/json", TEXT_JSON),
        ("TEXT/JSON", TEXT_JSON),
        ("text/*", TEXT_JSON),
        ("text/json;q=0.5, application/json;q=0.4", TEXT_JSON),
        ("application/xml, text/json", TEXT_JSON),
        ("application/xml", JSON),
        ("text/html", JSON),
        ("application/json;q=0, text/json;q=0", JSON),
        ("not a media type", JSON),
    ],
)
@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/Customers/untyped", 200),
        ("GET", "/Customers/stranger", 200),
        ("GET", "/Customers/1?idType=x", 400),
        ("GET", "/nowhere", 404),
        ("POST", "/Customers/1", 405),
        ("GET", "/Customers/crash", 500),
    ],
)
def test_accept_chooses_between_the_two_media_types_and_is_never_refused(
    planner: Planner, method: str, target: str, status: int, accept: str | None, content_type: tuple[str, str]
) -> None:
    headers = () if accept is None else (("accept", accept),)

    plan = planner.plan(Request(method, target, headers=headers))

    assert (plan.reply.status, plan.reply.header("Content-Type")) == (status, content_type[1])


def test_media_type_of_the_request_decides_where_accept_does_not(planner: Planner) -> None:
    plan = get(planner, "/Customers/untyped", ("accept", "image/png"), ("content-type", "text/json; charset=x"))

    assert plan.reply.header("Content-Type") == TEXT_JSON[1]


@pytest.mark.parametrize("target", ["/Customers/" + "x" * 31, "/Customers/%20"])
def test_empty_answer_has_no_content_type_whatever_is_accepted(write: Write, target: str) -> None:
    empty = write("all.yaml", "answers: [{name: a, operation: getCustomer, when: {id: none}, reply: {status: 404}}]")

    plan = get(load_stub(fixtures=empty).planner, target, ("accept", "text/json"))

    assert (plan.reply.headers[:-1], plan.reply.body) == (HOST, b"")


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/Customers/untyped", 200),
        ("GET", "/Customers/1?idType=x", 400),
        ("GET", "/nowhere", 404),
        ("GET", "/Customers/%C3%BC" + "x" * 30, 404),
        ("POST", "/Customers/1", 405),
        ("GET", "/Customers/answered", 418),
        ("GET", "/Customers/crash", 500),
    ],
)
def test_every_answer_has_the_headers_of_the_host(planner: Planner, method: str, target: str, status: int) -> None:
    plan = planner.plan(Request(method, target))

    assert (plan.reply.status, plan.reply.headers[:3]) == (status, HOST)


def test_answer_may_change_a_header_of_the_host(write: Write) -> None:
    answers = "answers: [{name: a, operation: getCustomer, reply: {status: 404, headers: {cache-control: no-store}}}]"

    plan = get(load_stub(fixtures=write("all.yaml", answers)).planner, "/Customers/1")

    source = ("X-Mock-Source", "answer a files/all.yaml:1")
    assert plan.reply.headers == (("Pragma", "no-cache"), ("Expires", "-1"), ("cache-control", "no-store"), source)


# The check

CHECKED = """\
schema: Customer
records:
  - PersonalId: a
    Notes: null
    CustomProperties: {שם: x, b c: y}
"""


def make_stricter(base: type[Schema], errors: object) -> type[Schema]:
    """A class with a rule on whole bodies, so that no file shows at load that it will be broken."""

    class Stricter(base):  # type: ignore[valid-type, misc]  # a class known only at run time
        @validates_schema
        def refuse(self, _data: object, *, partial: bool | None, **_: object) -> None:
            if not partial:
                raise ValidationError(errors)  # type: ignore[arg-type]  # rows below are of the forms it takes

    return Stricter


def load_strict(write: Write, errors: object, on_breach: str = "refuse") -> Planner:
    schemas = {"Customer": make_stricter(CustomerSchema, errors)}
    return load_stub(fixtures=write("a.yaml", CHECKED), schemas=schemas, on_breach=on_breach).planner


@pytest.mark.parametrize(
    ("target", "errors", "source", "breach", "header"),
    [
        ("a", {"Notes": ["No nulls."]}, "record files/a.yaml:3", "Notes is null, no nulls (files/a.yaml:4)", "Notes"),
        ("a", {"Sex": ["No men."]}, "record files/a.yaml:3", "Sex is 1, no men (files/a.yaml:3)", "Sex"),
        ("b", {"PersonalId": ["Not he."]}, "generated", "PersonalId is 'b', not he (generated)", "PersonalId"),
        (
            "a",
            {"CustomProperties": {"שם": ["No."], "b c": ["No."]}},
            "record files/a.yaml:3",
            "CustomProperties.שם is 'x', no (files/a.yaml:5); CustomProperties.b c is 'y', no (files/a.yaml:5)",
            "CustomProperties.%D7%A9%D7%9D, CustomProperties.b%20c",
        ),
    ],
)
def test_breach_of_the_running_stub_is_reported_in_place_of_the_answer(
    write: Write, target: str, errors: object, source: str, breach: str, header: str
) -> None:
    planner = load_strict(write, errors)

    plan = get(planner, f"/Customers/{target}", ("accept", "text/json"))

    alarm = f"getCustomer 200: {breach}"
    headers = (*HOST, JSON, ("X-Mock-Source", source), ("X-Mock-Breach", header))
    body = f"""{{"Message":"An error has occurred.","MessageDetail":"{alarm}"}}"""
    assert (plan.reply, str(plan.source), plan.alarm) == (Reply(500, headers, body.encode()), source, alarm)


def test_breach_of_a_body_as_a_whole_shows_its_beginning(write: Write) -> None:
    body = read(get(load_strict(write, {}), "/Customers/a"))

    plan = get(load_strict(write, "It is too long."), "/Customers/a")

    alarm = f"getCustomer 200: the body is {show(body)}, it is too long (files/a.yaml:3)"
    assert (plan.reply.header("X-Mock-Breach"), plan.alarm) == ("body", alarm)


def test_report_names_ten_breaches_and_counts_the_rest(write: Write) -> None:
    names = list(CustomerSchema().fields)

    plan = get(load_strict(write, {name: ["No."] for name in names}), "/Customers/b")

    assert plan.alarm is not None
    assert [part.partition(" is ")[0] for part in plan.alarm.removeprefix("getCustomer 200: ").split("; ")] == [
        *names[:10],
        "and 6 more",
    ]
    assert plan.reply.header("X-Mock-Breach") == ", ".join(names[:10])


@pytest.mark.parametrize("target", ["/Customers/a", "/Customers/b"])
def test_breach_is_served_as_it_stands_where_breaches_only_warn(write: Write, target: str) -> None:
    plain = get(load_stub(fixtures=write("a.yaml", CHECKED)).planner, target)

    plan = get(load_strict(write, {"Sex": ["No."], "Notes": ["No."]}, on_breach="warn"), target)

    assert plan == Plan(plain.reply.with_headers((("X-Mock-Breach", "Sex, Notes"),)), plain.source)


@pytest.mark.parametrize(
    ("method", "target", "status", "operation", "message"),
    [
        (
            "GET",
            "/x",
            404,
            "no operation",
            "No HTTP resource was found that matches the request URI 'http://localhost/x'.",
        ),
        ("POST", "/Customers/1", 405, "getCustomer", "The requested resource does not support http method 'POST'."),
        ("GET", "/Customers/1?idType=x", 400, "getCustomer", "The request is invalid."),
        ("GET", "/Customers/1?idType=", 400, "getCustomer", "The request is invalid."),
    ],
)
def test_errors_of_the_framework_are_checked_too(
    write: Write, method: str, target: str, status: int, operation: str, message: str
) -> None:
    schemas = {"HttpError": make_stricter(HttpErrorSchema, {"Message": ["no error is allowed"]})}
    folder = write("a.yaml", CHECKED)

    plan = load_stub(fixtures=folder, schemas=schemas).planner.plan(Request(method, target))

    assert plan.alarm == f"{operation} {status}: Message is {show(message)}, no error is allowed (framework)"
    assert read(plan) == {"Message": "An error has occurred.", "MessageDetail": plan.alarm}


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/nowhere", 404),
        ("POST", "/Customers/1", 405),
        ("GET", "/Customers/1?idType=x", 400),
        ("GET", "/Customers/crash", 500),
    ],
)
def test_errors_are_marked_where_breaches_only_warn(write: Write, method: str, target: str, status: int) -> None:
    schemas = {"HttpError": make_stricter(HttpErrorSchema, {"Message": ["no error is allowed"]})}
    planner = load_stub(fixtures=write("a.yaml", RECORDS), schemas=schemas, on_breach="warn").planner

    plan = planner.plan(Request(method, target))

    assert (plan.reply.status, plan.reply.header("X-Mock-Breach"), plan.alarm) == (status, "Message", None)


@pytest.mark.parametrize(("target", "status"), [("/Customers/a", 200), ("/Customers/b", 200), ("/nowhere", 404)])
def test_check_is_made_on_the_bytes_that_are_sent(write: Write, target: str, status: int) -> None:
    checked: list[object] = []

    def note(base: type[Schema]) -> type[Schema]:
        class Noting(base):  # type: ignore[valid-type, misc]  # a class known only at run time
            @pre_load
            def note(self, data: object, *, partial: bool | None, **_: object) -> object:
                if not partial:
                    checked.append(data)
                return data

        return Noting

    schemas = {"Customer": note(CustomerSchema), "HttpError": note(HttpErrorSchema)}
    plan = get(load_stub(fixtures=write("a.yaml", CHECKED), schemas=schemas).planner, target)

    assert (plan.reply.status, checked[-1:]) == (status, [read(plan)])


# Kept plans


@pytest.mark.parametrize(
    ("incoming", "is_kept"),
    [
        (Request("GET", "/Customers/1"), True),
        (Request("GET", "/Customers/none?idType=x"), True),
        (Request("GET", "/Customers/1?x=" + "y" * KEPT_SIZE), False),
        (Request("X" * KEPT_SIZE, "/Customers/1"), False),
        (Request("GET", "/Customers/1", host="h" * KEPT_SIZE), False),
        (Request("GET", "/Customers/1", headers=(("accept", "a" * KEPT_SIZE),)), False),
        (Request("GET", "/Customers/large"), False),
    ],
)
def test_only_small_plans_are_kept(write: Write, incoming: Request, is_kept: bool) -> None:
    large = "y" * KEPT_SIZE
    answers = f"answers: [{{name: a, operation: getCustomer, when: {{id: large}}, reply: {{text: {large}}}}}]"
    planner = load_stub(fixtures=write("a.yaml", answers.replace("text", "status: 409, text"))).planner

    first, second = planner.plan(incoming), planner.plan(incoming)

    assert (first == second, first is second) == (True, is_kept)


def test_oldest_plan_makes_room_for_a_new_one() -> None:
    planner = load_stub().planner
    plans = [get(planner, f"/nowhere/{number}") for number in range(KEPT_PLANS + 1)]

    again = [get(planner, f"/nowhere/{number}") for number in (KEPT_PLANS, 1, 0)]

    assert [plan is plans[at] for plan, at in zip(again, (KEPT_PLANS, 1, 0), strict=True)] == [True, True, False]
    assert again[2] == plans[0]


def test_threads_get_the_plans_that_one_thread_gets() -> None:
    targets = [f"/Customers/{number % 150}?idType={number % 3}" for number in range(600)]
    alone, shared = load_stub().planner, load_stub().planner

    with ThreadPoolExecutor(8) as pool:
        plans = list(pool.map(lambda target: get(shared, target), targets))

    assert plans == [get(alone, target) for target in targets]
