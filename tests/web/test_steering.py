"""Answers chosen per request and per session, through the server: headers, queries, sessions, many at once."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import quote, urlsplit

import pytest
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
from mockserver.server.serving import Server
from mockserver.stub.inputs import locate_contract
from tests.server.test_serving import SECONDS, connect, running

repeatable = settings(derandomize=True, database=None, deadline=None, max_examples=300)

RESPONSES = load_contract(locate_contract(None)[0]).operations[0].responses
SCHEMAS = Schemas(SHIPPED)
STEPS = 200


class Waits:
    """Stands in for the clock: notes how long answers are held back, and holds none."""

    def __init__(self) -> None:
        self.noted: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.noted.append(seconds)


@dataclass(frozen=True)
class Steered:
    """A running server, and what its answers waited for."""

    server: Server
    waits: Waits = field(default_factory=Waits)


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


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steered]:
    folder = tmp_path_factory.mktemp("steering") / "files"
    folder.mkdir()
    (folder / "all.yaml").write_text(ANSWERS, encoding="utf-8")
    waits = Waits()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mockserver.web.app.sleep", waits)
        app = create_app(fixtures=folder)
    with running(app) as server:
        yield Steered(server, waits)


@pytest.fixture(scope="module")
def server(steered: Steered) -> Server:
    return steered.server


@dataclass(frozen=True)
class Got:
    """An answer as a client has it."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def applied(self) -> str | None:
        return self.headers.get("Preference-Applied")

    def read(self) -> object:
        return json.loads(self.body)


def ask(
    server: Server, target: str, headers: Mapping[str, str] | None = None, method: str = "GET", body: object = None
) -> Got:
    sent = None if body is None else json.dumps(body)
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)) as connection:
        connection.request(method, target, body=sent, headers=dict(headers or {}))
        response = connection.getresponse()
        shown = {name: value for name, value in response.getheaders() if name != "Date"}
        return Got(response.status, shown, response.read())


# A row for each preference

STRANGER = "/API/Customers/stranger"
KNOWN = "/API/Customers/known"


@pytest.mark.parametrize(
    ("preference", "target", "status", "source"),
    [
        ("code=200", STRANGER, 200, "generated"),
        ("code=204", KNOWN, 204, "code 204"),
        ("code=205", KNOWN, 205, "code 205"),
        ("code=304", KNOWN, 304, "code 304"),
        ("code=400", KNOWN, 400, "code 400"),
        ("code=404", KNOWN, 404, "code 404"),
        ("code=405", KNOWN, 405, "code 405"),
        ("code=418", KNOWN, 418, "code 418"),
        ("code=500", KNOWN, 500, "code 500"),
        ("code=599", KNOWN, 599, "code 599"),
        ("example=found", STRANGER, 200, "example found"),
        ("example=serverError", STRANGER, 500, "example serverError"),
        ("example=teapot", STRANGER, 418, "answer teapot all.yaml:7"),
        ("dynamic=true", KNOWN, 200, "generated"),
        ("dynamic=false", STRANGER, 404, "no record"),
        ("seed=7", STRANGER, 200, "generated"),
        ('seed="a b"', STRANGER, 200, "generated"),
        *((f"edge={name}", STRANGER, 200, f"edge {name}") for name in EDGES),
        ("delay=1.5", KNOWN, 200, "record all.yaml:3"),
        ("delay=60", KNOWN, 200, "record all.yaml:3"),
        ("fault=dribble", KNOWN, 200, "record all.yaml:3"),
    ],
)
@pytest.mark.parametrize("way", ["header", "query"])
def test_preference_chooses_the_answer(
    steered: Steered, way: str, preference: str, target: str, status: int, source: str
) -> None:
    key, _, value = preference.partition("=")
    waited = len(steered.waits.noted)
    twin = f"{target}?__{key}={quote(value.strip(chr(34)))}"

    got = ask(steered.server, target, {"Prefer": preference}) if way == "header" else ask(steered.server, twin)

    shown = (got.status, got.applied, got.headers["Vary"], got.headers["X-Mock-Source"].replace("files/", ""))
    assert shown == (status, preference, "Prefer", source)
    assert find_breaches(got) == ()
    expected = {"delay": [float(value)] if key == "delay" else [], "fault": [3 / 19] * 19}
    assert steered.waits.noted[waited:] == pytest.approx(expected.get(key, []))


