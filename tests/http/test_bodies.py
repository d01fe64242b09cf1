"""Bodies: the bytes of JSON, a body that is written again for another charset, and the text of a body."""

import pytest

from mockserver.http.bodies import PLAIN, Format, make_json_reply, read_text, rewrite_body
from mockserver.http.messages import Reply

UTF_8, UTF_16 = "application/json; charset=utf-8", "application/json; charset=utf-16"


def test_reply_names_its_media_type_and_charset() -> None:
    reply = make_json_reply(409, '"é"', Format("text/json", "utf-16"), (("X-A", "b"),))

    headers = (("Content-Type", "text/json; charset=utf-16"), ("X-A", "b"))
    assert reply == Reply(409, headers, b'\xff\xfe"\x00\xe9\x00"\x00')
    assert make_json_reply(200, '"é"') == Reply(200, (("Content-Type", UTF_8),), b'"\xc3\xa9"')
    assert (PLAIN, PLAIN.content_type) == (Format("application/json", "utf-8"), UTF_8)


@pytest.mark.parametrize(
    ("written_for", "content_type", "body", "rewritten"),
    [
        (UTF_8, UTF_16, b'"\xc3\xbc"', b'\xff\xfe"\x00\xfc\x00"\x00'),
        (UTF_16, UTF_8, b'\xff\xfe"\x00\xfc\x00"\x00', b'"\xc3\xbc"'),
        (UTF_8, "text/json; charset=UTF-8", b"1", b"1"),
        # Other charsets, bodies without content and bytes that are not text stay.
        (UTF_8, "application/json; charset=klingon", b"1", b"1"),
        ("text/plain; charset=latin-1", UTF_8, b"\xfc", b"\xfc"),
        (None, UTF_16, b"", b""),
        ("image/png", "image/png; charset=utf-16", b"\x89PNG", b"\x89PNG"),
    ],
)
def test_body_is_rewritten_for_another_charset(
    written_for: str | None, content_type: str, body: bytes, rewritten: bytes
) -> None:
    headers = (("Content-Type", content_type),)

    assert rewrite_body(Reply(200, headers, body), written_for) == Reply(200, headers, rewritten)


def test_body_without_a_content_type_stays() -> None:
    assert rewrite_body(Reply(200, (), b"1"), None) == Reply(200, (), b"1")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xc3\xbc", UTF_8, "\xfc"),
        (b"\xc3\xbc", "", "\xfc"),
        (b"\xff\xfe\xfc\x00", UTF_16, "\xfc"),
        (b"", "image/png", ""),
        (b"\x89PNG", "image/png", None),
        (b"1", "text/plain; charset=klingon", None),
        (b"31", "text/plain; charset=hex", None),
        (b"1", 'text/plain; charset="a\0b"', None),
    ],
)
def test_text_of_a_body_is_read(body: bytes, content_type: str, text: str | None) -> None:
    assert read_text(body, content_type) == text


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("a\U0001f600".encode()[:-1], UTF_8, "a"),
        ("a\U0001f600".encode()[:-3], UTF_8, "a"),
        ("a\U0001f600".encode("utf-16-le")[:-3], "text/plain; charset=utf-16-le", "a"),
        (b"a", UTF_8, "a"),
        (b"\x89PNG", "image/png", None),
    ],
)
def test_half_a_character_at_a_cut_is_left_out(body: bytes, content_type: str, text: str | None) -> None:
    assert read_text(body, content_type, is_cut=True) == text
