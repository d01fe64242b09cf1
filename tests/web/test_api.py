"""The journey of a request through the server: preferences, sessions, delays, many at once, anything at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver import create_app
from mockserver.checks.judging import Schemas
from mockserver.checks.replies import find_reply_breaches
from mockserver.contract.openapi import load_contract
from mockserver.generation.edges import EDGES
from mockserver.http.effects import FAULTS
from mockserver.http.messages import Reply
from mockserver.http.preferences import KEYS, read_header
from mockserver.schemas import SHIPPED
from mockserver.server.channel import Channel
from mockserver.server.limits import Limits
from mockserver.server.serving import Server
from mockserver.stub.inputs import locate_contract
from tests.support.serving import Got, ask, connect, hear, running, send, write_request
from tests.support.waiting import SECONDS, run_at_once

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)

RESPONSES = load_contract(locate_contract(None).path).operations[0].responses
SCHEMAS = Schemas(SHIPPED)
STEPS = 200
FLOW = ", ".join(f"{{status: 429, text: step {number:03}}}" for number in range(STEPS))
ANSWERS = f"""\
schema: Customer
records:
  - PersonalId: known
    FirstName: Ada
answers:
  - {{name: flow, operation: getCustomer, when: {{id: flow}}, reply: {{sequence: [{FLOW}]}}}}
  - {{name: teapot, operation: getCustomer, when: {{id: pot}}, reply: {{status: 418, text: short and stout}}}}
