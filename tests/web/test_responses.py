"""Responses: what is sent of a reply, and of the stub's own JSON."""

import pytest
from flask import Response

from mockserver.http.messages import Reply
from mockserver.web.responses import make_empty, make_error, make_json, make_response

TWICE = (("X-A", "1"), ("X-A", "2"), ("content-type", "text/x; y=z"), ("Set-Cookie", "a=b"), ("X-Ü", "ÿ"))
JSON = ("Content-Type", "application/json")


@pytest.mark.parametrize(
    ("response", "status", "headers", "body"),
    [
        (
            make_response(Reply(418, TWICE, b"\xff\x00")),
            "418 I'm a Teapot",
            [*TWICE, ("Content-Length", "2")],
            b"\xff\x00",
        ),
        (make_response(Reply(404)), "404 Not Found", [("Content-Length", "0")], b""),
        (make_response(Reply(599)), "599 Unknown", [("Content-Length", "0")], b""),
        (make_json({"b": "é", "a": 1}), "200 OK", [JSON, ("Content-Length", "16")], '{"b":"é","a":1}'.encode()),
        (make_error(403, "No."), "403 Forbidden", [JSON, ("Content-Length", "17")], b'{"Message":"No."}'),
        (make_empty(), "204 No Content", [], b""),
    ],
)
def test_response_is_exactly_what_is_given(
    response: Response, status: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    assert (response.status, response.headers.to_wsgi_list(), response.data) == (status, headers, body)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *((413, "Request Entity Too Large"), (414, "Request-URI Too Long"), (422, "Unprocessable Entity")),
        *((416, "Requested Range Not Satisfiable"), (400, "Bad Request"), (299, "Unknown")),
    ],
)
def test_reason_is_the_same_on_every_python(status: int, reason: str) -> None:
    assert make_response(Reply(status)).status == f"{status} {reason}"
