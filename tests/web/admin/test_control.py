"""The addresses that change a running stub, in this process and through the real server."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
from mockserver.web.app import create_app
from mockserver.web.stub_app import LARGEST_POST
from tests.support.files import Write
from tests.support.serving import ask, running

FIXTURES = """\
schema: Customer
records: [{PersonalId: a, FirstName: Ada}]
answers:
- {name: gone, operation: getCustomer, when: {id: gone}, reply: {status: 404}}
- {name: once, operation: getCustomer, when: {id: once}, times: 1, reply: {status: 503}}
"""
OF_FILES = ["gone", "once"]
JSON = "application/json"
TOKEN = "s3cret-and-long!"


@pytest.fixture
def folder(write: Write) -> Path:
    write("x.json", '{"Message": "{id}"}')
    return write("f.yaml", FIXTURES)


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    """A client of a stub that no other test changes."""
    return create_app(fixtures=folder).test_client(use_cookies=False)


def entry(name: str = "n", status: int = 500, **members: Any) -> dict[str, Any]:
    return {"name": name, "operation": "getCustomer", "reply": {"status": status}, **members}


def in_session(name: str | None) -> dict[str, str]:
    return {} if name is None else {"X-Mock-Session": name}


def post(client: FlaskClient, sent: object, session: str | None = None) -> TestResponse:
    return client.post("/__mock/answers", json=sent, headers=in_session(session))


def lay(client: FlaskClient, *records: object, session: str | None = None) -> TestResponse:
    """Send records of customers."""
    sent = {"schema": "Customer", "records": records}
    return client.post("/__mock/records", json=sent, headers=in_session(session))


def keys(client: FlaskClient, session: str | None = None) -> list[str]:
    """The keys of the records that are listed."""
    return [each["key"] for each in read(client.get("/__mock/records", headers=in_session(session)))["records"]]


def ask_for(client: FlaskClient, target: str = "a", session: str | None = None) -> tuple[str, str]:
    """Return where a customer came from, and its first name."""
    response = client.get(f"/Customers/{target}", headers=in_session(session))
    return response.headers["X-Mock-Source"], json.loads(response.data)["FirstName"]


def get(client: FlaskClient, id: str = "a", session: str | None = None) -> int:  # noqa: A002 - the contract's name
    return client.get(f"/Customers/{id}", headers=in_session(session)).status_code


def list_answers(client: FlaskClient, session: str | None = None) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = read(client.get("/__mock/answers", headers=in_session(session)))["answers"]
    return answers


def names(client: FlaskClient, session: str | None = None) -> list[str]:
    return [each["name"] for each in list_answers(client, session)]


def list_sessions(client: FlaskClient) -> list[dict[str, Any]]:
    sessions: list[dict[str, Any]] = read(client.get("/__mock/sessions"))["sessions"]
    return sessions


def told(response: TestResponse) -> tuple[int, Any]:
    """Status and body of an answer, which is JSON also where something is wrong."""
    assert response.content_type.partition(";")[0] == JSON
    return response.status_code, json.loads(response.data)


def read(response: TestResponse) -> Any:
    status, body = told(response)
    assert (status, response.content_type) == (200, JSON)
    return body


def is_empty(response: TestResponse) -> bool:
    return (response.status_code, response.data, "Content-Type" in response.headers) == (204, b"", False)


# Answers


def test_answers_are_listed_with_their_counts(client: FlaskClient) -> None:
    yaml = f"# One\n- {json.dumps(entry('late', 501, when={'id': 'a', 'call': 3}))}\n"

    added = [post(client, entry(when={"id": "b"})), client.post("/__mock/answers", data=yaml)]
    statuses = [get(client, each) for each in ("a", "a", "a", "b", "once", "once")]

    assert [told(each) for each in added] == [(201, {"added": ["n"]}), (201, {"added": ["late"]})]
    assert statuses == [200, 200, 501, 500, 503, 200]
    keys = ("name", "operation", "source", "added", "calls", "given")
    assert [list(each.items()) for each in list_answers(client)] == [
        list(zip(keys, row, strict=False))
        for row in (
            ("late", "getCustomer", "run-time:2", True, 3, 1),
            ("n", "getCustomer", "run-time", True),
            ("gone", "getCustomer", "files/f.yaml:4", False),
            ("once", "getCustomer", "files/f.yaml:5", False, 2, 1),
        )
    ]


def test_answer_is_shown_as_it_was_written(client: FlaskClient) -> None:
    written = entry("a/b", 409, when={"id": {"matches": "x.*"}, "headers": {"X-Tenant": None}}, times=2)
    post(client, [written, entry("gone", 410)], "s")

    shown = [
        client.get(f"/__mock/answers/{quote(name)}", headers=in_session(session)).json
        for name, session in (("a/b", "s"), ("gone", "s"), ("gone", None), ("none", "s"))
    ]

    of_files = {"name": "gone", "operation": "getCustomer", "when": {"id": "gone"}, "reply": {"status": 404}}
    message = {"Message": "There is no answer 'none'. GET answers lists those in force."}
    assert shown == [written, entry("gone", 410), of_files, message]
    assert client.get("/__mock/answers/none").status_code == 404


def test_answer_replaces_one_of_its_name(client: FlaskClient) -> None:
    for sent in (entry("gone", 410, when={"id": "other"}), [entry("n", 501, when={"id": "b"}), entry("m", 502)]):
        post(client, sent)
    post(client, entry("n", 503, when={"id": "b"}))

    given = (get(client, "b"), get(client, "gone"), names(client))
    removed = [client.delete("/__mock/answers/gone").status_code for _ in range(2)]

    assert (given, removed) == ((503, 502, ["n", "m", "gone", "once"]), [204, 404])
    assert names(client) == ["n", "m", *OF_FILES]


@pytest.mark.parametrize("name", ["n", "two words", "a/b", "50%", "a%2Fb", "?x=1#y", "דנה", "a..b", "..."])
def test_answer_is_removed_by_its_name(client: FlaskClient, name: str) -> None:
    post(client, entry(name))

    url = "/__mock/answers/" + "".join(f"%{byte:02X}" for byte in name.encode())
    responses = [client.delete(url), client.delete(url)]

    assert is_empty(responses[0])
    message = f"No answer {name!r} was added. GET answers lists those that were."
    assert told(responses[1]) == (404, {"Message": message})
    assert (get(client), names(client)) == (200, OF_FILES)


def test_body_file_is_read_from_the_fixtures(client: FlaskClient) -> None:
    assert post(client, entry(reply={"status": 500, "body_file": "x.json"})).status_code == 201
    assert client.get("/Customers/c").data == b'{"Message":"c"}'


def test_breach_is_added_where_breaches_are_served(folder: Path) -> None:
    client = create_app(fixtures=folder, on_breach="warn").test_client()

    post(client, entry(reply={"status": 500, "body": {"Message": 5}}))

    response = client.get("/Customers/a")
    assert (response.data, response.headers["X-Mock-Breach"]) == (b'{"Message":5}', "Message")


def test_headers_that_added_answers_compare_are_read(client: FlaskClient) -> None:
    post(client, [entry("acme", 501, when={"headers": {"x-TENANT": "acme"}})])

    headers: list[dict[str, str]] = [{}, {"X-Tenant": "acme"}, {"X-Tenant": "other"}]
    assert [client.get("/Customers/a", headers=each).status_code for each in headers] == [200, 501, 200]


# Records


def test_records_are_listed_with_where_they_are_asked_for(client: FlaskClient) -> None:
    typed = {"PersonalId": "a b", "PersonalIdTypeId": 7, "DOB": "1984-03-12"}
    yaml = "schema: Customer\nrecords:\n- PersonalId: c\n- {PersonalId: דנה}\n"

    added = [lay(client, typed), client.post("/__mock/records", data=yaml.encode())]

    shown = [
        {
            "key": "a b,PersonalIdTypeId:7",
            "schema": "Customer",
            "source": "run-time",
            "members": {**typed, "DOB": "1984-03-12T00:00:00"},
            "links": ["/API/Customers/a%20b?idType=7"],
        },
        *(
            {
                "key": key,
                "schema": "Customer",
                "source": f"run-time:{line}",
                "members": {"PersonalId": key},
                "links": [f"/API/Customers/{quote(key)}"],
            }
            for key, line in (("c", 3), ("דנה", 4))
        ),
    ]
    assert [told(each) for each in added] == [(201, {"added": shown[:1]}), (201, {"added": shown[1:]})]
    assert read(client.get("/__mock/records")) == {"records": [*shown[1:], shown[0]]}
    sources = [client.get(link).headers["X-Mock-Source"] for each in shown for link in each["links"]]
    hebrew = quote("דנה")
    assert sources == ["record a b,PersonalIdTypeId:7 run-time", "record c run-time:3", f"record {hebrew} run-time:4"]


def test_records_of_files_are_listed_on_demand(client: FlaskClient) -> None:
    lay(client, {"PersonalId": "c"})

    lists = [read(client.get(f"/__mock/records{each}"))["records"] for each in ("", "?all=false", "?all", "?all=true")]

    assert lists[0] == lists[1] == lists[2][:1]
    assert lists[2] == lists[3]
    loaded = client.application.extensions["mockserver"].served.stub.fixtures.records
    assert [each["source"] for each in lists[2][1:]] == [each.place for each in loaded]


def test_wrong_flag_of_records_is_refused(client: FlaskClient) -> None:
    response = client.get("/__mock/records?all=yes")

    assert told(response) == (400, {"Message": "all is 'yes'. Write false, true."})


def test_records_of_a_session_come_before_those_of_files(client: FlaskClient) -> None:
    before = ask_for(client)

    lay(client, {"PersonalId": "a", "FirstName": "Zed"}, session="A")
    lay(client, {"PersonalId": "a", "FirstName": "Zoe"}, {"PersonalId": "b"}, session="A")

    assert before == ask_for(client) == ask_for(client, session="B") == ("record files/f.yaml:2", "Ada")
    assert ask_for(client, session="A") == ask_for(client, "a?idType=9", "A") == ("record a run-time", "Zoe")
    assert (keys(client, "A"), keys(client), list_sessions(client)[0]["records"]) == (["a", "b"], [], 2)


def test_record_is_removed_by_its_key(client: FlaskClient) -> None:
    lay(client, {"PersonalId": "a", "PersonalIdTypeId": 1, "FirstName": "One"}, {"PersonalId": "b"})
    lay(client, {"PersonalId": "a", "FirstName": "Zed"})
    lay(client, {"PersonalId": "a", "PersonalIdTypeId": 2}, {"PersonalId": "a", "PersonalIdTypeId": 3})

    seen = []
    for key in ("a,PersonalIdTypeId:3", "a", "a", "a", "a"):
        response = client.delete(f"/__mock/records/{key}")
        seen.append((response.status_code, keys(client)))

    typed = [f"a,PersonalIdTypeId:{number}" for number in (2, 1)]
    assert seen == [
        (204, [typed[0], "a", typed[1], "b"]),
        (204, [*typed, "b"]),
        (204, [typed[1], "b"]),
        (204, ["b"]),
        (404, ["b"]),
    ]
    assert told(response) == (404, {"Message": "No record 'a' was added. GET records lists those that were."})
    assert ask_for(client) == ("record files/f.yaml:2", "Ada")


def test_all_records_are_removed_at_once(client: FlaskClient) -> None:
    post(client, entry("n", 501, when={"id": "b"}))
    lay(client, {"PersonalId": "a", "FirstName": "Zed"}, {"PersonalId": "b"})

    responses = [client.delete("/__mock/records") for _ in range(2)]

    assert list(map(is_empty, responses)) == [True, True]
    assert (keys(client), names(client)[0], ask_for(client)[1]) == ([], "n", "Ada")


def test_records_outlive_a_reload(write: Write) -> None:
    app = create_app(fixtures=write("f.yaml", FIXTURES))
    client = app.test_client()
    lay(client, {"PersonalId": "a", "FirstName": "Zed"}, {"PersonalId": "b"})
    write("f.yaml", "schema: Customer\nrecords: [{PersonalId: b, FirstName: Bea}, {PersonalId: c, FirstName: Cid}]")

    app.extensions["mockserver"].reload()

    sources = ["record a run-time", "record b run-time", "record files/f.yaml:2"]
    assert [ask_for(client, each)[0] for each in "abc"] == sources
    client.delete("/__mock/records")
    assert ask_for(client, "b") == ("record files/f.yaml:2", "Bea")


def test_records_are_found_as_a_new_contract_selects(tmp_path: Path, write: Write) -> None:
    contract = tmp_path / "openapi.yaml"
    shipped = (Path(__file__).parents[3] / "openapi.yaml").read_text(encoding="utf-8")
    contract.write_text(shipped, encoding="utf-8")
    app = create_app(contract=contract, fixtures=write("f.yaml", "answers: []"))
    client = app.test_client()
    lay(client, {"PersonalId": "a", "ExtRef": "x", "FirstName": "Zed"})
    before = ask_for(client)

    contract.write_text(shipped.replace("member: PersonalId\n", "member: ExtRef\n"), encoding="utf-8")
    app.extensions["mockserver"].reload()

    assert before == ask_for(client, "x") == ("record a run-time", "Zed")
    assert client.get("/Customers/a").headers["X-Mock-Source"] == "generated"


# Nothing is half done

STATUS = "status is 1. Write a whole number from 200 to 599, without quotes."
WRONG: list[tuple[str, str, object, list[str]]] = [
    ("POST", "answers", [entry("new"), entry("m", 1)], [f"#/1/reply/status: {STATUS}"]),
    (
        *("POST", "answers", [entry("new"), entry("m", 1), entry("gone", times=0)]),
        [f"#/1/reply/status: {STATUS}", "#/2/times: times is 0. Write a whole number from 1 on, without quotes."],
    ),
    ("POST", "answers", [], ["#: The list is empty. Send one answer, or a list of answers."]),
    (
        *("POST", "records", {"schema": "Customer", "records": [{"PersonalId": "new"}, {"PersonalId": "a", "Sex": 3}]}),
        ["#/records/1/Sex: Sex is 3, the contract allows 0 to 2. Change the record or the contract."],
    ),
    (
        *("PUT", "defaults", {"delay": 0, "code": 1, "edge": []}),
        [
            "#/code: code is '1'. Write a status from 200 to 599.",
            "#/edge: A single value is wanted here. Write text, a number, true, false or null.",
        ],
    ),
]


@pytest.mark.parametrize(("method", "path", "sent", "problems"), WRONG)
def test_problems_change_nothing(
    client: FlaskClient, method: str, path: str, sent: object, problems: list[str]
) -> None:
    post(client, entry("old", 501))
    client.put("/__mock/defaults", json={"seed": "7"})

    response = client.open(f"/__mock/{path}", method=method, json=sent)

    assert told(response) == (400, {"Message": f"Nothing was changed. {problems[0]}", "Problems": problems})
    assert (get(client), names(client), keys(client)) == (501, ["old", *OF_FILES], [])
    assert read(client.get("/__mock/defaults")) == {"seed": "7"}


@pytest.mark.parametrize(("method", "path"), [("POST", "answers"), ("POST", "records"), ("PUT", "defaults")])
def test_large_body_changes_nothing(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(f"/__mock/{path}", method=method, data=b" " * (LARGEST_POST + 1), content_type=JSON)

    assert told(response) == (413, {"Message": "The data value transmitted exceeds the capacity limit."})
    assert (names(client), read(client.get("/__mock/defaults"))) == (OF_FILES, {})


# Defaults

ALL = {
    "code": 200,
    "example": "found",
    "dynamic": False,
    "seed": "7",
    "edge": "all-null",
    "delay": 1.5,
    "fault": "reset",
}


@pytest.mark.parametrize(
    ("sent", "shown"), [({"code": 500, "Delay": "0"}, {"code": 500, "delay": 0.0}), (ALL, ALL), ({}, {})]
)
def test_defaults_are_shown_until_replaced(client: FlaskClient, sent: object, shown: object) -> None:
    client.put("/__mock/defaults", json={"code": 404})
    before = get(client)

    put = read(client.put("/__mock/defaults", json=sent))

    assert (before, put, read(client.get("/__mock/defaults"))) == (404, shown, shown)


def test_reset_undoes_everything(client: FlaskClient) -> None:
    post(client, entry("gone", 501, when={"id": "gone"}))
    client.put("/__mock/defaults", json={"delay": 0})
    lay(client, {"PersonalId": "a"})
    before = [get(client, each) for each in ("gone", "once", "once")]

    response = client.post("/__mock/reset")

    assert is_empty(response)
    assert (names(client), read(client.get("/__mock/defaults")), keys(client)) == (OF_FILES, {}, [])
    assert (before, [get(client, each) for each in ("gone", "once", "once")]) == ([501, 503, 200], [404, 503, 200])


# Sessions


def test_sessions_are_apart_and_listed(client: FlaskClient) -> None:
    post(client, entry("mine", 501), "A")
    post(client, entry("all", 502))
    client.put("/__mock/defaults", json={"delay": 0}, headers={"Cookie": 'other=1; mock-session="B"; more=2'})

    assert [get(client, session=each) for each in ("A", "B", None)] == [501, 200, 502]
    assert [names(client, each)[0] for each in ("A", "B", None)] == ["mine", "gone", "all"]
    assert [get(client, "once", each) for each in ("C", "D", "C")] == [503, 503, 200]
    assert [list(each.items()) for each in list_sessions(client)] == [
        [("id", "A"), ("answers", 1), ("records", 0), ("defaults", {})],
        [("id", "B"), ("answers", 0), ("records", 0), ("defaults", {"delay": 0.0})],
        *([("id", each), ("answers", 0), ("records", 0), ("defaults", {})] for each in "CD"),
    ]


def test_session_is_reset_and_dropped_alone(client: FlaskClient) -> None:
    for session in ("A", "B", None):
        post(client, entry("n", 501), session)

    reset = client.post("/__mock/reset", headers=in_session("A"))
    statuses = [get(client, session=each) for each in ("A", "B", None)]
    dropped = [client.delete(f"/__mock/sessions/{each}") for each in ("B", "B", "no%20id")]

    assert (is_empty(reset), statuses, is_empty(dropped[0])) == (True, [200, 501, 501], True)
    missing = "There is no session {!r}. GET sessions lists all sessions."
    assert [told(each) for each in dropped[1:]] == [(404, {"Message": missing.format(each)}) for each in ("B", "no id")]
    assert [each["id"] for each in list_sessions(client)] == ["A"]
    assert [get(client, session=each) for each in ("B", None)] == [200, 501]


@pytest.mark.parametrize("name", ["", "two words", "a/b", "a" * 65, "é", "a\tb", "a,b"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("GET", "answers"), ("POST", "answers"), ("DELETE", "answers/n"), ("GET", "defaults")),
        *(("PUT", "defaults"), ("POST", "reset"), ("GET", "s/{}/API/Customers/a")),
        *(("GET", "records"), ("DELETE", "records"), ("DELETE", "records/a")),
    ],
)
def test_invalid_session_is_refused(client: FlaskClient, method: str, path: str, name: str) -> None:
    environ = {} if "{}" in path else {"HTTP_X_MOCK_SESSION": name}
    target = f"/__mock/{path.format(quote(name, safe=''))}"

    response = client.open(target, method=method, json=entry(), environ_overrides=environ)

    message = f"The session is {name!r}. Write 1 to 64 letters, digits, '.', '_', '~' or '-'."
    assert told(response) == (400, {"Message": message})
    assert (list_sessions(client), names(client)) == ([], OF_FILES)


@pytest.mark.parametrize("path", ["answers", "answers/n", "defaults", "reset", "sessions", "sessions/A", "health", ""])
def test_session_path_leads_to_the_api_alone(client: FlaskClient, path: str) -> None:
    post(client, entry("n", 501, when={"id": "a"}), "A")

    responses = [client.open(f"/__mock/s/A/__mock/{path}", method=method) for method in ("GET", "POST", "DELETE")]

    message = f"No HTTP resource was found that matches the request URI 'http://localhost/__mock/{path}'."
    assert [told(each) for each in responses] == [(404, {"Message": message})] * 3
    assert (client.get("/__mock/s/A/API/Customers/a").status_code, names(client, "A")) == (501, ["n", *OF_FILES])


def test_session_is_not_created_unless_it_is_changed(client: FlaskClient) -> None:
    for method, path, data in (
        *(("GET", "answers", ""), ("GET", "defaults", ""), ("DELETE", "answers/none", ""), ("POST", "reset", "")),
        *(("POST", "answers", "{}"), ("PUT", "defaults", "{"), ("POST", "records", "{}")),
        *(("GET", "records", ""), ("DELETE", "records", ""), ("DELETE", "records/a", "")),
    ):
        client.open(f"/__mock/{path}", method=method, data=data, headers=in_session("A"))

    assert list_sessions(client) == []


# Wrong methods and strangers


@pytest.mark.parametrize(
    ("path", "methods", "allowed"),
    [
        ("answers", ("PUT", "DELETE"), "GET, HEAD, OPTIONS, POST"),
        ("answers/n", ("POST", "PUT"), "DELETE, GET, HEAD, OPTIONS"),
        ("records", ("PUT", "PATCH"), "DELETE, GET, HEAD, OPTIONS, POST"),
        ("records/a", ("GET", "POST"), "DELETE, OPTIONS"),
        ("defaults", ("POST", "PATCH", "DELETE"), "GET, HEAD, OPTIONS, PUT"),
        ("reset", ("GET",), "OPTIONS, POST"),
        ("sessions", ("POST", "DELETE"), "GET, HEAD, OPTIONS"),
        ("sessions/A", ("GET", "PUT"), "DELETE, OPTIONS"),
    ],
)
def test_wrong_method_is_405(client: FlaskClient, path: str, methods: tuple[str, ...], allowed: str) -> None:
    responses = [client.open(f"/__mock/{path}", method=method, json=entry()) for method in methods]

    messages = [f"/__mock/{path} has no {method}. Use one of {allowed}." for method in methods]
    assert [told(each) for each in responses] == [(405, {"Message": message}) for message in messages]
    assert [each.headers["Allow"] for each in responses] == [allowed] * len(methods)


CHANGES: list[tuple[str, str, object]] = [
    ("POST", "answers", entry("n", 501)),
    ("DELETE", "answers/old", None),
    ("POST", "records", {"schema": "Customer", "records": [{"PersonalId": "x"}]}),
    ("DELETE", "records", None),
    ("DELETE", "records/kept", None),
    ("PUT", "defaults", {"code": 404}),
    ("POST", "reset", None),
    ("DELETE", "sessions/A", None),
]
LISTS = ("answers", "records", "defaults", "sessions")
EVIL = {"HTTP_ORIGIN": "http://evil.example"}
STRANGERS: list[tuple[dict[str, str], str]] = [
    (EVIL, "A page of 'http://evil.example' may"),
    ({"HTTP_HOST": "evil.example"}, "The Host 'evil.example' is not"),
    ({"REMOTE_ADDR": "192.168.0.7"}, "Only callers on the same machine,"),
]


@pytest.mark.parametrize(("environ", "objection"), STRANGERS)
@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_stranger_changes_and_sees_nothing(
    client: FlaskClient, method: str, path: str, sent: object, environ: dict[str, str], objection: str
) -> None:
    post(client, entry("old", 500, when={"id": "x"}))
    lay(client, {"PersonalId": "kept"})
    client.get("/Customers/a", headers=in_session("A"))

    response = client.open(
        f"/__mock/{path}", method=method, json=sent, headers=in_session("new"), environ_overrides=environ
    )

    status, body = told(response)
    assert (status, body["Message"].startswith(objection)) == (403, True)
    seen = [client.get(f"/__mock/{each}", environ_overrides=environ).status_code for each in LISTS]
    assert seen == [403] * len(LISTS)
    assert (names(client)[0], read(client.get("/__mock/defaults")), keys(client)) == ("old", {}, ["kept"])
    assert [each["id"] for each in list_sessions(client)] == ["A"]


@pytest.mark.parametrize(("environ", "_objection"), STRANGERS)
@pytest.mark.parametrize(("admin_local", "local_status"), [(False, 403), (True, 204)])
def test_stranger_with_the_token_may(
    folder: Path, admin_local: bool, local_status: int, environ: dict[str, str], _objection: str
) -> None:
    client = create_app(fixtures=folder, admin_token=TOKEN, admin_local=admin_local).test_client()

    statuses = [
        client.post("/__mock/reset", headers={"Authorization": given}, environ_overrides=environ).status_code
        for given in ("Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}")
    ]

    assert (statuses, client.post("/__mock/reset").status_code) == ([403, 403, 204], local_status)


@pytest.mark.parametrize("token", ["", " ", "two words", "token\n", "tökén", "a\x7f", "דנה", "a\tb"])
def test_token_that_no_header_can_carry_is_refused(token: str) -> None:
    with pytest.raises(StartError) as caught:
        create_app(admin_token=token)

    assert str(caught.value) == "admin_token: This is blank or not printable ASCII. Choose another token."


@pytest.mark.parametrize("page", ["health", "", "openapi.yaml", "answers", "sessions", "defaults"])
def test_token_is_shown_nowhere(folder: Path, page: str) -> None:
    client = create_app(fixtures=folder, admin_token=TOKEN).test_client()

    response = client.get(f"/__mock/{page}", headers={"Authorization": f"Bearer {TOKEN}"})

    assert response.status_code == 200
    assert TOKEN not in response.text + str(response.headers)


# Elsewhere


def test_addresses_move_with_prefix_and_mount(folder: Path, client: FlaskClient) -> None:
    moved = create_app(fixtures=folder, prefix="/our/stub").test_client()
    below = {"SCRIPT_NAME": "/stub", "PATH_INFO": "/__mock/answers", "REQUEST_URI": "/stub/__mock/answers"}

    statuses = [moved.post(f"{each}/answers", json=entry()).status_code for each in ("/our/stub", "/__mock", "/our")]
    mounted = client.post("/", json=entry("n", 501), environ_overrides=below)

    assert (statuses, mounted.status_code, get(client)) == ([201, 404, 404], 201, 501)


def test_changes_are_told_with_their_session() -> None:
    seen: list[tuple[str, int, str, str | None]] = []

    def observe(exchange: Exchange) -> None:
        line = f"{exchange.request.method} {exchange.request.target}"
        seen.append((line, exchange.reply.status, str(exchange.source), exchange.session))

    client = create_app(observe=observe).test_client()
    post(client, entry("n", 501, when={"id": "a"}), "A")
    list_answers(client, "A")
    client.get("/API/Customers/a", headers=in_session("A"))
    client.post("/__mock/reset", environ_overrides=EVIL)
    client.get("/__mock/s/two%20words/API/Customers/a")

    assert seen == [
        ("POST /__mock/answers", 201, "management", "A"),
        ("GET /API/Customers/a", 501, "answer n run-time", "A"),
        ("POST /__mock/reset", 403, "management", None),
        ("GET /__mock/s/two%20words/API/Customers/a", 400, "session", None),
    ]


# Through the real server


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with running(create_app(fixtures=folder), limits=Limits(threads=4, max_body=2000)) as server:
        yield server


def send(server: Server, line: str, body: object = None, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    method, path = line.split()
    got = ask(server, path, headers, method, body)
    return got.status, got.read()


def test_server_is_changed_and_set_back(server: Server) -> None:
    before = send(server, "GET /Customers/gone")[0]

    added = send(server, "POST /__mock/answers", [entry("gone", 410, when={"id": "gone"}), entry("n", 501)])
    form = send(server, "POST /__mock/answers", b"name: m\noperation: getCustomer\nreply: {status: 502}\n")
    given = [send(server, f"GET /API/Customers/{each}")[0] for each in ("gone", "a")]
    removed = [send(server, f"DELETE /__mock/answers/{each}") for each in ("m", "n")]
    put = send(server, "PUT /__mock/defaults", {"code": 418})
    chosen = send(server, "GET /Customers/a")[0]
    reset = send(server, "POST /__mock/reset", headers={"Origin": server.url})

    assert (before, added, form, given) == (404, (201, {"added": ["gone", "n"]}), (201, {"added": ["m"]}), [502, 502])
    assert (removed, put, chosen, reset) == ([(204, None)] * 2, (200, {"code": 418}), 418, (204, None))
    assert [send(server, f"GET /Customers/{each}")[0] for each in ("gone", "a")] == [404, 200]


@pytest.mark.parametrize(("method", "path"), [("POST", "answers"), ("PUT", "defaults")])
def test_server_refuses_a_large_body(server: Server, method: str, path: str) -> None:
    got = send(server, f"{method} /__mock/{path}", entry("n", 501, when={"id": "x" * 2000}))

    assert got == (413, {"Message": "The body is longer than 2000 bytes. Send less, or raise --max-body."})
    assert [each["name"] for each in send(server, "GET /__mock/answers")[1]["answers"]] == OF_FILES


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Host": ""}])
def test_server_is_not_changed_by_a_page_elsewhere(server: Server, headers: dict[str, str]) -> None:
    statuses = [send(server, f"{method} /__mock/{path}", sent, headers)[0] for method, path, sent in CHANGES]

    assert (statuses, send(server, "GET /__mock/defaults")) == ([403] * len(CHANGES), (200, {}))
