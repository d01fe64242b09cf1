"""Delays and faults: what stands in their way, and what clients of each kind of server receive."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from wsgiref.handlers import SimpleHandler

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mockserver import create_app
from mockserver.http.effects import CUTS, DRIBBLE_SECONDS, FAULTS, LONGEST_DELAY, Cut
from mockserver.http.headers import Headers
from mockserver.http.messages import Exchange, Reply
from mockserver.server.channel import Channel
from mockserver.server.serving import Server
from mockserver.web.delivery import dribble, find_obstacle
from tests.support.serving import running, send, write_request
from tests.support.wsgi import make_environ

BODY = bytes(range(256)) * 4
JSON = ("Content-Type", "application/json; charset=utf-8")
TOO_SHORT = "The fault close-mid-body stops half-way through the body, and this one is too short. Use empty."
CANNOT_CUT = "The fault {} cuts the connection, which this server cannot do. Use mockserver serve --server waitress."

# Dribbles


def list_events(body: bytes, seconds: float) -> list[bytes | float]:
    """The pieces of a dribble and the waits between them, in their order."""
    events: list[bytes | float] = []
    for piece in dribble(body, seconds, events.append):
        events += [piece]
    return events


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"ab", [b"a", 6, b"b"]),
        (b"abc", [b"a", 3, b"b", 3, b"c"]),
        (b"abcd", [b"a", 2, b"b", 2, b"c", 2, b"d"]),
    ],
)
def test_short_body_dribbles_by_the_byte(body: bytes, events: list[bytes | float]) -> None:
    assert list_events(body, 6) == events


@pytest.mark.parametrize("length", [*range(2, 60), 437, len(BODY)])
@pytest.mark.parametrize("seconds", [0.0, 3.0, LONGEST_DELAY])
def test_dribble_is_even_and_ends_in_time(seconds: float, length: int) -> None:
    events = list_events(BODY[:length], seconds)

    pieces = [each for each in events[0::2] if isinstance(each, bytes)]
    waits = [each for each in events[1::2] if isinstance(each, float)]
    sizes = {len(each) for each in pieces}
    assert b"".join(pieces) == BODY[:length]
    assert (len(pieces), max(sizes) - min(sizes) <= 1) == (min(20, length), True)
    assert waits == pytest.approx([seconds / (len(pieces) - 1)] * (len(pieces) - 1))


def test_dribble_waits_only_when_it_is_read() -> None:
    waits: list[float] = []
    pieces = dribble(BODY, 19, waits.append)

    assert (next(pieces), [*waits], next(pieces), waits) == (BODY[:51], [], BODY[51:102], [1.0])


# Obstacles


def cut_nothing(name: str) -> None:
    raise AssertionError(f"{name} is only asked about")


@pytest.mark.parametrize(
    ("fault", "body", "cut", "message"),
    [
        *((fault, b"ab", cut_nothing, None) for fault in (None, *FAULTS)),
        *((fault, b"", None, None) for fault in (None, "dribble")),
        *((fault, body, None, CANNOT_CUT.format(fault)) for fault in CUTS for body in (b"", b"ab")),
        *(("close-mid-body", body, cut_nothing, TOO_SHORT) for body in (b"", b"a")),
    ],
)
def test_obstacle_is_a_501_that_says_why(fault: str | None, body: bytes, cut: Cut | None, message: str | None) -> None:
    kept: Headers = (("Vary", "Accept, Prefer"), ("X-Mock-Source", "answer a"), ("X-Mock-Hint", "Write code."))
    left: Headers = (("Content-Type", "text/plain"), ("Preference-Applied", "fault=empty"), ("Set-Cookie", "a=b"))

    found = find_obstacle(fault, Reply(404, left + kept, body), cut)

    expected = Reply(501, (JSON, *kept), f'{{"Message":"{message}"}}'.encode())
    assert found == (None if message is None else expected)


# Through the application


def answer(name: str, reply: str, more: str = "") -> str:
    return f"- {{name: {name}, operation: getCustomer, when: {{id: {name}}}, reply: {{{reply}}}{more}}}\n"


HALF_OF_FOUR = "{status: 418, text: abcd, fault: close-mid-body}"
ANSWERS = (
    *(answer(f"r-{cut}", f"fault: {cut}") for cut in CUTS),
    *(answer(f"own-{cut}", f"status: 418, text: abcdefghij, fault: {cut}") for cut in CUTS),
    *(answer(f"odd-{cut}", f"status: 418, text: abcdefghi, fault: {cut}") for cut in CUTS),
    *(answer(f"bare-{cut}", f"status: 418, fault: {cut}") for cut in CUTS),
    answer("r-dribble", "fault: {dribble: 0}"),
    answer("own-dribble", "status: 418, text: abcdefghij, fault: {dribble: 0}"),
    answer("odd-dribble", "status: 418, text: abcdefghi, fault: {dribble: 0}"),
    answer("bare-dribble", "status: 418, fault: {dribble: 0}"),
    answer("long-dribble", "status: 418, text: abcdefghij, fault: dribble"),
    answer("slow", "status: 418, delay: 1.5"),
    answer("drawn", "status: 418, delay: {uniform: [10, 20]}"),
    answer("gone", "status: 404, delay: 3"),
    answer("broken", "headers: {Content-Type: a/b}, delay: 5"),
    answer("turns", f"sequence: [{{fault: reset, delay: 1}}, {HALF_OF_FOUR}, {{fault: empty, delay: 3}}]"),
    answer("once", "status: 418, fault: reset", ", times: 1"),
)


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = "".join(f"- {{PersonalId: {each}}}\n" for each in ("r", "turns", "once", *(f"r-{cut}" for cut in CUTS)))
    path = tmp_path_factory.mktemp("files") / "a.yaml"
    path.write_text(f"schema: Customer\nrecords:\n{records}answers:\n{''.join(ANSWERS)}")
    return path


@pytest.fixture(scope="module")
def stub(fixtures: Path) -> FlaskClient:
    return create_app(fixtures=fixtures).test_client()


@pytest.fixture(scope="module")
def server(stub: FlaskClient) -> Iterator[Server]:
    """The stub behind a socket; its session `cut` has a fault by default."""
    stub.put("/__mock/defaults", json={"fault": "close-mid-body"}, headers={"X-Mock-Session": "cut"})
    with running(stub.application) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What applications that are created from now on, and connections, would have waited for."""
    waits: list[float] = []
    monkeypatch.setattr("mockserver.web.app.sleep", waits.append)
    monkeypatch.setattr(Channel, "wait", lambda _, seconds: waits.append(seconds))
    return waits


