"""Values and text as the page shows them."""

import pytest

from mockserver.web.admin.shown_values import LONGEST_TEXT, show_text, show_value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        *(("a", "a"), ("", '""'), (" a", '" a"'), (None, "null"), (True, "true"), (1, "1"), ([1], "[1]")),
        ("a\x00\x1b\n\u2028\ud800b", "a\\x00\\x1b\\n\\u2028\\ud800b"),
        ("\u05d3\u05e0\u05d4 \U0001f468\u200d\U0001f469", "\u05d3\u05e0\u05d4 \U0001f468\u200d\U0001f469"),
        ("x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT + "\u2026"),
    ],
)
def test_value_is_shown_on_one_line(value: object, shown: str) -> None:
    assert show_value(value) == shown


def test_text_is_shown_as_it_is() -> None:
    assert show_text(" a ") == " a "
