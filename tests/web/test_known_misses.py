"""What Schemathesis is known to miss, over a socket and byte for byte.

It missed a bad record at a known id, a crash on a literal `%`, raw duplicate keys, an id that is ignored, answers that
change, and a request's Accept header that is ignored.
"""

import json
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import pytest

from mockserver.checks.judging import Schemas
from mockserver.contract.contract import write_target
from mockserver.fixtures.links import link_record
from mockserver.fixtures.records import Record
from mockserver.http.messages import Reply
from mockserver.schemas import SHIPPED, CustomerSchema
from mockserver.web.app import create_app
from tests.support.serving import running, send, write_request
from tests.support.stubs import load_stub

STUB = load_stub()
OPERATION = STUB.contract.operations[0]
RECORDS = STUB.fixtures.records
SCHEMAS = Schemas(SHIPPED)
JSON = "application/json; charset=utf-8"
TEXT_JSON = "text/json; charset=utf-8"
ERROR = b'{"Message":"An error has occurred."}'

Ask = Callable[..., Reply]
"""Sends a raw target and header lines, by keyword a method."""


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Speaks to a server of the shipped stub over a plain socket, so that no client mends a target on the way."""
    with running(create_app()) as server:

        def ask_for(target: str, *fields: str, method: str = "GET") -> Reply:
            received = send(server, write_request(target, "Connection: close", *fields, method=method))
            head, _, body = received.partition(b"\r\n\r\n")
            status, *lines = head.decode().split("\r\n")
            pairs = (line.partition(": ") for line in lines)
            return Reply(int(status.split()[1]), tuple((name, value) for name, _, value in pairs), body)

        yield ask_for


# Every shipped fixture over the wire


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.place)
@pytest.mark.parametrize(("root", "accept"), [("/API", JSON), ("", TEXT_JSON)])
def test_shipped_record_comes_over_the_wire(ask: Ask, record: Record, root: str, accept: str) -> None:
    reply = ask(f"{root}{link_record(OPERATION, record)}", f"Accept: {accept.partition(';')[0]}")

    body = json.loads(reply.body)
    assert (reply.status, reply.header("X-Mock-Source")) == (200, f"record {record.place}")
    assert (reply.header("Content-Type"), reply.header("Content-Length")) == (accept, str(len(reply.body)))
    assert SCHEMAS.find_body_breaches("Customer", reply.body.decode()) == ()
    assert list(body) == list(CustomerSchema().fields)
    assert {name: body[name] for name in record.members} == record.members


@pytest.mark.parametrize(
    ("name", "status", "content_type", "body"), [("not-found", 404, None, b""), ("server-error", 500, JSON, ERROR)]
)
def test_shipped_answer_comes_over_the_wire(
    ask: Ask, name: str, status: int, content_type: str | None, body: bytes
) -> None:
    reply = ask(f"/API/Customers/{name}")

    assert (reply.status, reply.header("Content-Type"), reply.body) == (status, content_type, body)


@pytest.mark.parametrize("media_type", ["application/json", "text/json"])
@pytest.mark.parametrize("name", ["found", "sparse"])
def test_request_example_gets_its_response_example(ask: Ask, name: str, media_type: str) -> None:
    document = create_app().test_client().get("/__mock/openapi.json").get_json()

    reply = ask(f"/API{write_target(OPERATION, OPERATION.examples[name])}", f"Accept: {media_type}")

    assert json.loads(reply.body) == document["components"]["examples"][name]["value"]


# Ids that are hard to carry


@pytest.mark.parametrize(
    ("segment", "personal_id"),
    [
        *(("%", "%"), ("%%", "%%"), ("%25", "%"), ("%2525", "%25"), ("100%", "100%"), ("%zz", "%zz")),
        *(("%u0041", "%u0041"), ("%4", "%4"), ("%00", "\0"), ("a%00b", "a\0b"), ("%FF", "%FF"), ("%C3%28", "%C3(")),
        *(("a%0D%0AX-Evil:%201", "a\r\nX-Evil: 1"), ("%7F%C2%85%E2%80%A8", "\x7f\x85\u2028"), ("%22%5C%22", '"\\"')),
        *(
            ("a+b", "a+b"),
            ("a%20b%20", "a b "),
            ("a;b=c", "a;b=c"),
            ("%3Fx%23y", "?x#y"),
            ("a%26idType=x", "a&idType=x"),
        ),
        *(("%F0%9F%98%80", "😀"), ("e%CC%81", "e\u0301"), ("%E2%80%AE", "\u202e"), ("%EF%BB%BF1", "\ufeff1")),
        *(("a.b", "a.b"), ("...", "..."), ("{ID}", "{ID}"), ("<script>", "<script>")),
    ],
)
def test_id_comes_back_as_it_was_meant(ask: Ask, segment: str, personal_id: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    assert (reply.status, json.loads(reply.body)["PersonalId"]) == (200, personal_id)
    assert SCHEMAS.find_body_breaches("Customer", reply.body.decode()) == ()


@pytest.mark.parametrize(
    ("segment", "shown"),
    [
        *(("%2F", "Customers/%2F"), ("a%2Fb", "Customers/a%2Fb"), ("a%2Fb?x=%2F", "Customers/a%2Fb?x=%2F")),
        *((".", "Customers/"), ("%2E%2E", "")),
    ],
)
def test_slash_in_an_id_divides_the_path(ask: Ask, segment: str, shown: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    message = json.loads(reply.body)["Message"]
    assert (reply.status, message.partition("/API/")[2]) == (404, f"{shown}'.")


@pytest.mark.parametrize("segment", ["%20", "%0A%0D%09", "%C2%A0%E3%80%80", "x" * 31, "%F0%9F%98%80" * 16])
def test_impossible_id_is_an_empty_404(ask: Ask, segment: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    assert (reply.status, reply.body, reply.header("Content-Type")) == (404, b"", None)


@pytest.mark.parametrize("segment", ["undefined", "%6Eull", "[object%20Object]", "{id}", "%7Bid%7D"])
def test_mistaken_id_is_a_404_with_a_hint(ask: Ask, segment: str) -> None:
    reply = ask(f"/API/Customers/{segment}")

    assert (reply.status, reply.body, reply.header("X-Mock-Source")) == (404, b"", "no record")
    assert f"id is '{unquote(segment)}', which looks like a mistake" in str(reply.header("X-Mock-Hint"))


# Raw duplicate keys, an id that is ignored, answers that change


def refuse_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))
    return dict(pairs)


def test_no_answer_has_a_key_twice(ask: Ask) -> None:
    targets = [
        *(str(link_record(OPERATION, record)) for record in RECORDS),
        *("/Customers/server-error", "/Customers/1?idType=x&=y", "/nowhere", *map("/Customers/{}".format, range(50))),
    ]

    assert all(json.loads(ask(each).body, object_pairs_hook=refuse_repeats) for each in targets)


def test_every_id_is_its_own_person(ask: Ask) -> None:
    ids = [str(number * 37) for number in range(400)]

    bodies = [ask(f"/API/Customers/{each}").body.decode() for each in ids]

    people = [json.loads(body) for body in bodies]
    assert [person.pop("PersonalId") for person in people] == ids
    assert len({json.dumps(person) for person in people}) == len(ids)
    assert [SCHEMAS.find_body_breaches("Customer", body) for body in bodies] == [()] * len(ids)


@pytest.mark.parametrize("target", ["/Customers/1", "/Customers/abc?idType=2", "/Customers/100200314", "/nowhere"])
def test_answer_does_not_change(ask: Ask, target: str) -> None:
    first, other, again, _, last, other_again = map(ask, (target, "/Customers/2", target, "/a", target, "/Customers/2"))

    assert ([again, last], other_again) == ([first, first], other)


# Request headers


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        *(
            (each, JSON)
            for each in ("application/json", "*/*", "application/xml", "application/json;q=0", ",,", "\xff")
        ),
        *((each, TEXT_JSON) for each in ("text/json", "text/*", "application/json;q=0.1, text/json;q=0.2")),
    ],
)
@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        *(("GET", "/Customers/100200300", 200), ("GET", "/Customers/5", 200), ("GET", "/Customers/5?idType=", 400)),
        *(("GET", "/nowhere", 404), ("PUT", "/Customers/5", 405), ("GET", "/Customers/server-error", 500)),
    ],
)
def test_accept_changes_the_media_type_alone(
    ask: Ask, method: str, target: str, status: int, accept: str, content_type: str
) -> None:
    plain = ask(target, method=method)

    reply = ask(target, f"Accept: {accept}", method=method)

    assert (reply.status, reply.header("Content-Type"), reply.body) == (status, content_type, plain.body)


def test_other_headers_change_nothing(ask: Ask) -> None:
    fields = ("Authorization: Bearer x", "Cookie: a=b", "If-None-Match: *", "Range: bytes=0-1")

    assert ask("/Customers/5", *fields) == ask("/Customers/5")
