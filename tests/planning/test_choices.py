"""What a request can choose: a status, an example or answer by name, or an edge case."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from marshmallow import Schema

from mockserver.documents.json_text import write_json
from mockserver.fixtures.conditions import Condition
from mockserver.generation.edges import EDGES
from mockserver.http.headers import Headers
from mockserver.http.messages import Reply, Request
from mockserver.http.preferences import Preferences
from mockserver.http.sources import Source
from mockserver.planning.choices import refuse_unknown
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from mockserver.state.sessions import Session
from tests.support.answers import make_answer
from tests.support.plans import (
    HOST,
    JSON,
    KNOWN,
    NAMES,
    RECORDS,
    STRANGER,
    VARY,
    BoxSchema,
    ProblemSchema,
    ask,
    load_planner,
    read,
    summarize,
    tell,
)
from tests.support.shipped import CUSTOMER

TEAPOT, BLANK = "answer teapot", "example=idTypeBlank"


def sent(status: int, body: object, *headers: tuple[str, str], source: str) -> tuple[Reply, Source]:
    """Return the reply and the source of a status that was chosen by its number."""
    content = b"" if body is None else write_json(body).encode()
    all_headers = (*HOST, *([] if body is None else [JSON]), *headers, VARY, ("X-Mock-Source", source))
    kind, _, name = source.partition(" ")
    return Reply(status, all_headers, content), Source(kind, name or None)


# Statuses

BODIES: dict[int, object] = {
    400: {"Message": "The request is invalid.", "ModelState": {"idType": ["The value 'abc' is not valid for Int32."]}},
    405: {"Message": "The requested resource does not support http method 'POST'."},
    500: {"Message": "An error has occurred."},
}
"""The contract's own, by status; all others but 200 have no content."""


def test_any_status_follows_the_contract(planner: Planner) -> None:
    statuses = [*range(201, 600)]

    plans = {status: ask(planner, KNOWN, f"code={status}") for status in statuses}

    assert {status: (plan.reply, plan.source) for status, plan in plans.items()} == {
        status: sent(
            status,
            BODIES.get(status),
            *([("Allow", "GET")] if status == 405 else []),
            ("Preference-Applied", f"code={status}"),
            source=f"code {status}",
        )
        for status in statuses
    }


@pytest.mark.parametrize(
    ("target", "source", "name"),
    [
        *((f"{KNOWN}{query}", "record", "known") for query in ("", "?idType=7", "?idType=abc", "?idType=")),
        # No answer stands in the way, and a value that nobody can have is left out.
        *((STRANGER, "generated", "stranger"), ("/Customers/answered", "generated", "answered")),
        *((f"/Customers/{name}", "generated", None) for name in ("x" * 31, "%20")),
    ],
)
def test_success_is_a_record_or_generated(planner: Planner, target: str, source: str, name: str | None) -> None:
    plan = ask(planner, target, "code=200")

    assert (summarize(plan), CustomerSchema().validate(read(plan))) == ((200, source, "code=200"), {})
    assert name in (None, read(plan)["PersonalId"])


@pytest.mark.parametrize(
    ("dynamic", "target", "source", "applied"),
    [
        *(("true", KNOWN, "generated", ", dynamic=true"), ("false", KNOWN, "record", ", dynamic=false")),
        ("false", STRANGER, "generated", ""),
    ],
)
def test_dynamic_is_applied_only_if_it_is_met(
    planner: Planner, dynamic: str, target: str, source: str, applied: str
) -> None:
    plan = ask(planner, target, f"code=200, dynamic={dynamic}")

    assert summarize(plan) == (200, source, f"code=200{applied}")


def test_not_found_is_as_the_host_phrases_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, bodies = tmp_path_factory.mktemp("hosts"), {}
    for missing in ("empty", "message", "null"):
        plan = ask(load_planner(folder, missing=missing), KNOWN, "code=404, dynamic=true")
        assert summarize(plan) == (404, "code 404", "code=404")
        bodies[missing] = plan.reply.body

    message = b"""{"Message":"Customer 'known' was not found."}"""
    assert bodies == {"empty": b"", "message": message, "null": b""}


# Edge cases


