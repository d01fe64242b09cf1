"""The page as a place to work, in a real Chromium: what a person does there, and what they then see."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from mockserver.http.messages import Exchange
from mockserver.web.app import create_app
from tests.support.chromium import MILLISECONDS, launching
from tests.support.files import Write
from tests.support.serving import ask, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

NASTY = "<img src=x onerror=alert(1)>'\"&amp;$(x)`y`\\"
FOCUSED = "document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent"
PHONE: Any = {"width": 360, "height": 640}
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
    """


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launching() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own; at the end no script has failed, and none was stopped by the policy of the page."""
    context = browser.new_context()
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    faults: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if "Policy" in said.text or "Trusted" in said.text:
            faults.append(said.text)

    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", hear)
    yield page
    context.close()
    assert faults == []


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The page of the stub as it is shipped."""
    with running(create_app()) as server:
        yield f"{server.url}/__mock/"


def visit(page: Page, url: str, view: str) -> Locator:
    """Open the page at a view, and return the view."""
    page.goto(url)
    page.get_by_role("navigation", name="Views").get_by_role("link", name=view, exact=True).click()
    return page.get_by_role("region", name=view, exact=True)


def wait_for(place: Locator, text: str) -> None:
    place.get_by_text(text).first.wait_for()


def wait_for_value(field: Locator, text: str) -> None:
    from playwright.sync_api import expect

    expect(field).to_have_value(re.compile(re.escape(text)), timeout=MILLISECONDS)


# Ask


def test_form_asks_what_its_fields_say(page: Page, url: str) -> None:
    view = visit(page, url, "Ask")

    view.get_by_label("id string").fill("17 x")
    view.get_by_label("idTypeExtRef").fill("a b&c")
    view.get_by_text("Preferences").click()
    view.get_by_label("code").fill("503")
    view.get_by_role("button", name="Send").click()

    wait_for(view, "Answered after")
    assert view.get_by_label("Target").input_value() == "/API/Customers/17%20x?idTypeExtRef=a%20b%26c&__code=503"
    assert view.locator(".line").inner_text() == "503 Service Unavailable"
    assert view.locator(".reply dl").first.inner_text().split("\n") == ["From", "code 503", "Honoured", "code=503"]
    assert view.get_by_text("Body of the reply: empty.").is_visible()


def test_every_listed_link_opens_in_the_form(page: Page, url: str) -> None:
    page.goto(url)

    seen = []
    for name in ("not-found", "found", "emoji"):
        page.locator("table.list").get_by_role("link", name=name, exact=True).first.click()
        view = page.get_by_role("region", name="Ask", exact=True)
        wait_for(view, "Answered after")
        edge = view.get_by_label("edge").input_value()
        seen.append((view.get_by_label("id string").input_value(), edge, view.locator(".line").inner_text()))
        page.go_back()

    assert seen == [("not-found", "", "404 Not Found"), ("100200300", "", "200 OK"), ("100200300", "emoji", "200 OK")]
    assert page.get_by_role("heading", name="Records").is_visible()


def test_body_is_shown_as_it_is_written(page: Page) -> None:
    text = '{"a":[],"b":{},"c":[1.0,12345678901234567890,"x\\"]\\u0041"],"d":null}'
    app = create_app()
    answer = {"name": "n", "operation": "getCustomer", "reply": {"text": text}}
    app.test_client().post("/__mock/answers", json={**answer, "unchecked": True}, base_url="http://localhost")
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Ask")
        view.get_by_role("button", name="Send").click()
        wait_for(view, "Answered after")
        body = view.get_by_role("region", name="Body of the reply")
        pretty = body.inner_text()
        view.get_by_role("button", name="Raw").click()
        raw = body.inner_text()

    lines = ["{", '  "a": [],', '  "b": {},', '  "c": [', "    1.0,", "    12345678901234567890,"]
    assert pretty.split("\n") == [*lines, '    "x\\"]\\u0041"', "  ],", '  "d": null', "}"]
    assert raw == text


