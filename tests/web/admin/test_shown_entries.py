"""Entries as JSON and as an archive: bodies that are no text, and times."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.http.messages import Reply, Request
from mockserver.http.redaction import Redactor
from mockserver.state.journal import LONGEST_BODY
from mockserver.web.admin.shown_entries import make_har, show_entry
from tests.support.exchanges import make_entry, make_exchange

REDACTOR = Redactor(b"key")
JSON = (("Content-Type", "application/json"),)
PICTURE = make_exchange(
    at=1.5,
    request=Request("PUT", "/a?b=c", "https", "h:1", (("content-TYPE", "image/png"),), b"\xff"),
    reply=Reply(302, (("Content-Type", "image/png"), ("Location", "/x")), b"\xff\x00"),
    reply_size=2,
)


def test_bodies_that_are_no_text_are_in_base64() -> None:
    shown = show_entry(make_entry(1, PICTURE), REDACTOR)

    assert (shown["body_base64"], shown["response_body_base64"]) == ("/w==", "/wA=")
    assert not {"body", "response_body"} & shown.keys()
    assert shown["at"] == "1970-01-01T00:00:01.500Z"


def test_archive_keeps_bodies_that_are_no_text() -> None:
    archive: Any = make_har([make_entry(1, PICTURE)], REDACTOR)

    entry = archive["log"]["entries"][0]
    assert entry["request"]["url"] == "https://h:1/a?b=c"
    assert entry["request"]["postData"] == {"mimeType": "image/png", "text": "ÿ"}
    content = {"size": 2, "mimeType": "image/png", "text": "/wA=", "encoding": "base64"}
    assert (entry["response"]["content"], entry["response"]["redirectURL"]) == (content, "/x")


@pytest.mark.parametrize(("more", "is_cut"), [(0, False), (1, True)])
def test_body_that_is_cut_is_marked(more: int, is_cut: bool) -> None:
    size = LONGEST_BODY + more
    body = b"x" * (LONGEST_BODY - more) + "é".encode()[:more]
    exchange = make_exchange(
        request=Request("PUT", "/", headers=JSON, body=body), size=size, reply=Reply(200, JSON, body), reply_size=size
    )

    shown: Any = show_entry(make_entry(1, exchange), REDACTOR)
    archive: Any = make_har([make_entry(1, exchange)], REDACTOR)

    text = "x" * (LONGEST_BODY - more)
    sent, got = archive["log"]["entries"][0]["request"], archive["log"]["entries"][0]["response"]
    assert (shown["body"], shown["body_size"], shown["body_cut"]) == (text, size, is_cut)
    assert (shown["response_body"], shown["response_body_size"], shown["response_body_cut"]) == (text, size, is_cut)
    assert (sent["postData"]["text"], got["content"]["text"]) == (text, text)
    assert (sent["bodySize"], got["bodySize"], got["content"]["size"]) == (size, size, size)
    comment = "The first 65,536 of 65,537 bytes." if is_cut else None
    assert (sent["postData"].get("comment"), got["content"].get("comment")) == (comment, comment)
