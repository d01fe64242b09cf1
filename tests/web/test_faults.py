"""Delays and faults as fixtures and requests ask for them: on raw sockets, and where no connection can be cut."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from time import monotonic
from wsgiref.handlers import SimpleHandler

import pytest
from flask import Flask

from mockserver import create_app
from mockserver.commands.console import Console
from mockserver.http.effects import CUTS, DRIBBLE_SECONDS, FAULTS
from mockserver.http.messages import Exchange
from mockserver.server.serving import Server
from tests.server.test_connections import get, hear, send
from tests.server.test_serving import connect, read_body, running

IDS = ("r", *(f"r-{fault}" for fault in FAULTS))
RECORDS = "\n".join(f"- {{PersonalId: {each}, FirstName: Ada}}" for each in IDS)


def answer(name: str, reply: str, more: str = "") -> str:
    return f"- {{name: {name}, operation: getCustomer, when: {{id: {name}}}, reply: {{{reply}}}{more}}}\n"


ANSWERS = (
    *(answer(f"r-{fault}", f"fault: {fault}") for fault in CUTS),
    *(answer(f"own-{fault}", f"status: 418, text: abcdefghij, fault: {fault}") for fault in CUTS),
    *(answer(f"odd-{fault}", f"status: 418, text: abcdefghi, fault: {fault}") for fault in CUTS),
    *(answer(f"bare-{fault}", f"status: 418, fault: {fault}") for fault in CUTS),
    answer("r-dribble", "fault: {dribble: 0}"),
    answer("own-dribble", "status: 418, text: abcdefghij, fault: {dribble: 0}"),
    answer("bare-dribble", "status: 418, fault: {dribble: 0}"),
    answer("long-dribble", "status: 418, text: abcdefghij, fault: dribble"),
)


def write_fixtures(folder: Path, *answers: str) -> Path:
    path = folder / "a.yaml"
    path.write_text(f"schema: Customer\nrecords:\n{RECORDS}\nanswers: {'' if answers else '[]'}\n{''.join(answers)}")
    return path


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_fixtures(tmp_path_factory.mktemp("files"), *ANSWERS)


@pytest.fixture(scope="module")
def server(fixtures: Path) -> Iterator[Server]:
    with running(create_app(fixtures=fixtures)) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What applications that are made from now on would have waited for."""
    waits: list[float] = []
    monkeypatch.setattr("mockserver.web.app.sleep", waits.append)
    return waits


def describe(received: bytes) -> str:
    """What came: `reset`, `nothing`, or the status and how many bytes of how many."""
    head, _, body = received.partition(b"\r\n\r\n")
    if not body and head in (b"", b"reset"):
        return head.decode() or "nothing"
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    assert length
    return f"{head.split()[1].decode()}: {len(body)} of {length[1].decode()}"


def ask(server: Server, target: str, *fields: str) -> str:
    return describe(send(server, get(target, "Connection: close", *fields)))