@pytest.mark.skipif(shutil.which("curl") is None, reason="There is no curl on the path.")
@pytest.mark.parametrize("line", ["curl", "fetch"])
def test_lines_to_paste_send_the_same_request(page: Page, line: str) -> None:
    seen: list[Exchange] = []
    with running(create_app(observe=seen.append)) as server:
        view = visit(page, f"{server.url}/__mock/", "Ask")
        view.get_by_label("id string").fill('it\'s $HOME `x` "[1-3]" %41')
        view.get_by_text("Headers", exact=True).first.click()
        view.get_by_label("Headers").fill(f"X-Nasty: {NASTY}\nX-Empty:\nX-Mock-Session: a-1")
        view.get_by_role("button", name="Send").click()
        wait_for(view, "Answered after")
        written = view.get_by_role("region", name=f"The request as {line}").inner_text()
        if line == "curl":
            subprocess.run(["/bin/sh", "-c", written], check=True, capture_output=True)
        else:
            page.evaluate(f"async () => {{ {written} }}")

    own = ("x-nasty", "x-empty", "x-mock-session")
    sent = [
        (each.request.target, each.session, [pair for pair in each.request.headers if pair[0].lower() in own])
        for each in seen
    ]
    lowered = [(target, session, {name.lower(): value for name, value in headers}) for target, session, headers in sent]
    headers = {"x-nasty": NASTY, "x-empty": "", "x-mock-session": "a-1"}
    target = "/API/Customers/it's%20%24HOME%20%60x%60%20%22%5B1-3%5D%22%20%2541"
    assert lowered == [(target, "a-1", headers)] * 2


def test_operation_with_a_body_sends_it(page: Page, write: Write) -> None:
    seen: list[Exchange] = []
    contract = write("things.yaml", THINGS) / "things.yaml"
    app = create_app(contract=contract, fixtures=write("none/.keep", "") / "none", observe=seen.append)
    with running(app) as server:
        page.goto(f"{server.url}/__mock/")
        page.get_by_role("link", name="DELETE /things/a%2Fb").click()
        view = page.get_by_role("region", name="Ask", exact=True)
        view.get_by_label("Body").fill('{"why": "it\'s old"}')
        view.get_by_role("button", name="Send").click()
        wait_for(view, "Answered after")
        curl = view.get_by_role("region", name="The request as curl").inner_text()

    request = seen[0].request
    assert (request.method, request.target, request.body) == ("DELETE", "/things/a%2Fb", b'{"why": "it\'s old"}')
    assert ("Content-Type", "application/json") in request.headers
    assert curl.endswith("""-H 'Content-Type: application/json' --data-raw '{"why": "it'\\''s old"}'""")


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("Target", "//elsewhere.example/x", "The target is no path of this server. Begin it with one slash."),
        ("Target", "/\\elsewhere.example/x", "The target is no path of this server. Begin it with one slash."),
        ("Headers", "no colon", 'The header line "no colon" has no name. Write Name: value.'),
        ("Headers", "Cookie: a=1", "The browser lets no page send Cookie. The curl line sends it."),
        ("fault", "reset", "The connection broke"),
        ("code", "999", "code is '999'"),
    ],
)
def test_form_says_what_cannot_be_sent(page: Page, url: str, field: str, text: str, said: str) -> None:
    view = visit(page, url, "Ask")
    for closed in view.locator("form summary").all():
        closed.click()

    view.get_by_label(field).fill(text)
    view.get_by_role("button", name="Send").click()

    wait_for(view, said)


def test_form_tells_why_it_got_its_answer(page: Page, url: str) -> None:
    view = visit(page, url, "Ask")

    view.get_by_label("Target").fill("/Customers/server-error?idType=1")
    view.get_by_role("button", name="Send").click()
    view.get_by_role("button", name="Why this answer?").click()

    wait_for(view, "answer server-error fixtures/answers.yaml:10: 500")


# Journal


def test_journal_shows_requests_as_they_come(page: Page) -> None:
    app = create_app()
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Journal")
        wait_for(view, "Nothing was asked yet.")
        ask(server, "/API/Customers/not-found?n=1")
        wait_for(view, "not-found?n=1")
        ask(server, "/API/Custmers/17?n=2", {"X-Mock-Session": "t-1"})
        wait_for(view, "Custmers/17?n=2")
        lines = view.locator(".entries summary").all_inner_texts()

    assert [line.partition("\n")[0].split(" ")[:3] for line in lines] == [
        ["404", "GET", "/API/Custmers/17?n=2"],
        ["404", "GET", "/API/Customers/not-found?n=1"],
    ]
    assert ("framework, session t-1" in lines[0], "Hint: " in lines[0]) == (True, True)


