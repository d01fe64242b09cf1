"""What clients see of saved files: what survives, and on every answer where a broken save is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import validates_schema
from werkzeug.test import TestResponse

from mockserver import create_app
from mockserver.schemas import CustomerSchema
from mockserver.stub.current import Current
from mockserver.web.stub_app import LARGEST_POST
from tests.support.files import save
from tests.support.saving import BROKEN, FIXTURE, PROBLEM, STALE, person

CONTRACT = Path("openapi.yaml")
ORIGIN = "http://page.example"

THINGS = """\
openapi: 3.1.0
info: {title: Things, version: "1"}
servers: [{url: /one}]
paths:
  /things/{key}:
    get:
      operationId: getThing
      parameters:
        - {name: key, in: path, required: true, schema: {type: string}}
        - {name: colour, in: query, schema: {type: string}}
      responses: {"204": {description: It is there.}}
  /things:
    get: {operationId: listThings, responses: {"204": {description: They are there.}}}
"""
FEWER = THINGS.partition("  /things:\n")[0].replace("        - {name: colour, in: query, schema: {type: string}}\n", "")


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with an empty folder of fixtures, so that places are short."""
    monkeypatch.chdir(tmp_path)
    Path("files").mkdir()


def reload(app: Flask) -> str | None:
    """Load the saved files; return what is wrong with them."""
    current: Current = app.extensions["mockserver"]
    error = current.reload()
    return None if error is None else str(error)


# A broken save, on every answer


@dataclass(frozen=True)
class Sent:
    """A request, and the status that it gets."""

    status: int
    target: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    address: str = "127.0.0.1"


PREFLIGHT = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
ANSWER = b'{"name": "new", "operation": "getCustomer", "when": {"id": "new"}, "reply": {"status": 418}}'
QUICK = "answers: [{name: quick, operation: getCustomer, when: {id: q}, reply: {fault: {dribble: 0}}}]\n"

REQUESTS = {
    "record": Sent(200, "/Customers/a"),
    "generated": Sent(200, "/API/Customers/b"),
    "dribble": Sent(200, "/Customers/q"),
    "no record": Sent(404, "/Customers/a?__code=404"),
    "binding": Sent(400, "/Customers/a?idType=x"),
    "preference": Sent(400, "/Customers/a?__code=1"),
    "header": Sent(400, "/Customers/a", headers={"Prefer": "edge=none"}),
    "fault": Sent(501, "/Customers/a?__fault=reset"),
    "session": Sent(200, "/Customers/a", headers={"X-Mock-Session": "me"}),
    "session in the path": Sent(200, "/__mock/s/me/Customers/a"),
    "no session": Sent(400, "/Customers/a", headers={"X-Mock-Session": "?"}),
    "method": Sent(405, "/Customers/a", "POST"),
    "head": Sent(405, "/Customers/a", "HEAD"),
    "options": Sent(405, "/Customers/a", "OPTIONS"),
    "preflight": Sent(204, "/Customers/a", "OPTIONS", PREFLIGHT),
    "preflight of nowhere": Sent(204, "/nowhere", "OPTIONS", PREFLIGHT),
    "nowhere": Sent(404, "/nowhere"),
    "browser": Sent(302, "/", headers={"Accept": "text/html"}),
    "page without slash": Sent(302, "/__mock"),
    "page": Sent(200, "/__mock/"),
    "health": Sent(200, "/__mock/health"),
    "health, head": Sent(200, "/__mock/health", "HEAD"),
    "contract, yaml": Sent(200, "/__mock/openapi.yaml"),
    "contract, json": Sent(200, "/__mock/openapi.json"),
    "no page": Sent(404, "/__mock/nowhere"),
    "method of a page": Sent(405, "/__mock/health", "DELETE"),
    "answers": Sent(200, "/__mock/answers"),
    "new answer": Sent(201, "/__mock/answers", "POST", body=ANSWER),
    "bad answer": Sent(400, "/__mock/answers", "POST", body=b"["),
    "large answer": Sent(413, "/__mock/answers", "POST", body=b"x" * (LARGEST_POST + 1)),
    "stranger": Sent(403, "/__mock/answers", "POST", body=ANSWER, address="10.0.0.1"),
    "no answer": Sent(404, "/__mock/answers/none", "DELETE"),
    "defaults": Sent(200, "/__mock/defaults", "PUT", body=b"{}"),
    "bad defaults": Sent(400, "/__mock/defaults", "PUT", body=b'{"code": 1}'),
    "reset": Sent(204, "/__mock/reset", "POST"),
    "sessions": Sent(200, "/__mock/sessions"),
    "no session to drop": Sent(404, "/__mock/sessions/none", "DELETE"),
}


