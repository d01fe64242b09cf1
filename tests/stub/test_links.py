"""Links that were asked for: they say what a request gets now, in a session, with a caller's headers."""

from __future__ import annotations

import pytest

from mockserver.fixtures.answers import Answer
from mockserver.fixtures.conditions import Condition
from mockserver.fixtures.records import Record
from mockserver.http.messages import Request
from mockserver.http.preferences import Preferences
from mockserver.http.sources import Source
from mockserver.state.sessions import Session
from mockserver.stub.links import Link, Links
from mockserver.stub.loading import Stub
from tests.support.answers import list_names, make_answer, make_sequence
from tests.support.files import Write
from tests.support.shipped import CUSTOMER
from tests.support.stubs import load_stub

FOUND = "/API/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
X = Condition("id", ("x",))
TENANT = Condition("x-tenant", ("acme",))
ALL = make_answer("all", 503)
ONCE = make_answer("once", 429, when=[X], times=1)
OWN = make_answer("own", 409, when=[X], headers=[TENANT])
ACME = Request("GET", "/", headers=(("x-tenant", "acme"),))


@pytest.fixture(scope="module")
def stub() -> Stub:
    return load_stub()


@pytest.fixture
def session() -> Session:
    return Session("a")


def test_example_says_what_it_gives_in_the_session(stub: Stub, session: Session) -> None:
    def find() -> tuple[int, str]:
        link = Links(stub, visit=session.visit()).find_example(CUSTOMER, CUSTOMER.examples["found"])
        assert link.target == FOUND
        return link.status, str(link.source)

    seen = [find()]
    session.add([ALL])
    seen.append(find())
    session.remove("all")
    session.set_defaults(Preferences(code=404))
    seen.append(find())
    session.reset()
    seen.append(find())

    record = "record fixtures/customers.yaml:7"
    assert seen == [(200, record), (503, "answer all run-time"), (404, "code 404"), (200, record)]


@pytest.mark.parametrize(
    ("answer", "caller", "target"),
    [
        (ALL, None, FOUND),
        (ONCE, None, "/API/Customers/x"),
        (OWN, None, f"{FOUND}&__example=own"),
        (OWN, ACME, "/API/Customers/x"),
        (make_answer("none", 404, when=[Condition("id", ("",))]), None, f"{FOUND}&__example=none"),
    ],
)
def test_answer_is_found_as_the_caller_asks(
    answer: Answer, caller: Request | None, target: str, stub: Stub, session: Session
) -> None:
    session.add([answer])
    links = Links(stub, visit=session.visit()) if caller is None else Links(stub, caller, session.visit())

    assert links.find_answer(CUSTOMER, answer) == Link(
        target, answer.reply.status or 0, Source("answer", answer.name, "run-time")
    )


def test_used_up_answer_is_found_by_its_name(stub: Stub, session: Session) -> None:
    session.add([ONCE])
    stub.planner.plan(Request("GET", "/API/Customers/x"), session.visit())

    link = Links(stub, visit=session.visit()).find_answer(CUSTOMER, ONCE)

    assert link is not None
    assert (link.target, link.status) == (f"{FOUND}&__example=once", 429)


def test_link_shows_the_next_reply_and_counts_nothing(stub: Stub, session: Session) -> None:
    flow = make_sequence("flow", 500, 404)
    session.add([flow])
    example = CUSTOMER.examples["found"]
    seen = []

    for _ in range(3):
        shown = [Links(stub, visit=session.visit()).find_example(CUSTOMER, example).status for _ in range(3)]
        seen.append((shown, stub.planner.plan(Request("GET", FOUND), session.visit()).reply.status))

    assert seen == [([500] * 3, 500), ([404] * 3, 404), ([404] * 3, 404)]


def test_record_behind_an_answer_has_no_link(stub: Stub, session: Session) -> None:
    record = next(each for each in stub.fixtures.records if each.members["PersonalId"] == "100200300")

    before = Links(stub, visit=session.visit()).find_record(CUSTOMER, record)
    session.add([ALL])

    assert before == Link(FOUND, 200, Source("record", place="fixtures/customers.yaml:7"))
    assert Links(stub, visit=session.visit()).find_record(CUSTOMER, record) is None
    assert Links(stub).find_record(CUSTOMER, Record("Customer", {}, "a.yaml", 1, {})) is None


@pytest.mark.parametrize(
    ("kind", "name", "status"), [("edge", "emoji", 200), ("example", "serverError", 500), ("edge", "none", None)]
)
def test_choice_is_found_by_its_name(kind: str, name: str, status: int | None, stub: Stub) -> None:
    link = Links(stub).find_choice(CUSTOMER, kind, name)

    assert link == (None if status is None else Link(f"{FOUND}&__{kind}={name}", status, Source(kind, name)))


def test_answers_of_the_session_come_first(stub: Stub, session: Session) -> None:
    session.add([make_answer("server-error", 502), ALL, make_answer("other", 404, operation="other")])

    listed = [list_names(links.list_answers(CUSTOMER)) for links in (Links(stub), Links(stub, visit=session.visit()))]

    assert listed == [["not-found", "server-error"], ["server-error", "all", "not-found"]]


@pytest.mark.parametrize(("source", "total"), [("auto", 1), ("generated", 0)])
def test_records_of_the_session_come_first(source: str, total: int, write: Write, session: Session) -> None:
    fixtures = write("a.yaml", "schema: Customer\nrecords: [{PersonalId: file}]")
    own = Record("Customer", {"PersonalId": "own"}, "run-time", 0, {}, "own")
    stub = load_stub(fixtures=fixtures, source=source)
    session.add_records([own, Record("Other", {}, "run-time", 0, {}, "b")])

    links = Links(stub, visit=session.visit())

    assert [each.members["PersonalId"] for each in links.list_records(CUSTOMER)] == ["own", "file"][: 1 + total]
    assert links.find_record(CUSTOMER, own) == Link("/API/Customers/own", 200, Source("record", "own", "run-time"))