@pytest.mark.parametrize("name", EDGES)
def test_edge_case_passes_check_and_matches_request(planner: Planner, name: str) -> None:
    for target, id_ in {
        KNOWN: "known",
        "/Customers/a%20b?idType=7&idTypeExtRef=x": "a b",
        "/Customers/1?idType=x": "1",
        # Nobody can have these ids.
        **dict.fromkeys(("/Customers/%20", "/Customers/" + quote("😀" * 16))),
    }.items():
        plan = ask(planner, target, f"edge={name}")

        body = read(plan)
        assert (summarize(plan), plan.alarm) == ((200, f"edge {name}", f"edge={name}"), None)
        assert (CustomerSchema().validate(body), list(body)) == ({}, list(CustomerSchema().fields))
        assert id_ in (None, body["PersonalId"])
        if "idType=7" in target:
            assert (body["PersonalIdTypeId"], body["PersonalIdTypeExtRef"]) == (7, "x")


# Examples, and answers by name


@pytest.mark.parametrize(
    ("prefer", "target", "expected"),
    [
        ("code=200, edge=emoji", KNOWN, (200, "edge emoji", "code=200, edge=emoji")),
        ("example=found", STRANGER, (200, "example found", "example=found")),
        ("example=sparse", f"{STRANGER}?idType=abc", (200, "example sparse", "example=sparse")),
        (BLANK, KNOWN, (400, "example idTypeBlank", BLANK)),
        ("example=idTypeBlank, code=400", KNOWN, (400, "example idTypeBlank", f"code=400, {BLANK}")),
        ("example=methodNotAllowed", KNOWN, (405, "example methodNotAllowed", "example=methodNotAllowed")),
        # An example of the parameters is answered as a request with these.
        *((f"example=missing{seed}", KNOWN, (200, "generated", f"example=missing{seed}")) for seed in ("", ", seed=7")),
        ("example=missing, code=200", KNOWN, (200, "generated", "code=200, example=missing")),
        # An answer is given whatever its conditions, counts and chance.
        ("example=teapot", KNOWN, (418, TEAPOT, "example=teapot")),
        ("code=418, example=teapot", KNOWN, (418, TEAPOT, "code=418, example=teapot")),
        ("example=once", f"{KNOWN}?idType=", (503, "answer once", "example=once")),
    ],
)
def test_example_is_given_by_its_name(
    planner: Planner, prefer: str, target: str, expected: tuple[int, str, str | None]
) -> None:
    plan = ask(planner, target, prefer)

    assert (summarize(plan), plan.alarm) == (expected, None)


EVERYWHERE = "  - {name: everywhere, operation: getCustomer, reply: {headers: {X-Env: stub}}}\n"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        *(("found", "example found"), ("missing", "generated + answer everywhere"), ("teapot", TEAPOT)),
        ("everywhere", "record + answer everywhere"),
    ],
)
def test_decorations_come_with_examples_of_the_parameters(
    tmp_path_factory: pytest.TempPathFactory, name: str, source: str
) -> None:
    planner = load_planner(tmp_path_factory.mktemp("decorated"), RECORDS + EVERYWHERE)

    plan = ask(planner, KNOWN, f"example={name}")

    assert (tell(plan.source), plan.alarm) == (source, None)


def test_example_of_the_contract_is_its_body(planner: Planner) -> None:
    examples = CUSTOMER.responses[200].examples

    assert {name: read(ask(planner, KNOWN, f"example={name}")) for name in ("found", "sparse")} == examples


def test_answer_by_name_is_filled_from_the_request(planner: Planner) -> None:
    assert ask(planner, "/Customers/a%20b", "example=hello").reply.body == b"hello a b"


def test_session_answer_is_given_only_in_its_session(planner: Planner) -> None:
    session = Session()
    session.add([make_answer("teapot", 410), make_answer("mine", 411)])

    statuses = [
        [ask(planner, KNOWN, f"example={name}", each).reply.status for name in ("teapot", "mine", "hello")]
        for each in (session, None)
    ]

    assert statuses == [[410, 411, 409], [418, 400, 409]]


# What is not there, and what contradicts itself

EDGE_NAMES = ", ".join(EDGES)
ANSWERS = ", ".join(("missing", *NAMES))
LISTED = f"found, sparse, idTypeNotInteger, idTypeBlank, methodNotAllowed, serverError, {ANSWERS}"
NOT_THERE = "which does not exist"