def send(app: Flask, sent: Sent, **headers: str) -> TestResponse:
    return app.test_client().open(
        sent.target,
        method=sent.method,
        headers={**sent.headers, **headers},
        data=sent.body,
        environ_overrides={"REMOTE_ADDR": sent.address},
    )


class Careless(CustomerSchema):
    """A class with a mistake in it."""

    @validates_schema
    def divide(self, data: Mapping[str, object], *, partial: bool | None, **_: object) -> None:
        if not partial and data.get("PersonalId") == "mistake":
            raise ZeroDivisionError("a mistake of the user's")


def make_stale(**settings: bool) -> Flask:
    """The stub of a fixture that was saved well, and then in a way that cannot be served."""
    save(FIXTURE, person("Ada"))
    save(Path("files/b.yaml"), QUICK)
    app = create_app(fixtures="files", schemas={"Customer": Careless}, **settings)  # type: ignore[arg-type]  # switches
    save(FIXTURE, BROKEN)
    assert reload(app) == PROBLEM
    return app


@pytest.mark.parametrize("name", [*REQUESTS, "mistake"])
def test_every_answer_says_where_saved_files_are_wrong(name: str) -> None:
    app, sent = make_stale(), REQUESTS.get(name, Sent(500, "/Customers/mistake"))

    alone, shared = send(app, sent), send(app, sent, Origin=ORIGIN)
    save(FIXTURE, person("Eva"))
    told = reload(app)
    later = send(app, sent, Origin=ORIGIN)

    exposed = shared.headers["Access-Control-Expose-Headers"].split(", ")
    assert (alone.status_code, alone.headers.getlist("X-Mock-Stale")) == (sent.status, [STALE])
    assert (shared.headers["Access-Control-Allow-Origin"], exposed.count("X-Mock-Stale")) == (ORIGIN, 1)
    assert (told, "X-Mock-Stale" in str(later.headers)) == (None, False)


def test_answer_that_is_not_shared_says_so_too() -> None:
    response = send(make_stale(cors=False), REQUESTS["record"], Origin=ORIGIN)

    assert (response.headers["X-Mock-Stale"], "Access-Control-Expose-Headers" in response.headers) == (STALE, False)


def test_health_tells_of_a_broken_save() -> None:
    app = make_stale()
    health = [app.test_client().get("/__mock/health").get_json()]
    save(FIXTURE, person("Eva"))
    reload(app)
    health.append(app.test_client().get("/__mock/health").get_json())

    assert health == [{**health[0], "ready": True, "stale": STALE, "records": 1}, {**health[0], "stale": None}]


# What survives


def ask(client: FlaskClient, target: str = "/one/things", session: str = "") -> tuple[int, str | None]:
    response = client.get(target, headers={"X-Mock-Session": session} if session else {})
    return response.status_code, response.headers.get("X-Colour")


def post(client: FlaskClient, *answers: str, session: str = "") -> None:
    headers = {"X-Mock-Session": session} if session else {}
    data = f"answers: [{', '.join(answers)}]"
    response = client.post("/__mock/answers", data=data, headers=headers, content_type="application/yaml")
    assert response.status_code == 201, response.data


SEQUENCE = "{sequence: [{status: 501}, {status: 502}, {status: 503}, {status: 504}], cycle: true}"
LIST = f"{{name: list, operation: listThings, when: {{}}, reply: {SEQUENCE}}}"


@pytest.fixture
def things() -> Flask:
    save(CONTRACT, THINGS)
    return create_app(contract="openapi.yaml", fixtures="files")