def test_entry_opens_to_all_that_is_known_of_it(page: Page) -> None:
    with running(create_app()) as server:
        ask(server, "/API/Customers/server-error", {"X-Tenant": "acme"})
        view = visit(page, f"{server.url}/__mock/", "Journal")
        view.locator("summary").first.click()
        wait_for(view, "answer server-error fixtures/answers.yaml:10: 500")
        pairs = view.locator(".entry dl").first.inner_text()
        body = view.get_by_role("region", name="Body of the reply").inner_text()
        view.get_by_role("button", name="Ask again").click()
        asked = page.get_by_role("region", name="Ask", exact=True)
        target, headers = asked.get_by_label("Target").input_value(), asked.get_by_label("Headers").input_value()

    assert "X-Tenant\nacme" in pairs
    assert "An error has occurred." in body
    assert (target, "X-Tenant: acme" in headers.split("\n")) == ("/API/Customers/server-error", True)


def test_entry_lists_near_misses(page: Page) -> None:
    with running(create_app()) as server:
        ask(server, "/API/Customer/42")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        view.locator("summary").first.click()
        wait_for(view, "Near misses")
        misses = view.locator("h3:has-text('Near misses') + ul li").all_inner_texts()

    assert misses == ["route GET /API/Customers/{id}: differs in one segment"]


def test_entry_with_a_cut_body_makes_no_answer(page: Page) -> None:
    answer = {"name": "long", "operation": "getCustomer", "unchecked": True, "reply": {"text": "x" * 70_000}}
    with running(create_app()) as server:
        ask(server, "/__mock/answers", method="POST", body=answer)
        ask(server, "/API/Customers/42")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        view.locator("summary").first.click()
        body = view.get_by_role("region", name="Body of the reply").inner_text()

        assert body.startswith("(the first part of a long body) xxx")
        assert view.get_by_role("button", name="Ask again").is_visible()
        assert view.get_by_role("button", name="Make this an answer").count() == 0


def test_journal_begins_again_after_a_reset(page: Page) -> None:
    app = create_app()
    with running(app) as server:
        for number in range(3):
            ask(server, f"/API/Customers/4{number}")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        wait_for(view, "/API/Customers/42")
        view.get_by_role("button", name="Forget all").click()
        wait_for(view, "Nothing was asked yet.")
        ask(server, "/API/Customers/50")
        wait_for(view, "/API/Customers/50")
        ask(server, "/__mock/reset", method="POST")
        ask(server, "/API/Customers/51")
        wait_for(view, "/API/Customers/51")
        lines = view.locator(".entries summary").count()

    assert lines == 1


def test_long_journal_stays_quick(page: Page) -> None:
    app = create_app()
    client = app.test_client()
    for number in range(1200):
        client.get(f"/API/Customers/{number}")
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Journal")
        wait_for(view, "dropped the first 200 of 1,200 requests")
        shown = view.locator(".entries > *").count()
        view.get_by_role("button", name="Show 100 more").click()
        more = view.locator(".entries > *").count()
        view.get_by_label("Filter").fill("customers/250")
        found = view.locator(".entries summary").all_inner_texts()

    assert (shown, more, len(found)) == (100, 200, 1)
    assert "/API/Customers/250" in found[0]


def test_hidden_page_asks_nothing(page: Page, url: str) -> None:
    def turn(hidden: str) -> None:
        page.evaluate(f"Object.defineProperty(document, 'hidden', {{value: {hidden}, configurable: true}})")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page.clock.install()
    page.goto(url)
    page.get_by_role("navigation", name="Views").wait_for()
    with page.expect_request("**/requests?*"):
        page.clock.run_for(1_000)
    turn("true")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10_000)
    while_hidden = list(asked)
    with page.expect_request("**/requests?*"):
        turn("false")

    assert while_hidden == []


def test_text_of_a_client_stays_text(page: Page) -> None:
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    app = create_app()
    target = f"/API/Customers/{quote(NASTY, safe='')}?idType=1&x={quote(NASTY, safe='<>')}"
    app.test_client().post(target, data=NASTY, headers={"X-<b>": NASTY, "X-Bidi": NASTY})
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Journal")
        view.locator("summary").first.click()
        wait_for(view, "Why, if it were asked now")
        view.locator(".steps, .problem").first.wait_for()
        text = view.inner_text()
        elements = view.locator("img, b:not(.steps b)").count()

    assert (seen, elements) == ([], 0)
    assert text.count(NASTY) >= 2


# Answers, records, defaults and coverage


