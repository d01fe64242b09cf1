"""Own answers: a healthy stub passes, and each way to differ from its fixtures is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mockserver.conformance.editions import read_edition
from mockserver.conformance.reports import Case, Kind
from mockserver.http.messages import Reply
from mockserver.http.redaction import Redactor
from mockserver.provider.addresses import read_address
from mockserver.provider.client import LIMITS, Client
from mockserver.provider.judge import Judge
from mockserver.selftest.answers import OwnAnswers
from mockserver.selftest.questions import OwnQuestion, list_own_questions
from mockserver.testing.running_stub import RunningStub
from tests.support.odd_fixtures import ODD_FIXTURES, OVERLAID

Run = Callable[..., list[Case]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Checks a running stub of these fixtures, its questions changed."""
    stubs: list[RunningStub] = []

    def check(text: str, change: Callable[[OwnQuestion], OwnQuestion] = lambda own: own, **settings: Any) -> list[Case]:
        file = tmp_path / "f.yaml"
        file.write_text(text, encoding="utf-8")
        running = RunningStub({"fixtures": str(file), **settings})
        stubs.append(running)
        stub = running.current.served.stub
        judge = Judge(read_edition(stub.contract_path), stub.schemas, frozenset(), lambda _: False, "the fixture")
        client = Client(read_address(f"{running.url}/API"), limits=replace(LIMITS, total_seconds=60.0))
        answers = OwnAnswers(client, judge, "http://localhost:8080/API", Redactor(None))
        return list(answers.check(map(change, list_own_questions(stub))))

    yield check
    for each in stubs:
        each.stop()


def list_texts(cases: list[Case], *kinds: Kind) -> list[str]:
    return [each.text for case in cases for each in case.findings if each.kind in kinds]


def test_odd_fixtures_are_sent_as_written(run: Run) -> None:
    cases = run(ODD_FIXTURES)

    missing = "CustomerId is missing, the contract requires it."
    assert {each.verdict for each in cases} == {"passed"}
    assert list_texts(cases, *Kind) == [
        "The contract does not declare the status 503 for getCustomer. Declare it, if callers have to expect it.",
        f"It breaks the contract on purpose, as it is unchecked: {missing} Change the fixture or the contract.",
        "The contract does not declare the status 302 for getCustomer. Declare it, if callers have to expect it.",
    ]


def test_line_of_curl_has_no_secret_of_a_fixture(run: Run) -> None:
    when = "{headers: {Authorization: s3cret}}"
    answer = f"{{name: a, operation: getCustomer, when: {when}, unchecked: true, reply: {{status: 409}}}}"

    (case,) = run(f"answers: [{answer}]\n")

    (finding,) = case.findings
    assert finding.curl.endswith(" -H 'Authorization: redacted'")


def test_line_of_curl_says_how_often(run: Run) -> None:
    third = next(each for each in run(ODD_FIXTURES) if "third" in each.name)

    assert third.requests == 3
    assert third.findings[0].curl == (
        "curl -i http://localhost:8080/API/Customers/1 -H 'X-Mock-Session: selftest-3' -H 'Prefer: delay=0'  # 3 times"
    )


def test_what_is_not_given_is_told(run: Run) -> None:
    cases = run(OVERLAID)

    assert [(each.kind, each.text) for case in cases for each in case.findings] == [
        (
            Kind.UNREACHED,
            "The request for it gets answer nobody f.yaml:5. Change the conditions, or remove one of the two.",
        ),
        (Kind.ALTERED, "The fault close-mid-body is answered with 501. Give the reply a longer body."),
    ]


def test_breach_that_is_sent_is_told(run: Run) -> None:
    cases = run('schema: Customer\nrecords:\n- PersonalId: "1"\n  Sex: 64\n', on_breach="warn")

    (finding,) = cases[0].findings
    assert (finding.kind, finding.pointer) == (Kind.BREACH, "#/components/schemas/Customer/properties/Sex")
    assert finding.text == "Sex is 64, the contract allows 0 to 2. Change the fixture or the contract."
    assert (finding.place and finding.place.line) == 3


def test_refused_answer_is_told(run: Run) -> None:
    def alarm(own: OwnQuestion) -> OwnQuestion:
        return replace(own, plan=replace(own.plan, alarm="getCustomer 200: Sex is 64"))

    assert list_texts(run('schema: Customer\nrecords: [{PersonalId: "1"}]\n', alarm), Kind.BREACH) == [
        "getCustomer 200: Sex is 64. Change the fixture or the contract."
    ]


def test_change_on_the_way_is_told(run: Run) -> None:
    def plan_other(own: OwnQuestion) -> OwnQuestion:
        reply = Reply(404, (("Content-Type", "text/plain"), ("X-Mock-Source", "nothing")), b"other")
        return replace(own, plan=replace(own.plan, reply=reply))

    told = list_texts(run('schema: Customer\nrecords: [{PersonalId: "1"}]\n', plan_other), Kind.ALTERED)

    assert [each.partition(" on its way")[0] for each in told][:3] == [
        "The status is 200",
        "The X-Mock-Source is 'record f.yaml:2'",
        "The Content-Type is 'application/json; charset=utf-8'",
    ]
    assert told[3].startswith("The body is ")


def test_member_that_is_not_as_written_is_told(run: Run) -> None:
    def want_other(own: OwnQuestion) -> OwnQuestion:
        return replace(own, question=replace(own.question, members={"FirstName": "Zed"}))

    (text,) = list_texts(run('schema: Customer\nrecords: [{PersonalId: "1"}]\n', want_other), Kind.ALTERED)
    assert text.endswith(", the fixture has 'Zed'. Change the fixture, or write volatile: [FirstName] in its file.")


def test_answer_without_an_end_is_unchecked(run: Run) -> None:
    cases = run(
        ODD_FIXTURES, lambda own: replace(own, plan=replace(own.plan, effect=own.plan.effect._replace(fault=None)))
    )

    told = list_texts(cases, Kind.UNCHECKED)
    assert told == ["There is no whole answer. Send the request to mockserver serve, and see what that logs."]


def test_head_has_no_body_to_compare(run: Run) -> None:
    def ask_for_head(own: OwnQuestion) -> OwnQuestion:
        request = own.question.request._replace(method="HEAD")
        return replace(own, question=replace(own.question, request=request))

    told = list_texts(run('schema: Customer\nrecords: [{PersonalId: "1"}]\n', ask_for_head), Kind.ALTERED)
    assert not [each for each in told if each.startswith("The body")]
