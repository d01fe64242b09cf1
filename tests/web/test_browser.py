"""A real Chromium asks the running stub, from pages of other origins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest
from flask.testing import FlaskClient

from mockserver.http.messages import Exchange
from mockserver.web.app import create_app
from tests.support.chromium import MILLISECONDS, launching
from tests.support.serving import running

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from playwright.sync_api import Browser, Frame

Options = Mapping[str, Any]

PAGE: Final = "<!doctype html><title>page</title><link rel='icon' href='data:,'>"
FRAME: Final = f'{PAGE}<iframe sandbox="allow-scripts" srcdoc="framed"></iframe>'

FETCH: Final = """
async ([targets, options]) => Promise.all(targets.map(async (target) => {
  try {
    const answer = await fetch(target, options);
    const named = Object.fromEntries(["X-Mock-Source", "Allow"].map((name) => [name, answer.headers.get(name)]));
    return {type: answer.type, status: answer.status, ...named, body: await answer.text()};
  } catch (error) {
    return error.name;
  }
}))
"""

CALLS: Final[Mapping[str, tuple[str, Options]]] = {
    "without credentials": ("/API/Customers/100200300?idType=1", {"credentials": "omit"}),
    "with credentials": ("/API/Customers/42", {"credentials": "include"}),
    "with headers of its own": (
        "/Customers/100200300",
        {"credentials": "include", "headers": {"Authorization": "Bearer x", "X-Own": "1"}},
    ),
    "404": ("/Customers/not-found", {}),
    "404 with credentials": ("/Customers/not-found", {"credentials": "include"}),
    "400": ("/Customers/42?idType=abc", {}),
    "405": ("/Customers/42", {"method": "PUT", "body": "{}", "headers": {"Content-Type": "application/json"}}),
    "405 of a method of no one": ("/Customers/42", {"method": "BREW"}),
    "500": ("/Customers/server-error", {"headers": {"X-Own": "1"}}),
    "no route": ("/nowhere", {"method": "DELETE", "credentials": "include"}),
    "document": ("/__mock/openapi.yaml", {"headers": {"X-Own": "1"}}),
}
"""What a script fetches, and with which options."""


def serve_page(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """A page of another origin; under `/isolated` one that embeds only what agrees to it."""
    isolated = [("Cross-Origin-Embedder-Policy", "require-corp")] if environ["PATH_INFO"] == "/isolated" else []
    start_response("200 OK", [("Content-Type", "text/html"), *isolated])
    return [(FRAME if environ["PATH_INFO"] == "/frame" else PAGE).encode()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launching() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages() -> Iterator[str]:
    """The root URL of the server of the pages."""
    with running(serve_page) as server:
        yield server.url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The root URL of the stub as it is shipped."""
    with running(create_app()) as server:
        yield server.url


@pytest.fixture(scope="module")
def places(browser: Browser, pages: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Frame]:
    """Where scripts run, by what a user would call it."""
    file = tmp_path_factory.mktemp("pages") / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return {
        "other origin": open_page(browser, f"{pages}/"),
        "file": open_page(browser, file.as_uri()),
        "sandboxed frame": open_page(browser, f"{pages}/frame").child_frames[0],
    }


def open_page(browser: Browser, address: str) -> Frame:
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    page.goto(address)
    return page.main_frame


def fetch(frame: Frame, targets: list[str], options: Options) -> list[object]:
    """What a script of the frame learns of each answer, or the name of the error that it gets."""
    answers: list[object] = frame.evaluate(FETCH, [targets, options])
    return answers


def read(client: FlaskClient, url: str, target: str, method: str = "GET") -> dict[str, object]:
    """What a script is to learn: the answer that a client gets which is no browser."""
    answer = client.open(target, method=method, base_url=url)
    named = {name: answer.headers.get(name) for name in ("X-Mock-Source", "Allow")}
    return {"type": "cors", "status": answer.status_code, **named, "body": answer.get_data(as_text=True)}


def test_pages_have_the_right_origins(places: dict[str, Frame], pages: str) -> None:
    origins = {name: frame.evaluate("self.origin") for name, frame in places.items()}

    assert origins == {"other origin": pages, "file": "null", "sandboxed frame": "null"}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("place", ["other origin", "file", "sandboxed frame"])
def test_script_reads_every_answer(
    places: dict[str, Frame], url: str, client: FlaskClient, place: str, call: str
) -> None:
    target, options = CALLS[call]

    answers = fetch(places[place], [f"{url}{target}"], options)

    assert answers == [read(client, url, target, options.get("method", "GET"))]


def test_sixty_calls_at_once_are_answered(places: dict[str, Frame], url: str, client: FlaskClient) -> None:
    targets = [f"/API/Customers/{number}?idType={number % 4}" for number in range(58)]
    targets += ["/Customers/not-found", "/Customers/1?idType=x"]

    answers = fetch(
        places["other origin"], [url + each for each in targets], {"credentials": "include", "headers": {"X-Own": "1"}}
    )

    assert answers == [read(client, url, target) for target in targets]


def test_preflight_is_kept(places: dict[str, Frame]) -> None:
    seen: list[str] = []

    def observe(exchange: Exchange) -> None:
        seen.append(f"{exchange.request.method} {exchange.source}")

    with running(create_app(observe=observe)) as server:
        for _ in range(3):
            fetch(places["other origin"], [f"{server.url}/Customers/42"], {"headers": {"X-Own": "1"}})

    assert seen == ["OPTIONS preflight", "GET generated", "GET generated", "GET generated"]


@pytest.mark.parametrize("options", [{}, {"credentials": "include"}, {"headers": {"X-Own": "1"}}])
@pytest.mark.parametrize("place", ["other origin", "file", "sandboxed frame"])
def test_script_reads_nothing_where_sharing_is_off(places: dict[str, Frame], place: str, options: Options) -> None:
    with running(create_app(cors=False)) as server:
        answers = fetch(places[place], [f"{server.url}/Customers/42"], options)

    assert answers == ["TypeError"]


@pytest.mark.parametrize(("cors", "learned"), [(True, "opaque"), (False, "TypeError")])
def test_isolated_page_may_embed_answers(browser: Browser, pages: str, cors: bool, learned: str) -> None:
    frame = open_page(browser, f"{pages}/isolated")

    with running(create_app(cors=cors)) as server:
        [answer] = fetch(frame, [f"{server.url}/Customers/42"], {"mode": "no-cors"})

    assert (answer["type"] if isinstance(answer, dict) else answer) == learned