@pytest.mark.parametrize(
    ("prefer", "message"),
    [
        ("code=199", "Prefer: code is '199'. Write a status from 200 to 599."),
        ("edge=emojis", f"edge is 'emojis', {NOT_THERE}; did you mean 'emoji'? There are {EDGE_NAMES}."),
        ("edge=xyz", f"edge is 'xyz', {NOT_THERE}. There are {EDGE_NAMES}."),
        *(
            (f"example={name}", f"example is {name!r}, {NOT_THERE}; did you mean 'found'? There are {LISTED}.")
            for name in ("fund", "FOUND")
        ),
        (
            "example=xyz, code=400",
            f"example is 'xyz', {NOT_THERE}. There are idTypeNotInteger, idTypeBlank, found, sparse, {ANSWERS}.",
        ),
        (f"{BLANK}, code=503", f"example is 'idTypeBlank', {NOT_THERE}. There are found, sparse, {ANSWERS}."),
        *(
            (
                f"example={name}, code=404",
                f"example is {name!r}, which is answered {status}, and code is 404. Leave one out.",
            )
            for name, status in (("found", 200), ("teapot", 418), ("missing", 200))
        ),
        ("edge=emoji, example=found", "edge is 'emoji' and example 'found'. Ask for one of the two."),
        ("edge=emoji, code=404", "edge is a record, which comes with 200, and code is 404. Leave one out."),
    ],
)
def test_invalid_choice_is_a_400_that_says_why(planner: Planner, prefer: str, message: str) -> None:
    plan = ask(planner, KNOWN, prefer)

    assert (plan.reply, plan.source) == sent(400, {"Message": message}, source="preferences")


@pytest.mark.parametrize(
    ("defaults", "message"),
    [
        (Preferences(example="xyz"), "example is 'xyz', which does not exist."),
        (Preferences(edge="emoji", code=404), "edge is a record, which comes with 200, and code is 404."),
    ],
)
def test_invalid_choice_of_a_session_is_refused_too(planner: Planner, defaults: Preferences, message: str) -> None:
    session = Session()
    session.set_defaults(defaults)

    plan = ask(planner, KNOWN, "delay=1", session)

    assert summarize(plan) == (400, "preferences", None)
    assert read(plan)["Message"].startswith(message)


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        *(([], "There are none."), (["b", "c", "b"], "There are b, c.")),
        (map(str, range(20)), f"There are {', '.join(map(str, range(20)))}."),
        (map(str, range(20 + 2000)), f"There are {', '.join(map(str, range(20)))} and 2,000 more."),
    ],
)
def test_long_lists_are_cut_short(names: list[str], listed: str) -> None:
    assert (
        str(refuse_unknown("example", "x" * 100, names)) == f"example is '{'x' * 80}', which does not exist. {listed}"
    )


@pytest.mark.parametrize("code", [404, 503, 200])
def test_refused_choice_is_no_call_of_any_answer(planner: Planner, code: int) -> None:
    session = Session()

    refused = ask(planner, "/Customers/x", f"example=flow, code={code}", session)
    statuses = [ask(planner, "/Customers/flow", session=session).reply.status for _ in range(3)]

    text = f"example is 'flow', which is answered 404 or 429 or 503, and code is {code}. Leave one out."
    assert (refused.reply.status, read(refused)["Message"], statuses) == (400, text, [503, 429, 404])


def test_code_beside_a_counted_example_is_refused(planner: Planner) -> None:
    session = Session()
    session.add([replace(make_answer("made", 409, when=[Condition("id", ("not-found",))]), times=1)])

    refused = ask(planner, "/Customers/x", "example=missing, code=409", session)

    text = "example is 'missing', which is answered in several ways, and code is 409. Leave one out."
    assert (read(refused)["Message"], session.count_of("made")) == (text, (0, 0))


# Another contract

SEVEN = {"Number": 7, "Label": "seven"}
PROBLEM = {"type": "about:blank", "title": "Gone", "code": 7}
CHECKS: dict[int, type[Schema]] = {
    **dict.fromkeys((200, 201), BoxSchema),
    **dict.fromkeys((206, 500), HttpErrorSchema),
    **dict.fromkeys((400, 404, 410), ProblemSchema),
}