"""
STRANGER = "/API/Customers/stranger"
KNOWN = "/API/Customers/known"


@dataclass(frozen=True)
class Steered:
    """A running server, and the seconds that it would have waited."""

    server: Server
    waits: list[float] = field(default_factory=list)


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steered]:
    folder = tmp_path_factory.mktemp("steering") / "files"
    folder.mkdir()
    (folder / "all.yaml").write_text(ANSWERS, encoding="utf-8")
    waits: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Channel, "wait", lambda _, seconds: waits.append(seconds))
        with running(create_app(fixtures=folder)) as server:
            yield Steered(server, waits)


@pytest.fixture(scope="module")
def server(steered: Steered) -> Server:
    return steered.server


# What is read and sent


def test_answer_without_content_has_only_its_headers(client: FlaskClient) -> None:
    response = client.get("/Customers/not-found", headers={"Accept": "image/png"})

    assert (response.status, response.data) == ("404 Not Found", b"")
    assert response.headers.to_wsgi_list() == [
        *(("Cache-Control", "no-cache"), ("Pragma", "no-cache"), ("Expires", "-1"), ("Vary", "Prefer")),
        *(("X-Mock-Source", "answer not-found fixtures/answers.yaml:4"), ("Content-Length", "0")),
    ]


@pytest.mark.parametrize("authorization", ["Bearer x", "Basic Og==", "Digest", "", "נו"])
@pytest.mark.parametrize("target", ["/Customers/100200300", "/Customers/5", "/Customers/5?idType=x", "/nowhere"])
def test_authorization_is_ignored(client: FlaskClient, target: str, authorization: str) -> None:
    plain = client.get(target)

    response = client.get(target, environ_overrides={"HTTP_AUTHORIZATION": authorization})

    assert (response.status, response.data) == (plain.status, plain.data)
    assert response.headers.to_wsgi_list() == plain.headers.to_wsgi_list()


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"])
def test_any_other_method_is_405(client: FlaskClient, method: str) -> None:
    response = client.open("/API/Customers/1", method=method, data=b"ignored")

    body = f"""{{"Message":"The requested resource does not support http method '{method}'."}}""".encode()
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")
    assert response.data == (b"" if method == "HEAD" else body)
    assert response.headers["Content-Length"] == str(len(body))


# Preferences


@pytest.mark.parametrize(
    ("preference", "target", "status", "source"),
    [
        ("code=200", STRANGER, 200, "generated"),
        *((f"code={code}", KNOWN, code, f"code {code}") for code in (204, 205, 304, 400, 404, 405, 418, 500, 599)),
        ("example=found", STRANGER, 200, "example found"),
        ("example=serverError", STRANGER, 500, "example serverError"),
        ("example=teapot", STRANGER, 418, "answer teapot all.yaml:7"),
        ("dynamic=true", KNOWN, 200, "generated"),
        ("dynamic=false", STRANGER, 404, "no record"),
        ('seed="a b"', STRANGER, 200, "generated"),
        *((f"edge={name}", STRANGER, 200, f"edge {name}") for name in EDGES),
        *((each, KNOWN, 200, "record all.yaml:3") for each in ("delay=1.5", "delay=60", "fault=dribble")),
    ],
)
@pytest.mark.parametrize("way", ["header", "query"])
def test_preference_chooses_the_answer(
    steered: Steered, way: str, preference: str, target: str, status: int, source: str
) -> None:
    key, _, value = preference.partition("=")
    waited = len(steered.waits)
    twin = f"{target}?__{key}={quote(value.strip(chr(34)))}"

    got = ask(steered.server, target, {"Prefer": preference}) if way == "header" else ask(steered.server, twin)

    applied, vary = got.headers["Preference-Applied"], got.headers["Vary"]
    assert (got.status, got.headers["X-Mock-Source"].replace("files/", "")) == (status, source)
    assert (applied, vary, find_breaches(got)) == (preference, "Prefer", ())
    expected = {"delay": [float(value)] if key == "delay" else [], "fault": [3 / 19] * 19}
    assert steered.waits[waited:] == pytest.approx(expected.get(key, []))


def find_breaches(got: Got) -> tuple[object, ...]:
    """How an answer breaks the contract; an undeclared status has nothing to break."""
    reply = Reply(got.status, tuple(got.headers.items()), got.body)
    return find_reply_breaches(RESPONSES.get(got.status), reply, SCHEMAS)


@pytest.mark.parametrize("status", [204, 205, 304])
def test_status_without_a_body_leaves_the_connection_usable(server: Server, status: int) -> None:
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)) as connection:
        given = []
        for target in (f"{KNOWN}?__code={status}", KNOWN):
            connection.request("GET", target)
            response = connection.getresponse()
            given.append((response.status, response.read() != b""))

    assert given == [(status, False), (200, True)]


def test_several_lines_of_the_header_are_one(server: Server) -> None:
    with closing(connect(server)) as connection:
        lines = ("Prefer: respond-async", "PREFER: code=503", "prefer: code=404, seed=7")
        connection.sendall(write_request(KNOWN, *lines))
        response = HTTPResponse(connection)
        response.begin()

    assert (response.status, response.getheader("Preference-Applied")) == (503, "code=503")


@pytest.mark.parametrize(
    ("method", "target", "status", "body"),
    [
        ("GET", f"{KNOWN}?__code=600", 400, '{"Message":"__code is \'600\'. Write a status from 200 to 599."}'),
        ("GET", f"{KNOWN}?__edge=xyz", 400, '{"Message":"edge is \'xyz\', which does not exist. There are all-null, '),
        ("GET", "/nowhere?__code=503", 404, '{"Message":"No HTTP resource'),
        ("POST", f"{KNOWN}?__code=503", 405, '{"Message":"The requested resource'),
        ("GET", f"{KNOWN}?__code=503&idType=abc", 503, ""),
        ("GET", f"{KNOWN}?__seed=7&idType=abc", 400, '{"Message":"The request is invalid."'),
        ("GET", "/__mock/health?__code=503", 200, '{"ready":true'),
    ],
)
def test_order_of_decisions_holds(server: Server, method: str, target: str, status: int, body: str) -> None:
    got = ask(server, target, method=method)

    assert (got.status, got.body.decode()[: len(body)]) == (status, body)


# Sessions

WAYS: Mapping[str, tuple[str, Callable[[str], Mapping[str, str]]]] = {
    "header": ("", lambda name: {"X-Mock-Session": name}),
    "cookie": ("", lambda name: {"Cookie": f"theme=dark; mock-session={name}"}),
    "path": ("/__mock/s/{}", lambda name: {}),
}


@dataclass(frozen=True)
class Run:
    """A test run with a session of its own, which it names in one way."""

    server: Server
    way: str
    name: str
    meet: Callable[[], object] = lambda: None

    def manage(self, method: str, address: str, body: object = None) -> int:
        self.meet()
        return ask(self.server, f"/__mock/{address}", {"X-Mock-Session": self.name}, method, body).status

    def get(self, target: str = KNOWN) -> tuple[int, str]:
        self.meet()
        prefix, make_headers = WAYS[self.way]
        got = ask(self.server, f"{prefix.format(self.name)}{target}", make_headers(self.name))
        return got.status, got.body.decode()

    def play(self) -> list[object]:
        """What this run sees, step by step."""
        first = self.get()
        flow = {"sequence": [{"status": 409, "text": f"{self.name} {each}"} for each in "abc"], "cycle": True}
        own = {"name": "own", "operation": "getCustomer", "when": {"id": "known"}, "reply": flow}
        return [
            self.manage("POST", "answers", own),
            *(self.get() for _ in range(4)),
            *(self.get("/API/Customers/flow")[1] for _ in range(3)),
            self.manage("PUT", "defaults", {"code": 503, "seed": self.name}),
            self.get()[0],
            self.manage("PUT", "defaults", {}),
            self.get(),
            self.manage("DELETE", "answers/own"),
            self.get() == first,
            self.manage("POST", "reset"),
        ]

    def expect(self) -> list[object]:
        replies = [(409, f"{self.name} {each}") for each in "abca"]
        flow = ["step 000", "step 001", "step 002"]
        return [201, *replies, *flow, 200, 503, 200, (409, f"{self.name} b"), 204, True, 204]


def test_test_runs_on_one_server_stay_separate(server: Server) -> None:
    before = ask(server, KNOWN)
    names = {f"run-{way}-{number}": way for way in WAYS for number in range(2)}
    together = threading.Barrier(len(names), timeout=SECONDS)
    runs = [Run(server, way, name, together.wait) for name, way in names.items()]

    for _ in range(2):
        with ThreadPoolExecutor(len(runs)) as pool:
            assert list(pool.map(Run.play, runs)) == [run.expect() for run in runs]

    assert ask(server, KNOWN) == before
    assert set(names) <= {each["id"] for each in ask(server, "/__mock/sessions").read()["sessions"]}


def test_each_way_of_naming_finds_the_session(server: Server) -> None:
    answer = {"name": "a", "operation": "getCustomer", "reply": {"status": 409, "text": "seen"}}
    posted = Run(server, "header", "by-all").manage("POST", "answers", answer)

    assert (posted, [Run(server, way, "by-all").get() for way in WAYS]) == (201, [(409, "seen")] * 3)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (KNOWN, {"X-Mock-Session": "a b"}),
        (KNOWN, {"Cookie": "mock-session=a/b"}),
        (f"/__mock/s/a%20b{KNOWN}", {"X-Mock-Session": "good"}),
        ("/nowhere", {"X-Mock-Session": ""}),
    ],
)
def test_invalid_session_is_a_400(server: Server, target: str, headers: Mapping[str, str]) -> None:
    got = ask(server, target, headers)

    assert (got.status, got.headers["X-Mock-Source"]) == (400, "session")
    assert got.body.startswith(b'{"Message":"The session is ')


@pytest.mark.parametrize(
    "target", [KNOWN, "/Customers/known?idType=7", "/Customers/1?idType=abc", "/nowhere?__code=1", "/Customers/a%2Fb"]
)
def test_session_path_is_served_like_the_api(server: Server, target: str) -> None:
    assert ask(server, f"/__mock/s/like{target}") == ask(server, target)


def test_parallel_calls_get_each_step_once(server: Server) -> None:
    start = threading.Barrier(STEPS, timeout=SECONDS)
    headers = {"X-Mock-Session": "at-once"}

    bodies = run_at_once(STEPS, lambda: ask(server, "/API/Customers/flow", headers, barrier=start).body)

    assert sorted(bodies) == [f"step {number:03}".encode() for number in range(STEPS)]


# Anything at all

PLAIN = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
VALUES = st.sampled_from(
    [
        *("200", "204", "304", "400", "404", "405", "418", "500", "599", "600", "99", "4 04", ""),
        *("true", "false", "yes", "0", "1.5", "60", "61", "1e-3", "-1", "7", "dribble", "explode"),
        *("found", "sparse", "missing", "teapot", "flow", "idTypeBlank", "serverError", "nope", "all-null", "huge-map"),
        *("emoji", '"found"', '"a \\" b"', '"', "=", ";", "%", "\xe9"),
    ]
) | st.text(PLAIN, max_size=8)
NAMES = st.sampled_from([*KEYS, *(each.upper() for each in KEYS), "respond-async", "wait"]) | st.text(PLAIN, max_size=6)
ELEMENTS = st.builds(lambda *parts: "".join(parts), NAMES, st.sampled_from(["=", " = ", "", ";", "=="]), VALUES)
HEADERS = st.lists(ELEMENTS, max_size=5).map(", ".join) | st.text(PLAIN, max_size=40)
TWINS = st.lists(st.tuples(NAMES.map(lambda name: f"__{name}"), VALUES), max_size=3)
REST = st.sampled_from(["", "&idType=7", "&idType=abc", "&idType=", "&idTypeExtRef=x", "&a[=1", "&"])
IDS = st.sampled_from(["known", "stranger", "flow", "pot", "%20", "x" * 31, "a%25b"])
CUT = st.sampled_from([fault for fault in FAULTS if fault != "dribble"])


@repeatable
@given(HEADERS, TWINS, REST, IDS)
def test_no_500_comes_that_was_not_asked_for(
    steered: Steered, prefer: str, twins: list[tuple[str, str]], rest: str, name: str
) -> None:
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in twins)
    headers = {"Prefer": prefer.strip(" "), "X-Mock-Session": "fuzz"}

    got = ask(steered.server, f"/API/Customers/{name}?{query}{rest}", headers)

    asked_for = read_header(got.headers.get("Preference-Applied", ""))
    if got.status == 500:
        assert asked_for.get("code") == "500" or asked_for.get("example") == "serverError"
    assert "code" not in asked_for or asked_for["code"] == str(got.status)
    assert ("X-Mock-Breach" in got.headers, find_breaches(got)) == (False, ())


@repeatable
@given(HEADERS, CUT, IDS)
def test_cut_connections_leave_the_server_alone(steered: Steered, prefer: str, fault: str, name: str) -> None:
    with suppress(OSError, HTTPException):  # It is cut, unless it is a 400.
        ask(steered.server, f"/API/Customers/{name}?__fault={fault}", {"Prefer": prefer.strip(" ")})

    assert ask(steered.server, "/__mock/health").status == 200


# Sessions by the path


@pytest.mark.parametrize(
    ("prefix", "target"),
    [
        ("/__mock", "/__mock/s/A{}"),
        ("/__mock", "/%5F%5fmock/%73/%41{}"),
        ("/__mock", "http://stub.example/__mock/s/A{}"),
        ("/st~üb", "/st%7E%C3%BCb/s/A{}"),
        ("/st~üb", "/st~üb/s/A{}"),
    ],
)
def test_session_is_found_by_any_path_form(prefix: str, target: str) -> None:
    app = create_app(prefix=prefix)
    reply = {"name": "own", "operation": "getCustomer", "reply": {"status": 418}}
    added = app.test_client().post(f"{prefix}/answers", json=reply, headers={"X-Mock-Session": "A"})

    with running(app) as server:
        received = [send(server, write_request(path, "Connection: close")) for path in (target.format(KNOWN), KNOWN)]

    assert added.status_code == 201
    assert [each.split()[1] for each in received] == [b"418", b"200"]


# Delays


class Gates:
    """Stands in for the clock: a wait of so many seconds ends when its gate is opened."""

    def __init__(self, delays: list[str]) -> None:
        self.entered = threading.Semaphore(0)
        self.opened = {float(delay): threading.Event() for delay in delays}

    def __call__(self, seconds: float) -> None:
        self.entered.release()
        assert self.opened[seconds].wait(SECONDS)


def is_open(connection: socket.socket) -> bool:
    """Whether nothing has been answered yet."""
    connection.settimeout(0)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    finally:
        connection.settimeout(SECONDS)
    return False


def test_delayed_requests_block_neither_health_nor_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    delays = [f"1.{number:03}" for number in range(1, 101)]
    gates = Gates(delays)
    monkeypatch.setattr(Channel, "wait", lambda _, seconds: gates(seconds))

    with running(create_app()) as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(server))) for _ in delays]
        for connection, delay in zip(connections, delays, strict=True):
            connection.sendall(write_request(f"{KNOWN}?__delay={delay}"))
        are_delayed = [gates.entered.acquire(timeout=SECONDS) for _ in delays]
        others = [ask(server, target).status for target in ("/__mock/health", KNOWN, f"{KNOWN}?__code=503")]
        still_open = [is_open(connection) for connection in connections]
        answered = []
        # The last one first: none waits for one before it.
        while connections:
            gates.opened[float(delays.pop())].set()
            response = HTTPResponse(connections.pop())
            response.begin()
            answered.append((response.status, len(response.read()) > 0, all(map(is_open, connections))))

    assert (are_delayed, others) == ([True] * 100, [200, 200, 503])
    assert (still_open, answered) == ([True] * 100, [(200, True, True)] * 100)


@pytest.mark.parametrize("linger", [None, b"\0\0\0\0\0\0\0\0", b"\x01\0\0\0\0\0\0\0"], ids=["shut", "close", "reset"])
@pytest.mark.parametrize("effect", ["delay=60", "fault=dribble&__delay=30"])
def test_delay_ends_if_the_client_stops_sending(effect: str, linger: bytes | None) -> None:
    with running(create_app(), limits=Limits(threads=1)) as server, closing(connect(server)) as connection:
        connection.sendall(write_request(f"{KNOWN}?__{effect}") + write_request(f"{KNOWN}?__delay=59"))
        if linger is None:
            connection.shutdown(socket.SHUT_WR)
            received = hear(connection)
        else:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()
            received = b""

        assert ask(server, "/__mock/health").status == 200
        assert received.count(b"HTTP/1.1 200 OK") == (2 if linger is None else 0)


def test_server_without_a_wait_of_its_own_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("mockserver.web.app.sleep", waits.append)

    assert create_app().test_client().get(f"{KNOWN}?__delay=1.5").status_code == 200
    assert waits == [1.5]
