"""The page for people: what it shows beside its lists, that text stays text, and that everybody can read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from mockserver import create_app
from mockserver.generation.edges import EDGES
from mockserver.http.preferences import KEYS
from mockserver.stub.links import Links
from mockserver.web.admin.page import Page, ShownParameter, make_page
from mockserver.web.admin.prose import Block, Span
from tests.support.files import Write
from tests.support.html import Parsed
from tests.support.stubs import load_stub

STEERED = len(EDGES) + 6
"""Links with a preference: the edge cases, and the examples of bodies."""

TEMPLATES = Path(__file__).parents[3] / "mockserver" / "web" / "admin" / "templates"
CSS = (TEMPLATES / "page.css").read_text(encoding="utf-8")
NASTY: Final = """</style><script>alert(1)</script>&amp;"' {{ 7 * 7 }}"""
ATTRIBUTES: Final = {
    *("lang", "charset", "name", "content", "rel", "href", "id", "class", "role", "scope", "tabindex"),
    *("aria-label", "aria-labelledby", "data-head", "type", "src", "value"),
}
"""All attributes that the page uses. Only `src` runs anything, and it and links are looked at."""

THINGS = """\
    openapi: 3.1.0
    info: {title: Things, version: "1"}
    paths:
      /things/{key}:
        parameters: [{name: size, in: query, schema: {type: integer, format: int32, default: 3}}]
        delete:
          operationId: removeThing
          parameters:
            - name: key
              in: path
              required: true
              description: The *key*.
              schema: {type: string}
              examples: {last: {value: a/b}}
          responses: {"204": {description: Gone.}}
      /things:
        get: {operationId: getAll, responses: {"204": {description: Nothing.}}}
    """


@pytest.fixture
def things(write: Write) -> tuple[Path, Path]:
    """Contract and fixtures of a stub whose first operation is a DELETE."""
    return write("things.yaml", THINGS) / "things.yaml", write("none/.keep", "") / "none"


def get_page(query: str = "", **settings: str | Path) -> Parsed:
    return Parsed(create_app(**settings).test_client().get(f"/__mock/{query}").text)  # type: ignore[arg-type]  # inputs


def make_plain_page(**settings: Any) -> Page:
    stub = load_stub(**settings)
    return make_page(stub, Links(stub))


# What it shows


def test_page_shows_parameters(things: tuple[Path, Path]) -> None:
    contract, fixtures = things
    said = (Block("p", (Span("The "), Span("key", "em"), Span("."))),)
    assert make_plain_page(contract=contract, fixtures=fixtures).operations[0].parameters == (
        ShownParameter("size", "query", "integer int32", "3", is_required=False, description=()),
        ShownParameter("key", "path", "string", "", is_required=True, description=said),
    )


def test_operation_without_links_is_shown_as_text(things: tuple[Path, Path]) -> None:
    page = get_page(contract=things[0], fixtures=things[1])

    assert page.find_links("/things") == []
    assert "last DELETE /things/a%2Fb" in page.text


def test_page_shows_counts_and_every_setting() -> None:
    page = make_plain_page(base_path=["/v1", "/"], prefix="/p/", strict=True, seed="a\nb")

    assert page.counts == ("1 operation", "17 records", "2 answers", "0 warnings")
    assert page.settings == (
        *(("--source", "auto"), ("--seed", "a\\nb"), ("--locale", "en_US"), ("--utc-offset", "+10:00")),
        *(("--on-breach", "refuse"), ("--model-state", "contract"), ("--missing", "empty"), ("--error-detail", "off")),
        *(("--refuse-unacceptable", "off"), ("--strict", "on"), ("--host-headers", "on")),
        *(("--base-path", "/v1 and /"), ("--prefix", "/p")),
    )


