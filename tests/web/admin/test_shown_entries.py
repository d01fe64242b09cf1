"""Entries as JSON and as an archive: bodies that are no text, and times."""

from __future__ import annotations

from typing import Any

from mockserver.http.messages import Reply, Request
from mockserver.http.redaction import Redactor
from mockserver.web.admin.shown_entries import make_har, show_entry
from tests.support.exchanges import make_entry, make_exchange

REDACTOR = Redactor(b"key")
PICTURE = make_exchange(
    at=1.5,
    request=Request("PUT", "/a?b=c", "https", "h:1", (("content-TYPE", "image/png"),), b"\xff"),
    reply=Reply(302, (("Content-Type", "image/png"), ("Location", "/x")), b"\xff\x00"),
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
