"""Headers: how their values are read."""

from __future__ import annotations

import pytest

from mockserver.http.headers import read_content_type


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("application/json", ("application/json", "utf-8")),
        ("Text/JSON; Charset=UTF-16", ("text/json", "utf-16")),
        ('text/json;charset="utf-8"; q=1', ("text/json", "utf-8")),
        ("text/json; charset=", ("text/json", "")),
        ("text/html; charset=ü", ("text/html", "utf-8")),
        ("", ("text/plain", "utf-8")),
        ("nonsense", ("text/plain", "utf-8")),
    ],
)
def test_content_type_has_a_media_type_and_a_charset(value: str, expected: tuple[str, str]) -> None:
    assert read_content_type(value) == expected
