"""The addresses by which a running stub is changed, in process and through the real server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mockserver.documents.problems import StartError
from mockserver.http.messages import Exchange
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from mockserver.state.sessions import ANSWERS
from mockserver.web.app import LARGEST_POST, create_app
from tests.server.test_serving import SECONDS, running

Write = Callable[[str, str], Path]

FIXTURES = """\
schema: Customer
records: [{PersonalId: a, FirstName: Ada}]
answers:
- {name: gone, operation: getCustomer, when: {id: gone}, reply: {status: 404}}
- {name: once, operation: getCustomer, when: {id: once}, times: 1, reply: {status: 503}}
- {name: busy, operation: getCustomer, when: {id: busy}, reply: {status: 503, headers: {Retry-After: 1}}}
"""
JSON = "application/json"


@pytest.fixture
def folder(write: Write) -> Path:
    write("x.json", '{"Message": "{id}"}')
    return write("f.yaml", FIXTURES)


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    """A client of a stub that others do not change."""
    return create_app(fixtures=folder).test_client(use_cookies=False)


def entry(name: str = "n", status: int = 500, **members: Any) -> dict[str, Any]:
    return {"name": name, "operation": "getCustomer", "reply": {"status": status}, **members}


def post(client: FlaskClient, sent: object, session: str | None = None) -> TestResponse:
    return client.post("/__mock/answers", json=sent, headers=in_session(session))


def in_session(name: str | None) -> dict[str, str]:
    return {} if name is None else {"X-Mock-Session": name}


def ask(client: FlaskClient, id: str = "a", session: str | None = None) -> int:  # noqa: A002  # the contract's name
    return client.get(f"/Customers/{id}", headers=in_session(session)).status_code


def list_answers(client: FlaskClient, session: str | None = None) -> list[dict[str, Any]]:
    response = client.get("/__mock/answers", headers=in_session(session))
    assert (response.status_code, response.content_type) == (200, JSON)
    answers: list[dict[str, Any]] = json.loads(response.data)["answers"]
    return answers


def names(client: FlaskClient, session: str | None = None) -> list[str]:
    return [each["name"] for each in list_answers(client, session)]


def told(response: TestResponse) -> tuple[int, Any]:
    """Status and body of an answer, which is JSON whatever has happened."""
    assert response.content_type.partition(";")[0] == JSON
    return response.status_code, json.loads(response.data)


def is_empty(response: TestResponse) -> bool:
    return (response.status_code, response.data, "Content-Type" in response.headers) == (204, b"", False)


OF_FILES = ["gone", "once", "busy"]

# Answers


def test_answers_of_the_files_are_listed(client: FlaskClient) -> None:
    assert list_answers(client) == [
        {"name": "gone", "operation": "getCustomer", "source": "files/f.yaml:4", "added": False},
        {
            "name": "once",
            "operation": "getCustomer",
            "source": "files/f.yaml:5",
            "added": False,
            "calls": 0,
            "given": 0,
        },
        {"name": "busy", "operation": "getCustomer", "source": "files/f.yaml:6", "added": False},
    ]


def test_answer_that_is_added_is_given_and_listed(client: FlaskClient) -> None:
    before = ask(client)

    response = post(client, entry(when={"id": "a"}))

    assert told(response) == (201, {"added": ["n"]})
    assert (before, ask(client), ask(client, "b")) == (200, 500, 200)
    shown = {"name": "n", "operation": "getCustomer", "source": "run-time", "added": True}
    assert list_answers(client)[0] == shown
    assert client.get("/Customers/a").headers["X-Mock-Source"] == "answer n run-time"


def test_answer_that_is_added_as_yaml_is_listed_as_added(client: FlaskClient) -> None:
    text = "# One\n- name: n\n  operation: getCustomer\n  reply: {status: 500}\n"

    response = client.post("/__mock/answers", data=text, content_type="application/yaml")

    assert told(response) == (201, {"added": ["n"]})
    shown = {"name": "n", "operation": "getCustomer", "source": "run-time:2", "added": True}
    assert list_answers(client)[0] == shown


def test_answers_that_are_added_come_before_all_others_and_the_newest_first(client: FlaskClient) -> None:
    statuses = [ask(client, "gone")]
    for sent in (entry("one", 501), [entry("two", 502, when={"id": "gone"}), entry("three", 503)]):
        post(client, sent)
        statuses.append(ask(client, "gone"))
    post(client, entry("four", 504))

    # By their order alone, however precise another is.
    assert (statuses, ask(client, "gone")) == ([404, 501, 502], 504)
    assert names(client) == ["four", "two", "three", "one", *OF_FILES]


def test_answer_of_the_same_name_is_replaced(client: FlaskClient) -> None:
    for status in (501, 502):
        post(client, [entry("n", status), entry(f"other {status}", when={"id": "x"})])

    assert (ask(client), names(client)) == (502, ["n", "other 502", "other 501", *OF_FILES])


def test_answer_that_is_replaced_counts_anew(client: FlaskClient) -> None:
    statuses = []
    for _ in range(2):
        post(client, entry(times=1))
        statuses += [ask(client), ask(client)]

    assert statuses == [500, 200, 500, 200]


def test_answer_of_a_file_is_replaced_by_one_of_its_name_and_comes_back(client: FlaskClient) -> None:
    post(client, entry("gone", 410, when={"id": "other"}))

    replaced = (ask(client, "gone"), ask(client, "other"), names(client))
    removed = client.delete("/__mock/answers/gone")

    assert replaced == (200, 410, ["gone", "once", "busy"])
    assert is_empty(removed)
    assert (ask(client, "gone"), ask(client, "other"), names(client)) == (404, 200, OF_FILES)


def test_counts_of_answers_that_count_are_listed(client: FlaskClient) -> None:
    post(client, [entry("third", when={"id": "a", "call": 3}), entry("often", when={"id": "b"}, times=2)])

    statuses = [ask(client, each) for each in ("a", "a", "a", "a", "b", "once", "once", "gone")]

    counts = {each["name"]: (each.get("calls"), each.get("given")) for each in list_answers(client)}
    assert statuses == [200, 200, 500, 200, 500, 503, 200, 404]
    assert counts == {
        "third": (4, 1),
        "often": (1, 1),
        "once": (2, 1),
        "gone": (None, None),
        "busy": (None, None),
    }


def test_body_file_is_named_from_the_folder_of_the_fixtures(client: FlaskClient) -> None:
    response = post(client, entry(reply={"status": 500, "body_file": "x.json"}))

    assert response.status_code == 201
    assert client.get("/Customers/c").data == b'{"Message":"c"}'


@pytest.mark.parametrize("name", ["n", "two words", "a/b", "50%", "a%2Fb", "?x=1#y", "דנה", "a..b", "."])
def test_answer_is_removed_by_its_name(client: FlaskClient, name: str) -> None:
    post(client, entry(name))

    url = "/__mock/answers/" + "".join(f"%{byte:02X}" for byte in name.encode())
    responses = [client.delete(url), client.delete(url)]

    assert is_empty(responses[0])
    message = f"No answer {name!r} was added. GET answers lists those that were."
    assert told(responses[1]) == (404, {"Message": message})
    assert (ask(client), names(client)) == (200, OF_FILES)


def test_answer_of_a_file_cannot_be_removed(client: FlaskClient) -> None:
    response = client.delete("/__mock/answers/gone")

    assert told(response) == (404, {"Message": "No answer 'gone' was added. GET answers lists those that were."})
    assert ask(client, "gone") == 404


def test_headers_that_an_added_answer_compares_are_read(client: FlaskClient) -> None:
    before = [client.get("/Customers/a", headers={"X-Tenant": each}).status_code for each in ("acme", "other")]
    sent = [
        entry("acme", 501, when={"headers": {"x-TENANT": "acme"}}),
        entry("none", 502, when={"headers": {"X-Tenant": None}}),
        entry("some", 503, when={"headers": {"X-Tenant": {"matches": "[0-9]+"}}}),
    ]

    post(client, sent)

    tenants: list[dict[str, str]] = [{}, *({"X-Tenant": each} for each in ("acme", "ACME", "", "17"))]
    assert before == [200, 200]
    assert [client.get("/Customers/a", headers=each).status_code for each in tenants] == [502, 501, 200, 502, 503]


def test_sequence_that_is_added_is_given_in_its_order(client: FlaskClient) -> None:
    sequence = [{"status": 501}, {"status": 502}]

    post(client, entry("last stays", when={"id": "a"}, reply={"sequence": sequence}))
    post(client, entry("goes round", when={"id": "b"}, reply={"sequence": sequence, "cycle": True}))

    assert [ask(client) for _ in range(4)] == [501, 502, 502, 502]
    assert [ask(client, "b") for _ in range(4)] == [501, 502, 501, 502]


def test_answers_are_kept_from_being_too_many(client: FlaskClient) -> None:
    post(client, [entry(f"n{number}", when={"id": str(number)}) for number in range(ANSWERS)])

    refused = post(client, [entry("n0"), entry("one more", when={"id": "x"})])
    replaced = post(client, entry("n0"))

    message = "A session has at most 1,000 answers. Remove some, or reset the session."
    assert told(refused) == (400, {"Message": message})
    assert (replaced.status_code, len(names(client))) == (201, ANSWERS + len(OF_FILES))


# Nothing is half done

STATUS = "status is 1. Write a whole number from 200 to 599, without quotes."
ADD_IT = "Add it, or write unchecked: true beside reply if that is on purpose."
WRONG: list[tuple[object, list[str]]] = [
    ([entry("new"), entry("m", 1)], [f"#/1/reply/status: {STATUS}"]),
    (
        [entry("new"), entry("m", 1), entry("gone", times=0)],
        [f"#/1/reply/status: {STATUS}", "#/2/times: times is 0. Write a whole number from 1 on, without quotes."],
    ),
    (
        [entry("new"), entry("m", 200, when={"id": "m"})],
        [
            f"#/1/reply: the body is missing, the contract has content for 200. {ADD_IT}",
        ],
    ),
    ([], ["#: There is no answer in it. Send one answer, or a list of them."]),
]


@pytest.mark.parametrize(("sent", "faults"), WRONG)
def test_nothing_is_added_where_something_is_wrong(client: FlaskClient, sent: object, faults: list[str]) -> None:
    post(client, entry("old", 501))

    response = post(client, sent)

    assert told(response) == (400, {"Message": f"Nothing was changed. {faults[0]}", "Problems": faults})
    assert (ask(client), names(client)) == (501, ["old", *OF_FILES])


def test_breach_is_added_where_breaches_are_served(folder: Path) -> None:
    client = create_app(fixtures=folder, on_breach="warn").test_client()

    post(client, entry(reply={"status": 500, "body": {"Message": 5}}))

    response = client.get("/Customers/a")
    assert (response.status_code, response.data) == (500, b'{"Message":5}')
    assert response.headers["X-Mock-Breach"] == "Message"


@pytest.mark.parametrize(("method", "path"), [("POST", "answers"), ("PUT", "defaults")])
def test_body_that_is_too_large_changes_nothing(client: FlaskClient, method: str, path: str) -> None:
    post(client, entry("old"))

    response = client.open(f"/__mock/{path}", method=method, data=b" " * (LARGEST_POST + 1), content_type=JSON)

    assert told(response) == (413, {"Message": "The data value transmitted exceeds the capacity limit."})
    assert (names(client), client.get("/__mock/defaults").json) == (["old", *OF_FILES], {})


# Defaults


def test_defaults_hold_for_every_request_until_they_are_replaced(client: FlaskClient) -> None:
    before = client.get("/__mock/defaults")
    responses = []
    for sent in ({"code": 500, "Delay": "0"}, {"code": 404}, {}):
        put = client.put("/__mock/defaults", json=sent)
        responses.append((told(put), told(client.get("/__mock/defaults")), ask(client)))

    assert told(before) == (200, {})
    assert responses == [
        ((200, {"code": 500, "delay": 0.0}), (200, {"code": 500, "delay": 0.0}), 500),
        ((200, {"code": 404}), (200, {"code": 404}), 404),
        ((200, {}), (200, {}), 200),
    ]


def test_every_default_is_shown(client: FlaskClient) -> None:
    sent = {
        "code": 200,
        "example": "found",
        "dynamic": False,
        "seed": "7",
        "edge": "all-null",
        "delay": 1.5,
        "fault": "reset",
    }

    assert told(client.put("/__mock/defaults", json=sent)) == (200, sent)
    assert told(client.get("/__mock/defaults")) == (200, sent)


def test_wrong_defaults_change_nothing(client: FlaskClient) -> None:
    client.put("/__mock/defaults", json={"code": 500})

    response = client.put("/__mock/defaults", json={"delay": 0, "code": 1, "edge": []})

    faults = [
        "#/code: code is '1'. Write a status from 200 to 599.",
        "#/edge: A single value is wanted here. Write text, a number, true, false or null.",
    ]
    assert told(response) == (400, {"Message": f"Nothing was changed. {faults[0]}", "Problems": faults})
    assert (client.get("/__mock/defaults").json, ask(client)) == ({"code": 500}, 500)


def test_defaults_and_answers_leave_each_other_alone(client: FlaskClient) -> None:
    post(client, entry("one", 501))
    client.put("/__mock/defaults", json={"delay": 0})
    post(client, entry("two", 502, when={"id": "x"}))
    client.delete("/__mock/answers/two")

    assert (client.get("/__mock/defaults").json, names(client)) == ({"delay": 0.0}, ["one", *OF_FILES])


def test_reset_is_back_to_the_beginning(client: FlaskClient) -> None:
    post(client, entry("gone", 501, when={"id": "gone"}))
    client.put("/__mock/defaults", json={"delay": 0})
    statuses = [ask(client, "gone"), ask(client, "once"), ask(client, "once")]

    response = client.post("/__mock/reset")

    assert is_empty(response)
    assert (names(client), client.get("/__mock/defaults").json) == (OF_FILES, {})
    assert statuses == [501, 503, 200]
    assert [ask(client, each) for each in ("gone", "once", "once")] == [404, 503, 200]


# Sessions


def test_named_session_and_the_default_one_see_nothing_of_each_other(client: FlaskClient) -> None:
    post(client, entry("mine", 501), "A")
    post(client, entry("all", 502))
    client.put("/__mock/defaults", json={"delay": 0}, headers=in_session("B"))

    assert [ask(client, session=each) for each in ("A", "B", None)] == [501, 200, 502]
    assert [names(client, each)[0] for each in ("A", "B", None)] == ["mine", "gone", "all"]
    assert [ask(client, "once", each) for each in ("C", "D", "C")] == [503, 503, 200]
    assert told(client.get("/__mock/sessions")) == (
        200,
        {
            "sessions": [
                {"id": "A", "answers": 1, "defaults": {}},
                {"id": "B", "answers": 0, "defaults": {"delay": 0.0}},
                {"id": "C", "answers": 0, "defaults": {}},
                {"id": "D", "answers": 0, "defaults": {}},
            ]
        },
    )


def test_session_may_be_named_by_a_cookie(client: FlaskClient) -> None:
    cookie = {"Cookie": 'other=1; mock-session="A"; more=2'}

    added = client.post("/__mock/answers", json=entry("mine", 501), headers=cookie)

    assert added.status_code == 201
    assert (names(client, "A")[0], names(client)) == ("mine", OF_FILES)
    assert [client.get("/Customers/a", headers=each).status_code for each in (cookie, {})] == [501, 200]


def test_header_names_the_session_before_a_cookie(client: FlaskClient) -> None:
    post(client, entry("mine", 501), "A")

    both = {"Cookie": "mock-session=B", **in_session("A")}

    assert client.get("/Customers/a", headers=both).status_code == 501


def test_one_session_is_reset_alone(client: FlaskClient) -> None:
    for session in ("A", "B", None):
        post(client, entry("n", 501), session)

    client.post("/__mock/reset", headers=in_session("A"))

    assert [ask(client, session=each) for each in ("A", "B", None)] == [200, 501, 501]


def test_session_is_dropped(client: FlaskClient) -> None:
    for session in ("A", "B", None):
        post(client, entry("n", 501), session)

    responses = [client.delete(f"/__mock/sessions/{each}") for each in ("A", "A", "nobody", "no%20id")]

    assert is_empty(responses[0])
    missing = "There is no session {!r}. GET sessions lists those that there are."
    assert [told(each) for each in responses[1:]] == [
        (404, {"Message": missing.format(each)}) for each in ("A", "nobody", "no id")
    ]
    assert [each["id"] for each in client.get("/__mock/sessions").json["sessions"]] == ["B"]  # type: ignore[index]  # JSON
    assert [ask(client, session=each) for each in ("A", "B", None)] == [200, 501, 501]


@pytest.mark.parametrize("name", ["", "two words", "a/b", "a" * 65, "é", "a\tb", "a,b"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "answers"), ("POST", "answers"), ("DELETE", "answers/n"), ("GET", "defaults")),
        *(("PUT", "defaults"), ("POST", "reset")),
    ],
)
def test_name_that_no_session_can_have_is_refused(client: FlaskClient, method: str, path: str, name: str) -> None:
    environ = {"HTTP_X_MOCK_SESSION": name}

    response = client.open(f"/__mock/{path}", method=method, json=entry(), environ_overrides=environ)

    message = f"The session is {name!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert told(response) == (400, {"Message": message})
    assert (client.get("/__mock/sessions").json, names(client)) == ({"sessions": []}, OF_FILES)


@pytest.mark.parametrize("name", ["", "two words", "a/b", "a" * 65])
def test_path_with_a_name_that_no_session_can_have_is_refused(client: FlaskClient, name: str) -> None:
    response = client.get(f"/__mock/s/{quote(name, safe='')}/API/Customers/a")

    message = f"The session is {name!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert told(response) == (400, {"Message": message})
    assert client.get("/__mock/sessions").json == {"sessions": []}


@pytest.mark.parametrize("path", ["answers", "answers/n", "defaults", "reset", "sessions", "sessions/A", "health", ""])
def test_path_of_a_session_leads_to_the_api_alone(client: FlaskClient, path: str) -> None:
    post(client, entry("n", 501, when={"id": "a"}), "A")

    responses = [client.open(f"/__mock/s/A/__mock/{path}", method=method) for method in ("GET", "POST", "DELETE")]

    message = f"No HTTP resource was found that matches the request URI 'http://localhost/__mock/{path}'."
    assert [told(each) for each in responses] == [(404, {"Message": message})] * 3
    assert client.get("/__mock/s/A/API/Customers/a").status_code == 501
    assert names(client, "A") == ["n", *OF_FILES]


# Wrong methods and strangers

ALLOWED: list[tuple[str, str, str]] = [
    ("PUT", "answers", "GET, HEAD, OPTIONS, POST"),
    ("DELETE", "answers", "GET, HEAD, OPTIONS, POST"),
    ("GET", "answers/n", "DELETE, OPTIONS"),
    ("POST", "answers/n", "DELETE, OPTIONS"),
    ("POST", "defaults", "GET, HEAD, OPTIONS, PUT"),
    ("PATCH", "defaults", "GET, HEAD, OPTIONS, PUT"),
    ("DELETE", "defaults", "GET, HEAD, OPTIONS, PUT"),
    ("GET", "reset", "OPTIONS, POST"),
    ("POST", "sessions", "GET, HEAD, OPTIONS"),
    ("DELETE", "sessions", "GET, HEAD, OPTIONS"),
    ("GET", "sessions/A", "DELETE, OPTIONS"),
    ("PUT", "sessions/A", "DELETE, OPTIONS"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), ALLOWED)
def test_wrong_method_is_told_which_there_are(client: FlaskClient, method: str, path: str, allowed: str) -> None:
    response = client.open(f"/__mock/{path}", method=method, json=entry())

    assert told(response) == (405, {"Message": "The method is not allowed for the requested URL."})
    assert response.headers["Allow"] == allowed


CHANGES: list[tuple[str, str, object]] = [
    ("POST", "answers", entry("n", 501)),
    ("DELETE", "answers/old", None),
    ("PUT", "defaults", {"code": 404}),
    ("POST", "reset", None),
    ("DELETE", "sessions/A", None),
]
OTHERWISE = "Send Authorization: Bearer with the token of --admin-token."
STRANGERS: list[tuple[Mapping[str, str], str]] = [
    ({"HTTP_ORIGIN": "http://evil.example"}, "A page of 'http://evil.example' may not change what is served."),
    ({"HTTP_ORIGIN": "null"}, "A page of 'null' may not change what is served."),
    (
        {"HTTP_HOST": "evil.example"},
        "The Host 'evil.example' is no name of this machine, such as 127.0.0.1 or localhost.",
    ),
    (
        {"REMOTE_ADDR": "192.168.0.7"},
        "Only callers on the same machine, by 127.0.0.1 or localhost, may change what is served.",
    ),
]


@pytest.mark.parametrize(("environ", "objection"), STRANGERS)
@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_stranger_changes_nothing_and_may_read(
    client: FlaskClient, method: str, path: str, sent: object, environ: Mapping[str, str], objection: str
) -> None:
    post(client, entry("old", 500, when={"id": "x"}))
    client.get("/Customers/a", headers=in_session("A"))

    response = client.open(f"/__mock/{path}", method=method, json=sent, environ_overrides=dict(environ))

    assert told(response) == (403, {"Message": f"{objection} {OTHERWISE}"})
    readable = [client.get(f"/__mock/{each}", environ_overrides=dict(environ)).json for each in ("answers", "defaults")]
    assert (readable[0]["answers"][0]["name"], readable[1]) == ("old", {})  # type: ignore[index]  # JSON
    sessions = client.get("/__mock/sessions", environ_overrides=dict(environ)).json
    assert sessions == {"sessions": [{"id": "A", "answers": 0, "defaults": {}}]}


def test_stranger_makes_no_session(client: FlaskClient) -> None:
    environ = {"HTTP_ORIGIN": "http://evil.example"}

    response = client.post("/__mock/reset", headers=in_session("A"), environ_overrides=environ)

    assert (response.status_code, client.get("/__mock/sessions").json) == (403, {"sessions": []})


def test_page_of_another_origin_is_refused_behind_its_preflight(client: FlaskClient) -> None:
    origin = {"Origin": "http://evil.example"}
    asked = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}

    preflight = client.options("/__mock/defaults", headers={**origin, **asked})
    put = client.put("/__mock/defaults", json={"code": 500}, headers=origin)

    assert preflight.status_code == 204
    objection = f"A page of 'http://evil.example' may not change what is served. {OTHERWISE}"
    assert told(put) == (403, {"Message": objection})
    assert put.headers["Access-Control-Allow-Origin"] == "http://evil.example"
    assert (client.get("/__mock/defaults").json, ask(client)) == ({}, 200)


def test_form_of_another_origin_is_refused(client: FlaskClient) -> None:
    headers = {"Origin": "http://evil.example", "Content-Type": "text/plain"}

    response = client.post("/__mock/answers", data=json.dumps(entry()), headers=headers)

    assert (response.status_code, names(client)) == (403, OF_FILES)


def test_page_of_the_stub_itself_may_change_it(client: FlaskClient) -> None:
    response = client.post("/__mock/reset", headers={"Origin": "http://localhost"})

    assert is_empty(response)


# The token

TOKEN = "s3cret-and-long!"


@pytest.mark.parametrize(("environ", "_objection"), STRANGERS)
def test_stranger_with_the_token_may(folder: Path, environ: Mapping[str, str], _objection: str) -> None:
    client = create_app(fixtures=folder, admin_token=TOKEN).test_client()

    statuses = [
        client.post(
            "/__mock/answers", json=entry(), headers={"Authorization": given}, environ_overrides=dict(environ)
        ).status_code
        for given in ("Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}")
    ]

    assert (statuses, names(client)) == ([403, 403, 201], ["n", *OF_FILES])


def test_caller_on_this_machine_needs_no_token(folder: Path) -> None:
    client = create_app(fixtures=folder, admin_token=TOKEN).test_client()

    assert post(client, entry()).status_code == 201


@pytest.mark.parametrize("token", ["", " ", "two words", "token\n", "tökén", "a\x7f", "דנה", "a\tb"])
def test_token_that_no_header_can_carry_is_refused(token: str) -> None:
    with pytest.raises(StartError) as caught:
        create_app(admin_token=token)

    told = "admin_token is blank, or has other characters than printable ASCII. Write another."
    assert str(caught.value) == told


@pytest.mark.parametrize("page", ["health", "", "openapi.yaml", "answers", "sessions", "defaults"])
def test_token_is_shown_nowhere(folder: Path, page: str) -> None:
    client = create_app(fixtures=folder, admin_token=TOKEN).test_client()

    response = client.get(f"/__mock/{page}", headers={"Authorization": f"Bearer {TOKEN}"})

    assert response.status_code == 200
    assert TOKEN not in response.text + str(response.headers)


# Elsewhere


def test_addresses_move_with_the_prefix(folder: Path) -> None:
    client = create_app(fixtures=folder, prefix="/our/stub").test_client()

    added = client.post("/our/stub/answers", json=entry("n", 501))

    assert (added.status_code, ask(client)) == (201, 501)
    assert [client.post(f"{each}/answers", json=entry()).status_code for each in ("/__mock", "/our")] == [404, 404]


def test_application_below_a_path_is_changed_there(client: FlaskClient) -> None:
    environ = {"SCRIPT_NAME": "/stub", "PATH_INFO": "/__mock/answers", "REQUEST_URI": "/stub/__mock/answers"}

    response = client.post("/", json=entry("n", 501), environ_overrides=environ)

    assert (response.status_code, ask(client)) == (201, 501)


# Through the real server


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with running(create_app(fixtures=folder), limits=Limits(threads=4, max_body=2000)) as server:
        yield server


Reply = tuple[int, Any]


def send(server: Server, method: str, path: str, body: object = None, **headers: str) -> Reply:
    """Status and content, JSON read; the names of headers have `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    with closing(HTTPConnection(server.url.removeprefix("http://"), timeout=SECONDS)) as connection:
        connection.request(method, path, content, named)
        response = connection.getresponse()
        text = response.read()
    return response.status, json.loads(text) if text else None


def test_server_is_changed_and_set_back(server: Server) -> None:
    before = send(server, "GET", "/Customers/gone")[0]

    added = send(server, "POST", "/__mock/answers", [entry("gone", 410), entry("n", 501, when={"id": "a"}, times=1)])
    given = [send(server, "GET", f"/API/Customers/{each}")[0] for each in ("gone", "a", "a")]
    removed = send(server, "DELETE", "/__mock/answers/gone")
    put = send(server, "PUT", "/__mock/defaults", {"code": 404})
    chosen = send(server, "GET", "/Customers/a")[0]
    reset = send(server, "POST", "/__mock/reset")

    assert (before, added, given) == (404, (201, {"added": ["gone", "n"]}), [410, 410, 410])
    assert (removed, put, chosen, reset) == ((204, None), (200, {"code": 404}), 404, (204, None))
    assert [send(server, "GET", f"/Customers/{each}")[0] for each in ("gone", "a")] == [404, 200]


def test_sessions_of_a_server_are_apart(server: Server) -> None:
    added = [
        send(server, "POST", "/__mock/answers", entry("n", 501), X_Mock_Session="A"),
        send(server, "POST", "/__mock/answers", entry("n", 502), Cookie="mock-session=B"),
    ]

    statuses = [
        send(server, "GET", "/Customers/a", X_Mock_Session="A")[0],
        send(server, "GET", "/Customers/a", Cookie="mock-session=B")[0],
        send(server, "GET", "/__mock/s/A/Customers/a")[0],
        send(server, "GET", "/__mock/s/B/API/Customers/a")[0],
        send(server, "GET", "/Customers/a")[0],
    ]

    dropped = send(server, "DELETE", "/__mock/sessions/A")
    assert (added, statuses, dropped) == ([(201, {"added": ["n"]})] * 2, [501, 502, 501, 502, 200], (204, None))
    sessions = {"sessions": [{"id": "B", "answers": 1, "defaults": {}}]}
    assert send(server, "GET", "/__mock/sessions") == (200, sessions)
    assert send(server, "GET", "/__mock/s/A/Customers/a")[0] == 200


def test_yaml_is_sent_as_curl_sends_it(server: Server) -> None:
    text = b"name: n\noperation: getCustomer\nreply: {status: 501}\n"

    added = send(server, "POST", "/__mock/answers", text, Content_Type="application/x-www-form-urlencoded")

    assert (added, send(server, "GET", "/Customers/a")[0]) == ((201, {"added": ["n"]}), 501)


@pytest.mark.parametrize(("method", "path"), [("POST", "answers"), ("PUT", "defaults")])
def test_server_refuses_a_body_that_is_too_large(server: Server, method: str, path: str) -> None:
    sent = entry("n", 501, when={"id": "x" * 2000})

    status, body = send(server, method, f"/__mock/{path}", sent)

    message = "The body is longer than 2000 bytes. Send less, or raise --max-body."
    assert (status, body) == (413, {"Message": message})
    assert [each["name"] for each in send(server, "GET", "/__mock/answers")[1]["answers"]] == OF_FILES


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Host": ""}])
@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_server_is_not_changed_by_a_page_elsewhere(
    server: Server, method: str, path: str, sent: object, headers: dict[str, str]
) -> None:
    status, _ = send(server, method, f"/__mock/{path}", sent, **headers)

    assert status == 403
    assert send(server, "GET", "/__mock/defaults", **headers) == (200, {})


def test_server_is_changed_by_its_own_page(server: Server) -> None:
    assert send(server, "POST", "/__mock/reset", Origin=server.url) == (204, None)


def test_looking_at_a_session_does_not_begin_it(client: FlaskClient) -> None:
    headers = {"X-Mock-Session": "A"}

    client.get("/__mock/answers", headers=headers)
    client.get("/__mock/defaults", headers=headers)
    client.delete("/__mock/answers/none", headers=headers)
    client.post("/__mock/reset", headers=headers)
    client.post("/__mock/answers", data="{}", headers=headers)
    client.put("/__mock/defaults", data="{", headers=headers)

    assert client.get("/__mock/sessions").json == {"sessions": []}


def test_changes_are_told_of_with_their_session_and_reading_is_not() -> None:
    told_of: list[tuple[str, str, int, str]] = []

    def observe(exchange: Exchange, _: float) -> None:
        request = exchange.request
        told_of.append((request.method, request.target, exchange.reply.status, exchange.source))

    client = create_app(observe=observe).test_client()
    post(client, entry("n", 501, when={"id": "a"}), "A")
    client.get("/__mock/answers", headers={"X-Mock-Session": "A"})
    client.get("/API/Customers/a", headers={"X-Mock-Session": "A"})
    client.post("/__mock/reset", headers={"Origin": "http://elsewhere.example"})
    client.get("/__mock/s/two%20words/API/Customers/a")

    assert told_of == [
        ("POST", "/__mock/answers", 201, "management in session A"),
        ("GET", "/API/Customers/a", 501, "answer n run-time in session A"),
        ("POST", "/__mock/reset", 403, "management"),
        ("GET", "/__mock/s/two%20words/API/Customers/a", 400, "session"),
    ]
