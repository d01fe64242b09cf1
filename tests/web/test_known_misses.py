"""What Schemathesis is known to miss, over a socket and byte for byte.

It missed a bad record at a known id, a crash on a literal `%`, raw duplicate keys, an id that is ignored, answers that
change, and a request's Accept header that is ignored.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import write_target
from mockserver.fixtures.records import Record
from mockserver.http.messages import Reply
from mockserver.schemas import SHIPPED, CustomerSchema
from mockserver.server.serving import Server
from mockserver.stub.loading import load_stub
from mockserver.web.app import create_app

STUB = load_stub()
OPERATION = STUB.contract.operations[0]
SCHEMAS = Schemas(SHIPPED)

JSON = "application/json; charset=utf-8"
TEXT_JSON = "text/json; charset=utf-8"

Ask = Callable[..., Reply]
"""Sends a raw target, by keyword a method and headers."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Speaks to a server of the shipped stub over a plain socket, so that no client mends a target on the way."""
    server = Server(create_app())
    thread = threading.Thread(target=server.run)
    thread.start()
    address = urlsplit(server.url)

    def ask_for(target: str, method: str = "GET", **headers: str) -> Reply:
        lines = [f"{method} {target} HTTP/1.1", f"Host: {address.netloc}", "Connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            with HTTPResponse(connection, method=method) as response:
                response.begin()
                return Reply(response.status, tuple(response.getheaders()), response.read())

    yield ask_for
    server.stop()
    thread.join()


# Every shipped fixture over the wire


def target_of(record: Record) -> str:
    """The target that asks for a record by everything that it gives of what selects it."""
    selectors = {selector.parameter: record.members.get(selector.member) for selector in OPERATION.selectors}
    return write_target(OPERATION, {name: each for name, each in selectors.items() if isinstance(each, str | int)})


@pytest.mark.parametrize("record", STUB.fixtures.records, ids=lambda record: record.source)
@pytest.mark.parametrize(("root", "accept"), [("/API", JSON), ("", TEXT_JSON)])
def test_shipped_record_is_what_comes_over_the_wire(ask: Ask, record: Record, root: str, accept: str) -> None:
    reply = ask(root + target_of(record), Accept=accept.partition(";")[0])

    body = json.loads(reply.body)
    assert (reply.status, reply.header("X-Mock-Source")) == (200, f"record {record.source}")
    assert (reply.header("Content-Type"), reply.header("Content-Length")) == (accept, str(len(reply.body)))
    assert SCHEMAS.find_body_breaches("Customer", reply.body.decode()) == ()
    assert list(body) == list(CustomerSchema().fields)
    assert {name: body[name] for name in record.members} == record.members


@pytest.mark.parametrize(("name", "status", "content_type"), [("not-found", 404, None), ("server-error", 500, JSON)])
def test_shipped_answer_is_what_comes_over_the_wire(ask: Ask, name: str, status: int, content_type: str | None) -> None:
    reply = ask(f"/API/Customers/{name}")

    body = b'{"Message":"An error has occurred."}' if status == 500 else b""
    assert (reply.status, reply.header("Content-Type"), reply.body) == (status, content_type, body)


@pytest.mark.parametrize("media_type", ["application/json", "text/json"])
@pytest.mark.parametrize("name", ["found", "sparse"])
def test_example_of_the_request_is_answered_with_the_example_of_the_response(
    ask: Ask, name: str, media_type: str
) -> None:
    client = create_app().test_client()
    document = client.get("/__mock/openapi.json").get_json()

    reply = ask(f"/API{write_target(OPERATION, OPERATION.examples[name])}", Accept=media_type)

    assert json.loads(reply.body) == document["components"]["examples"][name]["value"]


# Ids that are hard to carry


@pytest.mark.parametrize(
    ("segment", "personal_id"),
    [
        ("%", "%"),
        ("%%", "%%"),
        ("%25", "%"),
        ("%2525", "%25"),
        ("100%", "100%"),
        ("%zz", "%zz"),
        ("%u0041", "%u0041"),
        ("%4", "%4"),
        ("%00", "\0"),
        ("a%00b", "a\0b"),
        ("%FF", "%FF"),
        ("%C3%28", "%C3("),
        ("a%0D%0AX-Evil:%201", "a\r\nX-Evil: 1"),
        ("%7F%C2%85%E2%80%A8", "\x7f\x85\u2028"),
        ("%22%5C%22", '"\\"'),
        ("a+b", "a+b"),
        ("a%20b%20", "a b "),
        ("a;b=c", "a;b=c"),
        ("%3Fx%23y", "?x#y"),
        ("a%26idType=x", "a&idType=x"),
        ("%F0%9F%98%80", "😀"),
        ("e%CC%81", "e\u0301"),
        ("%E2%80%AE", "\u202e"),
        ("%EF%BB%BF1", "\ufeff1"),
        ("a.b", "a.b"),
        ("...", "..."),
        ("{id}", "{id}"),
        ("<script>", "<script>"),
    ],
)
def test_id_comes_back_as_it_was_meant(ask: Ask, segment: str, personal_id: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    assert (reply.status, json.loads(reply.body)["PersonalId"]) == (200, personal_id)
    assert SCHEMAS.find_body_breaches("Customer", reply.body.decode()) == ()


@pytest.mark.parametrize(
    ("segment", "shown"),
    [
        ("%2F", "Customers/%2F"),
        ("a%2Fb", "Customers/a%2Fb"),
        ("a%2Fb?x=%2F", "Customers/a%2Fb?x=%2F"),
        (".", "Customers/"),
        ("%2E%2E", ""),
    ],
)
def test_slash_in_an_id_divides_the_path(ask: Ask, segment: str, shown: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    message = json.loads(reply.body)["Message"]
    assert (reply.status, message.partition("/API/")[2]) == (404, f"{shown}'.")


@pytest.mark.parametrize("segment", ["%20", "%0A%0D%09", "%C2%A0%E3%80%80", "x" * 31, "%F0%9F%98%80" * 16])
def test_id_that_nobody_can_have_is_an_empty_404(ask: Ask, segment: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    assert (reply.status, reply.body, reply.header("Content-Type")) == (404, b"", None)


# Raw duplicate keys, an id that is ignored, a bad record at one id of many


def refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def test_no_answer_has_a_key_twice(ask: Ask) -> None:
    targets = [target_of(record) for record in STUB.fixtures.records]
    targets += [
        "/Customers/server-error",
        "/Customers/1?idType=x&=y",
        "/nowhere",
        *map("/Customers/{}".format, range(50)),
    ]

    bodies = [ask(target).body.decode() for target in targets]

    assert all(json.loads(body, object_pairs_hook=refuse_repeats) for body in bodies)


def test_every_id_is_its_own_person_and_keeps_the_contract(ask: Ask) -> None:
    ids = [str(number * 37) for number in range(400)]

    bodies = [ask(f"/API/Customers/{each}").body.decode() for each in ids]

    people = [json.loads(body) for body in bodies]
    assert [person.pop("PersonalId") for person in people] == ids
    assert len({json.dumps(person) for person in people}) == len(ids)
    assert [SCHEMAS.find_body_breaches("Customer", body) for body in bodies] == [()] * len(ids)


@pytest.mark.parametrize("target", ["/Customers/1", "/Customers/abc?idType=2", "/Customers/100200314", "/nowhere"])
def test_answer_does_not_change(ask: Ask, target: str) -> None:
    first = ask(target)

    others = [ask(each) for each in ("/Customers/2", target, "/Customers/abc", f"{target}", "/Customers/2")]

    assert [others[1], others[3]] == [first, first]
    assert others[0] == others[4]


# The Accept header


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("application/json", JSON),
        ("text/json", TEXT_JSON),
        ("text/*", TEXT_JSON),
        ("*/*", JSON),
        ("application/xml", JSON),
        ("application/json;q=0.1, text/json;q=0.2", TEXT_JSON),
        ("application/json;q=0", JSON),
        (",,", JSON),
        ("\xff", JSON),
    ],
)
@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "/Customers/100200300", 200),
        ("GET", "/Customers/5", 200),
        ("GET", "/Customers/5?idType=", 400),
        ("GET", "/nowhere", 404),
        ("PUT", "/Customers/5", 405),
        ("GET", "/Customers/server-error", 500),
    ],
)
def test_accept_changes_the_media_type_and_nothing_else(
    ask: Ask, method: str, target: str, status: int, accept: str, content_type: str
) -> None:
    plain = ask(target, method=method)

    reply = ask(target, method=method, Accept=accept)

    assert (reply.status, reply.header("Content-Type"), reply.body) == (status, content_type, plain.body)


def test_authorization_and_cookies_change_nothing(ask: Ask) -> None:
    plain = ask("/Customers/5")

    reply = ask("/Customers/5", Authorization="Bearer x", Cookie="a=b", If_None_Match="*", Range="bytes=0-1")

    assert reply == plain
