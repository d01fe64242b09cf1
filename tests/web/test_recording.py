"""What is recorded of an exchange: all headers, the beginning of the body, the arguments, and no secret."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from mockserver.http.messages import Exchange
from mockserver.http.sources import Source
from mockserver.state.journal import LONGEST_BODY
from mockserver.web.app import create_app
from mockserver.web.recording import Recorder
from tests.support.serving import ask, running, send


@pytest.fixture
def told() -> list[Exchange]:
    return []


@pytest.fixture
def client(told: list[Exchange]) -> FlaskClient:
    return create_app(observe=told.append, redact="idTypeExtRef").test_client()


def test_exchange_says_what_was_asked(client: FlaskClient, told: list[Exchange]) -> None:
    client.get("/__mock/s/a/API/Customers/42?idType=1", headers={"X-Tenant": "acme"})

    exchange = told[0]
    assert (exchange.session, exchange.operation, exchange.source) == ("a", "getCustomer", Source("generated"))
    assert exchange.arguments == {"id": "42", "idType": 1, "idTypeExtRef": ""}
    assert exchange.request.target == "/API/Customers/42?idType=1"
    assert ("X-Tenant", "acme") in exchange.request.headers
    assert (exchange.fault, exchange.size, exchange.request.body) == (None, 0, b"")


@pytest.mark.parametrize(
    ("target", "operation", "arguments"),
    [
        ("/nowhere", None, {}),
        ("/Customers/42?idType=x", "getCustomer", {"id": "42", "idType": 0, "idTypeExtRef": ""}),
        ("/Customers/42?__code=x", "getCustomer", {}),
    ],
)
def test_refused_request_is_recorded(
    target: str, operation: str | None, arguments: object, client: FlaskClient, told: list[Exchange]
) -> None:
    client.get(target)

    assert [(each.operation, each.arguments) for each in told] == [(operation, arguments)]


def test_near_misses_are_recorded(client: FlaskClient, told: list[Exchange]) -> None:
    header = client.get("/API/Customer/42").headers["X-Mock-Hint"]

    (miss,) = told[0].near_misses
    assert (miss.name, miss.differences) == ("GET /API/Customers/{id}", ("differs in one segment",))
    assert header == miss.hint == "Path differs in one segment: did you mean /API/Customers/42?"


def test_time_of_an_exchange_is_when_it_came(told: list[Exchange], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.web.app.time", lambda: 1_000_000.5)
    client = create_app(observe=told.append).test_client()

    client.get("/Customers/42")

    assert told[0].at + told[0].seconds == 1_000_000.5
    assert 0 < told[0].seconds < 10


def test_no_secret_is_recorded(client: FlaskClient, told: list[Exchange]) -> None:
    headers = {"Authorization": "Bearer s3cret", "Cookie": "a=s3cret", "Content-Type": "application/json"}

    client.post("/Customers/42?token=s3cret&idTypeExtRef=s3cret", headers=headers, data='{"password": "s3cret"}')
    client.get("/Customers/42?idTypeExtRef=s3cret")

    assert "s3cret" not in repr([(each.request, each.arguments) for each in told])
    assert str(told[1].arguments["idTypeExtRef"]).startswith("redacted-")
    assert told[1].request.target.endswith(f"={told[1].arguments['idTypeExtRef']}")


@pytest.mark.parametrize("size", [1, LONGEST_BODY, LONGEST_BODY + 1])
def test_body_is_recorded_up_to_a_limit(size: int, client: FlaskClient, told: list[Exchange]) -> None:
    client.post("/Customers/42", data=b"x" * size)

    assert (told[0].size, told[0].request.body) == (size, b"x" * min(size, LONGEST_BODY))


@pytest.mark.parametrize("size", [1, LONGEST_BODY, LONGEST_BODY + 1])
def test_body_of_a_reply_is_recorded_up_to_a_limit(size: int, client: FlaskClient, told: list[Exchange]) -> None:
    answer = {"name": "a", "operation": "getCustomer", "unchecked": True, "reply": {"text": "x" * size}}
    client.post("/__mock/answers", json=answer)

    response = client.get("/Customers/42")

    assert (told[-1].reply_size, told[-1].reply.body) == (size, b"x" * min(size, LONGEST_BODY))
    assert len(response.data) == size


@pytest.mark.parametrize("length", ["", "x", "-1"])
def test_odd_length_is_no_body(length: str, client: FlaskClient, told: list[Exchange]) -> None:
    client.get("/Customers/42", environ_overrides={"CONTENT_LENGTH": length})

    assert (told[0].size, told[0].request.body) == (0, b"")


def test_headers_have_the_names_that_were_sent(told: list[Exchange]) -> None:
    fields = b"hOST: h\r\nX_Odd:  a \r\nx-tenant: one\r\nX-Tenant: two\r\nConnection: close\r\n\r\n"

    with running(create_app(observe=told.append)) as server:
        for _ in range(2):
            send(server, b"GET /Customers/42 HTTP/1.1\r\n" + fields)

    expected = (("hOST", "h"), ("X_Odd", "a"), ("x-tenant", "one"), ("X-Tenant", "two"), ("Connection", "close"))
    assert [each.request.headers for each in told] == [expected] * 2


def test_many_different_heads_are_all_recorded(told: list[Exchange], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.web.heads._KNOWN", 3)
    with running(create_app(observe=told.append)) as server:
        for number in range(10):
            ask(server, "/Customers/42", headers={"X-Number": str(number)})

    numbers = [dict(each.request.headers)["X-Number"] for each in told]
    assert numbers == [str(number) for number in range(10)]


def test_change_of_the_stub_is_told(told: list[Exchange]) -> None:
    client = create_app(observe=told.append).test_client()

    client.post("/__mock/reset")

    assert [(each.source, each.reply.status) for each in told] == [(Source("management"), 204)]


@pytest.mark.parametrize("is_observed", [False, True])
def test_refusal_of_the_server_is_told_without_secrets(is_observed: bool, told: list[Exchange]) -> None:
    app = create_app(observe=told.append if is_observed else None)
    recorder: Recorder = app.extensions["mockserver.recorder"]

    with running(app, observe=recorder.record_refusal) as server:
        send(server, b"GET /a?x=1&api_key=hunter2\nAuthorization: hunter2\n\n")
        send(server, b"GET /b HTTP/1.1\r\nAuthorization: hunter2\r\n\r\n")

    targets = [each.request.target.partition("=redacted-")[0] for each in told]
    assert targets == (["/a?x=1&api_key", "/b"] if is_observed else [])
    assert "hunter2" not in str(told)


BIG = "x" * 4000


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        (f"/Customers/1?{BIG}", {}),
        ("/Customers/1", {"headers": {"X-Big": BIG}}),
        ("/Customers/1", {"data": BIG}),
        ("/Customers/big", {}),
    ],
    ids=["target", "headers", "body", "reply"],
)
def test_every_text_takes_room(target: str, sent: dict[str, Any]) -> None:
    client = create_app(journal_bytes=8000).test_client()
    answer = {"name": "a", "operation": "getCustomer", "when": {"id": "big"}, "unchecked": True, "reply": {"text": BIG}}
    client.post("/__mock/answers", json=answer)

    plain, big = (count_held(client, each) for each in (("/Customers/1", {}), (target, sent)))

    assert (plain, big) == (3, 1)


def count_held(client: FlaskClient, request: tuple[str, dict[str, Any]]) -> int:
    """Return how many of three requests the journal holds."""
    client.delete("/__mock/requests")
    for _ in range(3):
        client.get(request[0], **request[1])
    return len(client.get("/__mock/requests").get_json()["requests"])


def test_many_different_targets_are_all_recorded(told: list[Exchange], client: FlaskClient) -> None:
    targets = [f"/Customers/{number}?token={number}" for number in range(600)]

    for target in (*targets, *(each.partition("?")[0] for each in targets)):
        client.get(target)

    assert [each.request.target.partition("?")[0] for each in told] == [each.partition("?")[0] for each in targets] * 2
    assert all("token=redacted-" in each.request.target for each in told[:600])