@pytest.mark.parametrize("target", ["/boxes/7", "/boxes/8", "/boxes/100", "/boxes/x", "/boxes/%20"])
@pytest.mark.parametrize("status", CHECKS)
def test_declared_status_of_any_contract_passes_its_check(boxes: Planner, status: int, target: str) -> None:
    plan = ask(boxes, target, f"code={status}")

    assert (plan.reply.status, plan.reply.header("Preference-Applied"), plan.alarm) == (status, f"code={status}", None)
    assert CHECKS[status]().validate(read(plan)) == {}


@pytest.mark.parametrize(
    ("prefer", "body"),
    [
        *(("code=200", SEVEN), ("code=201", SEVEN), ("code=404", PROBLEM), ("code=410", PROBLEM | {"code": 8})),
        *(("code=500", {"Message": "An error has occurred."}), ("example=gone", PROBLEM)),
        *(("example=never", PROBLEM | {"title": "Never"}), ("code=410, example=gone", PROBLEM | {"code": 8})),
    ],
)
def test_body_of_a_status_is_the_contracts_own(boxes: Planner, prefer: str, body: object) -> None:
    assert read(ask(boxes, "/boxes/7", prefer)) == body


@pytest.mark.parametrize("target", ["/boxes/8", "/boxes/100", "/boxes/x"])
def test_edge_cases_of_any_contract_pass_the_check(boxes: Planner, target: str) -> None:
    for name in boxes.list_names("edge", Session().overlay):
        plan = ask(boxes, target, f"edge={name}")

        assert (summarize(plan), plan.alarm) == ((200, f"edge {name}", f"edge={name}"), None)
        assert BoxSchema().validate(read(plan)) == {}


@pytest.mark.parametrize("status", [204, 205, 304])
def test_status_without_body_in_http_has_none(boxes: Planner, status: int) -> None:
    plan = ask(boxes, "/boxes/7", f"code={status}")

    assert (summarize(plan), plan.reply.body, plan.alarm) == ((status, f"code {status}", f"code={status}"), b"", None)
    assert plan.reply.header("Content-Type") is None
    assert plan.reply.header("ETag") == ('W/"abc"' if status == 304 else None)


@pytest.mark.parametrize("prefer", ["code=99", "example=xyz", "example=empty", "edge=xyz"])
def test_refusal_is_the_stubs_own_in_any_contract(boxes: Planner, prefer: str) -> None:
    plan = ask(boxes, "/boxes/7", prefer)

    assert (summarize(plan), list(read(plan)), plan.alarm) == ((400, "preferences", None), ["Message"], None)


@pytest.mark.parametrize(
    ("prefer", "status", "headers"),
    [
        ("code=405", 405, (("Allow", "DELETE"), ("Preference-Applied", "code=405"), VARY)),
        ("code=204", 204, (("Preference-Applied", "code=204"), VARY)),
        ("dynamic=true, seed=7", 204, (VARY,)),
    ],
)
def test_operation_without_records_has_statuses_too(boxes: Planner, prefer: str, status: int, headers: Headers) -> None:
    plan = boxes.plan(Request("DELETE", "/boxes/7", headers=(("prefer", prefer),)))

    assert (plan.reply.status, plan.reply.headers[3:-1]) == (status, headers)


@pytest.mark.parametrize(("key", "name"), [("edge", "emoji"), ("example", "gone")])
def test_operation_without_records_has_no_names(boxes: Planner, key: str, name: str) -> None:
    plan = boxes.plan(Request("DELETE", "/boxes/7", headers=(("prefer", f"{key}={name}"),)))

    message = f"{key} is {name!r}, which does not exist. There are none."
    assert (plan.reply.status, read(plan)) == (400, {"Message": message})


def test_example_of_parameters_is_answered_before_dynamic(planner: Planner) -> None:
    session = Session()
    session.add([replace(make_answer("made", 409), when=(Condition("id", ("not-found",)),))])

    plan = ask(planner, KNOWN, "example=missing, dynamic=true", session)

    assert (plan.reply.status, plan.source.name) == (409, "made")
