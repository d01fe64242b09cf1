"""What clients see of saved files: new answers, what survives, and on every answer where a broken save is wrong."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import validates_schema
from werkzeug.test import TestResponse

from mockserver import create_app
from mockserver.schemas import CustomerSchema
from mockserver.stub.current import Current
from mockserver.web.app import LARGEST_POST
from tests.support.process import SECONDS, Serve, Serving

SHIPPED = Path(__file__).parents[2] / "openapi.yaml"
FIXTURE = Path("files/a.yaml")
CONTRACT = Path("openapi.yaml")

ADA = "schema: Customer\nrecords: [{PersonalId: a, FirstName: Ada}]\n"
EVA = ADA.replace("Ada", "Eva")
QUICK = "answers: [{name: quick, operation: getCustomer, when: {id: q}, reply: {fault: {dribble: 0}}}]\n"
BROKEN = "schema: Customer\nrecords:\n- {PersonalId: a, Sex: 3}\n"
STALE = "files/a.yaml:3"

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
FEWER = THINGS[: THINGS.index("  /things:\n")].replace(
    "        - {name: colour, in: query, schema: {type: string}}\n", ""
)


def save(path: Path, text: str | bytes) -> None:
    """Write a file in one step, as most editors do."""
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(text if isinstance(text, bytes) else text.encode())
    draft.replace(path)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with an empty folder of fixtures, so that places are short."""
    monkeypatch.chdir(tmp_path)
    Path("files").mkdir()


def reload(app: Flask) -> str | None:
    """Have the saved files loaded; the first line of what is wrong with them."""
    current: Current = app.extensions["mockserver"]
    error = current.reload()
    return None if error is None else str(error).splitlines()[0]


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


PREFLIGHT = {"Origin": "http://page.example", "Access-Control-Request-Method": "PUT"}
ANSWER = b'{"name": "new", "operation": "getCustomer", "when": {"id": "new"}, "reply": {"status": 418}}'

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


@pytest.fixture
def app() -> Flask:
    """The stub of a fixture that was saved well, and then in a way that cannot be served."""
    save(FIXTURE, ADA)
    save(Path("files/b.yaml"), QUICK)
    app = create_app(fixtures="files")
    save(FIXTURE, BROKEN)
    assert reload(app) == "files/a.yaml:3:24: Sex is 3, the contract allows 0 to 2. Change the record or the contract."
    return app


@pytest.mark.parametrize("name", REQUESTS)
def test_every_answer_says_where_a_broken_save_is_wrong(name: str, app: Flask) -> None:
    response = send(app, REQUESTS[name])

    assert (response.status_code, response.headers.getlist("X-Mock-Stale")) == (REQUESTS[name].status, [STALE])


@pytest.mark.parametrize("name", REQUESTS)
def test_pages_of_other_origins_may_read_where_a_broken_save_is_wrong(name: str, app: Flask) -> None:
    origin = "http://page.example"
    sent = REQUESTS[name]

    response = send(app, sent, Origin=origin)

    exposed = response.headers["Access-Control-Expose-Headers"].split(", ")
    assert (response.headers["Access-Control-Allow-Origin"], exposed.count("X-Mock-Stale")) == (origin, 1)


@pytest.mark.parametrize("name", REQUESTS)
def test_no_answer_says_so_once_a_good_save_is_served(name: str, app: Flask) -> None:
    save(FIXTURE, EVA)
    assert reload(app) is None

    response = send(app, REQUESTS[name], Origin="http://page.example")

    assert "X-Mock-Stale" not in response.headers
    assert "X-Mock-Stale" not in response.headers.get("Access-Control-Expose-Headers", "")


def test_answer_that_is_not_shared_says_where_a_broken_save_is_wrong() -> None:
    save(FIXTURE, ADA)
    app = create_app(fixtures="files", cors=False)
    save(FIXTURE, BROKEN)
    reload(app)

    response = send(app, REQUESTS["record"], Origin="http://page.example")

    assert response.headers["X-Mock-Stale"] == STALE
    assert "Access-Control-Expose-Headers" not in response.headers


class Careless(CustomerSchema):
    """A class with a mistake in it."""

    @validates_schema
    def divide(self, _data: object, *, partial: bool | None, **_: object) -> None:
        if not partial:
            raise ZeroDivisionError("a mistake of the user's")


def test_error_that_nobody_planned_for_says_where_a_broken_save_is_wrong() -> None:
    app = create_app(fixtures="files", schemas={"Customer": Careless})
    save(FIXTURE, BROKEN)
    reload(app)

    response = app.test_client().get("/Customers/b", headers={"Origin": "http://page.example"})

    exposed = response.headers["Access-Control-Expose-Headers"]
    assert (response.status_code, response.headers["X-Mock-Stale"], exposed) == (500, STALE, "X-Mock-Stale")


