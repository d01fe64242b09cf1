"""Replies: what an answer becomes on the wire, and what holds of it against the contract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mockserver.checks.judging import Schemas
from mockserver.checks.replies import find_reply_breaches
from mockserver.contract.contract import ResponseSpec
from mockserver.contract.openapi import load_contract
from mockserver.documents.json_text import write_json
from mockserver.documents.nodes import Json
from mockserver.fixtures.written_replies import AnswerReply, make_reply
from mockserver.http.bodies import Format, make_json_reply, rewrite_body
from mockserver.http.headers import Headers, read_content_type
from mockserver.http.messages import Reply
from mockserver.schemas import SHIPPED
from mockserver.vendors.aspnet.hosting import Host
from mockserver.vendors.aspnet.phrasing import describe_status, framework_response

OPERATION = load_contract(Path(__file__).parents[2] / "openapi.yaml").operations[0]
SCHEMAS = Schemas(SHIPPED)
JSON = ("Content-Type", "application/json; charset=utf-8")
TEXT_JSON = ("Content-Type", "text/json; charset=utf-8")
HTML = ("Content-Type", "text/html")
ALLOW = ("Allow", "GET")
COOKIES = (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
ERROR = b'{"Message":"An error has occurred."}'


def text_of(body: Json) -> str | None:
    return None if body is None else write_json(body)


def sentences(spec: ResponseSpec | None, reply: Reply) -> list[str]:
    return [str(breach) for breach in find_reply_breaches(spec, reply, SCHEMAS)]


def test_json_reply_is_utf8_and_says_so() -> None:
    assert make_json_reply(200, '"é"', Format("text/json"), (("X-A", "b"),)) == Reply(
        200, (TEXT_JSON, ("X-A", "b")), b'"\xc3\xa9"'
    )


OWN_BODIES: list[tuple[int, Headers, bytes]] = [
    (400, (TEXT_JSON,), b'{"Message":"The request is invalid."}'),
    (
        405,
        (TEXT_JSON, ALLOW),
        b"""{"Message":"The requested resource does not support http method 'PUT'."}""",
    ),
    (500, (TEXT_JSON,), ERROR),
]


@pytest.mark.parametrize(("status", "headers", "body"), OWN_BODIES)
def test_status_of_the_framework_has_its_own_body(status: int, headers: Headers, body: bytes) -> None:
    own_body = describe_status(status, "n", OPERATION, {}, "PUT", Host())
    reply = make_reply(AnswerReply(status), text_of(own_body), "GET", Format("text/json"))

    assert reply == Reply(status, headers, body)


@pytest.mark.parametrize("status", [200, 201, 204, 205, 299, 301, 304, 401, 403, 404, 406, 409, 429, 501, 503, 599])
def test_any_other_status_has_no_content(status: int) -> None:
    own_body = describe_status(status, "n", OPERATION, {}, "GET", Host())
    reply = make_reply(AnswerReply(status), text_of(own_body), "GET", Format("text/json"))

    assert reply == Reply(status)


REPLIES: list[tuple[AnswerReply, Reply]] = [
    (AnswerReply(json="null"), Reply(200, (JSON,), b"null")),
    (AnswerReply(409, json='"é"'), Reply(409, (JSON,), '"é"'.encode())),
    (AnswerReply(500, json="{}"), Reply(500, (JSON,), b"{}")),
    (AnswerReply(500, COOKIES), Reply(500, (JSON, *COOKIES), ERROR)),
    (AnswerReply(404, COOKIES), Reply(404, COOKIES)),
    (AnswerReply(json="1", headers=(("content-type", "a/b"),)), Reply(200, (("content-type", "a/b"),), b"1")),
    (AnswerReply(405, (("allow", "PUT"),), json="1"), Reply(405, (JSON, ("allow", "PUT")), b"1")),
    (AnswerReply(405, json="1"), Reply(405, (JSON, ALLOW), b"1")),
    (AnswerReply(text=b""), Reply(200)),
    (AnswerReply(500, text=b""), Reply(500)),
    (AnswerReply(503, (HTML,), text=b"\xff"), Reply(503, (HTML,), b"\xff")),
]


@pytest.mark.parametrize(("written", "sent"), REPLIES)
def test_answer_is_sent_as_written(written: AnswerReply, sent: Reply) -> None:
    own_body = describe_status(written.own_status, written.exception or "n", OPERATION, {}, "GET", Host())

    assert make_reply(written, text_of(own_body), "GET") == sent


CONTENT_TYPES: list[tuple[str, tuple[str, str]]] = [
    ("application/json", ("application/json", "utf-8")),
    ("Text/JSON; Charset=UTF-16", ("text/json", "utf-16")),
    ('text/json;charset="utf-8"; q=1', ("text/json", "utf-8")),
    ("text/json; charset=", ("text/json", "")),
    ("text/html; charset=ü", ("text/html", "utf-8")),
    ("", ("text/plain", "utf-8")),
    ("nonsense", ("text/plain", "utf-8")),
]


@pytest.mark.parametrize(("value", "expected"), CONTENT_TYPES)
def test_content_type_is_a_media_type_and_a_charset(value: str, expected: tuple[str, str]) -> None:
    assert read_content_type(value) == expected


NOTHING = ResponseSpec(404, (), None, ())
JSON_TYPES = ("application/json", "text/json")
ERRORS = ResponseSpec(500, JSON_TYPES, "HttpError", ())
ANY_JSON = ResponseSpec(500, ("application/json",), None, ())
METHODS = ResponseSpec(405, JSON_TYPES, "HttpError", ("Allow",))
ONLY_JSON = "the contract allows application/json and text/json"

BREACHES: list[tuple[ResponseSpec | None, Reply, list[str]]] = [
    # Nothing is declared
    (None, Reply(418, (HTML,), b"short and stout"), []),
    # No content is declared
    (NOTHING, Reply(404), []),
    (NOTHING, Reply(404, (HTML,)), []),
    (NOTHING, Reply(404, (JSON,), b"null"), ["the body is 'null', the contract has no content for 404"]),
    (NOTHING, Reply(404, (), b"\xff"), ["the body is '�', the contract has no content for 404"]),
    # Content is declared
    (ERRORS, Reply(500, (JSON,), ERROR), []),
    (ERRORS, Reply(500, (TEXT_JSON,), ERROR), []),
    (ERRORS, Reply(500, (("content-type", "Application/Json"),), ERROR), []),
    (ERRORS, Reply(500, (("Content-Type", "text/json; charset=UTF8"),), ERROR), []),
    (ERRORS, Reply(500), ["the body is missing, the contract has content for 500"]),
    (ERRORS, Reply(500, (HTML,), ERROR), [f"Content-Type is 'text/html', {ONLY_JSON}"]),
    (ERRORS, Reply(500, (), ERROR), [f"Content-Type is missing, {ONLY_JSON}"]),
    (
        ERRORS,
        Reply(500, (JSON, ("content-type", "text/html")), ERROR),
        ["Content-Type is given twice, the contract allows it once"],
    ),
    (
        ERRORS,
        Reply(500, (("Content-Type", "text/json; charset=utf-16"),), ERROR.decode().encode("utf-16")),
        [],
    ),
    (
        ERRORS,
        Reply(500, (("Content-Type", "text/json; charset=klingon"),), ERROR),
        ["Content-Type is 'text/json; charset=klingon', the contract wants charset=utf-8 or charset=utf-16"],
    ),
    (ERRORS, Reply(500, (JSON,), b"[]"), ["the body is [], the contract wants an object"]),
    (
        ERRORS,
        Reply(500, (JSON,), b'{"Message":5,"Code":1}'),
        ["Message is 5, the contract wants a string", "Code is 1, the contract has no such member"],
    ),
    (
        ERRORS,
        Reply(500, (JSON,), b'{"Message":"\xff"}'),
        ["Message is '\\udcff', the contract wants text without lone surrogates"],
    ),
    (ANY_JSON, Reply(500, (JSON,), b"anything"), []),
    (
        ANY_JSON,
        Reply(500, (TEXT_JSON,), b"1"),
        [f"Content-Type is '{TEXT_JSON[1]}', the contract allows application/json"],
    ),
    # Headers are declared
    (METHODS, Reply(405, (JSON, ("ALLOW", "GET")), ERROR), []),
    (METHODS, Reply(405, (JSON,), ERROR), ["Allow is missing, the contract requires this header"]),
    (
        METHODS,
        Reply(405),
        [
            "Allow is missing, the contract requires this header",
            "the body is missing, the contract has content for 405",
        ],
    ),
]


@pytest.mark.parametrize(("spec", "reply", "expected"), BREACHES)
def test_reply_is_held_against_its_response(spec: ResponseSpec | None, reply: Reply, expected: list[str]) -> None:
    assert sentences(spec, reply) == expected


def test_error_of_the_framework_has_its_own_response() -> None:
    assert framework_response(500) == replace(ERRORS, required_headers=())


UTF_16 = Format("application/json", "utf-16")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/json; charset=utf-8", b"1"),
        ("application/problem+json", b"1"),
        ("application/json; charset=UTF-16", b"\xff\xfe1\x00"),
        ("application/json; charset=klingon", b"1"),
    ],
)
def test_own_content_type_of_an_answer_says_how_its_body_is_written(content_type: str, body: bytes) -> None:
    written = AnswerReply(503, (("Content-Type", content_type),), json="1")

    reply = make_reply(written, None, "GET", UTF_16)

    assert (reply.header("Content-Type"), reply.body) == (content_type, body)


@pytest.mark.parametrize(
    ("written", "content_type", "body", "expected"),
    [
        (JSON[1], "application/json; charset=utf-16", b'"\xc3\xbc"', b'\xff\xfe"\x00\xfc\x00"\x00'),
        ("application/json; charset=utf-16", JSON[1], b'\xff\xfe"\x00\xfc\x00"\x00', b'"\xc3\xbc"'),
        (JSON[1], "text/json; charset=UTF-8", b"1", b"1"),
        (JSON[1], "application/json; charset=klingon", b"1", b"1"),
        ("text/plain; charset=latin-1", JSON[1], b"\xfc", b"\xfc"),
        # What has no body gets none, and what is no text stays.
        (None, "application/json; charset=utf-16", b"", b""),
        ("image/png", "image/png; charset=utf-16", b"\x89PNG", b"\x89PNG"),
    ],
)
def test_body_is_written_anew_where_another_charset_is_named(
    written: str | None, content_type: str, body: bytes, expected: bytes
) -> None:
    headers = (("Content-Type", content_type),)

    assert rewrite_body(Reply(200, headers, body), written) == Reply(200, headers, expected)
