"""JSON bodies: the bytes of each charset, and how one becomes another."""

from __future__ import annotations

import pytest

from mockserver.http.bodies import Format, make_json_reply, rewrite_body
from mockserver.http.messages import Reply

UTF_8 = "application/json; charset=utf-8"
UTF_16 = "application/json; charset=utf-16"


@pytest.mark.parametrize(
    ("written", "content_type", "body"),
    [
        (Format(), UTF_8, b'"\xc3\xa9"'),
        (Format("text/json"), "text/json; charset=utf-8", b'"\xc3\xa9"'),
        (Format(charset="utf-16"), UTF_16, b'\xff\xfe"\x00\xe9\x00"\x00'),
    ],
)
def test_json_is_written_in_its_format(written: Format, content_type: str, body: bytes) -> None:
    reply = make_json_reply(200, '"é"', written, (("X-A", "b"),))

    assert reply == Reply(200, (("Content-Type", content_type), ("X-A", "b")), body)


@pytest.mark.parametrize(
    ("written", "content_type", "body", "expected"),
    [
        (UTF_8, UTF_16, b'"\xc3\xbc"', b'\xff\xfe"\x00\xfc\x00"\x00'),
        (UTF_16, UTF_8, b'\xff\xfe"\x00\xfc\x00"\x00', b'"\xc3\xbc"'),
        (UTF_8, "text/json; charset=UTF-8", b"1", b"1"),
        (UTF_8, "application/json; charset=klingon", b"1", b"1"),
        ("text/plain; charset=latin-1", UTF_8, b"\xfc", b"\xfc"),
        (None, UTF_16, b"", b""),
        ("image/png", "image/png; charset=utf-16", b"\x89PNG", b"\x89PNG"),
    ],
)
def test_body_is_rewritten_for_another_charset(
    written: str | None, content_type: str, body: bytes, expected: bytes
) -> None:
    headers = (("Content-Type", content_type),)

    assert rewrite_body(Reply(200, headers, body), written) == Reply(200, headers, expected)
