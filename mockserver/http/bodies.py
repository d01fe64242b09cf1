"""Bodies: the media type and charset in which JSON is written, its bytes, and the text of any body."""

from __future__ import annotations

import codecs
from typing import Final, NamedTuple

from mockserver.http.headers import Headers, read_content_type
from mockserver.http.messages import Reply

CHARSETS: Final = ("utf-8", "utf-16")
"""The charsets that a JSON body can be written in, the default first."""


class Format(NamedTuple):
    """The media type and the charset of a JSON body."""

    media_type: str = "application/json"
    charset: str = "utf-8"

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"{self.media_type}; charset={self.charset}"


PLAIN: Final = Format()

_LONGEST_CHARACTER: Final = 4
"""The most bytes of a character, in UTF-8 and in UTF-16."""


def make_json_reply(status: int, text: str, written: Format = PLAIN, headers: Headers = ()) -> Reply:
    """Return a reply whose body is the JSON `text`."""
    return Reply(status, (("Content-Type", written.content_type), *headers), _encode_text(text, written.charset))


def _encode_text(text: str, charset: str) -> bytes:
    """Return the bytes of `text`. UTF-16 is little-endian behind a byte order mark, as .NET writes it."""
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le") if charset == "utf-16" else text.encode()


def rewrite_body(reply: Reply, content_type: str | None) -> Reply:
    """Return the reply with its body in the charset of its Content-Type; the body was written for `content_type`."""
    charsets = [read_content_type(value or "")[1] for value in (content_type, reply.header("Content-Type"))]
    if not reply.body or charsets[0] == charsets[1] or not set(charsets) <= set(CHARSETS):
        return reply
    try:
        text = reply.body.decode(charsets[0])
    except UnicodeDecodeError:
        return reply  # Such as the bytes of a picture.
    return reply._replace(body=_encode_text(text, charsets[1]))


def read_text(body: bytes, content_type: str, *, is_cut: bool = False) -> str | None:
    """Return the text of a body in the charset of its Content-Type; None if it is no text in that.

    The last character of a body that is cut may be a part of one, which is left out.
    """
    charset = read_content_type(content_type)[1]
    for surplus in range(_LONGEST_CHARACTER if is_cut else 1):
        try:
            return body[: len(body) - surplus].decode(charset)
        except (LookupError, ValueError):
            """Perhaps without the last byte."""
    return None