@pytest.fixture(scope="module")
def length(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Bytes of the body of the record `r`."""
    fixtures = write_fixtures(tmp_path_factory.mktemp("files"))
    return len(create_app(fixtures=fixtures).test_client().get("/Customers/r").data)


# By fixtures


@pytest.mark.parametrize(
    ("target", "received"),
    [
        ("/Customers/r-reset", "reset"),
        ("/Customers/r-empty", "nothing"),
        ("/Customers/own-reset", "reset"),
        ("/Customers/own-empty", "nothing"),
        ("/Customers/own-close-mid-body", "418: 5 of 10"),
        ("/Customers/own-dribble", "418: 10 of 10"),
        ("/Customers/odd-close-mid-body", "418: 4 of 9"),
        ("/Customers/bare-reset", "reset"),
        ("/Customers/bare-empty", "nothing"),
        ("/Customers/bare-dribble", "418: 0 of 0"),
    ],
)
def test_fault_of_a_fixture_is_done(target: str, received: str, server: Server) -> None:
    assert ask(server, target) == received


def test_record_stops_half_way_and_announces_all_of_it(server: Server, tmp_path: Path) -> None:
    client = create_app(fixtures=write_fixtures(tmp_path)).test_client()
    whole = client.get("/Customers/r-close-mid-body").data

    head, _, body = send(server, get("/Customers/r-close-mid-body")).partition(b"\r\n\r\n")

    assert (head.split(b"\r\n")[0], body) == (b"HTTP/1.1 200 OK", whole[: len(whole) // 2])
    assert f"Content-Length: {len(whole)}".encode() in head.split(b"\r\n")


def test_dribble_of_a_record_is_all_of_it(server: Server, fixtures: Path) -> None:
    expected = create_app(fixtures=fixtures).test_client().get("/Customers/r-dribble")

    with closing(connect(server)) as connection:
        for _ in range(2):  # The connection is kept.
            connection.sendall(get("/Customers/r-dribble"))
            assert read_body(connection) == expected.data


def test_faults_come_in_a_sequence(length: int, tmp_path: Path) -> None:
    replies = (
        "{status: 418, text: abcdefghij}",
        "{fault: reset}",
        "{status: 418, text: abcdefghij, fault: close-mid-body}",
        "{fault: {dribble: 0}}",
        "{fault: empty}",
    )
    fixtures = write_fixtures(tmp_path, answer("r", f"sequence: [{', '.join(replies)}]"))

    with running(create_app(fixtures=fixtures)) as server:
        received = [ask(server, "/Customers/r") for _ in range(6)]

    whole = f"200: {length} of {length}"
    assert received == ["418: 10 of 10", "reset", "418: 5 of 10", whole, "nothing", "nothing"]


@pytest.mark.parametrize(("more", "times"), [(", times: 1", 1), (", times: 2", 2)])
@pytest.mark.parametrize("fault", CUTS)
def test_fault_is_done_so_many_times(fault: str, more: str, times: int, length: int, tmp_path: Path) -> None:
    fixtures = write_fixtures(tmp_path, answer("r", f"fault: {fault}", more))

    with running(create_app(fixtures=fixtures)) as server:
        received = [ask(server, "/Customers/r") for _ in range(4)]

    whole = f"200: {length} of {length}"
    assert received == [describe_cut(fault, length)] * times + [whole] * (4 - times)


def describe_cut(fault: str, length: int, status: int = 200) -> str:
    """What comes of an answer with so many bytes in its body."""
    half = f"{status}: {length // 2} of {length}"
    return {"reset": "reset", "empty": "nothing", "close-mid-body": half}[fault]


# By requests


@pytest.mark.parametrize("fault", CUTS)
def test_request_may_ask_for_a_fault(fault: str, length: int, server: Server) -> None:
    received = [
        ask(server, "/Customers/r", f"Prefer: fault={fault}"),
        ask(server, f"/Customers/r?__fault={fault}"),
        ask(server, f"/API/Customers/r?__fault={fault}", "Prefer: fault=dribble"),
        ask(server, "/Customers/own-dribble", f"Prefer: wait=3, FAULT={fault}"),
        ask(server, "/Customers/own-dribble?__example=own-reset", f"Prefer: fault={fault}"),
        ask(server, "/Customers/r"),
    ]

    cut, own = describe_cut(fault, length), describe_cut(fault, 10, 418)
    assert received == [cut, cut, cut, own, own, f"200: {length} of {length}"]


@pytest.mark.parametrize(
    ("target", "status"),
    [("/Customers/r?idType=x", 400), ("/Customers/r?__code=500", 500), ("/Customers/r?__code=400&idType=x", 400)],
)
@pytest.mark.parametrize("fault", CUTS)
def test_error_that_is_asked_for_may_be_cut(
    fault: str, target: str, status: int, server: Server, fixtures: Path
) -> None:
    whole = create_app(fixtures=fixtures).test_client().get(target)

    assert whole.status_code == status
    assert ask(server, f"{target}&__fault={fault}") == describe_cut(fault, len(whole.data), status)


@pytest.mark.parametrize("target", ["/nowhere?__fault=reset", "/__mock/health?__fault=reset", "/__mock/?__fault=reset"])
def test_fault_is_of_an_operation_only(target: str, server: Server) -> None:
    status, _, got, _, announced = ask(server, target, "Prefer: fault=empty").replace(":", " :").split()

    assert (status, got) == ("404" if "nowhere" in target else "200", announced)


def test_method_that_is_not_allowed_has_no_fault(server: Server) -> None:
    received = send(server, b"POST /Customers/r?__fault=reset HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert received.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")


@pytest.mark.parametrize("fault", CUTS)
def test_default_of_a_session_may_be_a_fault(fault: str, length: int, fixtures: Path) -> None:
    app = create_app(fixtures=fixtures)
    app.test_client().put("/__mock/defaults", json={"fault": fault}, headers={"X-Mock-Session": "me"})

    with running(app) as server:
        received = [
            ask(server, "/__mock/s/me/Customers/r"),
            ask(server, "/Customers/r", "X-Mock-Session: me"),
            ask(server, "/Customers/r"),
        ]

    cut = describe_cut(fault, length)
    assert received == [cut, cut, f"200: {length} of {length}"]


@pytest.mark.parametrize("target", ["/Customers/r?__fault=close-mid-body", "/Customers/r-close-mid-body"])
def test_half_an_answer_may_be_read_by_pages_of_other_origins(target: str, server: Server) -> None:
    head = send(server, get(target, "Origin: http://page.example")).partition(b"\r\n\r\n")[0].decode().split("\r\n")

    assert "Access-Control-Allow-Origin: http://page.example" in head
    is_preferred = "__fault" in target
    assert ("Preference-Applied: fault=close-mid-body" in head) == is_preferred
    assert f"Vary: {'Prefer, ' if is_preferred else ''}Origin" in head


@pytest.mark.parametrize("fault", CUTS)
def test_cut_is_the_same_for_pages_of_other_origins(fault: str, length: int, server: Server) -> None:
    target = f"/Customers/r?__fault={fault}"

    assert ask(server, target, "Origin: http://page.example") == describe_cut(fault, length)


@pytest.mark.parametrize("fault", CUTS)
def test_preflight_is_never_cut(fault: str, server: Server) -> None:
    fields = "Host: x\r\nConnection: close\r\nOrigin: http://page.example\r\nAccess-Control-Request-Method: GET"

    received = send(server, f"OPTIONS /Customers/r-{fault}?__fault={fault} HTTP/1.1\r\n{fields}\r\n\r\n".encode())

    assert received.startswith(b"HTTP/1.1 204 No Content\r\n")


# What cannot be done


TOO_SHORT = "The fault close-mid-body stops half-way through the body, and this one is too short. Use empty."


@pytest.mark.parametrize(
    "target",
    [
        "/Customers/bare-close-mid-body",
        "/Customers/r?__code=404&__fault=close-mid-body",
        "/Customers/r?__code=204&__fault=close-mid-body",
        "/Customers/r?__code=304&__fault=close-mid-body",
    ],
)
def test_answer_without_a_body_cannot_be_cut_half_way(target: str, server: Server) -> None:
    with closing(connect(server)) as connection:
        connection.sendall(get(target))
        assert json.loads(read_body(connection)) == {"Message": TOO_SHORT}
        connection.sendall(get(target, "Connection: close"))  # The connection was kept.
        head = hear(connection).partition(b"\r\n\r\n")[0]

    assert head.startswith(b"HTTP/1.1 501 Not Implemented\r\n")


def say_why(fault: str) -> str:
    return f"The fault {fault} cuts the connection, which this server cannot do. Use mockserver serve."


@pytest.mark.parametrize("target", ["/Customers/{0}", "/Customers/r?__fault={1}", "/Customers/r-dribble?__fault={1}"])
@pytest.mark.parametrize("name", ["r", "own", "bare"])
@pytest.mark.parametrize("fault", CUTS)
def test_nothing_is_cut_in_process(fault: str, name: str, target: str, fixtures: Path) -> None:
    client = create_app(fixtures=fixtures).test_client()

    response = client.get(target.format(f"{name}-{fault}", fault))

    assert (response.status, response.get_json()) == ("501 Not Implemented", {"Message": say_why(fault)})
    assert response.headers.get("Vary") == ("Prefer" if "__fault" in target else None)
    assert response.headers["X-Mock-Source"]


def test_dribble_and_delay_are_done_in_process(fixtures: Path, waits: list[float]) -> None:
    client = create_app(fixtures=fixtures).test_client()
    plain = client.get("/Customers/r")

    response = client.get("/Customers/r", headers={"Prefer": "fault=dribble, delay=1.5"})

    assert (response.status_code, response.data) == (200, plain.data)
    assert response.headers["Content-Length"] == plain.headers["Content-Length"]
    assert response.headers["Preference-Applied"] == "delay=1.5, fault=dribble"
    assert waits == [1.5, *[pytest.approx(DRIBBLE_SECONDS / 19)] * 19]


def serve_once(app: Flask, target: str) -> tuple[bytes, bytes]:
    """Status line and body of the answer under a server that knows WSGI and no more."""
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": "GET",
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8080",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
    }
    sent = io.BytesIO()
    handler = SimpleHandler(io.BytesIO(), sent, io.StringIO(), environ, multithread=False, multiprocess=False)
    handler.run(app)
    head, _, body = sent.getvalue().partition(b"\r\n\r\n")
    return head.partition(b"\r\n")[0], body


@pytest.mark.parametrize("target", ["/Customers/r-{}", "/Customers/own-{}", "/Customers/r?__fault={}"])
@pytest.mark.parametrize("fault", CUTS)
def test_nothing_is_cut_under_another_server(fault: str, target: str, fixtures: Path) -> None:
    line, body = serve_once(create_app(fixtures=fixtures), target.format(fault))

    assert (line, json.loads(body)) == (b"HTTP/1.0 501 Not Implemented", {"Message": say_why(fault)})


def test_dribble_and_delay_are_done_under_another_server(fixtures: Path, waits: list[float]) -> None:
    app = create_app(fixtures=fixtures)

    answers = [serve_once(app, target) for target in ("/Customers/long-dribble", "/Customers/own-dribble?__delay=2.5")]

    assert answers == [(b"HTTP/1.0 418 I'm a Teapot", b"abcdefghij")] * 2
    assert waits == [*[pytest.approx(DRIBBLE_SECONDS / 9)] * 9, 2.5, *[0.0] * 9]


# What the terminal shows


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/Customers/r", "200 record a.yaml:3"),
        ("/Customers/r?__delay=0", "200 record a.yaml:3"),
        ("/Customers/r?__fault=reset", "200 record a.yaml:3 with reset"),
        ("/Customers/r?__fault=empty", "200 record a.yaml:3 with empty"),
        ("/Customers/r?__fault=close-mid-body", "200 record a.yaml:3 with close-mid-body"),
        ("/Customers/r?__fault=dribble", "200 record a.yaml:3 with dribble"),
        ("/Customers/own-reset", "418 answer own-reset a.yaml:12 with reset"),
        ("/Customers/bare-close-mid-body", "501 answer bare-close-mid-body a.yaml:20 with close-mid-body"),
        ("/Customers/r?__code=404&__fault=reset", "404 code 404 with reset"),
        ("/Customers/r?idType=x&__fault=reset", "400 framework with reset"),
    ],
)
def test_line_on_the_terminal_names_the_fault(
    target: str, shown: str, fixtures: Path, waits: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    console = Console(lambda: datetime.fromisoformat("2026-11-23T17:00:05"))

    with running(create_app(fixtures=fixtures, observe=console.show_exchange)) as server:
        ask(server, target)

    assert re.sub(r"\d+\.\d ms", "MS", capsys.readouterr().out) == f"17:00:05 GET {target} {shown} MS\n"


# Delays


def test_fixed_delay_is_waited_for(tmp_path: Path, waits: list[float]) -> None:
    fixtures = write_fixtures(tmp_path, answer("r", "delay: 1.5"), answer("own", "status: 418, delay: 2"))
    client = create_app(fixtures=fixtures).test_client()

    statuses = [client.get(f"/Customers/{name}").status_code for name in ("r", "own", "r-empty", "r")]

    assert (statuses, waits) == ([200, 418, 200, 200], [1.5, 2.0, 1.5])


def draw(
    fixtures: Path, waits: list[float], calls: int = 50, target: str = "/Customers/r", **settings: str
) -> list[float]:
    """What a new application waits for, call by call."""
    client = create_app(fixtures=fixtures, **settings).test_client()  # type: ignore[arg-type]  # they are texts
    before = len(waits)
    for _ in range(calls):
        client.get(target)
    return waits[before:]


def test_drawn_delay_is_within_its_bounds_and_differs_from_call_to_call(tmp_path: Path, waits: list[float]) -> None:
    fixtures = write_fixtures(tmp_path, answer("r", "delay: {uniform: [0.5, 2]}"))

    drawn = draw(fixtures, waits, 200)

    assert (len(drawn), len({*drawn})) == (200, 200)
    assert (min(drawn) >= 0.5, max(drawn) <= 2) == (True, True)
    # Of 200 numbers none is in the lowest or the highest tenth once in 10 ** 9 times; and these never change.
    assert (min(drawn) < 0.65, max(drawn) > 1.85) == (True, True)


def test_drawn_delay_depends_on_seed_session_and_answer_alone(tmp_path: Path, waits: list[float]) -> None:
    drawn = "delay: {uniform: [0, 60]}"
    fixtures = write_fixtures(tmp_path, answer("r", drawn), answer("own", f"status: 418, {drawn}"))

    first = draw(fixtures, waits)
    others = [
        draw(fixtures, waits, seed="1"),
        draw(fixtures, waits, target="/__mock/s/me/Customers/r"),
        draw(fixtures, waits, target="/__mock/s/other/Customers/r"),
        draw(fixtures, waits, target="/Customers/own"),
        draw(fixtures, waits, target="/Customers/r?__seed=2"),
    ]

    assert draw(fixtures, waits) == first
    assert draw(fixtures, waits, target="/API/Customers/r?other=1") == first
    assert draw(fixtures, waits, target="/Customers/r?__seed=0") == first
    assert draw(fixtures, waits, target="/__mock/s/me/Customers/r") == others[1]
    assert len({*first, *(each for other in others for each in other)}) == 300


def test_reset_of_a_session_draws_the_same_again(tmp_path: Path, waits: list[float]) -> None:
    client = create_app(fixtures=write_fixtures(tmp_path, answer("r", "delay: {uniform: [0, 60]}"))).test_client()

    for _ in range(2):
        for _ in range(3):
            client.get("/Customers/r")
        client.post("/__mock/reset")

    assert waits[:3] == waits[3:]
    assert len({*waits}) == 3


def test_delays_come_in_a_sequence(tmp_path: Path, waits: list[float]) -> None:
    fixtures = write_fixtures(tmp_path, answer("r", "sequence: [{delay: 1}, {status: 503}, {delay: 3}]"))
    client = create_app(fixtures=fixtures).test_client()

    statuses = [client.get("/Customers/r").status_code for _ in range(4)]

    assert (statuses, waits) == ([200, 503, 200, 200], [1.0, 3.0, 3.0])


@pytest.mark.parametrize(
    ("target", "prefer", "waited"),
    [
        ("/Customers/slow", "delay=2", [2.0]),
        ("/Customers/slow?__delay=3", "delay=2", [3.0]),
        ("/Customers/slow?__delay=0", "", []),
        ("/Customers/slow", "delay=0", []),
        ("/Customers/slow", "fault=dribble", [1.5]),
        ("/Customers/drawn?__delay=2", "", [2.0]),
        ("/Customers/slow", "delay=60", [60.0]),
        ("/Customers/slow?__example=slow", "", [1.5]),
        ("/Customers/r?__delay=0.000000001", "", [1e-9]),
    ],
)
def test_delay_of_the_request_comes_before_that_of_the_fixture(
    target: str, prefer: str, waited: list[float], tmp_path: Path, waits: list[float]
) -> None:
    slow = answer("slow", "status: 418, delay: 1.5")
    drawn = answer("drawn", "status: 418, delay: {uniform: [10, 20]}")
    client = create_app(fixtures=write_fixtures(tmp_path, slow, drawn)).test_client()

    client.get(target, headers={"Prefer": prefer})

    assert waits == waited


@pytest.mark.parametrize(
    ("target", "status", "waited"),
    [
        ("/Customers/r?__delay=2&idType=x", 400, [2.0]),
        ("/Customers/r?__delay=2&idType=", 400, [2.0]),
        ("/Customers/r?__delay=2&__code=404", 404, [2.0]),
        ("/Customers/r?__delay=2&__code=599", 599, [2.0]),
        ("/Customers/r?__delay=2&__code=304", 304, [2.0]),
        ("/Customers/gone", 404, [3.0]),
        ("/Customers/failed", 500, [4.0]),
        ("/Customers/broken", 500, [5.0]),
        ("/Customers/own?__delay=2&__fault=reset", 501, [2.0]),
        # These come before all preferences, or are about them.
        ("/nowhere?__delay=2", 404, []),
        ("/Customers/r?__delay=2&__code=1", 400, []),
        ("/Customers/r?__delay=2&__edge=none", 400, []),
        ("/__mock/health?__delay=2", 200, []),
    ],
)
def test_error_may_be_late(target: str, status: int, waited: list[float], tmp_path: Path, waits: list[float]) -> None:
    gone, failed = answer("gone", "status: 404, delay: 3"), answer("failed", "status: 500, delay: 4")
    broken = answer("broken", "headers: {Content-Type: a/b}, delay: 5")
    client = create_app(fixtures=write_fixtures(tmp_path, gone, failed, broken)).test_client()

    response = client.get(target)

    assert (response.status_code, waits) == (status, waited)


@pytest.mark.parametrize("fault", CUTS)
def test_cut_comes_after_the_delay(fault: str, length: int, tmp_path: Path, waits: list[float]) -> None:
    fixtures = write_fixtures(tmp_path, answer("r", f"fault: {fault}, delay: 1.5"))

    with running(create_app(fixtures=fixtures)) as server:
        received = [ask(server, "/Customers/r"), ask(server, f"/Customers/r-dribble?__fault={fault}&__delay=2")]

    assert received[0] == describe_cut(fault, length)
    assert received[1].startswith(received[0].split()[0])
    assert waits == [1.5, 2.0]


@pytest.mark.parametrize("target", ["/Customers/r?__delay=0.2", "/Customers/slow", "/Customers/dribbled"])
def test_delay_and_dribble_take_their_time(target: str, tmp_path: Path) -> None:
    dribbled = answer("dribbled", "status: 418, text: abcdefghij, fault: {dribble: 0.2}")
    fixtures = write_fixtures(tmp_path, answer("slow", "status: 418, delay: 0.2"), dribbled)
    seconds = []

    with running(create_app(fixtures=fixtures)) as server:
        began = monotonic()
        ask(server, target)
        seconds.append(monotonic() - began)

    assert seconds[0] >= 0.2


def test_observer_is_told_once_the_delay_is_over(tmp_path: Path) -> None:
    told: list[float] = []

    def observe(_: Exchange, seconds: float) -> None:
        told.append(seconds)

    client = create_app(fixtures=write_fixtures(tmp_path), observe=observe).test_client()

    client.get("/Customers/r?__delay=0.2")

    assert [seconds >= 0.2 for seconds in told] == [True]
