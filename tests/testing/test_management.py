"""The addresses of a stub as tests and commands ask them, and what is told where that cannot be."""

from __future__ import annotations

import json
from datetime import date

import pytest
from flask import Flask, redirect

from mockserver.testing.management import Management
from mockserver.testing.transports import HttpTransport, StubError
from mockserver.web.app import create_app
from tests.support.serving import running


def test_everything_is_asked_in_the_session() -> None:
    with running(create_app(admin_token="t0ken", prefix="/stub")) as server:
        management = Management(HttpTransport(f"{server.url}/"), "/stub/", "t0ken", "A")
        answer = {"name": "gone", "operation": "getCustomer", "reply": {"status": 410}}

        added = management.ask("POST", "answers", answer)
        statuses = [management.send("GET", "/Customers/1", each).status for each in ({}, {"X-Mock-Session": "B"})]
        removed = management.ask("DELETE", "answers/gone")

    assert (added, statuses, removed) == ({"added": ["gone"]}, [410, 200], {})


def test_reply_comes_with_headers_and_body() -> None:
    with running(create_app()) as server:
        answered = Management(HttpTransport(server.url)).send("GET", "/Customers/ד נ", {"Accept": "text/json"})

    assert json.loads(answered.body)["PersonalId"] == "ד נ"
    assert dict(answered.headers)["X-Mock-Source"] == "generated"


def test_all_problems_are_told() -> None:
    with running(create_app()) as server, pytest.raises(StubError) as caught:
        Management(HttpTransport(server.url)).ask("POST", "answers", {"operation": "getCustomr"})

    assert str(caught.value).splitlines() == [
        "#: name is missing. Add it.",
        "#: reply is missing. Add it, with status, headers, body or text.",
        "#/operation: The contract has no operation 'getCustomr'; did you mean 'getCustomer'?",
    ]


def test_value_that_is_no_json_is_told() -> None:
    with pytest.raises(StubError, match=r"^This cannot be sent as JSON: Object of type date is not JSON "):
        Management(HttpTransport("http://127.0.0.1:1")).ask("POST", "records", {"DOB": date(2000, 1, 1)})


def test_accepted_error_is_no_error() -> None:
    with running(create_app()) as server:
        verdict = Management(HttpTransport(server.url)).ask(
            "POST", "verify", {"operation": "getCustomer"}, accepted=[409]
        )

    assert verdict["verified"] is False


@pytest.mark.parametrize(("method", "headers"), [("GET", {"X": "a\nb"}), ("GET", {"X": "ד"}), ("G\nT", {})])
def test_request_that_cannot_be_sent_is_told(method: str, headers: dict[str, str]) -> None:
    with running(create_app()) as server, pytest.raises(StubError, match=r"^The request cannot be sent: ."):
        Management(HttpTransport(server.url)).send(method, "/", headers)


@pytest.mark.parametrize("body", ["<html>", "[]", '"stub"'])
def test_other_server_is_no_stub(body: str) -> None:
    app = Flask(__name__)
    app.add_url_rule("/__mock/coverage", "other", lambda: body)

    with running(app) as server, pytest.raises(StubError, match=r"coverage answers 200: this is no stub"):
        Management(HttpTransport(server.url)).ask("GET", "coverage")


@pytest.mark.parametrize(("path", "prefix"), [("/API", "/__mock"), ("", "/other")])
def test_address_of_the_api_is_told(path: str, prefix: str) -> None:
    with running(create_app()) as server, pytest.raises(StubError) as caught:
        Management(HttpTransport(server.url + path), prefix).get("coverage")

    finding = f"{server.url}{path}{prefix}/coverage answers 404: the stub serves its API there."
    assert str(caught.value) == f"{finding} Write the URL that the stub has printed, and its --prefix."


def test_redirect_is_no_stub() -> None:
    app = Flask(__name__)
    app.add_url_rule("/__mock/coverage", "away", lambda: redirect("/elsewhere"))

    with running(app) as server, pytest.raises(StubError, match=r"coverage answers 302: this is no stub"):
        Management(HttpTransport(server.url)).get("coverage")
