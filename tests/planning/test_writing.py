"""Writing: the format that a request accepts, and what a reply says of preferences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.planner import Planner
from tests.support.plans import HOST, KNOWN, NOBODY, STRANGER, VARY, ask, load_planner, summarize

WRITTEN = """\
schema: Customer
records:
  - {PersonalId: known, FirstName: נועה}
answers:
  - {name: json, operation: getCustomer, when: {id: json}, reply: {status: 409, body: {a: 1}}}
  - {name: text, operation: getCustomer, when: {id: text}, reply: {status: 409, text: a}}
  - {name: crash, operation: getCustomer, when: {id: crash}, reply: {status: 500}}
  - {name: bare, operation: getCustomer, when: {id: bare}, reply: {status: 409}}
  - name: typed
    operation: getCustomer
    when: {id: typed}
    reply: {headers: {Content-Type: "text/json; charset=utf-8"}}
  - {name: env, operation: getCustomer, when: {id: enveloped}, reply: {headers: {X-Env: stub}, delay: 2}}
  - name: varied
    operation: getCustomer
    when: {id: varied}
    reply: {status: 409, headers: {Vary: [Origin, "Accept , accept-language"]}}
  - {name: starred, operation: getCustomer, when: {id: starred}, reply: {status: 409, headers: {vary: "*"}}}
  - {name: said, operation: getCustomer, when: {id: said}, reply: {status: 409, headers: {VARY: "prefer, Origin"}}}
"""


@pytest.fixture(scope="module")
def lax(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    return load_planner(tmp_path_factory.mktemp("lax"), WRITTEN)


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """A planner that refuses to write what is not acceptable."""
    return load_planner(tmp_path_factory.mktemp("refusing"), WRITTEN, refuse_unacceptable=True)


@pytest.mark.parametrize(
    ("headers", "content_type"),
    [
        ({}, "application/json; charset=utf-8"),
        ({"accept": "text/json"}, "text/json; charset=utf-8"),
        ({"accept": "application/xml"}, "application/json; charset=utf-8"),
        ({"accept": "image/png", "content-type": "text/json; charset=x"}, "text/json; charset=utf-8"),
        ({"accept-charset": "utf-16"}, "application/json; charset=utf-16"),
    ],
)
@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        *(("GET", KNOWN, 200), ("GET", STRANGER, 200), ("GET", "/Customers/1?idType=x", 400), ("GET", "/nowhere", 404)),
        *(("POST", "/Customers/1", 405), ("GET", "/Customers/crash", 500), ("GET", "/Customers/json", 409)),
        *(("GET", f"{KNOWN}?__code=400", 400), ("GET", f"{KNOWN}?__code=99", 400)),
    ],
)
def test_json_is_written_in_the_accepted_format(
    lax: Planner, method: str, target: str, status: int, headers: dict[str, str], content_type: str
) -> None:
    reply = lax.plan(Request(method, target, headers=tuple(headers.items()))).reply

    assert (reply.status, reply.header("Content-Type"), reply.headers[:3]) == (status, content_type, HOST)
    assert json.loads(reply.body.decode(content_type.partition("charset=")[2]))


@pytest.mark.parametrize("target", [NOBODY, "/Customers/%20", "/Customers/bare"])
def test_answer_without_content_has_no_content_type(lax: Planner, target: str) -> None:
    reply = ask(lax, target, accept="text/json", accept_charset="utf-16").reply

    assert (reply.headers[:-1], reply.body) == ((*HOST, VARY), b"")


@pytest.mark.parametrize("charset", ["utf-8", "utf-16"])
def test_content_type_of_decoration_decides_the_encoding(lax: Planner, charset: str) -> None:
    reply = ask(lax, "/Customers/typed", accept_charset=charset).reply

    plain = ask(lax, "/Customers/typed").reply
    assert (reply.status, reply.header("Content-Type")) == (200, "text/json; charset=utf-8")
    assert (reply.body, reply.body[:1]) == (plain.body, b"{")


# What is not acceptable

EMPTY = ((406, "framework", None), b"")


@pytest.mark.parametrize(
    ("target", "prefer"),
    [
        *((KNOWN, f"code={code}") for code in (200, 400, 405, 500)),
        *((KNOWN, choice) for choice in ("edge=emoji", "example=found", "example=missing", "example=json", "seed=7")),
        *((target, None) for target in (KNOWN, "/Customers/json", "/Customers/crash", "/nowhere", f"{KNOWN}?idType=x")),
    ],
)
def test_unacceptable_body_is_an_empty_406(refusing: Planner, target: str, prefer: str | None) -> None:
    plan = ask(refusing, target, prefer, accept="image/png")

    source = ("X-Mock-Source", "framework")
    headers = (source, ("X-Mock-Hint", " ".join(plan.hints))) if target == "/nowhere" else (VARY, source)
    assert (plan.reply, plan.source) == (Reply(406, (*HOST, *headers)), Source("framework"))


def test_refused_preference_stays_the_source_of_a_406(refusing: Planner) -> None:
    plan = ask(refusing, KNOWN, "code=99", accept="image/png")

    assert (summarize(plan), plan.reply.body) == ((406, "preferences", None), b"")


def test_decorations_come_with_a_406_too(refusing: Planner) -> None:
    plan = ask(refusing, "/Customers/enveloped", accept="image/png")

    assert (summarize(plan), plan.effect.delay) == ((406, "framework + answer env", None), 2)
    assert plan.reply.header("X-Env") == "stub"


@pytest.mark.parametrize(
    ("target", "prefer", "expected"),
    [
        (KNOWN, "code=503", (503, "code 503", "code=503")),
        (KNOWN, "code=503, delay=1", (503, "code 503", "code=503, delay=1")),
        ("/Customers/text", None, (409, "answer text", None)),
        *(("/Customers/bare", None, (409, "answer bare", None)), (NOBODY, None, (404, "no record", None))),
    ],
)
def test_answer_without_json_is_always_acceptable(
    refusing: Planner, target: str, prefer: str | None, expected: tuple[int, str, str | None]
) -> None:
    assert summarize(ask(refusing, target, prefer, accept="image/png")) == expected


def test_message_of_a_missing_record_may_be_unacceptable(tmp_path: Path) -> None:
    planner = load_planner(tmp_path, WRITTEN, refuse_unacceptable=True, missing="message")

    assert (summarize(ask(planner, NOBODY, accept="a/b")), ask(planner, NOBODY).reply.status) == (EMPTY[0], 404)


# What is said of preferences


@pytest.mark.parametrize(
    ("target", "vary"),
    [
        *((KNOWN, "Prefer"), ("/Customers/varied", "Origin, Accept, accept-language, Prefer")),
        *(("/Customers/starred", "*"), ("/Customers/said", "prefer, Origin")),
    ],
)
def test_vary_joins_that_of_the_answer(lax: Planner, target: str, vary: str) -> None:
    plan = ask(lax, target, "delay=0")

    assert [value for name, value in plan.reply.headers if name.lower() == "vary"] == [vary]
    assert plan.reply.header("Preference-Applied") == "delay=0"
