"""The addresses of the journal: lists, counts, archives, waiting, verification, and who may use them."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockserver.web.admin.journal import PATHS, WAITING
from mockserver.web.app import create_app
from tests.support.serving import Got, ask, running
from tests.support.waiting import has_come

EVIL = {"Origin": "http://evil.example"}


@pytest.fixture
def client() -> FlaskClient:
    return create_app().test_client()


def get(client: FlaskClient, path: str, **headers: str) -> Any:
    return read(client.get(f"/__mock/{path}", headers=headers))


def read(response: TestResponse) -> Any:
    return json.loads(response.data)


def verify(client: FlaskClient, expected: object, session: str | None = None) -> TestResponse:
    headers = {} if session is None else {"X-Mock-Session": session}
    return client.post("/__mock/verify", json=expected, headers=headers)


def list_numbers(client: FlaskClient, query: str = "", **headers: str) -> list[int]:
    return [each["number"] for each in get(client, f"requests{query}", **headers)["requests"]]


# Lists


def test_request_is_listed_with_its_reply(client: FlaskClient) -> None:
    reply = client.get("/API/Customers/42?idType=1", headers={"X-Tenant": "acme"})

    listed = get(client, "requests")

    entry = listed["requests"][0]
    assert (listed["total"], listed["evicted"]) == (1, 0)
    assert (
        entry.items()
        >= {
            "number": 1,
            "session": None,
            "method": "GET",
            "target": "/API/Customers/42?idType=1",
            "body": None,
            "body_size": 0,
            "body_cut": False,
            "response_body_size": len(reply.data),
            "response_body_cut": False,
            "operation": "getCustomer",
            "arguments": {"id": "42", "idType": 1, "idTypeExtRef": ""},
            "source": {"kind": "generated", "name": None, "place": None},
            "hints": [],
            "fault": None,
            "status": 200,
            "response_body": reply.text,
        }.items()
    )
    assert ["X-Tenant", "acme"] in entry["headers"]
    assert ["X-Mock-Source", "generated"] in entry["response_headers"]
    assert get(client, "requests/1") == entry


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("?operation=getCustomer", [1, 2, 4]),
        ("?argument.id=42", [1]),
        ("?status=404", [3]),
        ("?source=framework", [3]),
        ("?matched=true", [1, 2]),
        ("?header.X-Tenant=acme", [2]),
        ("?session=A", [2]),
        ("?since=2", [3, 4]),
        ("?limit=1", [4]),
        ("?limit=0", []),
        ("?limit=9&since=3", [4]),
    ],
)
def test_list_is_filtered(query: str, numbers: list[int], client: FlaskClient) -> None:
    client.get("/Customers/42")
    client.get("/Customers/43", headers={"X-Tenant": "acme", "X-Mock-Session": "A"})
    client.get("/nowhere")
    client.get("/Customers/44?__code=x")

    assert list_numbers(client, query) == numbers
    assert get(client, f"requests/count{query}")["count"] == (
        4 if "limit" in query and "since" not in query else len(numbers)
    )


def test_header_narrows_the_list_to_a_session(client: FlaskClient) -> None:
    for name in ("A", "B"):
        client.get("/Customers/1", headers={"X-Mock-Session": name})

    lists = [list_numbers(client, **{"X-Mock-Session": name}) for name in ("A", "B", "C")]

    assert lists == [[1], [2], []]
    assert client.get("/__mock/requests/1", headers={"X-Mock-Session": "B"}).status_code == 404


def test_number_that_is_not_there_is_a_404(client: FlaskClient) -> None:
    response = client.get("/__mock/requests/7")

    message = "The journal has no request 7. GET requests lists those that it has."
    assert (response.status_code, read(response)) == (404, {"Message": message})


def test_journal_tells_what_it_has_dropped() -> None:
    client = create_app(journal_entries=2).test_client()
    for number in range(5):
        client.get(f"/Customers/{number}")

    listed = get(client, "requests")

    assert ([each["number"] for each in listed["requests"]], listed["total"], listed["evicted"]) == ([4, 5], 5, 3)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (b"", {"body": None}),
        ("é".encode(), {"body": "é"}),
        (b"\xff\x00", {"body_base64": "/wA="}),
    ],
)
def test_body_is_text_or_base64(sent: bytes, shown: Mapping[str, object], client: FlaskClient) -> None:
    client.post("/Customers/42", data=sent)

    entry = get(client, "requests/1")
    assert {key: value for key, value in entry.items() if key in ("body", "body_base64")} == shown


def test_added_answers_stand_in_the_source(client: FlaskClient) -> None:
    slow = {"name": "slow", "operation": "getCustomer", "reply": {"headers": {"X-Slow": "1"}}}
    client.post("/__mock/answers", json=slow)
    client.get("/Customers/42")

    added = [{"kind": "answer", "name": "slow", "place": "run-time"}]
    assert get(client, "requests/1")["source"] == {"kind": "generated", "name": None, "place": None, "added": added}


def test_secrets_of_replies_are_not_shown(client: FlaskClient) -> None:
    reply = {"status": 409, "headers": {"Set-Cookie": "a=s3cret"}, "body": {"Message": "x", "token": "s3cret"}}
    answer = {"name": "a", "operation": "getCustomer", "unchecked": True, "reply": reply}
    assert client.post("/__mock/answers", json=answer).status_code == 201
    assert b"s3cret" in client.get("/Customers/42").data

    shown = client.get("/__mock/requests").text + client.get("/__mock/requests/har").text
    assert ("s3cret" in shown, shown.count("redacted-")) == (False, 4)


# Forgetting


@pytest.mark.parametrize(
    ("forget", "left"),
    [
        (("DELETE", "requests", None), []),
        (("DELETE", "requests?session=A", None), [1, 3]),
        (("DELETE", "requests", "B"), [1, 2]),
        (("DELETE", "requests", "new"), [1, 2, 3]),
        (("POST", "reset", None), [2, 3]),
        (("POST", "reset", "A"), [1, 3]),
        (("DELETE", "sessions/A", None), [1, 3]),
    ],
)
def test_requests_are_forgotten(forget: tuple[str, str, str | None], left: list[int], client: FlaskClient) -> None:
    method, path, session = forget
    for name in ({}, {"X-Mock-Session": "A"}, {"X-Mock-Session": "B"}):
        client.get("/Customers/1", headers=name)

    headers = {} if session is None else {"X-Mock-Session": session}
    response = client.open(f"/__mock/{path}", method=method, headers=headers)

    assert (response.status_code, list_numbers(client)) == (204, left)
    assert get(client, "requests")["total"] == len(left)


# Waiting


def test_waiting_returns_with_what_it_waits_for() -> None:
    with running(create_app()) as server:
        got: list[Got] = []
        waiting = threading.Thread(
            target=lambda: got.append(ask(server, "/__mock/requests?wait=30&count=2&status=200"))
        )
        waiting.start()
        for target in ("/Customers/1", "/nowhere", "/Customers/2"):
            ask(server, target)
        waiting.join(20)

    assert [each["target"] for each in got[0].read()["requests"]] == ["/Customers/1", "/Customers/2"]


def test_waiting_ends_with_what_there_is(client: FlaskClient) -> None:
    client.get("/Customers/1")

    assert list_numbers(client, "?wait=0.01&count=2") == [1]


def test_only_some_callers_may_wait() -> None:
    with running(create_app()) as server:
        refused: list[Got] = []

        def hold() -> None:
            while ask(server, "/__mock/requests?wait=30").status == 503:
                """A probe has taken the place for a moment."""

        def is_refused() -> bool:
            refused.append(ask(server, "/__mock/requests?wait=0.001"))
            return refused[-1].status == 503

        held = [threading.Thread(target=hold) for _ in range(WAITING)]
        for each in held:
            each.start()
        assert has_come(is_refused)
        ask(server, "/Customers/1")
        for each in held:
            each.join(20)

        assert refused[-1].read() == {"Message": "16 callers wait already. Ask again, or ask without wait."}
        assert not is_refused()


# Archives


def test_archive_has_what_browsers_read(client: FlaskClient) -> None:
    client.post("/Customers/4%202?idType=1&idTypeExtRef=a%26b", data="{}", content_type="application/json")

    entry = get(client, "requests/har")["log"]["entries"][0]

    request, response = entry["request"], entry["response"]
    assert (request["method"], request["url"]) == (
        "POST",
        "http://localhost/Customers/4%202?idType=1&idTypeExtRef=a%26b",
    )
    assert request["queryString"] == [{"name": "idType", "value": "1"}, {"name": "idTypeExtRef", "value": "a&b"}]
    assert request["postData"] == {"mimeType": "application/json", "text": "{}"}
    assert {"name": "Content-Type", "value": "application/json"} in request["headers"]
    assert (response["status"], response["content"]["mimeType"]) == (405, "application/json; charset=utf-8")
    assert response["content"]["size"] == len(response["content"]["text"]) == response["bodySize"]
    assert entry["time"] == entry["timings"]["wait"] > 0


def test_archive_tells_hints_and_near_misses(client: FlaskClient) -> None:
    client.get("/Customer/42")

    archived, shown = get(client, "requests/har")["log"]["entries"][0], get(client, "requests/1")

    assert (archived["_hints"], archived["_near_misses"]) == (shown["hints"], shown["near_misses"])
    assert shown["near_misses"][0]["differences"]


# Verification


@pytest.mark.parametrize(
    ("expected", "status", "message"),
    [
        (
            {"operation": "getCustomer", "arguments": {"id": "42"}, "headers": {"X-Tenant": "acme"}, "exactly": 1},
            200,
            "getCustomer with id '42' and header X-Tenant 'acme': exactly 1 request wanted, 1 seen.",
        ),
        (
            {"operation": "getCustomer", "arguments": {"path.id": "43", "query.idType": 2}},
            200,
            "getCustomer with id '43' and idType 2: at least 1 request wanted, 1 seen.",
        ),
        ({"operation": "getCustomer", "at_most": 1}, 409, "getCustomer: at most 1 request wanted, 2 seen."),
        ({"method": "PUT", "path": "/Customers/9"}, 409, "PUT /Customers/9: at least 1 request wanted, 0 seen."),
        ({"path": "/nowhere"}, 200, "/nowhere: at least 1 request wanted, 1 seen."),
        ({"at_least": 1, "at_most": 3}, 200, "any request: at least 1 and at most 3 requests wanted, 3 seen."),
        (
            {"method": "POST", "body": {"a": [1]}, "exactly": 0},
            409,
            'POST with body {"a": [1]}: exactly 0 requests wanted, 1 seen.',
        ),
        (
            {"in_order": True, "requests": [{"operation": "getCustomer"}, {"path": "/nowhere"}]},
            200,
            "2 requests were seen in this order.",
        ),
        (
            {"requests": [{"path": "/nowhere"}, {}]},
            409,
            "any request, number 2 of the order, was not seen after request 3.",
        ),
    ],
)
def test_requests_are_verified(expected: object, status: int, message: str, client: FlaskClient) -> None:
    client.get("/API/Customers/42", headers={"X-Tenant": "acme"})
    client.get("/API/Customers/43?idType=2")
    client.post("/nowhere", json={"a": [1], "b": 2})

    response = verify(client, expected)

    verdict = read(response)
    assert (response.status_code, verdict["verified"]) == (status, status == 200)
    assert verdict["Message"].startswith(message)
    assert (verdict["total"], verdict["evicted"], verdict["count"]) == (3, 0, len(verdict["requests"]))


def test_secret_is_verified_by_its_value(client: FlaskClient) -> None:
    client.get("/Customers/42?access_token=t", headers={"Authorization": "Bearer s3cret"})
    client.post("/Customers/42", json={"password": "s3cret"})

    sent = [{"headers": {"authorization": f"Bearer {text}"}} for text in ("s3cret", "other")]
    sent += [{"body": {"password": text}} for text in ("s3cret", "other")]

    responses = [verify(client, each) for each in sent]
    assert [each.status_code for each in responses] == [200, 409, 200, 409]
    assert not any("s3cret" in each.text for each in responses)


def test_nearest_requests_are_told(client: FlaskClient) -> None:
    client.get("/API/Customers/42?idType=2")

    verdict = read(verify(client, {"operation": "getCustomer", "arguments": {"id": "42", "idType": 1}}))

    missed = {"number": 1, "method": "GET", "target": "/API/Customers/42?idType=2"}
    assert verdict["nearest"] == [{**missed, "differences": ["idType is 2, wanted 1"]}]


def test_verification_looks_at_the_named_session(client: FlaskClient) -> None:
    client.get("/Customers/1", headers={"X-Mock-Session": "A"})

    assert [verify(client, {}, name).status_code for name in ("A", "B", None)] == [200, 409, 409]


@pytest.mark.parametrize(
    ("expected", "problem"),
    [
        ([], "#: A mapping is wanted here. Write keys and values."),
        ({"operaton": "a"}, "#/operaton: operaton is not known here; did you mean 'operation'?"),
        (
            {"operation": "getCustomr"},
            "#/operation: The contract has no operation 'getCustomr'; did you mean 'getCustomer'?",
        ),
        ({"operation": "x"}, "#/operation: The contract has no operation 'x'. There are getCustomer."),
        ({"operation": 1}, "#/operation: operation is 1. Write text."),
        ({"arguments": {"id": "1"}}, "#/arguments: arguments are those of an operation. Name it by operation."),
        (
            {"operation": "getCustomer", "arguments": {"idd": "1"}},
            "#/arguments/idd: getCustomer has no parameter 'idd'; did you mean 'id'?",
        ),
        (
            {"operation": "getCustomer", "arguments": [1]},
            "#/arguments: arguments is [1]. Write their names and values under it.",
        ),
        ({"headers": {"X Y": "1"}}, "#/headers/X Y: The header 'X Y' is not a header name. Change or remove it."),
        (
            {"headers": {"Cookie": {"matches": "a.*"}}},
            "#/headers/Cookie: Cookie is a secret, of which the journal has a digest alone: no pattern",
        ),
        ({"exactly": -1}, "#/exactly: exactly is -1. Write a whole number from 0 on, without quotes."),
        ({"exactly": 1, "at_least": 1}, "#: exactly stands beside at_least or at_most. Give one or the other."),
        ({"at_least": 2, "at_most": 1}, "#: at_least is 2 and at_most 1, which no number is. Change one."),
        ({"in_order": True}, "#: requests is missing or empty. List what is expected, in its order."),
        ({"in_order": 1, "requests": [{}]}, "#/in_order: in_order is 1. Write true or false."),
        (
            {"in_order": False, "requests": [{}]},
            "#/in_order: in_order is false, but requests are expected in their order. Remove it, or verify each",
        ),
        ({"path": "Customers/42"}, "#/path: path is 'Customers/42'. Begin it with a slash, and give the query"),
        ({"path": "/Customers/42?a=b"}, "#/path: path is '/Customers/42?a=b'. Begin it with a slash, and give"),
        (
            {"requests": [{"exactly": 1}]},
            "#/requests/0/exactly: exactly is not known here. Write one of operation, method,",
        ),
    ],
    ids=str,
)
def test_wrong_expectation_is_told(expected: object, problem: str, client: FlaskClient) -> None:
    response = verify(client, expected)

    assert response.status_code == 400
    assert read(response)["Problems"][0].startswith(problem)


@pytest.mark.parametrize("name", ["idTypeExtRef", "query.idTypeExtRef"])
def test_pattern_on_a_secret_argument_is_refused(name: str) -> None:
    client = create_app(redact="idTypeExtRef").test_client()

    response = verify(client, {"operation": "getCustomer", "arguments": {name: {"matches": "a.*"}}})

    assert response.status_code == 400
    assert read(response)["Message"].startswith(f"#/arguments/{name}: {name} is a secret, of which the journal has a")


def test_wrong_filter_is_a_400(client: FlaskClient) -> None:
    responses = [client.get(f"/__mock/requests?{each}") for each in ("since=-1", "session=a%20b")]

    assert [each.status_code for each in responses] == [400, 400]
    assert [read(each)["Message"].partition(" is ")[0] for each in responses] == ["since", "The session"]


# Who may read


@pytest.mark.parametrize(
    "path",
    ["requests", "requests/1", "requests/count", "requests/har", "coverage", "explain?target=/Customers/1", "verify"],
)
@pytest.mark.parametrize("headers", [EVIL, {"Host": "evil.example"}, {"X-Forwarded-For": "203.0.113.9"}], ids=str)
def test_strangers_may_not_read(path: str, headers: dict[str, str], client: FlaskClient) -> None:
    client.get("/Customers/1")

    response = client.open(f"/__mock/{path}", method="POST" if path == "verify" else "GET", headers=headers, json={})

    assert response.status_code == 403
    assert not [name for name, _ in response.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("prefix", ["/__mock", "/stüb"])
def test_token_lets_strangers_read(prefix: str) -> None:
    client = create_app(admin_token="t0ken", prefix=prefix).test_client()
    headers = {**EVIL, "Authorization": "Bearer t0ken"}

    responses = [client.get(f"{prefix}/requests", headers=each) for each in (headers, {}, EVIL)]

    assert [each.status_code for each in responses] == [200, 403, 403]
    assert "Access-Control-Allow-Origin" not in responses[0].headers


@pytest.mark.parametrize("path", PATHS)
def test_pages_of_other_origins_get_no_permission(path: str, client: FlaskClient) -> None:
    asked = {**EVIL, "Access-Control-Request-Method": "GET", "Sec-Fetch-Site": "cross-site"}

    response = client.options(f"/__mock{path}", headers=asked)

    assert not [name for name, _ in response.headers if name.startswith(("Access-Control-", "Cross-Origin-"))]


# Coverage


def test_coverage_counts_requests_of_sessions(client: FlaskClient) -> None:
    client.post("/__mock/answers", json={"name": "new", "operation": "getCustomer", "reply": {"status": 409}})
    client.get("/Customers/1")
    for _ in range(2):
        client.get("/Customers/1", headers={"X-Mock-Session": "A"})

    measured = [get(client, f"coverage{query}") for query in ("", "?session=A", "?session=B")]

    counts = [{row["name"]: row["count"] for row in each["rows"]}["path.id"] for each in measured]
    assert counts == [3, 2, 0]
    unused = [[answer["name"] for answer in each["added"]["unused"]] for each in measured]
    assert unused == [[], [], []]


@pytest.mark.parametrize(
    ("form", "media_type", "beginning"),
    [
        ("json", "application/json", '{"percent":0,'),
        ("table", "text/plain; charset=utf-8", "Coverage 0 %: 0 of "),
        ("markdown", "text/markdown; charset=utf-8", "**Coverage 0 %: 0 of "),
    ],
)
def test_coverage_has_several_forms(form: str, media_type: str, beginning: str, client: FlaskClient) -> None:
    response = client.get(f"/__mock/coverage?format={form}")

    assert (response.content_type, response.text.startswith(beginning)) == (media_type, True)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("format=tabel", "format is 'tabel'; did you mean 'table'? Write json, markdown, table."),
        ("sesion=A", "There is no filter 'sesion'; did you mean 'session'? Use session, format."),
    ],
)
def test_wrong_query_of_coverage_is_told(query: str, message: str, client: FlaskClient) -> None:
    response = client.get(f"/__mock/coverage?{query}")

    assert (response.status_code, read(response)) == (400, {"Message": message})


# Explanations


def test_explanation_is_of_the_named_session(client: FlaskClient) -> None:
    client.put("/__mock/defaults", json={"code": 404}, headers={"X-Mock-Session": "A"})
    before = list_numbers(client)

    shown = [get(client, f"explain?target=/Customers/1{query}") for query in ("", "&session=A")]

    assert [each["status"] for each in shown] == [200, 404]
    assert list_numbers(client) == before == []
    assert client.get("/__mock/explain").status_code == 400
