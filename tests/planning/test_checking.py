"""The check: replies that break the contract are reported or marked, and it sees the bytes that are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, pre_load, validates_schema

from mockserver.documents.wording import show
from mockserver.http.messages import Reply, Request
from mockserver.http.sources import Source
from mockserver.planning.planner import Planner
from mockserver.schemas import CustomerSchema, HttpErrorSchema
from tests.support.files import Write
from tests.support.plans import HOST, JSON, VARY, ask, load_planner, read
from tests.support.stubs import load_stub

MEMBERS = list(CustomerSchema().fields)
CHECKED = """\
schema: Customer
records:
  - PersonalId: a
    Notes: null
    CustomProperties: {שם: x, b c: y}
"""
CRASH = "answers: [{name: crash, operation: getCustomer, when: {id: crash}, reply: {status: 500}}]\n"


def load_stricter(folder: Path, text: str, name: str, base: type[Schema], errors: object, **settings: Any) -> Planner:
    """Return a planner whose class of a component refuses every whole body, but not yet while files are loaded."""
    loaded: list[Planner] = []

    class Stricter(base):  # type: ignore[valid-type, misc]  # a class known only at run time
        @validates_schema
        def refuse(self, _data: object, *, partial: bool | None, **_: object) -> None:
            if loaded and not partial:
                raise ValidationError(errors)  # type: ignore[arg-type]  # rows below are of the forms it takes

    loaded.append(load_planner(folder, text, schemas={name: Stricter}, **settings))
    return loaded[0]


def load_strict(folder: Path, errors: object, **settings: Any) -> Planner:
    """Return a planner by which every customer breaks the contract."""
    return load_stricter(folder, CHECKED, "Customer", CustomerSchema, errors, **settings)


RECORD = "record files/all.yaml:3"


@pytest.mark.parametrize(
    ("target", "errors", "source", "breach", "header"),
    [
        ("a", {"Notes": ["No nulls."]}, RECORD, "Notes is null, no nulls (files/all.yaml:4)", "Notes"),
        ("a", {"Sex": ["No men."]}, RECORD, "Sex is 1, no men (files/all.yaml:3)", "Sex"),
        ("b", {"PersonalId": ["Not he."]}, "generated", "PersonalId is 'b', not he (generated)", "PersonalId"),
        (
            *("a", {"CustomProperties": {"שם": ["No."], "b c": ["No."]}}, RECORD),
            "CustomProperties.שם is 'x', no (files/all.yaml:5); CustomProperties.b c is 'y', no (files/all.yaml:5)",
            "CustomProperties.%D7%A9%D7%9D, CustomProperties.b%20c",
        ),
    ],
)
def test_breach_is_reported_in_place_of_the_answer(
    tmp_path: Path, target: str, errors: object, source: str, breach: str, header: str
) -> None:
    plan = ask(load_strict(tmp_path, errors), f"/Customers/{target}", accept="text/json")

    alarm = f"getCustomer 200: {breach}"
    headers = (*HOST, JSON, VARY, ("X-Mock-Source", source), ("X-Mock-Breach", header))
    body = f"""{{"Message":"An error has occurred.","MessageDetail":"{alarm}"}}"""
    assert (plan.reply, str(plan.source), plan.alarm) == (Reply(500, headers, body.encode()), source, alarm)


def test_breach_of_a_whole_body_shows_its_beginning(tmp_path: Path) -> None:
    body = read(ask(load_strict(tmp_path, {}), "/Customers/a"))

    plan = ask(load_strict(tmp_path, "It is too long."), "/Customers/a")

    alarm = f"getCustomer 200: the body is {show(body)}, it is too long (files/all.yaml:3)"
    assert (plan.reply.header("X-Mock-Breach"), plan.alarm) == ("body", alarm)


def test_report_names_ten_breaches_and_counts_the_rest(tmp_path: Path) -> None:
    plan = ask(load_strict(tmp_path, {name: ["No."] for name in MEMBERS}), "/Customers/b")

    told = str(plan.alarm).removeprefix("getCustomer 200: ").split("; ")
    assert [each.partition(" is ")[0] for each in told] == [*MEMBERS[:10], "and 6 more"]
    assert plan.reply.header("X-Mock-Breach") == ", ".join(MEMBERS[:10])


@pytest.mark.parametrize("target", ["/Customers/a", "/Customers/b"])
def test_breach_with_warn_is_only_marked(tmp_path: Path, target: str) -> None:
    plain = ask(load_planner(tmp_path, CHECKED), target)

    plan = ask(load_strict(tmp_path, {"Sex": ["No."], "Notes": ["No."]}, on_breach="warn"), target)

    assert (plan.reply, plan.source) == (plain.reply.with_headers((("X-Mock-Breach", "Sex, Notes"),)), plain.source)


def test_unchecked_answer_is_sent_unchanged_and_marked(planner: Planner) -> None:
    plan = ask(planner, "/Customers/broken")

    # Wrong members come before missing ones.
    named = ", ".join(["Sex", *[name for name in MEMBERS if name != "Sex"][:9]])
    headers = (*HOST, JSON, VARY, ("X-Mock-Source", "answer broken files/all.yaml:16"), ("X-Mock-Breach", named))
    assert (plan.reply, plan.source) == (
        Reply(200, headers, b'{"Sex":64}'),
        Source("answer", "broken", "files/all.yaml:16"),
    )


def test_unchecked_answer_without_a_breach_is_marked_too(tmp_path: Path) -> None:
    answers = "answers: [{name: a, operation: getCustomer, unchecked: true, reply: {status: 409, text: no}}]"

    plan = ask(load_planner(tmp_path, answers), "/Customers/1")

    text = ("Content-Type", "text/plain; charset=utf-8")
    headers = (*HOST, text, VARY, ("X-Mock-Source", "answer a files/all.yaml:1"), ("X-Mock-Breach", "unchecked"))
    assert plan.reply == Reply(409, headers, b"no")


def test_source_is_percent_encoded_in_its_header(write: Write) -> None:
    folder = write("כרטיס 100%.yaml", "schema: Customer\nrecords: [{PersonalId: a}]")

    plan = ask(load_stub(fixtures=folder).planner, "/Customers/a")

    header = "record files/%D7%9B%D7%A8%D7%98%D7%99%D7%A1 100%25.yaml:2"
    assert (str(plan.source), plan.reply.header("x-mock-source")) == ("record files/כרטיס 100%.yaml:2", header)


def test_answer_may_change_a_header_of_the_host(tmp_path: Path) -> None:
    answers = "answers: [{name: a, operation: getCustomer, reply: {status: 404, headers: {cache-control: no-store}}}]"

    plan = ask(load_planner(tmp_path, answers), "/Customers/1")

    source = ("X-Mock-Source", "answer a files/all.yaml:1")
    assert plan.reply.headers == (*HOST[1:], ("cache-control", "no-store"), VARY, source)


UNKNOWN_ROUTE = "No HTTP resource was found that matches the request URI 'http://localhost/x'."
UNSUPPORTED = "The requested resource does not support http method 'POST'."


@pytest.mark.parametrize(
    ("method", "target", "status", "operation", "message"),
    [
        ("GET", "/x", 404, "no operation", UNKNOWN_ROUTE),
        ("POST", "/Customers/1", 405, "getCustomer", UNSUPPORTED),
        *(("GET", f"/Customers/1?idType={text}", 400, "getCustomer", "The request is invalid.") for text in ("", "x")),
        ("GET", "/Customers/crash", 500, "getCustomer", "An error has occurred."),
    ],
)
def test_errors_are_checked_too(
    tmp_path: Path, method: str, target: str, status: int, operation: str, message: str
) -> None:
    own = ("HttpError", HttpErrorSchema, {"Message": ["no error is allowed"]})
    warned = load_stricter(tmp_path, CHECKED + CRASH, *own, on_breach="warn").plan(Request(method, target))
    assert (warned.reply.status, warned.reply.header("X-Mock-Breach"), warned.alarm) == (status, "Message", None)

    # The answer that crashes would be refused at load.
    refused = load_stricter(tmp_path, CHECKED, *own).plan(Request(method, target))
    if status != 500:
        alarm = f"{operation} {status}: Message is {show(message)}, no error is allowed (framework)"
        assert (refused.alarm, read(refused)) == (alarm, {"Message": "An error has occurred.", "MessageDetail": alarm})


@pytest.mark.parametrize(("target", "status"), [("/Customers/a", 200), ("/Customers/b", 200), ("/nowhere", 404)])
def test_check_sees_the_bytes_that_are_sent(tmp_path: Path, target: str, status: int) -> None:
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
    plan = ask(load_planner(tmp_path, CHECKED, schemas=schemas), target)

    assert (plan.reply.status, checked[-1:]) == (status, [read(plan)])