def test_request_becomes_an_answer(page: Page) -> None:
    with running(create_app()) as server:
        ask(server, "/API/Customers/77?idType=2")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        view.locator("summary").first.click()
        view.get_by_role("button", name="Make this an answer").click()
        answers = page.get_by_role("region", name="Answers", exact=True)
        editor = answers.get_by_label("Answer YAML")
        drafted = json.loads(editor.input_value())
        editor.fill(editor.input_value().replace('"PersonalIdTypeId": 2', '"PersonalIdTypeId": 3'))
        answers.get_by_role("button", name="Add or replace").click()
        wait_for(answers.get_by_role("alert"), "Done.")
        before, after = (ask(server, f"/API/Customers/77?idType={each}") for each in (1, 2))

    assert [drafted[key] for key in ("name", "operation", "when")] == [
        "from request 1",
        "getCustomer",
        {"id": "77", "idType": 2},
    ]
    assert before.headers["X-Mock-Source"] == "generated"
    assert after.headers["X-Mock-Source"] == "answer from request 1 run-time"
    assert {**after.read(), "PersonalIdTypeId": 2} == drafted["reply"]["body"]


def test_draft_of_each_reply_gives_that_reply(page: Page) -> None:
    replies: list[dict[str, Any]] = [
        {"status": 404},
        {"status": 500, "text": ""},
        {"status": 503, "headers": {"Retry-After": "7", "Content-Type": "text/html"}, "text": "<b>{{id}}</b>"},
        {"body": {"Sex": 64, "Notes": "{{id}} of {{idType}}"}},
    ]
    app = create_app(on_breach="warn")
    client = app.test_client()
    with running(app) as server:
        page.goto(f"{server.url}/__mock/#/journal")
        for number, reply in enumerate(replies):
            client.post("/__mock/reset")
            whole = {"name": "n", "operation": "getCustomer", "reply": reply, "unchecked": "Sex" in str(reply)}
            client.post("/__mock/answers", json=whole)
            first = ask(server, f"/Customers/draft-{number}")
            page.locator("summary", has_text=f"draft-{number}").click()
            page.get_by_role("button", name="Make this an answer").click()
            page.get_by_role("button", name="Add or replace").first.click()
            wait_for(page.get_by_role("alert"), "Done.")
            client.delete("/__mock/answers/n")
            again = ask(server, f"/Customers/draft-{number}")
            assert again.headers["X-Mock-Source"].startswith("answer from request")
            assert (again.status, again.body) == (first.status, first.body)
            assert again.headers.get("Retry-After") == first.headers.get("Retry-After")
            page.go_back()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (
            "name: n\noperation: getCustomr\nreply:\n  status: 99\n",
            "operation: getCustomr",
            "did you mean 'getCustomer'?",
        ),
        (
            '{"name": "n", "operation": "getCustomer",\n "reply": {"body": [{"a": 1}],\n  "status": "99"}}',
            '"status": "99"}}',
            "#/reply/status: status is '99'",
        ),
        ('{"name": "n",\n oops}', "oops}", "This is not JSON"),
        ("", "", "The body is empty."),
    ],
)
def test_problems_are_shown_at_their_lines(page: Page, url: str, text: str, line: str, said: str) -> None:
    view = visit(page, url, "Answers")

    editor = view.get_by_label("Answer YAML")
    editor.fill(text)
    view.get_by_role("button", name="Add or replace").click()

    wait_for(view.locator(".problems"), said)
    chosen = editor.evaluate("each => each.value.slice(each.selectionStart, each.selectionEnd).trim()")
    assert (chosen, editor.get_attribute("aria-invalid")) == (line, "true")


def test_answer_is_edited_and_removed(page: Page) -> None:
    with running(create_app()) as server:
        view = visit(page, f"{server.url}/__mock/", "Answers")
        editor = view.get_by_label("Answer YAML")
        editor.fill("name: 'a/b <i>'\noperation: getCustomer\nreply: {status: 503}")
        view.get_by_role("button", name="Add or replace").click()
        row = view.locator(".rows li", has_text="a/b <i>")
        row.get_by_role("button", name="Edit").click()
        wait_for_value(editor, '"name": "a/b <i>"')
        editor.fill(editor.input_value().replace("503", "409"))
        view.get_by_role("button", name="Add or replace").click()
        wait_for(view.get_by_role("alert"), "Done.")
        edited = ask(server, "/Customers/1").status
        row.get_by_role("button", name="Remove").click()
        row.wait_for(state="detached")
        view.locator(".rows li", has_text="not-found").get_by_role("button", name="Replace").click()
        wait_for_value(editor, '"name": "not-found"')

    assert edited == 409


