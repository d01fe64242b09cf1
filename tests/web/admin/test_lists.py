"""The lists of the page: what each entry says, and that its link leads to it."""

from pathlib import Path

import pytest

from mockserver import create_app
from mockserver.generation.edges import EDGES
from mockserver.stub.links import Links
from mockserver.stub.loading import Stub
from mockserver.web.admin.lists import NO_TURN, Entry, Listing, Turned, list_things
from tests.support.files import Write
from tests.support.stubs import load_stub

FOUND = "/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
SPARSE_FIXTURES = """\
    schema: Customer
    records:
      - {PersonalId: x, FirstName: "", LastName: "Levi "}
      - {PersonalId: y, CustomProperties: {a: null}}
    answers:
      - {name: gone, operation: getCustomer, when: {id: x}, reply: {status: 404}}
    """


def find_list(title: str, turned: Turned = NO_TURN, **settings: str | Path) -> Listing:
    stub: Stub = load_stub(**settings)  # type: ignore[arg-type]  # inputs
    return next(
        each for each in list_things(stub, stub.contract.operations[0], Links(stub), turned) if each.title == title
    )


def test_examples_are_listed_with_what_answers_them() -> None:
    listing = find_list("Examples")

    about = (("id", "100200300"), ("idType", "1"), ("idTypeExtRef", "NATIONAL-ID"))
    assert listing.entries[0] == Entry(
        "found", about, f"/API/Customers{FOUND}", "200", "record fixtures/customers.yaml:7"
    )
    assert [(each.name, each.status) for each in listing.entries] == [
        ("found", "200"),
        ("sparse", "200"),
        ("missing", "404"),
    ]


@pytest.mark.parametrize(
    ("when", "about", "target"),
    [
        ("{id: x}", (("id", "x"),), "/x"),
        ("{id: [x, y], idType: 3}", (("id", "x or y"), ("idType", "3")), "/x?idType=3"),
        ("{id: [a, b, c, d, e, f, g]}", (("id", "a or b or c or d or e or 2 others"),), "/a"),
        ("{id: {matches: 'not-.*'}}", (("id", "matches not-.*"),), "/not-found"),
        ("{idType: 5}", (("idType", "5"),), "/100200300?idType=5&idTypeExtRef=NATIONAL-ID"),
        ("{id: {matches: x+}}", (("id", "matches x+"),), f"{FOUND}&__example=mine"),
        ("{idTypeExtRef: null}", (("idTypeExtRef", "null"),), "/100200300?idType=1"),
        ("{}", (("", "anything is asked"),), FOUND),
        (
            "{id: x, headers: {X-Tenant: [acme, own]}}",
            (("id", "x"), ("x-tenant", "acme or own")),
            f"{FOUND}&__example=mine",
        ),
        ("{id: x, call: 3}, times: 1", (("id", "x"), ("", "call 3"), ("", "once")), f"{FOUND}&__example=mine"),
    ],
)
def test_answers_are_listed_with_their_conditions(
    when: str, about: tuple[tuple[str, str], ...], target: str, write: Write
) -> None:
    answers = f"answers: [{{name: mine, operation: getCustomer, when: {when}, reply: {{status: 500}}}}]"

    listing = find_list("Answers", fixtures=write("answers.yaml", answers))

    assert listing.entries == (Entry("mine", about, f"/API/Customers{target}", "500", "files/answers.yaml:1"),)


def test_answers_say_what_is_special_about_their_replies(write: Write) -> None:
    fixtures = write(
        "a.yaml",
        """\
        answers:
          - {name: c, operation: getCustomer, times: 1200, reply: {status: 404, chance: 0.5}}
          - {name: d, operation: getCustomer, reply: {delay: 1, fault: reset}}
          - {name: e, operation: getCustomer, when: {idType: 9}, reply: {sequence: [{status: 404}, {delay: 1}]}}
        """,
    )

    assert [entry.about for entry in find_list("Answers", fixtures=fixtures).entries] == [
        (("", "the first 1,200 times"), ("", "by a chance of 0.5")),
        (("", "late"), ("", "fault reset")),
        (("idType", "9"), ("", "2 replies in turn")),
    ]


def test_answer_that_only_decorates_has_a_link(write: Write) -> None:
    answers = "answers: [{name: slow, operation: getCustomer, when: {id: x}, reply: {headers: {X-A: b}}}]"

    listing = find_list("Answers", fixtures=write("answers.yaml", answers))

    assert listing.entries == (Entry("slow", (("id", "x"),), "/API/Customers/x", "200", "files/answers.yaml:1"),)


def test_record_behind_an_answer_has_no_link(write: Write) -> None:
    listing = find_list("Records", fixtures=write("both.yaml", SPARSE_FIXTURES))

    assert listing.entries == (
        Entry("x", (("FirstName", '""'), ("LastName", '"Levi "')), None, "", "files/both.yaml:3"),
        Entry("y", (("CustomProperties", '{"a":null}'),), "/API/Customers/y", "200", "files/both.yaml:4"),
    )


def test_records_that_are_not_served_are_not_listed() -> None:
    listing = find_list("Records", source="generated")

    note = "The records of the fixtures are not served: the source is generated."
    assert (listing.total, listing.note) == (0, note)


@pytest.mark.parametrize(
    ("list_id", "page", "number"),
    [
        ("", "", 1),
        *(("getCustomer-records", page, number) for page, number in (("1", 1), ("2", 2), ("3", 3), ("99", 3))),
        *(("getCustomer-records", page, 1) for page in ("0", "-1", "x", "", "2" * 10, "\u0662")),
        ("getCustomer-answers", "2", 1),
    ],
)
def test_long_list_is_cut_into_pages(list_id: str, page: str, number: int, write: Write) -> None:
    rows = "".join(f'- {{PersonalId: "{each}"}}\n' for each in range(1, 251))
    fixtures = write("many.yaml", f"schema: Customer\nrecords:\n{rows}")

    listing = find_list("Records", Turned(list_id, page), fixtures=fixtures)

    first, last = 100 * number - 99, min(100 * number, 250)
    assert [each.name for each in listing.entries] == [str(each) for each in range(first, last + 1)]
    assert (listing.first, listing.last, listing.total, listing.number, listing.pages) == (first, last, 250, number, 3)


@pytest.mark.parametrize("settings", [{}, {"base_path": "/gr\u00fc\u00dfe"}, {"prefix": "/gr\u00fc\u00dfe"}])
def test_every_link_gets_the_listed_status(settings: dict[str, str]) -> None:
    app = create_app(**settings)  # type: ignore[arg-type]  # settings that are text
    stub: Stub = app.extensions["mockserver"].served.stub
    lists = list_things(stub, stub.contract.operations[0], Links(stub), NO_TURN)

    entries = [each for listing in lists for each in listing.entries]
    answers = [app.test_client().get(each.target or "") for each in entries]

    assert [listing.total for listing in lists] == [3, 2, len(stub.fixtures.records), len(EDGES), 6]
    assert [str(answer.status_code) for answer in answers] == [each.status for each in entries]
    assert all(each.place in answer.headers["X-Mock-Source"] for each, answer in zip(entries, answers, strict=True))