def find_breaches(got: Got) -> tuple[object, ...]:
    """How an answer breaks the contract; one with a status that is not declared has nothing to break."""
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


@pytest.mark.parametrize(
    ("fault", "sent"),
    [("empty", r"\Z"), ("close-mid-body", r"HTTP/1\.1 200 OK\r\n"), ("reset", None), ("dribble", r"HTTP/1\.1 200 OK")],
)
def test_fault_is_done_to_the_connection(server: Server, fault: str, sent: str | None) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(f"GET {KNOWN}?__fault={fault} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        try:
            received: bytes | None = b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionResetError:
            received = None

    if sent is None or received is None:
        assert (sent, received) == (None, None)
        return
    assert re.match(sent, received.decode())
    head, _, body = received.partition(b"\r\n\r\n")
    length = int((re.search(rb"Content-Length: (\d+)", head) or [b"", b"0"])[1])
    assert len(body) == (length // 2 if fault == "close-mid-body" else length)


def test_several_lines_of_the_header_are_one(server: Server) -> None:
    with closing(connect(server)) as connection:
        lines = "Prefer: respond-async\r\nPREFER: code=503\r\nprefer: code=404, seed=7\r\n"
        connection.sendall(f"GET {KNOWN} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        response = HTTPResponse(connection)
        response.begin()

    assert (response.status, response.getheader("Preference-Applied")) == (503, "code=503")


@pytest.mark.parametrize(
    ("preference", "message"),
    [
        ("code=600", "code is '600'. Write a status from 200 to 599."),
        ("dynamic=maybe", "dynamic is 'maybe'. Write true or false."),
        ("delay=60.5", "delay is '60.5'. Write seconds from 0 to 60."),
        ("fault=explode", f"fault is 'explode'. Write one of {', '.join(FAULTS)}."),
    ],
)
def test_value_that_makes_no_sense_is_a_400(server: Server, preference: str, message: str) -> None:
    by_header, by_query = ask(server, KNOWN, {"Prefer": preference}), ask(server, f"{KNOWN}?__{preference}")

    assert [(got.status, got.read()) for got in (by_header, by_query)] == [
        (400, {"Message": f"Prefer: {message}"}),
        (400, {"Message": f"__{message}"}),
    ]


@pytest.mark.parametrize(("key", "first"), [("edge", "all-null, empty-strings"), ("example", "found, sparse")])
def test_name_that_is_not_there_is_a_400_that_lists_what_there_is(server: Server, key: str, first: str) -> None:
    got = ask(server, f"{KNOWN}?__{key}=xyz")

    assert got.status == 400
    assert got.body.startswith(f'{{"Message":"{key} is \'xyz\', which is not there. There are {first}, '.encode())


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/nowhere?__code=503", 404),
        ("POST", f"{KNOWN}?__code=503", 405),
        ("GET", f"{KNOWN}?__code=503&idType=abc", 503),
        ("GET", f"{KNOWN}?__seed=7&idType=abc", 400),
        ("GET", "/__mock/health?__code=503", 200),
    ],
)
def test_order_of_decisions_holds(server: Server, method: str, target: str, status: int) -> None:
    assert ask(server, target, method=method).status == status


# Many at once


def ask_at_once(server: Server, count: int, target: str, headers: Mapping[str, str] | None = None) -> list[bytes]:
    """The bodies of so many calls, each over a connection of its own, which are sent together."""
    start = threading.Barrier(count, timeout=SECONDS)

    def wait_and_ask(_: int) -> bytes:
        with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=SECONDS)) as connection:
            connection.connect()
            start.wait()
            connection.request("GET", target, headers=dict(headers or {}))
            return connection.getresponse().read()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_ask, range(count)))


