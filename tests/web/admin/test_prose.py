"""The prose of a contract: paragraphs, list items, code and stress."""

import pytest

from mockserver.web.admin.prose import Block, Span, read_prose

PLAIN = Block("p", (Span("plain"),))
STRESS = (Span("a", "strong"), Span(" and "), Span("b c", "em"), Span(", "), Span("d", "code"), Span("."))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        *((blank, ()) for blank in ("", " \n\n ")),
        ("\nplain\r\n\r\n \t\n\nplain\n", (PLAIN, PLAIN)),
        ("plain\n- a\n  b\n* c\n\nplain", (PLAIN, Block("li", (Span("a\n  b"),)), Block("li", (Span("c"),)), PLAIN)),
        ("## plain", (Block("h", (Span("plain"),)),)),
        ("<!-- a -->\nplain\n<!-- b\n\n- c -->", (PLAIN,)),
        ("`a*b*`", (Block("p", (Span("a*b*", "code"),)),)),
        ("**a** and *b c*, `d`.", (Block("p", STRESS),)),
        # Text that only looks like CommonMark stays as it is written.
        *((text, (Block("p", (Span(text),)),)) for text in ("one\ntwo", "2 * 3 * 4", "#1", "a `b", "*a", "<b>a</b>")),
    ],
)
def test_prose_is_read_in_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    assert read_prose(text) == blocks
