"""The answer cache: it is as if it were not there, and what it keeps is not made anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from marshmallow import validates_schema

from mockserver import create_app
from mockserver.http.messages import HEAD_READING, Exchange
from mockserver.schemas import CustomerSchema
from mockserver.stub.current import Current
from tests.support.saving import BROKEN
from tests.support.serving import running, send
from tests.support.waiting import run_at_once
from tests.support.wsgi import make_environ

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FILE = Path("files/a.yaml")
BASE = """\
schema: Customer
records:
  - {PersonalId: a, FirstName: Ann}
answers:
  - {name: flow, operation: getCustomer, when: {id: flow}, reply: {sequence: [{status: 503}, {status: 404}]}}
  - {name: once, operation: getCustomer, when: {id: once}, times: 1, reply: {status: 500}}
  - {name: odd, operation: getCustomer, when: {id: odd}, reply: {status: 500, chance: 0.5}}
  - {name: late, operation: getCustomer, when: {id: late}, reply: {delay: 0}}
  - {name: slow, operation: getCustomer, when: {id: slow}, reply: {fault: {dribble: 0}}}
  - {name: mine, operation: getCustomer, when: {id: mine, headers: {X-Tenant: acme}}, reply: {status: 403}}
"""
OTHER = BASE.replace("Ann", "Bea").replace("status: 403", "status: 409")

IDS = (
    "a",
    "42",
    "flow",
    "once",
    "odd",
    "late",
    "slow",
    "mine",
    "added",
    "42?idType=x",
    "42?token=s3cret",
    "42?__code=404",
)
TARGETS = (*(f"/Customers/{each}" for each in IDS), "/API/Customers/a", "/API/Customer/a", "/", "/__mock/health")
HEADERS: tuple[Mapping[str, str], ...] = (
    *({}, {"Accept": "text/xml"}, {"Accept": "text/html"}, {"Accept-Charset": "utf-16"}, {"Content-Type": "text/json"}),
    *(
        {"Prefer": "code=404"},
        {"Prefer": "seed=7"},
        {"Prefer": "example=flow"},
        {"Prefer": "delay=0"},
        {"Prefer": "x=1"},
    ),
    *({"Origin": "http://page.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}),
    *({"X-Tenant": "acme"}, {"X-Tenant": "other"}, {"X-Tenant": ""}, {"Authorization": "Bearer s3cret"}),
    *({"X-Mock-Sesion": "a"}, {"X-Mock-Sesion": ""}),
    *({"Host": "other.example"}, {"Expect": "100-continue"}, {"X-Request-Id": "7"}),
)
SESSIONS = ("", "header a", "header b", "cookie a", "path a", "path b", "header !")


def answer(name: str, reply: Mapping[str, object], **others: object) -> tuple[str, str, object]:
    return "POST", "/answers", {"name": name, "operation": "getCustomer", "reply": reply, **others}


def record(id_: str, name: str) -> dict[str, object]:
    return {"schema": "Customer", "records": [{"PersonalId": id_, "FirstName": name}]}


STEERING = (
    answer("new", {"status": 418}, when={"id": "added"}),
    answer("new", {"status": 404}, when={"id": "a"}),
    answer("next", {"status": 429}, when={"id": "a"}, times=1),
    answer("tenant", {"status": 403}, when={"headers": {"X-Request-Id": "7"}}),
    answer("extra", {"headers": {"X-Extra": "1"}}),
    ("POST", "/records", record("added", "Zoe")),
    ("POST", "/records", record("a", "Dan")),
    *(("PUT", "/defaults", each) for each in ({"code": 503}, {"dynamic": True}, {})),
    *(("DELETE", each, None) for each in ("/answers/new", "/records/a", "/records", "/requests")),
    ("POST", "/reset", None),
)


PARTS = (
    st.sampled_from(("GET", "HEAD", "POST", "OPTIONS")),
    st.sampled_from(TARGETS),
    st.sampled_from(HEADERS),
    st.sampled_from(SESSIONS),
    st.just(b"body"),
)


@st.composite
def traffic(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """Steps of which many are equal: a request, some that differ from it in one part, and a few changes."""
    base: list[object] = ["GET", draw(st.sampled_from(IDS)), {}, "", b""]
    base[1] = f"/Customers/{base[1]}"
    parts = draw(st.lists(st.sampled_from((0, 1, 2, 2, 2, 3, 3, 4)), min_size=2, max_size=5))
    requests = [base, *([*base[:at], draw(PARTS[at]), *base[at + 1 :]] for at in parts)]
    steering = st.tuples(st.just("steer"), st.sampled_from(STEERING), st.sampled_from(SESSIONS[:3]))
    saving = st.tuples(st.just("save"), st.sampled_from((BASE, OTHER, BROKEN)))
    changes = draw(st.lists(st.one_of(steering, saving), min_size=1, max_size=3))
    asking = [("ask", *each) for each in requests]
    return draw(st.lists(st.sampled_from([*asking * 4, *changes]), min_size=20, max_size=60))


class Keeping:
    """A server that asks for known answers and keeps the environments that it may keep, as ours on granian does."""

    def __init__(self, app: Flask) -> None:
        self._app = app.wsgi_app
        self._recall = app.extensions["mockserver.recall"]
        self._kept: dict[object, WSGIEnvironment] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") != "0":
            return self._app(environ, start_response)
        identity = tuple((key, value) for key, value in environ.items() if isinstance(value, str))
        environ = {**self._kept.get(identity, environ), "wsgi.input": environ["wsgi.input"]}
        known = self._recall(environ)
        if known is None:
            return self._app(environ, start_response)
        if HEAD_READING in environ:
            self._kept[identity] = environ
        start_response(known.status, list(known.headers))
        return list(known.body)


class Twins:
    """Two stubs that differ in the cache alone; whoever asks one asks the other too, and gets the same."""

    def __init__(self) -> None:
        self.told: tuple[list[Exchange], list[Exchange]] = [], []
        apps = [create_app(fixtures="files", cache=bool(at), observe=self.told[at].append) for at in (0, 1)]
        apps[1].wsgi_app = Keeping(apps[1])  # type: ignore[method-assign]  # Flask's own pattern for middlewares.
        self.clients = [app.test_client(use_cookies=False) for app in apps]

    def do(self, kind: str, *step: Any) -> None:
        getattr(self, kind)(*step)

    def ask(self, method: str, target: str, headers: Mapping[str, str], session: str, body: bytes = b"") -> int:
        way, _, name = session.partition(" ")
        named = {"header": {"X-Mock-Session": name}, "cookie": {"Cookie": f"mock-session={name}"}}.get(way, {})
        target = f"/__mock/s/{name}{target}" if way == "path" else target
        uncached, cached = (
            each.open(target, method=method, headers={**headers, **named}, data=body) for each in self.clients
        )
        assert (cached.status, cached.headers.to_wsgi_list(), cached.data) == (
            *(uncached.status, uncached.headers.to_wsgi_list(), uncached.data),
        )
        return uncached.status_code

    def steer(self, change: tuple[str, str, object], session: str) -> None:
        method, path, value = change
        body = b"" if value is None else json.dumps(value).encode()
        status = self.ask(method, f"/__mock{path}", {"Content-Type": "application/json"}, session, body)
        assert status < 300 or (method, status) == ("DELETE", 404)

    def save(self, text: str) -> None:
        if text == FILE.read_text(encoding="utf-8"):
            return
        FILE.write_text(text, encoding="utf-8")
        for each in self.clients:
            current: Current = each.application.extensions["mockserver"]
            current.reload()

    def list_records(self) -> list[tuple[object, object]]:
        """What observers were told, and the journals; coverage and counters are compared on the way."""
        for session in SESSIONS[:3]:
            for target in ("/coverage", "/answers"):
                self.ask("GET", f"/__mock{target}", {}, session)
        told = ([each._replace(at=0, seconds=0) for each in told] for told in self.told)
        journals = ([list_requests(client, each) for each in SESSIONS[:3]] for client in self.clients)
        return list(zip(told, journals, strict=True))


def list_requests(client: FlaskClient, session: str) -> dict[str, Any]:
    """The journal without times."""
    shown: dict[str, Any] = client.get(f"/__mock/requests?session={session.partition(' ')[2]}").json or {}
    return {**shown, "requests": [{**each, "at": "", "seconds": 0} for each in shown["requests"]]}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder with fixtures, and digests that do not differ between stubs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mockserver.web.app.token_bytes", lambda: b"key")
    FILE.parent.mkdir()
    FILE.write_text(BASE, encoding="utf-8")


@pytest.fixture
def twins() -> Twins:
    return Twins()


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=traffic())
def test_cache_makes_no_difference(steps: list[tuple[Any, ...]], twins: Twins) -> None:
    twins.save(BASE)
    for session in SESSIONS[:3]:
        twins.steer(("POST", "/reset", None), session)
    for told in twins.told:
        told.clear()

    for step in steps:
        twins.do(*step)

    uncached, cached = twins.list_records()
    assert cached == uncached


class Counting:
    """A stub that counts how often a body is checked, and so made."""

    def __init__(self, **settings: Any) -> None:
        self.checked: list[object] = []

        class Checked(CustomerSchema):
            @validates_schema
            def note(schema, data: object, **_: object) -> None:  # noqa: N805 - `self` is the stub
                self.checked.append(data)

        self.app = create_app(schemas={"Customer": Checked}, fixtures="files", **settings)
        self.current: Current = self.app.extensions["mockserver"]
        self.client = self.app.test_client()

    def count(self, *targets: str, **request: Any) -> int:
        """Ask, and return how many of the answers were made anew."""
        before = len(self.checked)
        for each in targets:
            self.client.open(each, **request)
        return len(self.checked) - before


@pytest.fixture
def counting() -> Counting:
    return Counting()


KNOWN = "/Customers/a"


@pytest.mark.parametrize(
    ("request_", "made"),
    [
        ({}, 1),
        ({"headers": {"X-Request-Id": "7", "Authorization": "Bearer s3cret"}}, 1),
        ({"headers": {"Origin": "http://page.example"}}, 1),
        ({"data": b"body"}, 3),
        ({"headers": {"X-Mock-Other": "a"}}, 3),
        ({"headers": {"Expect": "100-continue"}}, 3),
        ({"query_string": "__delay=0"}, 3),
    ],
)
def test_answer_to_a_plain_request_is_made_once(request_: dict[str, Any], made: int, counting: Counting) -> None:
    assert counting.count(*[KNOWN] * 3, **request_) == made


@pytest.mark.parametrize("header", [{"Accept": "text/json"}, {"Accept-Charset": "utf-16"}, {"Prefer": "seed=7"}])
def test_header_that_matters_makes_another_answer(header: dict[str, str], counting: Counting) -> None:
    assert [counting.count(KNOWN, headers=each) for each in ({}, header, {}, header)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"Host": "other.example"}, 200),
        ({"Origin": "null"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"X-Mock-Sesion": ""}, 200),
        ({"X-Added": "7"}, 403),
    ],
)
def test_header_that_changes_an_error_or_sharing_matters(header: dict[str, str], status: int) -> None:
    twins = Twins()
    twins.steer(answer("added", {"status": 403}, when={"headers": {"X-Added": "7"}}), "header a")

    asked = [(target, each) for each in ({}, header, {}, header) for target in ("/Customers/a", "/nowhere")]
    statuses = [twins.ask("GET", target, each, "header a") for target, each in asked]

    assert statuses == [200, 404, status, 404] * 2


def test_sessions_without_changes_share_answers(counting: Counting) -> None:
    made = counting.count(KNOWN, f"/__mock/s/one{KNOWN}", f"/__mock/s/two{KNOWN}")

    shown = counting.client.get("/__mock/requests").json
    assert shown is not None
    assert (made, [each["session"] for each in shown["requests"]]) == (1, [None, "one", "two"])


def test_change_drops_the_answers_of_its_session_alone(counting: Counting) -> None:
    one, two = f"/__mock/s/one{KNOWN}", f"/__mock/s/two{KNOWN}"
    counting.client.post("/__mock/records", json=record("b", "B"), headers={"X-Mock-Session": "one"})
    counting.count(one, two)

    counting.client.post("/__mock/records", json=record("c", "C"), headers={"X-Mock-Session": "one"})

    assert [counting.count(each) for each in (one, two, one)] == [1, 0, 0]


@pytest.mark.parametrize("prefix", ["/__mock", "/stüb"])
def test_session_in_any_path_sees_its_changes(prefix: str) -> None:
    client = create_app(fixtures="files", prefix=prefix).test_client()
    target = f"{prefix}/s/one{KNOWN}"
    before = [client.get(target).status_code for _ in range(2)]

    client.put(f"{prefix}/defaults", json={"code": 503}, headers={"X-Mock-Session": "one"})

    shown = client.get(f"{prefix}/requests?session=one").json
    assert shown is not None
    assert (before, shown["total"], client.get(target).status_code) == ([200, 200], 2, 503)


def test_reload_drops_all_answers(counting: Counting) -> None:
    counting.count(KNOWN)
    counting.current.reload()
    before = len(counting.checked)

    assert (counting.count(KNOWN, KNOWN), len(counting.checked)) == (1, before + 1)


def test_no_answer_is_kept_without_the_cache() -> None:
    assert Counting(cache=False).count(KNOWN, KNOWN) == 2


def test_change_during_a_request_is_not_lost(counting: Counting) -> None:
    changes = [
        lambda: counting.client.post("/__mock/records", json=record("a", "Zoe")),
        counting.current.reload,
    ]

    @counting.app.before_request
    def change() -> None:
        if changes and request.path == KNOWN:
            changes.pop()()

    names = [(counting.client.get(KNOWN).json or {})["FirstName"] for _ in range(4)]

    assert names == ["Ann", "Zoe", "Zoe", "Zoe"]


def test_mistake_of_an_observer_is_an_error_each_time() -> None:
    def observe(exchange: Exchange) -> None:
        if ("X-Request-Id", "7") in exchange.request.headers:
            raise LookupError

    answers = []
    for is_on in (False, True):
        client = create_app(observe=observe, cache=is_on).test_client()
        client.get("/Customers/42", headers={"Origin": "null"})
        answers.append(client.get("/Customers/42", headers={"Origin": "null", "X-Request-Id": "7"}))

    uncached, cached = ((each.status_code, each.headers.to_wsgi_list(), each.data) for each in answers)
    assert (cached, cached[0]) == (uncached, 500)


def test_server_sends_the_same_bytes_again() -> None:
    written = b"%s /Customers/a HTTP/1.1\r\nHost: h\r\nAccept: text/json\r\nConnection: close\r\n%s\r\n"
    lines = (b"", b"Origin: null\r\n", b"Sec-Fetch-Site: none\r\n", b"Accept: application/json\r\n", b"X_Odd: a\r\n")
    requests = [written % (method, line) for method in (b"GET", b"HEAD", b"get", b"POST") for line in lines]
    sent: list[list[bytes]] = []

    for is_on in (False, True):
        with running(create_app(fixtures="files", cache=is_on)) as server:
            sent.append([without_date(send(server, each)) for each in requests for _ in range(2)])

    assert sent[0] == sent[1]
    assert sent[1][::2] == sent[1][1::2]


def test_kept_environment_gets_the_key_of_what_is_served() -> None:
    app = create_app(fixtures="files")
    app.wsgi_app = Keeping(app)  # type: ignore[method-assign]  # Flask's own pattern for middlewares.
    client, current = app.test_client(), app.extensions["mockserver"]
    header = {"X-Request-Id": "7"}
    before = [client.get("/Customers/mine", headers=header).status_code for _ in range(3)]

    FILE.write_text(BASE.replace("X-Tenant: acme", 'X-Request-Id: "7"'), encoding="utf-8")
    current.reload()
    after = [client.get("/Customers/mine", headers=each).status_code for each in ({}, {}, header)]

    assert (before, after) == ([200, 200, 200], [200, 200, 403])


@pytest.mark.parametrize(
    ("header", "may_be_kept"),
    [({}, True), ({"HTTP_AUTHORIZATION": "Bearer s3cret"}, False), ({"HTTP_X_ODD": "7"}, True)],
)
def test_server_may_keep_heads_without_secrets(header: dict[str, str], *, may_be_kept: bool) -> None:
    app = create_app(fixtures="files")
    environs = [make_environ(PATH_INFO=KNOWN, **header) for _ in range(2)]

    for environ in environs:
        app.wsgi_app(environ, lambda *_: print)

    assert [HEAD_READING in each for each in environs] == [False, may_be_kept]


def without_date(answer: bytes) -> bytes:
    return re.sub(rb"\r\nDate: [^\r]+", b"", answer)


def test_answers_are_exact_under_threads(counting: Counting) -> None:
    def ask() -> None:
        client = counting.app.test_client()
        for number in range(50):
            assert client.get(f"/__mock/s/s{number % 5}/Customers/a").json == known

    known = counting.client.get(KNOWN).json
    made = len(counting.checked)

    run_at_once(8, ask)

    shown = counting.client.get("/__mock/requests?session=s1").json
    assert shown is not None
    assert (shown["total"], len(counting.checked)) == (80, made)