def describe(received: bytes) -> str:
    """What came: `reset`, `nothing`, or the status, the length that was announced, and the body."""
    head, _, body = received.partition(b"\r\n\r\n")
    if not body and head in (b"", b"reset"):
        return head.decode() or "nothing"
    lengths = [line.split()[1].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return " ".join((head.split()[1].decode(), *lengths, body.decode()))


def ask(server: Server, target: str, *fields: str, method: str = "GET") -> str:
    return describe(send(server, write_request(target, "Connection: close", *fields, method=method)))


def whole(client: FlaskClient, target: str) -> str:
    response = client.get(target)
    return f"{response.status_code} {len(response.data)} {response.data.decode()}"


def cut(answer: str, fault: str) -> str:
    """What is left of a whole answer."""
    status, length, body = answer.split(" ", 2)
    return {"reset": "reset", "empty": "nothing"}.get(fault, f"{status} {length} {body[: int(length) // 2]}")


ORIGIN = "Origin: http://page.example"


@pytest.mark.parametrize(
    ("target", "field", "uncut"),
    [
        ("/Customers/own-{}", "A: b", "/Customers/own-dribble"),
        ("/Customers/odd-{}", "A: b", "/Customers/odd-dribble"),
        ("/Customers/r?__fault={}", "A: b", "/Customers/r"),
        ("/Customers/r", "Prefer: fault={}", "/Customers/r"),
        ("/API/Customers/r?__fault={}", "Prefer: fault=dribble", "/Customers/r"),
        ("/Customers/own-dribble", "Prefer: wait=3, FAULT={}", "/Customers/own-dribble"),
        ("/Customers/own-dribble?__example=odd-dribble", "Prefer: fault={}", "/Customers/odd-dribble"),
        ("/Customers/r?idType=x&__fault={}", "A: b", "/Customers/r?idType=x"),
        ("/Customers/r?__code=500&__fault={}", "A: b", "/Customers/r?__code=500"),
        ("/Customers/r?__code=400&idType=x&__fault={}", "A: b", "/Customers/r?__code=400&idType=x"),
        ("/Customers/r?__fault={}", ORIGIN, "/Customers/r"),
    ],
)
@pytest.mark.parametrize("fault", CUTS)
def test_answer_is_cut_as_fixture_or_request_ask(
    fault: str, target: str, field: str, uncut: str, server: Server, stub: FlaskClient
) -> None:
    received = ask(server, target.format(fault), field.format(fault))

    assert received == cut(whole(stub, uncut), fault)


@pytest.mark.parametrize(
    ("target", "method", "field", "received"),
    [
        ("/Customers/r-reset", "GET", "A: b", "reset"),
        ("/Customers/bare-reset", "GET", "A: b", "reset"),
        ("/Customers/bare-empty", "GET", "A: b", "nothing"),
        ("/Customers/bare-dribble", "GET", "A: b", "418 0 "),
        ("/Customers/own-dribble", "GET", "A: b", "418 10 abcdefghij"),
        ("/__mock/s/cut/Customers/own-dribble?__fault=empty", "GET", "A: b", "nothing"),
        ("/__mock/s/cut/Customers/r?__example=own-dribble", "GET", "A: b", "418 10 abcde"),
        ("/Customers/r?__example=own-dribble", "GET", "X-Mock-Session: cut", "418 10 abcde"),
        ("/nowhere?__fault=reset", "GET", "Prefer: fault=empty", "404"),
        ("/__mock/health?__fault=reset", "GET", "Prefer: fault=empty", "200"),
        ("/Customers/r?__fault=reset", "POST", "A: b", "405"),
        ("/Customers/r-reset?__fault=reset", "OPTIONS", f"{ORIGIN}\r\nAccess-Control-Request-Method: GET", "204"),
    ],
)
def test_fault_is_of_an_operation_only(target: str, method: str, field: str, received: str, server: Server) -> None:
    came = ask(server, target, field, method=method)

    assert came == received or (len(received) == 3 and came.split()[0] == received)


def test_faults_and_delays_follow_sequence_and_times(fixtures: Path, waits: list[float]) -> None:
    app = create_app(fixtures=fixtures)
    names = ("turns", "turns", "turns", "turns", "once", "once", "slow?__example=odd-dribble&__fault=empty&__delay=2")

    with running(app) as server:
        received = [ask(server, f"/Customers/{name}") for name in names]

    once = whole(app.test_client(), "/Customers/once")
    assert received == ["reset", "418 4 ab", "nothing", "nothing", "reset", once, "nothing"]
    assert waits == [1.0, 3.0, 3.0, 2.0]


def test_dribble_keeps_the_connection(server: Server) -> None:
    target = write_request("/Customers/own-dribble")

    assert send(server, target * 2 + write_request("/Customers/own-empty")).count(b"\r\n\r\nabcdefghij") == 2


def test_half_an_answer_keeps_its_headers(server: Server) -> None:
    received = send(server, write_request("/Customers/r?__fault=close-mid-body", ORIGIN))

    head = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    added = {f"Access-Control-Allow-{ORIGIN}", "Preference-Applied: fault=close-mid-body", "Vary: Prefer, Origin"}
    assert added <= {*head}


# What cannot be done


@pytest.mark.parametrize(
    "target", ["bare-close-mid-body", *(f"r?__code={code}&__fault=close-mid-body" for code in (204, 304, 404))]
)
def test_answer_too_short_to_cut_keeps_the_connection(target: str, server: Server) -> None:
    received = send(server, write_request(f"/Customers/{target}"), write_request("/Customers/r?__fault=empty"))

    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 501 Not Implemented\r\n")
    assert json.loads(body) == {"Message": TOO_SHORT}


def serve_once(app: Flask, target: str) -> tuple[bytes, bytes]:
    """Status line and body of the answer under a server that knows WSGI and no more."""
    path, _, query = target.partition("?")
    sent = io.BytesIO()
    environ = make_environ(PATH_INFO=path, QUERY_STRING=query)
    SimpleHandler(io.BytesIO(), sent, io.StringIO(), environ, multithread=False, multiprocess=False).run(app)
    head, _, body = sent.getvalue().partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body


@pytest.mark.parametrize(
    "target", ["/Customers/own-{}", "/Customers/r?__fault={}", "/Customers/own-dribble?__fault={}"]
)
@pytest.mark.parametrize("fault", CUTS)
def test_cutting_fault_needs_the_stubs_own_server(fault: str, target: str, stub: FlaskClient) -> None:
    message = {"Message": CANNOT_CUT.format(fault)}

    response = stub.get(target.format(fault))
    line, body = serve_once(stub.application, target.format(fault))

    assert (response.status, response.get_json()) == ("501 Not Implemented", message)
    assert response.headers.get("Vary") == "Prefer"
    assert (line, json.loads(body)) == (b"HTTP/1.0 501 Not Implemented", message)


def test_any_server_can_delay_and_dribble(fixtures: Path, waits: list[float]) -> None:
    app = create_app(fixtures=fixtures)

    response = app.test_client().get("/Customers/long-dribble", headers={"Prefer": "delay=1.5"})
    body = response.data
    served = serve_once(app, "/Customers/long-dribble?__delay=2.5")

    assert (response.status_code, body, response.headers["Content-Length"]) == (418, b"abcdefghij", "10")
    assert served == (b"HTTP/1.0 418 I'm a Teapot", b"abcdefghij")
    pauses = [pytest.approx(DRIBBLE_SECONDS / 9)] * 9
    assert waits == [1.5, *pauses, 2.5, *pauses]


# Delays


@pytest.mark.parametrize(
    ("target", "prefer", "status", "waited"),
    [
        ("slow", "", 418, [1.5]),
        ("slow", "delay=2", 418, [2.0]),
        ("slow?__delay=3", "delay=2", 418, [3.0]),
        ("slow?__delay=0", "", 418, []),
        ("slow", "delay=0", 418, []),
        ("slow", "fault=dribble", 418, [1.5]),
        ("slow", "delay=60", 418, [60.0]),
        ("r?__example=slow", "", 418, [1.5]),
        ("drawn?__delay=2", "", 418, [2.0]),
        ("r?__delay=0.000000001", "", 200, [1e-9]),
        ("r?__delay=2&idType=x", "", 400, [2.0]),
        ("r?__delay=2&idType=", "", 400, [2.0]),
        *((f"r?__delay=2&__code={code}", "", code, [2.0]) for code in (404, 599, 304)),
        ("gone", "", 404, [3.0]),
        ("broken", "", 500, [5.0]),
        ("own-dribble?__delay=2&__fault=reset", "", 501, [2.0]),
        # These come before all preferences, or are about them.
        ("/nowhere?__delay=2", "", 404, []),
        ("r?__delay=2&__code=1", "", 400, []),
        ("r?__delay=2&__edge=none", "", 400, []),
        ("/__mock/health?__delay=2", "", 200, []),
    ],
)
def test_answer_is_delayed(
    target: str, prefer: str, status: int, waited: list[float], fixtures: Path, waits: list[float]
) -> None:
    path = target if target.startswith("/") else f"/Customers/{target}"

    response = create_app(fixtures=fixtures).test_client().get(path, headers={"Prefer": prefer})

    assert (response.status_code, waits) == (status, waited)


# What observers are told


@pytest.mark.parametrize(
    ("target", "status", "source", "fault"),
    [
        ("r?__delay=0", 200, "record a.yaml:3", None),
        ("r?__fault=reset", 200, "record a.yaml:3", "reset"),
        ("r?__fault=dribble&__delay=0", 200, "record a.yaml:3", "dribble"),
        ("own-empty", 418, "answer own-empty a.yaml:14", "empty"),
        ("bare-close-mid-body", 501, "answer bare-close-mid-body a.yaml:21", "close-mid-body"),
        ("r?__code=404&__fault=reset", 404, "code 404", "reset"),
        ("r?idType=x&__fault=reset", 400, "framework", "reset"),
    ],
)
def test_exchange_names_the_fault(
    target: str, status: int, source: str, fault: str | None, fixtures: Path, waits: list[float]
) -> None:
    told: list[tuple[int, str, str | None]] = []

    def observe(exchange: Exchange) -> None:
        told.append((exchange.reply.status, str(exchange.source), exchange.fault))

    with running(create_app(fixtures=fixtures, observe=observe)) as server:
        ask(server, f"/Customers/{target}")

    assert told == [(status, source, fault)]


def test_delay_and_dribble_take_their_time(fixtures: Path) -> None:
    told: list[float] = []
    client = create_app(fixtures=fixtures, observe=lambda exchange: told.append(exchange.seconds)).test_client()

    began = monotonic()
    body = client.get("/Customers/r?__delay=0.2").data
    between = monotonic()
    client.get("/__mock/s/a/Customers/own-dribble?__delay=0").get_data()

    assert between - began >= 0.2
    assert told[0] >= 0.2
    assert body