def test_page_shows_what_breaks_the_contract(write: Write) -> None:
    rows = "".join(f"  - {{PersonalId: a{number}, Sex: 3}}\n" for number in range(102))
    fixtures = write("bad.yaml", f"schema: Customer\nrecords:\n{rows}")

    page = get_page(fixtures=fixtures, on_breach="warn")

    warning = "files/bad.yaml:3:27: Sex is 3, the contract allows 0 to 2. Change the record or the contract."
    assert (warning in page.text, str(fixtures) in page.text) == (True, False)
    assert page.text.count("Sex is 3") == 100
    assert "And 2 more." in page.text


def test_page_shows_unreadable_parts_of_the_contract(write: Write) -> None:
    shipped = (Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8")
    written = shipped.replace("  schemas:\n", "  schemas:\n    Unused: {pattern: '(.)\\1'}\n")
    contract = write("openapi.yaml", written) / "openapi.yaml"

    page = get_page(contract=contract)

    line = written.partition("    Unused:")[0].count("\n") + 1
    assert f"openapi.yaml:{line}:23: This pattern cannot be read" in page.text
    assert str(contract) not in page.text


def test_page_says_how_to_ask_for_other_answers() -> None:
    page = Parsed(create_app(prefix="/stub", source="generated").test_client().get("/stub/").text)

    section = page.text.partition("Asking for other answers")[2]
    assert all(key in section for key in KEYS)
    assert "/stub/s/SESSION" in section
    assert [link.rpartition("=")[2] for link in page.find_links("/API/") if "__edge=" in link] == list(EDGES)
    assert "every member that may be null is null" in page.text
    assert "the source is generated." in page.text


def test_page_says_that_a_save_cannot_be_served(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    fixtures = write("a.yaml", "answers: []")
    monkeypatch.chdir(fixtures)  # The page cuts long places.
    app = create_app(fixtures=".")
    before = app.test_client().get("/__mock/").text
    write("a.yaml", "answers: [1]")
    app.extensions["mockserver"].reload()

    page = Parsed(app.test_client().get("/__mock/").text)

    assert "cannot be served" not in before
    assert "What was saved last cannot be served: ./a.yaml:1" in page.text


# Links


def test_page_links_the_records_of_its_session() -> None:
    client = create_app().test_client(use_cookies=False)

    def look(session: str) -> list[str]:
        page = Parsed(client.get("/__mock/", headers={"X-Mock-Session": session}).text)
        return [each for each in page.find_links("/API/Customers/100200300") if "__" not in each]

    sent = {"schema": "Customer", "records": [{"PersonalId": "100200300", "FirstName": "Zed"}]}
    client.post("/__mock/records", json=sent, headers={"X-Mock-Session": "A"})
    seen = [look("A"), look("B")]
    client.delete("/__mock/records/100200300", headers={"X-Mock-Session": "A"})
    seen.append(look("A"))

    # The example `found`, and the record: that of the session hides the one of the files.
    found = "/API/Customers/100200300?idType=1&idTypeExtRef=NATIONAL-ID"
    assert seen == [[found, "/API/Customers/100200300"], [found] * 2, [found] * 2]


@pytest.mark.parametrize("script_name", ["", "/stub"])
def test_every_link_of_the_document_leads_somewhere(script_name: str) -> None:
    client = create_app().test_client()
    page = Parsed(client.get("/__mock/", environ_overrides={"SCRIPT_NAME": script_name}).text)

    outward = page.find_links("/")

    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert {link[1:] for link in page.find_links("#")} <= set(ids)
    assert len(ids) == len(set(ids))
    assert len(outward) == 3 + 3 + 2 + 17 + STEERED
    assert all(link.startswith(f"{script_name}/") for link in outward)
    assert {client.get(link.removeprefix(script_name)).status_code for link in outward} == {200, 400, 404, 405, 500}


ROW = re.compile(r'<a href="(/API/[^"]*)">.*?<span class="status status-\d">(\d+)</span>', re.DOTALL)
"""A link with its status."""


def make_answer(reply: Mapping[str, object], when: Mapping[str, object] | None = None) -> dict[str, object]:
    return {"name": "mine", "operation": "getCustomer", "when": when or {}, "reply": reply}


CHANGES: Final[dict[str, tuple[str, object]]] = {
    "answer to all": ("answers", make_answer({"status": 503})),
    "answer to one": ("answers", make_answer({"status": 410}, {"id": "100200300"})),
    "default": ("defaults", {"code": 404}),
    "sequence": ("answers", make_answer({"sequence": [{"status": 500}, {"status": 404}]})),
    "header": ("answers", make_answer({"status": 409}, {"headers": {"X-Tenant": "acme"}})),
    "media type": ("answers", make_answer({"status": 406}, {"headers": {"Accept": "text/html"}})),
}


@pytest.mark.parametrize("change", CHANGES)
def test_status_beside_a_link_is_what_the_link_gets(change: str) -> None:
    client = create_app().test_client()
    path, body = CHANGES[change]
    headers = {"X-Mock-Session": "a", "X-Tenant": "acme", "Accept": "text/html"}

    def look(**own: str) -> list[tuple[str, str]]:
        rows = ROW.findall(client.get("/__mock/", headers=own).text.replace("&amp;", "&"))
        assert len(rows) > 20
        return rows

    before, elsewhere = look(**headers), look()
    method = "PUT" if path == "defaults" else "POST"
    assert client.open(f"/__mock/{path}", method=method, json=body, headers={"X-Mock-Session": "a"}).status_code < 300
    for _ in range(2):
        rows = look(**headers)
        followed = {target: status for target, status in rows if "__" not in target}
        example = next(iter(followed))

        assert client.get(example, headers=headers).status_code == int(followed[example])
    assert (before == elsewhere, look(), rows != before) == (True, elsewhere, True)
    client.post("/__mock/reset", headers={"X-Mock-Session": "a"})
    assert look(**headers) == before


def test_page_shows_answers_of_the_session_first() -> None:
    client = create_app().test_client()
    client.post("/__mock/answers", json=make_answer({"status": 503}), headers={"X-Mock-Session": "a"})

    page, other = (Parsed(client.get("/__mock/", headers={"X-Mock-Session": name}).text) for name in "ab")

    assert ("Answers 3" in page.text, "Answers 2" in other.text, "mine" in other.text) == (True, True, False)
    assert 'marked "no link": another answer matches first.' in page.text


def test_looking_creates_no_session() -> None:
    client = create_app().test_client()

    client.get("/__mock/", headers={"X-Mock-Session": "a"})
    refused = client.get("/__mock/", headers={"X-Mock-Session": "two words"})

    assert client.get("/__mock/sessions").json == {"sessions": []}
    message = "The session is 'two words'. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert (refused.status_code, refused.json) == (400, {"Message": message})


@pytest.mark.parametrize(
    ("number", "shown", "links"),
    [
        (1, "1 to 100 of 1,050", [2, 11]),
        (2, "101 to 200 of 1,050", [1, 1, 3, 11]),
        (11, "1,001 to 1,050 of 1,050", [1, 10]),
    ],
)
def test_long_list_links_to_its_pages(number: int, shown: str, links: list[int], write: Write) -> None:
    rows = "".join(f'- {{PersonalId: "{each}"}}\n' for each in range(1050))
    fixtures = write("many.yaml", f"schema: Customer\nrecords:\n{rows}")

    page = get_page(f"?list=getCustomer-records&page={number}", fixtures=fixtures)

    turned = "/__mock/?list=getCustomer-records&page={}#getCustomer-records"
    assert f"\n{shown}\n" in page.text
    assert page.find_links("/__mock/?list=") == 2 * [turned.format(each) for each in links]
    assert len(page.find_links("/API/")) == 3 + (50 if number == 11 else 100) + STEERED
    assert "Records 1,050" in page.text


# Text is text


@pytest.mark.parametrize("query", ["", f"?list={NASTY}&page={NASTY}"])
def test_text_of_contract_and_fixtures_is_escaped(query: str, write: Write) -> None:
    quoted = NASTY.replace("'", "''")
    contract = load_stub().contract_path.read_text(encoding="utf-8")
    for line in ("title: Q-Flow Customers", "summary: Find a customer by personal id"):
        contract = contract.replace(line, f"{line.partition(':')[0]}: '{quoted}'")
    contract = re.sub(r"(?m)^            A `PersonalIdTypeId`.*", f"            {NASTY}", contract)
    write("contract.yaml", contract.replace("value: not-found", f"value: '{quoted}'"))
    folder = write(
        "fixtures/nasty'\"<b>.yaml",
        f"""\
        schema: Customer
        records:
          - PersonalId: "<script>x<script>\\"'"
            FirstName: '{quoted}'
            CustomProperties: {{'{quoted}': '{quoted}'}}
            Sex: '{quoted}'
        answers:
          - name: '{quoted}'
            operation: getCustomer
            when: {{id: {{matches: '<i>.*'}}, idTypeExtRef: '{quoted}'}}
            reply: {{status: 404}}
        """,
    )

    contract_path, fixtures = folder / "contract.yaml", folder / "fixtures"
    page = get_page(query, contract=contract_path, fixtures=fixtures, seed=NASTY, on_breach="warn")

    assert {tag for tag, _ in page.elements} == {tag for tag, _ in get_page().elements}
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert [link for link in page.find_links("") if not link.startswith(("#", "/API/", "/__mock/"))] == []
    assert (page.text.count("<script>") >= 8, NASTY in page.text, "49" in page.text) == (True, True, False)
    assert "<script>x<script>\"'" in page.text


# Everybody can read it


def test_page_loads_its_own_scripts_alone() -> None:
    page = get_page()

    assert page.find("script") == [{"type": "module", "src": "/__mock/page/start.js"}]
    loading = {"src", "srcset", "action", "data", "style"}
    assert [tag for tag, each in page.elements if loading & each.keys()] == ["script"]
    assert page.find("link") == [{"rel": "icon", "href": "data:,"}]
    assert re.findall(r"url\(|@import|//", CSS) == []


def test_page_is_navigable_by_keyboard_and_screen_reader() -> None:
    page = get_page()

    counts = Counter(tag for tag, _ in page.elements)
    assert page.find("html") == [{"lang": "en"}]
    assert page.find("meta")[1] == {"name": "viewport", "content": "width=device-width, initial-scale=1"}
    assert [tag for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)] == [*("h1", "h2"), *["h3"] * 6, "h2", "h2"]
    assert (counts["main"], counts["header"], counts["nav"]) == (1, 1, 2)
    assert (page.find("a")[0], page.find("main")[0]["id"]) == ({"class": "skip", "href": "#main"}, "main")
    assert {each["scope"] for each in page.find("th")} == {"col", "row"}
    assert all("aria-labelledby" in each for each in page.find("table", "section"))
    assert all("aria-label" in each for each in page.find("nav"))
    assert [each for each in page.elements if each[1].get("tabindex", "-1") != "-1"] == []


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_can_be_read_on_every_ground() -> None:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    palettes = [dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)) for block in blocks]
    faint = [
        (ink, ground)
        for palette in palettes
        for ink, ground in product(palette.keys() - {"paper", "raised", "line"}, ("paper", "raised"))
        for one, other in [sorted((luminance(palette[ink]), luminance(palette[ground])))]
        if (other + 0.05) / (one + 0.05) < 4.5
    ]
    rest = re.sub(r":root \{.*?\}", "", CSS, flags=re.DOTALL)

    assert ([len(palette) for palette in palettes], faint) == ([9, 9], [])
    assert re.findall(r"#[0-9a-f]{3,8}\b|rgb|hsl", rest) == []