def test_two_hundred_calls_of_a_sequence_at_once_get_each_step_once(server: Server) -> None:
    bodies = ask_at_once(server, STEPS, "/API/Customers/flow", {"X-Mock-Session": "at-once"})

    assert sorted(bodies) == [f"step {number:03}".encode() for number in range(STEPS)]


def test_one_shots_are_given_once_each_to_calls_at_once(server: Server) -> None:
    headers = {"X-Mock-Session": "one-shots"}
    one_shots = [
        {"name": f"{number}", "operation": "getCustomer", "times": 1, "reply": {"status": 409, "text": f"{number}"}}
        for number in range(20)
    ]
    posted = ask(server, "/__mock/answers", headers, "POST", one_shots)

    bodies = ask_at_once(server, 60, KNOWN, headers)

    assert posted.status == 201
    assert sorted(bodies)[:20] == sorted(f"{number}".encode() for number in range(20))
    assert set(sorted(bodies)[20:]) == {ask(server, KNOWN).body}


# Test runs side by side

WAYS: Mapping[str, tuple[str, Callable[[str], Mapping[str, str]]]] = {
    "header": ("", lambda name: {"X-Mock-Session": name}),
    "cookie": ("", lambda name: {"Cookie": f"theme=dark; mock-session={name}"}),
    "path": ("/__mock/s/{}", lambda name: {}),
}


class Run:
    """A test run of its own: a session, and how it is named."""

    def __init__(self, server: Server, way: str, name: str, meet: Callable[[], object]) -> None:
        self.server = server
        self.name = name
        prefix, make_headers = WAYS[way]
        self.prefix = prefix.format(name)
        self.headers = make_headers(name)
        self.meet = meet

    def manage(self, method: str, address: str, body: object = None) -> int:
        self.meet()
        return ask(self.server, f"/__mock/{address}", {"X-Mock-Session": self.name}, method, body).status

    def get(self, target: str = KNOWN) -> tuple[int, str, str | None]:
        self.meet()
        got = ask(self.server, f"{self.prefix}{target}", self.headers)
        return got.status, got.body.decode(), got.applied

    def play(self) -> list[object]:
        """What this run sees, step by step, twice over."""
        first = self.get()
        seen: list[object] = []
        for number in range(2):
            flow = {"sequence": [{"status": 409, "text": f"{self.name} {each}"} for each in "abc"], "cycle": True}
            own = {"name": "own", "operation": "getCustomer", "when": {"id": "known"}, "reply": flow}
            seen.append(self.manage("POST", "answers", own))
            seen.append([self.get()[:2] for _ in range(4)])
            seen.append([self.get("/API/Customers/flow")[1] for _ in range(3)])
            seen.append(self.manage("PUT", "defaults", {"code": 503, "seed": self.name}))
            seen.append(self.get()[::2])
            seen.append(self.manage("PUT", "defaults", {}))
            seen.append(self.get()[:2])
            seen.append(self.manage("DELETE", "answers/own") if number else self.manage("POST", "reset"))
            seen.append(self.get() == first)
        return seen

    def expect(self) -> list[object]:
        steps: list[object] = [
            201,
            [(409, f"{self.name} {each}") for each in "abca"],
            ["step 000", "step 001", "step 002"],
            200,
            (503, "code=503"),
            200,
            (409, f"{self.name} b"),
            204,
            True,
        ]
        return steps * 2


def test_test_runs_on_one_server_never_see_each_other(server: Server) -> None:
    before = ask(server, KNOWN)
    names = {f"run-{way}-{number}": way for way in WAYS for number in range(2)}
    together = threading.Barrier(len(names), timeout=SECONDS)
    runs = [Run(server, way, name, together.wait) for name, way in names.items()]

    with ThreadPoolExecutor(len(runs)) as pool:
        seen = list(pool.map(Run.play, runs))

    assert seen == [run.expect() for run in runs]
    assert ask(server, KNOWN) == before
    listed = ask(server, "/__mock/sessions").read()
    assert isinstance(listed, dict)
    assert set(names) <= {each["id"] for each in listed["sessions"]}


