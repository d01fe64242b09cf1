"""The page for people: what it shows, that every link holds, and that whoever asks can read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from mockserver import create_app
from mockserver.generation.edges import EDGES
from mockserver.http.preferences import KEYS
from mockserver.stub.loading import load_stub
from mockserver.web.admin.page import (
    LONGEST_TEXT,
    PAGE_SIZE,
    SHOWN_WARNINGS,
    Entry,
    Listing,
    ShownParameter,
    make_page,
    show_text,
    show_value,
)
from mockserver.web.admin.prose import Block, Span

Write = Callable[[str, str], Path]

FOUND = "/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
STEERED = len(EDGES) + 6
"""Links that ask by a preference: the edge cases, and the examples of bodies."""

CSS = (Path(__file__).parents[3] / "mockserver" / "web" / "admin" / "templates" / "page.css").read_text(
    encoding="utf-8"
)
NASTY: Final = """</style><script>alert(1)</script>&amp;"' {{ 7 * 7 }}"""
VOID: Final = ("link", "meta")
ATTRIBUTES: Final = (
    *("lang", "charset", "name", "content", "rel", "href", "id", "class", "role", "scope", "tabindex"),
    *("aria-label", "aria-labelledby", "data-head"),
)
"""All that the page uses. None of them runs anything, and links are looked at."""

THINGS = """\
    openapi: 3.1.0
    info: {title: Things, version: "1"}
    paths:
      /things/{key}:
        delete:
          operationId: removeThing
          parameters:
            - {name: key, in: path, required: true, schema: {type: string}, examples: {last: {value: a/b}}}
          responses: {"204": {description: Gone.}}
      /things:
        get: {operationId: getAll, responses: {"204": {description: Nothing.}}}
    """


