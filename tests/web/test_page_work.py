"""The page as a place to work, in a real Chromium: what a person does there, and what they then see."""

from __future__ import annotations

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


# Without scripts, and on a phone


def test_page_without_scripts_shows_its_contents(browser: Browser, url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(url)

    views = page.get_by_role("navigation", name="Views").count()
    page.get_by_role("link", name="100200303", exact=True).first.click()

    assert (views, page.url.endswith("/API/Customers/100200303")) == (0, True)
    context.close()


def test_names_have_the_width_of_a_phone(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(url)

    widths = page.locator("table.list tbody th").evaluate_all("all => all.map((each) => each.clientWidth)")

    assert min(widths) > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