def test_health_tells_of_a_broken_save_and_of_what_is_served(app: Flask) -> None:
    health = [app.test_client().get("/__mock/health").get_json()]
    save(FIXTURE, EVA)
    reload(app)
    health.append(app.test_client().get("/__mock/health").get_json())

    assert health == [{**health[0], "ready": True, "stale": STALE, "records": 1}, {**health[0], "stale": None}]


# What survives


def ask(client: FlaskClient, target: str, **headers: str) -> tuple[int, str | None]:
    response = client.get(target, headers=headers)
    return response.status_code, response.headers.get("X-Colour")


def post(client: FlaskClient, *answers: str, session: str = "") -> None:
    headers = {"X-Mock-Session": session} if session else {}
    data = f"answers: [{', '.join(answers)}]"
    response = client.post("/__mock/answers", data=data, headers=headers, content_type="application/yaml")
    assert response.status_code == 201, response.data


SEQUENCE = "{sequence: [{status: 501}, {status: 502}, {status: 503}, {status: 504}], cycle: true}"


def sequence(name: str) -> str:
    return f"{{name: {name}, operation: listThings, when: {{}}, reply: {SEQUENCE}}}"


@pytest.fixture
def things() -> Flask:
    save(CONTRACT, THINGS)
    return create_app(contract="openapi.yaml", fixtures="files")


def save_contract_and_back(app: Flask, contract: str) -> list[str | None]:
    """What is wrong with the *contract*, and with the one that is saved after it."""
    save(CONTRACT, contract)
    told = [reload(app)]
    save(CONTRACT, THINGS)
    return [*told, reload(app)]


def test_answers_of_the_run_time_survive_a_save(things: Flask) -> None:
    client = things.test_client()
    post(client, "{name: red, operation: getThing, when: {colour: red}, reply: {status: 418}}")
    post(client, "{name: red, operation: getThing, when: {colour: red}, reply: {status: 419}}", session="me")

    save(CONTRACT, THINGS.replace("It is there.", "Still there."))
    assert reload(things) is None

    statuses = [ask(client, "/one/things/1?colour=red", **each)[0] for each in ({}, {"X-Mock-Session": "me"})]
    assert statuses == [418, 419]


def test_defaults_and_sessions_survive_a_save(things: Flask) -> None:
    client = things.test_client()
    client.put("/__mock/defaults", data=b'{"code": 503}', headers={"X-Mock-Session": "me"})
    client.put("/__mock/defaults", data=b'{"code": 502}')
    sessions = client.get("/__mock/sessions").get_json()

    assert save_contract_and_back(things, FEWER) == [None, None]

    assert client.get("/__mock/sessions").get_json() == sessions
    assert sessions == {"sessions": [{"id": "me", "answers": 0, "defaults": {"code": 503}}]}
    statuses = [ask(client, "/one/things/1", **each)[0] for each in ({}, {"X-Mock-Session": "me"})]
    assert statuses == [502, 503]


@pytest.mark.parametrize("saved", [THINGS, FEWER, "broken"])
def test_counters_survive_a_save(saved: str) -> None:
    save(CONTRACT, THINGS)
    save(FIXTURE, f"answers: [{sequence('of-file')}]")
    app = create_app(contract="openapi.yaml", fixtures="files")
    client = app.test_client()
    post(client, sequence("of-session"), session="me")
    statuses = []

    for _ in range(2):
        statuses += [ask(client, "/one/things")[0], ask(client, "/one/things", **{"X-Mock-Session": "me"})[0]]
        save_contract_and_back(app, saved)
        assert app.extensions["mockserver"].served.stale is None
    statuses += [ask(client, "/one/things")[0], ask(client, "/one/things", **{"X-Mock-Session": "me"})[0]]

    assert statuses == [501, 501, 502, 502, 503, 503]


def test_answer_of_what_the_contract_has_lost_is_passed_over(things: Flask) -> None:
    client = things.test_client()
    post(
        client,
        "{name: red, operation: getThing, when: {colour: red}, reply: {status: 418}}",
        "{name: none, operation: getThing, when: {key: n, colour: null}, reply: {status: 419}}",
        '{name: told, operation: getThing, when: {key: t}, reply: {status: 420, headers: {X-Colour: "<{colour}>"}}}',
        '{name: whole, operation: getThing, when: {key: w}, reply: {status: 421, body: "{colour}"}}',
        sequence("list"),
    )
    targets = [f"/one/things/{key}?colour=red" for key in "xntw"] + ["/one/things"]
    before = [ask(client, target) for target in targets]
    listed = client.get("/__mock/answers").get_json()

    save(CONTRACT, FEWER)
    assert reload(things) is None
    fewer = [ask(client, target) for target in targets]
    assert [each["name"] for each in listed["answers"]] == ["red", "none", "told", "whole", "list"]
    assert [each["name"] for each in client.get("/__mock/answers").get_json()["answers"]] == [
        "red",
        "none",
        "told",
        "whole",
        "list",
    ]
    save(CONTRACT, THINGS)
    assert reload(things) is None

    assert before == [(418, None), (418, None), (418, None), (418, None), (501, None)]
    assert fewer == [(204, None), (419, None), (420, "<>"), (421, None), (404, None)]
    assert [ask(client, target) for target in targets] == [*before[:-1], (502, None)]