class Parsed(HTMLParser):
    """The elements of a document with their attributes, and its text; fails where tags do not match."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data

    def find(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


def get_page(query: str = "", **settings: str | Path) -> Parsed:
    return Parsed(create_app(**settings).test_client().get(f"/__mock/{query}").text)  # type: ignore[arg-type]  # inputs


def list_of(title: str, **settings: str | Path) -> Listing:
    page = make_page(load_stub(**settings))  # type: ignore[arg-type]  # inputs
    return next(each for each in page.operations[0].lists if each.title == title)


def write_records(write: Write, count: int) -> Path:
    rows = "".join(f'  - {{PersonalId: "{number}"}}\n' for number in range(1, count + 1))
    return write("many.yaml", f"schema: Customer\nrecords:\n{rows}")


# What it shows


def test_page_shows_parameters_with_where_type_default_and_description(write: Write) -> None:
    size = "parameters: [{name: size, in: query, schema: {type: integer, format: int32, default: 3}}]"
    text = THINGS.replace("name: key,", 'name: key, description: "The *key*.",')
    folder = write("things.yaml", text.replace("        delete:", f"        {size}\n        delete:"))

    page = make_page(load_stub(contract=folder / "things.yaml", fixtures=write("none/.keep", "") / "none"))

    said = (Block("p", (Span("The "), Span("key", "em"), Span("."))),)
    assert page.operations[0].parameters == (
        ShownParameter("size", "query", "integer int32", "3", is_required=False, description=()),
        ShownParameter("key", "path", "string", "", is_required=True, description=said),
    )


def test_page_shows_examples_with_what_answers_them() -> None:
    listing = list_of("Examples")

    about = (("id", "100200300"), ("idType", "1"), ("idTypeExtRef", "NATIONAL-ID"))
    target = "/API/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
    assert listing.entries[0] == Entry("found", about, target, "200", "record fixtures/customers.yaml:7")
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
    ],
)
def test_page_shows_answers_with_when_they_are_given(
    when: str, about: tuple[tuple[str, str], ...], target: str, write: Write
) -> None:
    answers = f"answers: [{{name: mine, operation: getCustomer, when: {when}, reply: {{status: 500}}}}]"

    listing = list_of("Answers", fixtures=write("answers.yaml", answers))

    assert listing.entries == (Entry("mine", about, f"/API/Customers{target}", "500", "files/answers.yaml:1"),)


def test_answer_that_only_decorates_has_a_link(write: Write) -> None:
    answers = "answers: [{name: slow, operation: getCustomer, when: {id: x}, reply: {headers: {X-A: b}}}]"

    listing = list_of("Answers", fixtures=write("answers.yaml", answers))

    expected = Entry("slow", (("id", "x"),), "/API/Customers/x", "200", "files/answers.yaml:1")
    assert listing.entries == (expected,)


def test_record_that_an_answer_stands_before_has_no_link(write: Write) -> None:
    fixtures = write(
        "both.yaml",
        """\
        schema: Customer
        records:
          - {PersonalId: x, FirstName: "", LastName: "Levi "}
          - {PersonalId: y, CustomProperties: {a: null}}
        answers:
          - {name: gone, operation: getCustomer, when: {id: x}, reply: {status: 404}}
        """,
    )

    listing = list_of("Records", fixtures=fixtures)

    assert listing.entries == (
        Entry("x", (("FirstName", '""'), ("LastName", '"Levi "')), None, "", "files/both.yaml:3"),
        Entry("y", (("CustomProperties", '{"a":null}'),), "/API/Customers/y", "200", "files/both.yaml:4"),
    )


def test_records_that_are_not_served_are_not_shown() -> None:
    listing = list_of("Records", source="generated")

    note = "Those of the fixtures are not served: the source is generated."
    assert (listing.total, listing.note) == (0, note)
    assert note in get_page(source="generated").text


def test_page_shows_every_setting() -> None:
    page = make_page(load_stub(base_path=["/v1", "/"], prefix="/p/", strict=True, seed="a\nb"))

    assert page.settings == (
        ("--source", "auto"),
        ("--seed", "a\\nb"),
        ("--locale", "en_US"),
        ("--utc-offset", "+10:00"),
        ("--on-breach", "refuse"),
        ("--model-state", "contract"),
        ("--missing", "empty"),
        ("--error-detail", "off"),
        ("--refuse-unacceptable", "off"),
        ("--strict", "on"),
        ("--host-headers", "on"),
        ("--base-path", "/v1 and /"),
        ("--prefix", "/p"),
    )
    assert page.counts == ("1 operation", "17 records", "2 answers", "0 warnings")


def test_page_shows_what_breaks_the_contract(write: Write) -> None:
    rows = "".join(f"  - {{PersonalId: a{number}, Sex: 3}}\n" for number in range(SHOWN_WARNINGS + 2))
    fixtures = write("bad.yaml", f"schema: Customer\nrecords:\n{rows}")

    page = get_page(fixtures=fixtures, on_breach="warn")

    warning = "files/bad.yaml:3:27: Sex is 3, the contract allows 0 to 2. Change the record or the contract."
    assert warning in page.text
    assert str(fixtures) not in page.text
    assert page.text.count("Sex is 3") == SHOWN_WARNINGS
    assert "And 2 more, which the terminal shows at the start." in page.text


def test_operation_that_no_link_can_ask_for_is_shown_as_text(write: Write) -> None:
    contract = write("things.yaml", THINGS) / "things.yaml"

    page = get_page(contract=contract, fixtures=write("none/.keep", "") / "none")

    assert [link["href"] for link in page.find("a") if "things" in link["href"]] == []
    assert "last DELETE /things/a%2Fb" in page.text


# Links


def find_links(page: Parsed, start: str) -> list[str]:
    return [link["href"] for link in page.find("a") if link["href"].startswith(start)]


@pytest.mark.parametrize("settings", [{}, {"base_path": "/gr\u00fc\u00dfe"}, {"prefix": "/gr\u00fc\u00dfe"}])
def test_every_link_is_answered_with_the_status_beside_it(settings: dict[str, str]) -> None:
    app = create_app(**settings)  # type: ignore[arg-type]  # settings that are text
    client = app.test_client()
    entries = [
        each
        for listing in make_page(app.extensions["mockserver"].served.stub).operations[0].lists
        for each in listing.entries
    ]

    answers = [client.get(each.target or "") for each in entries]

    assert len(entries) == 3 + 2 + 17 + STEERED
    assert [str(answer.status_code) for answer in answers] == [each.status for each in entries]
    assert all(each.place in answer.headers["X-Mock-Source"] for each, answer in zip(entries, answers, strict=True))


@pytest.mark.parametrize("script_name", ["", "/stub"])
def test_every_link_of_the_document_leads_somewhere(script_name: str) -> None:
    client = create_app().test_client()
    page = Parsed(client.get("/__mock/", environ_overrides={"SCRIPT_NAME": script_name}).text)

    outward = find_links(page, "/")

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert {link[1:] for link in find_links(page, "#")} <= set(ids)
    assert len(ids) == len(set(ids))
    assert len(outward) == 3 + 3 + 2 + 17 + STEERED
    assert all(link.startswith(f"{script_name}/") for link in outward)
    assert {client.get(link.removeprefix(script_name)).status_code for link in outward} == {200, 400, 404, 405, 500}


# Long lists


@pytest.mark.parametrize(
    ("query", "shown", "links"),
    [
        ("", (1, 100), [2, 3]),
        ("?list=getCustomer-records&page=1", (1, 100), [2, 3]),
        ("?list=getCustomer-records&page=2", (101, 200), [1, 1, 3, 3]),
        ("?list=getCustomer-records&page=3", (201, 250), [1, 2]),
        ("?list=getCustomer-records&page=99", (201, 250), [1, 2]),
        *(
            (f"?list=getCustomer-records&page={page}", (1, 100), [2, 3])
            for page in ("0", "-1", "x", "", "2" * 10, "\u0662")
        ),
        ("?list=getCustomer-answers&page=2", (1, 100), [2, 3]),
    ],
)
def test_long_list_comes_in_pages(query: str, shown: tuple[int, int], links: list[int], write: Write) -> None:
    page = get_page(query, fixtures=write_records(write, 250))

    first, last = shown
    expected = [f"/API/Customers/{number}" for number in range(first, last + 1)]
    assert f"\n{first} to {last} of 250\n" in page.text
    assert find_links(page, "/API/")[3:-STEERED] == expected
    assert find_links(page, "/__mock/?list=") == 2 * [
        f"/__mock/?list=getCustomer-records&page={number}#getCustomer-records" for number in links
    ]


def test_page_does_not_grow_with_the_number_of_records(write: Write) -> None:
    page = get_page(fixtures=write_records(write, 2000))

    assert len(find_links(page, "/API/")) == 3 + PAGE_SIZE + STEERED
    assert "Records 2,000" in page.text


# Other answers


def test_page_lists_the_edge_cases_with_links() -> None:
    page = get_page()

    targets = [link.rpartition("=")[2] for link in find_links(page, "/API/") if "__edge=" in link]
    assert targets == list(EDGES)
    assert "every member that may be null is null" in page.text


def test_page_says_how_to_ask_for_other_answers() -> None:
    page = Parsed(create_app(prefix="/stub").test_client().get("/stub/").text)

    section = page.text.partition("Asking for other answers")[2]
    assert all(key in section for key in KEYS)
    assert "/stub/s/SESSION" in section


def test_page_says_that_what_was_saved_cannot_be_served(write: Write) -> None:
    fixtures = write("a.yaml", "answers: []")
    app = create_app(fixtures=fixtures)
    before = app.test_client().get("/__mock/").text
    write("a.yaml", "answers: [1]")
    app.extensions["mockserver"].reload()

    page = Parsed(app.test_client().get("/__mock/").text)

    assert "cannot be served" not in before
    assert f"What was saved last cannot be served: {fixtures}/a.yaml:1" in page.text


def test_page_shows_when_an_answer_is_given(write: Write) -> None:
    fixtures = write(
        "a.yaml",
        """        answers:
          - {name: a, operation: getCustomer, when: {id: x, headers: {X-Tenant: [acme, own]}}, reply: {status: 404}}
          - {name: b, operation: getCustomer, when: {id: x, call: 3}, times: 1, reply: {status: 404}}
          - {name: c, operation: getCustomer, times: 1200, reply: {status: 404, chance: 0.5}}
          - {name: d, operation: getCustomer, reply: {delay: 1, fault: reset}}
          - {name: e, operation: getCustomer, when: {idType: 9}, reply: {sequence: [{status: 404}, {delay: 1}]}}
        """,
    )

    shown = make_page(load_stub(fixtures=fixtures)).operations[0].lists[1].entries

    assert [entry.about for entry in shown] == [
        (("id", "x"), ("x-tenant", "acme or own")),
        (("id", "x"), ("", "call 3"), ("", "once")),
        (("", "the first 1,200 times"), ("", "by a chance of 0.5")),
        (("", "late"), ("", "fault reset")),
        (("idType", "9"), ("", "2 replies in turn")),
    ]
    assert [entry.target for entry in shown[:2]] == [f"/API/Customers{FOUND}&__example={name}" for name in "ab"]


# Text is text


@pytest.mark.parametrize("query", ["", f"?list={NASTY}&page={NASTY}"])
def test_text_of_contract_and_fixtures_is_escaped(query: str, write: Write) -> None:
    quoted = NASTY.replace("'", "''")
    contract = load_stub().contract_path.read_text(encoding="utf-8")
    for line in ("title: Q-Flow Customers", "summary: Find a customer by personal id"):
        contract = contract.replace(line, f"{line.partition(':')[0]}: '{quoted}'")
    contract = re.sub(r"(?m)^            A `PersonalIdTypeId`.*", f"            {NASTY}", contract)
    contract = contract.replace("value: not-found", f"value: '{quoted}'")
    write("contract.yaml", contract)
    folder = write(
        "fixtures/nasty'\"<b>.yaml",
        f"""\
        schema: Customer
        records:
          - PersonalId: "<script>x</script>\\"'"
            FirstName: '{quoted}'
            CustomProperties: {{'{quoted}': '{quoted}'}}
            Sex: '{quoted}'
        answers:
          - name: '{quoted}'
            operation: getCustomer
            when: {{id: '{quoted}', idTypeExtRef: {{matches: '<i>.*'}}}}
            reply: {{status: 404}}
        """,
    )

    page = get_page(
        query, contract=folder / "contract.yaml", fixtures=folder / "fixtures", seed=NASTY, on_breach="warn"
    )

    plain = {tag for tag, _ in get_page().elements}
    links = [link["href"] for link in page.find("a")]
    assert {tag for tag, _ in page.elements} == plain
    assert {name for _, attributes in page.elements for name in attributes} <= set(ATTRIBUTES)
    assert [link for link in links if not link.startswith(("#", "/API/", "/__mock/"))] == []
    assert page.text.count("<script>") >= 8
    assert NASTY in page.text
    assert "<script>x</script>\"'" in page.text
    assert "49" not in page.text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *(("a", "a"), ("", '""'), (" a", '" a"'), (None, "null"), (True, "true"), (1, "1"), ([1], "[1]")),
        ("a\x00\x1b\n\u2028\ud800b", "a\\x00\\x1b\\n\\u2028\\ud800b"),
        ("\u05d3\u05e0\u05d4 \U0001f468\u200d\U0001f469", "\u05d3\u05e0\u05d4 \U0001f468\u200d\U0001f469"),
        ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT + "\u2026"),
    ],
)
def test_value_is_shown_on_one_line(value: object, shown: str) -> None:
    assert show_value(value) == shown


def test_text_is_shown_as_it_stands() -> None:
    assert show_text(" a ") == " a "


# Everybody can read it


def test_page_is_one_document_that_loads_nothing() -> None:
    page = get_page()

    assert [tag for tag, each in page.elements if {"src", "srcset", "action", "data", "style"} & each.keys()] == []
    assert page.find("link") == [{"rel": "icon", "href": "data:,"}]
    assert re.findall(r"url\(|@import|//", CSS) == []


def test_page_can_be_found_through_by_keyboard_and_ear() -> None:
    page = get_page()

    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    counts = Counter(tag for tag, _ in page.elements)
    first_link = page.find("a")[0]
    assert page.find("html") == [{"lang": "en"}]
    assert page.find("meta")[1] == {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    assert headings == [1, 2, 3, 3, 3, 3, 3, 3, 2, 2]
    assert (counts["main"], counts["header"], counts["nav"]) == (1, 1, 2)
    assert (first_link, page.find("main")[0]["id"]) == ({"class": "skip", "href": "#main"}, "main")
    assert {each["scope"] for each in page.find("th")} == {"col", "row"}
    assert all("aria-labelledby" in each for each in page.find("table", "section"))
    assert all("aria-label" in each for each in page.find("nav"))
    assert [each for each in page.elements if each[1].get("tabindex", "-1") != "-1"] == []


def find_palettes() -> Iterator[dict[str, str]]:
    """The colours by name: those of the light look, then those of the dark one."""
    for block in re.findall(r":root \{(.*?)\}", CSS, re.DOTALL):
        yield dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_can_be_read_on_every_ground() -> None:
    palettes = list(find_palettes())

    faint = [
        (ink, ground)
        for palette in palettes
        for ink, ground in product(palette.keys() - {"paper", "raised", "line"}, ("paper", "raised"))
        for one, other in [sorted((luminance(palette[ink]), luminance(palette[ground])))]
        if (other + 0.05) / (one + 0.05) < 4.5
    ]
    assert [len(palette) for palette in palettes] == [9, 9]
    assert faint == []


def test_css_uses_no_colour_beside_its_palettes() -> None:
    rest = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)

    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", rest) == []