def test_record_is_added_changed_and_removed(page: Page) -> None:
    with running(create_app()) as server:
        view = visit(page, f"{server.url}/__mock/", "Records")
        editor = view.get_by_label("Records YAML")
        editor.fill('schema: Customer\nrecords:\n  - PersonalId: "9"\n    FirstName: "<u>Zed"\n')
        view.get_by_role("button", name="Add or replace").click()
        row = view.locator(".rows li", has_text="<u>Zed")
        row.get_by_role("button", name="Edit").click()
        editor.fill(editor.input_value().replace("<u>Zed", "Zoe"))
        view.get_by_role("button", name="Add or replace").click()
        wait_for(view, "Zoe")
        named = ask(server, "/Customers/9").read()["FirstName"]
        view.get_by_role("button", name="Ask", exact=True).click()
        wait_for(page.get_by_role("region", name="Body of the reply"), "Zoe")
        page.go_back()
        view.get_by_role("button", name="Remove", exact=True).click()
        view.locator(".rows li").wait_for(state="detached")
        source = ask(server, "/Customers/9").headers["X-Mock-Source"]

    assert (named, source) == ("Zoe", "generated")


def test_many_records_stay_quick(page: Page) -> None:
    app = create_app()
    records = [{"PersonalId": str(number), "FirstName": f"N{number}"} for number in range(10_000)]
    app.test_client().post("/__mock/records", json={"schema": "Customer", "records": records})
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Records")
        wait_for(view, "100 of 10,000")
        shown = view.locator(".rows li").count()
        view.get_by_label("Filter").fill("N4711")
        found = view.locator(".rows li").count()

    assert (shown, found) == (100, 1)


def test_switches_set_the_defaults_of_the_session(page: Page) -> None:
    app = create_app()
    app.test_client().put("/__mock/defaults", json={"seed": "7"})
    with running(app) as server:
        view = visit(page, f"{server.url}/__mock/", "Defaults")
        wait_for(view, "seed=7")
        view.get_by_label("Every reply is slower by: value").fill("0.01")
        view.get_by_role("switch", name="Every reply has the status").check()
        wait_for(view, "code=503, seed=7.")
        view.get_by_role("switch", name="Every reply is slower by").check()
        wait_for(view, "code=503, seed=7, delay=0.01.")
        status = ask(server, "/Customers/1").status
        view.get_by_role("switch", name="Every reply has the status").uncheck()
        wait_for(view, "Defaults of the session: seed=7, delay=0.01.")
        view.get_by_label("Every reply is slower by: value").fill("soon")
        view.get_by_label("Every reply is slower by: value").press("Enter")
        wait_for(view, "Nothing was changed. #/delay")
        view.get_by_role("button", name="Reset the session").click()
        wait_for(view, "The session has no defaults.")

    assert status == 503


def test_coverage_is_told_in_words_and_colours(page: Page) -> None:
    with running(create_app()) as server:
        ask(server, "/Customers/1")
        ask(server, "/Customers/1?__code=503")
        view = visit(page, f"{server.url}/__mock/", "Coverage")
        wait_for(view, "in the contract, 0 of 19 records and answers used.")
        rows = view.get_by_role("table", name="Coverage").locator("tbody tr")
        told = {row.split("\t")[2]: row.split("\t")[3] for row in rows.all_inner_texts()}
        classes = rows.locator("td:last-child").evaluate_all("all => [...new Set(all.map((each) => each.className))]")

    names = ("200 application/json", "404", "503")
    assert [told[each] for each in names] == ["✓ 1", "✗ none yet", "! 1, not in the contract"]
    assert sorted(classes) == ["bad", "good", "poor"]


# Sessions, tokens and saves


def test_session_narrows_all_that_is_shown(page: Page) -> None:
    with running(create_app()) as server:
        ask(server, "/API/Customers/1", {"X-Mock-Session": "mine"})
        ask(server, "/API/Customers/2")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        wait_for(view, "/API/Customers/1")
        before = view.locator(".entries summary").count()
        page.get_by_role("combobox", name="Session").fill("mine")
        page.get_by_role("button", name="Use", exact=True).click()
        wait_for(page.locator("body"), "all else of this one")
        view.get_by_text("/API/Customers/2").wait_for(state="detached")
        after = view.locator(".entries summary").count()
        page.reload()
        kept = page.get_by_role("combobox", name="Session").input_value()
        page.get_by_role("combobox", name="Session").fill("two words")
        page.get_by_role("button", name="Use", exact=True).click()
        wait_for(page.get_by_role("alert"), "The session is 'two words'. Write 1 to 64")
        page.get_by_role("button", name="Forget it").click()
        wait_for(view, "/API/Customers/2")

    assert (before, after, kept) == (2, 1, "mine")