def test_contract_that_is_saved_is_served_whole(things: Flask) -> None:
    client = things.test_client()
    pages = ("/__mock/openapi.yaml", "/__mock/openapi.json", "/__mock/", "/__mock/health")
    statuses = [ask(client, f"{root}/things/1")[0] for root in ("/one", "/two", "")]

    save(CONTRACT, THINGS.replace("/one", "/two").replace("title: Things", "title: Others"))
    assert reload(things) is None

    assert statuses == [204, 404, 404]
    assert [ask(client, f"{root}/things/1")[0] for root in ("/one", "/two", "")] == [404, 204, 404]
    texts = [client.get(page).text for page in pages]
    assert [text.count("Others") > 0 for text in texts] == [True] * 4
    assert [text.count("/two") > 0 and "/one" not in text for text in texts[:3]] == [True] * 3
    assert json.loads(texts[1])["info"]["title"] == json.loads(texts[3])["contract"] == "Others"


@pytest.mark.parametrize(
    ("contract", "told"),
    [
        (THINGS.replace("/one", "/__mock"), None),
        (
            THINGS.replace("[{url: /one}]", "[{url: /}]").replace("/things/{key}", "/__mock/{key}"),
            "prefix is '/__mock', where getThing is. Write a path of its own, such as /__mock.",
        ),
    ],
)
def test_contract_that_takes_the_place_of_the_pages_is_judged_as_at_the_start(
    contract: str, told: str | None, things: Flask
) -> None:
    save(CONTRACT, contract)

    assert reload(things) == told


def test_plan_that_was_kept_is_not_given_for_new_files() -> None:
    save(FIXTURE, ADA)
    shutil.copy(SHIPPED, CONTRACT)
    app = create_app(contract="openapi.yaml", fixtures="files")
    client = app.test_client()
    names = []

    for text in (ADA, EVA, BROKEN, ADA):
        save(FIXTURE, text)
        reload(app)
        names += [json.loads(client.get("/Customers/a").data)["FirstName"] for _ in range(2)]

    assert names == ["Ada", "Ada", "Eva", "Eva", "Eva", "Eva", "Ada", "Ada"]


# The command


def fetch(
    serving: Serving, target: str = "/Customers/a", method: str = "GET", body: bytes = b"", **headers: str
) -> Got:
    with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
        client.request(method, target, body, headers)
        response = client.getresponse()
        return Got(response.status, response.read(), response.headers["X-Mock-Stale"])


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    body: bytes
    stale: str | None

    @property
    def name(self) -> str:
        return str(json.loads(self.body)["FirstName"])