def test_answers_defaults_and_sessions_survive_a_save(things: Flask) -> None:
    client = things.test_client()
    for session, status in (("", 418), ("me", 419)):
        post(
            client,
            f"{{name: red, operation: getThing, when: {{colour: red}}, reply: {{status: {status}}}}}",
            session=session,
        )
        headers = {"X-Mock-Session": session} if session else {}
        client.put("/__mock/defaults", data=b'{"code": %d}' % (status + 100), headers=headers)
    sessions = client.get("/__mock/sessions").get_json()

    for contract in (FEWER, THINGS.replace("It is there.", "Still there.")):
        save(CONTRACT, contract)
        assert reload(things) is None

    assert client.get("/__mock/sessions").get_json() == sessions
    assert sessions == {"sessions": [{"id": "me", "answers": 1, "records": 0, "defaults": {"code": 519}}]}
    client.delete("/__mock/defaults")
    statuses = [ask(client, f"/one/things/1{query}", each)[0] for query in ("", "?colour=red") for each in ("", "me")]
    assert statuses == [518, 519, 518, 519]


@pytest.mark.parametrize("saved", [THINGS, FEWER, "broken"])
def test_counters_survive_a_save(saved: str, things: Flask) -> None:
    save(FIXTURE, f"answers: [{LIST}]")
    assert reload(things) is None
    client = things.test_client()
    post(client, LIST.replace("name: list", "name: mine"), session="me")
    statuses = []

    for _ in range(3):
        statuses += [ask(client)[0], ask(client, session="me")[0]]
        save(CONTRACT, saved)
        reload(things)
        save(CONTRACT, THINGS)
        assert reload(things) is None

    assert statuses == [501, 501, 502, 502, 503, 503]


def test_answer_for_removed_contract_parts_is_skipped(things: Flask) -> None:
    client = things.test_client()
    post(
        client,
        "{name: red, operation: getThing, when: {colour: red}, reply: {status: 418}}",
        "{name: none, operation: getThing, when: {key: n, colour: null}, reply: {status: 419}}",
        '{name: told, operation: getThing, when: {key: t}, reply: {status: 420, headers: {X-Colour: "<{colour}>"}}}',
        '{name: whole, operation: getThing, when: {key: w}, reply: {status: 421, body: "{colour}"}}',
        LIST,
    )
    targets = [*(f"/one/things/{key}?colour=red" for key in "xntw"), "/one/things"]
    seen, listed = [], []

    for contract in (THINGS, FEWER, THINGS):
        save(CONTRACT, contract)
        assert reload(things) is None
        seen.append([ask(client, target) for target in targets])
        listed.append([each["name"] for each in client.get("/__mock/answers").get_json()["answers"]])

    before = [(418, None)] * 4
    assert listed == [["red", "none", "told", "whole", "list"]] * 3
    assert seen[1] == [(204, None), (419, None), (420, "<>"), (421, None), (404, None)]
    assert (seen[0], seen[2]) == ([*before, (501, None)], [*before, (502, None)])


def test_contract_that_is_saved_is_served_whole(things: Flask) -> None:
    client = things.test_client()
    pages = ("/__mock/openapi.yaml", "/__mock/openapi.json", "/__mock/", "/__mock/health")

    save(CONTRACT, THINGS.replace("/one", "/two").replace("title: Things", "title: Others"))
    assert reload(things) is None

    assert [ask(client, f"{root}/things/1")[0] for root in ("/one", "/two", "")] == [404, 204, 404]
    texts = [client.get(page).text for page in pages]
    assert [text.count("Others") > 0 for text in texts] == [True] * 4
    assert [text.count("/two") > 0 and "/one" not in text for text in texts[:3]] == [True] * 3
    assert json.loads(texts[1])["info"]["title"] == json.loads(texts[3])["contract"] == "Others"


@pytest.mark.parametrize(
    ("root", "path", "told"),
    [
        ("/__mock", "/things/{key}", None),
        ("/", "/__mock/{key}", "prefix: '/__mock' is where getThing is. Write a path of its own, such as /__mock."),
    ],
)
def test_reload_judges_path_clashes_as_the_start_does(root: str, path: str, told: str | None, things: Flask) -> None:
    save(CONTRACT, THINGS.replace("{url: /one}", f"{{url: {root}}}").replace("/things/{key}", path))

    assert reload(things) == told


def test_kept_plan_is_not_given_for_new_files() -> None:
    save(FIXTURE, person("Ada"))
    app = create_app(fixtures="files")
    names = []

    for text in (person("Ada"), person("Eva"), BROKEN, person("Ada")):
        save(FIXTURE, text)
        reload(app)
        names += [app.test_client().get("/Customers/a").get_json()["FirstName"] for _ in range(2)]

    assert names == ["Ada", "Ada", "Eva", "Eva", "Eva", "Eva", "Ada", "Ada"]