def test_page_asks_for_the_token(page: Page) -> None:
    with running(create_app(admin_token="s3cret")) as server:  # a test's token
        ask(server, "/API/Customers/1")
        view = visit(page, f"{server.url}/__mock/", "Journal")
        for token in ("wrong", "s3cret"):
            page.locator("input[type=password]").fill(token)
            page.get_by_role("button", name="Use it").click()
        wait_for(view, "/API/Customers/1")
        assert page.locator("input[type=password]").is_hidden()
        kept = page.evaluate("[localStorage.length, document.cookie, location.href.includes('s3cret')]")

    assert kept == [0, "", False]


def test_broken_file_is_told_until_it_is_mended(page: Page, write: Write) -> None:
    good = "schema: Customer\nrecords:\n  - {PersonalId: '5', FirstName: Eve}\n"
    fixtures = write("f.yaml", good)
    app = create_app(fixtures=fixtures)
    with running(app) as server:
        page.goto(f"{server.url}/__mock/")
        page.get_by_role("link", name="5", exact=True).click()
        wait_for(page.get_by_role("region", name="Body of the reply"), "Eve")
        write("f.yaml", good.replace("FirstName", "FirstNam"))
        app.extensions["mockserver"].reload()
        stale = page.get_by_text("What was saved last cannot be served:")
        stale.wait_for()
        told = stale.inner_text()
        write("f.yaml", good.replace("Eve", "Ida"))
        app.extensions["mockserver"].reload()
        stale.wait_for(state="detached")
        page.get_by_role("button", name="Send").click()
        wait_for(page.get_by_role("region", name="Body of the reply"), "Ida")
        page.reload()
        kept = page.get_by_label("Target").input_value()

    assert ("files/f.yaml:3" in told, kept) == (True, "/API/Customers/5")


# Without scripts, and on a phone


def test_page_without_scripts_shows_its_contents(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)

    views = page.get_by_role("navigation", name="Views").count()
    page.get_by_role("link", name="100200303", exact=True).first.click()

    assert (views, page.url.endswith("/API/Customers/100200303")) == (0, True)
    context.close()


def test_page_is_worked_by_keyboard_alone(page: Page) -> None:
    def reach(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate(FOCUSED) == name:
                return
        pytest.fail(f"The key Tab does not reach {name!r}.")

    with running(create_app()) as server:
        page.goto(f"{server.url}/__mock/")
        page.get_by_role("navigation", name="Views").wait_for()
        reach("Ask")
        page.keyboard.press("Enter")
        wait_for(page.locator("h2:focus"), "Ask")
        reach("Target")
        page.keyboard.type("/Custmers/typo")
        page.keyboard.press("Enter")
        wait_for(page.locator(".reply"), "404 Not Found")
        page.locator("body").press("Home")
        page.locator(".skip").focus()
        reach("Journal")
        page.keyboard.press("Enter")
        page.locator(".entries summary").first.wait_for()
        reach("Forget all")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        wait_for(page.locator(".entry"), "Why, if it were asked now")


@pytest.mark.parametrize("view", ["ask", "journal", "answers", "records", "defaults", "coverage"])
def test_no_view_is_wider_than_a_phone(page: Page, view: str) -> None:
    page.set_viewport_size(PHONE)
    app = create_app()
    record = {"PersonalId": "9" * 200, "FirstName": "x" * 300}
    app.test_client().post("/__mock/records", json={"schema": "Customer", "records": [record]})
    with running(app) as server:
        ask(server, f"/Customers/{'a' * 400}")
        page.goto(f"{server.url}/__mock/#/{view}")
        page.locator(".work:not([hidden])").wait_for()
        if view == "journal":
            page.locator(".entries summary").first.click()
            page.locator(".steps").wait_for()

        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_names_have_the_width_of_a_phone(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(url)

    widths = page.locator("table.list tbody th").evaluate_all("all => all.map((each) => each.clientWidth)")

    assert min(widths) > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