def has_come(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds."""
    deadline = monotonic() + SECONDS
    while monotonic() < deadline:
        if condition():
            return True
    return False


def comes_to_say(serving: Serving, stale: str) -> bool:
    return has_come(lambda: fetch(serving).stale == stale)


def comes_to_serve(serving: Serving, name: str) -> bool:
    return has_come(lambda: fetch(serving).name == name)


def test_save_is_served_by_the_command(serve: Serve) -> None:
    save(FIXTURE, ADA)
    shutil.copy(SHIPPED, CONTRACT)
    serving = serve("--quiet", "--contract", "openapi.yaml", "--fixtures", "files")
    assert fetch(serving).name == "Ada"

    save(FIXTURE, EVA)
    assert comes_to_serve(serving, "Eva")
    save(CONTRACT, SHIPPED.read_text(encoding="utf-8").replace("- url: /API", "- url: /NEW"))
    assert has_come(lambda: fetch(serving, "/NEW/Customers/a").status == 200)

    assert (fetch(serving, "/API/Customers/a").status, fetch(serving).name) == (404, "Eva")
    assert serving.end() == (0, "", "Reloaded.\nReloaded.\n")


def test_broken_saves_never_stop_the_command(serve: Serve) -> None:
    save(FIXTURE, ADA)
    shutil.copy(SHIPPED, CONTRACT)
    shipped = SHIPPED.read_text(encoding="utf-8")
    saves = (
        (FIXTURE, BROKEN, "files/a.yaml:3"),
        (FIXTURE, f"\n{BROKEN}", "files/a.yaml:4"),
        (CONTRACT, shipped.replace("openapi: 3.1.0", "openapi: 2.0"), "openapi.yaml:1"),
        (CONTRACT, shipped, "files/a.yaml:4"),
        (FIXTURE, ADA.replace("]", ""), "files/a.yaml:3"),
        (FIXTURE, b"schema: \xff", "files/a.yaml:1"),
    )
    serving = serve("--quiet", "--contract", "openapi.yaml", "--fixtures", "files")
    seen = []

    for path, text, stale in saves:
        save(path, text)
        assert comes_to_say(serving, stale)
        health = fetch(serving, "/__mock/health")
        seen.append(
            (fetch(serving).name, fetch(serving, "/nowhere").stale, health.stale, json.loads(health.body)["stale"])
        )
    save(FIXTURE, EVA)
    assert comes_to_serve(serving, "Eva")
    code, output, errors = serving.end()

    *told, last = errors.split("The last good files are served.\n")
    assert seen == [("Ada", stale, stale, stale) for _, _, stale in saves]
    assert [re.findall(r"\A[^:]+:\d+(?=:\d+: )", text) for text in told] == [[stale] for _, _, stale in saves]
    assert (code, output, last) == (0, "", "All is well again: the files are served as they are.\n")


def test_answers_of_the_run_time_survive_in_the_command(serve: Serve) -> None:
    save(CONTRACT, THINGS)
    serving = serve("--quiet", "--contract", "openapi.yaml", "--fixtures", "files")
    added = f"answers: [{sequence('list')}]".encode()
    path = "/__mock/s/me/one/things"
    headers = {"X-Mock-Session": "me", "Content-Type": "application/yaml"}
    assert fetch(serving, "/__mock/answers", "POST", added, **headers).status == 201
    statuses = [fetch(serving, path).status]

    save(CONTRACT, FEWER)
    assert has_come(lambda: fetch(serving, "/one/things").status == 404)
    save(CONTRACT, "")
    assert has_come(lambda: fetch(serving, "/one/things").stale == "openapi.yaml:1")
    save(CONTRACT, THINGS)
    assert has_come(lambda: fetch(serving, "/one/things").status == 204)
    statuses += [fetch(serving, path).status, fetch(serving, "/one/things").status]

    assert statuses == [501, 502, 204]
    assert serving.end()[0] == 0


ON: dict[str, str] = {"MOCKSERVER_RELOAD": "1"}
OFF: dict[str, str] = {"MOCKSERVER_RELOAD": "0"}


@pytest.mark.parametrize(("options", "variables"), [(("--no-reload",), {}), ((), OFF), (("--no-reload",), ON)])
def test_no_reload_serves_what_was_there_at_the_start(
    options: tuple[str, ...], variables: dict[str, str], serve: Serve
) -> None:
    save(FIXTURE, ADA)
    fixed = serve("--quiet", *options, "--fixtures", "files", **variables)
    other = serve("--quiet", "--reload", "--fixtures", "files", **OFF)

    save(FIXTURE, BROKEN)
    assert comes_to_say(other, STALE)
    save(FIXTURE, EVA)
    assert comes_to_serve(other, "Eva")

    assert (fetch(fixed).name, fetch(fixed).stale) == ("Ada", None)
    assert fixed.end() == (0, "", "")


def test_save_in_the_middle_of_requests_fails_none_of_them(serve: Serve) -> None:
    save(FIXTURE, ADA.replace("Ada", "N00"))
    serving = serve("--quiet", "--fixtures", "files")
    is_over = threading.Event()

    def load(_: int) -> list[tuple[int, str, str | None]]:
        seen = []
        with closing(HTTPConnection(serving.url.removeprefix("http://"), timeout=SECONDS)) as client:
            while not is_over.is_set():
                client.request("GET", "/Customers/a")
                response = client.getresponse()
                seen.append((response.status, json.load(response)["FirstName"], response.headers["X-Mock-Stale"]))
        return seen

    with ThreadPoolExecutor(4) as pool:
        loads = [pool.submit(load, number) for number in range(4)]
        try:
            for number in range(1, 21):
                name = f"N{number:02}"
                save(FIXTURE, ADA.replace("Ada", name))
                assert comes_to_serve(serving, name)
        finally:
            is_over.set()

    for each in loads:
        names = [name for _, name, _ in each.result()]
        assert names == sorted(names)
        assert {(status, stale) for status, _, stale in each.result()} == {(200, None)}
    assert serving.end() == (0, "", "Reloaded.\n" * 20)