@pytest.mark.parametrize("way", WAYS)
def test_session_is_seen_by_each_way_of_naming_it(server: Server, way: str) -> None:
    reply = {"status": 409, "text": way}
    posted = Run(server, "header", f"by-{way}", lambda: None).manage(
        "POST", "answers", {"name": "a", "operation": "getCustomer", "reply": reply}
    )

    statuses = [Run(server, each, f"by-{way}", lambda: None).get()[:2] for each in WAYS]

    assert (posted, statuses) == (201, [(409, way)] * 3)


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        (KNOWN, {"X-Mock-Session": "a b"}),
        (KNOWN, {"X-Mock-Session": "x" * 65}),
        (KNOWN, {"Cookie": "mock-session=a/b"}),
        (f"/__mock/s/a%20b{KNOWN}", {}),
        (f"/__mock/s/{KNOWN}", {}),
        ("/nowhere", {"X-Mock-Session": ""}),
    ],
)
def test_session_that_has_no_right_name_is_a_400(server: Server, target: str, headers: Mapping[str, str]) -> None:
    got = ask(server, target, headers)

    assert (got.status, got.headers["X-Mock-Source"]) == (400, "session")
    assert got.body.startswith(b'{"Message":"The session is ')


def test_path_of_a_session_is_served_like_the_api_itself(server: Server) -> None:
    targets = [KNOWN, "/Customers/known?idType=7", "/Customers/1?idType=abc", "/nowhere?__code=1", "/Customers/a%2Fb"]

    for target in targets:
        assert ask(server, f"/__mock/s/like{target}") == ask(server, target)


# Whatever is sent

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


@repeatable
@given(HEADERS, TWINS, REST, IDS)
def test_no_500_comes_that_was_not_asked_for(
    steered: Steered, prefer: str, twins: list[tuple[str, str]], rest: str, name: str
) -> None:
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in twins)
    headers = {"Prefer": prefer.strip(" "), "X-Mock-Session": "fuzz"}

    got = ask(steered.server, f"/API/Customers/{name}?{query}{rest}", headers)

    asked_for = read_header(got.applied or "")
    if got.status == 500:
        assert asked_for.get("code") == "500" or asked_for.get("example") == "serverError"
    assert "code" not in asked_for or asked_for["code"] == str(got.status)
    assert "X-Mock-Breach" not in got.headers
    assert find_breaches(got) == ()


CUT = st.sampled_from([fault for fault in FAULTS if fault != "dribble"])


@repeatable
@given(HEADERS, CUT, IDS)
def test_cut_connections_leave_the_server_alone(steered: Steered, prefer: str, fault: str, name: str) -> None:
    with suppress(OSError, HTTPException):  # It is cut, as it has to be, unless it is a 400.
        ask(steered.server, f"/API/Customers/{name}?__fault={fault}", {"Prefer": prefer.strip(" ")})

    assert ask(steered.server, "/__mock/health").status == 200


# Delays


class Gates:
    """Stands in for the clock: each wait of so many seconds ends when its gate is opened."""

    def __init__(self) -> None:
        self.entered = threading.Semaphore(0)
        self.opened: dict[float, threading.Event] = {}

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


def test_a_hundred_delayed_requests_block_neither_health_nor_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    gates = Gates()
    monkeypatch.setattr("mockserver.web.app.sleep", gates)
    delays = [f"1.{number:03}" for number in range(1, 101)]
    gates.opened = {float(delay): threading.Event() for delay in delays}

    with running(create_app()) as server, ExitStack() as stack:
        connections = [stack.enter_context(closing(connect(server))) for _ in delays]
        for connection, delay in zip(connections, delays, strict=True):
            connection.sendall(f"GET {KNOWN}?__delay={delay} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
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
    assert still_open == [True] * 100
    assert answered == [(200, True, True)] * 100
