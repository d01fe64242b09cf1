"""Replies against what the contract declares for their status."""

from __future__ import annotations

import pytest

from mockserver.checks.replies import find_reply_breaches
from mockserver.contract.contract import ResponseSpec
from mockserver.http.messages import Reply
from tests.support.shipped import SCHEMAS

JSON = ("Content-Type", "application/json; charset=utf-8")
TEXT_JSON = ("Content-Type", "text/json; charset=utf-8")
HTML = ("Content-Type", "text/html")
ERROR = b'{"Message":"An error has occurred."}'
NOTHING = ResponseSpec(404, (), None, ())
JSON_TYPES = ("application/json", "text/json")
ERRORS = ResponseSpec(500, JSON_TYPES, "HttpError", ())
NULLABLE = ResponseSpec(500, JSON_TYPES, "HttpError", (), is_nullable=True)
ANY_JSON = ResponseSpec(500, ("application/json",), None, ())
METHODS = ResponseSpec(405, JSON_TYPES, "HttpError", ("Allow",))
ONLY_JSON = "the contract allows application/json and text/json"


@pytest.mark.parametrize(
    ("spec", "reply", "sentences"),
    [
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
        (NULLABLE, Reply(500, (JSON,), b"null"), []),
        (ERRORS, Reply(500, (JSON,), b"null"), ["the body is null, the contract wants an object"]),
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
    ],
)
def test_reply_is_held_against_its_response(spec: ResponseSpec | None, reply: Reply, sentences: list[str]) -> None:
    assert [str(breach) for breach in find_reply_breaches(spec, reply, SCHEMAS)] == sentences
